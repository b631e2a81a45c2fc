"""Three verdicts on a description, over all processors: the official one, ours, and ours by the reference engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.assembly import load_rulebook
from catalogue.graphs import RDF_TYPE, Graph, NamedNode, Term, Triple
from catalogue.model import Finding, Report, Severity
from catalogue.shacl import CompiledValidator, PyshaclValidator
from tests.conformance.incomparable import Incomparable
from tests.conformance.official import LEVELS, Official, Place, Result, in_order, local

PROFILE = "https://w3id.org/ehds-catalogue/profile/healthdcat-ap-8-"
RULE = "https://w3id.org/ehds-catalogue/rule/"

PROPERTY_OF: Mapping[str, str] = {
    "concept/name": "http://www.w3.org/2004/02/skos/core#prefLabel",
    "concept-scheme/title": "http://purl.org/dc/terms/title",
    "dataset/title-language": "http://purl.org/dc/terms/title",
    "dataset/description-language": "http://purl.org/dc/terms/description",
    "dataset-roles/publisher-type": "http://purl.org/dc/terms/publisher",
    "location/outline": "http://www.w3.org/ns/dcat#bbox",
    "location/centre": "http://www.w3.org/ns/dcat#centroid",
    "period/order": "http://www.w3.org/ns/dcat#startDate",
}
"""The property that a rule is about, where the rule speaks of the node as a whole or of a value of a value."""


@dataclass(frozen=True, slots=True)
class Description:
    """Something to be judged at one level of access."""

    kind: str
    """What was done to it."""
    name: str
    level: str
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the official shapes and ours say of one description; information is left out."""

    description: Description
    graph: Graph
    official: Mapping[Place, Sequence[Result]]
    ours: Mapping[Place, Sequence[Result]]
    engines_differ: Counter[Finding] | None
    """Findings that only one engine has with our shapes; None where values that are to be in order have none."""

    def classes(self, focus: Term) -> set[str]:
        return {
            local(kind.value) for kind in self.graph.outgoing(focus).get(RDF_TYPE, ()) if isinstance(kind, NamedNode)
        }


def verdicts(shared: Path, descriptions: Sequence[Description]) -> Iterator[Verdict]:
    """The verdicts on each description, in order."""
    with ProcessPoolExecutor(initializer=_Judge.prepare, initargs=(shared,)) as pool:
        judged = pool.map(_judge, descriptions, chunksize=20)
        for description, (official, compiled, reference) in zip(descriptions, judged, strict=True):
            differ = Counter(compiled.findings) if reference else None
            if differ is not None and reference:
                differ.subtract(reference.findings)
                differ = Counter({finding: count for finding, count in differ.items() if count})
            ours = (_result(finding) for finding in compiled.findings if finding.severity is not Severity.INFO)
            graph = Graph(description.triples)
            yield Verdict(description, graph, _by_place(official), _by_place(ours), differ)


def _result(finding: Finding) -> Result:
    rule = finding.rule.removeprefix(RULE)
    component = local(finding.component).removesuffix("ConstraintComponent")
    path = PROPERTY_OF.get(rule, in_order(finding.path or ""))
    return Result(finding.focus, path, local(finding.severity.value), component, finding.value, rule)


def _by_place(results: Iterable[Result]) -> dict[Place, list[Result]]:
    places: dict[Place, list[Result]] = {}
    for result in results:
        places.setdefault(result.place, []).append(result)
    return places


class _Judge:
    """The three validators of one process."""

    def __init__(self, shared: Path) -> None:
        rulebook = load_rulebook()
        shapes = {PROFILE + level: rulebook.profiles[PROFILE + level].shapes for level in LEVELS}
        self.incomparable = Incomparable(rulebook)
        self.official = Official(shared, rulebook.vocabulary)
        self.compiled = CompiledValidator(shapes, rulebook.vocabulary)
        self.reference = PyshaclValidator(shapes, rulebook.vocabulary)

    @staticmethod
    @cache
    def prepare(shared: Path) -> None:
        _JUDGES.append(_Judge(shared))


_JUDGES: list[_Judge] = []


def _judge(description: Description) -> tuple[list[Result], Report, Report | None]:
    (judge,) = _JUDGES
    graph, profile = Graph(description.triples), PROFILE + description.level
    reference = None
    if not judge.incomparable.in_graph(graph):
        reference = judge.reference.validate(graph, profile)
    return judge.official.results(description.level, graph), judge.compiled.validate(graph, profile), reference
