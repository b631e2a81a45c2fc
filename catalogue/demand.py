"""What a rule asks of a value, read from its own shape: datatype, kind, class, code list, or a value inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.graphs import Graph, NamedNode, Term
from catalogue.names import SH, SKOS

_DEPTH = 8
"""Shapes within shapes that are followed."""


@dataclass(slots=True)
class Demand:
    """What would be right; of several alternatives (``sh:or``) all, in the order of the rule."""

    datatypes: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    classes: list[NamedNode] = field(default_factory=list)
    schemes: list[Term] = field(default_factory=list)
    """Vocabularies the value is in (``skos:inScheme``)."""
    patterns: list[str] = field(default_factory=list)
    values: list[Term] = field(default_factory=list)
    """The only values there may be (``sh:in``)."""
    inside: dict[NamedNode, Demand] = field(default_factory=dict)
    """What is asked of properties of the value."""

    @property
    def listed(self) -> bool:
        """Whether the value is to come from a list."""
        return bool(self.schemes or self.patterns or self.values)

    @property
    def linked(self) -> bool:
        """Whether the value may be a link."""
        return bool(self.listed or self.classes or {SH.IRI.value, SH.BlankNodeOrIRI.value}.intersection(self.kinds))


def demand_of(rules: Graph, shape: Term) -> Demand:
    """What a shape asks of each value. What it forbids (``sh:not``) is not followed."""
    demand = Demand()
    _read(rules, shape, demand, _DEPTH)
    return demand


def predicates_of(rules: Graph, shape: Term) -> Sequence[NamedNode]:
    """The properties at the end of a rule's path: those that the value is a value of."""
    path = rules.value(shape, SH.path)
    return [] if path is None else _last(rules, path)


def _last(rules: Graph, path: Term) -> list[NamedNode]:
    if isinstance(path, NamedNode):
        return [path]
    alternatives = rules.value(path, SH.alternativePath)
    if alternatives is not None:
        return [end for step in rules.items(alternatives) for end in _last(rules, step)]
    steps = rules.items(path)
    return _last(rules, steps[-1]) if steps else []


def _read(rules: Graph, shape: Term, demand: Demand, depth: int) -> None:
    if depth == 0:
        return
    stated = rules.outgoing(shape)
    _gather(stated, demand)
    for head in stated.get(SH["in"].value, ()):
        demand.values += rules.items(head)
    for inner in stated.get(SH.property.value, ()):
        _read_property(rules, inner, demand, depth)
    further = list(stated.get(SH.node.value, ()))
    for name in ("or", "and", "xone"):
        further += [member for head in stated.get(SH[name].value, ()) for member in rules.items(head)]
    for other in further:
        _read(rules, other, demand, depth - 1)


def _gather(stated: Mapping[str, Sequence[Term]], demand: Demand) -> None:
    demand.datatypes += [str(value.value) for value in stated.get(SH.datatype.value, ())]
    demand.kinds += [str(value.value) for value in stated.get(SH.nodeKind.value, ())]
    demand.classes += [value for value in stated.get(SH["class"].value, ()) if isinstance(value, NamedNode)]
    demand.patterns += [str(value.value) for value in stated.get(SH.pattern.value, ())]


def _read_property(rules: Graph, inner: Term, demand: Demand, depth: int) -> None:
    path = rules.value(inner, SH.path)
    if path == SKOS.inScheme:
        demand.schemes += rules.objects(inner, SH.hasValue)
    elif isinstance(path, NamedNode):
        _read(rules, inner, demand.inside.setdefault(path, Demand()), depth - 1)
