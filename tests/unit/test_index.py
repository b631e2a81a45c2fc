"""The search index against the real tantivy: what people type finds, also misspelt, hostile or in another language."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.index import TantivyIndex
from catalogue.ports import Query
from tests.unit.indexing import CORPUS, index_of, keys, make


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
