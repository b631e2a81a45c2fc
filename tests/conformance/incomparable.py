"""Where two values have no order, pySHACL goes its own way (see test_shacl_departures.py)."""

from __future__ import annotations

from catalogue.graphs import Graph
from catalogue.names import SH
from catalogue.rulebook import Rulebook
from catalogue.shacl_literals import ordered


class Incomparable:
    """Knows the pairs of properties that the rules put in order."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._pairs = [
            (rulebook.graph.value(shape, SH.path), other)
            for name in (SH.lessThan, SH.lessThanOrEquals)
            for shape in rulebook.graph.nodes
            for other in rulebook.graph.objects(shape, name)
        ]

    def in_graph(self, graph: Graph) -> bool:
        """Whether a node has values of such a pair that cannot be compared."""
        for node in graph.nodes:
            for pair in self._pairs:
                values = [value for predicate in pair for value in graph.outgoing(node).get(str(predicate)[1:-1], ())]
                kinds = {(value.kind, value.zoned) if value else None for value in map(ordered, values)}
                if len(kinds) > 1 or None in kinds:
                    return True
        return False
