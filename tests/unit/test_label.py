"""The label adds up: what is missing never counts, what is mended never lowers it, and every grade has its reasons."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.graphs import BlankNode, Graph, NamedNode, Triple, parse
from catalogue.label import gains, label, stars_for, verdicts
from catalogue.model import Finding, Outcome, Report, Severity
from catalogue.names import DCT
from catalogue.quality import Label
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import Compiled, check

EXAMPLES = Path(__file__).resolve().parents[1] / "rules" / "label"
DATASET = NamedNode("https://example.org/dataset")
NAMES = sorted(path.name for path in EXAMPLES.iterdir())
ART_77_1 = "http://data.europa.eu/eli/reg/2025/327/art_77/par_1/oj"


@cache
def rules() -> Rulebook:
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


def scored() -> list[str]:
    return sorted(rule.iri for rule in rules().rules.values() if rule.points)


def finding(rule: str, severity: Severity = Severity.INFO) -> Finding:
    return Finding(rule, DATASET, None, None, "http://www.w3.org/ns/shacl#MinCountConstraintComponent", severity)


def report(tested: set[str], broken: set[str]) -> Report:
    return Report("profile", tuple(finding(rule) for rule in sorted(broken)), dict.fromkeys(tested, 1))


def shares(given_label: Label) -> list[Fraction]:
    """The share of points of each element and over all; nothing computed is the lowest."""
    sums = [(grade.points, grade.possible) for grade in given_label.grades] + [
        (given_label.points, given_label.possible)
    ]
    return [Fraction(points, possible) if possible else Fraction(-1) for points, possible in sums]


def grades(given_label: Label) -> list[int]:
    return [-1 if stars is None else stars for stars in (*(g.stars for g in given_label.grades), given_label.stars)]


reports = st.builds(
    lambda tested, broken: (tested, broken & tested),
    st.sets(st.sampled_from(scored())),
    st.sets(st.sampled_from(scored())),
)


@given(reports, st.randoms(use_true_random=False))
def test_mending_a_finding_never_lowers_a_grade(drawn: tuple[set[str], set[str]], dice: random.Random) -> None:
    tested, broken = drawn
    before = label(DATASET, report(tested, broken), rules())
    mended = {rule for rule in broken if dice.random() < 0.5}
    after = label(DATASET, report(tested, mended), rules())
    assert all(a <= b for a, b in zip(shares(before), shares(after), strict=True))
    assert all(a <= b for a, b in zip(grades(before), grades(after), strict=True))


@given(reports)
def test_what_was_not_tested_counts_neither_way(drawn: tuple[set[str], set[str]]) -> None:
    tested, broken = drawn
    said = label(DATASET, report(tested, broken), rules())
    worth = {iri: rules().rules[iri].points for iri in scored()}
    assert said.possible == sum(worth[rule] for rule in tested)
    assert said.points == sum(worth[rule] for rule in tested - broken)
    for grade in said.grades:
        assert (grade.stars is None) == (grade.possible == 0)
        for reason in grade.reasons:
            expected = Outcome.FAILED if reason.rule in broken else Outcome.PASSED
            assert reason.outcome is (expected if reason.rule in tested else Outcome.NOT_APPLICABLE)
            assert bool(reason.findings) == (reason.outcome is Outcome.FAILED)


def test_every_rule_with_points_is_a_reason_once() -> None:
    said = label(DATASET, report(set(), set()), rules())
    assert sorted(reason.rule for grade in said.grades for reason in grade.reasons) == scored()
    assert [grade.element for grade in said.grades] == [element.iri for element in rules().elements]
    assert [element.letter for element in rules().elements] == list("abcdef")


def test_a_finding_counts_even_where_nothing_was_counted_as_tested() -> None:
    rule = scored()[0]
    assert label(DATASET, report(set(), {rule}), rules()).points == 0
    assert label(DATASET, report(set(), {rule}), rules()).stars == 0


@pytest.mark.parametrize(
    ("points", "possible", "stars"),
    [(0, 0, None), (0, 10, 0), (24, 100, 0), (25, 100, 1), (9, 20, 2), (59, 100, 2), (3, 5, 3), (4, 5, 4), (9, 10, 5)],
)
def test_stars_begin_at_their_limit(points: int, possible: int, stars: int | None) -> None:
    assert stars_for(points, possible, rules().star_limits) == stars


def test_gains_come_first_where_most_is_to_gain() -> None:
    said = label(DATASET, report(set(scored()), set(scored()[::2])), rules())
    worth = [reason.points for reason in gains(said)]
    assert worth == sorted(worth, reverse=True)
    assert {reason.rule for reason in gains(said)} == set(scored()[::2])


# --- on descriptions --------------------------------------------------------------------------------------------------


@cache
def compiled(profile: str) -> Compiled:
    return Compiled(rules().profiles[profile].shapes, rules().vocabulary)


def assessed(graph: Graph) -> Label:
    profile = rules().profile_for(graph, DATASET).iri
    findings, tested = compiled(profile).validate(graph)
    return label(DATASET, Report(profile, tuple(findings), tested), rules())


@cache
def evidence(name: str) -> tuple[Triple, ...]:
    """What the passing example of a rule says; the access level only in the example of that rule."""
    quads = parse((EXAMPLES / name / "pass.ttl").read_bytes(), "text/turtle")
    kept = (q.triple for q in quads if q.predicate != DCT.accessRights or name == "access-rights")
    return tuple(Triple(_own(t.subject, name), t.predicate, _own(t.object, name)) for t in kept)


def _own(term: object, name: str) -> object:
    return BlankNode(f"{name}{term.value}") if isinstance(term, BlankNode) else term


def described(names: set[str]) -> Graph:
    bare = "<https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> ."
    graph = Graph(parse(bare.encode(), "text/turtle"))
    for name in sorted(names):
        graph.update(evidence(name))
    return graph


@settings(deadline=None, max_examples=60)
@given(st.sets(st.sampled_from(NAMES)), st.sampled_from(NAMES))
def test_more_evidence_never_lowers_a_grade(names: set[str], more: str) -> None:
    before, after = assessed(described(names)), assessed(described(names | {more}))
    assert all(a <= b for a, b in zip(shares(before), shares(after), strict=True))


@settings(deadline=None, max_examples=30)
@given(st.sets(st.sampled_from(NAMES)), st.randoms(use_true_random=False))
def test_order_and_blank_node_names_do_not_matter(names: set[str], dice: random.Random) -> None:
    triples = list(described(names))
    dice.shuffle(triples)
    renamed = Graph(Triple(_own(t.subject, "z"), t.predicate, _own(t.object, "z")) for t in triples)
    one, other = assessed(described(names)), assessed(renamed)
    assert (shares(one), grades(one)) == (shares(other), grades(other))
    assert [reason.rule for reason in gains(one)] == [reason.rule for reason in gains(other)]


def test_nothing_said_is_no_star_and_everything_said_is_five() -> None:
    nothing, everything = assessed(described(set())), assessed(described(set(NAMES)))
    assert (nothing.points, set(grades(nothing))) == (0, {0})
    assert (gains(everything), set(grades(everything))) == ((), {5})


def test_counts_of_things_are_no_evidence_of_quality() -> None:
    counts = """
        @prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
        @prefix dqv: <http://www.w3.org/ns/dqv#> .
        <https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> ;
            dqv:hasQualityMeasurement [ dqv:isMeasurementOf cat:seriesCount ; dqv:value 40 ] .
    """
    assert assessed(Graph(parse(counts.encode(), "text/turtle"))).points == 0


# --- verdicts ---------------------------------------------------------------------------------------------------------


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
