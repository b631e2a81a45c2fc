"""Words of several languages: compounds, articles that lean on a word, parts with a hyphen, words of asking."""

from __future__ import annotations

import pytest

from catalogue.index import TantivyIndex
from catalogue.ports import Query
from tests.unit.indexing import index_of, make


@pytest.fixture(scope="module")
def index() -> TantivyIndex:
    return index_of(
        make("kidney", terms=("Niere", "Tumor", "Rein", "scanner")),
        make("nerve", terms=("Niere", "Schmerz")),
        make("neck", terms=("Kopf", "Hals", "Karzinom")),
        make("ovary", terms=("Ovaire", "Ovaio")),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nierentumor", {"kidney"}),
        ("Nierenschmerz", {"nerve"}),
        ("Hals-Kopf", {"neck"}),
        ("l'ovaire", {"ovary"}),
        ("dell’ovaio", {"ovary"}),
        ("scanner chez les patients", {"kidney"}),
        ("scanner-patients", {"kidney"}),
        ('"Hals-Kopf"', set()),
        ("Nierenflug", set()),
    ],
)
def test_words_are_understood_as_their_language_builds_them(index: TantivyIndex, text: str, expected: set[str]) -> None:
    assert {hit.key for hit in index.search(Query(text)).hits} == expected
