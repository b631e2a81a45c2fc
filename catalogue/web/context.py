"""What a view works with: the services of the installation it belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app

from catalogue.assembly import Services
from catalogue.names import key


def services() -> Services:
    """The services given to :func:`catalogue.web.create_app`."""
    return cast(Services, current_app.extensions["catalogue"])


def started() -> datetime:
    """When this process read its rulebook; no page is older than that."""
    return cast(datetime, current_app.extensions["catalogue-started"])


def dataset_path(iri: str) -> str:
    """What follows ``/dataset/`` in the address of a dataset's page: the rest of an IRI of ours, else its key."""
    rest = iri.removeprefix(services().minted.base + "dataset/")
    return key(iri) if rest == iri or set(rest) & set("?#%") else rest
