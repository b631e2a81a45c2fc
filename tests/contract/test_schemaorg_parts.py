"""Agents, distributions, periods and places of schema.org in the forms in which sites write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalogue.graphs import Literal, NamedNode
from catalogue.model import NoteKind
from catalogue.names import CV, DCAT, DCT, EU, FOAF, HEALTH, PROV, XSD
from tests.contract.harvesting import texts
from tests.contract.test_schemaorg_values import IRI, labels, one_with, told

# --- agents ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("container", ["@list", "@set"])
def test_creators_in_a_container_are_creators(tmp_path: Path, container: str) -> None:
    one = one_with(tmp_path, creator={container: [{"@type": "Person", "name": "A"}, {"@type": "Person", "name": "B"}]})
    assert {str(name.value) for name in labels(one, DCT.creator, FOAF.name)} == {"A", "B"}


def test_who_has_a_role_is_the_agent(tmp_path: Path) -> None:
    role = {"@type": "Role", "roleName": "PI", "creator": {"@type": "Person", "givenName": "A", "familyName": "B"}}
    one = one_with(tmp_path, creator=role)
    assert labels(one, DCT.creator, FOAF.name) == {Literal("A B", language="en")}
    assert told(one)["creator.roleName"] == "PI"
    alone = one_with(tmp_path, creator={"@type": "Role", "roleName": "PI"})
    assert told(alone)["creator.roleName"] == "PI"


def test_an_agent_is_known_by_any_of_its_names(tmp_path: Path) -> None:
    one = one_with(tmp_path, creator=[{"legalName": "L"}, {"alternateName": "A", "legalName": "M"}, "Text"])
    assert {str(name.value) for name in labels(one, DCT.creator, FOAF.name)} == {"L", "M", "Text"}
    assert texts(one_with(tmp_path, creator="https://orcid.org/1"), DCT.creator) == {"https://orcid.org/1"}


def test_identifiers_of_agents_and_places_are_read_alike(tmp_path: Path) -> None:
    number = {"@type": "PropertyValue", "propertyID": "GRID", "value": "grid.1"}
    one = one_with(
        tmp_path, publisher={"@type": "Organization", "name": "H", "identifier": number},
        spatialCoverage={"@type": "Place", "name": "There", "identifier": number},
    )  # fmt: skip
    for predicate in (DCT.publisher, DCT.spatial):
        assert labels(one, predicate, DCT.identifier) == {Literal("grid.1")}
    there = "https://www.geonames.org/2750405"
    assert texts(one_with(tmp_path, spatialCoverage=there), DCT.spatial) == {there}


def test_an_affiliation_is_an_agent_with_one_name(tmp_path: Path) -> None:
    hospital = {"@type": "Organization", "name": "Hospital", "url": "https://h.example"}
    for given, names in ((hospital, {"Hospital"}), ("Hospital", {"Hospital"}), (["A", hospital], {"A", "Hospital"})):
        one = one_with(tmp_path, creator={"@type": "Person", "name": "A", "affiliation": given})
        [creator] = one.graph.objects(NamedNode(IRI), DCT.creator)
        found = [
            name
            for place in one.graph.objects(creator, PROV.actedOnBehalfOf)  # type: ignore[arg-type]
            for name in one.graph.objects(place, FOAF.name)  # type: ignore[arg-type]
        ]
        assert set(found) == {Literal(name, language="en") for name in names}


@pytest.mark.parametrize(
    "known",
    [
        {"identifier": {"@type": "PropertyValue", "value": "orcid:1", "url": "https://orcid.org/1"}},
        {"sameAs": ["https://h.example/jane", "https://orcid.org/1"]},
        {"@id": "#jane", "identifier": "https://orcid.org/1"},
    ],
)
def test_a_person_is_named_by_the_register(tmp_path: Path, known: dict[str, Any]) -> None:
    one = one_with(tmp_path, creator={"@type": "Person", "name": "Jane", **known})
    assert texts(one, DCT.creator) == {"https://orcid.org/1"}


def test_a_person_with_an_address_keeps_it(tmp_path: Path) -> None:
    jane = {"@type": "Person", "@id": "https://h.example/jane", "identifier": "https://orcid.org/2"}
    assert texts(one_with(tmp_path, creator=jane), DCT.creator) == {jane["@id"]}


@pytest.mark.parametrize("known", [{"@id": "0000-0002-0703-7776"}, {"identifier": "orcid:0000-0002-0703-7776"}])
def test_a_bare_number_of_the_register_is_its_address(tmp_path: Path, known: dict[str, Any]) -> None:
    one = one_with(tmp_path, creator={"@type": "Person", "name": "Jane", **known})
    assert texts(one, DCT.creator) == {"https://orcid.org/0000-0002-0703-7776"}


def test_what_was_measured_of_persons_is_withheld(tmp_path: Path) -> None:
    variables = [{"@type": "PropertyValue", "name": "Patients", "value": 310731, "minValue": 310731, "unitText": "n"}]
    one = one_with(tmp_path, variableMeasured=variables)
    assert "310731" not in one.canonical.content.decode() + repr(one.notes)
    assert set(told(one, NoteKind.SUPPRESSED)) == {"variableMeasured.value", "variableMeasured.minValue"}
    assert told(one)["variable.unitText"] == "n"
    assert texts(one, DCAT.keyword) == {"Patients"}


def test_a_dataset_has_one_publisher(tmp_path: Path) -> None:
    hospital, host = {"@type": "Organization", "name": "Hospital"}, {"@type": "Organization", "name": "Host"}
    one = one_with(tmp_path, publisher=hospital, provider=host)
    assert labels(one, DCT.publisher, FOAF.name) == {Literal("Hospital", language="en")}
    assert told(one)["beside.provider.name"] == "Host"
    assert "beside.provider.name" not in told(one_with(tmp_path, publisher=hospital, provider=hospital))
    alone = one_with(tmp_path, provider=host)
    assert labels(alone, DCT.publisher, FOAF.name) == {Literal("Host", language="en")}


def test_what_is_said_of_persons_is_withheld_beyond_their_names(tmp_path: Path) -> None:
    jane = {"@type": "Person", "name": "Jane", "email": "CANARY@x.example", "birthDate": "CANARY", "knows": {
        "@type": "Person", "name": "CANARY"}}  # fmt: skip
    one = one_with(
        tmp_path, creator=jane, about={"@type": "Patient", "name": "CANARY"}, character={"familyName": "CANARY"},
        publisher={"@type": "Organization", "name": "H", "email": "mailto:info@h.example", "member": [jane]},
        contactPoint={"@type": "Person", "name": "Desk", "email": "desk@h.example"},
        distribution={"contentUrl": "https://x.example/a", "reviewedBy": jane},
    )  # fmt: skip
    said = one.canonical.content.decode() + repr(one.notes)
    assert "CANARY" not in said
    assert set(told(one, NoteKind.SUPPRESSED)) == {
        "creator.email", "creator.birthDate", "creator.knows", "about", "character", "publisher.member",
        "distribution.reviewedBy",
    }  # fmt: skip
    assert "mailto:desk@h.example" in said
    [publisher] = one.graph.objects(NamedNode(IRI), DCT.publisher)
    point = one.graph.value(publisher, CV.contactPoint)  # type: ignore[arg-type]
    assert one.graph.text(point, CV.email) == "info@h.example"  # type: ignore[arg-type]


# --- parts -----------------------------------------------------------------------------------------------------------


def test_formats_are_told_from_media_types(tmp_path: Path) -> None:
    pronom = {"@id": "https://www.nationalarchives.gov.uk/PRONOM/x-fmt/263", "@type": "WebSite", "name": "ZIP"}
    data = {
        "@type": "DataDownload", "contentUrl": "https://x.example/a",
        "encodingFormat": ["text/csv; charset=utf-8", pronom], "fileFormat": "CSV",
    }  # fmt: skip
    one = one_with(tmp_path, distribution=data)
    [node] = one.graph.objects(NamedNode(IRI), DCAT.distribution)
    types = {str(term.value) for term in one.graph.objects(node, DCAT.mediaType)}  # type: ignore[arg-type]
    formats = {str(term.value) for term in one.graph.objects(node, DCT["format"])}  # type: ignore[arg-type]
    assert types == {"http://www.iana.org/assignments/media-types/text/csv"}
    assert formats == {pronom["@id"], EU + "file-type/CSV"}


def test_a_distribution_has_texts_in_languages(tmp_path: Path) -> None:
    data = {"contentUrl": "https://x.example/a", "name": {"@type": "Thing", "name": "All"}, "description": "R&amp;D"}
    one = one_with(tmp_path, distribution=data)
    assert labels(one, DCAT.distribution, DCT.title) == {Literal("All", language="en")}
    assert labels(one, DCAT.distribution, DCT.description) == {Literal("R&D", language="en")}


def test_files_and_record_sets_of_croissant(tmp_path: Path) -> None:
    one = one_with(
        tmp_path,
        **{
            "@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://c.example/"},
            "@type": "sc:Dataset",
            "distribution": [
                {"@type": "cr:FileObject", "@id": "z", "contentUrl": "https://x.example/z.zip"},
                {"@type": "cr:FileSet", "@id": "s", "containedIn": {"@id": "z"}, "includes": "*.csv"},
            ],
            "recordSet": [{"@type": "cr:RecordSet", "data": [{"patient": "CANARY"}]}],
        },
    )
    assert len(one.graph.objects(NamedNode(IRI), DCAT.distribution)) == 1
    assert told(one)["contained.includes"] == "*.csv"
    assert told(one)["recordSet"] == "1"
    assert "CANARY" not in repr(one.notes)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("2015/2016", "2015", "2016"),
        ("2015/..", "2015", None),
        ("../2016-05", None, "2016-05"),
        ("2019-2020", "2019", "2020"),
        ("2019 \u2013 2020", "2019", "2020"),
        ("2019", "2019", "2019"),
        ({"@type": "DateTimeInterval", "startDate": "2011", "endDate": "2012"}, "2011", "2012"),
        ("2015-01-01/P1Y", "2015-01-01", None),
        ("Holocene", None, None),
    ],
)
@pytest.mark.parametrize("name", ["temporalCoverage", "temporal", "datasetTimeInterval"])
def test_periods(tmp_path: Path, name: str, said: Any, start: str | None, end: str | None) -> None:
    one = one_with(tmp_path, **{name: said})
    [found] = one.graph.objects(NamedNode(IRI), DCT.temporal) or [NamedNode("urn:none")]
    values = [one.graph.value(found, predicate) for predicate in (DCAT.startDate, DCAT.endDate)]  # type: ignore[arg-type]
    assert [None if value is None else str(value.value) for value in values] == [start, end]


@pytest.mark.parametrize(
    ("place", "predicate", "written"),
    [
        ({"@type": "GeoShape", "box": "18 -65 72 172"}, DCAT.bbox, "POLYGON((-65 18, 172 18, 172 72, -65 72, -65 18))"),
        ({"@type": "GeoCoordinates", "latitude": 52.1, "longitude": 5.1}, DCAT.centroid, "POINT(5.1 52.1)"),
        ({"@type": "Place", "geo": {"latitude": "90.5", "longitude": "5"}}, DCAT.centroid, None),
        ({"@type": "Place", "geo": {"latitude": "5", "longitude": "-181"}}, DCAT.centroid, None),
        ({"@type": "Place", "point": "52 5", "name": "X"}, DCAT.centroid, None),
    ],
)
def test_a_place_is_where_its_shape_lies(tmp_path: Path, place: Any, predicate: NamedNode, written: str | None) -> None:
    one = one_with(tmp_path, spatialCoverage=place)
    [node] = one.graph.objects(NamedNode(IRI), DCT.spatial) or [NamedNode("urn:none")]
    assert one.graph.text(node, predicate) == written  # type: ignore[arg-type]
    if written is None:
        assert any(field.startswith("place.") for field in told(one))


def test_codes_stand_behind_their_system(tmp_path: Path) -> None:
    codes = [{"@type": "MedicalCode", "codeValue": "I50", "codingSystem": "ICD-10"}, {"codeValue": "X"}]
    one = one_with(tmp_path, healthCondition=[{"@type": "MedicalCondition", "name": "HF", "code": codes}, "Flu"])
    assert texts(one, HEALTH.hasCodeValues) == {"ICD-10: I50", "X"}
    assert texts(one, DCAT.keyword) == {"HF", "Flu"}


@pytest.mark.parametrize(
    "said",
    [
        "nl",
        "nl-NL",
        "nl_NL",
        "Dutch",
        {"@type": "Language", "name": "Dutch"},
        {"@type": "Language", "name": "?", "alternateName": "nl"},
    ],
)
def test_languages(tmp_path: Path, said: Any) -> None:
    assert texts(one_with(tmp_path, inLanguage=said), DCT.language) == {EU + "language/NLD"}


def test_a_date_stays_as_exact_as_it_is(tmp_path: Path) -> None:
    one = one_with(tmp_path, dateModified={"@type": "Date", "@value": "2020-05"}, datePublished="5 May 2020")
    assert one.graph.value(NamedNode(IRI), DCT.modified) == Literal("2020-05", datatype=XSD.gYearMonth)
    assert told(one)["datePublished"] == "5 May 2020"
