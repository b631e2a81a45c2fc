"""The search index against the real tantivy: facets, order, pages, replacing, damage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import BadInput, StoreBusy, StoreError
from catalogue.index import VERSION, TantivyIndex
from catalogue.ports import FACETS, Query
from tests.unit.indexing import CORPUS, index_of, keys, make

# --- facets -----------------------------------------------------------------------------------------------------

Tagged = Sequence[dict[str, list[str]]]
some_values = st.lists(st.sampled_from(["a", "b", "c", "http://x/ü"]), max_size=3)
some_facets = st.fixed_dictionaries({}, optional=dict.fromkeys(("theme", "access", "label"), some_values))


def naive(tagged: Tagged, chosen: dict[str, list[str]], without: str = "") -> list[dict[str, list[str]]]:
    return [
        facets
        for facets in tagged
        if all(set(facets.get(name, ())) & set(values) for name, values in chosen.items() if values and name != without)
    ]


@given(st.lists(some_facets, max_size=12), some_facets)
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_a_naive_count(tagged: Tagged, chosen: dict[str, list[str]]) -> None:
    index = index_of(*(make(str(number), "x", facets=facets) for number, facets in enumerate(tagged)))
    results = index.search(Query("x", chosen))
    assert results.total == len(naive(tagged, chosen))
    assert set(results.counts) == set(FACETS)
    for name in FACETS:
        expected = Counter(
            value for facets in naive(tagged, chosen, without=name) for value in set(facets.get(name, ()))
        )
        expected.update(dict.fromkeys(chosen.get(name, ()), 0))
        assert dict(results.counts[name]) == dict(expected)
        counts = [count for _, count in results.counts[name] if count]
        assert counts == sorted(counts, reverse=True)


def test_chosen_value_beyond_the_most_frequent_is_still_counted() -> None:
    common = [make(f"{n}-{m}", facets={"publisher": [f"P{n:03}"]}) for n in range(60) for m in range(2)]
    index = index_of(*common, make("rare", facets={"publisher": ["Rare"]}))
    counts = index.search(Query(facets={"publisher": ["Rare"]})).counts["publisher"]
    assert len(counts) == 51
    assert counts[-1] == ("Rare", 1)


# --- order and pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("modified", ["register", "french", "cohort", "imaging"]),
        ("relevance", ["register", "french", "cohort", "imaging"]),  # without words: newest first
        ("title", ["cohort", "imaging", "french", "register"]),
    ],
)
def test_order(index: TantivyIndex, sort: str, expected: Iterable[str]) -> None:
    assert [key for key in keys(index.search(Query(sort=sort))) if key in expected] == expected


def test_order_by_when_it_came() -> None:
    days = {name: datetime(2026, 1, day, tzinfo=UTC) for name, day in (("a", 2), ("b", 3), ("c", 1))}
    index = index_of(*(make(name, changed=day, modified="2020") for name, day in days.items()))
    results = index.search(Query(sort="changed"))
    assert keys(results) == ["b", "a", "c"]
    assert [hit.changed for hit in results.hits] == sorted(days.values(), reverse=True)


def test_order_by_numbers() -> None:
    index = index_of(
        make("a", individuals=5, stars=1, modified="2024"),
        make("b", individuals=10**30, stars=3),
        make("c", individuals=-1, stars=1, modified="2025"),
    )
    assert keys(index.search(Query(sort="individuals"))) == ["b", "a", "c"]
    assert keys(index.search(Query(sort="label"))) == ["b", "c", "a"]


@pytest.mark.parametrize("sort", ["relevance", "modified", "title"])
def test_pages_give_every_dataset_once(sort: str) -> None:
    index = TantivyIndex()
    for start in range(0, 300, 60):  # several segments
        index.put(make(f"{n:03}", "same", modified="2024" if n % 2 else "") for n in range(start, start + 60))
        index.commit()
    pages = [keys(index.search(Query("same", sort=sort, page=page, size=7))) for page in range(1, 45)]
    assert sorted(key for page in pages for key in page) == [f"{n:03}" for n in range(300)]
    assert pages[-1] == []


@pytest.mark.parametrize(
    "query",
    [
        Query(page=0),
        Query(page=-1),
        Query(size=0),
        Query(size=10**6),
        Query(page=10**9),
        Query(sort="random"),
        Query(facets={"colour": ["red"]}),
    ],
)
def test_impossible_query_is_refused(index: TantivyIndex, query: Query) -> None:
    with pytest.raises(BadInput) as caught:
        index.search(query)
    assert caught.value.remedy


def test_deep_page_is_answered(index: TantivyIndex) -> None:
    assert index.search(Query(page=500, size=20)).total == len(CORPUS)


# --- changing ---------------------------------------------------------------------------------------------------


def test_changes_show_after_commit_only_and_replace_by_iri() -> None:
    index = index_of(make("a", "first"), make("b", "other"))
    index.put([make("a", "second"), make("new", "once"), make("a", "third"), make("new", "twice")])
    index.remove(["https://example.org/b", "https://example.org/never"])
    assert index.search(Query("first")).total == 1
    index.commit()
    assert sorted(keys(index.search(Query()))) == ["a", "new"]
    assert [index.search(Query(text)).total for text in ("second", "third", "once", "twice")] == [0, 1, 0, 1]
    index.put([make("c")])
    index.rollback()
    index.commit()
    assert index.search(Query()).total == 2


def test_failed_rebuild_leaves_the_old_index() -> None:
    index = index_of(make("a"))
    index.clear()
    index.put([make("b")])
    index.rollback()
    index.commit()
    assert keys(index.search(Query())) == ["a"]


def test_complete_index_survives_reopening(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path)
    assert index.needs_rebuild
    index.close()
    index_of(make("a", "kept", stars=2), path=tmp_path).close()
    again = TantivyIndex(tmp_path)
    assert not again.needs_rebuild
    assert again.search(Query("kept")).hits[0].stars == 2


def test_broken_off_change_asks_for_a_rebuild(tmp_path: Path) -> None:
    index = index_of(make("a"), path=tmp_path)
    index.begin()
    index.close()
    index = TantivyIndex(tmp_path)
    assert index.needs_rebuild
    index.begin()
    index.put([make("b")])
    index.commit()
    index.close()
    assert TantivyIndex(tmp_path).needs_rebuild  # a commit alone makes nothing whole


def test_only_one_process_changes(tmp_path: Path) -> None:
    index = index_of(make("a"), path=tmp_path)
    other = TantivyIndex(tmp_path)
    assert other.search(Query()).total == 1
    with pytest.raises(StoreBusy):
        other.put([make("b")])
    index.close()


@pytest.mark.parametrize("damage", ["version", "meta.json", "gone", ".store", ".term"])
def test_damaged_index_is_emptied_and_can_be_rebuilt(tmp_path: Path, damage: str) -> None:
    index_of(*CORPUS, path=tmp_path).close()
    if damage == "version":
        (tmp_path / "complete").write_text(VERSION + "0")
    elif damage == "gone":
        (tmp_path / "meta.json").unlink()
    else:
        for path in tmp_path.glob(f"*{damage}"):
            path.write_bytes(path.read_bytes()[:20])
    index = TantivyIndex(tmp_path)
    assert index.needs_rebuild
    assert index.search(Query()).total == 0
    index.clear()
    index.put(CORPUS)
    index.commit()
    assert index.search(Query()).total == len(CORPUS)
    assert not index.needs_rebuild


def test_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        TantivyIndex(tmp_path / "file")
    assert "catalogue reindex" in caught.value.remedy
