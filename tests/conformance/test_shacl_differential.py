"""The compiled engine against pySHACL, result by result, on random shapes and on our rules with broken descriptions."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from catalogue.graphs import BlankNode, Graph, serialise
from catalogue.shacl import CompiledValidator, PyshaclValidator

sys.path.insert(0, str(Path(__file__).parent))
from random_shapes import NODES, data_graphs, shapes_graphs  # noqa: E402 - a module beside this one

CONTEXT_NODES = [node for node in NODES if not isinstance(node, BlankNode)]


def assert_equal_reports(shapes: Graph, context: Graph, data: Graph) -> int:
    compiled = CompiledValidator({"": shapes}, context).validate(data, "")
    reference = PyshaclValidator({"": shapes}, context).validate(data, "")
    missing = Counter(reference.findings) - Counter(compiled.findings)
    extra = Counter(compiled.findings) - Counter(reference.findings)
    if missing or extra or compiled.tested != reference.tested:
        texts = [serialise(graph, "text/turtle").decode() for graph in (shapes, context, data)]
        counts = Counter(compiled.tested)
        counts.subtract(reference.tested)
        pytest.fail("\n".join([f"missing {missing}", f"extra {extra}", f"tested too often {counts}", *texts]))
    return len(compiled.findings)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shapes=shapes_graphs(), context=data_graphs(CONTEXT_NODES), data=data_graphs())
def test_random_shapes(shapes: Graph, context: Graph, data: Graph) -> None:
    event(f"findings: {min(assert_equal_reports(shapes, context, data), 5)}")
