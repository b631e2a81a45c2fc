"""What happened to each dataset of a visit, after it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from catalogue.model import Note, Rejected, Report
from catalogue.quality import Label


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
