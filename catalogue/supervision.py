"""What a health data access body supervises: whose descriptions are due for their yearly check, and which provisions
descriptions break before the law applies."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalogue.ports import Ages, Index
from catalogue.rulebook import Rulebook

YEARLY = "http://data.europa.eu/eli/reg/2025/327/art_60/par_3/oj"
"""Holders check at least once a year that their descriptions are accurate and up to date (Art. 60(3) EHDS)."""
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How the descriptions of a catalogue stand to one provision."""

    provision: str
    failed: int
    passed: int
    """Rules found no fault in as many; that says nothing about what no rule can see."""
    untested: int
    """Neither: there was nothing in the description that a rule could look at."""
    applies_from: date | None


@dataclass(frozen=True, slots=True)
class Supervision:
    """The state of a catalogue on one day."""

    day: date
    before: date
    """Descriptions that state no modification from this day on are due for their check."""
    whole: Ages
    holders: Mapping[str, Ages]
    """By name, most datasets first; a dataset of several publishers counts for each."""
    readiness: Sequence[Readiness]
    """Most faults first."""


def supervise(index: Index, rulebook: Rulebook, day: date) -> Supervision:
    """The state on a day."""
    before = day - YEAR
    whole, holders = index.ages(before.isoformat())
    found = index.provisions()
    readiness = [
        Readiness(one.provision, failed, passed, max(0, whole.datasets - failed - passed), one.applies_from)
        for one in rulebook.requirements
        for failed, passed in (found.get(one.provision, (0, 0)),)
    ]
    readiness.sort(key=lambda one: -one.failed)
    return Supervision(day, before, whole, holders, readiness)


def holders_csv(state: Supervision) -> str:
    """A line for each holder."""
    lines = [
        [name, one.datasets, one.old, one.undated, state.before.isoformat()] for name, one in state.holders.items()
    ]
    return _csv(["holder", "datasets", "check_due", "without_date", "last_modified_before"], lines)


def provisions_csv(state: Supervision, rulebook: Rulebook) -> str:
    """A line for each provision that a mandatory rule implements."""
    lines = [
        [one.provision, rulebook.cite(one.provision), one.applies_from or "", one.failed, one.passed, one.untested]
        for one in state.readiness
    ]
    return _csv(["provision", "cited", "applies_from", "with_faults", "no_fault_found", "nothing_to_check"], lines)


def _csv(header: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(header)
    table.writerows(lines)
    return written.getvalue()
