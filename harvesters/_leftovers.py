"""Takes out of a record the texts that stand where something should be said and say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalogue.model import Note, NoteKind


def without(record: Any, pattern: re.Pattern[str], reason: str) -> tuple[Any, list[Note]]:
    """A record of JSON without the texts that are all of ``pattern``, and a note on each with the reason."""
    notes: list[Note] = []
    return _rest(record, pattern, reason, (), notes), notes


def _rest(value: Any, pattern: re.Pattern[str], reason: str, place: tuple[str, ...], notes: list[Note]) -> Any:
    def kept(items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        for key, one in items:
            here = (*place, key) if key else place
            if isinstance(one, str) and pattern.fullmatch(one.strip()):
                notes.append(Note(NoteKind.UNMAPPED, ".".join(here), one, reason=reason))
            else:
                yield key, _rest(one, pattern, reason, here, notes)

    if isinstance(value, Mapping):
        return dict(kept(value.items()))
    if isinstance(value, list):
        return [one for _, one in kept(("", one) for one in value)]
    return value
