"""What Hypothesis draws to test the label: what a check says, and what others say about a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from catalogue.model import Report
from catalogue.quality import Answer, Basis
from tests.unit.answering import DATASET, HOLDER, TODAY, deciding, report, rules

LINKS = ("https://holder.example/one", "https://holder.example/two")
RIGHTS = st.sampled_from([None, "PUBLIC", "RESTRICTED", "NON_PUBLIC"])
DAYS = st.integers(-40, 3).map(lambda days: TODAY + timedelta(days))
GIVEN = (Basis.DECLARED, Basis.MEASURED, Basis.VERIFIED)


@st.composite
def checks(draw: st.DrawFn) -> tuple[frozenset[str], frozenset[str], str | None]:
    """Rules that were tested, those of them that are broken, and the access right."""
    tested = draw(st.frozensets(st.sampled_from(deciding())) | st.just(frozenset(deciding())))
    broken = draw(st.frozensets(st.sampled_from(sorted(tested)))) if tested else frozenset()
    return tested, broken, draw(RIGHTS)


reports: st.SearchStrategy[Report] = checks().map(lambda drawn: report(*drawn))


@st.composite
def one_answer(draw: st.DrawFn, asked: Sequence[str] = (), basis: Basis | None = None) -> Answer:
    """An answer on one of the criteria: most could count, some are late, early, bare or no answer at all."""
    criterion = rules().criteria_by_iri[draw(st.sampled_from(asked or sorted(rules().criteria_by_iri)))]
    ways = sorted(criterion.obtained & set(GIVEN), key=lambda way: way.value)
    given = draw(DAYS | st.just(TODAY))
    received = draw(st.none() | st.just(given))
    evidence = draw(st.sampled_from([LINKS, LINKS[:1], ()]))
    return Answer(
        criterion.iri,
        draw(st.sampled_from([None, *(level.value for level in criterion.levels), criterion.highest + 1])),
        basis or draw(st.sampled_from([*ways, *ways, *Basis])),
        given=given,
        by=HOLDER,
        evidence=evidence,
        dead=draw(st.sampled_from([(), (), evidence[:1], evidence])),
        valid_until=draw(st.none() | st.integers(-2, 60).map(lambda days: TODAY + timedelta(days))),
        note=draw(st.sampled_from(["a reason", ""])),
        received=None if received is None else at(received),
    )


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def answers(largest: int = 25) -> st.SearchStrategy[tuple[Answer, ...]]:
    """Answers on few criteria, so that they meet; each has an IRI of its own."""
    few = st.lists(st.sampled_from(sorted(rules().criteria_by_iri)), min_size=1, max_size=6, unique=True)
    many = few.flatmap(lambda asked: st.lists(one_answer(asked), max_size=largest))
    return many.map(lambda found: tuple(replace(one, iri=f"{DATASET.value}#{n}") for n, one in enumerate(found)))
