"""The XNAT harvester: what projects, forms, sessions and scans become, and what is withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description
from catalogue.names import DCAT, DCT, EU, EUCAIM, FOAF, HEALTH, XSD
from catalogue.ports import Past
from harvesters.xnat import XnatHarvester
from tests.kinds.sample import read
from tests.kinds.xnat import FORM, Server, source
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, server: Server, **options: str) -> dict[str, Any]:
    site.otherwise = server.answer
    node = source(site.url, **options)
    found = list(XnatHarvester().harvest(node, read(node, Past())))
    assert all(isinstance(one, Description) for one in found)
    return {one.iri.rsplit("/", 1)[1]: one for one in found if isinstance(one, Description)}


def number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.nonNegativeInteger)


def test_a_project_with_its_sessions_and_scans(site: Site) -> None:
    one = harvest(site, Server())["PROSTATE1"]
    graph, me = one.graph, NamedNode(f"{site.url}/data/archive/projects/PROSTATE1")
    assert one.iri == me.value
    assert graph.text(me, DCT.title) == "Prostate mpMRI"
    assert list(graph.objects(me, DCT.accessRights)) == [NamedNode(EU + "access-right/PUBLIC")]
    assert graph.value(me, HEALTH.numberOfUniqueIndividuals) == number(60)
    assert graph.value(me, HEALTH.numberOfRecords) == number(60)
    assert list(graph.objects(me, EUCAIM.hasBirthSex)) == [EUCAIM.COM1001366]
    assert len(graph.objects(me, EUCAIM.hasImageModality)) == 1
    assert graph.objects(me, EUCAIM.hasEquipmentManufacturer)
    assert graph.objects(me, EUCAIM.hasImageBodyPart)
    assert graph.value(me, HEALTH.minTypicalAge) == number(60)
    [creator] = graph.objects(me, DCT.creator)
    assert graph.text(creator, FOAF.name) == "Prof. Ada Example"
    assert {graph.text(me, DCAT.keyword)} <= {"cancer", "mri", "catalogue"}
    facts = json.loads(one.original.content)["counted"]["counts"]
    assert facts == {"persons": 60, "studies": 60, "series": 180, "instances": 180}


def test_private_projects_are_taken_only_where_the_node_says_so(site: Site) -> None:
    assert harvest(site, Server()).keys() == {"PROSTATE1", "BRAIN2"}
    assert harvest(site, Server(), private="include").keys() == {"PROSTATE1", "BRAIN2", "SECRET3"}


def test_the_keyword_of_those_who_take_part_is_asked_for_and_not_stated(site: Site) -> None:
    server = Server()
    server.projects[1]["keywords"] = "brain"
    given = harvest(site, server, optin="catalogue")
    assert given.keys() == {"PROSTATE1"}
    said = given["PROSTATE1"].graph.objects(NamedNode(given["PROSTATE1"].iri), DCAT.keyword)
    assert {str(word.value) for word in said} == {"cancer", "mri"}


def test_the_metadata_form_of_a_project_is_read(site: Site) -> None:
    server = Server()
    server.form = {
        "version": "1.0",
        "frequency": "annual",
        "population_coverage": "Men with prostate cancer",
        "contact_point": {"formatted_name": "Office", "email": "office@example.org"},
        "publisher": {"name": ["Institute"], "mbox": "info@example.org"},
        "temporal": {"start_date": "2015-01-01", "end_date": "2020-12-31"},
        "shoe_size": "42",
    }
    one = harvest(site, server, form=FORM)["PROSTATE1"]
    graph, me = one.graph, NamedNode(one.iri)
    assert graph.text(me, DCAT.version) == "1.0"
    assert graph.value(me, DCT.accrualPeriodicity) == NamedNode(EU + "frequency/ANNUAL")
    [publisher] = graph.objects(me, DCT.publisher)
    assert graph.text(publisher, FOAF.name) == "Institute", "the form goes before the defaults of the node"
    assert {note.field for note in one.notes if note.raw == "42"} == {"form.shoe_size"}


def test_few_subjects_are_not_counted(site: Site) -> None:
    server = Server()
    server.subjects["BRAIN2"] = 7
    one = harvest(site, server)["BRAIN2"]
    assert not one.graph.objects(NamedNode(one.iri), HEALTH.numberOfUniqueIndividuals)
    assert not one.graph.objects(NamedNode(one.iri), EUCAIM.hasBirthSex)
    assert "counts" not in json.loads(one.original.content)["counted"]


def test_subjects_without_a_session_count_as_persons(site: Site) -> None:
    server = Server()
    found = server._found
    server._found = lambda path: {"ResultSet": {"Result": []}} if path.endswith("BRAIN2/experiments") else found(path)  # type: ignore[method-assign]
    one = harvest(site, server)["BRAIN2"]
    assert one.graph.value(NamedNode(one.iri), HEALTH.numberOfUniqueIndividuals) == number(24)
