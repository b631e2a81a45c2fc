"""The DICOMweb harvester against a real Orthanc."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from catalogue.graphs import Canonical
from catalogue.model import Description, Rejected, Untouched
from catalogue.ports import Past
from harvesters.dicom import DicomHarvester
from harvesters.dicomweb import DicomWebHarvester
from tests.contract.test_dicom import NoWeb, image, save
from tests.contract.test_dicom import source as folder_source
from tests.kinds.dicomweb import CANARIES, Service, source
from tests.kinds.sample import read
from tests.live.conftest import running
from tests.live.servers.orthanc import Orthanc

pytestmark = pytest.mark.live


@pytest.fixture
def pacs(orthanc: Orthanc) -> Iterator[Orthanc]:
    orthanc.clear()
    yield orthanc
    orthanc.clear()


def instances() -> list[Dataset]:
    """Two instances of a CT series of each of 24 persons, and an MR series of 12 of them."""
    made = []
    for person in range(24):
        study, series = generate_uid(), generate_uid()
        ids = {"StudyInstanceUID": study, "SeriesInstanceUID": series, **CANARIES}
        made += [image(person, **ids), image(person, **ids)]
        if person % 2:
            mr = {**ids, "SeriesInstanceUID": generate_uid(), "Modality": "MR", "BodyPartExamined": "BRAIN"}
            made.append(image(person, **mr))
    return made


def harvest(pacs: Orthanc, past: Past | None = None, **options: str) -> Any:
    node = source(pacs.dicomweb, **options)
    [one] = DicomWebHarvester().harvest(node, read(node, past or Past()))
    return one


def test_a_pacs_is_described_as_the_folder_of_its_files(pacs: Orthanc, tmp_path: Path) -> None:
    files = tmp_path / "files"
    for number, dataset in enumerate(instances()):
        path = files / f"{number}.dcm"
        save(dataset, path)
        pacs.upload(path.read_bytes())
    one = harvest(pacs)
    assert isinstance(one, Description)
    facts = json.loads(one.original.content)
    [of_folder] = DicomHarvester().harvest(folder_source(files), NoWeb())
    expected = json.loads(of_folder.original.content)
    assert facts["counts"] == expected["counts"] == {"persons": 24, "studies": 24, "series": 36, "instances": 60}
    for name in ("sex", "age", "modality", "modalities", "body_parts", "manufacturers", "period"):
        assert facts[name] == expected[name], name

    text = Canonical(one.graph).content + one.original.content + repr((one.notes, one.original.location)).encode()
    for canary in ("Carla", "CANARY77", "canary study", "person-1"):
        assert canary.encode() not in text

    again = harvest(pacs, Past(frozenset({one.original.container})))
    assert isinstance(again, Untouched)
    path = files / "another.dcm"
    save(image(99), path)
    pacs.upload(path.read_bytes())
    changed = harvest(pacs, Past(frozenset({one.original.container})))
    assert isinstance(changed, Description)
    only_mr = harvest(pacs, query="Modality=MR")
    assert json.loads(only_mr.original.content)["counts"]["series"] == 12


def test_an_empty_pacs_is_said(pacs: Orthanc) -> None:
    one = harvest(pacs)
    assert isinstance(one, Rejected)
    assert "no series" in one.problem


def test_a_series_that_goes_during_the_visit_is_not_counted() -> None:
    service = Service([image(person) for person in range(12)])
    gone = str(service.instances[0].SeriesInstanceUID)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if gone in handler.path:
            handler.send_error(404)
        else:
            service.answer(handler)

    with running() as site:
        site.otherwise = answer
        node = source(site.url)
        [one] = DicomWebHarvester().harvest(node, read(node, Past()))
    assert isinstance(one, Description)
    assert json.loads(one.original.content)["counts"]["series"] == 11
    assert gone.encode() not in one.original.content
