"""Compiles SHACL Core shapes, once, into objects that validate a description in a fraction of a millisecond.

Semantics: SHACL (W3C Recommendation 20 July 2017), sections 2 to 4. Recursive shapes and everything outside SHACL Core
are refused when shapes are loaded, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.errors import RulebookError
from catalogue.graphs import RDF_TYPE, Graph, NamedNode, Term
from catalogue.model import Severity
from catalogue.names import SH
from catalogue.shacl_conformance import conformance
from catalogue.shacl_parameters import Nested, Parameters, Test, component
from catalogue.shacl_paths import View, compile_path
from catalogue.shacl_sets import INSPECTIONS, PROPERTY_ONLY, Inspection
from catalogue.shacl_shape import MANY, Properties, Shape
from catalogue.shacl_values import VALUE_TESTS

TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_CONSTRAINTS = frozenset({*VALUE_TESTS, *INSPECTIONS, "minCount", "maxCount", "property"})
_SHAPE_PREDICATES = frozenset({*_CONSTRAINTS, *TARGETS, "path", "deactivated", "severity", "message", "flags"})
_KNOWN_PREDICATES = _SHAPE_PREDICATES | {
    *("ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
    *("alternativePath", "inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"),
    *("name", "description", "order", "group", "defaultValue", "declare", "prefix", "namespace"),
}
_DEPENDENT = {
    "flags": "pattern",
    "ignoredProperties": "closed",
    "qualifiedMinCount": "qualifiedValueShape",
    "qualifiedMaxCount": "qualifiedValueShape",
    "qualifiedValueShapesDisjoint": "qualifiedValueShape",
}
"""Parameters that mean nothing without another."""
_KNOWN_CLASSES = frozenset(["NodeShape", "PropertyShape", "Shape", "PropertyGroup", "PrefixDeclaration"])


class Compiler:
    """Reads shapes graphs; every shape is compiled once for each name it is cited by."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._done: dict[tuple[Term, str], Shape | None] = {}
        self._tests: dict[Term, Test] = {}
        self._open: list[Term] = []

    def shape(self, node: Term, cited_as: str = "") -> Shape | None:
        """A shape, or None when it is deactivated; ``cited_as`` is the nearest enclosing IRI if it has none itself."""
        rule = node.value if isinstance(node, NamedNode) else cited_as or str(node)
        if (node, rule) not in self._done:
            if node in self._open:
                chain = " -> ".join(str(open_shape) for open_shape in [*self._open, node])
                raise RulebookError("a shape refers to itself", where=chain, remedy="break the circle of references")
            self._open.append(node)
            self._done[node, rule] = self._compile(Parameters(self._shapes, node), rule)
            self._open.pop()
        return self._done[node, rule]

    def _compile(self, parameters: Parameters, rule: str) -> Shape | None:
        path = parameters.one("path")
        for name in PROPERTY_ONLY if path is None else ():
            if parameters.every(name):
                raise parameters.refusal(f"sh:{name} on a shape without sh:path", "move it to a property shape")
        for name, needed in _DEPENDENT.items():
            if parameters.every(name) and not parameters.every(needed):
                raise parameters.refusal(f"sh:{name} without sh:{needed}", f"add sh:{needed} or take it out")
        walk, text = (None, None) if path is None else compile_path(self._shapes, path, parameters.where)
        least, most = parameters.integer("minCount") or 0, parameters.integer("maxCount")

        def nested(other: Term) -> Test:
            return self._conformance(parameters, other, rule)

        shape = Shape(
            rule=rule,
            severity=_severity(parameters),
            path=text,
            predicate=text if isinstance(path, NamedNode) else None,
            walk=walk,
            least=least,
            most=MANY if most is None else most,
            tests=tuple(_tests(parameters, nested)),
            inspections=tuple(_inspections(parameters, nested)),
            properties=Properties(self._properties(parameters, rule)),
            needs_presence=path is None or least > 0 or _fails_on_absence(parameters),
        )
        return None if parameters.boolean("deactivated") else shape

    def _properties(self, parameters: Parameters, rule: str) -> Iterator[Shape]:
        for node in parameters.every("property"):
            if not self._shapes.objects(node, SH.path):
                raise parameters.refusal(f"sh:property {node} has no sh:path", "give it one, or mend the IRI")
            shape = self.shape(node, rule)
            if shape is not None:
                yield shape

    def _conformance(self, parameters: Parameters, other: Term, rule: str) -> Test:
        if not self._shapes.outgoing(other):
            raise parameters.refusal(f"it refers to a shape {other} that is not there", "mend the IRI or add the shape")
        if other in parameters.every("node") and self._shapes.objects(other, SH.path):
            raise parameters.refusal(f"sh:node {other} is a property shape", "use sh:property")
        if other not in self._tests:
            shape = self.shape(other, rule)
            self._tests[other] = _anything if shape is None else conformance(shape)
        return self._tests[other]


def _anything(_view: View, _node: Term) -> bool:
    return True


def _tests(parameters: Parameters, nested: Nested) -> Iterator[tuple[str, Test]]:
    for name, (component_name, only_once, build) in VALUE_TESTS.items():
        values = parameters.every(name)
        if only_once and values:
            parameters.one(name)
        for value in values:
            yield component(component_name), build(parameters, value, nested)


def _inspections(parameters: Parameters, nested: Nested) -> Iterator[Inspection]:
    for name, build in INSPECTIONS.items():
        if parameters.every(name):
            inspection = build(parameters, nested)
            if inspection is not None:
                yield inspection


def _fails_on_absence(parameters: Parameters) -> bool:
    return bool(parameters.every("hasValue") or parameters.every("equals") or parameters.integer("qualifiedMinCount"))


def _severity(parameters: Parameters) -> Severity:
    value = parameters.one("severity") or SH.Violation
    try:
        return Severity(value.value)
    except ValueError:
        raise parameters.refusal(f"sh:severity {value} is unknown", "use sh:Violation, sh:Warning or sh:Info") from None


def refuse_unknown(shapes: Graph) -> None:
    """Raise :class:`RulebookError` for the first statement of the SHACL vocabulary that would be skipped."""
    for node in shapes.nodes:
        parameters = Parameters(shapes, node)
        for predicate in shapes.outgoing(node):
            if predicate.startswith(SH.iri) and predicate[len(SH.iri) :] not in _KNOWN_PREDICATES:
                raise _unknown(parameters, predicate)
        for kind in shapes.outgoing(node).get(RDF_TYPE, ()):
            if kind.value.startswith(SH.iri) and kind.value[len(SH.iri) :] not in _KNOWN_CLASSES:
                raise _unknown(parameters, kind.value)


def _unknown(parameters: Parameters, iri: str) -> RulebookError:
    name = iri.removeprefix(SH.iri)
    return parameters.refusal(f"sh:{name} is not supported", "express the rule in SHACL Core")


def is_shape(shapes: Graph, node: Term) -> bool:
    """Whether a node is a shape by its type, a target or a constraint (SHACL section 2.1)."""
    properties = shapes.outgoing(node)
    if any(kind in (SH.NodeShape, SH.PropertyShape) for kind in properties.get(RDF_TYPE, ())):
        return True
    return any(SH.iri + name in properties for name in _CONSTRAINTS | set(TARGETS))
