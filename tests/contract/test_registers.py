"""Registers of organisations and services complete the descriptions that name them by IRI only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.errors import SourceUnavailable
from catalogue.graphs import NamedNode
from catalogue.model import NoteKind, Source
from catalogue.names import CV, DCAT, FOAF
from catalogue.outcomes import Stored, Unchanged
from tests.contract.dcat_files import PREFIXES, source

REGISTER = """@prefix cv: <http://data.europa.eu/m8g/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://ror.org/1> a foaf:Agent ; foaf:name "NAME"@en ;
    cv:contactPoint [ a cv:ContactPoint ; cv:email "a@b.example" ] .
<https://s.example/api> a dcat:DataService ; dcat:endpointURL <https://s.example/api/v1> .
<https://other.example/> a foaf:Agent ; foaf:name "Nobody asked"@en .
<https://concept.example/> a skos:Concept ; skos:prefLabel "No organisation"@en .
"""
DATASET = """ex:d a dcat:Dataset ; dct:title "D"@en ; dct:identifier "d" ; dct:publisher <https://ror.org/1> ;
    dcat:theme <https://concept.example/> ; dcat:distribution [ a dcat:Distribution ;
        dcat:accessService <https://s.example/api> ] .
"""


@pytest.fixture
def node(tmp_path: Path) -> Source:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "d.ttl").write_text(PREFIXES + DATASET, "utf-8")
    (tmp_path / "register.ttl").write_text(REGISTER, "utf-8")
    return replace(source(tmp_path / "files"), registers=(str(tmp_path / "register.ttl"),))


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with open_services(Settings(data=tmp_path / "data", base="http://127.0.0.1:8000/")) as services:
        yield services


def test_what_a_description_names_is_completed_and_nothing_else(node: Source, services: Services) -> None:
    [stored] = services.harvest(node)
    assert isinstance(stored, Stored)
    page = services.publisher.find(stored.dataset)
    assert page is not None
    graph = page.graph  # type: ignore[union-attr]
    assert graph.text(NamedNode("https://ror.org/1"), FOAF.name, "en") == "NAME"
    contact = graph.value(NamedNode("https://ror.org/1"), CV.contactPoint)
    assert contact is not None
    assert graph.text(contact, CV.email) == "a@b.example"
    assert graph.value(NamedNode("https://s.example/api"), DCAT.endpointURL) == NamedNode("https://s.example/api/v1")
    assert NamedNode("https://other.example/") not in graph
    assert NamedNode("https://concept.example/") not in graph
    told = {note.result for note in stored.notes if note.kind is NoteKind.DEFAULTED}
    assert told == {"https://ror.org/1", "https://s.example/api"}


def test_a_changed_register_reaches_documents_that_did_not_change(
    node: Source, services: Services, tmp_path: Path
) -> None:
    list(services.harvest(node))
    assert [type(one) for one in services.harvest(node)] == [Unchanged]
    (tmp_path / "register.ttl").write_text(REGISTER.replace("NAME", "New name"), "utf-8")
    assert [type(one) for one in services.harvest(node)] == [Stored]


def test_what_a_description_says_itself_stays(node: Source, services: Services, tmp_path: Path) -> None:
    said = '<https://ror.org/1> a foaf:Agent ; foaf:name "As the source says"@en .'
    (tmp_path / "files" / "d.ttl").write_text(PREFIXES + DATASET + said, "utf-8")
    [stored] = services.harvest(node)
    assert isinstance(stored, Stored)
    graph = services.publisher.find(stored.dataset).graph  # type: ignore[union-attr]
    assert [name.value for name in graph.objects(NamedNode("https://ror.org/1"), FOAF.name)] == ["As the source says"]


@pytest.mark.parametrize("content", [None, "this is no RDF"])
def test_a_register_that_cannot_be_read_ends_the_visit_and_is_recorded(
    node: Source, services: Services, tmp_path: Path, content: str | None
) -> None:
    list(services.harvest(node))
    path = tmp_path / "register.ttl"
    path.unlink() if content is None else path.write_text(content, "utf-8")
    with pytest.raises(SourceUnavailable):
        list(services.harvest(node))
    last = services.visits.latest(node.iri)
    assert last is not None
    assert not last.complete
    assert "register" in last.problem
    assert services.publisher.find("http://data.example.org/d") is not None
