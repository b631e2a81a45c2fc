"""The search index against the real tantivy: what people type, facets, order, replacing, damage."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import BadInput, StoreBusy, StoreError
from catalogue.index import VERSION, TantivyIndex
from catalogue.ports import FACETS, Entry, Query, Results


def make(name: str, title: str = "", description: str = "", language: str = "en", **more: object) -> Entry:
    blank = Entry(
        iri=f"https://example.org/{name}",
        key=name,
        title={language: title},
        description={language: description},
        keywords=(),
        terms=(),
        facets={},
        modified="",
        individuals=0,
        stars=0,
        violations=0,
    )
    return dataclasses.replace(blank, **more)  # type: ignore[arg-type]


def index_of(*entries: Entry, path: Path | None = None) -> TantivyIndex:
    index = TantivyIndex(path)
    index.clear()
    index.put(entries)
    index.commit()
    return index


def keys(results: Results) -> list[str]:
    return [hit.key for hit in results.hits]


CORPUS = (
    make("cohort", "Breast cancer cohort", "Women screened by mammography & seen <b>ten</b> years", modified="2024-05"),
    make("register", "Lungenkrebs-Register", "Daten über Lungentumoren; Brüste nicht erfasst", "de", modified="2025"),
    make("imaging", "CT of lungs", "Thorax", terms=("Brust", "Klatka piersiowa", "COVID-19"), modified="2023-01-31"),
    make("french", "Études épidémiologiques", "Patients de l'hôpital, cancer du sein", "fr", modified="2024-05-02"),
    make("greek", "Μελέτη", "Ασθενείς με ΚΑΡΚΙΝΟ του μαστού", "el"),
    make("polish", "Rejestr nowotworów", "Łódź, płuca i serce", "pl", keywords=("gruźlica",)),
)


@pytest.fixture(scope="module")
def index() -> TantivyIndex:
    return index_of(*CORPUS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cancer", {"cohort", "french"}),
        ("BREAST cancer", {"cohort"}),
        ("lung", {"imaging", "register"}),  # "lungs", and the beginning of "Lungenkrebs"
        ("lung tomography", set()),
        ("mammo", {"cohort"}),
        ("cohort mammo", {"cohort"}),
        ("mammo cohort", set()),  # only the last word may be a beginning
        ("cohorts", {"cohort"}),
        ("brüste", {"register", "imaging"}),
        ("Brust", {"register", "imaging"}),
        ("epidemiologique", {"french"}),
        ("ÉTUDE", {"french"}),
        ("hôpital", {"french"}),
        ("l'hopital", {"french"}),
        ("καρκίνο", {"greek"}),
        ("lodz", {"polish"}),
        ("GRUZLICA", {"polish"}),
        ("covid-19", {"imaging"}),
        ('"breast cancer"', {"cohort"}),
        ('"cancer breast"', set()),
        ("„breast cancer“", {"cohort"}),
        ("„cancer breast“", set()),
        ("cancer -breast", {"french"}),
        ('cancer -"breast cancer"', {"french"}),
        ("-cancer -lungs", {"register", "greek", "polish"}),
        ("cancer of the breast", {"cohort"}),
        ("https://example.org/greek", {"greek"}),
    ],
)
def test_words_find(index: TantivyIndex, text: str, found: set[str]) -> None:
    results = index.search(Query(text))
    assert set(keys(results)) == found
    assert results.total == len(found)


@pytest.mark.parametrize(
    ("text", "found", "suggestion"),
    [
        ("cancr", {"cohort", "french"}, "cancer"),
        ("mamograpy screened", {"cohort"}, "mammography screened"),
        ("canecr breast", {"cohort"}, "cancer breast"),
        ("cancel", {"cohort", "french"}, "cancer"),
        ("lag", set(), ""),
        ("2O19 19", set(), ""),
        ("covid-91", set(), ""),
        ("qqqqqq", set(), ""),
    ],
)
def test_misspelt_words(index: TantivyIndex, text: str, found: set[str], suggestion: str) -> None:
    results = index.search(Query(text))
    assert (set(keys(results)), results.suggestion) == (found, suggestion)


def test_word_that_exists_is_not_mistaken_for_another() -> None:
    index = index_of(make("speech", "Dysphasia"), make("swallowing", "Dysphagia"))
    assert keys(index.search(Query("dysphasia"))) == ["speech"]


def test_numbers_and_codes_are_not_misspelt() -> None:
    index = index_of(make("x", "Cohort 2024 of H15N1"))
    for text in ("2023", "H15N7"):
        results = index.search(Query(text))
        assert (results.total, results.suggestion) == (0, "")


def test_title_ranks_before_description_and_exact_before_other_forms() -> None:
    filler = [make(f"other{n}", "Something else", "about nothing") for n in range(20)]
    index = index_of(
        make("text", "Cohort", "asthma asthma"),
        make("form", "Asthmatic"),
        make("title", "Asthma", "with a long description of quite other things " * 9),
        *filler,
    )
    assert keys(index.search(Query("asthma"))) == ["title", "text", "form"]


def test_snippet_marks_words_and_escapes(index: TantivyIndex) -> None:
    (hit,) = index.search(Query("mamography")).hits
    assert hit.snippet == "Women screened by <b>mammography</b> &amp; seen &lt;b&gt;ten&lt;/b&gt; years"
    snippets = [hit.snippet for hit in index.search(Query("bruste")).hits]
    assert "Daten über Lungentumoren; <b>Brüste</b> nicht erfasst" in snippets


def test_snippet_is_cut_round_the_word_and_prefers_the_readers_language() -> None:
    long = "Vorwort ohne Inhalt. " * 50 + "Größe der Tumoren. " + "Nachwort. " * 50
    index = index_of(make("x", description=long, language="de"), make("y", description="Size", language="de"))
    (hit,) = index.search(Query("tumoren")).hits
    assert "Größe der <b>Tumoren</b>. Nachwort" in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 260
    both = dataclasses.replace(make("z"), description={"de": "Auf Deutsch: MRT", "en": "In English: MRT"})
    index = index_of(both)
    assert index.search(Query("mrt", languages=["de"])).hits[0].snippet == "Auf Deutsch: <b>MRT</b>"
    assert index.search(Query("mrt")).hits[0].snippet == "In English: <b>MRT</b>"


HOSTILE = [
    "",
    " ",
    "-",
    "--",
    '"',
    '-"',
    '"""',
    '"unbalanced phrase',
    "AND OR NOT",
    "title:cancer^5 [a TO z] {x} ~2 *",
    "(((",
    ".*(a+)+$",
    "'; DROP TABLE datasets; --",
    "<script>alert(1)</script>",
    "\x00\x01\x1b[31m",
    "😀🧬",
    "\ud800: lone",
    "שלום עולם",
    "\u202eright to left",
    "e\u0301tude",
    "word " * 10_000,
    "a" * 100_000,
    '"' + "phrase " * 10_000 + '"',
    "-x " * 1000,
    "http://" + "x" * 100_000,
    "ⅷ ² ½ ﬁ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_anything_typed_is_understood(index: TantivyIndex, text: str) -> None:
    results = index.search(Query(text, {"theme": [text]}))
    assert results.total == 0
    assert (text, 0) in results.counts["theme"]
    assert index.search(Query(text)).total <= len(CORPUS)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_understood(text: str) -> None:
    results = SHARED.search(Query(text))
    assert results.total >= 0
    assert all("<" not in hit.snippet.replace("<b>", "").replace("</b>", "") for hit in results.hits)


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_any_text_is_indexed_and_its_words_find_it(title: str, description: str) -> None:
    index = index_of(make("x", title, description), make("y"))
    word = next((word for word in title.split() if word.isalnum() and word.isascii()), None)
    assert index.search(Query()).total == 2
    if word is not None:
        assert "x" in keys(index.search(Query(f'"{word}"')))


SHARED = index_of(*CORPUS)


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
