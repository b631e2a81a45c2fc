"""Walking property paths over a description together with the vocabularies it refers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from catalogue.errors import RulebookError
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode, Term
from catalogue.names import RDF, SH


class View:
    """The union of one description and the context, read only; made anew for each validation.

    The context must not share blank nodes with the description (see :func:`without_labels`).
    """

    __slots__ = ("_context", "_context_outgoing", "_description", "_known", "_outgoing", "hierarchy")

    def __init__(self, description: Graph, context: Graph, superclasses: Mapping[Term, Sequence[Term]]) -> None:
        self._description = description
        self._context = context
        self._outgoing = description.outgoing
        self._context_outgoing = context.outgoing
        self._known: dict[Term, Mapping[str, list[Term]]] = {}
        self.hierarchy: Mapping[Term, Sequence[Term]] = superclasses
        """Direct superclasses; those of the context, until the description adds its own."""

    def outgoing(self, node: Term) -> Mapping[str, list[Term]]:
        """All properties of a node by predicate IRI."""
        known = self._known.get(node)
        if known is None:
            here, there = self._outgoing(node), self._context_outgoing(node)
            known = self._known[node] = here if not there else there if not here else _merge(here, there)
        return known

    def incoming(self, node: Term, predicate: str) -> list[Term]:
        """The subjects that have ``node`` as a value of ``predicate``."""
        here: list[Term] = list(self._description.inverse(predicate).get(node, ()))
        there = self._context.inverse(predicate).get(node)
        return _distinct([*here, *there]) if there else here

    def is_instance(self, node: Term, classes: frozenset[Term]) -> bool:
        """Whether a type of ``node``, or a superclass of one, is in ``classes``."""
        waiting = list(self.outgoing(node).get(RDF_TYPE, ()))
        seen = set(waiting)
        while waiting:
            current = waiting.pop()
            if current in classes:
                return True
            for above in self.hierarchy.get(current, ()):
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
        return False


def _merge(here: Mapping[str, list[Term]], there: Mapping[str, list[Term]]) -> Mapping[str, list[Term]]:
    merged = {predicate: list(values) for predicate, values in here.items()}
    for predicate, values in there.items():
        merged[predicate] = _distinct([*merged.get(predicate, ()), *values])
    return merged


def _distinct(terms: Sequence[Term]) -> list[Term]:
    return list(dict.fromkeys(terms))


def without_labels(graph: Graph) -> Graph:
    """The graph with blank nodes that can meet no other document's; the same object when it has none."""
    if not any(isinstance(term, BlankNode) for triple in graph for term in (triple.subject, triple.object)):
        return graph
    fresh: dict[BlankNode, BlankNode] = {}

    def rename(term: Term) -> Term:
        return fresh.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term

    copy = Graph()
    for subject, predicate, obj in graph:
        copy.add(rename(subject), predicate, rename(obj))  # type: ignore[arg-type]
    return copy


Walk: TypeAlias = Callable[[View, Term], Sequence[Term]]
"""The distinct nodes at the end of a path from a node."""


def compile_path(shapes: Graph, path: Term, where: str) -> tuple[Walk, str]:
    """A path as a function and as SPARQL text (a bare IRI for a single predicate); SHACL section 2.3.1.

    Raises :class:`RulebookError` for a path that is not well-formed, naming the shape ``where`` it stands.
    """
    walk, text = _compile(shapes, path, where, (), backwards=False)
    return walk, text[1:-1]


def _compile(shapes: Graph, path: Term, where: str, above: tuple[Term, ...], *, backwards: bool) -> tuple[Walk, str]:
    """The text comes in ``<>`` or ``()``, so that it fits into any other."""
    if isinstance(path, NamedNode):
        return (_inverse if backwards else _predicate)(path.value), f"<{path.value}>"
    properties = shapes.outgoing(path)
    if not isinstance(path, BlankNode) or path in above or not properties:
        raise _ill_formed(where)
    above = (*above, path)
    if RDF.first.value in properties:
        walks, texts = _members(shapes, path, where, above, backwards=backwards)
        return _sequence(walks[::-1] if backwards else walks), f"({'/'.join(texts)})"
    if len(properties) > 1:
        raise _ill_formed(where)
    operator, values = next(iter(properties.items()))
    if len(values) > 1:
        raise _ill_formed(where)
    if operator == SH.alternativePath.value:
        walks, texts = _members(shapes, values[0], where, above, backwards=backwards)
        return _alternative(walks), f"({'|'.join(texts)})"
    if operator == SH.inversePath.value:
        walk, text = _compile(shapes, values[0], where, above, backwards=not backwards)
        return walk, f"(^{text})"
    if operator not in _REPETITIONS:
        raise _ill_formed(where)
    walk, text = _compile(shapes, values[0], where, above, backwards=backwards)
    sign, repeat = _REPETITIONS[operator]
    return repeat(walk), f"({text}{sign})"


def _members(
    shapes: Graph, head: Term, where: str, above: tuple[Term, ...], *, backwards: bool
) -> tuple[list[Walk], list[str]]:
    compiled = [_compile(shapes, member, where, above, backwards=backwards) for member in shapes.items(head)]
    if len(compiled) < 2:
        raise _ill_formed(where)
    return [walk for walk, _ in compiled], [text for _, text in compiled]


def _ill_formed(where: str) -> RulebookError:
    return RulebookError(
        "a property path is not a predicate, sequence, alternative, inverse or repetition",
        where=where,
        remedy="mend the value of sh:path (SHACL, section 2.3.1)",
    )


def _predicate(iri: str) -> Walk:
    return lambda view, node: view.outgoing(node).get(iri, ())


def _inverse(iri: str) -> Walk:
    return lambda view, node: view.incoming(node, iri)


def _sequence(walks: Sequence[Walk]) -> Walk:
    def walk(view: View, node: Term) -> Sequence[Term]:
        reached: Sequence[Term] = (node,)
        for step in walks:
            if len(reached) == 1:
                reached = step(view, reached[0])
            else:
                reached = _distinct([value for start in reached for value in step(view, start)])
        return reached

    return walk


def _alternative(walks: Sequence[Walk]) -> Walk:
    return lambda view, node: _distinct([value for step in walks for value in step(view, node)])


def _closure(step: Walk, view: View, node: Term) -> list[Term]:
    """Everything reached by one or more steps."""
    reached: dict[Term, None] = {}
    waiting: list[Term] = [node]
    while waiting:
        for value in step(view, waiting.pop()):
            if value not in reached:
                reached[value] = None
                waiting.append(value)
    return list(reached)


def _zero_or_more(step: Walk) -> Walk:
    return lambda view, node: _distinct([node, *_closure(step, view, node)])


def _one_or_more(step: Walk) -> Walk:
    return lambda view, node: _closure(step, view, node)


def _zero_or_one(step: Walk) -> Walk:
    return lambda view, node: _distinct([node, *step(view, node)])


_REPETITIONS: Mapping[str, tuple[str, Callable[[Walk], Walk]]] = {
    SH.zeroOrMorePath.value: ("*", _zero_or_more),
    SH.oneOrMorePath.value: ("+", _one_or_more),
    SH.zeroOrOnePath.value: ("?", _zero_or_one),
}
