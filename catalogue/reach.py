"""How far a description reaches: the one rule for graphs in memory and for documents in a file."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def reach(root: N, links: Callable[[N], Iterable[N] | None], boundary: Container[N]) -> Iterator[N]:
    """``root`` and everything it points to, step by step, stopping at ``boundary``: the nodes of one description.

    ``links`` are the nodes that a node points to, or None for one of which nothing is said.
    """
    waiting, seen = [root], {root}
    while waiting:
        node = waiting.pop()
        further = links(node)
        if further is None:
            continue
        yield node
        for other in further:
            if other not in seen and other not in boundary:
                seen.add(other)
                waiting.append(other)
