"""Compiled shapes at work: what is wrong with a node, and what was tested on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
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
    predicate: str | None
    """The path, if it is no more than a predicate."""
    walk: Walk | None
    least: int
    most: int
    tests: tuple[tuple[str, Test], ...]
    """Component and test of each constraint on single values."""
    inspections: tuple[Inspection, ...]
    properties: Properties
    needs_presence: bool
    """It can fail without any value node, so it is tested on every focus node."""

    @property
    def is_limited(self) -> bool:
        """It limits the number of value nodes."""
        return self.least > 0 or self.most < MANY

    @property
    def is_tested(self) -> bool:
        """It has constraints of its own."""
        return bool(self.tests or self.inspections or self.is_limited)

    def report_on(self, view: View, focus: Term, found: list[Finding], tested: dict[str, int]) -> None:
        """Append what is wrong with the value nodes of a focus node, and count what was tested."""
        values = (focus,) if self.walk is None else self.walk(view, focus)
        self.count(focus, values, found)
        for name, test in self.tests:
            for value in values:
                if not test(view, value):
                    found.append(self.fault(focus, name, value))
        self.inspect(view, focus, values, found, tested)
        if self.is_tested and (self.needs_presence or values):
            tested[self.rule] += 1 if self.needs_presence else len(values)

    def fault(self, focus: Term, name: str, value: Term) -> Finding:
        """The finding that one value fails one constraint."""
        return Finding(self.rule, focus, self.path, value, name, self.severity)

    def count(self, focus: Term, values: Sequence[Term], found: list[Finding]) -> None:
        """The part of the report about the number of value nodes."""
        if len(values) < self.least:
            found.append(Finding(self.rule, focus, self.path, None, _MIN_COUNT, self.severity))
        if len(values) > self.most:
            found.append(Finding(self.rule, focus, self.path, None, _MAX_COUNT, self.severity))

    def inspect(
        self, view: View, focus: Term, values: Sequence[Term], found: list[Finding], tested: dict[str, int]
    ) -> None:
        """The part of the report about all value nodes together, and about their properties."""
        for inspection in self.inspections:
            for name, value, path in inspection(view, focus, values):
                found.append(Finding(self.rule, focus, path or self.path, value, name, self.severity))
        if self.properties.shapes:
            for value in values:
                self.properties.report(view, value, found, tested)


class Group(NamedTuple):
    """All property shapes of a shape that have the same path, laid out flat for speed."""

    limited: tuple[Shape, ...]
    tests: tuple[tuple[Test, str, Shape], ...]
    inspecting: tuple[Shape, ...]
    """Those with more than counts and tests."""
    on_absence: tuple[Shape, ...]
    """Those that can fail although there is no value."""
    counted: tuple[str, ...]
    """Rules whose values count as tested."""

    def report(
        self, view: View, focus: Term, values: Sequence[Term], found: list[Finding], tested: dict[str, int]
    ) -> None:
        """Append what is wrong with the values at the end of the path; there is at least one."""
        for shape in self.limited:
            if not shape.least <= len(values) <= shape.most:
                shape.count(focus, values, found)
        for test, name, shape in self.tests:
            for value in values:
                if not test(view, value):
                    found.append(shape.fault(focus, name, value))
        for shape in self.inspecting:
            shape.inspect(view, focus, values, found, tested)
        for rule in self.counted:
            tested[rule] += len(values)

    def report_absence(self, view: View, focus: Term, found: list[Finding], tested: dict[str, int]) -> None:
        """Append what is wrong with there being no value."""
        for shape in self.on_absence:
            shape.count(focus, (), found)
            if shape.inspections:
                shape.inspect(view, focus, (), found, tested)


class Properties:
    """The property shapes of one shape, grouped so that what a node does not have costs next to nothing."""

    __slots__ = ("_always", "_by_predicate", "_by_walk", "_required", "shapes")

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.shapes = tuple(shapes)
        by_path: dict[str | None, list[Shape]] = {}
        for shape in self.shapes:
            by_path.setdefault(shape.path, []).append(shape)
        members = list(by_path.values())
        self._by_predicate = {of[0].predicate: _group(of) for of in members if of[0].predicate}
        self._by_walk = [(of[0].walk, _group(of)) for of in members if of[0].walk and not of[0].predicate]
        self._required = [(name, group) for name, group in self._by_predicate.items() if group.on_absence]
        self._always = tuple(shape.rule for shape in self.shapes if shape.is_tested and shape.needs_presence)

    def report(self, view: View, node: Term, found: list[Finding], tested: dict[str, int]) -> None:
        """Append what is wrong with the properties of a node."""
        properties = view.outgoing(node)
        for predicate, group in self._required:
            if predicate not in properties:
                group.report_absence(view, node, found, tested)
        groups = self._by_predicate
        for name, values in properties.items():
            if name in groups:
                groups[name].report(view, node, values, found, tested)
        for walk, group in self._by_walk:
            reached = walk(view, node)
            if reached:
                group.report(view, node, reached, found, tested)
            else:
                group.report_absence(view, node, found, tested)
        for rule in self._always:
            tested[rule] += 1


def _group(shapes: Sequence[Shape]) -> Group:
    return Group(
        limited=tuple(shape for shape in shapes if shape.is_limited),
        tests=tuple((test, name, shape) for shape in shapes for name, test in shape.tests),
        inspecting=tuple(shape for shape in shapes if shape.inspections or shape.properties.shapes),
        on_absence=tuple(shape for shape in shapes if shape.needs_presence),
        counted=tuple(shape.rule for shape in shapes if shape.is_tested and not shape.needs_presence),
    )
