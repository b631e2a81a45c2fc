"""A CSV file of three datasets, one with a column that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample

HEADER = "identifier,title,description,keywords,favourite_colour\n"


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("small", base + "node/small", "S", "table", str(endpoint), base + "dataset/small/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three rows."""
    rows = [f"{name},Title {name},About {name},heart; lung,blue\n" for name in "abc"]
    path = folder / "datasets.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")

    def change() -> None:
        path.write_text(HEADER + "".join(rows).replace("About b", "Changed"), "utf-8")

    yield Sample(source(path), least=3, leftovers=("favourite_colour",), change=change)
