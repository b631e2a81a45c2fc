"""A query in one language finds datasets labelled in others: a floor under what the benchmark measures."""

from __future__ import annotations

from statistics import fmean

import pytest

from tests.bench.crosslingual import Asked, measure

pytest.importorskip("idc_index_data")


@pytest.fixture(scope="module")
def results() -> list[Asked]:
    return measure()


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pl", "pt", "nl", "sv"])
def test_a_query_in_any_language_finds_what_the_facts_say(results: list[Asked], language: str) -> None:
    asked = [one for one in results if one.language == language and one.kind != "fresh"]
    assert len(asked) >= 6
    assert fmean(one.recall for one in asked) >= 0.9
    assert fmean(one.reciprocal for one in asked) >= 0.9


@pytest.mark.parametrize(("kind", "floor"), [("held", 0.9), ("fresh", 0.85)])
def test_queries_not_worked_on_are_answered_too(results: list[Asked], kind: str, floor: float) -> None:
    asked = [one for one in results if one.kind == kind]
    assert len(asked) >= 25
    assert fmean(one.recall for one in asked) >= floor
    assert fmean(one.precision for one in asked if one.precision is not None) >= floor - 0.1
