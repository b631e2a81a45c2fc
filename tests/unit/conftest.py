"""Fixtures for unit tests."""

from __future__ import annotations

import pytest

from catalogue.index import TantivyIndex
from tests.unit.indexing import CORPUS, index_of


@pytest.fixture(scope="module")
def index() -> TantivyIndex:
    return index_of(*CORPUS)
