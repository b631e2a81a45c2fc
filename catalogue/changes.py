"""Reads the history of one dataset: what visits and assessments changed, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from catalogue.graphs import NamedNode
from catalogue.names import AS, Minted
from catalogue.ports import Row, Store, text
from catalogue.queries import query

KINDS = {AS.Create.value: "create", AS.Update.value: "update", AS.Add.value: "restore", AS.Delete.value: "withdraw"}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a dataset."""

    kind: str
    """create, update, restore or withdraw."""
    when: datetime
    digest: str
    violations: int
    stars: int | None
    visit: str
    """IRI of the visit that brought it; empty when it was an assessment."""
    assessments: tuple[str, ...] = ()
    """IRIs of the assessments and rulings that changed it; none when it was a visit. Then ``kind`` is update."""


def history(store: Store, minted: Minted, dataset: str) -> tuple[HistoryEntry, ...]:
    """Every change of a dataset, newest first."""
    rows = store.select(query("history"), history=NamedNode(minted.history(dataset)))
    return tuple(_entry(list(same)) for _, same in groupby(rows, lambda row: text(row, "when")))


def _entry(rows: Sequence[Row]) -> HistoryEntry:
    """One change; several assessments in one document give several rows."""
    row = rows[0]
    return HistoryEntry(
        kind=KINDS.get(text(row, "kind"), "update"),
        when=datetime.fromisoformat(text(row, "when")),
        digest=text(row, "digest"),
        violations=int(text(row, "violations") or 0),
        stars=int(text(row, "stars")) if "stars" in row else None,
        visit=text(row, "visit"),
        assessments=tuple(text(one, "assessment") for one in rows if "assessment" in one),
    )
