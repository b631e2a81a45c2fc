"""The datasets of a catalogue, one after the other, for lists that must hold them all."""

from __future__ import annotations

from catalogue.ports import Store, text
from catalogue.queries import query


def listed(store: Store) -> list[tuple[str, str]]:
    """IRI of every dataset that is not withdrawn, in order, and when its description last changed (ISO 8601)."""
    return [(text(row, "dataset"), text(row, "modified")) for row in store.select(query("datasets"))]
