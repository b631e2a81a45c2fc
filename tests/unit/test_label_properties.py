"""The label adds up whatever is said: what is missing or does not count earns nothing, what is mended never costs."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.label import rescored, said_behind
from catalogue.model import Outcome, Report
from catalogue.quality import Act, Answer, Basis, Doubt, Label, Ruling, Standing
from tests.unit.answering import HOLDER, TODAY, answer, labelled, marked, report, rules, scored
from tests.unit.drawn import GIVEN, answers, at, checks, one_answer, reports

SCHEMES = pytest.mark.parametrize("scheme", [scheme.name for scheme in rules().schemes])
BY_ITSELF = (Doubt.EXPIRED, Doubt.FUTURE, Doubt.WITHOUT_EVIDENCE, Doubt.NOT_ALLOWED, Doubt.SUPERSEDED)
"""Doubts that do not depend on what rules or tools show."""
LAST = at(TODAY) + timedelta(hours=1)
"""After everything else that is drawn."""
MEASURED = [one.iri for one in rules().criteria if {Basis.MEASURED, Basis.DECLARED} <= one.obtained]
often = settings(deadline=None, max_examples=60)


def shares(said: Label) -> list[float]:
    """The share of points of each element and over all."""
    sums = [(grade.points, grade.possible) for grade in said.grades] + [(said.points, said.possible)]
    return [points / possible if possible else 0.0 for points, possible in sums]


def stars(said: Label) -> list[int]:
    """The stars of each element and over all; none is the lowest."""
    return [-1 if one is None else one for one in (*(grade.stars for grade in said.grades), said.stars)]


def points(said: Label) -> dict[str, tuple[float, float]]:
    """What each criterion earned."""
    return {name: (one.points, one.possible) for name, one in scored(said).items()}


def without(given_answers: tuple[Answer, ...], *dropped: Answer) -> tuple[Answer, ...]:
    iris = {one.iri for one in dropped}
    return tuple(one for one in given_answers if one.iri not in iris)


@SCHEMES
@often
@given(drawn=checks(), said=answers(), dice=st.randoms(use_true_random=False))
def test_mending_never_lowers_anything(
    scheme: str, drawn: tuple[frozenset[str], frozenset[str], str | None], said: tuple[Answer, ...], dice: random.Random
) -> None:
    tested, broken, right = drawn
    left = {rule for rule in broken if dice.random() < 0.5}
    before = labelled(said, report(tested, broken, right), scheme)
    after = labelled(said, report(tested, left, right), scheme)
    assert all(a <= b + 1e-9 for a, b in zip(shares(before), shares(after), strict=True))
    assert all(a <= b for a, b in zip(stars(before), stars(after), strict=True))


@often
@given(found=reports, said=answers(), dice=st.randoms(use_true_random=False))
def test_order_of_answers_does_not_matter(found: Report, said: tuple[Answer, ...], dice: random.Random) -> None:
    shuffled = list(said)
    dice.shuffle(shuffled)
    assert labelled(shuffled, found) == labelled(said, found)


@pytest.mark.parametrize(
    "other",
    [
        {"by": "https://other.example/"},
        {"note": "another reason"},
        {"evidence": ("https://other.example/report",)},
        {"valid_until": TODAY},
    ],
)
def test_order_of_answers_without_a_name_does_not_matter(other: dict[str, object]) -> None:
    one = answer("Q4.1.1", 2)
    for verified in (Basis.DECLARED, Basis.VERIFIED):
        both = [replace(one, basis=verified), replace(one, basis=verified, **other)]  # type: ignore[arg-type]
        assert labelled(both) == labelled(both[::-1])


def test_order_of_rulings_without_a_name_does_not_matter() -> None:
    both = [Ruling(Act.REVOKED, TODAY, "https://hdab.example/", reason) for reason in ("one", "another")]
    both.append(replace(both[0], by="https://another.example/"))
    assert len({labelled((), None, None, *order).ruling for order in permutations(both)}) == 1


@SCHEMES
@often
@given(found=reports, said=answers())
def test_what_does_not_count_changes_nothing(scheme: str, found: Report, said: tuple[Answer, ...]) -> None:
    whole = labelled(said, found, scheme)
    doubted = [one for mark in (*whole.marks, *whole.gates) for one in mark.doubted]
    for one in doubted:
        if one.doubt in BY_ITSELF:
            less = labelled(without(said, one.answer), found, scheme)
            assert (points(less), less.stars, less.status) == (points(whole), whole.stars, whole.status)
    less = labelled(without(said, *(one.answer for one in doubted)), found, scheme)
    assert (points(less), less.stars, less.status) == (points(whole), whole.stars, whole.status)
    assert not [one for mark in (*less.marks, *less.gates) for one in mark.doubted]


@often
@given(found=reports, said=answers())
def test_each_doubt_is_true(found: Report, said: tuple[Answer, ...]) -> None:
    whole = labelled(said, found)
    for mark in (*whole.marks, *whole.gates):
        criterion = rules().criteria_by_iri[mark.criterion]
        for one in mark.doubted:
            answer, doubt = one.answer, one.doubt
            if doubt is Doubt.EXPIRED:
                assert answer.valid_until is not None
                assert answer.valid_until < TODAY
            elif doubt is Doubt.FUTURE:
                assert answer.given is not None
                assert answer.given > TODAY
            elif doubt is Doubt.WITHOUT_EVIDENCE:
                assert (answer.level is None and not answer.note) or not set(answer.evidence) - set(answer.dead)
            elif doubt is Doubt.NOT_ALLOWED:
                assert answer.basis not in (criterion.obtained & set(GIVEN)) or (
                    not criterion.optional if answer.level is None else criterion.level(answer.level) is None
                )
            elif doubt is Doubt.SUPERSEDED:
                newer = [other for other in said if other.criterion == mark.criterion and other.basis is answer.basis]
                assert any((other.given, other.iri) != (answer.given, answer.iri) for other in newer)
                assert any(other.given and answer.given and other.given >= answer.given for other in newer)
            else:
                assert answer.basis is Basis.DECLARED
                shown = [other for other in mark.answers if other.basis in (Basis.COMPUTED, Basis.MEASURED)]
                assert shown
                most = max((other.level for other in shown if other.level is not None), default=-1)  # none applies
                assert answer.level is None or answer.level > most


@often
@given(found=reports, said=answers())
def test_what_counts_could_count(found: Report, said: tuple[Answer, ...]) -> None:
    whole = labelled(said, found)
    for mark in (*whole.marks, *whole.gates):
        criterion = rules().criteria_by_iri[mark.criterion]
        for one in mark.answers:
            assert one.level is None or criterion.level(one.level)
            assert one.level is not None or criterion.optional
            assert one.given is None or one.given <= TODAY
            assert one.valid_until is None or one.valid_until >= TODAY
            assert one.basis in criterion.obtained or one.level is None
            if one.basis is Basis.DECLARED and one.level is not None and one.level > criterion.lowest:
                assert set(one.evidence) - set(one.dead) or not (criterion.needs_link or one.evidence)
        assert len({one.basis for one in mark.answers}) == len(mark.answers), "one answer for each basis"
        if mark.standing is Standing.ASSESSED:
            assert (mark.level, mark.basis) == (mark.answers[0].level, mark.answers[0].basis)
            assert (mark.basis is Basis.VERIFIED) == any(one.basis is Basis.VERIFIED for one in mark.answers)


@often
@given(found=reports, said=answers())
def test_no_answer_is_lost(found: Report, said: tuple[Answer, ...]) -> None:
    whole = labelled(said, found)
    kept = Counter(
        (mark.criterion, one)
        for mark in (*whole.marks, *whole.gates)
        for one in (*mark.answers, *(doubted.answer for doubted in mark.doubted))
        if one.iri
    )
    assert kept == Counter((one.criterion, one) for one in said)
    assert Counter(said_behind(whole).answers) == Counter(said)


@SCHEMES
@often
@given(drawn=checks(), said=answers(5))
def test_missing_evidence_never_counts(
    scheme: str, drawn: tuple[frozenset[str], frozenset[str], str | None], said: tuple[Answer, ...]
) -> None:
    tested, broken, right = drawn
    whole = labelled(said, report(tested, broken, right), scheme)
    answered = {one.criterion for one in said}
    for name, one in scored(whole).items():
        criterion = rules().criteria_by_iri[one.mark.criterion]
        held = [r for r in one.mark.reasons if r.outcome is Outcome.PASSED]
        assert {r.rule for r in held} == (set(criterion.rules) & tested) - broken if one.mark.reasons else not held
        if criterion.iri not in answered and not held:
            assert one.points == 0, name
            assert one.mark.standing is not Standing.ASSESSED or criterion.computable
    nothing = labelled((), report((), (), right), scheme)
    assert nothing.points == 0
    assert set(stars(nothing)) <= {-1, 0}


@often
@given(found=reports, said=answers())
def test_in_another_scheme_it_is_the_label_of_that_scheme(found: Report, said: tuple[Answer, ...]) -> None:
    for rulings in ((), (Ruling(Act.CONFIRMED, TODAY, HOLDER, ""),), (Ruling(Act.REVOKED, TODAY, HOLDER, "false"),)):
        for one in rules().schemes:
            for other in rules().schemes:
                again = rescored(labelled(said, found, one, *rulings), rules(), other)
                assert again == labelled(said, found, other, *rulings)


@SCHEMES
@often
@given(found=reports, said=answers(8), more=one_answer(basis=Basis.DECLARED))
def test_a_first_declaration_costs_nothing(scheme: str, found: Report, said: tuple[Answer, ...], more: Answer) -> None:
    said = tuple(one for one in said if (one.criterion, one.basis) != (more.criterion, Basis.DECLARED))
    if more.level is None:
        return
    before, after = labelled(said, found, scheme), labelled((*said, more), found, scheme)
    assert all(a <= b for a, b in zip(points(before).values(), points(after).values(), strict=True))


@often
@given(
    found=reports, said=answers(8), more=one_answer(MEASURED, Basis.DECLARED), shown=one_answer(basis=Basis.MEASURED)
)
def test_nobody_declares_more_than_was_measured(
    found: Report, said: tuple[Answer, ...], more: Answer, shown: Answer
) -> None:
    criterion = rules().criteria_by_iri[more.criterion]
    if more.level is None:
        return
    value = min(shown.level or criterion.lowest, criterion.highest)
    newest = replace(shown, criterion=more.criterion, level=value, given=TODAY, valid_until=None, received=LAST)
    said = tuple(one for one in said if one.criterion != more.criterion)
    assert points(labelled((*said, newest, more), found)) == points(labelled((*said, newest), found))


@often
@given(found=reports, said=answers(8), more=one_answer(basis=Basis.VERIFIED))
def test_what_is_verified_is_the_mark_whatever_else_is_said(
    found: Report, said: tuple[Answer, ...], more: Answer
) -> None:
    criterion = rules().criteria_by_iri[more.criterion]
    if found.profile.endswith("-public") or criterion.level(more.level or criterion.lowest) is None:
        return
    value = criterion.lowest if more.level is None else more.level
    newest = replace(more, level=value, given=TODAY, valid_until=None, received=LAST, iri="zz")
    mark = marked(labelled((*said, newest), found), criterion.identifier)
    assert (mark.level, mark.basis, mark.answers[0]) == (value, Basis.VERIFIED, newest)
