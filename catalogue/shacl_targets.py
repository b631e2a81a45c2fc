"""Which nodes of a description each shape is about (SHACL section 2.1.3), and the hierarchy of classes behind that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from catalogue.graphs import RDF_TYPE, Graph, Term
from catalogue.names import RDF, RDFS, SH

Hierarchy: TypeAlias = Mapping[Term, Sequence[Term]]
"""Direct superclasses by class."""
_SUBCLASS = RDFS.subClassOf.value


class Targets:
    """The targets of a list of shapes, which are known here by their place in it."""

    def __init__(self, shapes: Graph, nodes: Sequence[Term], hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self._classes: dict[Term, list[int]] = defaultdict(list)
        self._nodes: list[tuple[Term, int]] = []
        self._subjects_of: list[tuple[str, int]] = []
        self._objects_of: list[tuple[str, int]] = []
        for number, node in enumerate(nodes):
            self._read(shapes, node, number)
        self._by_type = self._resolve(hierarchy)

    def _read(self, shapes: Graph, node: Term, number: int) -> None:
        """The targets that a shape declares; a shape that is also a class targets its instances."""
        for target in shapes.objects(node, SH.targetClass):
            self._classes[target].append(number)
        types = shapes.objects(node, RDF.type)
        if any(kind == RDFS.Class or RDFS.Class in superclasses(kind, self._hierarchy) for kind in types):
            self._classes[node].append(number)
        self._nodes += [(target, number) for target in shapes.objects(node, SH.targetNode)]
        self._subjects_of += [(target.value, number) for target in shapes.objects(node, SH.targetSubjectsOf)]
        self._objects_of += [(target.value, number) for target in shapes.objects(node, SH.targetObjectsOf)]

    def _resolve(self, hierarchy: Hierarchy) -> Mapping[Term, Sequence[int]]:
        """Shapes by every class whose instances they target, subclasses included."""
        by_type = {kind: list(numbers) for kind, numbers in self._classes.items()}
        for subclass in hierarchy:
            for above in superclasses(subclass, hierarchy):
                by_type.setdefault(subclass, []).extend(self._classes.get(above, ()))
        return by_type

    def focus_nodes(self, graph: Graph, hierarchy: Hierarchy) -> Mapping[int, Mapping[Term, None]]:
        """The distinct focus nodes of each shape; ``hierarchy`` may be longer than the one known from the start."""
        by_type = self._by_type if hierarchy is self._hierarchy else self._resolve(hierarchy)
        focus: dict[int, dict[Term, None]] = defaultdict(dict)
        for node in graph.nodes:
            for kind in graph.outgoing(node).get(RDF_TYPE, ()):
                for number in by_type.get(kind, ()):
                    focus[number][node] = None
        for predicate, number in self._subjects_of:
            focus[number].update((node, None) for node in graph.nodes if predicate in graph.outgoing(node))
        for predicate, number in self._objects_of:
            focus[number].update(dict.fromkeys(graph.inverse(predicate)))
        for target, number in self._nodes:
            focus[number][target] = None
        return focus


def subclasses(graph: Graph) -> Iterable[tuple[Term, Term]]:
    """Class and superclass of every ``rdfs:subClassOf``."""
    for node in graph.nodes:
        for above in graph.outgoing(node).get(_SUBCLASS, ()):
            yield node, above


def hierarchy_of(pairs: Iterable[tuple[Term, Term]], base: Hierarchy | None = None) -> Hierarchy:
    """Classes and superclasses as a look-up, added to ``base``."""
    merged = {below: list(above) for below, above in (base or {}).items()}
    for below, above in pairs:
        merged.setdefault(below, []).append(above)
    return merged


def superclasses(kind: Term, hierarchy: Hierarchy) -> set[Term]:
    """All superclasses of a class, without itself."""
    found: set[Term] = set()
    waiting = [kind]
    while waiting:
        for above in hierarchy.get(waiting.pop(), ()):
            if above not in found and above != kind:
                found.add(above)
                waiting.append(above)
    return found
