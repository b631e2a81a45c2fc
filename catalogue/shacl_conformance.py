"""Whether a node conforms to a shape that another shape refers to: no report, and an end at the first fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from catalogue.graphs import Term
from catalogue.shacl_parameters import Test
from catalogue.shacl_paths import View
from catalogue.shacl_sets import Inspection
from catalogue.shacl_shape import Shape

Check: TypeAlias = Callable[[View, Term, Sequence[Term]], bool]
"""Whether all value nodes of a focus node are as they should be."""


def conformance(shape: Shape) -> Test:
    """The test whether validation of a node against the shape would give no result at all, of whatever severity."""
    if shape.walk is None:
        return _all_tests([*(test for _, test in shape.tests), *_on_itself(shape)])
    walk, checks = shape.walk, list(_checks(shape))
    if len(checks) == 1:
        only = checks[0]
        return lambda view, node: only(view, node, walk(view, node))

    def test(view: View, node: Term) -> bool:
        values = walk(view, node)
        return all(check(view, node, values) for check in checks)

    return test


def _on_itself(shape: Shape) -> Iterator[Test]:
    """What a node shape asks of its focus node beside tests of its value."""
    for inspection in shape.inspections:
        yield _inspection_of_itself(inspection)
    for inner in shape.properties.shapes:
        yield conformance(inner)


def _inspection_of_itself(inspection: Inspection) -> Test:
    return lambda view, node: not inspection(view, node, (node,))


def _all_tests(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(view: View, node: Term) -> bool:
        for part in tests:  # noqa: SIM110 - all() would build a generator for every node
            if not part(view, node):
                return False
        return True

    return test


def _checks(shape: Shape) -> Iterator[Check]:
    if shape.is_limited:
        yield lambda _view, _focus, values: shape.least <= len(values) <= shape.most
    each = [*(test for _, test in shape.tests), *(conformance(inner) for inner in shape.properties.shapes)]
    if each:
        of_one = _all_tests(each)
        yield lambda view, _focus, values: all(of_one(view, value) for value in values)
    for inspection in shape.inspections:
        yield _check_of(inspection)


def _check_of(inspection: Inspection) -> Check:
    return lambda view, focus, values: not inspection(view, focus, values)
