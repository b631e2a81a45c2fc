"""A portal that answers package_search as CKAN 2.12 does, for what a real one cannot be made to do."""

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


def package(number: int, **more: Any) -> dict[str, Any]:
    """A package with the fields that CKAN always gives."""
    return {
        "id": f"0000-{number:05}",
        "name": f"dataset-{number}",
        "title": f"Dataset {number}",
        "notes": "Some data.",
        "state": "active",
        "private": False,
        "type": "dataset",
        "metadata_created": "2026-01-01T10:00:00.000000",
        "metadata_modified": "2026-01-02T10:00:00.000000",
        "num_resources": 1,
        "organization": {"id": "org-1", "name": "hospital", "title": "Hospital", "state": "active"},
        "tags": [{"id": "t1", "name": "cancer", "display_name": "cancer", "state": "active"}],
        "resources": [{"id": f"r{number}", "url": "https://data.example.org/x.csv", "format": "CSV", "position": 0}],
        "extras": [],
        **more,
    }


class Portal:
    """Answers for some packages."""

    def __init__(self, packages: list[dict[str, Any]]) -> None:
        self.packages = {one["id"]: one for one in packages}
        self.fetched: list[str] = []
        """Ids of the packages that were given whole."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        if "package_search" not in handler.path:
            handler.send_error(404)
            return
        ids = re.findall(r'"([^"]+)"', asked.get("fq", ""))
        found = [one for name, one in sorted(self.packages.items()) if name in ids or not ids]
        page = found[int(asked["start"]) :][: int(asked["rows"])]
        if "fl" in asked:
            page = [{name: one[name] for name in asked["fl"].split(",")} for one in page]
        else:
            self.fetched += [one["id"] for one in page]
        body = json.dumps({"success": True, "result": {"count": len(found), "results": page}}).encode()
        send(handler, body, "application/json;charset=utf-8")


def source(url: str, **options: str) -> Source:
    """The node file of such a portal."""
    base = "http://127.0.0.1/"
    return Source("portal", base + "node/portal", "Portal", "ckan", url, base + "dataset/portal/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Five packages."""
    packages = [package(number) for number in range(5)]
    packages[1]["hair_colour"] = "red"
    packages[2]["extras"] = [{"key": "shoe size", "value": "42"}]
    portal = Portal(packages)

    def change() -> None:
        portal.packages["0000-00003"] |= {"title": "Changed", "metadata_modified": "2026-02-01T10:00:00.000000"}

    with running() as site:
        site.otherwise = portal.answer
        yield Sample(source(site.url), least=5, leftovers=("hair_colour", "shoe size"), change=change)
