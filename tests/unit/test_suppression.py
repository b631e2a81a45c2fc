"""Small counts of persons: what is published must not let anyone compute what is withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catalogue.errors import ConfigurationError
from harvesters._suppression import may_differ, of_overlapping, of_partition, threshold

LEAST = 5
tables = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)
small_tables = st.fixed_dictionaries({name: st.integers(0, 12) for name in "abc"})


@given(tables, st.integers(5, 15))
def test_nothing_small_is_shown_or_is_a_difference(cells: Mapping[str, int], least: int) -> None:
    shown, total = of_partition(cells, least), sum(cells.values())
    assume(total >= least)
    assert all(shown[name] == cells[name] >= least for name in shown)
    for size in range(len(shown) + 1):
        for group in combinations(shown.values(), size):
            assert total - sum(group) == 0 or total - sum(group) >= least


@given(tables, st.integers(5, 15))
def test_nothing_is_withheld_without_need(cells: Mapping[str, int], least: int) -> None:
    large = {name: count for name, count in cells.items() if count >= least}
    assert of_partition(large, least) == large


def tables_of(names: str, total: int) -> Iterator[dict[str, int]]:
    if len(names) == 1:
        yield {names: total}
        return
    for count in range(total + 1):
        for rest in tables_of(names[1:], total - count):
            yield {names[0]: count} | rest


@settings(max_examples=150, deadline=None)
@given(small_tables)
@example({"a": 5, "b": 4, "c": 4})
@example({"a": 6, "b": 6, "c": 4})
@example({"a": 12, "b": 1, "c": 4})
def test_an_attacker_who_knows_the_method_learns_no_small_count(cells: Mapping[str, int]) -> None:
    """Everything consistent with the total and the output is listed; each small count has several candidates."""
    total, shown = sum(cells.values()), of_partition(cells, LEAST)
    assume(total >= LEAST)
    possible = [table for table in tables_of("abc", total) if of_partition(table, LEAST) == shown]
    assert dict(cells) in possible
    for name, count in cells.items():
        if 0 < count < LEAST:
            assert len({table[name] for table in possible}) > 1, (name, cells, shown)


def test_an_empty_category_cannot_be_told_from_a_withheld_one() -> None:
    assert of_partition({"F": 60, "M": 60, "O": 0}, 10) == {"F": 60, "M": 60}
    assert of_partition({"F": 60, "M": 50, "O": 3, "": 8}, 10) == {"F": 60, "M": 50}


def test_the_smallest_other_group_goes_with_a_lone_small_one() -> None:
    assert of_partition({"F": 60, "M": 50, "O": 3}, 10) == {"F": 60}
    assert of_partition({"F": 60, "M": 3}, 10) == {}


@given(tables, st.integers(1, 80), st.integers(5, 15))
def test_neither_an_overlapping_group_nor_its_rest_is_small(cells: Mapping[str, int], extra: int, least: int) -> None:
    total = max(cells.values(), default=0) + extra
    for name, count in of_overlapping(cells, total, least).items():
        assert count == cells[name] >= least
        assert total - count == 0 or total - count >= least


def test_a_part_may_equal_its_total() -> None:
    assert may_differ(20, 20, 10)
    assert not may_differ(20, 19, 10)


@pytest.mark.parametrize("value", ["4", "0", "-10", "ten", ""])
def test_the_floor_cannot_be_undercut(value: str) -> None:
    with pytest.raises(ConfigurationError, match="suppress"):
        threshold({"suppress": value})


def test_the_threshold_is_ten_unless_the_node_says_otherwise() -> None:
    assert (threshold({}), threshold({"suppress": "5"})) == (10, 5)
