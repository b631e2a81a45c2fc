"""A folder of three RO-Crates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.model import Source
from tests.kinds.sample import Sample


def crate(*entities: dict[str, Any], **root: Any) -> str:
    """The metadata of a crate; ``root`` are properties of its root data entity."""
    descriptor = {
        "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    dataset = {"@id": "./", "@type": "Dataset", "name": "A crate", "datePublished": "2026-01-01", **root}
    return json.dumps({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [descriptor, dataset, *entities]})


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("ro", base + "node/ro", "R", "rocrate", str(endpoint), base + "dataset/ro/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three crates."""

    def write(place: str, **root: Any) -> None:
        (folder / place).mkdir(exist_ok=True)
        (folder / place / "ro-crate-metadata.json").write_text(crate(**root), "utf-8")

    for name in "abc":
        write(name, favouriteColour="blue", keywords=["heart"])
    yield Sample(source(folder), least=3, leftovers=("favouriteColour",), change=lambda: write("b", name="Changed"))
