"""A provider of a dataspace: a catalogue in two pages with three datasets and their offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

CONTEXT = ["https://w3id.org/dspace/2025/1/context.jsonld"]


def dataset(name: str, title: str = "", **more: Any) -> dict[str, Any]:
    """A dataset with an offer."""
    return {
        "@id": f"https://data.example.org/{name}",
        "@type": "Dataset",
        "dct:title": title or name,
        "hasPolicy": [
            {
                "@id": f"urn:offer:{name}", "@type": "Offer",
                "permission": [{"action": "use", "constraint": [
                    {"leftOperand": "spatial", "operator": "eq", "rightOperand": "EU"}]}],
            }
        ],
        "distribution": [{"@type": "Distribution", "format": "HttpData-PULL", "accessService": "urn:service:1"}],
        **more,
    }  # fmt: skip


class Provider:
    """What the connector answers."""

    def __init__(self, datasets: list[dict[str, Any]], size: int = 2) -> None:
        self.datasets, self.size, self.base = datasets, size, ""
        self.asked: list[Any] = []
        self.inner: list[dict[str, Any]] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        path = urlsplit(handler.path)
        if handler.command == "POST":
            self.asked.append(json.loads(handler.rfile.read(int(handler.headers["Content-Length"]))))
        page = int(path.query.removeprefix("token=") or 0)
        some = self.datasets[page * self.size : (page + 1) * self.size]
        catalogue = {
            "@context": CONTEXT, "@id": "urn:catalogue", "@type": "Catalog", "participantId": "urn:provider",
            "service": [{"@id": "urn:service:1", "@type": "DataService", "endpointURL": self.base + "/protocol"}],
            "dataset": some, **({"catalog": self.inner} if self.inner else {}),
        }  # fmt: skip
        more = (page + 1) * self.size < len(self.datasets)
        link = {"Link": f'<{self.base}/catalog?token={page + 1}>; rel="next"'} if more else {}
        send(handler, json.dumps(catalogue).encode(), "application/json", **link)


def source(url: str, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("space", base + "node/space", "S", "dsp", url, base + "dataset/space/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three datasets."""
    provider = Provider([dataset(name, favouriteColour="blue") for name in "abc"])

    def change() -> None:
        provider.datasets[1] = dataset("b", "Changed")

    with running() as site:
        provider.base, site.otherwise = site.url, provider.answer
        yield Sample(source(site.url), least=3, leftovers=("favouriteColour",), change=change)
