"""Tables that turn source records into RDF: what each form makes of values, and that nothing is swallowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import shacl
from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCAT, DCT, FOAF, RDF, VCARD, XSD
from catalogue.resources import read_files
from harvesters import _mapping
from harvesters._forms import FORMS, How, Unreadable
from harvesters._mapping import describe, facts, name_of

HEAD = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> .
<https://w3id.org/ehds-catalogue/mapping/trial> a cat:RecordMapping ; cat:line
"""
SOURCE = Source("n", "http://x.example/node/n", "N", "trial", "http://x.example/", "http://x.example/d/")
DATASET = NamedNode("http://x.example/d/1")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Write a mapping ``trial`` of some lines."""

    def write(lines: str) -> None:
        content = (HEAD + lines + " .").encode()
        monkeypatch.setattr(_mapping, "read_files", lambda _: {"vocab/mappings/trial.ttl": content})
        _mapping.mapping.cache_clear()

    yield write
    _mapping.mapping.cache_clear()


def described(record: object) -> tuple[Graph, list[Note]]:
    return describe("trial", record, DATASET.value, SOURCE)


def test_a_field_becomes_a_property_and_each_item_of_a_list_a_value(table) -> None:
    table('[ cat:sourceField "tags.name" ; cat:target dcat:keyword ; cat:readAs cat:Text ]')
    graph, notes = described({"tags": [{"name": "a"}, {"name": "b"}]})
    assert list(graph.objects(DATASET, DCAT.keyword)) == [Literal("a", language="en"), Literal("b", language="en")]
    assert notes == []


def test_texts_by_language_keep_theirs(table) -> None:
    table('[ cat:sourceField "title" ; cat:target dct:title ; cat:readAs cat:Text ]')
    graph, notes = described({"title": {"de": "Herz", "en": "Heart", "n/a": "?"}})
    assert set(graph.objects(DATASET, DCT.title)) == {Literal("Herz", language="de"), Literal("Heart", language="en")}
    assert [(note.field, note.kind) for note in notes] == [("title.n/a", NoteKind.UNMAPPED)]


def test_what_no_line_speaks_of_is_noted_with_its_place_and_value(table) -> None:
    table('[ cat:sourceField "title" ; cat:target dct:title ; cat:readAs cat:Text ]')
    _, notes = described({"title": "A", "more": [{"x": 1}, {"x": 2}], "empty": "", "none": None, "nothing": []})
    assert [(note.kind, note.field, note.raw) for note in notes] == [
        (NoteKind.UNMAPPED, "more.x", "1"),
        (NoteKind.UNMAPPED, "more.x", "2"),
    ]


def test_a_value_of_another_form_is_noted_and_nothing_is_stated(table) -> None:
    table('[ cat:sourceField "day" ; cat:target dct:issued ; cat:readAs cat:When ]')
    graph, notes = described({"day": "12/05/2020"})
    assert not graph.objects(DATASET, DCT.issued)
    assert [(note.field, note.raw) for note in notes] == [("day", "12/05/2020")]
    assert "ISO 8601" in notes[0].reason


def test_an_object_where_a_value_should_be_is_noted(table) -> None:
    table('[ cat:sourceField "day" ; cat:target dct:issued ; cat:readAs cat:When ]')
    graph, notes = described({"day": {"year": 2020}})
    assert [(note.field, note.raw) for note in notes] == [("day.year", "2020")]
    assert not graph.objects(DATASET, DCT.issued)


PARTS = """[ cat:sourceField "publisher" ; cat:target dct:publisher ; cat:nodeType foaf:Agent ; cat:nodeName "uri" ;
    cat:line [ cat:sourceField "name" ; cat:target foaf:name ; cat:readAs cat:Text ] ,
             [ cat:target dct:type ; cat:constant <http://x.example/type> ] ]"""


def test_a_part_is_named_when_the_record_names_it(table) -> None:
    table(PARTS)
    graph, notes = described({"publisher": {"uri": "https://ror.org/1", "name": "Hospital"}})
    [agent] = graph.objects(DATASET, DCT.publisher)
    assert agent == NamedNode("https://ror.org/1")
    assert list(graph.objects(agent, RDF.type)) == [FOAF.Agent]
    assert list(graph.objects(agent, FOAF.name)) == [Literal("Hospital", language="en")]
    assert len(graph.objects(agent, DCT.type)) == 1
    assert notes == []


def test_a_part_of_which_nothing_is_said_is_not_there(table) -> None:
    table(PARTS)
    graph, notes = described({"publisher": {"uri": "not an address", "name": ""}})
    assert not graph.objects(DATASET, DCT.publisher)
    assert [(note.field, note.raw) for note in notes] == [("publisher.uri", "not an address")]


def test_the_value_itself_can_become_a_part(table) -> None:
    table("""[ cat:sourceField "mail" ; cat:target dcat:contactPoint ; cat:nodeType vcard:Kind ;
        cat:line [ cat:sourceField "." ; cat:target vcard:hasEmail ; cat:readAs cat:Mail ] ]""")
    graph, _ = described({"mail": "Data Office <data@example.org>"})
    [contact] = graph.objects(DATASET, DCAT.contactPoint)
    assert list(graph.objects(contact, VCARD.hasEmail)) == [NamedNode("mailto:data@example.org")]


def test_terms_are_read_by_the_crosswalk_and_unknown_ones_are_noted(table) -> None:
    table("""[ cat:sourceField "modality" ; cat:target eucaim:hasImageModality ; cat:readAs cat:Term ;
        cat:crosswalk <https://w3id.org/ehds-catalogue/crosswalk/dicom-modality> ]""")
    graph, notes = described({"modality": ["MR", "XQ", "https://x.example/own"]})
    assert len(graph.objects(DATASET, NamedNode("https://cancerimage.eu/ontology/EUCAIM#hasImageModality"))) == 2
    assert [(note.kind, note.raw) for note in notes] == [
        (NoteKind.MAPPED, "MR"),
        (NoteKind.UNMAPPED, "XQ"),
        (NoteKind.MAPPED, "https://x.example/own"),
    ]


def test_what_is_left_out_is_noted_with_the_reason_of_the_table(table) -> None:
    table('[ cat:sourceField "internal" ; cat:leftOut "a number of the server itself"@en ]')
    _, notes = described({"internal": {"id": 5}})
    assert [(note.field, note.raw, note.reason) for note in notes] == [
        ("internal.id", "5", "a number of the server itself")
    ]


@pytest.mark.parametrize(
    ("form", "value", "term"),
    [
        ("Count", "12", Literal("12", datatype=XSD.nonNegativeInteger)),
        ("Count", "12.0", Literal("12", datatype=XSD.nonNegativeInteger)),
        ("Decimal", "-1.5", Literal("-1.5", datatype=XSD.decimal)),
        ("When", "2020", Literal("2020", datatype=XSD.gYear)),
        ("When", "2020-05", Literal("2020-05", datatype=XSD.gYearMonth)),
        ("When", "2020-05-12", Literal("2020-05-12", datatype=XSD.date)),
        ("When", "2020-05-12T10:00:00Z", Literal("2020-05-12T10:00:00+00:00", datatype=XSD.dateTime)),
        ("Duration", "P10Y", Literal("P10Y", datatype=XSD.duration)),
        ("Truth", "True", Literal("true", datatype=XSD.boolean)),
        ("Link", "https://x.example/a b", NamedNode("https://x.example/a%20b")),
        ("Mail", "mailto:a@b.example", NamedNode("mailto:a@b.example")),
        ("Plain", "a", Literal("a")),
    ],
)
def test_forms(form: str, value: str, term: object) -> None:
    assert FORMS[form](value, How()) == (term,)


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("Count", ("-1", "1.5", "many")),
        ("Decimal", ("1,5", "nan")),
        ("When", ("2020-13", "May 2020", "12/05/2020")),
        ("Duration", ("a year",)),
        ("Truth", ("maybe",)),
        ("Link", ("example.org", "http:///x", "https://a b/", "javascript:alert(1)", "//x", "https://[1/")),
        ("Mail", ("nobody", "a@b")),
        ("Term", ("X",)),
    ],
)
def test_values_of_another_form_are_refused_without_being_quoted(form: str, values: tuple[str, ...]) -> None:
    for value in values:
        with pytest.raises(Unreadable) as refused:
            FORMS[form](value, How())
        assert value not in str(refused.value)


def test_a_template_makes_an_address_of_a_value_that_is_none() -> None:
    how = How(template="https://doi.org/{}")
    assert FORMS["Link"]("10.5/a b", how) == (NamedNode("https://doi.org/10.5/a%20b"),)
    assert FORMS["Link"]("https://doi.org/10.5/c", how) == (NamedNode("https://doi.org/10.5/c"),)


def test_facts_are_all_single_values_that_say_something() -> None:
    record = {"a": [1, {"b": False}], "c": None, "d": " ", "e": 0}
    assert [(name_of(place), said) for place, said in facts(record)] == [("a", "1"), ("a.b", "false"), ("e", "0")]


# --- the tables we ship ----------------------------------------------------------------------------------------------

TABLES = sorted(read_files("vocab/mappings").items())


@pytest.mark.parametrize(("path", "content"), TABLES, ids=[path for path, _ in TABLES])
def test_every_table_is_in_order(path: str, content: bytes) -> None:
    graph = Graph(parse(content, "text/turtle"))
    shapes = Graph(parse(read_files("shapes")["shapes/mapping.ttl"], "text/turtle"))
    assert list(shacl.check(shapes, graph)) == []
    name = Path(path).stem
    assert [node.value for node in graph.instances(CAT.RecordMapping)] == [_mapping.BASE + name]
    assert _mapping.mapping(name).lines


def test_the_shape_of_tables_refuses_what_it_should() -> None:
    shapes = Graph(parse(read_files("shapes")["shapes/mapping.ttl"], "text/turtle"))
    for lines in (
        '[ cat:sourceField "a" ]',
        '[ cat:sourceField "a" ; cat:target dct:title ; cat:readAs cat:Guess ]',
        '[ cat:sourceField "a" ; cat:target dct:title ; cat:leftOut "for no good reason" ]',
        '[ cat:sourceField "a" ; cat:target dct:title ; cat:colour "red" ]',
    ):
        graph = Graph(parse((HEAD + lines + " .").encode(), "text/turtle"))
        assert [f for f in shacl.check(shapes, graph) if "line" in f.rule.lower() or f.path], lines
