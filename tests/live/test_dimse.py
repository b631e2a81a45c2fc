"""The C-FIND harvester against pynetdicom's own service and against a real Orthanc."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Rejected, Untouched
from catalogue.ports import Past
from harvesters.dicom import DicomHarvester
from harvesters.dimse import DimseHarvester
from tests.contract.test_dicom import NoWeb, image, save
from tests.contract.test_dicom import source as folder_source
from tests.kinds.dimse import Pacs, source
from tests.kinds.sample import read
from tests.live.servers.orthanc import AET, DICOM, Orthanc, orthanc
from tests.live.servers.running import available, free_port
from tests.live.test_dicomweb import instances

pytestmark = pytest.mark.live


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Orthanc]:
    with available(orthanc(tmp_path)) as made:
        yield made


def harvest(url: str, past: Past | None = None, **options: str) -> Any:
    node = source(url, **options)
    [one] = DimseHarvester().harvest(node, read(node, past or Past()))
    return one


def test_a_pacs_is_described_as_the_folder_of_its_files(archive: Orthanc, tmp_path: Path) -> None:
    files = tmp_path / "files"
    for number, dataset in enumerate(instances()):
        path = files / f"{number}.dcm"
        save(dataset, path)
        archive.upload(path.read_bytes())
    url = f"dimse://127.0.0.1:{DICOM}/{AET}"
    one = harvest(url)
    assert isinstance(one, Description)
    facts = json.loads(one.original.content)
    [of_folder] = DicomHarvester().harvest(folder_source(files), NoWeb())
    expected = json.loads(of_folder.original.content)
    for name in ("counts", "sex", "age", "modality", "modalities", "body_parts", "manufacturers", "period"):
        assert facts[name] == expected[name], name
    assert isinstance(harvest(url, Past(frozenset({one.original.container}))), Untouched)
    some = harvest(url, query="ModalitiesInStudy=MR")
    assert json.loads(some.original.content)["counts"]["studies"] == 12


def test_an_unchanged_pacs_is_asked_for_its_studies_only() -> None:
    pacs = Pacs([image(person) for person in range(12)])
    with pacs.serving() as url:
        one = harvest(url)
        pacs.queries.clear()
        harvest(url, Past(frozenset({one.original.container})))
    assert pacs.queries == ["STUDY"]


def test_what_a_query_does_not_tell_is_not_stated() -> None:
    with Pacs([image(person) for person in range(12)]).serving() as url:
        one = harvest(url)
    assert "shares" not in json.loads(one.original.content)
    assert not any("Share" in str(term) for triple in one.graph for term in triple)


@pytest.mark.parametrize(("status", "words"), [(0xA700, "status A700"), (0xC001, "status C001")])
def test_a_query_that_fails_is_said(status: int, words: str) -> None:
    pacs = Pacs([image(1)])
    pacs.status = status
    with pacs.serving() as url, pytest.raises(SourceUnavailable, match=words):
        harvest(url)


def test_nobody_there_and_no_address_are_said() -> None:
    with pytest.raises(SourceUnavailable, match="does not answer"):
        harvest(f"dimse://127.0.0.1:{free_port()}/PACS")
    with pytest.raises(SourceUnavailable, match="no address of a PACS"):
        harvest("http://127.0.0.1/")


def test_an_empty_pacs_is_said() -> None:
    with Pacs([]).serving() as url:
        one = harvest(url)
    assert isinstance(one, Rejected)
    assert "no study" in one.problem
