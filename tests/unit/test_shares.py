"""What is published of counts gives away no small one, even to someone who knows how it was decided."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters._shares import HIDDEN, Counted, Share, shares, worst

LEAST = 5
STATES = ("missing", "malformed", "ok")


def published(counts: tuple[int, ...], least: int = LEAST) -> dict[str, Share]:
    return shares({n: Counted(c, c) for n, c in zip(STATES, counts, strict=True)}, "ok", least, persons=False)


@pytest.mark.parametrize("total", range(2 * LEAST, 24))
def test_no_small_count_follows_from_what_is_published(total: int) -> None:
    """Every table of that size: those with the same publication must disagree on each small count."""
    alike: dict[tuple[Share, ...], list[tuple[int, ...]]] = defaultdict(list)
    for missing, malformed in product(range(total + 1), repeat=2):
        if missing + malformed <= total:
            counts = (missing, malformed, total - missing - malformed)
            alike[tuple(published(counts).values())].append(counts)
    for group in alike.values():
        for values in zip(*group, strict=True):
            assert len(set(values)) > 1 or values[0] == 0 or values[0] >= LEAST, group


def test_counts_of_many_are_exact_and_of_few_bounded() -> None:
    assert published((20, 30, 50)) == {"missing": Share(20, 20, 100), "malformed": Share(30, 30, 100)}
    assert published((3, 0, 97)) == {"missing": Share(1, 4, 100), "malformed": Share(0, 0, 100)}
    assert published((97, 0, 3))["missing"] == Share(96, 99, 100)
    assert published((0, 100, 0)) == {"missing": Share(0, 0, 100), "malformed": Share(100, 100, 100)}


def test_a_small_rest_takes_all_counts_with_it() -> None:
    assert published((40, 57, 3)) == {"missing": HIDDEN, "malformed": HIDDEN}


def test_many_records_of_few_persons_are_bounded_by_a_share_of_all() -> None:
    states = {"missing": Counted(30, 2), "ok": Counted(970, 40)}
    assert shares(states, "ok", LEAST, persons=True)["missing"] == Share(1, 50, 1000)
    states = {"missing": Counted(600, 2), "ok": Counted(400, 40)}
    assert not shares(states, "ok", LEAST, persons=True)["missing"].known


def test_nothing_is_said_of_few_persons_altogether() -> None:
    states = {"missing": Counted(1, 1), "ok": Counted(1, 1)}
    assert shares(states, "ok", LEAST, persons=True)["missing"] == HIDDEN
    assert HIDDEN.facts() == {"withheld": True}
    assert not HIDDEN.exact


@given(st.integers(1, LEAST - 1), st.integers(1, LEAST - 1), st.integers(50, 300))
def test_tables_that_differ_in_what_is_withheld_look_the_same(one: int, other: int, total: int) -> None:
    assert published((one, 0, total - one)) == published((other, 0, total - other))


def test_the_worst_that_can_be_is_rounded_down() -> None:
    assert worst([Share(1, 4, 100), Share(0, 0, 100)]) == 98.0
    assert worst([Share(1, 1, 3)]) == 66.6
    assert worst([HIDDEN, Share(1, 99, 100)]) is None


def test_words() -> None:
    assert [str(s) for s in (Share(0, 0, 9), Share(12, 12, 48), Share(1, 4, 100), Share(96, 99, 100), HIDDEN)] == [
        "0",
        "12 (25 %)",
        "fewer than 5",
        "all but fewer than 5",
        "withheld",
    ]
