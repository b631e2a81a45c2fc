"""Gives each dataset once in a visit, wherever and however often it is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from catalogue.errors import BadInput
from catalogue.model import Description, Harvested, Original, Rejected

Given = TypeVar("Given", bound=Harvested)


class Once:
    """What one visit remembers of the datasets it gave."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[str, str]] = {}
        """IRI -> digest of the description, and where it stood."""

    def of(self, harvested: Given) -> Iterator[Given | Rejected]:
        """A dataset that is described twice alike is given once; one that is described differently is rejected."""
        if not isinstance(harvested, Description):
            yield harvested
            return
        iri, original = harvested.iri, harvested.original
        try:
            digest = harvested.digest
        except BadInput as error:
            yield rejected(original, iri, error.what, error.remedy)
            return
        earlier = self._given.get(iri)
        if earlier is None:
            self._given[iri] = (digest, original.location)
            yield harvested
        elif earlier[0] != digest:
            problem = f"this dataset is described twice, and differently in {earlier[1]}"
            yield rejected(original, iri, problem, "describe it in one place only")


def rejected(original: Original, dataset: str, problem: str, remedy: str) -> Rejected:
    """The rejection of one dataset of a document."""
    return Rejected(f"{original.location}, dataset {dataset}", problem, remedy, original)
