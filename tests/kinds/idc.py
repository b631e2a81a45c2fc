"""Imaging Data Commons, as the package ships it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.test_idc import source
from tests.kinds.sample import Sample


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """The whole of it."""
    yield Sample(source(), least=170)
