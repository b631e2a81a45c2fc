"""Collections of biobanks, as MIABIS Core 3 and the BBMRI-ERIC Directory write them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalogue.graphs import BlankNode, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import DCAT, DCT, EU, EUCAIM, FOAF, HDEU, HEALTH
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.miabis import BANKS, HEADER, collection, source


def harvest(endpoint: Path, **options: str) -> list[Harvested]:
    return harvested(source(endpoint, **options))


def described(endpoint: Path, **options: str) -> Description:
    return only(harvest(endpoint, **options))


def test_a_collection_with_its_biobank_is_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "biobanks.csv").write_text(BANKS, "utf-8")
    (tmp_path / "collections.csv").write_text(HEADER + collection("C1", "Breast"), "utf-8")
    one = described(tmp_path)
    assert one.iri == "http://127.0.0.1/dataset/bank/C1"
    assert texts(one, DCT.title) == {"Breast"}
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"400"}
    assert (texts(one, HEALTH.minTypicalAge), texts(one, HEALTH.maxTypicalAge)) == ({"18"}, {"90"})
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.COM1001366.value, EUCAIM.COM1001370.value}
    assert texts(one, HEALTH.hasCodeValues) == {"C50"}
    assert texts(one, HEALTH.hasCodingSystem) == {HDEU + "coding-system/ICD-10"}
    assert texts(one, DCAT.keyword) == {"DNA", "Serum"}
    assert texts(one, DCT.spatial) == {EU + "country/BEL"}
    publisher = one.graph.value(NamedNode(one.iri), DCT.publisher)
    assert isinstance(publisher, BlankNode)
    assert one.graph.text(publisher, FOAF.name, "en") == "Example Biobank"
    assert {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED} == {"favourite_colour"}


def test_the_directory_and_json_say_the_same_in_their_words(tmp_path: Path) -> None:
    held = {
        "biobanks": [{"id": "BB1", "name": "Example Biobank", "country": "BE"}],
        "collections": [
            {
                "id": "bbmri-eric:ID:BE_BB1:collection:1", "name": "Breast", "biobank": {"id": "BB1"}, "size": 1200,
                "number_of_donors": 400, "materials": ["DNA"],
                "diagnosis_available": ["urn:miriam:icd:C50", "ORPHA:145"],
                "age_low": 216, "age_unit": "MONTH", "order_of_magnitude": "3", "sex": ["FEMALE", "NAV"],
            }
        ],
        "networks": [{"id": "N", "name": "A network"}],
    }  # fmt: skip
    (tmp_path / "directory.json").write_text(json.dumps(held), "utf-8")
    one = described(tmp_path / "directory.json")
    assert texts(one, HEALTH.numberOfRecords) == {"1200"}
    assert texts(one, HEALTH.minTypicalAge) == {"18"}
    assert texts(one, HEALTH.hasCodeValues) == {"C50", "ORPHA:145"}
    assert texts(one, DCT.spatial) == {EU + "country/BEL"}
    assert not [note for note in one.notes if note.reason.startswith("no line")]


def test_few_subjects_are_not_stated_nor_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + collection("C1", subjects=9), "utf-8")
    one = described(tmp_path / "a.csv")
    assert not texts(one, HEALTH.numberOfUniqueIndividuals)
    assert b'"9"' not in one.original.content
    assert any(note.kind is NoteKind.SUPPRESSED for note in one.notes)
    (tmp_path / "a.csv").write_text(HEADER + collection("C1", subjects=10), "utf-8")
    assert texts(described(tmp_path / "a.csv"), HEALTH.numberOfUniqueIndividuals) == {"10"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", "{", "not whole JSON"),
        ("a.json", "[]", "no collections"),
        ("a.csv", "x,y\n1,2\n", "no collections"),
        ("collections.csv", "id,description\n1,2\n", "name"),
        ("a.xlsx", "PK", "cannot be read"),
    ],
)
def test_what_holds_no_collections_is_rejected(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    [one] = harvest(tmp_path / name)
    assert isinstance(one, Rejected)
    assert words in one.problem
