"""The CKAN harvester: what becomes of the fields of packages, and what is asked of a portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, NoteKind, Rejected, Untouched
from catalogue.names import ADMS, CV, DCAT, DCT, EU, FOAF, HEALTH, SKOS, SPDX, VCARD, XSD
from catalogue.ports import Past
from harvesters.ckan import FETCHED, LISTED, CkanHarvester
from tests.kinds.ckan import Portal, package, source
from tests.kinds.sample import read
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, *packages: dict[str, Any], past: Past | None = None, **options: str) -> list[Any]:
    portal = Portal(list(packages))
    site.otherwise = portal.answer
    node = source(site.url, **options)
    return list(CkanHarvester().harvest(node, read(node, past or Past())))


def only(harvested: list[Any]) -> Description:
    (one,) = harvested
    assert isinstance(one, Description), one
    return one


def test_the_fields_of_a_package_become_properties(site: Site) -> None:
    resource = {
        "id": "r", "url": "https://data.example.org/a.csv", "name": "Table", "format": "CSV", "mimetype": "text/csv",
        "size": 12, "hash": "ab12", "hash_algorithm": "SHA256",
    }  # fmt: skip
    one = only(
        harvest(
            site,
            package(
                1,
                license_id="cc-by",
                license_url="https://creativecommons.org/licenses/by/4.0/",
                frequency="annual",
                access_rights="NON_PUBLIC",
                number_of_unique_individuals="120",
                temporal_coverage=[{"start": "2020-01-01", "end": "2021"}],
                contact=[{"name": "Office", "email": "office@example.org"}],
                resources=[resource],
            ),
        )
    )
    graph, me = one.graph, NamedNode(one.iri)
    assert one.iri == "http://127.0.0.1/dataset/portal/0000-00001"
    assert list(graph.objects(me, DCT.title)) == [Literal("Dataset 1", language="en")]
    assert list(graph.objects(me, DCAT.keyword)) == [Literal("cancer", language="en")]
    assert list(graph.objects(me, DCT.identifier)) == [Literal("0000-00001")]
    assert list(graph.objects(me, DCT.accrualPeriodicity)) == [NamedNode(EU + "frequency/ANNUAL")]
    assert list(graph.objects(me, DCT.accessRights)) == [NamedNode(EU + "access-right/NON_PUBLIC")]
    assert list(graph.objects(me, HEALTH.numberOfUniqueIndividuals)) == [
        Literal("120", datatype=XSD.nonNegativeInteger)
    ]
    [period] = graph.objects(me, DCT.temporal)
    assert graph.value(period, DCAT.startDate) == Literal("2020-01-01", datatype=XSD.date)
    assert graph.value(period, DCAT.endDate) == Literal("2021", datatype=XSD.gYear)
    [contact] = graph.objects(me, DCAT.contactPoint)
    assert graph.value(contact, VCARD.hasEmail) == NamedNode("mailto:office@example.org")
    [publisher] = graph.objects(me, DCT.publisher)
    assert graph.text(publisher, FOAF.name) == "Hospital"
    [part] = graph.objects(me, DCAT.distribution)
    assert graph.value(part, DCAT.accessURL) == NamedNode("https://data.example.org/a.csv")
    assert graph.value(part, DCT.license) == NamedNode(EU + "licence/CC_BY_4_0")
    assert graph.value(part, DCT["format"]) == NamedNode(EU + "file-type/CSV")
    assert graph.value(part, DCAT.byteSize) == Literal("12", datatype=XSD.nonNegativeInteger)
    checksum = graph.value(part, SPDX.checksum)
    assert checksum is not None
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256


def test_extras_say_what_fields_say(site: Site) -> None:
    extras = {
        "publisher_name": "Registry",
        "publisher_email": "registry@example.org",
        "issued": "2024-05-01",
        "language": '["http://publications.europa.eu/resource/authority/language/FRA"]',
        "temporal_start": "2019",
        "alternate_identifier": '["doi:10.5/x"]',
        "uri": "https://registry.example.org/dataset/7",
    }
    one = only(harvest(site, package(1, extras=[{"key": key, "value": value} for key, value in extras.items()])))
    graph, me = one.graph, NamedNode(one.iri)
    assert one.iri == "https://registry.example.org/dataset/7"
    [publisher] = graph.objects(me, DCT.publisher)
    assert graph.text(publisher, FOAF.name) == "Registry"
    [contact] = graph.objects(publisher, CV.contactPoint)
    assert graph.text(contact, CV.email) == "registry@example.org"
    assert graph.value(me, DCT.issued) == Literal("2024-05-01", datatype=XSD.date)
    assert graph.value(me, DCT.language) == NamedNode(EU + "language/FRA")
    [other] = graph.objects(me, ADMS.identifier)
    assert graph.text(other, SKOS.notation) == "doi:10.5/x"
    assert ("organization.title", "Hospital") in {(note.field, note.raw) for note in one.notes}


def test_an_extra_does_not_replace_a_field(site: Site) -> None:
    one = only(harvest(site, package(1, issued="2020", extras=[{"key": "issued", "value": "2021"}])))
    assert list(one.graph.objects(NamedNode(one.iri), DCT.issued)) == [Literal("2020", datatype=XSD.gYear)]
    assert ("extras.issued", "2021") in {(n.field, n.raw) for n in one.notes if n.kind is NoteKind.UNMAPPED}


def test_texts_in_several_languages(site: Site) -> None:
    one = only(harvest(site, package(1, title="Herz", title_translated={"de": "Herz", "en": "Heart"}), language="de"))
    said = set(one.graph.objects(NamedNode(one.iri), DCT.title))
    assert said == {Literal("Herz", language="de"), Literal("Heart", language="en")}


def test_a_package_without_title_or_with_a_field_of_another_type_is_rejected(site: Site) -> None:
    good, untitled, odd = package(1), package(2, title=""), package(3, resources="none")
    first, second, third = harvest(site, good, untitled, odd)
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert "title" in second.problem
    assert isinstance(third, Rejected)
    assert third.problem.startswith("resources: ")
    assert third.original is not None


def test_only_what_changed_is_fetched(site: Site) -> None:
    portal = Portal([package(number) for number in range(2 * FETCHED + 10)])
    site.otherwise = portal.answer
    node = source(site.url)
    first = list(CkanHarvester().harvest(node, read(node, Past())))
    known = frozenset(one.original.container for one in first if isinstance(one, Description))
    assert len(known) == len(portal.fetched) == 110
    portal.fetched.clear()
    portal.packages["0000-00007"]["metadata_modified"] = "2026-05-05T00:00:00"
    del portal.packages["0000-00008"]
    second = list(CkanHarvester().harvest(node, read(node, Past(known))))
    assert portal.fetched == ["0000-00007"]
    assert sum(isinstance(one, Untouched) for one in second) == 108


def test_a_package_that_is_listed_and_not_given_is_told(site: Site) -> None:
    portal = Portal([package(1), package(2)])
    answer = portal.answer

    def forgetful(handler: Any) -> None:
        if "fl=" not in handler.path:
            portal.packages.pop("0000-00002", None)
        answer(handler)

    site.otherwise = forgetful
    node = source(site.url)
    first, second = CkanHarvester().harvest(node, read(node, Past()))
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert second.where.endswith("/dataset/0000-00002")


def test_a_long_list_comes_in_pages_and_a_filter_goes_along(site: Site) -> None:
    harvested = harvest(site, *(package(number) for number in range(LISTED + 5)), filter="groups:health")
    assert len(harvested) == LISTED + 5
    assert all("groups%3Ahealth" in path for path in site.requests)
    assert sum("fl=" in path for path in site.requests) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "does not answer as CKAN does"),
        (b'{"success": false, "error": {"__type": "Search Error", "message": "no"}}', "does not answer as CKAN does"),
        (b'{"success": true, "result": []}', "count and results"),
        (b'{"success": true, "result": {"count": 5, "results": []}}', "says it has 5 packages and lists 0"),
    ],
)
def test_what_is_no_portal_is_said(site: Site, body: bytes, words: str) -> None:
    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.otherwise = answer
    node = source(site.url)
    with pytest.raises(SourceUnavailable, match=words):
        list(CkanHarvester().harvest(node, read(node, Past())))
