"""The constraint components of SHACL Core that look at all value nodes of a focus node together (SHACL section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from catalogue.graphs import Literal, NamedNode, Term
from catalogue.names import SH
from catalogue.shacl_literals import ordered, precedes
from catalogue.shacl_parameters import Nested, Parameters, component
from catalogue.shacl_paths import View

Fault: TypeAlias = tuple[str, Term | None, str | None]
"""Constraint component, ``sh:value``, and ``sh:resultPath`` where it is not the path of the shape."""
Inspection: TypeAlias = Callable[[View, Term, Sequence[Term]], Sequence[Fault]]
"""What is wrong with all value nodes of one focus node together."""


def _has_value(parameters: Parameters, _: Nested) -> Inspection:
    wanted, name = tuple(parameters.every("hasValue")), component("HasValue")
    fault: Fault = (name, None, None)
    if len(wanted) == 1:
        only, faults = wanted[0], (fault,)
        return lambda _view, _focus, values: () if only in values else faults
    return lambda _view, _focus, values: [fault for term in wanted if term not in values]


def _equals(parameters: Parameters, _: Nested) -> Inspection:
    others, name = [parameters.iri("equals", value) for value in parameters.every("equals")], component("Equals")

    def inspect(view: View, focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
        faults: list[Fault] = []
        for predicate in others:
            theirs = view.outgoing(focus).get(predicate, ())
            faults += [(name, value, None) for value in values if value not in theirs]
            faults += [(name, value, None) for value in theirs if value not in values]
        return faults

    return inspect


def _disjoint(parameters: Parameters, _: Nested) -> Inspection:
    others, name = [parameters.iri("disjoint", value) for value in parameters.every("disjoint")], component("Disjoint")

    def inspect(view: View, focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
        properties = view.outgoing(focus)
        return [
            (name, value, None) for predicate in others for value in values if value in properties.get(predicate, ())
        ]

    return inspect


def _less_than(parameter: str, component_name: str, *, or_equal: bool) -> Callable[[Parameters, Nested], Inspection]:
    def build(parameters: Parameters, _: Nested) -> Inspection:
        others = [parameters.iri(parameter, value) for value in parameters.every(parameter)]
        name = component(component_name)

        def inspect(view: View, focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
            properties = view.outgoing(focus)
            return [
                (name, value, None)
                for predicate in others
                for other in properties.get(predicate, ())
                for value in values
                if not precedes(ordered(value), ordered(other), or_equal=or_equal)
            ]

        return inspect

    return build


def _unique_lang(parameters: Parameters, _: Nested) -> Inspection | None:
    if not parameters.boolean("uniqueLang"):
        return None
    fault: Fault = (component("UniqueLang"), None, None)

    def inspect(_view: View, _focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
        if len(values) < 2:
            return ()
        tags = [value.language.lower() for value in values if type(value) is Literal and value.language]
        once = set(tags)
        return () if len(once) == len(tags) else [fault for tag in once if tags.count(tag) > 1]

    return inspect


def _closed(parameters: Parameters, _: Nested) -> Inspection | None:
    ignored = parameters.one("ignoredProperties")
    if not parameters.boolean("closed"):
        return None
    allowed = (
        {parameters.iri("ignoredProperties", member) for member in parameters.members("ignoredProperties", ignored)}
        if ignored
        else set()
    )
    for shape in parameters.every("property"):
        allowed.update(path.value for path in parameters.shapes.objects(shape, SH.path) if isinstance(path, NamedNode))
    name = component("Closed")

    def inspect(view: View, _focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
        return [
            (name, obj, predicate)
            for value in values
            for predicate, objects in view.outgoing(value).items()
            if predicate not in allowed
            for obj in objects
        ]

    return inspect


def _qualified(parameters: Parameters, nested: Nested) -> Inspection:
    least, most = parameters.integer("qualifiedMinCount"), parameters.integer("qualifiedMaxCount")
    shape = parameters.one("qualifiedValueShape")
    if shape is None or (least is None and most is None):
        raise parameters.refusal(
            "a qualified count needs both a shape and a number",
            "give sh:qualifiedValueShape and sh:qualifiedMinCount or sh:qualifiedMaxCount",
        )
    conforms = nested(shape)
    siblings = [nested(sibling) for sibling in _siblings(parameters, shape)]
    too_few: Fault = (component("QualifiedMinCount"), None, None)
    too_many: Fault = (component("QualifiedMaxCount"), None, None)

    def inspect(view: View, _focus: Term, values: Sequence[Term]) -> Sequence[Fault]:
        count = sum(conforms(view, v) and not any(sibling(view, v) for sibling in siblings) for v in values)
        if least is not None and count < least:
            return (too_few,) if most is None or count <= most else (too_few, too_many)
        return (too_many,) if most is not None and count > most else ()

    return inspect


def _siblings(parameters: Parameters, own: Term) -> list[Term]:
    """The sibling shapes of SHACL section 4.7.3."""
    if not parameters.boolean("qualifiedValueShapesDisjoint"):
        return []
    shapes = parameters.shapes
    found = {
        value: None
        for parent in shapes.subjects(SH.property, parameters.shape)
        for child in shapes.objects(parent, SH.property)
        for value in shapes.objects(child, SH.qualifiedValueShape)
        if value != own
    }
    return list(found)


INSPECTIONS: Mapping[str, Callable[[Parameters, Nested], Inspection | None]] = {
    "hasValue": _has_value,
    "equals": _equals,
    "disjoint": _disjoint,
    "closed": _closed,
    "uniqueLang": _unique_lang,
    "lessThan": _less_than("lessThan", "LessThan", or_equal=False),
    "lessThanOrEquals": _less_than("lessThanOrEquals", "LessThanOrEquals", or_equal=True),
    "qualifiedValueShape": _qualified,
}
"""By parameter: what compiles a constraint on the value nodes of a focus node as a set."""

PROPERTY_ONLY = (
    *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),
    *("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
)
"""Parameters that a node shape must not have."""
