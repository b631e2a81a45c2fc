"""The Beacon harvester, on answers that keep the official schemas of Beacon v2."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, NoteKind, Rejected
from catalogue.names import CV, DCAT, DCT, FOAF, HEALTH, RDFS, XSD
from catalogue.ports import Past
from harvesters.beacon import PAGE, BeaconHarvester
from tests.kinds.beacon import Beacon, dataset, source
from tests.kinds.sample import read
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, beacon: Beacon, **options: str) -> list[Any]:
    site.otherwise = beacon.answer
    node = source(site.url, **options)
    return list(BeaconHarvester().harvest(node, read(node, Past())))


def test_a_dataset_with_its_conditions_organisation_and_number(site: Site) -> None:
    [one] = harvest(site, Beacon([dataset(1)], {"ds1": 1200}))
    graph, me = one.graph, NamedNode(one.iri)
    assert one.iri == "http://127.0.0.1/dataset/beacon/ds1"
    assert graph.text(me, DCT.title) == "Genomes 1"
    assert graph.value(me, DCT.modified) == Literal("2024-01-17T20:33:40+00:00", datatype=XSD.dateTime)
    assert graph.value(me, HEALTH.numberOfUniqueIndividuals) == Literal("1200", datatype=XSD.nonNegativeInteger)
    [part] = graph.objects(me, DCAT.distribution)
    assert graph.value(part, DCAT.accessURL) == NamedNode(f"{site.url}/datasets/ds1")
    [rights] = graph.objects(part, DCT.rights)
    assert graph.value(rights, RDFS.seeAlso) == NamedNode("http://purl.obolibrary.org/obo/DUO_0000007")
    assert graph.text(graph.objects(rights, DCT.relation)[0], RDFS.label) == "coronary artery disease"
    [publisher] = graph.objects(me, DCT.publisher)
    assert graph.text(publisher, FOAF.name) == "Genome centre"
    assert graph.text(graph.objects(publisher, CV.contactPoint)[0], CV.email) == "beacon@example.org"
    assert [note.field for note in one.notes if note.kind is NoteKind.UNMAPPED] == []


@pytest.mark.parametrize(("said", "suppressed"), [({"ds1": None}, False), ({}, False), ({"ds1": 4}, True)])
def test_a_number_that_is_kept_back_or_small_is_not_stated(site: Site, said: dict[str, Any], suppressed: bool) -> None:
    [one] = harvest(site, Beacon([dataset(1)], said))
    assert not one.graph.objects(NamedNode(one.iri), HEALTH.numberOfUniqueIndividuals)
    assert any(note.kind is NoteKind.SUPPRESSED for note in one.notes) is suppressed
    assert b"numTotalResults" not in one.original.content


def test_individuals_are_not_asked_for_where_the_node_says_so(site: Site) -> None:
    harvest(site, Beacon([dataset(1)], {"ds1": 1200}), counts="no")
    assert not any("individuals" in path for path in site.requests)


def test_long_lists_come_in_pages(site: Site) -> None:
    given = harvest(site, Beacon([dataset(number) for number in range(2 * PAGE + 7)], {}))
    assert len({one.iri for one in given}) == 2 * PAGE + 7


def test_a_record_with_a_field_of_another_type_is_rejected_by_its_name(site: Site) -> None:
    first, second = harvest(site, Beacon([dataset(1, version=5), dataset(2)], {}))
    assert isinstance(first, Rejected)
    assert first.problem.startswith("version: ")
    assert isinstance(second, Description)


@pytest.mark.parametrize(
    ("answer", "schema"),
    [
        (Beacon([dataset(1)], {}).collections(0, 10), "beaconCollectionsResponse.json"),
        (Beacon([], {"ds1": 12}).count("ds1"), "beaconCountResponse.json"),
        (Beacon([], {}).info(), "beaconInfoResponse.json"),
    ],
)
def test_what_the_beacon_of_these_tests_says_keeps_the_official_schemas(shared: Path, answer: Any, schema: str) -> None:
    root = next((shared / "nodes" / "beacon").glob("*beacon-v2")) / "framework" / "json"
    resources = [
        (path.resolve().as_uri(), DRAFT202012.create_resource(json.loads(path.read_text("utf-8"))))
        for path in root.rglob("*.json")
        if "example" not in path.name
    ]
    official = (root / "responses" / schema).resolve().as_uri()
    validator = Draft202012Validator({"$ref": official}, registry=Registry().with_resources(resources))
    assert [error.message for error in validator.iter_errors(answer)] == []
