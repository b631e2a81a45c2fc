"""What stands beside the label, as data says it: checklists, their indicators, and the evidence each looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode, Node, Term
from catalogue.names import CAT, DCAT, DCT, DQV, RDF, RDFS, SH, SKOS
from catalogue.rulebook_reading import named, texts

ORDER = ("mqa", "fair", "eucaim-tiers", "ai-pathway")
"""Checklists that come first; others follow by name."""


class Way(Enum):
    """How evidence is looked for."""

    SHAPE = "shape"
    """In the description, by a SHACL shape."""
    CONFORMANCE = "conformance"
    """By the report on the description: no mandatory rule of its profile may be broken."""
    ANSWER = "answer"
    """By trying an address."""
    CRITERION = "criterion"
    """By the level that the label gives for a criterion."""
    ELEMENT = "element"
    """By the grade that the label gives for an element of Art. 78(3)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that can be there or not."""

    iri: str
    """Of a ``cat:Evidence``, or of a ``cat:Rule`` that asks the same."""
    way: Way
    message: Mapping[str, str]
    """What is missing when it is not there, by language."""
    fix: Mapping[str, str]
    about: str = ""
    """The property whose addresses are tried, the criterion, or the element."""
    level: int = 0
    """The lowest level of the criterion that is evidence."""
    per_distribution: bool = False
    """It is looked for on every distribution, not on the dataset."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that a checklist looks at."""

    iri: str
    identifier: str
    """As the source of the checklist numbers it."""
    name: Mapping[str, str]
    note: Mapping[str, str]
    """What is looked at; empty when nobody looks."""
    group: str
    """IRI."""
    points: int
    """0 in a checklist that is counted."""
    priority: str
    """What the source makes of it: essential, important, useful; else empty."""
    provisions: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    reason: Mapping[str, str]
    """Why nobody looks at it; empty when somebody does."""
    pointless_for: frozenset[str]
    """Access rights for which it cannot apply."""
    pointless_because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a checklist."""

    iri: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of indicators; never part of the label."""

    iri: str
    identifier: str
    """Short name for a command line: ``mqa``, ``fair``."""
    title: Mapping[str, str]
    note: Mapping[str, str]
    """What it rests on and what it does not mean; to be shown with every result."""
    source: str
    """Where it is published; empty for one of our own."""
    total: int | None
    """What all indicators are worth together; None when they are counted."""
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    """By group, then in the order of the file."""

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """All that is looked at, by IRI."""
        return {evidence.iri: evidence for indicator in self.indicators for evidence in indicator.evidence}


def checklists(graph: Graph) -> tuple[Checklist, ...]:
    """Every checklist of the graph of a rulebook."""
    places = {name: place for place, name in enumerate(ORDER)}
    found = (_checklist(graph, node) for node in named(graph, CAT.Checklist))
    return tuple(sorted(found, key=lambda one: (places.get(one.identifier, len(ORDER)), one.identifier)))


def _checklist(graph: Graph, node: NamedNode) -> Checklist:
    groups = graph.items(graph.value(node, CAT.groups) or RDF.nil)
    places = {group: place for place, group in enumerate(groups)}
    members = [part for part in graph.subjects(DCT.isPartOf, node) if isinstance(part, NamedNode)]
    members.sort(key=lambda part: places.get(graph.value(part, CAT.inGroup) or part, 0))
    total = graph.text(node, CAT.totalPoints)
    return Checklist(
        iri=node.value,
        identifier=graph.text(node, DCT.identifier) or "",
        title=texts(graph, node, DCT.title),
        note=texts(graph, node, SKOS.note),
        source=getattr(graph.value(node, DCT.source), "value", ""),
        total=int(total) if total else None,
        groups=tuple(Group(group.value, texts(graph, group, SKOS.prefLabel)) for group in groups),
        indicators=tuple(_indicator(graph, member) for member in members),
    )


def _indicator(graph: Graph, node: NamedNode) -> Indicator:
    reason, pointless = graph.value(node, CAT.notLookedAt), graph.value(node, CAT.pointlessBecause)
    return Indicator(
        iri=node.value,
        identifier=graph.text(node, DCT.identifier) or "",
        name=texts(graph, node, SKOS.prefLabel),
        note=texts(graph, node, SKOS.note),
        group=getattr(graph.value(node, CAT.inGroup), "value", ""),
        points=int(graph.text(node, CAT.points) or 0),
        priority=graph.text(node, CAT.priority) or "",
        provisions=tuple(source.value for source in graph.objects(node, DCT.source)),
        evidence=tuple(_evidence(graph, one) for one in graph.objects(node, CAT.looksFor)),
        reason=texts(graph, reason, RDFS.label) if reason else {},
        pointless_for=frozenset(right.value for right in graph.objects(node, CAT.pointlessFor)),
        pointless_because=texts(graph, pointless, RDFS.label) if pointless else {},
    )


_WAYS = ((CAT.answers, Way.ANSWER), (CAT.restsOn, Way.CRITERION), (DQV.inDimension, Way.ELEMENT))


def _evidence(graph: Graph, node: Term) -> Evidence:
    way, about = Way.SHAPE, ""
    if CAT.Evidence in graph.objects(node, RDF.type):
        way = Way.CONFORMANCE if graph.value(node, CAT.conformance) else Way.SHAPE
        for name, other in _WAYS:
            value = graph.value(node, name)
            if value is not None:
                way, about = other, value.value
    return Evidence(
        iri=node.value,
        way=way,
        message=texts(graph, node, SH.message),
        fix=texts(graph, node, CAT.fix),
        about=about,
        level=int(graph.text(node, CAT.atLeast) or 0),
        per_distribution=way is Way.ANSWER or bool(graph.objects(node, SH.targetObjectsOf)),
    )


# --- shapes -----------------------------------------------------------------------------------------------------------


def shapes(graph: Graph, checklist: Checklist) -> Graph:
    """The shapes of a checklist, ready to compile; a rule is tested on every dataset, whatever its profile."""
    found = Graph()
    for evidence in checklist.evidence.values():
        if evidence.way is not Way.SHAPE:
            continue
        node = NamedNode(evidence.iri)
        for part in _parts(graph, node):
            for predicate, values in graph.outgoing(part).items():
                if predicate.startswith((SH.iri, RDF.iri)):
                    for value in values:
                        if predicate != RDF_TYPE or value.value.startswith(SH.iri):
                            found.add(part, NamedNode(predicate), value)
        if not evidence.per_distribution:
            found.add(node, SH.targetClass, DCAT.Dataset)
    return found


def _parts(graph: Graph, root: Node) -> Iterator[Node]:
    """A shape, the blank nodes it is made of, and the named shapes it refers to."""
    waiting: list[Node] = [root]
    seen: set[Node] = {root}
    while waiting:
        node = waiting.pop()
        yield node
        for predicate, values in graph.outgoing(node).items():
            if not predicate.startswith((SH.iri, RDF.iri)):
                continue
            for value in values:
                if value not in seen and _belongs(graph, value):
                    seen.add(value)  # type: ignore[arg-type]
                    waiting.append(value)  # type: ignore[arg-type]


def _belongs(graph: Graph, value: Term) -> bool:
    if isinstance(value, BlankNode):
        return True
    return isinstance(value, NamedNode) and any(name.startswith(SH.iri) for name in graph.outgoing(value))
