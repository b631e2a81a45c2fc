"""Self-descriptions of Simpl and Gaia-X, however they are wrapped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.graphs import BlankNode, NamedNode
from catalogue.model import Description, Harvested, Rejected
from catalogue.names import CV, DCAT, DCT, EU, FOAF
from tests.contract.harvesting import harvested, texts
from tests.kinds.simpl import credential, source

MOCK = (
    "nodes/simpl_dsp/ForumViriumHelsinki__TFDS-SIMPL-open-applications/apps/catalogue-ui/src/services/mock/fixtures/"
    "mockSDdata.json"
)


def harvest(endpoint: Path) -> list[Harvested]:
    return harvested(source(endpoint))


def test_a_data_offering_of_simpl_is_a_dataset(shared: Path) -> None:
    [one] = harvest(shared / MOCK)
    assert isinstance(one, Description)
    assert texts(one, DCT.title) == {"test eng 2025"}
    assert texts(one, DCT.language) == {EU + "language/ENG"}
    assert texts(one, DCT.issued)
    publisher = one.graph.value(NamedNode(one.iri), DCT.publisher)
    assert isinstance(publisher, BlankNode)
    assert one.graph.text(publisher, FOAF.name, "en") == "test"
    contact = one.graph.value(publisher, CV.contactPoint)
    assert isinstance(contact, BlankNode)
    assert one.graph.text(contact, CV.email) == "test@test.com"
    assert one.graph.objects(NamedNode(one.iri), DCAT.distribution)
    assert not [note for note in one.notes if note.reason.startswith("no line")]
    assert b'"proof"' in one.original.content, "the credential is kept whole"


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"type": "VerifiablePresentation", "verifiableCredential": [one]},
        lambda one: {"type": "VerifiablePresentation", "verifiableCredential": one},
        lambda one: {"totalCount": 1, "items": [{"meta": {"sdHash": "x", "content": json.dumps(one)}}]},
        lambda one: {"totalCount": 1, "items": [{"content": one}]},
    ],
)
def test_a_credential_is_found_in_every_wrapping(tmp_path: Path, wrapped: Callable[[Any], Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(wrapped(credential("a"))), "utf-8")
    [one] = harvest(tmp_path / "a.json")
    assert isinstance(one, Description)
    assert texts(one, DCT.title) == {"a"}


def test_other_offerings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([credential("a", kind="InfrastructureOffering")]), "utf-8")
    assert harvest(tmp_path / "a.json") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not whole JSON"),
        ("{}", "no credential"),
        (json.dumps(credential("a")).replace("simpl:name", "simpl:other"), "generalServiceProperties"),
        (json.dumps(credential("a")).replace("did:web:registry.example.org:DataOffering:a", ""), "id"),
    ],
)
def test_what_is_no_data_offering_is_rejected(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    [one] = harvest(tmp_path / "a.json")
    assert isinstance(one, Rejected)
    assert words in one.problem
