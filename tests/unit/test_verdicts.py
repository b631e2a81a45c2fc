"""How a dataset stands to the law: passed or failed by mandatory rules alone, and never passed untested."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from catalogue.model import Finding, Outcome, Report, Severity
from catalogue.verdicts import verdicts
from tests.unit.answering import DATASET, rules

ART_77_1 = "http://data.europa.eu/eli/reg/2025/327/art_77/par_1/oj"


def finding(rule: str, severity: Severity = Severity.INFO) -> Finding:
    return Finding(rule, DATASET, None, None, "http://www.w3.org/ns/shacl#MinCountConstraintComponent", severity)


def mandatory_under(provision: str) -> list[str]:
    return [
        rule.iri
        for rule in rules().rules.values()
        if rule.severity is Severity.VIOLATION and provision in rule.provisions
    ]


def outcome(
    tested: set[str], findings: tuple[Finding, ...], provision: str = ART_77_1
) -> tuple[Outcome, tuple[str, ...]]:
    said = {v.provision: v for v in verdicts(Report("profile", findings, dict.fromkeys(tested, 1)), rules())}
    assert said[provision].applies_from == rules().provisions[provision].applies_from
    return said[provision].outcome, said[provision].rules


def test_provision_is_never_passed_untested() -> None:
    assert {v.outcome for v in verdicts(Report("profile", (), {}), rules())} == {Outcome.NOT_APPLICABLE}


def test_points_of_the_label_get_no_verdict() -> None:
    every = Report("profile", (), dict.fromkeys(rules().rules, 1))
    assert {v.provision for v in verdicts(every, rules())} & {e.provision for e in rules().elements} == set()


def test_provision_passes_or_fails_by_its_mandatory_rules() -> None:
    first, second = mandatory_under(ART_77_1)[:2]
    broken = (finding(first, Severity.VIOLATION),)
    assert outcome({first, second}, ()) == (Outcome.PASSED, ())
    assert outcome({first, second}, broken) == (Outcome.FAILED, (first,))


def test_recommendations_and_label_rules_break_no_law() -> None:
    soft = [r for r in rules().rules.values() if r.severity is not Severity.VIOLATION and r.applies_from is None]
    findings = tuple(finding(rule.iri, rule.severity) for rule in soft)
    said = verdicts(Report("profile", findings, {rule.iri: 1 for rule in soft}), rules())
    assert {verdict.outcome for verdict in said} == {Outcome.NOT_APPLICABLE}


def test_recommendation_with_a_date_counts_as_the_law_to_come() -> None:
    plain = {iri: replace(rule, applies_from=None) for iri, rule in rules().rules.items()}
    soft = next(r for r in plain.values() if r.severity is Severity.WARNING and ART_77_1 in r.provisions)
    dated = plain | {soft.iri: replace(soft, applies_from=date(2029, 3, 26))}
    found = Report("profile", (finding(soft.iri, Severity.WARNING),), {soft.iri: 1})
    for known, expected in ((plain, set()), (dated, set(soft.provisions) & set(rules().provisions))):
        said = verdicts(found, replace(rules(), rules=known))
        assert {verdict.provision for verdict in said if verdict.outcome is Outcome.FAILED} == expected
