"""What a second harvest costs when one dataset in a hundred changed, by kinds of nodes; ratios to the first harvest.

Run as: python -m tests.bench.reharvest [number of datasets]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Source
from tests.kinds import ckan, ldes, sparql
from tests.kinds.ckan import Portal, package
from tests.live.conftest import Site, running
from tests.live.servers.oxigraph import oxigraph

PAGE = 100
"""Datasets on one Hydra page."""


@dataclass(frozen=True)
class Node:
    """A node with many datasets, and how one in a hundred of them changes."""

    name: str
    source: Source
    change: Callable[[], object]


@contextmanager
def portal(number: int) -> Iterator[Node]:
    """A CKAN portal (contract server)."""
    served = Portal([package(one) for one in range(number)])

    def change() -> None:
        for one in list(served.packages.values())[::100]:
            one |= {"title": one["title"] + ", changed", "metadata_modified": "2026-06-01T00:00:00"}

    with running() as site:
        site.otherwise = served.answer
        yield Node("ckan", ckan.source(site.url), change)


@contextmanager
def endpoint(number: int) -> Iterator[Node]:
    """A SPARQL endpoint (oxigraph serve)."""
    with tempfile.TemporaryDirectory() as folder, oxigraph(Path(folder)) as server:
        head, bodies = sparql.TURTLE, [sparql.dataset(f"d{one}").removeprefix(sparql.TURTLE) for one in range(number)]
        for start in range(0, number, 1000):
            server.load(head + "".join(bodies[start : start + 1000]))

        def change() -> None:
            for one in range(0, number, 100):
                server.update(sparql.CHANGE.replace("d:b", f"d:d{one}"))

        yield Node("sparql", sparql.source(server.query), change)


@contextmanager
def pages(number: int, *, spread: bool) -> Iterator[Node]:
    """A catalogue in Hydra pages; the changes are on few pages, as where the newest come first, or on all."""
    with running() as site:
        for page in range(number // PAGE):
            _page(site, page, number, set())

        def change() -> None:
            changed = set(range(0, number, 100)) if spread else set(range(number // 100))
            for page in {one // PAGE for one in changed}:
                _page(site, page, number, changed)

        base = "http://127.0.0.1/"
        source = Source("pages", base + "node/pages", "P", "dcat", site.url + "/0", base + "dataset/pages/")
        yield Node(f"dcat pages, changes on {'every page' if spread else 'one page in 100'}", source, change)


@contextmanager
def feed(number: int) -> Iterator[Node]:
    """A DCAT-AP Feed, in pages of a hundred activities; changes are new activities at its end."""
    events = ldes.Feed()
    for one in range(number):
        events.add("Create", f"d{one}", ldes.dataset(f"d{one}"), day="2026-01-01T00:00:00Z")

    with running() as site:
        events.publish(site, PAGE)

        def change() -> None:
            for one in range(0, number, 100):
                events.add("Update", f"d{one}", ldes.dataset(f"d{one}", "changed"), day="2026-02-01T00:00:00Z")
            events.publish(site, PAGE)

        yield Node("ldes", ldes.source(f"{site.url}/feed"), change)


def _page(site: Site, page: int, number: int, changed: set[int]) -> None:
    last = page + 1 >= number // PAGE
    link = "" if last else f"<> <http://www.w3.org/ns/hydra/core#next> <{site.url}/{page + 1}> ."
    bodies = [
        sparql.dataset(f"d{one}", "changed" if one in changed else "").removeprefix(sparql.TURTLE)
        for one in range(page * PAGE, (page + 1) * PAGE)
    ]
    site.page(f"/{page}", sparql.TURTLE + link + "".join(bodies))


def visit(services: Services, source: Source) -> tuple[float, Counter[str]]:
    """Seconds and outcomes of one visit."""
    start = time.perf_counter()
    outcomes = Counter(type(outcome).__name__ for outcome in services.harvest(source))
    return time.perf_counter() - start, outcomes


def measure(node: Node, folder: Path) -> None:
    """Harvest, change, harvest again."""
    with open_services(Settings(data=folder, base="http://127.0.0.1:8000/")) as opened:
        services = replace(opened, fetcher=Fetcher(Limits(max_bytes=500_000_000)))
        first, stored = visit(services, node.source)
        same, _ = visit(services, node.source)
        node.change()
        second, outcomes = visit(services, node.source)
    share = f"{second / first:6.1%}"
    print(f"{node.name:42} first {first:6.1f} s  unchanged {same / first:6.1%}  1% changed {share}  {dict(outcomes)}")
    assert outcomes["Stored"] == stored["Stored"] // 100


def main(number: int) -> None:
    """Print a line for each kind of node."""
    for opened in (
        portal(number),
        endpoint(number),
        feed(number),
        pages(number, spread=False),
        pages(number, spread=True),
    ):
        with opened as node, tempfile.TemporaryDirectory() as folder:
            measure(node, Path(folder))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
