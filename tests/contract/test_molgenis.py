"""The harvester of MOLGENIS EMX2, on the RDF of the catalogue of EUCAIM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import NamedNode
from catalogue.model import Description, Gone, NoteKind, Rejected
from catalogue.names import DCAT, DCATAP, DCT, EUCAIM, FOAF, HEALTH, RDFS, VCARD
from harvesters._molgenis_rows import reference_of
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.molgenis import Ref, Schema, collection, source
from tests.live.conftest import Site, running

ACCESS = "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#"


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, *collections: dict[str, Any], **options: str) -> list[Any]:
    site.otherwise = Schema(*collections).answer
    return harvested(source(site.url, **options))


def left(one: Description) -> set[str]:
    return {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED}


def test_a_collection_with_words_and_concepts_for_references(site: Site) -> None:
    one = only(harvest(site, collection(1)))
    eucaim = EUCAIM.iri
    assert texts(one, DCT.title) == {"Breast 1"}
    assert texts(one, DCT.description) == {"Mammograms.", "With reports."}
    assert eucaim + "IMG1000022" in texts(one, EUCAIM.hasImageModality)
    assert len(texts(one, EUCAIM.hasImageModality)) == 2
    assert texts(one, EUCAIM.hasImageBodyPart) == {eucaim + "BP1000136"}, "by the label of the row"
    assert texts(one, EUCAIM.hasCondition) == {eucaim + "CLIN1000060"}, "by the IRI of the row"
    assert texts(one, EUCAIM.hasEquipmentManufacturer) == {eucaim + "IMG1000044"}, "by the name in the reference"
    assert texts(one, EUCAIM.hasBirthSex) == {eucaim + "COM1001370"}
    assert texts(one, DCT.type) == {eucaim + "SPEC1000020"}
    assert texts(one, EUCAIM.collectionMethod) == {eucaim + "SPEC1000004"}
    assert texts(one, EUCAIM.interoperabilityLevel) == {eucaim + "SPEC1000011"}
    assert texts(one, DCT.spatial) == {"http://publications.europa.eu/resource/authority/country/ESP"}
    assert texts(one, DCATAP.applicableLegislation) == {"http://data.europa.eu/eli/reg/2025/327/oj"}
    assert (texts(one, HEALTH.numberOfUniqueIndividuals), texts(one, HEALTH.numberOfRecords)) == ({"1200"}, {"1400"})
    assert (texts(one, HEALTH.minTypicalAge), texts(one, HEALTH.maxTypicalAge)) == ({"30"}, {"88"})
    assert texts(one, DCT.modified) == {"2026-02-03T10:11:12"}


def test_contact_publisher_and_access(site: Site) -> None:
    row = collection(1, image_access_uri="https://negotiator.example/1", image_access_description=["On request."])
    one = only(harvest(site, row))
    graph, me = one.graph, NamedNode(one.iri)
    [kind] = graph.objects(me, DCAT.contactPoint)
    assert graph.text(kind, VCARD.fn) == "Jane Doe"
    assert graph.value(kind, VCARD.hasEmail) == NamedNode("mailto:jane@hospital.example")
    assert graph.text(graph.objects(me, DCT.publisher)[0], FOAF.name) == "Hospital"
    [part] = graph.objects(me, DCAT.distribution)
    assert graph.value(part, DCAT.accessURL) == NamedNode("https://negotiator.example/1")
    rights = graph.objects(part, DCT.rights)
    assert NamedNode(ACCESS + "IN_SITU_PROCESSING") in rights
    assert {graph.text(one, RDFS.label) for one in rights} == {None, "On request."}
    assert not left(one) & {"image_access_uri", "image_access_type", "image_access_description"}


def test_columns_written_as_what_they_stand_for_are_read_too(site: Site) -> None:
    turtle = """
        @prefix dct: <http://purl.org/dc/terms/> . @prefix h: <http://www.healthdcatap.org/> .
        @prefix e: <https:/www.eucaim.org/> .
        <ROOT/Collections?id=x1> a <ROOT/Collections> ; dct:identifier "x1" ; dct:title "T" ; dct:publisher "P" ;
            h:numberofUniqueIndividuals 120 ; h:minTypicalAge 30 ; e:hasImageModality <ROOT/M?name=CT> ;
            e:hasAssociatedSex <ROOT/S?name=Male> .""".replace("ROOT", f"{site.url}/Eucaim/api/rdf")
    site.page("/Eucaim/api/rdf/Collections", turtle)
    one = only(harvested(source(site.url)))
    assert texts(one, DCT.title) == {"T"}
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"120"}
    assert texts(one, HEALTH.minTypicalAge) == {"30"}
    assert len(texts(one, EUCAIM.hasImageModality)) == 1
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.iri + "COM1001366"}
    assert left(one) == set()


def test_a_withdrawn_collection_is_gone(site: Site) -> None:
    given = harvest(site, collection(1), collection(2, withdrawn=True))
    assert isinstance(given[0], Description)
    assert given[1] == Gone(f"http://127.0.0.1/dataset/eucaim/{collection(2)['id']}")


def test_small_numbers_are_neither_stated_nor_kept(site: Site) -> None:
    one = only(harvest(site, collection(1, number_of_subjects=4, number_of_studies="about 7", number_of_series=9)))
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == texts(one, HEALTH.numberOfRecords) == set()
    assert b"number_of" not in one.original.content
    assert b"about 7" not in one.original.content


def test_a_reference_that_nobody_may_see_is_its_name(site: Site) -> None:
    one = only(
        harvest(site, collection(1, topography=[Ref("Topographies", name="C50.9")], contact=Ref("Persons", id="q")))
    )
    assert "C50.9" in texts(one, DCAT.keyword)
    assert one.graph.objects(NamedNode(one.iri), DCAT.contactPoint) == ()
    assert b"Persons" not in one.original.content


def test_a_list_that_cannot_be_read_ends_the_visit(site: Site) -> None:
    schema = Schema(collection(1))
    site.otherwise = schema.answer
    site.at("/Eucaim/api/rdf/Types?name=Original+Dataset", lambda handler: handler.send_error(500))
    with pytest.raises(SourceUnavailable):
        harvested(source(site.url))


def test_references_to_other_hosts_are_not_followed(site: Site) -> None:
    schema = Schema(collection(1))
    schema.collections[0]["theme"] = "http://other.example/x/api/rdf/Themes?name=a"
    site.otherwise = schema.answer
    only(harvested(source(site.url)))
    assert not any("Themes" in path for path in site.requests)


def test_a_row_without_id_or_name_is_rejected_and_the_others_are_read(site: Site) -> None:
    nameless = collection(2)
    del nameless["name"]
    given = harvest(site, collection(1, id=""), nameless, collection(3))
    problems = [one.problem for one in given if isinstance(one, Rejected)]
    assert len(problems) == 2
    assert any("has no id" in problem for problem in problems)
    assert any("'name' is a required property" in problem for problem in problems)
    assert [one.iri[-1] for one in given if isinstance(one, Description)] == ["3"]


def test_what_is_no_rdf_ends_the_visit(site: Site) -> None:
    site.page("/Eucaim/api/rdf/Collections", "<html><body>Sign in</body></html>", "text/html")
    with pytest.raises(SourceUnavailable, match="web page"):
        harvested(source(site.url))


def test_another_table_and_the_page_of_a_collection_can_be_named(site: Site) -> None:
    one = only(harvest(site, collection(1), page="https://catalogue.example/#/dataset/{}"))
    assert texts(one, DCAT.landingPage) == {f"https://catalogue.example/#/dataset/{collection(1)['id']}"}
    with pytest.raises(SourceUnavailable):
        harvest(site, collection(1), table="Datasets")


@pytest.mark.parametrize(
    ("address", "table", "key"),
    [
        ("https://x.example/E/api/rdf/Modalities?name=CT", "Modalities", "CT"),
        ("https://x.example/E/api/rdf/Modalities/name=CT", "Modalities", "CT"),
        ("https://x.example/E/api/rdf/Body%20parts?name=Left+lung", "Body parts", "Left lung"),
        ("https://x.example/E/api/rdf/Persons?first=A&last=B", "Persons", "A B"),
        ("https://x.example/E/api/rdf/Modalities", None, None),
        ("https://x.example/E/api/rdf/Modalities/column/name", None, None),
        ("https://x.example/?name=CT", None, None),
    ],
)
def test_addresses_of_rows(address: str, table: str | None, key: str | None) -> None:
    found = reference_of(address)
    assert (found.table, found.key) == (table, key) if found else table is None
