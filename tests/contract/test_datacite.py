"""DataCite: its own examples in JSON and XML, the same metadata in both alike, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.assembly import open_checker
from catalogue.errors import SourceUnavailable
from catalogue.graphs import BlankNode, Literal, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import DCAT, DCT, EU, FOAF, PROV, SKOS, XSD
from catalogue.rulebook import Rulebook
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.datacite import record, source
from tests.live.conftest import running

TYPES = (
    "Dataset Collection Software Audiovisual Text Workflow DataPaper Other Instrument Project Award BookChapter "
    "JournalArticle PhysicalObject Report"
)


def harvest(endpoint: object, **options: str) -> list[Harvested]:
    return harvested(source(endpoint, **options))


def described(endpoint: object, **options: str) -> Description:
    return only(harvest(endpoint, **options))


@pytest.fixture
def examples(shared: Path) -> Path:
    return shared / "nodes" / "datacite" / "datacite__schema" / "source"


def test_the_full_example_in_xml_is_read_whole(examples: Path) -> None:
    one = described(examples / "meta/kernel-4.6/example/datacite-example-full-v4.xml")
    assert one.iri == "https://doi.org/10.82433/b09z-4k37"
    assert texts(one, DCT.title) == {"Example Title", "Example TranslatedTitle"}
    assert texts(one, DCT.alternative) == {"Example Subtitle", "Example AlternativeTitle"}
    assert {"Example Abstract", "Example TechnicalInfo"} <= texts(one, DCT.description)
    assert texts(one, DCT.issued) == {"2024-01-01"}
    assert texts(one, DCT.language) == {EU + "language/ENG"}
    assert texts(one, DCT.creator) == {"https://orcid.org/0000-0001-5727-2427", "https://ror.org/04wxnsj81"}
    assert "https://doi.org/10.1016/j.epsl.2011.11.037" in texts(one, DCT.source)
    assert texts(one, DCT.isPartOf) == {"https://pubmed.ncbi.nlm.nih.gov/12082125"} | {
        "https://identifiers.org/RRID:SCR_014641"
    }
    assert len(texts(one, DCT.temporal)) == 1 or len(one.graph.objects(NamedNode(one.iri), DCT.temporal)) == 2
    place = one.graph.value(NamedNode(one.iri), DCT.spatial)
    assert isinstance(place, BlankNode)
    assert one.graph.text(place, DCAT.centroid) == "POINT(-123.1207 49.2827)"
    assert (one.graph.text(place, DCAT.bbox) or "").startswith("POLYGON((-123.27 49.195, -123.02 49.195,")
    data = one.graph.value(NamedNode(one.iri), DCAT.distribution)
    assert isinstance(data, BlankNode)
    assert one.graph.objects(data, DCT.license) == [NamedNode(EU + "licence/CC_BY_4_0")]
    roles = {
        one.graph.text(role, SKOS.prefLabel)
        for node in one.graph.objects(NamedNode(one.iri), PROV.qualifiedAttribution)
        if isinstance(node, BlankNode) and isinstance(role := one.graph.value(node, DCAT.hadRole), BlankNode)
    }
    assert {"DataCurator", "HostingInstitution", "Sponsor"} <= roles


@pytest.mark.parametrize("folder", ["json/kernel-4.3/example", "meta/kernel-4.6/example"])
def test_every_example_is_described_and_nothing_is_without_a_line(examples: Path, folder: str) -> None:
    found = harvest(examples / folder, types=TYPES)
    described = [one for one in found if isinstance(one, Description)]
    assert len(described) >= 13
    assert all("described twice" in one.problem for one in found if isinstance(one, Rejected)), "two have one DOI"
    for one in described:
        assert texts(one, DCT.title)
        assert texts(one, DCT.publisher) or one.graph.objects(NamedNode(one.iri), DCT.publisher)
        assert not [note for note in one.notes if note.reason.startswith("no line")], one.original.location


def test_only_datasets_are_taken_unless_the_node_says_so(examples: Path) -> None:
    folder = examples / "json/kernel-4.3/example"
    some, all_ = harvest(folder), harvest(folder, types=TYPES)
    assert 0 < len(some) < len(all_) == 17


def test_the_same_metadata_are_described_alike_in_json_and_xml(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        json.dumps(
            {
                "doi": "10.5072/ABC", "types": {"resourceTypeGeneral": "Dataset"}, "version": "2",
                "titles": [{"title": "Herz", "lang": "de"}], "publisher": "R", "publicationYear": "2020",
                "creators": [{"name": "Doe, Jane", "nameType": "Personal", "givenName": "Jane", "familyName": "Doe",
                    "nameIdentifiers": [{"nameIdentifier": "0000-0001-5727-2427", "nameIdentifierScheme": "ORCID"}]}],
                "dates": [{"date": "2019-01/2019-12", "dateType": "Collected"}],
                "rightsList": [{"rightsUri": "info:eu-repo/semantics/restrictedAccess"}],
                "relatedIdentifiers": [{"relatedIdentifier": "10.5072/p", "relatedIdentifierType": "DOI",
                    "relationType": "IsCitedBy"}],
            }
        ),
        "utf-8",
    )  # fmt: skip
    (tmp_path / "a.xml").write_text(
        """<resource xmlns="http://datacite.org/schema/kernel-4">
        <identifier identifierType="DOI">10.5072/ABC</identifier>
        <creators><creator><creatorName nameType="Personal">Doe, Jane</creatorName><givenName>Jane</givenName>
        <familyName>Doe</familyName><nameIdentifier nameIdentifierScheme="ORCID">0000-0001-5727-2427</nameIdentifier>
        </creator></creators><titles><title xml:lang="de">Herz</title></titles><publisher>R</publisher>
        <publicationYear>2020</publicationYear><resourceType resourceTypeGeneral="Dataset"/><version>2</version>
        <dates><date dateType="Collected">2019-01/2019-12</date></dates>
        <rightsList><rights rightsURI="info:eu-repo/semantics/restrictedAccess"/></rightsList>
        <relatedIdentifiers>
        <relatedIdentifier relatedIdentifierType="DOI" relationType="IsCitedBy">10.5072/p</relatedIdentifier>
        </relatedIdentifiers></resource>""",
        "utf-8",
    )
    one, two = described(tmp_path / "a.json"), described(tmp_path / "a.xml")
    assert one.digest == two.digest
    assert texts(one, DCT.accessRights) == {EU + "access-right/RESTRICTED"}
    assert texts(one, DCT.isReferencedBy) == {"https://doi.org/10.5072/p"}
    assert texts(one, DCT.creator) == {"https://orcid.org/0000-0001-5727-2427"}
    assert one.graph.text(NamedNode("https://orcid.org/0000-0001-5727-2427"), FOAF.name, "en") == "Doe, Jane"
    period = one.graph.value(NamedNode(one.iri), DCT.temporal)
    assert isinstance(period, BlankNode)
    assert one.graph.value(period, DCAT.endDate) == Literal("2019-12", datatype=XSD.gYearMonth)
    assert {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED} == {
        "creators.nameType",
        "types.resourceTypeGeneral",
    }


def test_what_is_described_conforms_where_the_node_states_the_rest(examples: Path, rulebook: Rulebook) -> None:
    one = described(examples / "meta/kernel-4.6/example/datacite-example-full-v4.xml")
    checked = open_checker(rulebook, "compiled", "http://127.0.0.1:8000/").checked(NamedNode(one.iri), one.graph, None)
    broken = {finding.path for finding in checked.report.findings if finding.severity.name == "VIOLATION"}
    assert DCT.title.value not in broken
    assert DCAT.theme.value not in broken
    assert DCT.temporal.value not in broken


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", "{", "neither JSON nor XML"),
        ("a.json", "[]", "no record"),
        ("a.json", '{"types": {"resourceTypeGeneral": "Dataset"}}', "titles"),
        ("a.json", '{"titles": [{"title": "T"}]}', "no identifier"),
        ("a.json", '{"titles": "T", "doi": 5}', "doi"),
        ("a.xml", "<a", "not valid XML"),
        ("a.xml", "<a/>", "no resource of DataCite"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY x "y">]><resource>&x;</resource>', ""),
    ],
)
def test_what_is_no_record_is_rejected(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    [one] = harvest(tmp_path / name)
    assert isinstance(one, Rejected)
    assert words in one.problem
    assert one.remedy


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one | {"dates": [{"date": "yesterday", "dateType": "Issued"}]},
        lambda one: one | {"geoLocations": [{"geoLocationPoint": {}, "geoLocationPolygon": [{}]}]},
        lambda one: one | {"relatedIdentifiers": [{"relationType": "IsPartOf"}], "relatedItems": [{}]},
        lambda one: one | {"creators": [{"affiliation": ["A"], "nameIdentifiers": []}], "language": "zz"},
        lambda one: one | {"titles": [{"title": "T", "lang": "not a language"}]},
    ],
)
def test_odd_values_become_notes_not_faults(tmp_path: Path, spoil: Callable[[dict[str, object]], object]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(spoil(record(1))), "utf-8")
    assert described(tmp_path / "a.json").notes


def test_a_list_that_leads_elsewhere_is_not_followed() -> None:
    with running() as site:
        page = {"data": [], "links": {"next": "http://192.0.2.1/dois?page=2"}}
        site.page("/dois", json.dumps(page), "application/json")
        with pytest.raises(SourceUnavailable, match=r"192\.0\.2\.1"):
            harvest(f"{site.url}/dois")


def test_an_answer_of_the_api_that_somebody_saved_is_a_list_of_records(tmp_path: Path) -> None:
    records = [{"id": str(number), "type": "dois", "attributes": record(number)} for number in (1, 2)]
    (tmp_path / "dois.json").write_text(json.dumps({"data": records, "links": {}}), "utf-8")
    given = harvested(source(tmp_path / "dois.json"))
    assert len([one for one in given if isinstance(one, Description)]) == len(given) == 2
    more = {"data": records, "links": {"next": "https://api.datacite.org/dois?page=2"}}
    (tmp_path / "dois.json").write_text(json.dumps(more), "utf-8")
    first, *rest = harvested(source(tmp_path / "dois.json"))
    assert isinstance(first, Rejected)
    assert first.problem == "this is one page of a list that goes on"
    assert len(rest) == 2


def test_where_people_land_is_the_address_and_the_doi_only_without_one(tmp_path: Path) -> None:
    for address, pages in (("https://repository.example/1", {"https://repository.example/1"}), (None, None)):
        made = {**record(1), "url": address, "descriptions": [{"description": "<p>A &amp; B</p>"}]}
        (tmp_path / "a.json").write_text(json.dumps(made), "utf-8")
        one = only(harvested(source(tmp_path / "a.json")))
        assert texts(one, DCAT.landingPage) == (pages or {one.iri})
        assert texts(one, DCT.description) == {"A & B"}
