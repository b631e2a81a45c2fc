"""Short ways to harvest a node in a test and to look at what it gave."""

from __future__ import annotations

from catalogue.assembly import harvester
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, Harvested, Source
from catalogue.names import CAT, DQV
from catalogue.ports import Past


def harvested(node: Source, past: Past | None = None) -> list[Harvested]:
    """Everything that a node gives."""
    web = Fetcher(Limits(attempts=1)).visit(node, past or Past())
    return list(harvester(node.kind).harvest(node, web))


def only(found: list[Harvested]) -> Description:
    """The one description that there is, and nothing else."""
    [one] = found
    assert isinstance(one, Description), one
    return one


def texts(one: Description, predicate: NamedNode) -> set[str]:
    """The values that a property of the dataset has."""
    return {str(term.value) for term in one.graph.objects(NamedNode(one.iri), predicate)}


def groups(one: Description, metric: NamedNode) -> dict[str, int]:
    """Group -> count of what a metric measured."""
    graph, found = one.graph, {}
    for node in graph.objects(NamedNode(one.iri), DQV.hasQualityMeasurement):
        if not isinstance(node, Literal) and graph.value(node, DQV.isMeasurementOf) == metric:
            category = graph.value(node, CAT.category)
            assert category is not None
            found[str(category.value)] = int(graph.text(node, DQV.value) or "")
    return found
