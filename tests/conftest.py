"""Fixtures for all tests; every socket but loopback is closed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from catalogue.assembly import Services, load_rulebook, open_services, sources
from catalogue.config import Settings
from catalogue.rulebook import Rulebook

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official shapes and sample files beside the checkout; CI always has it."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} must be there in CI")
        pytest.skip("the folder shared/ with the official shapes is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The rulebook shipped with the program."""
    return load_rulebook()


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A real installation that holds the example set and the DICOM test folder; tests must not write to it."""
    settings = Settings(data=tmp_path_factory.mktemp("installation"), base="http://127.0.0.1:8000/")
    with open_services(settings) as opened:
        known = sources(opened.settings)
        for name in ("examples", "dicom-demo"):
            for _ in opened.harvest(known[name]):
                pass
        yield opened
