"""A folder of DICOM files of 24 persons, whose every personal value is a canary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.test_dicom import image, save, source
from tests.kinds.sample import Sample


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """One dataset."""
    canaries = {"PatientName": "Canary^Carla", "AccessionNumber": "CANARY77", "StudyDescription": "canary study"}
    for person in range(24):
        save(image(person, **canaries), folder / f"{person}.dcm")

    def change() -> None:
        save(image(7, **canaries), folder / "another.dcm")

    yield Sample(source(folder), canaries=("Carla", "CANARY77", "canary study", "person-3"), change=change)
