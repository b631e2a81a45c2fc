"""Datasets of schema.org in pages, files and RO-Crates: one table, many ways to write the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.graphs import BlankNode, Literal, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected, Source
from catalogue.names import DCAT, DCT, EU, FOAF, PROV, SKOS, VCARD, XSD
from harvesters._linked_record import Document
from tests.contract.harvesting import harvested, only, texts
from tests.kinds import schemaorg
from tests.kinds.schemaorg import SITEMAP, page
from tests.live.conftest import running

FULL: dict[str, Any] = {
    "@context": "http://schema.org",
    "@type": "Dataset",
    "@id": "https://data.example.org/heart",
    "name": [{"@value": "Heart", "@language": "en"}, {"@value": "Herz", "@language": "de"}],
    "description": "Echocardiography of 400 patients.",
    "identifier": ["https://doi.org/10.5072/heart", {"@type": "PropertyValue", "propertyID": "local", "value": "H1"}],
    "keywords": ["heart, echo", {"@type": "DefinedTerm", "name": "MRI", "@id": "http://snomed.info/id/113091000"}],
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "creator": {"@type": "Organization", "@id": "https://ror.org/0000", "name": "Hospital", "url": "https://h.example"},
    "publisher": {"@type": "Organization", "name": "Repository", "contactPoint": {"@type": "ContactPoint",
        "email": "mailto:data@h.example", "contactType": "data access"}},
    "funder": {"@type": "Organization", "name": "European Commission"},
    "temporalCoverage": "2015-01-01/2019-12-31",
    "spatialCoverage": {"@type": "Place", "name": "Utrecht", "geo": {"@type": "GeoCoordinates", "latitude": 52.1,
        "longitude": 5.1}},
    "distribution": {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": "https://h.example/heart.csv",
        "contentSize": "2 MB"},
    "datePublished": "2020", "dateModified": "2021-05-04", "version": 2, "inLanguage": "nl-NL",
    "isPartOf": {"@type": "DataCatalog", "@id": "https://h.example/catalogue"},
    "variableMeasured": ["ejection fraction", {"@type": "PropertyValue", "name": "age"}],
    "measurementTechnique": "ultrasound",
}  # fmt: skip


def harvest(node: Source) -> list[Harvested]:
    return harvested(node)


def described(node: Source) -> Description:
    return only(harvest(node))


def part(one: Description, predicate: NamedNode) -> BlankNode:
    [node] = one.graph.objects(NamedNode(one.iri), predicate)
    assert isinstance(node, BlankNode)
    return node


@pytest.fixture
def full(tmp_path: Path) -> Description:
    (tmp_path / "full.json").write_text(json.dumps(FULL), "utf-8")
    return described(schemaorg.source(tmp_path / "full.json"))


def test_every_property_finds_its_place(full: Description) -> None:
    graph = full.graph
    assert full.iri == "https://data.example.org/heart"
    titles = set(graph.objects(NamedNode(full.iri), DCT.title))
    assert titles == {Literal("Heart", language="en"), Literal("Herz", language="de")}
    assert texts(full, DCT.identifier) == {"https://doi.org/10.5072/heart", "H1"}
    assert texts(full, DCAT.keyword) == {"heart", "echo", "MRI", "ejection fraction", "age"}
    assert texts(full, DCT.subject) == {"http://snomed.info/id/113091000"}
    assert texts(full, DCT.license) == {EU + "licence/CC_BY_4_0"}
    assert texts(full, DCT.creator) == {"https://ror.org/0000"}
    assert texts(full, DCT.language) == {EU + "language/NLD"}
    assert graph.text(part(full, DCT.publisher), FOAF.name, "en") == "Repository"
    assert graph.value(part(full, DCAT.contactPoint), VCARD.hasEmail) == NamedNode("mailto:data@h.example")
    assert graph.value(part(full, DCT.temporal), DCAT.endDate) == Literal("2019-12-31", datatype=XSD.date)
    assert graph.text(part(full, DCT.spatial), DCAT.centroid) == "POINT(5.1 52.1)"
    assert graph.text(part(full, DCT.spatial), SKOS.prefLabel, "en") == "Utrecht"
    data = part(full, DCAT.distribution)
    assert graph.value(data, DCAT.downloadURL) == NamedNode("https://h.example/heart.csv")
    assert graph.value(data, DCAT.mediaType) == NamedNode("http://www.iana.org/assignments/media-types/text/csv")
    assert graph.objects(part(full, PROV.wasGeneratedBy), PROV.wasAssociatedWith)
    assert texts(full, DCT.issued) == {"2020"}


def test_what_is_not_stated_is_left_out_with_a_reason(full: Description) -> None:
    left = {note.field: note.reason for note in full.notes if note.kind is NoteKind.UNMAPPED}
    assert not [field for field, reason in left.items() if reason.startswith("no line")], left


@pytest.mark.parametrize(
    "written",
    [
        lambda one: one | {"@context": "https://schema.org/"},
        lambda one: {"@context": {"schema": "https://schema.org/"}} | _prefixed(one, "schema:"),
        lambda one: _prefixed(one, "http://schema.org/"),
        lambda one: {"@context": "https://schema.org", "@graph": _flat(one)},
        lambda one: [{"@type": "WebSite", "name": "x"}, one],
        lambda one: {"@type": "DataCatalog", "name": "All", "dataset": [one]},
    ],
)
def test_the_same_dataset_is_described_alike_however_it_is_written(
    tmp_path: Path, full: Description, written: Any
) -> None:
    (tmp_path / "other.json").write_text(json.dumps(written(FULL)), "utf-8")
    assert described(schemaorg.source(tmp_path / "other.json")).digest == full.digest


def _prefixed(value: Any, prefix: str) -> Any:
    if isinstance(value, list):
        return [_prefixed(one, prefix) for one in value]
    if isinstance(value, dict):
        named = {name if name[0] == "@" else prefix + name: _prefixed(one, prefix) for name, one in value.items()}
        return named | ({"@type": prefix + value["@type"]} if "@type" in value else {})
    return value


def _flat(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The dataset and its creator as two entities."""
    creator = value["creator"]
    return [value | {"creator": {"@id": creator["@id"]}}, creator]


def test_references_that_go_in_circles_come_to_an_end(tmp_path: Path) -> None:
    circle = {"@graph": [
        {"@type": "Dataset", "@id": "https://x.example/a", "name": "A", "isPartOf": {"@id": "https://x.example/b"}},
        {"@type": "Dataset", "@id": "https://x.example/b", "name": "B", "hasPart": {"@id": "https://x.example/a"}},
    ]}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(circle), "utf-8")
    one, two = harvest(schemaorg.source(tmp_path / "a.json"))
    assert isinstance(one, Description)
    assert isinstance(two, Description)
    assert texts(one, DCT.isPartOf) == {two.iri}
    assert texts(two, DCT.hasPart) == {one.iri}
    document = Document(circle)
    [first, _] = document.of_type("Dataset")
    assert document.resolved(first)["isPartOf"]["hasPart"] == one.iri


def test_an_index_of_sitemaps_is_followed_on_its_host_only() -> None:
    with running() as site:
        index = SITEMAP.replace("urlset", "sitemapindex").format(
            f"<sitemap><loc>{site.url}/one.xml</loc></sitemap><sitemap><loc>http://192.0.2.1/two.xml</loc></sitemap>"
        )
        site.page("/index.xml", index, "application/xml")
        site.page("/one.xml", SITEMAP.format(f"<url><loc>{site.url}/a</loc></url>"), "application/xml")
        site.page("/a", page("a"), "text/html")
        stranger, one = harvest(schemaorg.source(f"{site.url}/index.xml"))
        assert isinstance(stranger, Rejected)
        assert "1 addresses" in stranger.problem
        assert isinstance(one, Description)
        assert one.iri == f"{site.url}/a"


def test_pages_of_a_sitemap_can_be_chosen_and_others_are_told() -> None:
    with running() as site:
        links = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in ("dataset/a", "news"))
        site.page("/sitemap.xml", SITEMAP.format(links), "application/xml")
        site.page("/dataset/a", page("a"), "text/html")
        site.page("/news", "<html></html>", "text/html")
        assert described(schemaorg.source(f"{site.url}/sitemap.xml", pages="/dataset/"))
        _, news = harvest(schemaorg.source(f"{site.url}/sitemap.xml"))
        assert isinstance(news, Rejected)
        assert "pages" in news.remedy


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not whole JSON"),
        ("{}", "nothing here describes a Dataset"),
        ('{"@type": "Dataset"}', "name"),
        ('<script type="application/ld+json">{</script>', "not whole JSON"),
    ],
)
def test_what_describes_no_dataset_is_rejected(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    [one] = harvest(schemaorg.source(tmp_path / "a.json"))
    assert isinstance(one, Rejected)
    assert words in one.problem


@pytest.mark.parametrize(
    ("geo", "predicate", "written"),
    [
        ({"@type": "GeoCoordinates", "latitude": 39.4, "longitude": "-0.37"}, DCAT.centroid, {"POINT(-0.37 39.4)"}),
        (
            [{"latitude": 1, "longitude": 2}, {"latitude": "3", "longitude": "4"}],
            DCAT.centroid,
            {"POINT(2 1)", "POINT(4 3)"},
        ),
        ({"latitude": "north", "longitude": 2}, DCAT.centroid, set()),
        (
            {"box": "18.0 -65.0 72.0 172.0"},
            DCAT.bbox,
            {"POLYGON((-65.0 18.0, 172.0 18.0, 172.0 72.0, -65.0 72.0, -65.0 18.0))"},
        ),
        ({"box": "18.0,-65.0"}, DCAT.bbox, set()),
        (
            {"polygon": "0 0 0 9 9 9 0 0"},
            NamedNode("http://www.w3.org/ns/locn#geometry"),
            {"POLYGON((0 0, 9 0, 9 9, 0 0))"},
        ),
        ({"polygon": "0 0 0 9 0 0"}, NamedNode("http://www.w3.org/ns/locn#geometry"), set()),
        ("somewhere", DCAT.centroid, set()),
    ],
)
def test_places_are_written_longitude_first(tmp_path: Path, geo: Any, predicate: NamedNode, written: set[str]) -> None:
    record = {**FULL, "spatialCoverage": {"@type": "Place", "name": "There", "geo": geo}}
    (tmp_path / "a.json").write_text(json.dumps(record), "utf-8")
    one = only(harvested(schemaorg.source(tmp_path / "a.json")))
    places = one.graph.objects(NamedNode(one.iri), DCT.spatial)
    said = {str(term.value) for place in places for term in one.graph.objects(place, predicate)}
    assert said == written
    noted = any(note.field.startswith("place.geo") for note in one.notes if "@type" not in note.field)
    assert noted is (not written), "what is no geometry is noted"


def test_a_name_of_something_the_document_does_not_hold_is_no_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({**FULL, "publisher": {"@id": "#organisation"}}), "utf-8")
    one = only(harvested(schemaorg.source(tmp_path / "a.json")))
    names = {one.graph.text(agent, FOAF.name) for agent in one.graph.objects(NamedNode(one.iri), DCT.publisher)}
    assert "#organisation" not in names
    assert any(note.raw == "#organisation" for note in one.notes)
