"""The values that a rule admits, read from its SHACL constraints and the code lists in the rulebook.

Nothing here knows a property or a list by name: ``sh:in``, ``sh:hasValue``, a demanded ``skos:inScheme``,
``sh:pattern`` and ``sh:class`` are followed through ``sh:node``, ``sh:property``, ``sh:and``, ``sh:or`` and ``sh:not``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from catalogue.graphs import Graph, Literal, NamedNode, Node, Term
from catalogue.names import DCT, RDF, SH, SKOS
from catalogue.plain import local_name
from catalogue.rulebook import Rulebook

MOST_LISTS = 3
"""A constraint that the entries of more code lists than this satisfy is no choice one could offer."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Values a constraint admits, in the order of their list."""

    values: tuple[Term, ...]
    whole: bool
    """Every admitted value is here; otherwise these are those the rulebook knows."""


class Lists:
    """What the rules of one rulebook admit; each rule is read once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._graph = rulebook.graph
        self._found: dict[str, Admitted | None] = {}

    def of(self, rule: str) -> Admitted | None:
        """What a rule admits, else what the rules about the same property do; None when no list says."""
        if rule not in self._found:
            node = NamedNode(rule)
            own = _Reader(self._graph, self.rulebook.vocabulary).read(node)
            self._found[rule] = own or next(self._around(node), None)
        return self._found[rule]

    def _around(self, rule: NamedNode) -> Iterator[Admitted]:
        """What the rules admit that look at the same property of the same class in the same profiles."""
        path, classes, profiles = self._graph.value(rule, SH.path), self._classes(rule), self._profiles(rule)
        if not isinstance(path, NamedNode):
            return
        for other in self._graph.subjects(SH.path, path):
            if other != rule and isinstance(other, NamedNode) and classes & self._classes(other):
                found = _Reader(self._graph, self.rulebook.vocabulary).read(other)
                if found is not None and profiles <= self._profiles(other):
                    yield found

    def _classes(self, rule: NamedNode) -> set[Term]:
        shapes = (rule, *self._graph.subjects(SH.property, rule))
        return {target for shape in shapes for target in self._graph.objects(shape, SH.targetClass)}

    def _profiles(self, rule: NamedNode) -> set[str]:
        return {profile.iri for profile in self.rulebook.profiles.values() if rule in profile.shapes}


class _Reader:
    """Reads one rule; a shape that refers to itself is read once."""

    def __init__(self, shapes: Graph, vocabulary: Graph) -> None:
        self._shapes = shapes
        self._vocabulary = vocabulary
        self._open: set[Term] = set()

    def read(self, shape: Term) -> Admitted | None:
        """What satisfies all constraints of a shape, as far as they name values."""
        if shape in self._open:
            return None
        self._open.add(shape)
        limits = [limit for limit in self._limits(shape) if limit is not None]
        excluded = {value for inner in self._shapes.objects(shape, SH["not"]) for value in self._values(inner)}
        self._open.discard(shape)
        if not limits:
            return None
        found = reduce(_both, limits)
        left = tuple(value for value in found.values if value not in excluded)
        return Admitted(left, found.whole) if left else None

    def _values(self, shape: Term) -> tuple[Term, ...]:
        found = self.read(shape)
        return found.values if found is not None else ()

    def _limits(self, shape: Term) -> Iterator[Admitted | None]:
        for head in self._shapes.objects(shape, SH["in"]):
            yield Admitted(tuple(self._shapes.items(head)), True)
        for value in self._shapes.objects(shape, SH.hasValue):
            yield Admitted((value,), True)
        for pattern in self._shapes.objects(shape, SH.pattern):
            yield self._matching(pattern.value, self._shapes.text(shape, SH.flags) or "")
        for kind in self._shapes.objects(shape, SH["class"]):
            yield self._choice(self._vocabulary.subjects(RDF.type, kind), False)
        yield from self._inner(shape)

    def _inner(self, shape: Term) -> Iterator[Admitted | None]:
        """What the shapes inside a shape admit."""
        for name in ("node", "qualifiedValueShape"):
            for inner in self._shapes.objects(shape, SH[name]):
                yield self.read(inner)
        for inner in self._shapes.objects(shape, SH.property):
            if self._shapes.value(inner, SH.path) == SKOS.inScheme:
                yield self._members(inner)
        for head in self._shapes.objects(shape, SH["and"]):
            yield from map(self.read, self._shapes.items(head))
        for name in ("or", "xone"):
            for head in self._shapes.objects(shape, SH[name]):
                yield _either([self.read(one) for one in self._shapes.items(head)])

    def _members(self, inner: Term) -> Admitted | None:
        """The concepts of the schemes that a shape on ``skos:inScheme`` admits."""
        schemes = self.read(inner)
        if schemes is None:
            return None
        found = [concept for scheme in schemes.values for concept in self._vocabulary.subjects(SKOS.inScheme, scheme)]
        return Admitted(tuple(dict.fromkeys(found)), True) if found else None

    def _matching(self, pattern: str, flags: str) -> Admitted | None:
        try:
            wanted = re.compile(pattern, re.IGNORECASE if "i" in flags else 0)
        except re.error:
            return None
        return self._choice((c for c in self._vocabulary.instances(SKOS.Concept) if wanted.search(c.value)), False)

    def _choice(self, nodes: Iterable[Node], whole: bool) -> Admitted | None:
        found = tuple(node for node in nodes if SKOS.Concept in self._vocabulary.objects(node, RDF.type))
        schemes = {scheme for node in found for scheme in self._vocabulary.objects(node, SKOS.inScheme)}
        return Admitted(found, whole) if found and len(schemes) <= MOST_LISTS else None


def _both(one: Admitted, other: Admitted) -> Admitted:
    held = set(other.values)
    return Admitted(tuple(value for value in one.values if value in held), one.whole or other.whole)


def _either(found: Sequence[Admitted | None]) -> Admitted | None:
    known = [one for one in found if one is not None]
    if not known:
        return None
    values = dict.fromkeys(value for one in known for value in one.values)
    return Admitted(tuple(values), len(known) == len(found) and all(one.whole for one in known))


def code_of(vocabulary: Graph, value: Term) -> str:
    """The code by which people call a value: its identifier or notation, else the last part of its IRI."""
    if isinstance(value, Literal):
        return str(value.value)
    return vocabulary.text(value, DCT.identifier) or vocabulary.text(value, SKOS.notation) or local_name(value.value)
