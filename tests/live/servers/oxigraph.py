"""``oxigraph serve``, with some triples in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from tests.live.servers.running import free_port, listening, started


class Oxigraph:
    """A running server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.query = f"{url}/query"

    def load(self, turtle: str, graph: str = "") -> None:
        """Add triples to the default graph, or a named one."""
        target = f"{self.url}/store?{f'graph={graph}' if graph else 'default'}"
        headers = {"Content-Type": "text/turtle"}
        urlopen(Request(target, turtle.encode(), headers, method="POST"), timeout=60).close()

    def update(self, text: str) -> None:
        """Run a SPARQL update."""
        headers = {"Content-Type": "application/sparql-update"}
        urlopen(Request(f"{self.url}/update", text.encode(), headers, method="POST"), timeout=60).close()


@contextmanager
def oxigraph(folder: Path) -> Iterator[Oxigraph]:
    """An empty server that keeps its files below ``folder``."""
    port = free_port()
    command = Path(sys.executable).parent / "oxigraph"
    arguments = [str(command), "serve", "--location", str(folder / "triples"), "--bind", f"127.0.0.1:{port}"]
    with started(arguments, folder / "oxigraph.log", lambda: listening(port)):
        yield Oxigraph(f"http://127.0.0.1:{port}")
