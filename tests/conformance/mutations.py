"""Damage done to a description, one statement at a time: what is dropped, doubled or of the wrong kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from catalogue.graphs import RDF_TYPE, BlankNode, Graph, Literal, NamedNode, Term, Triple
from catalogue.names import DCT, EU, XSD
from tests.conformance.official import HDEU, LEVELS

LISTS = (
    EU,
    HDEU,
    "http://purl.org/adms/",
    "https://w3id.org/dpv/",
    "http://www.iana.org/",
    "http://data.europa.eu/eli/",
)
"""Where the terms of published lists stand, which are not ours to rename."""

PROPER = {
    XSD.nonNegativeInteger: "7",
    XSD.decimal: "2.5",
    XSD.date: "2021-05-05",
    XSD.duration: "P2D",
    XSD.boolean: "false",
}
DATATYPES = [XSD[name] for name in ("string", "integer", "boolean", "date", "decimal", "anyURI", "nonNegativeInteger")]
WRONG_CODES = (
    EU + "frequency/ANNUAL",
    EU + "country/FRA",
    EU + "data-theme/ENVI",
    HDEU + "healthcategories/EHRS",
    HDEU + "standard/FHIR",
    "https://example.org/list/1",
)


@dataclass(frozen=True, slots=True)
class Start:
    """An official example as it is at one level of access, to be damaged."""

    example: str
    level: str
    triples: tuple[Triple, ...]
    classes: tuple[Term, ...]
    """Classes of its nodes."""
    others: Mapping[str, Sequence[Term]]
    """Values of each property."""

    @classmethod
    def of(cls, example: str, published: Graph, level: str) -> Start:
        """The example with its access right changed to that of ``level``."""
        right = NamedNode(EU + "access-right/" + level.upper().replace("-", "_"))
        stated = {value for _, predicate, value in published if predicate == DCT.accessRights}

        def moved(term: Term) -> Term:
            return right if term in stated else term

        triples = tuple(Triple(moved(t.subject), t.predicate, moved(t.object)) for t in published)  # type: ignore[arg-type]
        others: dict[str, list[Term]] = {}
        for triple in triples:
            others.setdefault(triple.predicate.value, []).append(triple.object)  # type: ignore[arg-type]
        return cls(example, level, triples, tuple(dict.fromkeys(others[RDF_TYPE])), others)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged description, and what was done to it."""

    start: Start
    kind: str
    damage: str
    triples: tuple[Triple, ...]

    @property
    def name(self) -> str:
        return f"{self.start.example} {self.start.level}: {self.kind} {self.damage}"


Change = Callable[[st.DrawFn, Start, Triple], Iterable[Triple] | None]
"""What stands in place of a statement; None where the damage cannot be done to it."""


def dropped(_draw: st.DrawFn, _start: Start, _triple: Triple) -> Iterable[Triple]:
    return ()


def doubled(draw: st.DrawFn, start: Start, triple: Triple) -> Iterable[Triple] | None:
    """Another value of the same kind beside the one that is there."""
    value = triple.object
    if isinstance(value, Literal):
        text = PROPER.get(value.datatype)
        second: Term = _like(value, f"{value.value} (2)") if text is None else Literal(text, datatype=value.datatype)
    else:
        known = [other for other in start.others[triple.predicate.value] if other != value]
        second = draw(st.sampled_from([*dict.fromkeys(known), NamedNode("https://example.org/second")]))
    return None if second == value else (triple, Triple(triple.subject, triple.predicate, second))


def of_another_class(draw: st.DrawFn, start: Start, triple: Triple) -> Iterable[Triple] | None:
    if triple.predicate.value != RDF_TYPE:
        return None
    return _instead(triple, draw(st.sampled_from([other for other in start.classes if other != triple.object])))


def of_another_datatype(draw: st.DrawFn, _start: Start, triple: Triple) -> Iterable[Triple] | None:
    value = triple.object
    if not isinstance(value, Literal):
        return None
    others = [Literal(value.value, datatype=datatype) for datatype in DATATYPES if datatype != value.datatype]
    if value.datatype in PROPER:
        others.append(Literal("about that", datatype=value.datatype))
    return _instead(triple, draw(st.sampled_from(others)))


def of_another_list(draw: st.DrawFn, _start: Start, triple: Triple) -> Iterable[Triple] | None:
    value = triple.object
    if not isinstance(value, NamedNode) or not value.value.startswith(LISTS) or triple.predicate.value == RDF_TYPE:
        return None
    codes = [value.value + "X", value.value.lower(), value.value.replace("http", "HTTP", 1), *WRONG_CODES]
    return _instead(triple, NamedNode(draw(st.sampled_from([code for code in codes if code != value.value]))))


def of_another_node_kind(draw: st.DrawFn, _start: Start, triple: Triple) -> Iterable[Triple] | None:
    value = triple.object
    if triple.predicate.value == RDF_TYPE or isinstance(value, Triple):
        return None
    kinds: list[Term] = [NamedNode("https://example.org/other"), BlankNode("other"), Literal(str(value.value))]
    return _instead(triple, draw(st.sampled_from([other for other in kinds if type(other) is not type(value)])))


def of_another_language(draw: st.DrawFn, _start: Start, triple: Triple) -> Iterable[Triple] | None:
    value = triple.object
    if not isinstance(value, Literal) or value.datatype in PROPER:
        return None
    tags = [tag for tag in (None, "de", "en-gb", "zz") if tag != value.language]
    tag = draw(st.sampled_from(tags))
    return _instead(triple, Literal(value.value, language=tag) if tag else Literal(value.value))


CHANGES: Mapping[str, Change] = {
    "dropped": dropped,
    "doubled": doubled,
    "wrong class": of_another_class,
    "wrong datatype": of_another_datatype,
    "wrong vocabulary": of_another_list,
    "wrong node kind": of_another_node_kind,
    "wrong language": of_another_language,
}


def _instead(triple: Triple, value: Term) -> tuple[Triple]:
    return (Triple(triple.subject, triple.predicate, value),)


def _like(value: Literal, text: str) -> Literal:
    return Literal(text, language=value.language) if value.language else Literal(text, datatype=value.datatype)


@st.composite
def mutants(draw: st.DrawFn, starts: Sequence[Start]) -> Mutant:
    """One of the starting points with one statement damaged, or with all values of one property of a node dropped."""
    start = draw(st.sampled_from(starts))
    kind = draw(st.sampled_from(sorted(CHANGES)))
    while True:
        index = draw(st.integers(0, len(start.triples) - 1))
        triple = start.triples[index]
        change = CHANGES[kind](draw, start, triple)
        if change is not None:
            break
    instead = tuple(change)
    rest = (*start.triples[:index], *instead, *start.triples[index + 1 :])
    if kind == "dropped" and draw(st.booleans()):
        rest = tuple(t for t in rest if (t.subject, t.predicate) != (triple.subject, triple.predicate))
    damage = f"{triple.subject} {triple.predicate} {triple.object} -> {' , '.join(str(t.object) for t in instead)}"
    return Mutant(start, kind, damage, rest)


def starts(examples: Mapping[str, Graph]) -> list[Start]:
    """Every example at every level."""
    return [Start.of(name, published, level) for name, published in examples.items() for level in LEVELS]
