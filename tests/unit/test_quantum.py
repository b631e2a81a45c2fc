"""Whole labels of the QUANTUM scheme, added up by hand: levels of the fifteen criteria, score with decimals, stars."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import prod

import pytest

from catalogue.label import maturity, rescored, stars_for
from catalogue.label_words import label_json
from catalogue.quality import Basis, Scheme, Standing
from tests.unit.answering import answer, labelled, marked, report, rules, scored

CRITERIA = (
    ("Q1.1.1", "4.975", 2),
    ("Q1.1.2", "4.975", 3),
    ("Q2.1.1", "6.47", 3),
    ("Q2.2.1", "7.96", 3),
    ("Q3.1.1", "7.46", 2),
    ("Q3.2.1", "3.98", 1),
    ("Q3.2.2", "3.98", 2),
    ("Q3.3.1", "3.384", 2),
    ("Q3.3.2", "5.076", 2),
    ("Q4.1.1", "9.95", 2),
    ("Q4.2.1", "8.96", 2),
    ("Q4.3.1", "8.96", 2),
    ("Q4.4.1", "9.95", 2),
    ("Q4.5.1", "5.97", 2),
    ("Q4.6.1", "7.96", 2),
)
"""Criterion, weight, highest level; the lowest is 0. The weights add up to 100.01."""

CASES = [
    ("nothing", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "0", "0", 0),
    (
        "everything",
        "2 3 3 3 2 1 2 2 2 2 2 2 2 2 2",
        "4.975 + 4.975 + 6.47 + 7.96 + 7.46 + 3.98 + 3.98 + 3.384 + 5.076 + 9.95 + 8.96 + 8.96 + 9.95 + 5.97 + 7.96",
        "100.01",
        5,
    ),
    (
        "what a good description shows and no more",
        "2 0 0 0 1 1 2 2 2 0 0 0 0 0 0",
        "4.975 + 7.46*1/2 + 3.98 + 3.98 + 3.384 + 5.076",
        "25.125",
        1,
    ),
    (
        "just above 25",
        "0 1 0 0 0 0 2 2 1 0 1 2 0 0 0",
        "4.975*1/3 + 3.98 + 3.384 + 5.076*1/2 + 8.96*1/2 + 8.96",
        "25.000333",
        1,
    ),
    (
        "just below 25",
        "1 2 2 0 0 0 0 2 1 0 0 2 0 0 0",
        "4.975*1/2 + 4.975*2/3 + 6.47*2/3 + 3.384 + 5.076*1/2 + 8.96",
        "24.9995",
        0,
    ),
    (
        "just above 45",
        "1 2 2 0 0 0 0 0 1 0 2 1 1 2 2",
        "4.975*1/2 + 4.975*2/3 + 6.47*2/3 + 5.076*1/2 + 8.96 + 8.96*1/2 + 9.95*1/2 + 5.97 + 7.96",
        "45.0005",
        2,
    ),
    (
        "just below 45",
        "0 2 1 1 0 0 0 0 1 0 1 2 2 1 2",
        "4.975*2/3 + 6.47*1/3 + 7.96*1/3 + 5.076*1/2 + 8.96*1/2 + 8.96 + 9.95 + 5.97*1/2 + 7.96",
        "44.999667",
        1,
    ),
    (
        "just above 60",
        "1 3 0 3 2 1 2 1 2 1 1 0 2 1 0",
        "4.975*1/2 + 4.975 + 7.96 + 7.46 + 3.98 + 3.98 + 3.384*1/2 + 5.076 + 9.95*1/2 + 8.96*1/2 + 9.95 + 5.97*1/2",
        "60.0005",
        3,
    ),
    (
        "just below 60",
        "2 2 2 2 1 1 1 0 1 2 0 0 2 2 1",
        "4.975 + 4.975*2/3 + 6.47*2/3 + 7.96*2/3 + 7.46*1/2 + 3.98 + 3.98*1/2 + 5.076*1/2 + 9.95 + 9.95 + 5.97"
        " + 7.96*1/2",
        "59.999667",
        2,
    ),
    (
        "just above 80",
        "2 2 1 3 2 1 2 2 0 2 0 2 2 2 2",
        "4.975 + 4.975*2/3 + 6.47*1/3 + 7.96 + 7.46 + 3.98 + 3.98 + 3.384 + 9.95 + 8.96 + 9.95 + 5.97 + 7.96",
        "80.002333",
        4,
    ),
    (
        "just below 80",
        "2 2 3 3 1 1 0 1 2 2 2 2 1 2 1",
        "4.975 + 4.975*2/3 + 6.47 + 7.96 + 7.46*1/2 + 3.98 + 3.384*1/2 + 5.076 + 9.95 + 8.96 + 8.96 + 9.95*1/2"
        " + 5.97 + 7.96*1/2",
        "79.994667",
        3,
    ),
    (
        "just above 90",
        "2 3 3 3 2 1 2 2 1 2 1 2 2 1 2",
        "4.975 + 4.975 + 6.47 + 7.96 + 7.46 + 3.98 + 3.98 + 3.384 + 5.076*1/2 + 9.95 + 8.96*1/2 + 8.96 + 9.95"
        " + 5.97*1/2 + 7.96",
        "90.007",
        5,
    ),
    (
        "just below 90",
        "2 2 3 3 2 1 1 0 2 2 2 2 2 1 2",
        "4.975 + 4.975*2/3 + 6.47 + 7.96 + 7.46 + 3.98 + 3.98*1/2 + 5.076 + 9.95 + 8.96 + 8.96 + 9.95 + 5.97*1/2"
        " + 7.96",
        "89.992667",
        4,
    ),
]


def summed(arithmetic: str) -> Fraction:
    """The value of a sum of products."""
    return sum(
        (prod(Fraction(factor) for factor in term.split("*")) for term in arithmetic.split(" + ")), start=Fraction()
    )


@pytest.mark.parametrize(
    ("levels", "arithmetic", "score", "stars"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_whole_label(levels: str, arithmetic: str, score: str, stars: int) -> None:
    assert round(summed(arithmetic), 6) == Fraction(score), "the hand reckoning itself"
    given = dict(zip((criterion for criterion, _, _ in CRITERIA), map(int, levels.split()), strict=True))
    said = labelled([answer(one, level, Basis.VERIFIED) for one, level in given.items()], scheme="quantum")
    assert {one: marked(said, one).level for one in given} == given
    assert (said.points, said.possible) == (pytest.approx(float(score), abs=1e-6), pytest.approx(100.01))
    assert said.stars == stars
    for criterion, weight, highest in CRITERIA:
        part = float(Fraction(weight) * given[criterion] / highest)
        assert (scored(said)[criterion].points, scored(said)[criterion].possible) == (
            pytest.approx(part),
            pytest.approx(float(weight)),
        )


def test_elements_add_up_on_their_own() -> None:
    given = {"Q1.1.1": 1, "Q1.1.2": 3, "Q2.1.1": 3, "Q4.1.1": 2, "Q4.6.1": 1}
    said = labelled([answer(one, level, Basis.VERIFIED) for one, level in given.items()], scheme="quantum")
    reached = {grade.element.rsplit("/", 1)[-1]: (grade.stars, grade.points, grade.possible) for grade in said.grades}
    assert reached == {
        # nothing is shown of 7.46 + 3.98 + 3.98 + 3.384 + 5.076
        "documentation": (0, 0, pytest.approx(23.88)),
        # 9.95 + 7.96/2 = 13.93 of 9.95 + 8.96 + 8.96 + 9.95 + 5.97 + 7.96 = 51.75: 26.9 %
        "technical-quality": (1, pytest.approx(13.93), pytest.approx(51.75)),
        # maturity and the rest have no weight in this scheme
        "quality-management": (None, 0, 0),
        # 6.47 of 6.47 + 7.96 = 14.43: 44.8 %
        "coverage": (1, pytest.approx(6.47), pytest.approx(14.43)),
        # 4.975/2 + 4.975 = 7.4625 of 9.95: 75 %
        "access-provision": (3, pytest.approx(7.4625), pytest.approx(9.95)),
        "modifications": (None, 0, 0),
    }


def small(limits: tuple[float, ...] = (25, 45, 60, 80, 90), total: float = 100) -> Scheme:
    """A scheme in which ten points make 10 per cent and each maturity level 2.5."""
    iris = [one.iri for one in rules().criteria if one.identifier.startswith("M")]
    return Scheme("https://example.org/scheme", "small", {}, limits, total, dict.fromkeys(iris, 10.0))


@pytest.mark.parametrize(
    ("levels", "score", "stars"),
    [
        ("5 5 3 1 1 1 1 1 1 1", 25, 1),  # 10 + 10 + 5
        ("5 5 2 1 1 1 1 1 1 1", 22.5, 0),
        ("5 5 5 5 3 1 1 1 1 1", 45, 2),
        ("5 5 5 5 2 1 1 1 1 1", 42.5, 1),
        ("5 5 5 5 5 5 1 1 1 1", 60, 3),
        ("5 5 5 5 5 4 1 1 1 1", 57.5, 2),
        ("5 5 5 5 5 5 5 5 1 1", 80, 4),
        ("5 5 5 5 5 5 5 4 1 1", 77.5, 3),
        ("5 5 5 5 5 5 5 5 5 1", 90, 5),
        ("5 5 5 5 5 5 5 5 4 1", 87.5, 4),
    ],
)
def test_a_limit_that_is_reached_exactly_counts(levels: str, score: float, stars: int) -> None:
    given = [answer(f"M{number:02}", int(level)) for number, level in enumerate(levels.split(), 1)]
    said = labelled(given, scheme=small())
    assert (said.points, said.possible, said.stars) == (score, 100, stars)


@pytest.mark.parametrize("limit", [25, 45, 60, 80, 90])
def test_limits_are_exact_in_the_scheme_of_quantum(limit: int) -> None:
    scheme = rules().scheme("quantum")
    at = scheme.limits.index(limit)
    assert stars_for(limit, 100.01, scheme) == at + 1
    assert stars_for(limit - 0.0001, 100.01, scheme) == at


def test_total_stands_for_what_can_be_had() -> None:
    # 60 points of 100: limits measured by 200 points ask twice as much as those measured by 100
    assert stars_for(60, 100, small()) == 3
    assert stars_for(60, 100, small(total=200)) == 1
    assert stars_for(0, 0, small()) is None


def test_one_that_does_not_apply_shrinks_the_limits() -> None:
    # Without Q1.1.2: possible 100.01 - 4.975 = 95.035, and 60 % of 100 * 95.035/100.01 = 95.02550 is 57.01530.
    # 7.96 + 7.46 + 3.98 + 3.98 + 5.076 + 9.95 + 8.96 + 9.95 = 57.316: three stars, two where everything applies.
    names = ("Q2.2.1", "Q3.1.1", "Q3.2.1", "Q3.2.2", "Q3.3.2", "Q4.1.1", "Q4.2.1", "Q4.4.1")
    highest = {criterion: top for criterion, _, top in CRITERIA}
    given = [answer(name, highest[name], Basis.VERIFIED) for name in names]
    whole = labelled(given, scheme="quantum")
    assert (whole.points, whole.stars) == (pytest.approx(57.316), 2)
    for less in (
        labelled([*given, answer("Q1.1.2", None, note="No permit is needed.")], scheme="quantum"),
        labelled(given, report(right="PUBLIC"), "quantum"),
    ):
        assert marked(less, "Q1.1.2").standing is Standing.NOT_APPLICABLE
        assert (less.points, less.possible, less.stars) == (pytest.approx(57.316), pytest.approx(95.035), 3)


# --- maturity, beside the stars ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "points", "answered"),
    [("", 0, 0), ("1", 1, 1), ("3 4", 7, 2), ("1 2 3 4 5 1 2 3 4 5", 30, 10), ("5 5 5 5 5 5 5 5 5 5", 50, 10)],
)
def test_maturity_is_summed_beside_the_stars(levels: str, points: int, answered: int) -> None:
    given = [answer(f"M{number:02}", int(level)) for number, level in enumerate(levels.split(), 1)]
    said = labelled(given, scheme="quantum")
    assert maturity(said, rules()) == (points, answered)
    assert (said.points, said.stars) == (0, 0)
    told = {"sum": points, "highest": 50, "answered": answered, "criteria": 10}
    assert label_json(said, rules())["maturity"] == told
    assert maturity(rescored(said, rules(), rules().scheme("art78")), rules()) == (points, answered)


def test_maturity_that_does_not_count_is_not_summed() -> None:
    given = [
        answer("M01", 5),
        answer("M02", 5, valid_until=date(2026, 11, 23)),
        answer("M03", 5, given=date(2026, 11, 25)),
        answer("M04", 6),
        answer("M05", None),
    ]
    assert maturity(labelled(given, scheme="quantum"), rules()) == (5, 1)
