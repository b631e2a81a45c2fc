"""Supervision: whose descriptions are old, which provisions are broken, counted from the index."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from catalogue.errors import BadInput
from catalogue.ports import Ages, Query
from catalogue.rulebook import Rulebook
from catalogue.supervision import YEARLY, holders_csv, provisions_csv, supervise
from tests.unit.indexing import index_of, keys, make

A, B = ({"publisher": [name]} for name in ("Ämterklinik, A", "B"))
ENTRIES = (
    make("old", modified="2024-01-01", facets=A),
    make("year", modified="2025-03-01", facets=A),
    make("new", modified="2026-02-01", facets=B),
    make("undated", facets=B),
    make("both", modified="2025-02-28", facets={"publisher": ["B", "Ämterklinik, A"]}),
    make("nobody", modified="2020"),
)


def test_holders_by_age() -> None:
    whole, holders = index_of(*ENTRIES).ages("2025-03-01")
    assert whole == Ages(6, old=3, undated=1)
    assert list(holders.items()) == [
        ("B", Ages(3, old=1, undated=1)),
        ("Ämterklinik, A", Ages(3, old=2, undated=0)),
        ("", Ages(1, old=1, undated=0)),
    ]
    assert index_of().ages("2025-03-01") == (Ages(0, 0, 0), {})


def test_old_descriptions_oldest_first() -> None:
    index = index_of(*ENTRIES)
    assert keys(index.search(Query(before="2025-03-01", sort="oldest"))) == ["nobody", "old", "both"]
    assert keys(index.search(Query(before="2025-03-01", facets={"publisher": ["B"]}))) == ["both"]
    counts = dict(index.search(Query(before="2025-03-01")).counts["publisher"])
    assert counts == {"B": 1, "Ämterklinik, A": 2}


def test_provisions_that_are_broken(rulebook: Rulebook) -> None:
    first, second = (one.provision for one in rulebook.requirements[:2])
    entries = [make("x", breaks=[first], meets=[second]), make("y", breaks=[first, second]), make("z")]
    index = index_of(*entries)
    assert index.provisions() == {first: (2, 0), second: (1, 1)}
    assert keys(index.search(Query(breaks=second))) == ["y"]
    state = supervise(index, rulebook, date(2026, 3, 1))
    assert {one.provision for one in state.readiness} == {one.provision for one in rulebook.requirements}
    by_provision = {one.provision: (one.failed, one.passed, one.untested) for one in state.readiness}
    assert by_provision[first] == (2, 0, 1)
    assert by_provision[second] == (1, 1, 1)
    assert state.readiness[0].provision == first
    [line] = [one for one in csv.DictReader(io.StringIO(provisions_csv(state, rulebook))) if one["provision"] == first]
    assert (line["with_faults"], line["no_fault_found"], line["nothing_to_check"]) == ("2", "0", "1")
    assert line["applies_from"] == (state.readiness[0].applies_from or date.min).isoformat()


def test_what_is_due_on_a_day(rulebook: Rulebook) -> None:
    state = supervise(index_of(*ENTRIES), rulebook, date(2026, 3, 1))
    assert state.before == date(2025, 3, 1)
    assert (state.whole.old, state.whole.undated) == (3, 1)
    rows = list(csv.DictReader(io.StringIO(holders_csv(state))))
    assert [row["holder"] for row in rows] == ["B", "Ämterklinik, A", ""]
    assert rows[1]["check_due"] == "2"


def test_the_law_behind_it_is_in_the_rulebook(rulebook: Rulebook) -> None:
    assert rulebook.cite(YEARLY) == "Art. 60(3) EHDS"


def test_an_order_that_is_none() -> None:
    with pytest.raises(BadInput, match="oldest"):
        index_of().search(Query(sort="youngest"))
