"""What may be said of a label as a whole: computed, declared, verified or revoked; owed or not; until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.label import EVIDENCE
from catalogue.model import Report
from catalogue.quality import Act, Answer, Basis, Doubt, Owed, Ruling, Standing, Status
from tests.unit.answering import RULE, TODAY, answer, criterion, deciding, labelled, marked, report, rules
from tests.unit.drawn import DAYS, answers, reports

HDAB = "https://hdab.example/"
FUNDED = f"{RULE}label/public-funding"


def day(number: int) -> date:
    """A day of that November."""
    return date(2026, 11, number)


def noon(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


def ruling(act: Act, number: int, **more: datetime) -> Ruling:
    return Ruling(act, day(number), HDAB, "a reason", f"{HDAB}{act.name}{number}", **more)


CONFIRMED, AGAIN = ruling(Act.CONFIRMED, 10), ruling(Act.CONFIRMED, 20)
REVOKED = ruling(Act.REVOKED, 15)
EARLY, LATE = answer("Q4.1.1", 2, given=day(5)), answer("Q4.2.1", 2, given=day(12))


@pytest.mark.parametrize(
    ("said", "rulings", "status"),
    [
        ((), (), Status.COMPUTED),
        ((), (CONFIRMED,), Status.VERIFIED),
        ((EARLY,), (), Status.DECLARED),
        ((replace(EARLY, basis=Basis.MEASURED, criterion=criterion("L-b1").iri),), (), Status.DECLARED),
        ((EARLY,), (CONFIRMED,), Status.VERIFIED),
        ((replace(EARLY, given=day(10)),), (CONFIRMED,), Status.VERIFIED),
        ((EARLY, LATE), (CONFIRMED,), Status.DECLARED),
        ((EARLY, replace(LATE, criterion=EARLY.criterion)), (CONFIRMED,), Status.DECLARED),
        ((EARLY, LATE), (CONFIRMED, AGAIN), Status.VERIFIED),
        ((EARLY, LATE), (CONFIRMED, REVOKED), Status.REVOKED),
        ((EARLY, LATE), (CONFIRMED, REVOKED, AGAIN), Status.VERIFIED),
        ((EARLY, replace(LATE, given=day(22))), (CONFIRMED, REVOKED, AGAIN), Status.DECLARED),
        ((), (REVOKED,), Status.REVOKED),
        ((EARLY,), (ruling(Act.CONFIRMED, 25),), Status.DECLARED),
        ((EARLY,), (CONFIRMED, ruling(Act.REVOKED, 25)), Status.VERIFIED),
        ((EARLY,), (ruling(Act.CONFIRMED, 15), REVOKED), Status.REVOKED),
    ],
    ids=[
        "computed",
        "confirmed when nothing was declared",
        "declared",
        "measured",
        "confirmed",
        "confirmed on the same day",
        "declared again on another criterion",
        "declared again on the same criterion",
        "confirmed again",
        "revoked",
        "confirmed after it was revoked",
        "declared after that",
        "revoked when nothing was declared",
        "confirmed tomorrow",
        "revoked tomorrow",
        "confirmed and revoked on one day",
    ],
)
def test_status(said: tuple[Answer, ...], rulings: tuple[Ruling, ...], status: Status) -> None:
    for order in (rulings, rulings[::-1]):
        given_label = labelled(said, None, None, *order)
        assert given_label.status is status
        assert (given_label.stars is None) == (status is Status.REVOKED)
        held = [one for one in rulings if one.given <= TODAY]
        expected = max(held, key=lambda one: (one.given, one.act is Act.REVOKED), default=None)
        assert given_label.ruling == expected


@pytest.mark.parametrize(
    "said",
    [
        replace(EARLY, valid_until=day(23)),
        replace(EARLY, given=day(25)),
        replace(EARLY, evidence=()),
        replace(EARLY, level=7),
        answer("Q3.2.2", 1),
        answer("L-b2", 0, Basis.MEASURED),
    ],
    ids=["expired", "future", "without evidence", "no such level", "computed too", "measured but computed counts"],
)
def test_what_does_not_count_leaves_it_computed(said: Answer) -> None:
    assert labelled([said], report(deciding())).status is Status.COMPUTED
    assert labelled([said, EARLY], report(deciding())).status is Status.DECLARED


def test_verified_answers_alone_do_not_verify_the_whole() -> None:
    verified = replace(EARLY, basis=Basis.VERIFIED)
    assert labelled([verified]).status is not Status.VERIFIED
    assert labelled([verified, LATE], None, None, CONFIRMED).status is Status.DECLARED
    assert labelled([replace(LATE, given=day(5)), verified], None, None, CONFIRMED).status is Status.VERIFIED


def test_what_came_in_after_the_confirmation_is_not_verified_by_an_old_date() -> None:
    confirmed = replace(CONFIRMED, received=noon(10))
    known, unknown = (replace(EARLY, received=noon(*when)) for when in ((10, 11), (10, 13)))
    assert labelled([known], None, None, confirmed).status is Status.VERIFIED
    assert labelled([unknown], None, None, confirmed).status is Status.DECLARED


def test_of_two_rulings_on_one_day_the_one_received_last_holds() -> None:
    first, second = noon(15, 8), noon(15, 9)
    for act, other in ((Act.CONFIRMED, Act.REVOKED), (Act.REVOKED, Act.CONFIRMED)):
        said = labelled([], None, None, ruling(act, 15, received=second), ruling(other, 15, received=first))
        assert said.status is {Act.CONFIRMED: Status.VERIFIED, Act.REVOKED: Status.REVOKED}[act]


def test_a_revoked_label_keeps_what_is_behind_it() -> None:
    whole, revoked = labelled([EARLY, LATE]), labelled([EARLY, LATE], None, None, REVOKED)
    assert (revoked.grades, revoked.points, revoked.possible) == (whole.grades, whole.points, whole.possible)
    assert (whole.stars, revoked.stars) == (0, None)


RULINGS = st.lists(st.builds(Ruling, st.sampled_from(Act), DAYS, st.just(HDAB), st.just("a reason")), max_size=3)


@settings(deadline=None, max_examples=60)
@given(found=reports, said=answers(8), rulings=RULINGS, confirmed=st.just(Ruling(Act.CONFIRMED, TODAY, HDAB, "")))
def test_a_confirmation_of_today_verifies_and_changes_no_points(
    found: Report, said: tuple[Answer, ...], rulings: list[Ruling], confirmed: Ruling
) -> None:
    before = labelled(said, found, None, *rulings)
    earlier = [one for one in rulings if one.given < TODAY]
    after = labelled(said, found, None, *earlier, confirmed)
    assert after.status is Status.VERIFIED
    assert (after.points, after.possible, after.grades) == (before.points, before.possible, before.grades)


# --- beside the score -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "tested", "owed"),
    [
        ((), (), Owed.UNKNOWN),
        ((), (FUNDED,), Owed.YES),
        ((answer("L-v2", 1),), (), Owed.YES),
        ((answer("L-v2", 0),), (), Owed.NO),
        ((answer("L-v2", 0),), (FUNDED,), Owed.YES),
        ((answer("L-v2", 0, Basis.VERIFIED),), (FUNDED,), Owed.NO),
        ((answer("L-v2", 1, given=day(25)),), (), Owed.UNKNOWN),
    ],
)
def test_whether_a_label_is_owed(said: tuple[Answer, ...], tested: tuple[str, ...], owed: Owed) -> None:
    assert labelled(said, report(tested)).owed is owed
    assert labelled(said, report(tested)).points == 0, "a gate is no part of the score"


@pytest.mark.parametrize(
    ("said", "evidenced"),
    [
        ((), None),
        ((replace(EARLY, basis=Basis.VERIFIED, evidence=()),), None),
        ((EARLY, LATE), True),
        ((EARLY, replace(LATE, by="")), False),
        ((EARLY, replace(LATE, given=None)), False),
        ((EARLY, answer("M01", 5, evidence=())), False),
        ((EARLY, answer("M01", 1, evidence=("https://holder.example/a",), dead=("https://holder.example/a",))), False),
        ((EARLY, replace(LATE, evidence=(), by="")), True),
    ],
)
def test_whether_it_can_be_verified(said: tuple[Answer, ...], evidenced: bool | None) -> None:
    assert labelled(said).evidenced is evidenced


@pytest.mark.parametrize("link", [True, False])
def test_the_gate_follows_from_the_declared_answers(link: bool) -> None:
    said = answer("M01", 5, evidence=("https://holder.example/a",) if link else ())
    mark = marked(labelled([said]), EVIDENCE)
    assert (mark.level, mark.basis, mark.standing) == (int(link), Basis.COMPUTED, Standing.ASSESSED)
    checked = marked(labelled([said, answer(EVIDENCE, 1, Basis.VERIFIED)]), EVIDENCE)
    assert (checked.level, checked.basis, checked.answers[-1]) == (1, Basis.VERIFIED, mark.answers[0])
    assert marked(labelled([]), EVIDENCE).standing is Standing.OPEN
    assert marked(labelled([answer("M01", 5, Basis.VERIFIED)]), EVIDENCE).standing is Standing.OPEN


@pytest.mark.parametrize("identifier", [EVIDENCE, "L-v2", "Q3.2.1", "Q4.1.1"])
def test_nobody_else_says_what_is_computed(identifier: str) -> None:
    said = answer(identifier, 1, Basis.COMPUTED)
    before, after = labelled([]), labelled([said])
    mark = marked(after, identifier)
    assert [(one.answer, one.doubt) for one in mark.doubted] == [(said, Doubt.NOT_ALLOWED)]
    assert replace(mark, doubted=()) == marked(before, identifier)


def test_it_holds_until_the_first_answer_that_counts_expires() -> None:
    ends = [replace(EARLY, valid_until=day(28)), replace(LATE, valid_until=day(26))]
    old = replace(answer("Q4.4.1", 2), valid_until=day(23))
    assert labelled([EARLY, LATE]).review_by is None
    assert labelled([*ends, old]).review_by == day(27)
    assert labelled([replace(EARLY, valid_until=TODAY)]).review_by == day(25)
    released = answer("Q1.1.2", 3, valid_until=day(26))
    assert labelled([released], report((), (), "NON_PUBLIC")).review_by == day(27)
    assert labelled([released], report((), (), "PUBLIC")).review_by is None, "there it does not apply"


def test_an_answer_holds_on_its_last_day() -> None:
    assert marked(labelled([replace(EARLY, valid_until=TODAY)]), "Q4.1.1").level == 2
    late = marked(labelled([replace(EARLY, valid_until=day(23))]), "Q4.1.1")
    assert (late.level, [one.doubt for one in late.doubted]) == (None, [Doubt.EXPIRED])
    assert [scheme.name for scheme in rules().schemes] == ["art78", "quantum"]
