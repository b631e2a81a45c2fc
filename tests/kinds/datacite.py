"""A repository that speaks like the REST API of DataCite, in pages of two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import running, send


def record(number: int, title: str = "") -> dict[str, Any]:
    """The metadata of one dataset."""
    return {
        "doi": f"10.5072/Set-{number}",
        "types": {"resourceTypeGeneral": "Dataset"},
        "titles": [{"title": title or f"Dataset {number}", "lang": "en-GB"}],
        "creators": [{"name": "Example Hospital", "nameType": "Organizational"}],
        "publisher": {"name": "Repository"},
        "publicationYear": 2024,
        "descriptions": [{"description": "Images of hearts.", "descriptionType": "Abstract"}],
        "favouriteColour": "blue",
    }


class Api:
    """What the server holds."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records
        self.base = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one page."""
        asked = parse_qs(urlsplit(handler.path).query)
        page = int(asked.get("page[number]", ["1"])[0])
        some = self.records[2 * page - 2 : 2 * page]
        data = [{"id": one["doi"], "type": "dois", "attributes": one} for one in some]
        following = {"next": f"{self.base}/dois?page[number]={page + 1}"} if 2 * page < len(self.records) else {}
        send(handler, json.dumps({"data": data, "links": following}).encode(), "application/vnd.api+json")


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("doi", base + "node/doi", "D", "datacite", str(endpoint), base + "dataset/doi/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Five datasets and a program."""
    api = Api([record(number) for number in range(5)])
    api.records.insert(2, record(99) | {"types": {"resourceTypeGeneral": "Software"}})

    def change() -> None:
        api.records[1] = record(1, "Changed")

    with running() as site:
        api.base, site.otherwise = site.url, api.answer
        yield Sample(source(site.url + "/dois"), least=5, leftovers=("favouriteColour",), change=change)
