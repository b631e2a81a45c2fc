"""Counts as they may be published: exact, within bounds, or not at all, so that no small group can be computed.

Whatever a profile says is computed from these published counts. Two tables that differ only in what is withheld give
the same profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BOUNDS = (0.01, 0.05, 0.2)
"""Shares of the records that bound the records of few persons, for few persons may have many records."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records are in a state, and how many persons they are about (the records, when persons are unknown)."""

    records: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``of`` records, as published: at least ``low``, at most ``high``."""

    low: int
    high: int
    of: int
    """0 when not even that is published."""

    @property
    def exact(self) -> bool:
        """Whether the count itself is published."""
        return self.low == self.high and self.of > 0

    @property
    def known(self) -> bool:
        """Whether the bounds say anything."""
        return self.exact or self.high - self.low < self.of - 2

    @property
    def percent(self) -> float:
        """The highest share it can be, in percent, to one decimal."""
        return round(100 * self.high / self.of, 1) if self.of else 0.0

    def __str__(self) -> str:
        if self.exact:
            return f"{self.high:,} ({self.percent:g} %)" if self.high else "0"
        if not self.known:
            return "withheld"
        return f"fewer than {self.high + 1}" if self.low == 1 else f"all but fewer than {self.of - self.low + 1}"

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        if self.exact:
            return {"count": self.high, "of": self.of, "percent": self.percent}
        if not self.known:
            return {"withheld": True, **({"of": self.of} if self.of else {})}
        return (
            {"fewer_than": self.high + 1, "of": self.of}
            if self.low == 1
            else {"more_than": self.low - 1, "of": self.of}
        )


HIDDEN = Share(0, 0, 0)
"""Not even of how many: those looked at are few themselves, or all but few."""


def shares(states: Mapping[str, Counted], rest: str, least: int, *, persons: bool) -> dict[str, Share]:
    """What may be published of records in states that add up to a published total; the state ``rest`` never is.

    ``least`` is the lowest count of persons stated. Nothing and everything are stated: they tell no person from
    another. Another count is stated when neither it nor what is left is about few persons; the records of few are
    bounded by ``least`` or by a share in :data:`BOUNDS`. Nothing is stated when no state is about enough persons, or
    when every count could be and ``rest`` is about few, who could then be computed.
    """
    total = sum(one.records for one in states.values())
    found = {name: _share(name, states, total, least, persons) for name in states}
    left = found.pop(rest)
    few = max(one.persons for one in states.values()) < least
    if few or (not left.exact and all(share.exact for share in found.values())):
        return dict.fromkeys(found, HIDDEN)
    return found


def _share(name: str, states: Mapping[str, Counted], total: int, least: int, persons: bool) -> Share:
    count = states[name].records
    if count in (0, total):
        return Share(count, count, total)
    others = max((one.persons for other, one in states.items() if other != name), default=0)
    if not persons:
        others = total - count
    if states[name].persons >= least and others >= least:
        return Share(count, count, total)
    if others >= least:
        return Share(1, _bound(count, total, least), total)
    return Share(1 if persons else max(total - least + 1, 1), total - 1, total)


def _bound(count: int, total: int, least: int) -> int:
    """The lowest of a few bounds that a count does not pass; none of them is tighter than ``least``."""
    bounds = (least - 1, *(bound for part in BOUNDS if (bound := int(total * part)) >= least))
    return min(next((bound for bound in bounds if count <= bound), total - 1), total - 1)


def worst(parts: Iterable[Share]) -> float | None:
    """The lowest share of records, in percent rounded down to a tenth, that none of these states can hold.

    Each is counted at its upper bound; those of which nothing is known are left out. None when nothing is left.
    """
    known = [share for share in parts if share.known and share.of]
    of = sum(share.of for share in known)
    if not of:
        return None
    left = max(of - sum(share.high for share in known), 0)
    return left * 1000 // of / 10
