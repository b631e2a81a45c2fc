"""From a level to the rules behind it: each rule that a level asks for is needed, and some example tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalogue.graphs import Graph
from catalogue.label import label
from catalogue.model import Outcome, Report
from catalogue.names import CAT
from catalogue.quality import Criterion, Label, Level
from catalogue.rulebook import Rulebook
from tests.conformance.criteria import DATASET, TODAY, described, height, judged, level_examples, mark, read, rules

RESTS = [
    pytest.param(one, level, id=f"{one.identifier}-{level.value}")
    for one in rules().criteria
    for level in one.levels
    if level.requires or level.respects
]
IMPLIED = {"label/temporal", "label/processing"}
"""Rules of which another rule of the same level asks a part: whatever breaks them breaks that one too."""


def labelled(report: Report, rulebook: Rulebook) -> Label:
    return label(DATASET, report, rulebook, today=TODAY)


def descriptions(criterion: Criterion, level: Level) -> list[Graph]:
    """The examples of a level that are descriptions."""
    graphs = [read(path) for path in level_examples(criterion, level)]
    return [graph for graph in graphs if not graph.instances(CAT.Assessment)]


def lacking(graph: Graph) -> Iterator[Graph]:
    """A description, and the same without one of its statements."""
    yield graph
    for triple in described(graph):
        yield Graph(one for one in graph if one != triple)


@pytest.mark.parametrize(("criterion", "level"), RESTS)
def test_every_rule_is_tested_and_held_where_the_level_is_reached(criterion: Criterion, level: Level) -> None:
    for graph in descriptions(criterion, level):
        outcome = {reason.rule: reason.outcome for reason in mark(judged(graph).label, criterion).reasons}
        assert all(outcome[rule] is Outcome.PASSED for rule in level.requires)
        assert all(outcome[rule] is not Outcome.FAILED for rule in level.respects)
    everywhere = [judged(graph).report.tested for graph in descriptions(criterion, level)]
    for rule in level.respects:
        assert any(tested.get(rule) for tested in everywhere), f"no example where {rule} applies"


@pytest.mark.parametrize(("criterion", "level"), RESTS)
def test_without_a_rule_that_it_requires_a_level_is_not_reached(criterion: Criterion, level: Level) -> None:
    """A rule that is taken out of the shapes is never tested (test_rules.py), so it cannot have held."""
    for graph in descriptions(criterion, level):
        report = judged(graph).report
        for rule in level.requires:
            tested = {iri: count for iri, count in report.tested.items() if iri != rule}
            assert height(labelled(replace(report, tested=tested), rules()), criterion) < level.value, rule


@pytest.mark.parametrize(("criterion", "level"), RESTS)
def test_each_rule_alone_keeps_an_example_from_the_level(criterion: Criterion, level: Level) -> None:
    """So a level that no longer asks for a rule is reached by an example that says it does not reach it."""
    below = criterion.levels[criterion.levels.index(level) - 1]
    missing = [lacked(judged(graph).label, criterion, level) for graph in descriptions(criterion, below)]
    for rule in sorted(level.requires | level.respects):
        name = rule.rsplit("/", 1)[-1]
        there = {rule} in missing
        assert there != (rule.split("/rule/")[1] in IMPLIED), f"level-{below.value}-without-{name}.ttl"


def lacked(given: Label, criterion: Criterion, level: Level) -> set[str]:
    """The rules that keep a description from a level."""
    outcome = {reason.rule: reason.outcome for reason in mark(given, criterion).reasons}
    up_to = [one for one in criterion.levels if one.value <= level.value]
    required = {rule for one in up_to for rule in one.requires if outcome[rule] is not Outcome.PASSED}
    return required | {rule for one in up_to for rule in one.respects if outcome[rule] is Outcome.FAILED}


@pytest.mark.parametrize(("criterion", "level"), RESTS)
def test_it_is_noticed_when_a_level_no_longer_asks_for_a_rule(criterion: Criterion, level: Level) -> None:
    reports = [judged(less).report for graph in descriptions(criterion, level) for less in lacking(graph)]
    for rule in sorted(level.requires | level.respects):
        relaxed = relaxing(criterion, level, rule)
        noticed = any(
            height(labelled(report, relaxed), criterion) != height(labelled(report, rules()), criterion)
            for report in reports
        )
        assert noticed != (rule.split("/rule/")[1] in IMPLIED), rule


def relaxing(criterion: Criterion, level: Level, rule: str) -> Rulebook:
    """The rulebook, if the level did not ask for the rule."""
    easier = replace(level, requires=level.requires - {rule}, respects=level.respects - {rule})
    levels = tuple(easier if one is level else one for one in criterion.levels)
    changed = replace(criterion, levels=levels)
    return replace(rules(), criteria=tuple(changed if one is criterion else one for one in rules().criteria))
