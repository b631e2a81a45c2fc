"""What happened to each dataset of a visit, and to each assessment that was handed in, after it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from catalogue.model import Note, Rejected, Report
from catalogue.quality import Answer, Doubt, Label


@dataclass(frozen=True, slots=True)
class Stored:
    """A new or changed dataset was committed."""

    dataset: str
    report: Report
    label: Label
    notes: tuple[Note, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The dataset is what it was; nothing was validated or written."""

    dataset: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The dataset was missing longer than the grace period; a tombstone took its place."""

    dataset: str
    missing_since: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """The dataset was not there at this visit; it stays until the grace period is over."""

    dataset: str
    since: datetime


IngestOutcome: TypeAlias = Stored | Unchanged | Rejected | Withdrawn | Missing


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of a document with assessments or rulings that was handed in."""

    dataset: str
    original: str
    """Digest under which the document lies in the archive."""
    received: tuple[str, ...]
    """IRIs of its assessments and rulings in the store."""
    before: Label
    after: Label
    dead: tuple[tuple[str, str], ...] = ()
    """Links to evidence that do not answer, each with the reason; what rests on them alone does not count."""
    earlier: datetime | None = None
    """When the same document came in before; then nothing was done."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one answer."""

    answer: Answer
    counts: bool
    doubt: Doubt | None = None
    """Why it does not count; None when it counts, or when a stronger or higher answer stands before it."""


def fates(submitted: Submitted) -> tuple[Fate, ...]:
    """What became of every answer of a document, in the order of the criteria of the label."""
    mine = tuple(f"{iri}-" for iri in submitted.received)
    found = []
    for mark in (*submitted.after.marks, *submitted.after.gates):
        for place, answer in enumerate(mark.answers):
            found.append(Fate(answer, counts=place == 0))
        found += [Fate(one.answer, counts=False, doubt=one.doubt) for one in mark.doubted]
    return tuple(fate for fate in found if fate.answer.iri.startswith(mine))
