"""The harvester of dataset services, on records as the service of EUCAIM and CHAIMELEON gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import NamedNode
from catalogue.model import Description, Harvested, Note, NoteKind, Rejected
from catalogue.names import ADMS, DCAT, DCT, EU, EUCAIM, FOAF, HEALTH, RDFS, SKOS, VCARD
from harvesters._eucaim_record import contact
from harvesters.datasetservice import PAGE
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.datasetservice import Service, dataset, source
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, *datasets: dict[str, Any], **options: str) -> list[Harvested]:
    site.otherwise = Service(*datasets).answer
    return harvested(source(site.url, **options))


def notes(one: Description, kind: NoteKind) -> dict[str, Note]:
    return {note.field: note for note in one.notes if note.kind is kind}


def test_a_record_becomes_a_description_with_its_imaging_facets(site: Site) -> None:
    one = only(harvest(site, dataset(1)))
    eucaim = EUCAIM.iri
    assert texts(one, DCT.title) == {"Prostate 1"}
    assert texts(one, EUCAIM.hasImageModality) == {eucaim + "IMG1000022"}
    assert texts(one, EUCAIM.hasImageBodyPart) == {eucaim + "BP1000021"}
    assert texts(one, EUCAIM.hasEquipmentManufacturer) == {eucaim + "IMG1000044", eucaim + "IMG1000046"}
    assert texts(one, EUCAIM.hasCondition) == {eucaim + "CLIN1000075"}
    assert texts(one, EUCAIM.hasBirthSex) == {eucaim + "COM1001366"}
    assert texts(one, EUCAIM.collectionMethod) == {eucaim + "SPEC1000004"}
    assert texts(one, DCT.type) == {eucaim + "SPEC1000020", eucaim + "SPEC1000019"}
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"600"}
    assert texts(one, HEALTH.numberOfRecords) == {"620"}
    assert (texts(one, HEALTH.minTypicalAge), texts(one, HEALTH.maxTypicalAge)) == ({"46"}, {"91"})
    assert texts(one, DCAT.keyword) == {"EUCAIM", "eucaim-indexed", "Axial", "Prostate cancer"}


def test_parts_of_a_description(site: Site) -> None:
    one = only(harvest(site, dataset(1)))
    graph, me = one.graph, NamedNode(one.iri)
    [period] = graph.objects(me, DCT.temporal)
    assert (graph.text(period, DCAT.startDate), graph.text(period, DCAT.endDate)) == ("2011", "2019")
    [part] = graph.objects(me, DCAT.distribution)
    assert graph.text(part, DCAT.byteSize) == "2834502270"
    assert graph.value(part, DCT.license) == NamedNode(EU + "licence/CC_BY_4_0")
    assert graph.value(part, DCAT.accessURL) == NamedNode(f"{site.url}/datasets/{dataset(1)['id']}/details")
    [kind] = graph.objects(me, DCAT.contactPoint)
    assert graph.value(kind, VCARD.hasEmail) == NamedNode("mailto:jane@hospital.example")
    assert graph.text(kind, VCARD.fn) == "Jane Doe"
    assert graph.text(graph.objects(me, DCT.creator)[0], FOAF.name) == "James Gordon"
    assert graph.text(graph.objects(me, DCT.provenance)[0], RDFS.label) == "Two hospitals."
    assert graph.text(graph.objects(me, ADMS.identifier)[0], SKOS.notation) == "https://doi.org/10.5072/zenodo.1"


def test_who_may_use_the_data_is_not_told_by_who_sees_the_record(site: Site) -> None:
    assert texts(only(harvest(site, dataset(1))), DCT.accessRights) == set()


@pytest.mark.parametrize(
    ("flag", "value"), [("draft", True), ("invalidated", True), ("public", False)], ids=["draft", "invalid", "private"]
)
def test_what_is_not_published_is_not_harvested(site: Site, flag: str, value: bool) -> None:
    given = harvest(site, dataset(1), dataset(2, **{flag: value}))
    assert [one.iri[-1] for one in given if isinstance(one, Description)] == ["1"]
    assert len(given) == 1


def test_a_service_that_lists_everything_is_looked_through(site: Site) -> None:
    service = Service(dataset(1), dataset(2, draft=True), dataset(3, public=False), dataset(4, invalidated=True))
    listed = service.listed
    service.listed = lambda asked: listed({name: asked[name] for name in ("skip", "limit")})  # type: ignore[method-assign]
    site.otherwise = service.answer
    assert only(harvested(source(site.url))).iri.endswith("b1")


def test_small_numbers_are_neither_stated_nor_kept(site: Site) -> None:
    record = dataset(
        1, subjectsCount=7, studiesCount=9, ageNullCount=3, sex=["Male", "Female"], sexCount=[6, 3],
        modality=["MR", "CT", "PT"], modalityCount=[400, 200, 4],
    )  # fmt: skip
    one = only(harvest(site, record))
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == texts(one, HEALTH.numberOfRecords) == set()
    suppressed = set(notes(one, NoteKind.SUPPRESSED))
    assert suppressed >= {"subjectsCount", "studiesCount", "ageNullCount", "sexCount", "modalityCount"}
    kept = one.original.content.decode()
    for told in ('"subjectsCount"', '"studiesCount"', '"ageNullCount"', '"Male":', '"PT":'):
        assert told not in kept, told
    assert '"MR": 400' in kept
    assert '"CT": 200' not in kept, "the third would follow from the two"


@pytest.mark.parametrize("counts", [[620, 1], "620", [None], {"Male": 3}, [True]])
def test_numbers_that_belong_to_no_value_are_not_kept(site: Site, counts: Any) -> None:
    one = only(harvest(site, dataset(1, sexCount=counts)))
    assert "not kept" in notes(one, NoteKind.UNMAPPED)["sexCount"].reason
    assert b'"sexCount": {}' in one.original.content


@pytest.mark.parametrize(
    ("low", "unit", "stated"),
    [(18, "months", "1"), (300, "weeks", "5"), (30, "days", "0"), (46, "years", "46"), (965, "years", None),
     (-1, "years", None), (5, "decades", None), (None, None, None)],
)  # fmt: skip
def test_ages_are_stated_in_years(site: Site, low: int | None, unit: str | None, stated: str | None) -> None:
    one = only(harvest(site, dataset(1, ageLow=low, ageUnit=[unit, "years"])))
    assert texts(one, HEALTH.minTypicalAge) == ({stated} if stated else set())
    assert texts(one, HEALTH.maxTypicalAge) == {"91"}
    left = notes(one, NoteKind.UNMAPPED)
    assert ("ageLow" in left) is (stated is None and low is not None)


def test_what_nobody_said_is_not_stated(site: Site) -> None:
    one = only(harvest(site, dataset(1, version="??", purpose="??", provenance="??", diagnosis=["Unknown"])))
    assert texts(one, DCAT.version) == texts(one, DCT.provenance) == texts(one, EUCAIM.hasCondition) == set()
    assert notes(one, NoteKind.UNMAPPED)["version"].reason == "written for what nobody said"


def test_versions_lead_to_each_other_where_both_are_published(site: Site) -> None:
    first, second = dataset(1), dataset(2, previousId=dataset(1)["id"], nextId="not-published-yet")
    given = [one for one in harvest(site, {**first, "nextId": second["id"]}, second) if isinstance(one, Description)]
    assert texts(given[1], DCAT.previousVersion) == {given[0].iri}
    assert texts(given[0], DCT.isReplacedBy) == {given[1].iri}
    assert "nextId" in notes(given[1], NoteKind.UNMAPPED)


def test_the_account_of_the_author_stays_at_the_node(site: Site) -> None:
    one = only(harvest(site, dataset(1)))
    assert {"authorId", "authorEmail", "timesUsed"} <= set(notes(one, NoteKind.UNMAPPED))
    assert b"author" not in one.original.content.replace(b"authorName", b"")


def test_use_and_checks_of_integrity_are_no_change(site: Site) -> None:
    before = only(harvest(site, dataset(1)))
    later = dataset(1, timesUsed=8, lastIntegrityCheck="2026-01-01 00:00:00+00:00", allowedActionsForTheUser=[])
    assert only(harvest(site, later)).original.container == before.original.container


def test_where_people_find_a_dataset_can_be_told(site: Site) -> None:
    one = only(harvest(site, dataset(1), page="https://catalogue.example/#/dataset/{}"))
    assert texts(one, DCAT.landingPage) == {f"https://catalogue.example/#/dataset/{dataset(1)['id']}"}


def test_long_lists_come_in_pages_and_only_what_is_published_is_asked_for(site: Site) -> None:
    many = [dataset(1, id=f"id-{number}") for number in range(2 * PAGE + 7)]
    assert len({one.iri for one in harvest(site, *many) if isinstance(one, Description)}) == 2 * PAGE + 7
    assert "public=true&draft=false&invalidated=false" in site.requests[0]


def test_a_list_that_ends_early_is_not_taken_for_the_whole(site: Site) -> None:
    service = Service(dataset(1))
    listed = service.listed
    service.listed = lambda asked: {**listed(asked), "total": 5}  # type: ignore[method-assign]
    site.otherwise = service.answer
    with pytest.raises(SourceUnavailable, match="says it has 5 datasets and lists 1"):
        harvested(source(site.url))


def test_a_dataset_that_was_taken_back_meanwhile_is_rejected_and_others_are_read(site: Site) -> None:
    service = Service(dataset(1), dataset(2))
    service.refused = {dataset(1)["id"]}
    site.otherwise = service.answer
    first, second = harvested(source(site.url))
    assert isinstance(first, Rejected)
    assert "lists this dataset and does not give it" in first.problem
    assert isinstance(second, Description)


def test_a_service_that_fails_ends_the_visit(site: Site) -> None:
    service = Service(dataset(1))
    site.otherwise = service.answer
    site.at(f"/api/datasets/{dataset(1)['id']}", lambda handler: handler.send_error(500))
    with pytest.raises(SourceUnavailable):
        harvested(source(site.url))


def test_a_record_of_another_dataset_is_rejected(site: Site) -> None:
    service = Service(dataset(1))
    site.otherwise = service.answer
    site.page(f"/api/datasets/{dataset(1)['id']}", '{"id": "other", "name": "x"}', "application/json")
    [one] = harvested(source(site.url))
    assert isinstance(one, Rejected)
    assert one.original is None


@pytest.mark.parametrize("field", ["name", "sex", "license", "ageUnit", "contactInfo"])
def test_a_field_of_another_type_is_named(site: Site, field: str) -> None:
    [one] = harvest(site, dataset(1, **{field: 5}))
    assert isinstance(one, Rejected)
    assert one.problem.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Jane Doe (jane@x.example)", {"name": "Jane Doe", "email": "jane@x.example"}),
        ("Jane Doe <jane@x.example>", {"name": "Jane Doe", "email": "jane@x.example"}),
        ("jane@x.example", {"email": "jane@x.example"}),
        ("Data office, jane@x.example", {"name": "Data office", "email": "jane@x.example"}),
        ("Data office", {"name": "Data office"}),
    ],
)
def test_contacts_are_written_in_many_ways(said: str, found: dict[str, str]) -> None:
    assert contact(said) == found
