"""Adds up: a report and a rulebook become a label (Art. 78) and a verdict per provision, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from catalogue.graphs import Term
from catalogue.model import Finding, Grade, Label, Outcome, Reason, Report, Requirement, Rule, Verdict
from catalogue.rulebook import Rulebook


def label(dataset: Term, report: Report, rulebook: Rulebook) -> Label:
    """The computed part of the data quality and utility label of one dataset.

    Only rules with points count. A rule that was not tested is not applicable: it is worth nothing either way.
    A rule with any finding earns nothing; there is no partial credit.
    """
    findings = _by_rule(report)
    grades = []
    for element in rulebook.elements:
        reasons = tuple(_reason(rule, report, findings) for rule in rulebook.label_rules.get(element.iri, ()))
        points, possible = _sum(reasons)
        stars = stars_for(points, possible, rulebook.star_limits)
        grades.append(Grade(element.iri, stars, points, possible, reasons))
    points, possible = sum(g.points for g in grades), sum(g.possible for g in grades)
    stars = stars_for(points, possible, rulebook.star_limits)
    return Label(dataset.value, stars, points, possible, tuple(grades))


def stars_for(points: int, possible: int, limits: Sequence[float]) -> int | None:
    """Stars for a share of points: as many as there are limits reached; None when nothing could be computed."""
    if possible == 0:
        return None
    return sum(points >= limit * possible - 1e-9 for limit in limits)


def gains(given: Label) -> tuple[Reason, ...]:
    """The failed reasons of all elements, the one with most points to gain first: what would raise the label most."""
    failed = (reason for grade in given.grades for reason in grade.reasons if reason.outcome is Outcome.FAILED)
    return tuple(sorted(failed, key=lambda reason: (-reason.points, reason.rule)))


def verdicts(report: Report, rulebook: Rulebook) -> tuple[Verdict, ...]:
    """How the dataset stands to each provision that a mandatory rule implements, in the order of the provisions.

    A provision of which no rule was tested is not applicable, never passed. Passed means only that the rules here
    found nothing.
    """
    broken = {finding.rule for finding in report.findings}
    return tuple(_verdict(requirement, broken, report.tested) for requirement in rulebook.requirements)


def _verdict(requirement: Requirement, broken: set[str], tested: Mapping[str, int]) -> Verdict:
    if not broken.isdisjoint(requirement.rules):
        rules = tuple(rule for rule in requirement.rules if rule in broken)
        return Verdict(requirement.provision, Outcome.FAILED, requirement.applies_from, rules)
    if any(tested.get(rule) for rule in requirement.rules):
        return requirement.passed
    return requirement.not_applicable


def _reason(rule: Rule, report: Report, findings: Mapping[str, tuple[Finding, ...]]) -> Reason:
    broken = findings.get(rule.iri, ())
    if broken:
        return Reason(rule.iri, Outcome.FAILED, rule.points, broken)
    return _settled(rule.iri, rule.points, report.tested.get(rule.iri, 0) > 0)


@lru_cache(maxsize=10_000)
def _settled(rule: str, points: int, tested: bool) -> Reason:
    """The reason of a rule that was not broken; the same for every dataset."""
    return Reason(rule, Outcome.PASSED if tested else Outcome.NOT_APPLICABLE, points)


def _by_rule(report: Report) -> Mapping[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.rule].append(finding)
    return {rule: tuple(findings) for rule, findings in found.items()}


def _sum(reasons: Iterable[Reason]) -> tuple[int, int]:
    points = possible = 0
    for reason in reasons:
        if reason.outcome is not Outcome.NOT_APPLICABLE:
            possible += reason.points
        if reason.outcome is Outcome.PASSED:
            points += reason.points
    return points, possible
