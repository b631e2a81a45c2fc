"""Values of schema.org in the many forms in which sites write them: each is stated truly, noted or withheld."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, NoteKind, Rejected
from catalogue.names import DCAT, DCT, EU, FOAF, RDFS
from harvesters._linked_record import Document
from harvesters._schemaorg_values import absolute, address_of, identifiers, words
from tests.contract.harvesting import harvested, only, texts
from tests.kinds import schemaorg

IRI = "https://x.example/d"


def one_with(folder: Path, **properties: Any) -> Description:
    """The description of a dataset with these properties."""
    record = {"@context": "https://schema.org/", "@type": "Dataset", "@id": IRI, "name": "N", **properties}
    (folder / "a.json").write_text(json.dumps(record), "utf-8")
    return only(harvested(schemaorg.source(folder)))


def told(one: Description, kind: NoteKind = NoteKind.UNMAPPED) -> dict[str, str]:
    """Field -> value of the notes of a kind."""
    return {note.field: note.raw for note in one.notes if note.kind is kind}


def labels(one: Description, predicate: NamedNode, name: NamedNode) -> set[Literal]:
    """The names of the values of a property."""
    nodes = one.graph.objects(NamedNode(one.iri), predicate)
    return {said for node in nodes for said in one.graph.objects(node, name) if isinstance(said, Literal)}  # type: ignore[arg-type]


# --- texts -----------------------------------------------------------------------------------------------------------


def test_an_entity_for_a_text_is_its_name_and_the_rest_is_noted(tmp_path: Path) -> None:
    one = one_with(
        tmp_path,
        measurementTechnique={"@type": "DefinedTerm", "name": "MRI", "url": "https://e.example/mri"},
        abstract={"@type": "TextObject", "text": "Words"},
        measurementMethod={"url": "https://e.example/method"},
    )
    assert labels(one, DCT.provenance, RDFS.label) == {Literal("MRI", language="en")}
    assert not texts(one, DCT.description)
    assert told(one)["beside.measurementTechnique.url"] == "https://e.example/mri"
    assert told(one)["beside.abstract.text"] == "Words"
    assert told(one)["beside.measurementMethod.url"] == "https://e.example/method"


def test_character_references_of_pages_are_letters(tmp_path: Path) -> None:
    one = one_with(
        tmp_path,
        description={"@type": "HTML", "@value": "&lt;p&gt;&quot;Winter&quot; &amp; ice&lt;/p&gt;"},
        name="R&#38;D &eacute;",
        alternateName="a &b; c",
    )
    assert texts(one, DCT.description) == {'"Winter" & ice'}
    assert texts(one, DCT.title) == {"R&D é"}
    assert texts(one, DCT.alternative) == {"a &b; c"}


def test_a_language_that_is_none_is_not_that_of_the_texts(tmp_path: Path) -> None:
    one = one_with(tmp_path, **{"@context": {"@language": "no tag!"}})
    assert one.graph.objects(NamedNode(IRI), DCT.title) == [Literal("N", language="en")]


@pytest.mark.parametrize("context", [{"@language": "de"}, ["https://schema.org/", {"@language": "de"}]])
def test_the_language_of_a_document_is_that_of_its_texts(tmp_path: Path, context: Any) -> None:
    one = one_with(tmp_path, **{"@context": context, "name": ["Herz", {"@language": "en", "@value": "Heart"}]})
    said = set(one.graph.objects(NamedNode(IRI), DCT.title))
    assert said == {Literal("Herz", language="de"), Literal("Heart", language="en")}


def test_a_language_map_with_several_texts_is_several_texts(tmp_path: Path) -> None:
    one = one_with(tmp_path, alternateName={"en": ["A", "B"], "de-AT": "C"})
    said = set(one.graph.objects(NamedNode(IRI), DCT.alternative))
    assert said == {Literal("A", language="en"), Literal("B", language="en"), Literal("C", language="de-at")}


def test_a_headline_stands_in_for_a_name(tmp_path: Path) -> None:
    assert texts(one_with(tmp_path, name="", headline="Head", alternateName="Other"), DCT.title) == {"Head"}
    assert texts(one_with(tmp_path, name="", alternateName="Other"), DCT.title) == {"Other"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("heart, echo", ["heart", "echo"]),
        ("Heart, left; echo;", ["Heart, left", "echo"]),
        (["Carcinoma, Squamous Cell", "Heart"], ["Carcinoma, Squamous Cell", "Heart"]),
        ({"en": "a, b"}, [{"en": "a"}, {"en": "b"}]),
        ([["a"], 5], [["a"], 5]),
    ],
)
def test_keywords_are_parted_where_they_stand_in_one_text(said: Any, read: list[Any]) -> None:
    assert words(said) == read


def test_a_subject_is_a_concept_where_it_has_an_address(tmp_path: Path) -> None:
    term = {"@type": "DefinedTerm", "name": "Heart", "@id": "http://snomed.info/id/80891009", "termCode": "80891009"}
    one = one_with(tmp_path, about=[term, {"@type": "Thing", "name": "Lung"}, "https://c.example/1", "Liver, left"])
    assert texts(one, DCT.subject) == {term["@id"], "https://c.example/1"}
    assert texts(one, DCAT.keyword) == {"Heart", "Lung", "Liver, left"}
    assert told(one)["beside.about.termCode"] == "80891009"
    assert not any("@id" in field for field in told(one) if field.startswith("beside"))


# --- addresses and identifiers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["http://", "http://[::1", "http://x y/<>", "ftp://x.example/", "#d", "", 5, None])
def test_what_is_no_address_names_no_dataset(tmp_path: Path, bad: Any) -> None:
    assert address_of(bad) == ""
    one = one_with(tmp_path, **{"@id": bad, "identifier": bad, "url": bad})
    assert one.iri.startswith("http://127.0.0.1/dataset/site/")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("10.5072/Heart", "https://doi.org/10.5072/heart"),
        ("doi: 10.5072/heart", "https://doi.org/10.5072/heart"),
        ("https://dx.doi.org/10.5072/heart", "https://doi.org/10.5072/heart"),
        ("http://www.doi.org/10.5072/heart", "https://doi.org/10.5072/heart"),
        ({"propertyID": "DOI", "value": "10.5072/heart"}, "https://doi.org/10.5072/heart"),
        ({"url": "https://doi.org/10.5072/heart", "value": "doi:10.5072/heart"}, "https://doi.org/10.5072/heart"),
        ({"url": "https://trials.example/NCT1", "value": "NCT1"}, "https://trials.example/NCT1"),
        ({"@id": "#local", "value": "H1"}, "H1"),
        ("Table 10.5072/heart", "Table 10.5072/heart"),
        (7, "7"),
    ],
)
def test_an_identifier_is_said_once_and_a_doi_as_its_address(said: Any, read: str) -> None:
    assert identifiers(said) == [read]


def test_a_dataset_without_identifier_is_known_by_what_names_it(tmp_path: Path) -> None:
    assert texts(one_with(tmp_path), DCT.identifier) == {IRI}
    assert texts(one_with(tmp_path, **{"@id": ""}), DCT.identifier) == {"N"}


def test_a_doi_names_a_dataset_before_other_addresses(tmp_path: Path) -> None:
    known = ["https://h.example/1", "10.5072/a"]
    assert one_with(tmp_path, **{"@id": "", "identifier": known}).iri == "https://doi.org/10.5072/a"
    assert one_with(tmp_path, **{"@id": "http://dx.doi.org/10.5072/A"}).iri == "https://doi.org/10.5072/a"


def test_an_address_and_another_value_are_two_identifiers() -> None:
    assert identifiers(["10.5072/a", "doi:10.5072/a"]) == ["https://doi.org/10.5072/a"]
    assert identifiers({"url": "https://h.example/x", "value": "H1"}) == ["https://h.example/x", "H1"]


def test_a_dataset_is_named_by_its_page_unless_that_is_the_whole_site(tmp_path: Path) -> None:
    assert one_with(tmp_path, **{"@id": "#d", "url": "https://x.example/heart"}).iri == "https://x.example/heart"
    assert one_with(tmp_path, **{"@id": "#d", "url": "https://x.example/"}).iri == "http://127.0.0.1/dataset/site/N"


def test_the_name_of_a_dataset_does_not_depend_on_the_order_of_its_titles(tmp_path: Path) -> None:
    titles = [{"@value": "Herz", "@language": "de"}, {"@value": "Heart", "@language": "en"}]
    found = {one_with(tmp_path, **{"@id": "", "name": given}).iri for given in (titles, titles[::-1])}
    assert found == {"http://127.0.0.1/dataset/site/Heart"}


@pytest.mark.parametrize(
    ("said", "read"),
    [("/a", "https://x.example/a"), ("b", "https://x.example/c/b"), ("_:b", "_:b"), ("tel:1", "tel:1"), ("", ""),
     (5, 5), ("//[", "//[")],
)  # fmt: skip
def test_what_is_relative_is_relative_to_the_page(said: Any, read: Any) -> None:
    assert absolute(said, "https://x.example/c/d") == read


@pytest.mark.parametrize(
    "licence",
    [
        "https://creativecommons.org/licenses/by/4.0",
        "https://creativecommons.org/licenses/by/4.0/legalcode",
        "http://creativecommons.org/licenses/by/4.0/deed.en",
        {"@type": "CreativeWork", "name": "CC BY 4.0"},
        {"@id": "https://creativecommons.org/licenses/by/4.0/", "@type": "CreativeWork", "name": "Ours"},
        {"@type": "CreativeWork", "url": "https://creativecommons.org/licenses/by/4.0/", "name": "Ours"},
    ],
)
def test_a_licence_is_known_in_any_form(tmp_path: Path, licence: Any) -> None:
    one = one_with(tmp_path, license=licence, distribution={"contentUrl": "https://x.example/a", "license": licence})
    assert texts(one, DCT.license) == {EU + "licence/CC_BY_4_0"}
    [data] = one.graph.objects(NamedNode(IRI), DCAT.distribution)
    assert one.graph.value(data, DCT.license) == NamedNode(EU + "licence/CC_BY_4_0")  # type: ignore[arg-type]


# --- documents -------------------------------------------------------------------------------------------------------


def test_an_entity_without_a_name_is_not_another(tmp_path: Path) -> None:
    nothing = {"@id": "", "@type": "Organization", "email": "a@h.example"}
    graph = {"@graph": [nothing, {"@id": IRI, "@type": "Dataset", "name": "N", "publisher": {"name": "P"}}]}
    (tmp_path / "a.json").write_text(json.dumps(graph), "utf-8")
    one = only(harvested(schemaorg.source(tmp_path)))
    assert labels(one, DCT.publisher, FOAF.name) == {Literal("P", language="en")}
    [publisher] = one.graph.objects(NamedNode(one.iri), DCT.publisher)
    assert len(one.graph.outgoing(publisher)) == 2  # type: ignore[arg-type]


def test_what_lies_deep_inside_is_not_lost() -> None:
    deep: Any = {"name": "end"}
    for _ in range(20):
        deep = {"inside": deep}
    [entity] = Document({"@type": "Dataset", "x": deep}).of_type("Dataset")
    assert "end" in json.dumps(Document({}).resolved(entity))
    deep = {"@id": "#b"}
    for _ in range(10):
        deep = {"inside": deep}
    document = Document({"@graph": [{"@type": "Dataset", "x": deep}, {"@id": "#b", "@type": "Thing", "name": "end"}]})
    [entity] = document.of_type("Dataset")
    assert "end" in json.dumps(document.resolved(entity))


@pytest.mark.parametrize("nobody", ["#jane", "people/jane", "_:b0"])
def test_what_names_nothing_in_the_document_is_no_name(tmp_path: Path, nobody: str) -> None:
    one = one_with(tmp_path, creator={"@id": nobody})
    assert labels(one, DCT.creator, FOAF.name) == set()
    assert told(one)["creator.@id"] == nobody


def test_names_may_stand_for_keywords_of_json_ld(tmp_path: Path) -> None:
    record = {"@context": "https://schema.org/", "type": "Dataset", "id": IRI, "name": "N"}
    (tmp_path / "a.json").write_text(json.dumps(record), "utf-8")
    assert only(harvested(schemaorg.source(tmp_path))).iri == IRI


def test_a_list_of_json_ld_holds_datasets(tmp_path: Path) -> None:
    record = {"@type": "DataCatalog", "dataset": {"@list": [{"@type": "Dataset", "@id": IRI, "name": "N"}]}}
    (tmp_path / "a.json").write_text(json.dumps(record), "utf-8")
    assert only(harvested(schemaorg.source(tmp_path))).iri == IRI


def test_what_is_said_of_a_dataset_in_two_places_is_said_of_it(tmp_path: Path) -> None:
    said = [{"@id": IRI, "@type": "Dataset", "name": "N"}, {"@id": IRI, "@type": "Dataset", "version": "2"}]
    (tmp_path / "a.json").write_text(json.dumps(said), "utf-8")
    one = only(harvested(schemaorg.source(tmp_path)))
    assert (texts(one, DCT.title), texts(one, DCAT.version)) == ({"N"}, {"2"})


def test_every_dataset_may_refer_to_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters._linked_record.LARGEST", 2)
    creators = [{"@id": "#a"}, {"@id": "#b"}, {"@id": "#c"}]
    sets: list[dict[str, Any]] = [{"@type": "Dataset", "name": name, "creator": creators} for name in ("1", "2")]
    people = [{"@id": f"#{name}", "@type": "Person", "name": name} for name in "abc"]
    document = Document({"@graph": [*sets, *people]})
    found = [document.resolved(one)["creator"] for one in document.of_type("Dataset")]
    assert [[agent.get("name") for agent in agents] for agents in found] == [["a", "b", None]] * 2


def test_references_between_many_entities_come_to_an_end() -> None:
    people = [{"@id": f"#p{number}", "@type": "Person", "affiliation": {"@id": "#o"}} for number in range(1000)]
    place = {"@id": "#o", "@type": "Organization", "employee": [{"@id": one["@id"]} for one in people]}
    dataset = {"@type": "Dataset", "creator": [{"@id": one["@id"]} for one in people]}
    document = Document({"@graph": [dataset, place, *people]})
    [entity] = document.of_type("Dataset")
    assert len(json.dumps(document.resolved(entity))) < 10_000_000


def test_a_stub_does_not_overwrite_what_is_said_of_an_entity(tmp_path: Path) -> None:
    full = {"@id": "https://x.example/b", "@type": "Dataset", "name": "Whole name", "description": "D"}
    first = {"@type": "Dataset", "@id": IRI, "name": "A", "isPartOf": {**full, "name": "B", "description": "d"}}
    for graph in ([first, full], [full, first]):
        (tmp_path / "a.json").write_text(json.dumps({"@graph": graph}), "utf-8")
        found = {one.iri: one for one in harvested(schemaorg.source(tmp_path)) if isinstance(one, Description)}
        assert texts(found[full["@id"]], DCT.title) == {"Whole name"}


def test_a_context_that_means_another_vocabulary_describes_no_dataset(tmp_path: Path) -> None:
    record = {"@context": {"s": "http://other.example/"}, "@type": "s:Dataset", "name": "N"}
    (tmp_path / "a.json").write_text(json.dumps(record), "utf-8")
    [one] = harvested(schemaorg.source(tmp_path))
    assert isinstance(one, Rejected)
