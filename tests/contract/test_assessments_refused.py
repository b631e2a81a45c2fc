"""What cannot be taken, or not from whoever hands it in, is refused whole, told clearly, and not lost."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalogue.assessing import Assessment
from catalogue.assessments import fates
from catalogue.errors import BadAssessment, BadInput, NotAllowed
from catalogue.graphs import digest
from catalogue.quality import Act, Basis, Doubt
from tests.contract.place import COHORT, CURATOR, HDAB, HOLDER, STRANGER, Place, mark, state

DECLARED = (("Q3.1.1", 2), ("Q4.1.1", 2), ("Q4.2.1", 2), ("Q4.3.1", 2), ("Q4.4.1", 2), ("M02", 4), ("L-v2", 1))


def test_contradictory_declarations_are_refused_whole_and_kept_as_bytes(local: Place) -> None:
    one = local.document(("Q4.1.1", 2), ("M02", 3)).decode()
    two = local.document(("Q4.1.1", 1)).decode().replace("assessment#assessment", "assessment#again")
    content, before = f"{one}\n{two}".encode(), state(local)
    with pytest.raises(BadAssessment) as caught:
        local.submit(content)
    (problem,) = caught.value.problems
    assert "contradict" in problem[0]
    assert "<#assessment-Q4.1.1>: level 2" in problem[0]
    assert "<#again-Q4.1.1>: level 1" in problem[0]
    assert state(local) == before
    assert local.services.archive.get(digest(content)) == content


def test_newer_takes_the_place_of_older_and_both_stay(local: Place) -> None:
    local.hand_in(("Q4.1.1", 2))
    done = local.hand_in(("Q4.1.1", 1))
    (fate,) = fates(done)
    assert fate.counts
    given = local.consistent()
    assert mark(given, "Q4.1.1").level == 1
    assert [(one.answer.level, one.doubt) for one in mark(given, "Q4.1.1").doubted] == [(2, Doubt.SUPERSEDED)]
    assert [fate.counts for fate in fates(local.hand_in(("Q4.1.1", 2)))] == [True], (
        "of one day the one that came in last"
    )
    late = local.hand_in(("Q4.1.1", 1), given=date(2026, 1, 1))
    assert [fate.doubt for fate in fates(late)] == [Doubt.SUPERSEDED]
    assert len(local.services.assessments.history(COHORT).received) == 4


def test_the_same_document_twice_is_one(local: Place) -> None:
    content = local.document(("Q4.1.1", 2))
    first = local.submit(content)
    before = state(local)
    second = local.submit(content)
    assert (first.earlier, second.received) == (None, ())
    assert second.earlier is not None
    assert state(local) == before


@pytest.mark.parametrize(
    ("by", "basis", "given_by"),
    [
        (HOLDER, Basis.VERIFIED, HOLDER),
        (STRANGER, Basis.DECLARED, STRANGER),
        (HOLDER, Basis.DECLARED, STRANGER),
        (HDAB, Basis.DECLARED, HDAB),
        (HDAB, Basis.VERIFIED, HOLDER),
        (CURATOR, Basis.VERIFIED, CURATOR),
        (STRANGER, Basis.MEASURED, STRANGER),
    ],
)
def test_who_may_not_is_told_so_and_nothing_is_lost(local: Place, by: str, basis: Basis, given_by: str) -> None:
    content, before = local.document(("Q4.3.1", 2), by=given_by, basis=basis), state(local)
    with pytest.raises(NotAllowed) as caught:
        local.submit(content, by)
    assert (caught.value.http_status, caught.value.exit_code) == (403, 2)
    assert digest(content) in str(caught.value)
    assert state(local) == before
    assert local.services.archive.get(digest(content)) == content


def test_only_an_access_body_rules(local: Place) -> None:
    before = state(local)
    with pytest.raises(NotAllowed, match="HealthDataAccessBody"):
        local.services.assessments.rule(COHORT, Act.REVOKED, local.actor(HOLDER), "we do not like it")
    assert state(local) == before


def test_a_curator_hands_in_what_a_holder_declared(local: Place) -> None:
    local.submit(local.document(("Q4.1.1", 2), by=HOLDER), CURATOR)
    (one,) = local.services.assessments.history(COHORT).received
    assert isinstance(one.said, Assessment)
    assert (one.said.by, one.submitted_by) == (HOLDER, CURATOR)


def test_a_date_in_the_future_is_refused(local: Place) -> None:
    for given in (date(2026, 11, 25), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)):
        with pytest.raises(BadAssessment, match="future"):
            local.hand_in(("Q4.1.1", 2), given=given)


def test_a_dataset_that_is_not_here(local: Place) -> None:
    with pytest.raises(BadInput, match="no such dataset"):
        local.hand_in(("Q4.1.1", 2), dataset="https://data.example.org/nothing")


def test_a_dry_run_keeps_nothing(local: Place) -> None:
    content, before = local.document(("Q4.1.1", 2)), state(local)
    told = local.submit(content, dry=True)
    assert (state(local), local.services.archive.get(digest(content))) == (before, None)
    done = local.submit(content)
    assert (told.after.stars, told.after.points) == (done.after.stars, done.after.points)
    assert [fate.counts for fate in fates(told)] == [True]
