"""A Beacon v2 of three datasets; what it answers is held to the official schemas by tests/contract/test_beacon.py."""

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

META = {
    "apiVersion": "v2.0.0", "beaconId": "org.example.beacon",
    "returnedSchemas": [{"entityType": "dataset", "schema": "beacon-dataset-v2.0.0"}],
}  # fmt: skip
REQUEST = {
    "apiVersion": "2.0", "requestedSchemas": [], "pagination": {"skip": 0, "limit": 100},
    "requestedGranularity": "record",
}  # fmt: skip


def source(url: str, **options: str) -> Source:
    """The node file of a Beacon."""
    base = "http://127.0.0.1/"
    return Source("beacon", base + "node/beacon", "Beacon", "beacon", url, base + "dataset/beacon/", options=options)


def dataset(number: int, **more: Any) -> dict[str, Any]:
    """A dataset with all that the default model has."""
    return {
        "id": f"ds{number}", "name": f"Genomes {number}", "description": "Whole genomes.", "version": "v1.1",
        "createDateTime": "2023-01-17T20:33:40Z", "updateDateTime": "2024-01-17T20:33:40Z",
        "externalUrl": "https://example.org/wiki",
        "dataUseConditions": {"duoDataUse": [{"id": "DUO:0000007", "label": "disease specific research",
            "version": "2021-02-23", "modifiers": [{"id": "EFO:0001645", "label": "coronary artery disease"}]}]},
        **more,
    }  # fmt: skip


class Beacon:
    """Answers for some datasets."""

    def __init__(self, datasets: list[dict[str, Any]], individuals: dict[str, Any]) -> None:
        self.datasets = datasets
        self.individuals = individuals
        """By id of the dataset: a number, or None when the Beacon says only that there are some."""

    def info(self) -> dict[str, Any]:
        """The answer to /info."""
        organisation = {
            "id": "org.example", "name": "Genome centre", "description": "Sequences.",
            "welcomeUrl": "https://example.org/", "contactUrl": "mailto:beacon@example.org",
        }  # fmt: skip
        response = {"id": "org.example.beacon", "name": "B", "apiVersion": "v2.0.0", "environment": "test"}
        return {"meta": META, "response": {**response, "organization": organisation}}

    def collections(self, skip: int, limit: int) -> dict[str, Any]:
        """The answer to /datasets."""
        summary = {"exists": True, "numTotalResults": len(self.datasets)}
        meta = {**META, "returnedGranularity": "record", "receivedRequestSummary": REQUEST}
        return {
            "meta": meta,
            "responseSummary": summary,
            "response": {"collections": self.datasets[skip : skip + limit]},
        }

    def count(self, name: str) -> dict[str, Any] | None:
        """The answer to /datasets/ID/individuals; None for one that is refused."""
        if name not in self.individuals:
            return None
        number = self.individuals[name]
        summary = {"exists": True} if number is None else {"exists": number > 0, "numTotalResults": number}
        meta = {**META, "returnedGranularity": "count", "receivedRequestSummary": REQUEST}
        return {"meta": meta, "responseSummary": summary}

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match = re.fullmatch(r"/datasets/(\w+)/individuals", parts.path)
        found = self.count(match[1]) if match else self.info() if parts.path == "/info" else None
        if parts.path == "/datasets":
            found = self.collections(int(asked.get("skip", 0)), int(asked.get("limit", 10)))
        if found is None:
            handler.send_error(403)
            return
        body = json.dumps(found).encode()
        send(handler, body)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three datasets."""
    beacon = Beacon([dataset(1), dataset(2, info={"colour": "blue"}), dataset(3)], {"ds1": 1200, "ds2": None})
    with running() as site:
        site.otherwise = beacon.answer
        yield Sample(
            source(site.url),
            least=3,
            leftovers=("colour",),
            change=lambda: beacon.datasets[2].update(name="Changed"),
        )
