"""Recognises graphs made to exhaust us: blank nodes so alike and so entangled that telling them apart takes for ever.

RDFC-1.0 tries every order of blank nodes it cannot tell apart (https://www.w3.org/TR/rdf-canon/, "Dataset Poisoning").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from math import lgamma, log
from typing import TypeAlias

BUDGET = 16.0
"""Most orders to try among nodes that hang together, as a power of two; descriptions met in practice need 0."""
_ROUNDS = 8

_Links: TypeAlias = dict[Hashable, list[tuple[str, Hashable]]]


def tangled(links: Iterable[tuple[Hashable, str, Hashable]], looks: Mapping[Hashable, Hashable]) -> bool:
    """Whether telling blank nodes apart could take more than about 2 ** BUDGET steps.

    ``links`` go from one blank node by a property to another; ``looks`` is what else is said about each of them.
    """
    around: _Links = defaultdict(list)
    for subject, predicate, obj in links:
        around[subject].append((">" + predicate, obj))
        around[obj].append(("<" + predicate, subject))
    colours = _colours(around, looks)
    return any(sum(_doubt(around[node], colours) for node in group) > BUDGET for group in _groups(around))


def _colours(links: _Links, looks: Mapping[Hashable, Hashable]) -> dict[Hashable, int]:
    """Nodes of one colour look alike, as far as a few steps around them."""
    colours = {node: hash(looks.get(node)) for node in links}
    for _ in range(_ROUNDS):
        refined = {
            node: hash((colours[node], frozenset(Counter((link, colours[other]) for link, other in around).items())))
            for node, around in links.items()
        }
        settled = len(set(refined.values())) == len(set(colours.values()))
        colours = refined
        if settled:
            break
    return colours


def _groups(links: _Links) -> list[set[Hashable]]:
    """Nodes that hang together; one group is named without regard to the next."""
    groups, left = [], set(links)
    while left:
        group: set[Hashable] = set()
        waiting = {left.pop()}
        while waiting:
            node = waiting.pop()
            group.add(node)
            near = {other for _, other in links[node]} & left
            left -= near
            waiting |= near
        groups.append(group)
    return groups


def _doubt(around: list[tuple[str, Hashable]], colours: Mapping[Hashable, int]) -> float:
    """Binary logarithm of the orders in which the alike neighbours of one node could be taken."""
    alike = Counter((link, colours[other]) for link, other in around)
    return sum(lgamma(count + 1) / log(2) for count in alike.values() if count > 1)
