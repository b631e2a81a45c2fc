"""What would raise a label: most points for the least effort first, and doing it earns exactly what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from catalogue.label import gains
from catalogue.label_words import steps
from catalogue.model import Finding, Outcome, Report, Severity
from catalogue.quality import Answer, Basis, Gain, Label, Standing
from tests.unit.answering import (
    DATASET,
    RULE,
    TODAY,
    answer,
    criterion,
    deciding,
    labelled,
    marked,
    report,
    rules,
    scored,
)
from tests.unit.drawn import answers, at, checks, reports

SCHEMES = pytest.mark.parametrize("scheme", [scheme.name for scheme in rules().schemes])
WAYS = (Basis.MEASURED, Basis.DECLARED, Basis.VERIFIED)
often = settings(deadline=None, max_examples=60)


def by_identifier(said: Label) -> dict[str, Gain]:
    return {rules().criteria_by_iri[gain.criterion].identifier: gain for gain in gains(said, rules())}


def done(gain: Gain, said: Label) -> Answer:
    """The answer that a gain asks for: what was verified is verified anew, else it is measured, else declared."""
    asked = rules().criteria_by_iri[gain.criterion]
    verified = marked(said, asked.identifier).basis is Basis.VERIFIED
    way = Basis.VERIFIED if verified else next(one for one in WAYS if one in asked.obtained)
    return answer(asked.identifier, gain.level, way, received=at(TODAY) + timedelta(hours=1))


@SCHEMES
@often
@given(drawn=checks(), said=answers(10))
def test_doing_what_a_gain_says_earns_exactly_that(
    scheme: str, drawn: tuple[frozenset[str], frozenset[str], str | None], said: tuple[Answer, ...]
) -> None:
    tested, broken, right = drawn
    before = labelled(said, report(tested, broken, right), scheme)
    for gain in gains(before, rules()):
        asked = rules().criteria_by_iri[gain.criterion]
        mended, more = report(tested | set(gain.rules), broken - set(gain.rules), right), said
        if asked.level(gain.level).conformance and marked(before, asked.identifier).basis is not Basis.VERIFIED:  # type: ignore[union-attr]
            mended = replace(mended, findings=tuple(f for f in mended.findings if f.severity is not Severity.VIOLATION))
        elif not gain.rules:
            more = (*said, done(gain, before))
        after = labelled(more, mended, scheme)
        earned = scored(after)[asked.identifier].points - scored(before)[asked.identifier].points
        conforming = any(level.conformance for level in asked.levels)
        if conforming and gain.rules:
            assert earned >= gain.points - 1e-9, "it may be that nothing else kept it from conforming"
        else:
            assert earned == pytest.approx(gain.points)
            assert marked(after, asked.identifier).level == gain.level
        others = [name for name in scored(before) if scored(after)[name].points < scored(before)[name].points - 1e-9]
        assert others == []


@SCHEMES
@often
@given(found=reports, said=answers(10))
def test_gains_come_by_points_for_the_effort(scheme: str, found: Report, said: tuple[Answer, ...]) -> None:
    label = labelled(said, found, scheme)
    found_gains = gains(label, rules())
    worth = [gain.points / gain.effort for gain in found_gains]
    assert worth == sorted(worth, reverse=True)
    assert all(gain.points > 0 for gain in found_gains)
    open_ways = {
        one.mark.criterion
        for one in scored(label).values()
        if one.points < one.possible - 1e-9 and one.mark.standing is not Standing.NOT_APPLICABLE
    }
    assert {gain.criterion for gain in found_gains} == open_ways


@often
@given(found=reports, said=answers(10))
def test_rules_in_the_way_are_the_missing_ones(found: Report, said: tuple[Answer, ...]) -> None:
    label = labelled(said, found)
    for gain in gains(label, rules()):
        asked = rules().criteria_by_iri[gain.criterion]
        mark = marked(label, asked.identifier)
        if not gain.rules:
            continue
        outcome = {reason.rule: reason.outcome for reason in mark.reasons}
        levels = [level for level in asked.levels if level.value <= gain.level]
        required = {rule for level in levels for rule in level.requires}
        respected = {rule for level in levels for rule in level.respects}
        missing = {rule for rule in required if outcome[rule] is not Outcome.PASSED}
        assert set(gain.rules) == missing | {rule for rule in respected if outcome[rule] is Outcome.FAILED}
        assert (gain.effort, list(gain.rules)) == (1, sorted(gain.rules))


# --- by hand ----------------------------------------------------------------------------------------------------------


def label_rules(*names: str) -> tuple[str, ...]:
    return tuple(f"{RULE}label/{name}" for name in names)


def test_what_a_bare_description_lacks() -> None:
    found = by_identifier(labelled((), report(deciding(), deciding())))
    # of 6 points for two levels each is 3; writing it down is effort 1, examining the data 2, changing how one works 3
    assert found["L-a2"] == Gain(criterion("L-a2").iri, 1, 3.0, 1, label_rules("format"))
    assert found["L-d3"] == Gain(criterion("L-d3").iri, 1, 3.0, 1, label_rules("individuals"))
    assert found["L-b1"] == Gain(criterion("L-b1").iri, 1, 3.0, 2)
    assert found["L-e1"] == Gain(criterion("L-e1").iri, 1, 2.0, 3)
    assert found["M01"] == Gain(criterion("M01").iri, 2, 0.5, 3)
    assert "L-v1" not in found, "a gate earns nothing"
    first = gains(labelled((), report(deciding(), deciding())), rules())[0]
    # 9.95/2/2 = 2.4875 for accuracy, 4.975/2 = 2.4875 for the policy, but 3.98 for naming the source
    assert (first.criterion, first.points) == (criterion("Q3.2.1").iri, pytest.approx(3.98))


def test_rules_of_lower_levels_stand_in_the_way_too() -> None:
    missing = label_rules("version", "version-notes")
    said = labelled([answer("L-f1", 1)], report(deciding(), missing))
    assert (marked(said, "L-f1").level, marked(said, "L-f1").basis) == (1, Basis.DECLARED)
    assert by_identifier(said)["L-f1"] == Gain(criterion("L-f1").iri, 2, 3.0, 1, missing)


def test_one_rule_may_open_two_levels() -> None:
    said = labelled((), report(deciding(), label_rules("version")))
    assert by_identifier(said)["L-f1"] == Gain(criterion("L-f1").iri, 2, 6.0, 1, label_rules("version"))


def test_what_must_only_not_be_broken_stands_in_the_way_when_it_is() -> None:
    broken = label_rules("access-body", "contact")
    said = labelled((), report(deciding(), broken, "NON_PUBLIC"))
    assert by_identifier(said)["Q1.1.1"].rules == broken
    untested = labelled((), report(set(deciding()) - set(broken), (), "PUBLIC"))
    assert by_identifier(untested)["Q1.1.1"].rules == label_rules("contact")


def test_a_whole_description_lacks_only_evidence() -> None:
    left = gains(labelled((), report(deciding())), rules())
    assert left
    assert not [gain for gain in left if gain.rules]


def test_conforming_is_told_in_words() -> None:
    other = next(r for r in rules().rules.values() if r.severity is Severity.VIOLATION and r.iri not in deciding())
    found = report(deciding())
    broken = replace(found, findings=(Finding(other.iri, DATASET, None, None, "x", Severity.VIOLATION),))
    said = labelled((), broken)
    assert by_identifier(said)["Q3.3.1"] == Gain(criterion("Q3.3.1").iri, 2, pytest.approx(1.692), 1)
    told = {step.criterion.identifier: step.remedies for step in steps(said, rules(), ("en",))}
    assert told["Q3.3.1"] == ("Mend what the check calls mandatory.",)
    assert by_identifier(labelled((), found)).get("Q3.3.1") is None


def test_steps_tell_the_way_that_counts() -> None:
    def told(*given_answers: Answer) -> tuple[str, ...]:
        found = steps(labelled(given_answers, report(deciding())), rules(), ("en",))
        return next(step.remedies for step in found if step.criterion.identifier == "L-b1")

    assert [text[:30] for text in told()] == ["Measure it where the data are ", "Or declare it, with evidence."]
    assert [text[:30] for text in told(answer("L-b1", 1, Basis.MEASURED))] == ["Measure it where the data are "]
    assert [text.split(":")[0] for text in told(answer("L-b1", 1, Basis.VERIFIED))] == ["It was verified at this level"]
