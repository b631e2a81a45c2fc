"""The datasheet tells what the description states and nothing else; what is missing is named as a gap."""

from __future__ import annotations

import json
import random
from functools import cache

import pytest

from catalogue.datasheet import Datasheet, as_json, as_markdown, datasheet
from catalogue.graphs import BlankNode, Graph, NamedNode, Triple, parse
from catalogue.names import CAT, SKOS
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

DATASET = NamedNode("https://example.org/dataset")
TEXT = """
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix healthdcatap: <http://healthdataportal.eu/ns/health#> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:dataset a dcat:Dataset ;
    dct:title "Lung CT"@en , "Lungen-CT"@de ;
    dct:description "# Not a *heading*\\n<script>alert(1)</script> [x](javascript:y)"@en ;
    dct:identifier "17" , "16" ;
    dct:publisher [ a foaf:Agent ; foaf:name "Clinic" ] , [ ] ;
    dct:spatial <http://publications.europa.eu/resource/authority/country/GRC> , <https://example.org/somewhere> ;
    dct:source <javascript:alert(2)> ;
    dct:temporal [ dcat:startDate "2020-01-01"^^xsd:date ] ,
        [ time:hasEnd [ time:inXSDgYear "2024"^^xsd:gYear ] ] ;
    healthdcatap:hasVariables [ csvw:table [ csvw:column [ csvw:name "age" ] , [ csvw:name "sex" ] ] ] ;
    dcat:distribution [ dct:license <https://example.org/licence> ] , [ dct:rights [ ] ] .
"""


@cache
def rules() -> Rulebook:
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


def sheet(text: str = TEXT, *languages: str) -> Datasheet:
    return datasheet(DATASET, Graph(parse(text.encode(), "text/turtle")), rules(), languages or ("en",))


def told(of: Datasheet) -> dict[str, list[str]]:
    return {f.name: [v.text for v in f.values] for section in of.sections for f in section.fields if f.values}


def test_facts_by_hand() -> None:
    assert told(sheet()) == {
        "Title": ["Lung CT"],
        "Description": ["# Not a *heading* <script>alert(1)</script> [x](javascript:y)"],
        "Identifier": ["16", "17"],
        "Publisher": ["Clinic"],
        "Made from": ["javascript:alert(2)"],
        "Place": ["Greece", "https://example.org/somewhere"],
        "Period": ["2020-01-01 – …", "… – 2024"],
        "Variables": ["age", "sex"],
        "Conditions of use": ["https://example.org/licence"],
    }


def test_the_reader_s_language_comes_first() -> None:
    german = sheet(TEXT, "de")
    assert german.sections[0].name == "Allgemeine Beschreibung"
    assert german.sections[0].fields[0].values[0].text == "Lungen-CT"
    assert german.gap == "in der Beschreibung nicht angegeben"


def test_an_empty_description_is_all_gaps() -> None:
    empty = sheet("<https://example.org/dataset> a <http://www.w3.org/ns/dcat#Dataset> .")
    fields = [field for section in empty.sections for field in section.fields]
    assert told(empty) == {}
    assert as_markdown(empty).count(f"*{empty.gap}*") == len(fields) > 20
    assert len(empty.sections) == 6


def test_nothing_in_a_description_becomes_mark_up() -> None:
    text = as_markdown(sheet())
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "# Datasheet of the dataset",
        *(f"## {section.name}" for section in sheet().sections),
    ]
    assert r"\<script\>alert(1)\</script\>" in text
    assert r"\[x\](javascript:y)" in text
    assert "<javascript:" not in text
    assert "(<http://publications.europa.eu/resource/authority/country/GRC>)" in text


def test_it_never_says_that_the_documentation_is_complete() -> None:
    assert "does not complete it" in as_markdown(sheet())
    assert "Annex IV point 2(d)" in as_markdown(sheet())


def test_json_holds_the_same() -> None:
    known = json.loads(json.dumps(as_json(sheet())))
    values = {
        f["name"]: [v["text"] for v in f["values"]] for s in known["sections"] for f in s["fields"] if f["values"]
    }
    assert values == told(sheet())


def test_order_and_blank_node_names_do_not_matter() -> None:
    triples = list(Graph(parse(TEXT.encode(), "text/turtle")))
    random.Random(4).shuffle(triples)

    def other(term: object) -> object:
        return BlankNode("z" + term.value[::-1]) if isinstance(term, BlankNode) else term

    graph = Graph(Triple(other(t.subject), t.predicate, other(t.object)) for t in triples)  # type: ignore[arg-type]
    assert datasheet(DATASET, graph, rules()) == sheet()


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_part_is_told(language: str) -> None:
    graph = rules().graph
    parts = [*graph.instances(CAT.DatasheetSection), *graph.instances(CAT.DatasheetField)]
    assert len(parts) > 30
    silent = [
        p for p in parts if language not in {getattr(n, "language", "") for n in graph.objects(p, SKOS.prefLabel)}
    ]
    assert silent == []
