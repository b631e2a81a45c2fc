"""Keeps the counts of parts of a folder in a file, so that a visit that broke off goes on where it was.

What is kept is about persons (pseudonyms by a key that lies beside them, sex, age, modalities, years), so the file may
be read by its owner only and belongs where the images are.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from catalogue.errors import SourceUnavailable
from catalogue.graphs import digest
from catalogue.resources import read_files
from harvesters._dicom_tally import Person, Tally

_TABLES = """
CREATE TABLE IF NOT EXISTS key (key BLOB);
CREATE TABLE IF NOT EXISTS part (digest TEXT PRIMARY KEY, counted TEXT);
"""


class Progress:
    """Counts by the digest of the files they are of."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = connection.execute("SELECT key FROM key").fetchall()
        self.key: bytes = rows[0][0] if rows else secrets.token_bytes(32)
        """Under which identifiers of persons, studies and instances are hashed."""
        if not rows:
            connection.execute("INSERT INTO key VALUES (?)", (self.key,))

    def recalled(self, part: str) -> Tally | None:
        """What was counted in a part; None for one that was never counted, or cannot be read."""
        rows = self._connection.execute("SELECT counted FROM part WHERE digest = ?", (part,)).fetchall()
        try:
            return _read(json.loads(rows[0][0])) if rows else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, part: str, counted: Tally) -> None:
        """Remember what was counted in a part."""
        self._connection.execute("INSERT OR REPLACE INTO part VALUES (?, ?)", (part, json.dumps(_written(counted))))

    def forget_others(self, parts: Iterable[str]) -> None:
        """Forget every part but these: files that changed or are gone."""
        kept = set(parts)
        known = [row[0] for row in self._connection.execute("SELECT digest FROM part").fetchall()]
        gone = [(one,) for one in known if one not in kept]
        self._connection.executemany("DELETE FROM part WHERE digest = ?", gone)


@contextmanager
def progress_in(file: str) -> Iterator[Progress]:
    """The progress that a file holds; it is made when it is not there.

    Raises :class:`~catalogue.errors.SourceUnavailable` when it cannot be used, or may be read by others.
    """
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        if Path(file).stat().st_mode & 0o077:
            raise _unusable(file, "it may be read by others", f"chmod 600 {file}")
        connection = sqlite3.connect(file, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(file, str(error), "name a file in a folder that can be written to") from error
    try:
        connection.executescript("PRAGMA secure_delete = ON;" + _TABLES)
        yield Progress(connection)
    except sqlite3.Error as error:
        raise _unusable(file, str(error), "delete the file; the folder is then read anew") from error
    finally:
        connection.close()


def _unusable(file: str, why: str, remedy: str) -> SourceUnavailable:
    return SourceUnavailable(f"the file of the option progress cannot be used: {why}", where=file, remedy=remedy)


def part_of(entries: Iterable[str]) -> str:
    """The digest of some files by their entries, and of what reads them."""
    return digest("\n".join([_reader(), *entries]).encode())


@cache
def _reader() -> str:
    """Changes with the code and the lists by which headers are read."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("_dicom_*.py"))]
    lists = [*read_files("vocab/crosswalks").values(), *read_files("vocab/authority").values()]
    return digest(b"\n".join([*code, *lists]))


def _written(value: Any) -> Any:
    """A tally as JSON."""
    if isinstance(value, Tally | Person):
        return {one.name: _written(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Counter):
        return dict(value)
    if isinstance(value, dict):
        return {key.hex(): _written(one) for key, one in value.items()}
    if isinstance(value, set):
        return sorted(one.hex() if isinstance(one, bytes) else one for one in value)
    return value


def _read(said: dict[str, Any]) -> Tally:
    counted = Tally()
    for one in fields(Tally):
        value, empty = said[one.name], getattr(counted, one.name)
        if one.name == "persons":
            value = {bytes.fromhex(name): _person(person) for name, person in value.items()}
        elif one.name == "studies":
            value = {bytes.fromhex(name): annotated for name, annotated in value.items()}
        elif one.name in ("series", "instances"):
            value = {bytes.fromhex(name) for name in value}
        elif isinstance(empty, set | Counter):
            value = type(empty)(value)
        setattr(counted, one.name, value)
    return counted


def _person(said: dict[str, Any]) -> Person:
    return Person(**{**said, "modalities": set(said["modalities"]), "years": set(said["years"])})
