"""The web application over real installations, and a reader of pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services, open_services, sources
from catalogue.config import Settings
from catalogue.web import create_app
from tests.web.actors import ACTORS
from tests.web.odd import harvest_odd


@pytest.fixture(scope="session")
def client(services: Services) -> FlaskClient:
    """A client of the example catalogue."""
    return create_app(services).test_client()


@pytest.fixture(scope="session")
def odd_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An installation with low limits that holds hostile, foreign and withdrawn datasets, harvested from files."""
    settings = Settings(
        data=tmp_path_factory.mktemp("odd"),
        base="http://127.0.0.1:8000/",
        upload_bytes=50_000,
        sparql_rows=5,
        sparql_seconds=1.0,
    )
    with open_services(settings) as opened:
        harvest_odd(opened, tmp_path_factory.mktemp("files"))
        yield opened


@pytest.fixture(scope="session")
def odd(odd_services: Services) -> FlaskClient:
    """A client of the odd catalogue."""
    return create_app(odd_services).test_client()


@pytest.fixture
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An installation of its own with two actors."""
    folder = tmp_path_factory.mktemp("assessed")
    (folder / "actors.ttl").write_text(ACTORS, "utf-8")
    settings = Settings(data=folder / "data", base="http://127.0.0.1:8000/", actors=folder / "actors.ttl")
    with open_services(settings) as opened:
        list(opened.harvest(sources(opened.settings)["examples"]))
        yield opened


@pytest.fixture
def web(assessed: Services) -> FlaskClient:
    """A client of it."""
    return create_app(assessed).test_client()
