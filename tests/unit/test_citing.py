"""Citations: what is stated is said, in forms that reference managers read back."""

from __future__ import annotations

import pytest
import rispy
from pybtex.database import parse_string

from catalogue.citing import Citation, bibtex, cite, ris
from catalogue.graphs import Graph, NamedNode, parse

IRI = "https://data.example.org/d"
PREFIXES = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
WHOLE = """<https://data.example.org/d> a dcat:Dataset ; dct:title "Lungs & 5% {more}"@en , "Lungen"@de ;
    dct:creator [ a foaf:Person ; foaf:name "Jane van Doe" ] , [ a foaf:Agent ; foaf:name "Hospital of A and B" ] ;
    dct:publisher [ foaf:name "Press" ] ; dct:issued "2024-05-01" ; dct:modified "2025-01-01" ; dcat:version "2" ;
    adms:identifier [ skos:notation "https://doi.org/10.5072/ABC" ] .
"""


def cited(text: str, *languages: str) -> Citation:
    return cite(Graph(parse((PREFIXES + text).encode(), "text/turtle")), NamedNode(IRI), *languages)


def test_words_say_who_when_what_and_where() -> None:
    assert cited(WHOLE).text == (
        "Hospital of A and B, Jane van Doe (2024): Lungs & 5% {more}. Version 2. Press. https://doi.org/10.5072/ABC"
    )
    assert cited(WHOLE, "de").title == "Lungen"


def test_what_is_not_stated_is_not_said() -> None:
    one = cited('<https://data.example.org/d> dct:title "T" .')
    assert one.text == f"T. {IRI}"
    assert "year" not in bibtex([one])
    assert "PY  -" not in ris([one])
    assert cited("<https://data.example.org/other> dct:title 'T' .").text == f"{IRI}. {IRI}"


def test_a_publisher_stands_in_for_authors_and_is_said_once() -> None:
    one = cited('<https://data.example.org/d> dct:title "T" ; dct:publisher [ foaf:name "P" ] ; dct:modified "2023" .')
    assert one.text == f"P (2023): T. {IRI}"


def test_bibtex_is_read_back() -> None:
    [entry] = parse_string(bibtex([cited(WHOLE)]), "bibtex").entries.values()
    organisation, person = entry.persons["author"]
    assert organisation.last_names == ["{Hospital of A and B}"]
    assert (person.first_names, person.prelast_names, person.last_names) == (["Jane"], ["van"], ["Doe"])
    assert entry.fields["doi"] == "10.5072/ABC"
    assert entry.fields["title"] == r"{Lungs \& 5\% (more)}"


def test_ris_is_read_back() -> None:
    one, other = rispy.loads(ris([cited(WHOLE), cited('<https://data.example.org/d> dct:title "U" .')]))
    assert (one["type_of_reference"], one["title"], one["year"]) == ("DATA", "Lungs & 5% {more}", "2024")
    assert one["authors"] == ["Hospital of A and B", "van Doe, Jane"]
    assert (one["doi"], other["title"]) == ("10.5072/ABC", "U")


@pytest.mark.parametrize("evil", [r"A\nER  - \nTY  - BOOK", r"A\rTI  - B", r"A\\\", note = {x}"])
def test_a_title_is_one_field(evil: str) -> None:
    one = cited(f'<https://data.example.org/d> dct:title "{evil}" .')
    assert len(rispy.loads(ris([one]))) == 1
    [entry] = parse_string(bibtex([one]), "bibtex").entries.values()
    assert set(entry.fields) == {"title", "url", "note"}
    assert entry.fields["note"] == "Dataset"
