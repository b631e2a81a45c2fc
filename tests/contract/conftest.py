"""A real SPARQL server on loopback, for the contracts of stores and endpoints."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.contract.place import Clock, Place, opened

OXIGRAPH = Path(sys.executable).parent / "oxigraph"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of ``oxigraph serve``; it gives up a query after 5 seconds."""
    port = free_port()
    folder = tmp_path_factory.mktemp("oxigraph")
    arguments = ["serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}", "--timeout-s", "5"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([str(OXIGRAPH), *arguments], stdout=log, stderr=log)
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)


@pytest.fixture
def empty_server(oxigraph_server: str) -> str:
    """The server with nothing in it."""
    urlopen(f"{oxigraph_server}/update", urlencode({"update": "DROP ALL"}).encode(), timeout=20).close()
    return oxigraph_server


# --- assessments ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["embedded", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    urls = {}
    if request.param == "server":
        server = request.getfixturevalue("empty_server")
        urls = {"store_query": f"{server}/query", "store_update": f"{server}/update"}
    with opened(tmp_path, Clock(), **urls) as place:
        place.write()
        place.visit()
        yield place


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Place]:
    """The embedded store alone, where the store makes no difference."""
    with opened(tmp_path, Clock()) as place:
        place.write()
        place.visit()
        yield place
