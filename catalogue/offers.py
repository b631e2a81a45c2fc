"""Says on which conditions a dataset is offered (ODRL), out of its access rights and the law that applies to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from catalogue.errors import BadInput, ConfigurationError
from catalogue.graphs import Graph, NamedNode, Node, parse
from catalogue.names import CAT, DCATAP, DCT, EHDS, EU, HEALTH
from catalogue.resources import read_files

ACT = "http://data.europa.eu/eli/reg/2025/327/"
CATEGORIES = ACT + "art_51/par_1/"
RIGHT = EU + "access-right/"


@dataclass(frozen=True, slots=True)
class Law:
    """What ``vocab/law`` says of secondary use under Chapter IV of the Regulation."""

    purposes: tuple[str, ...]
    """For which a data permit may be given: points of Art. 53(1)."""
    prohibited: tuple[str, ...]
    """Secondary use that nobody may make: points of Art. 54."""
    starts: Mapping[str, str]
    """From which day each category of Art. 51(1) is to be made available (Art. 105), by IRI of the category."""
    start: str
    """The day on which that begins."""


@cache
def law() -> Law:
    """The one of this installation.

    Raises :class:`~catalogue.errors.ConfigurationError` when it lacks a date.
    """
    graph = Graph(
        triple
        for path, content in read_files("vocab/law").items()
        for triple in parse(content, "text/turtle", where=path)
    )
    starts = {
        str(category.value): _begins(graph, point)
        for point in graph.nodes
        if str(point.value).startswith(CATEGORIES)
        for category in graph.objects(point, DCT.subject)
    }
    points = sorted(str(node.value) for node in graph.nodes)
    return Law(
        purposes=tuple(point for point in points if point.startswith(ACT + "art_53/par_1/pnt_")),
        prohibited=tuple(point for point in points if point.startswith(ACT + "art_54/pnt_")),
        starts=starts,
        start=_begins(graph, NamedNode(CATEGORIES + "oj")),
    )


def _begins(graph: Graph, provision: Node) -> str:
    day = graph.text(provision, CAT.appliesFrom)
    if day is None:
        remedy = "install ehds-catalogue anew"
        raise ConfigurationError("the law part lacks a day of application", where=str(provision.value), remedy=remedy)
    return day


def derived_terms(graph: Graph, dataset: NamedNode) -> dict[str, Any]:
    """Permissions, prohibitions and duties, with the terms of the Dataspace Protocol 2025-1 and the prefix ``odrl``.

    Raises :class:`~catalogue.errors.BadInput` when neither the access rights nor the law say who may use the data.
    """
    rights = {str(value.value) for value in graph.objects(dataset, DCT.accessRights)}
    if RIGHT + "PUBLIC" in rights:
        return {"permission": [{"action": "use"}]}
    if EHDS in graph.objects(dataset, DCATAP.applicableLegislation):
        return _by_permit(graph, dataset)
    if RIGHT + "RESTRICTED" in rights:
        return {"permission": [{"action": "use", "duty": [{"action": "odrl:obtainConsent"}]}]}
    if rights & {RIGHT + name for name in ("NON_PUBLIC", "CONFIDENTIAL", "SENSITIVE")}:
        return {"prohibition": [{"action": "use"}]}
    raise BadInput(
        "the description does not say who may use the data",
        where=dataset.value,
        remedy="state dct:accessRights with a concept of the EU list of access rights",
    )


def _by_permit(graph: Graph, dataset: NamedNode) -> dict[str, Any]:
    """Secondary use under Chapter IV of the Regulation: Art. 53, 54, 61(3), 68 and 105."""
    act = law()
    days = [act.starts.get(str(category.value)) for category in graph.objects(dataset, HEALTH.healthCategory)]
    start = min((day or act.start for day in days), default=act.start)
    from_then_on = {
        "leftOperand": "odrl:dateTime",
        "operator": "gteq",
        "rightOperand": {"@value": start, "@type": "xsd:date"},
    }
    return {
        "permission": [
            {
                "action": "use",
                "constraint": [_purpose(act.purposes), from_then_on],
                "duty": [{"action": CAT.obtainDataPermit.value}],
            }
        ],
        "prohibition": [
            {"action": "use", "constraint": [_purpose(act.prohibited)]},
            {"action": CAT.reIdentify.value},
        ],
    }


def _purpose(provisions: tuple[str, ...]) -> dict[str, Any]:
    return {"leftOperand": "odrl:purpose", "operator": "isAnyOf", "rightOperand": [{"@id": one} for one in provisions]}
