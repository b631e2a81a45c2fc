"""Labels of whole descriptions: saying more costs nothing, order does not matter, saying everything is one star."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.graphs import BlankNode, Graph, Term, Triple, parse
from catalogue.label import gains, rescored
from catalogue.names import DCT
from catalogue.quality import Basis, Label, Standing, Status
from tests.conformance.criteria import DATASET, TODAY, checker, height, mark, read, rules

CRITERIA = Path(__file__).resolve().parents[1] / "criteria"
EXAMPLES = CRITERIA.parent / "rules" / "label"
NAMES = sorted(path.name for path in EXAMPLES.iterdir())
COSTS = "dictionary"
"""Its example lists a variable without explaining it; see below."""
often = settings(deadline=None, max_examples=60)


def labelled(graph: Graph) -> Label:
    return checker().checked(DATASET, graph, today=TODAY).label


def turtle(text: str) -> Graph:
    return Graph(parse(text.encode(), "text/turtle"))


@cache
def evidence(name: str) -> tuple[Triple, ...]:
    """What the passing example of a rule says; the access level only in the example of that rule."""
    quads = parse((EXAMPLES / name / "pass.ttl").read_bytes(), "text/turtle")
    kept = (q.triple for q in quads if q.predicate != DCT.accessRights or name == "access-rights")
    return tuple(Triple(own(t.subject, name), t.predicate, own(t.object, name)) for t in kept)


def own(term: Term, name: str) -> Term:
    return BlankNode(f"{name}{term.value}") if isinstance(term, BlankNode) else term


def described(names: set[str]) -> Graph:
    graph = turtle("<https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> .")
    for name in sorted(names):
        graph.update(evidence(name))
    return graph


def shares(given_label: Label) -> list[float]:
    """The share of points of each element and over all."""
    sums = [(one.points, one.possible) for one in (*given_label.grades, given_label)]
    return [points / possible for points, possible in sums]


def stars(given_label: Label) -> list[int]:
    return [-1 if one.stars is None else one.stars for one in (*given_label.grades, given_label)]


@often
@given(st.sets(st.sampled_from(NAMES)), st.sampled_from([name for name in NAMES if name != COSTS]))
def test_saying_more_never_lowers_a_grade(names: set[str], more: str) -> None:
    before, after = labelled(described(names)), labelled(described(names | {more}))
    assert all(a <= b + 1e-9 for a, b in zip(shares(before), shares(after), strict=True))
    assert all(a <= b for a, b in zip(stars(before), stars(after), strict=True))


@often
@given(st.sets(st.sampled_from(NAMES)), st.randoms(use_true_random=False))
def test_order_and_blank_node_names_do_not_matter(names: set[str], dice: random.Random) -> None:
    triples = list(described(names))
    dice.shuffle(triples)
    renamed = Graph(Triple(own(t.subject, "z"), t.predicate, own(t.object, "z")) for t in triples)
    one, other = labelled(described(names)), labelled(renamed)
    assert (shares(one), stars(one), gains(one, rules())) == (shares(other), stars(other), gains(other, rules()))
    assert [(m.level, m.basis) for m in one.marks] == [(m.level, m.basis) for m in other.marks]


def test_a_variable_that_is_listed_but_not_explained_costs_the_highest_level_of_the_dictionary() -> None:
    asked = rules().criterion("Q3.3.2")
    assert asked is not None
    assert height(labelled(described({"dictionary-described"})), asked) == 2
    assert height(labelled(described({"dictionary-described", "dictionary"})), asked) == 1


# Everything that label rules ask for, in a public dataset that does not conform yet. By hand:
# 4.975 + 7.46/2 + 3.98 + 3.98 + 3.384/2 + 5.076 = 23.433 of 100.01 - 4.975, the first limit at 23.756;
# with L-a1 and L-b2 and L-d1 at 3, L-a2, L-a3, L-c1, L-d3, L-f1, L-f2 at 6: 45 more, of 204.01 - 4.975 - 6.
@pytest.mark.parametrize(
    ("scheme", "points", "possible", "most"), [("art78", 68.433, 193.035, 1), ("quantum", 23.433, 95.035, 0)]
)
def test_nothing_said_is_no_star_and_a_description_alone_is_few(
    scheme: str, points: float, possible: float, most: int
) -> None:
    whole = described(set(NAMES) - {COSTS, "access-rights"})
    whole.update(read(CRITERIA / "Q3.3.1" / "level-2.ttl"))
    nothing, everything = (
        rescored(labelled(graph), rules(), rules().scheme(scheme)) for graph in (described(set()), whole)
    )
    assert (nothing.points, nothing.stars, set(stars(nothing)) <= {0, -1}) == (0, 0, True)
    assert nothing.status is everything.status is Status.COMPUTED
    assert (everything.points, everything.possible) == (pytest.approx(points), pytest.approx(possible))
    assert everything.stars == most
    assert not [gain for gain in gains(everything, rules()) if gain.rules]
    for one in everything.marks:
        criterion = rules().criteria_by_iri[one.criterion]
        assert (one.standing is Standing.ASSESSED) == criterion.computable
        assert one.basis is (Basis.COMPUTED if criterion.computable else None)


def test_counts_of_things_are_no_evidence_of_quality() -> None:
    counts = """
        @prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
        @prefix dqv: <http://www.w3.org/ns/dqv#> .
        <https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> ;
            dqv:hasQualityMeasurement [ dqv:isMeasurementOf cat:seriesCount ; dqv:value 40 ] .
    """
    assert labelled(turtle(counts)).points == 0


@pytest.mark.parametrize(
    ("basis", "taken"),
    [("", Basis.DECLARED), ("cat:Declared", Basis.DECLARED), ("cat:Measured", Basis.MEASURED)]
    + [(basis, Basis.DECLARED) for basis in ("cat:Verified", "cat:Computed")],
)
def test_a_description_declares_or_measures_and_never_verifies_itself(basis: str, taken: Basis) -> None:
    says = f"cat:basis {basis} ;" if basis else ""
    graph = turtle(f"""
        @prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
        @prefix dqv: <http://www.w3.org/ns/dqv#> .
        <https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> ; dqv:hasQualityMeasurement [ {says}
            dqv:isMeasurementOf <https://w3id.org/ehds-catalogue/label/criterion/L-b1> ; dqv:value 1 ;
            <http://xmlns.com/foaf/0.1/page> <https://holder.example/report> ] .
    """)
    label = labelled(graph)
    asked = rules().criterion("L-b1")
    assert asked is not None
    assert (mark(label, asked).level, mark(label, asked).basis, label.status) == (1, taken, Status.DECLARED)
