"""A folder of two BIDS datasets, in which everything about single participants is a canary."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.model import Source
from tests.kinds.sample import Sample


def dataset(folder: Path, participants: int = 24, **more: Any) -> None:
    """A dataset with participants of 20 to 43 years, every second a woman."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"Name": folder.name, "BIDSVersion": "1.8.0", "Authors": ["Doe, J"], "License": "CC0", **more}
    (folder / "dataset_description.json").write_text(json.dumps(said), "utf-8")
    rows = ["participant_id\tage\tsex\thandedness"]
    for number in range(participants):
        (folder / f"sub-CANARY{number}" / "ses-CANARY" / ("anat", "func")[number % 2]).mkdir(
            parents=True, exist_ok=True
        )
        rows.append(f"sub-CANARY{number}\t{20 + number}\t{'FM'[number % 2]}\tCANARY")
    (folder / "participants.tsv").write_text("\n".join(rows) + "\n", "utf-8")


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("brain", base + "node/brain", "B", "bids", str(endpoint), base + "dataset/brain/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Two datasets."""
    for name in ("one", "two"):
        dataset(folder / name, FavouriteColour="blue")
    yield Sample(
        source(folder),
        least=2,
        canaries=("CANARY",),
        leftovers=("FavouriteColour",),
        change=lambda: dataset(folder / "two", Funding=["EC"]),
    )
