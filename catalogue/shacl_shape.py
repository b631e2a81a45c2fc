"""Compiled shapes at work: what is wrong with a node, whether it conforms, and what was tested on the way."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from catalogue.graphs import Term
from catalogue.model import Finding, Severity
from catalogue.shacl_parameters import Test, component
from catalogue.shacl_paths import View, Walk
from catalogue.shacl_sets import Inspection

MANY = sys.maxsize
"""No upper limit."""
_MIN_COUNT, _MAX_COUNT = component("MinCount"), component("MaxCount")


@dataclass(frozen=True, slots=True)
class Shape:
    """One compiled shape; a node shape has the focus node itself as its only value node."""

    rule: str
    severity: Severity
    path: str | None
    walk: Walk | None
    least: int
    most: int
    tests: tuple[tuple[str, Test], ...]
    """Component and test of each constraint on single values."""
    inspections: tuple[Inspection, ...]
    properties: Properties | None
    needs_presence: bool
    """It can fail without any value node, so it is tested on every focus node."""

    @property
    def is_tested(self) -> bool:
        """It has constraints of its own."""
        return bool(self.tests or self.inspections or self.least or self.most < MANY)

    def values(self, view: View, focus: Term) -> Sequence[Term]:
        """The value nodes of a focus node."""
        return (focus,) if self.walk is None else self.walk(view, focus)

    def report(
        self, view: View, focus: Term, values: Sequence[Term], found: list[Finding], tested: dict[str, int]
    ) -> None:
        """Append what is wrong with the value nodes of one focus node."""
        count = len(values)
        if count < self.least:
            found.append(Finding(self.rule, focus, self.path, None, _MIN_COUNT, self.severity))
        if count > self.most:
            found.append(Finding(self.rule, focus, self.path, None, _MAX_COUNT, self.severity))
        for name, test in self.tests:
            for value in values:
                if not test(view, value):
                    found.append(Finding(self.rule, focus, self.path, value, name, self.severity))
        for inspect in self.inspections:
            for name, wrong, path in inspect(view, focus, values):
                found.append(Finding(self.rule, focus, path or self.path, wrong, name, self.severity))
        if self.properties is not None:
            for value in values:
                self.properties.report(view, value, found, tested)

    def report_on(self, view: View, focus: Term, found: list[Finding], tested: dict[str, int]) -> None:
        """Walk to the value nodes, report on them and count what was tested."""
        values = self.values(view, focus)
        self.report(view, focus, values, found, tested)
        if self.is_tested and (self.needs_presence or values):
            tested[self.rule] += 1 if self.needs_presence else len(values)

    def conforms(self, view: View, focus: Term) -> bool:
        """Whether validation of ``focus`` would give no result at all."""
        return self.holds(view, focus, self.values(view, focus))

    def holds(self, view: View, focus: Term, values: Sequence[Term]) -> bool:
        """Whether :meth:`report` would append nothing; stops at the first fault."""
        if not self.least <= len(values) <= self.most:
            return False
        for _, test in self.tests:
            for value in values:
                if not test(view, value):
                    return False
        for inspect in self.inspections:
            if inspect(view, focus, values):
                return False
        return self.properties is None or all(self.properties.hold(view, value) for value in values)


class Group(NamedTuple):
    """All property shapes of a shape that look at the same predicate."""

    predicate: str
    on_absence: tuple[Shape, ...]
    """Those that can fail although there is no value."""
    on_values: tuple[Shape, ...]
    counted: tuple[str, ...]
    """Rules whose values count as tested."""


@dataclass(frozen=True, slots=True)
class Properties:
    """The property shapes of one shape: a predicate that is absent costs one look-up for all of them."""

    groups: tuple[Group, ...]
    complex: tuple[Shape, ...]
    """Those whose path is more than a predicate."""
    always: tuple[str, ...]
    """Rules of the groups that count as tested on every node."""

    def report(self, view: View, node: Term, found: list[Finding], tested: dict[str, int]) -> None:
        """Append what is wrong with the properties of a node."""
        properties = view.outgoing(node)
        for predicate, on_absence, on_values, counted in self.groups:
            values = properties.get(predicate)
            if values is None:
                for shape in on_absence:
                    shape.report(view, node, (), found, tested)
                continue
            for shape in on_values:
                shape.report(view, node, values, found, tested)
            for rule in counted:
                tested[rule] += len(values)
        for shape in self.complex:
            shape.report_on(view, node, found, tested)
        for rule in self.always:
            tested[rule] += 1

    def hold(self, view: View, node: Term) -> bool:
        """Whether :meth:`report` would append nothing."""
        properties = view.outgoing(node)
        for predicate, on_absence, on_values, _ in self.groups:
            values = properties.get(predicate)
            for shape in on_absence if values is None else on_values:
                if not shape.holds(view, node, values or ()):
                    return False
        return all(shape.conforms(view, node) for shape in self.complex)


def group(shapes: Sequence[tuple[str | None, Shape]]) -> Properties | None:
    """Group property shapes by predicate; ``None`` stands for a complex path."""
    if not shapes:
        return None
    by_predicate: dict[str, list[Shape]] = defaultdict(list)
    for predicate, shape in shapes:
        if predicate is not None:
            by_predicate[predicate].append(shape)
    return Properties(
        groups=tuple(
            Group(
                predicate,
                tuple(shape for shape in members if shape.needs_presence),
                tuple(members),
                tuple(shape.rule for shape in members if shape.is_tested and not shape.needs_presence),
            )
            for predicate, members in by_predicate.items()
        ),
        complex=tuple(shape for predicate, shape in shapes if predicate is None),
        always=tuple(
            shape.rule for predicate, shape in shapes if predicate and shape.is_tested and shape.needs_presence
        ),
    )
