"""What counts on one criterion, by hand: verified, else shown, else declared where nothing shown speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from catalogue.marks import Evidence, mark
from catalogue.quality import Answer, Basis, Criterion, Doubt, Mark, Standing
from tests.unit.answering import LINK, RULE, TODAY, answer, criterion, deciding, report

COMPUTED, MEASURED, DECLARED, VERIFIED = Basis.COMPUTED, Basis.MEASURED, Basis.DECLARED, Basis.VERIFIED
PERIOD = ("L-d1", ("temporal", "temporal-bounds"))
"""Computed up to 1 of 2; may be measured and declared."""


def marked(asked: Criterion, held: Sequence[str], *said: Answer) -> Mark:
    """The mark where these rules held and all others are broken."""
    kept = {f"{RULE}label/{name}" for name in held}
    found = report(deciding(), set(deciding()) - kept)
    findings = {one.rule: (one,) for one in found.findings}
    return mark(asked, Evidence(found, findings, None, TODAY, False), said)


@pytest.mark.parametrize(
    ("held", "said", "level", "basis", "doubted"),
    [
        # nothing said: what the rules see
        ((), {}, 0, COMPUTED, []),
        (PERIOD[1], {}, 1, COMPUTED, []),
        # the higher of computed and measured
        (PERIOD[1], {MEASURED: 0}, 1, COMPUTED, []),
        (PERIOD[1], {MEASURED: 2}, 2, MEASURED, []),
        ((), {MEASURED: 1}, 1, MEASURED, []),
        # a declaration counts where it says more than was shown
        ((), {DECLARED: 1}, 1, DECLARED, []),
        (PERIOD[1], {DECLARED: 2}, 2, DECLARED, []),
        (PERIOD[1], {DECLARED: 1}, 1, COMPUTED, []),
        (PERIOD[1], {DECLARED: 0}, 1, COMPUTED, []),
        # but not against what was measured
        ((), {MEASURED: 0, DECLARED: 1}, 0, COMPUTED, [Doubt.CONTRADICTED]),
        ((), {MEASURED: 1, DECLARED: 2}, 1, MEASURED, [Doubt.CONTRADICTED]),
        (PERIOD[1], {MEASURED: 0, DECLARED: 2}, 1, COMPUTED, [Doubt.CONTRADICTED]),
        ((), {MEASURED: 1, DECLARED: 1}, 1, MEASURED, []),
        # what is verified counts, higher or lower
        (PERIOD[1], {MEASURED: 2, DECLARED: 2, VERIFIED: 0}, 0, VERIFIED, []),
        ((), {VERIFIED: 2}, 2, VERIFIED, []),
        ((), {MEASURED: 0, DECLARED: 2, VERIFIED: 1}, 1, VERIFIED, [Doubt.CONTRADICTED]),
    ],
)
def test_which_basis_counts(
    held: Sequence[str], said: dict[Basis, int], level: int, basis: Basis, doubted: list[Doubt]
) -> None:
    found = marked(criterion(PERIOD[0]), held, *(answer(PERIOD[0], value, way) for way, value in said.items()))
    assert (found.standing, found.level, found.basis) == (Standing.ASSESSED, level, basis)
    assert [one.doubt for one in found.doubted] == doubted
    assert len(found.answers) + len(found.doubted) == len(said) + 1, "the rules' own answer is among them"


def test_where_the_rules_see_everything_nobody_declares_more() -> None:
    asked = replace(criterion("Q3.2.2"), decisive=True)
    for held, level in (((), 0), (("provenance",), 1)):
        found = marked(asked, held, answer("Q3.2.2", 2))
        assert (found.level, found.basis, [one.doubt for one in found.doubted]) == (
            level,
            COMPUTED,
            [Doubt.CONTRADICTED],
        )
    assert marked(replace(asked, decisive=False), (), answer("Q3.2.2", 2)).level == 2
    assert marked(asked, ("provenance",), answer("Q3.2.2", 1)).doubted == ()
    assert marked(asked, (), answer("Q3.2.2", 2, VERIFIED)).level == 2


@pytest.mark.parametrize(
    ("identifier", "links", "dead", "counts"),
    [
        ("Q4.1.1", (LINK,), (), True),
        ("Q4.1.1", (), (), False),
        ("Q4.1.1", (LINK,), (LINK,), False),
        ("Q4.1.1", (LINK, LINK + "/2"), (LINK,), True),
        ("M01", (), (), True),
        ("M01", (LINK,), (LINK,), False),
        ("M01", (LINK, LINK + "/2"), (LINK,), True),
    ],
)
def test_a_declaration_needs_a_link_that_answers_where_the_criterion_asks_or_one_was_given(
    identifier: str, links: tuple[str, ...], dead: tuple[str, ...], counts: bool
) -> None:
    asked = criterion(identifier)
    said = answer(identifier, asked.highest, evidence=links, dead=dead)
    found = marked(asked, (), said)
    assert (found.standing is Standing.ASSESSED) == counts
    assert [one.doubt for one in found.doubted] == ([] if counts else [Doubt.WITHOUT_EVIDENCE])
    lowest = marked(asked, (), replace(said, level=asked.lowest))
    assert (lowest.level, lowest.doubted) == (asked.lowest, ()), "who declares nothing good needs no evidence"
    assert marked(asked, (), replace(said, basis=VERIFIED)).level == asked.highest


@pytest.mark.parametrize(
    ("identifier", "level", "note", "doubt"),
    [
        ("Q2.2.1", None, "no population is expected", None),
        ("Q2.2.1", None, "", Doubt.WITHOUT_EVIDENCE),
        ("Q4.1.1", None, "we would rather not say", Doubt.NOT_ALLOWED),
        ("Q4.1.1", 3, "", Doubt.NOT_ALLOWED),
        ("Q4.1.1", -1, "", Doubt.NOT_ALLOWED),
        ("Q3.2.1", 1, "", Doubt.NOT_ALLOWED),
    ],
)
def test_what_is_no_answer(identifier: str, level: int | None, note: str, doubt: Doubt | None) -> None:
    found = marked(criterion(identifier), (), answer(identifier, level, note=note))
    assert [one.doubt for one in found.doubted] == ([doubt] if doubt else [])
    assert (found.standing is Standing.NOT_APPLICABLE) == (doubt is None)


def test_what_does_not_apply_stands_against_the_description_but_not_against_the_data() -> None:
    away = answer("Q2.1.1", None)
    for value, standing in ((0, Standing.NOT_APPLICABLE), (1, Standing.ASSESSED)):
        found = marked(criterion("Q2.1.1"), (), away, answer("Q2.1.1", value, MEASURED))
        assert found.standing is standing
    described = marked(criterion("L-f1"), ("version", "version-notes"), answer("L-f1", None))
    assert (described.standing, described.basis) == (Standing.NOT_APPLICABLE, DECLARED)
    verified = marked(criterion("L-f1"), (), answer("L-f1", None), answer("L-f1", 1, VERIFIED))
    assert (verified.level, verified.basis) == (1, VERIFIED)


def test_the_newest_answer_on_a_basis_takes_the_place_of_older_ones() -> None:
    old, new = (answer("M01", level, given=date(2026, 11, day)) for level, day in ((5, 1), (2, 2)))
    for said in ((old, new), (new, old)):
        found = marked(criterion("M01"), (), *said)
        assert (found.level, [one.answer for one in found.doubted]) == (2, [old])
        assert [one.doubt for one in found.doubted] == [Doubt.SUPERSEDED]
    same = replace(old, given=new.given)
    assert marked(criterion("M01"), (), same, new).level == 2, "of two on one day the one that says less"
    gone = replace(new, valid_until=date(2026, 11, 3))
    assert marked(criterion("M01"), (), old, gone).level == 5, "one that does not count takes no place"
