"""A DCAT-AP Feed of two pages in TriG: datasets, a publisher of its own, an update, a deletion."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import Site, running

PREFIXES = """@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ldes: <https://w3id.org/ldes#> . @prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix d: <https://data.example.org/> .
"""
HOSPITAL = 'd:hospital a foaf:Agent ; foaf:name "Hospital"@en'


def dataset(name: str, title: str = "") -> str:
    """A dataset of the hospital."""
    return (
        f'd:{name} a dcat:Dataset ; dct:title "{title or name}"@en ; dct:identifier "{name}" ; dct:publisher d:hospital'
    )


@dataclass
class Feed:
    """A feed that grows."""

    events: list[str] = field(default_factory=list)

    def add(self, kind: str, name: str, payload: str = "", day: str = "") -> None:
        """Publish an activity, each a minute after the one before."""
        number = len(self.events)
        when = day or f"2026-01-01T00:{number:02d}:00Z"
        event = f"<#{number}> a as:{kind} ; as:object d:{name} ; as:published {when!r}^^xsd:dateTime .".replace(
            "'", '"'
        )
        self.events.append(event + (f"\n<#{number}> {{ {payload} . }}" if payload else ""))

    def publish(self, site: Site, size: int = 3) -> None:
        """Serve the feed in pages of some activities; the first links all others."""
        pages = [range(start, min(start + size, len(self.events))) for start in range(0, len(self.events), size)]
        for number, page in enumerate(pages):
            members = " , ".join(f"<#{one}>" for one in page)
            stream = (
                f"<{site.url}/feed#Feed> a ldes:EventStream ; tree:view <{site.url}/feed> ; tree:member {members} ."
            )
            links = "".join(f"<> tree:relation [ tree:node <{site.url}/feed/{one}> ] ." for one in range(1, len(pages)))
            body = PREFIXES + stream + (links if number == 0 else "") + "\n".join(self.events[one] for one in page)
            site.page("/feed" if number == 0 else f"/feed/{number}", body, "application/trig")


def first() -> Feed:
    """What the feed holds at first: a and b and c, of which b was changed, and d, which is deleted."""
    feed = Feed()
    feed.add("Create", "hospital", HOSPITAL)
    for name in "abcd":
        feed.add("Create", name, dataset(name))
    feed.add("Update", "b", dataset("b", "B, new"))
    feed.add("Delete", "d")
    return feed


def source(url: str, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("feed", base + "node/feed", "F", "ldes", url, base + "dataset/feed/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three datasets."""
    feed = first()

    def change() -> None:
        feed.add("Update", "a", dataset("a", "A, new"))
        feed.publish(site)

    with running() as site:
        feed.publish(site)
        yield Sample(source(f"{site.url}/feed"), least=3, change=change)
