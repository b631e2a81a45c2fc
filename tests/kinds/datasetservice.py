"""A dataset service of three published datasets, a draft and an invalidated one, after its OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

LISTED = (
    "id", "name", "version", "authorName", "creationDate", "project", "draft", "public", "publicUse", "invalidated",
    "corrupted", "tags", "studiesCount", "subjectsCount", "timesUsed",
)  # fmt: skip
USER = "canary-user-7f1c"
MAIL = "canary.author@example.org"


def source(url: str, **options: str) -> Source:
    """The node file of a dataset service."""
    base = "http://127.0.0.1/"
    return Source(
        "service", base + "node/service", "Service", "datasetservice", url, base + "dataset/service/", options=options
    )


def dataset(number: int, **more: Any) -> dict[str, Any]:
    """A dataset with all that the service tells."""
    return {
        "id": f"00e821c4-e92b-48f7-a034-ba2df547e2b{number}", "name": f"Prostate {number}", "version": "v1",
        "project": "EUCAIM", "previousId": None, "nextId": None, "authorId": USER, "authorName": "James Gordon",
        "authorEmail": MAIL, "creationDate": "2024-01-12 13:11:48.123456+00:00", "description": "Cases with MRI.",
        "tags": ["eucaim-indexed"], "provenance": "Two hospitals.", "purpose": "Training of models.",
        "type": ["original", "annotated"], "collectionMethod": ["patient-based"],
        "license": {"title": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/legalcode"},
        "contactInfo": "Jane Doe (jane@hospital.example)",
        "pids": {"preferred": "zenodoDoi", "urls": {"zenodoDoi": "https://doi.org/10.5072/zenodo.1", "custom": None}},
        "draft": False, "public": True, "publicUse": False, "invalidated": False, "corrupted": False,
        "lastIntegrityCheck": "2025-01-12 13:11:48+00:00", "studiesCount": 620, "subjectsCount": 600,
        "ageLow": 46, "ageHigh": 91, "ageUnit": ["years", "years"], "ageNullCount": 0,
        "sex": ["Male"], "sexCount": [620], "diagnosis": ["Prostate cancer"], "diagnosisCount": [620],
        "diagnosisYearLow": 2011, "diagnosisYearHigh": 2019, "diagnosisYearNullCount": 12,
        "bodyPart": ["PROSTATE", "Unknown"], "bodyPartCount": [560, 60], "modality": ["MR"], "modalityCount": [620],
        "manufacturer": ["Siemens", "Philips"], "manufacturerCount": [400, 220], "seriesTags": ["Axial"],
        "sizeInBytes": 2834502270, "timesUsed": 7,
        "editablePropertiesByTheUser": [], "allowedActionsForTheUser": ["use"],
        **more,
    }  # fmt: skip


class Service:
    """Answers for some datasets as an unregistered user is answered."""

    def __init__(self, *datasets: dict[str, Any]) -> None:
        self.datasets = list(datasets)
        self.refused: set[str] = set()
        """Ids that are listed and not given."""

    def listed(self, asked: dict[str, str]) -> dict[str, Any]:
        """The answer to /api/datasets."""
        flags = {name: asked[name] == "true" for name in ("public", "draft", "invalidated") if name in asked}
        found = [one for one in self.datasets if all(one.get(name) is flag for name, flag in flags.items())]
        skip, limit = int(asked.get("skip", 0)), int(asked.get("limit", 30))
        page = found[skip : skip + limit or None]
        records = [{name: one[name] for name in LISTED if name in one} for one in page]
        return {"total": len(found), "returned": len(page), "skipped": skip, "limit": limit, "list": records}

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        parts = urlsplit(handler.path)
        match = re.fullmatch(r"/api/datasets/([\w-]+)", parts.path)
        found: Any = None
        if parts.path == "/api/datasets":
            found = self.listed({name: values[0] for name, values in parse_qs(parts.query).items()})
        elif match and match[1] not in self.refused:
            found = next((one for one in self.datasets if one["id"] == match[1]), None)
        if found is None:
            handler.send_error(404)
            return
        send(handler, json.dumps(found).encode())


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three published datasets, one of them with a field that we do not know, and two that are not."""
    service = Service(
        dataset(1),
        dataset(2, colour="blue"),
        dataset(3, previousId=dataset(1)["id"]),
        dataset(4, draft=True, name="canary draft"),
        dataset(5, invalidated=True),
    )
    with running() as site:
        site.otherwise = service.answer
        yield Sample(
            source(site.url),
            least=3,
            canaries=(USER, MAIL, "canary draft"),
            leftovers=("colour",),
            change=lambda: service.datasets[1].update(name="Changed"),
        )
