"""Bytes kept for ever under their SHA-256 digest, in one SQLite file."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from catalogue.errors import StoreError
from catalogue.graphs import digest as digest_of

WAIT_SECONDS = 60.0
"""How long a write waits for another process that writes."""
_PLAIN, _DEFLATED = 0, 1
_TABLE = "CREATE TABLE IF NOT EXISTS kept (digest BLOB PRIMARY KEY, form INTEGER NOT NULL, content BLOB NOT NULL)"


class SqliteArchive:
    """Implements :class:`catalogue.ports.Archive`; may be used by several threads and processes.

    A put is one transaction in a write-ahead log: what :meth:`put` returned survives the death of the process. Only a
    power cut may lose the last moments, as it may in the store.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises :class:`StoreError` when it cannot be opened or is not an archive.
        """
        self._path = path
        self._lock = Lock()
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=8
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(_TABLE)

    def put(self, content: bytes) -> str:
        """See :meth:`catalogue.ports.Archive.put`."""
        digest = digest_of(content)
        with self._errors(), self._lock:
            if self._database.execute("SELECT 1 FROM kept WHERE digest = ?", (_key(digest),)).fetchone():
                return digest
        self._insert([_row(content)])
        return digest

    def put_all(self, contents: Iterable[bytes]) -> None:
        """See :meth:`catalogue.ports.Archive.put_all`."""
        self._insert([_row(content) for content in contents])

    def _insert(self, rows: Sequence[tuple[bytes, int, bytes]]) -> None:
        with self._errors(), self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", rows)
            except sqlite3.Error:
                self._database.rollback()
                raise
            self._database.commit()

    def get(self, digest: str) -> bytes | None:
        """See :meth:`catalogue.ports.Archive.get`.

        Raises :class:`StoreError` when the bytes are no longer what they were.
        """
        with self._errors(), self._lock:
            row = self._database.execute("SELECT form, content FROM kept WHERE digest = ?", (_key(digest),)).fetchone()
        if row is None:
            return None
        form, held = row
        try:
            content: bytes = zlib.decompress(held) if form == _DEFLATED else held
        except zlib.error:
            content = b""
        if digest_of(content) != digest:
            raise StoreError(
                "the archive gave back other bytes than it was given",
                where=f"{self._path} {digest}",
                remedy="check the disk and restore the file from a backup",
            )
        return content

    def close(self) -> None:
        """Fold the write-ahead log into the file and release it."""
        with self._errors(), self._lock:
            self._database.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the archive cannot be used: {error}",
                where=str(self._path),
                remedy="check disk space, permissions and that it is an SQLite file",
            ) from error


def _row(content: bytes) -> tuple[bytes, int, bytes]:
    deflated = zlib.compress(content, 1)
    form, held = (_DEFLATED, deflated) if len(deflated) < 0.9 * len(content) else (_PLAIN, content)
    return _key(digest_of(content)), form, held


def _key(digest: str) -> bytes:
    """The 32 bytes of ``sha256:<hex>``."""
    name, _, text = digest.partition(":")
    if name != "sha256" or len(text) != 64:
        raise ValueError(f"not a digest: {digest!r}")
    return bytes.fromhex(text)
