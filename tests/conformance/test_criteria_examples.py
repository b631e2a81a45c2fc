"""The examples in tests/criteria specify the criteria: what reaches a level, raises it, lowers it, does not apply."""

from __future__ import annotations

import random

import pytest

from catalogue.errors import BadAssessment
from catalogue.graphs import BlankNode, Graph, Term, Triple, parse
from catalogue.names import CAT, DCAT, RDF
from catalogue.quality import Basis, Criterion, Doubt, Label, Level, Mark, Standing
from tests.conformance.criteria import (
    BASE,
    DATASET,
    EXAMPLES,
    described,
    examples,
    height,
    judged,
    level_examples,
    mark,
    read,
    rules,
    said,
)

CRITERIA = [pytest.param(one, id=one.identifier) for one in rules().criteria]
LEVELS = [
    pytest.param(one, level, id=f"{one.identifier}-{level.value}") for one in rules().criteria for level in one.levels
]
RAISED = [parameter for parameter in LEVELS if parameter.values[1] is not parameter.values[0].levels[0]]


# --- every criterion has examples -------------------------------------------------------------------------------------


def test_every_example_belongs_to_a_criterion() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {one.identifier for one in rules().criteria}
    for criterion in rules().criteria:
        known = {path for level in criterion.levels for path in level_examples(criterion, level)}
        known.update(examples(criterion, "not-applicable"))
        assert set((EXAMPLES / criterion.identifier).iterdir()) == known


@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_way_to_an_answer_has_an_example(criterion: Criterion) -> None:
    paths = [path for level in criterion.levels for path in level_examples(criterion, level)]
    paths += examples(criterion, "not-applicable")
    shown = {mark(judged(read(path)).label, criterion).basis for path in paths} - {None}
    assert shown == criterion.obtained


# --- raising and lowering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("criterion", "level"), LEVELS)
def test_level_is_reached(criterion: Criterion, level: Level) -> None:
    for path in level_examples(criterion, level):
        found = mark(judged(read(path)).label, criterion)
        assert (found.standing, found.level) == (Standing.ASSESSED, level.value), path
        if level.computable and path.stem == f"level-{level.value}":
            assert found.basis is Basis.COMPUTED, "a level that a description reaches is shown by a description"
        assert not found.doubted


@pytest.mark.parametrize(("criterion", "level"), RAISED)
def test_saying_more_raises_it_from_the_level_below(criterion: Criterion, level: Level) -> None:
    below = criterion.levels[criterion.levels.index(level) - 1]
    lower, higher = (read(level_examples(criterion, one)[0]) for one in (below, level))
    before, both = judged(lower).label, judged(lower, higher).label
    assert (height(before, criterion), height(both, criterion)) == (below.value, level.value)
    weight = rules().schemes[0].weights.get(criterion.iri, 0.0)
    assert points(both, criterion) - points(before, criterion) == pytest.approx(
        weight * (criterion.share(level.value) - criterion.share(below.value))
    )


def points(label: Label, criterion: Criterion) -> float:
    """What a criterion earned; nothing for a gate."""
    scored = (one for grade in label.grades for one in grade.scored)
    return sum(one.points for one in scored if one.mark.criterion == criterion.iri)


@pytest.mark.parametrize(("criterion", "level"), RAISED)
def test_taking_it_away_lowers_it(criterion: Criterion, level: Level) -> None:
    for path in level_examples(criterion, level):
        graph = read(path)
        if graph.instances(CAT.Assessment):
            assert height(judged(described(graph)).label, criterion) < level.value, path
            continue
        lowered = 0
        for triple in set(described(graph)) - {Triple(DATASET, RDF.type, DCAT.Dataset)}:
            less = height(judged(Graph(one for one in graph if one != triple)).label, criterion)
            assert less <= level.value, f"without {triple} it is higher"
            lowered += less < level.value
        assert lowered, path


@pytest.mark.parametrize(("criterion", "level"), LEVELS)
def test_order_and_blank_node_names_do_not_matter(criterion: Criterion, level: Level) -> None:
    dice = random.Random(f"{criterion.identifier}-{level.value}")
    for path in level_examples(criterion, level):
        graph = read(path)
        triples = [Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in graph]
        dice.shuffle(triples)
        one, other = judged(graph).label, judged(Graph(triples)).label
        assert shown(one.marks) == shown(other.marks)
        assert shown(one.gates) == shown(other.gates)
        assert (one.points, one.stars, one.status) == (other.points, other.stars, other.status)


def renamed(term: Term) -> Term:
    return BlankNode(f"z{term.value[::-1]}") if isinstance(term, BlankNode) else term


def shown(marks: tuple[Mark, ...]) -> list[tuple[object, ...]]:
    """Marks without the findings, which name blank nodes."""
    rules_of = [tuple((reason.rule, reason.outcome) for reason in one.reasons) for one in marks]
    return [(one.criterion, one.level, one.basis, one.answers, why) for one, why in zip(marks, rules_of, strict=True)]


# --- not applicable ---------------------------------------------------------------------------------------------------

REFUSAL = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix ex: <https://example.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:dataset a dcat:Dataset ; dqv:hasQualityMeasurement <#answer> .
<#assessment> a cat:Assessment ; oa:hasTarget ex:dataset ; cat:basis cat:Declared ;
    prov:wasAttributedTo ex:holder ; dct:issued "2026-11-20"^^xsd:date ; dqv:hasQualityMeasurement <#answer> .
<#answer> a dqv:QualityMeasurement ; dqv:isMeasurementOf <CRITERION> ; cat:notApplicable true ;
    rdfs:comment "We would rather not say."@en .
"""
OPTIONAL = [p for p in CRITERIA if p.values[0].optional or p.values[0].pointless_for]
NEVER = [p for p in CRITERIA if not (p.values[0].optional or p.values[0].pointless_for)]


@pytest.mark.parametrize("criterion", OPTIONAL)
def test_what_does_not_apply_is_left_out_of_the_reckoning(criterion: Criterion) -> None:
    paths = examples(criterion, "not-applicable")
    assert paths, f"tests/criteria/{criterion.identifier}/not-applicable.ttl is missing"
    bases = set()
    for path in paths:
        graph = read(path)
        without = judged(described(graph)).label
        label = judged(graph).label
        found = mark(label, criterion)
        bases.add(found.basis)
        assert (found.standing, found.level) == (Standing.NOT_APPLICABLE, None), path
        bare = judged(Graph([Triple(DATASET, RDF.type, DCAT.Dataset)])).label
        assert bare.possible - label.possible == pytest.approx(
            sum(rules().schemes[0].weights[one.iri] for one in left_out(label))
        )
        if graph.instances(CAT.Assessment):
            assert mark(without, criterion).standing is not Standing.NOT_APPLICABLE
    assert bases == {
        basis for basis, may in ((Basis.DECLARED, criterion.optional), (None, criterion.pointless_for)) if may
    }


def left_out(label: Label) -> list[Criterion]:
    marks = [one for one in label.marks if one.standing is Standing.NOT_APPLICABLE]
    return [rules().criteria_by_iri[one.criterion] for one in marks]


@pytest.mark.parametrize("criterion", [p for p in OPTIONAL if Basis.MEASURED in p.values[0].obtained])
def test_what_was_measured_applies(criterion: Criterion) -> None:
    declared = read(examples(criterion, "not-applicable")[0])
    highest = level_examples(criterion, criterion.levels[-1])
    measured = next(
        g for g in map(read, highest) if g.value(next(iter(g.instances(CAT.Assessment))), CAT.basis) == CAT.Measured
    )
    found = mark(judged(declared, measured).label, criterion)
    assert (found.level, found.basis) == (criterion.highest, Basis.MEASURED)
    assert [one.doubt for one in found.doubted] == [Doubt.CONTRADICTED]


@pytest.mark.parametrize("criterion", NEVER)
def test_what_always_applies_cannot_be_declared_away(criterion: Criterion) -> None:
    assert examples(criterion, "not-applicable") == []
    text = REFUSAL.replace("CRITERION", criterion.iri)
    graph = Graph(parse(text.encode(), "text/turtle", base=BASE))
    with pytest.raises(BadAssessment) as caught:
        said(graph)
    assert "The criterion always applies." in {problem.what for problem in caught.value.problems}
    found = mark(judged(described(graph)).label, criterion)
    assert found.standing is not Standing.NOT_APPLICABLE
    assert [one.doubt for one in found.doubted] == [Doubt.NOT_ALLOWED], "nor in the description"
