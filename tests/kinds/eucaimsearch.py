"""A Spot with two sites, after the documents of samply/spot, samply/beam and samply/focus."""

from __future__ import annotations

import base64
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


def source(url: str, **options: str) -> Source:
    """The node file of a federated search."""
    base = "http://127.0.0.1/"
    return Source(
        "search", base + "node/search", "Search", "eucaimsearch", url, base + "dataset/search/", options=options
    )


def dataset(number: int, **more: Any) -> dict[str, Any]:
    """A dataset as providers tell it."""
    return {
        "id": f"97c6494a-e42c-47d6-83f7-76cda586535{number}", "name": f"Prostate {number}", "description": "Cases.",
        "studies_count": 1149, "subjects_count": 1140, "age_range": {"min": 46, "max": 96}, "gender": ["Male"],
        "modality": ["MR", "CT", "Unknown"], "body_parts": ["PROSTATE", "PELVIS"], **more,
    }  # fmt: skip


def encoded(value: Any) -> str:
    """JSON in base64, as questions and answers travel."""
    return base64.b64encode(json.dumps(value).encode()).decode()


class Spot:
    """Sites by name with what they answer: a value, or the status of their result."""

    def __init__(self, **sites: Any) -> None:
        self.sites = sites
        self.tasks: dict[str, dict[str, Any]] = {}
        """By id, what was asked."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        parts = urlsplit(handler.path)
        if handler.command == "POST":
            asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
            self.tasks[asked["id"]] = asked
            handler.send_response(201)
            handler.send_header("Location", f"/beam/{asked['id']}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        task = parts.path.removeprefix("/beam/")
        if task not in self.tasks:
            handler.send_error(404)
            return
        assert parse_qs(parts.query) == {"wait_count": [str(len(self.tasks[task]["sites"]))]}
        events = [event for site in self.tasks[task]["sites"] for event in self.events(site, task)]
        send(handler, "".join(events).encode(), "text/event-stream")

    def events(self, site: str, task: str) -> Iterator[str]:
        """What comes of a site: that it works, and its result."""
        if site not in self.sites:
            return
        said = self.sites[site]
        result = {"from": f"focus.{site}.broker.example", "to": ["spot.central.broker.example"], "task": task}
        yield ": keep alive\n\n"
        yield f"event: new_result\ndata: {json.dumps({**result, 'status': 'claimed', 'metadata': None})}\n\n"
        final = (
            {"status": said, "body": "why"} if isinstance(said, str) else {"status": "succeeded", "body": encoded(said)}
        )
        yield f"event: new_result\ndata: {json.dumps({**result, **final, 'metadata': None})}\n\n"


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Two datasets at one site, one at another."""
    one = {"provider": "CHAIMELEON", "provider_icon": "iVBOR", "collections": [dataset(1), dataset(2, colour="blue")]}
    spot = Spot(chaimeleon=one, procanceri={"provider": "ProCancerI", "collections": [dataset(3)]})
    with running() as site:
        site.otherwise = spot.answer
        yield Sample(
            source(site.url, sites="chaimeleon procanceri"),
            least=3,
            leftovers=("colour",),
            change=lambda: spot.sites["chaimeleon"]["collections"][1].update(name="Changed"),
        )
