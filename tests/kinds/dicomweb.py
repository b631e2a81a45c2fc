"""A DICOMweb service of 24 persons that answers QIDO-RS and WADO-RS out of DICOM JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydicom.dataset import Dataset

from catalogue.model import Source
from tests.contract.test_dicom import image
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

CANARIES = {"PatientName": "Canary^Carla", "AccessionNumber": "CANARY77", "StudyDescription": "canary study"}


def source(url: str, **options: str) -> Source:
    """The node file of a service."""
    base = "http://127.0.0.1/"
    return Source("pacs", base + "node/pacs", "PACS", "dicomweb", url, base + "dataset/pacs/", options=options)


class Service:
    """Answers for some instances, each a series of its own."""

    def __init__(self, instances: list[Dataset]) -> None:
        self.instances = instances

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        uids = re.findall(r"[\d.]{5,}", parts.path)
        found = [one for one in self.instances if all(uid in (
            one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID) for uid in uids)]  # fmt: skip
        start = int(asked.get("offset", 0))
        items = [one.to_json_dict() for one in found[start : start + int(asked.get("limit", 1000))]]
        if parts.path == "/series":
            items = [{**item, "00201209": {"vr": "IS", "Value": [5]}} for item in items]
        body = json.dumps(items).encode()
        send(handler, body, "application/dicom+json")


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """One dataset."""
    service = Service([image(person, **CANARIES) for person in range(24)])
    uids = (service.instances[0].StudyInstanceUID, service.instances[3].SOPInstanceUID)
    with running() as site:
        site.otherwise = service.answer
        yield Sample(
            source(site.url),
            canaries=("Carla", "CANARY77", "canary study", "person-3", *uids),
            change=lambda: service.instances.append(image(30, **CANARIES)),
        )
