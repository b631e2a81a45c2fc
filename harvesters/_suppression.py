"""Withholds small counts of persons so that they cannot be computed from what is published either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalogue.errors import ConfigurationError

FLOOR = 5
"""No installation may publish a count of fewer persons."""
DEFAULT = 10


def threshold(options: Mapping[str, str]) -> int:
    """The lowest count of persons that may be published: option ``suppress`` of the node, else :data:`DEFAULT`.

    Raises :class:`~catalogue.errors.ConfigurationError` for a value below :data:`FLOOR` or that is no number.
    """
    given = options.get("suppress", str(DEFAULT))
    if not given.isdecimal() or int(given) < FLOOR:
        raise ConfigurationError(
            f"option suppress must be a whole number of {FLOOR} or more, not {given!r}",
            where="node file, cat:option",
            remedy=f"raise it; {DEFAULT} is the default",
        )
    return int(given)


def of_partition(cells: Mapping[str, int], least: int) -> dict[str, int]:
    """What may be published of counts that add up to a published total; everything else is withheld.

    Counts below ``least`` are withheld (primary suppression). Then the smallest counts left, equal ones together, are
    withheld too until nothing can be computed (complementary suppression): what is withheld adds up to ``least`` or
    more, and can be distributed in several ways even by someone who knows this method. Zeros are not published: an
    absent category is empty or withheld, and nobody can tell which.
    """
    shown = {name: count for name, count in cells.items() if count >= least}
    withheld = [count for count in cells.values() if count < least]
    while shown and not _is_safe(withheld, least):
        smallest = min(shown.values())
        withheld += [count for count in shown.values() if count == smallest]
        shown = {name: count for name, count in shown.items() if count > smallest}
    return shown


def _is_safe(withheld: Sequence[int], least: int) -> bool:
    """Whether no single withheld count follows from their sum.

    The choice of what to withhold does not look at names, so different counts could as well be swapped. Equal ones
    could be one more and one less, unless that makes one large enough to be published.
    """
    if sum(withheld) < least:
        return sum(withheld) == 0
    return len(set(withheld)) > 1 or withheld[0] + 1 < least


def of_overlapping(cells: Mapping[str, int], total: int, least: int) -> dict[str, int]:
    """What may be published of counts of groups that may share persons, beside a published total.

    A count goes out only when neither the group nor the persons outside it are few.
    """
    return {name: count for name, count in cells.items() if count >= least and may_differ(total, count, least)}


def may_differ(total: int, part: int, least: int) -> bool:
    """Whether both a total and a part of it may be known: what is left is nothing or at least ``least``."""
    return total == part or total - part >= least
