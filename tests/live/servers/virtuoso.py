"""Virtuoso Open Source 7 with its SPARQL endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.servers.running import free_port, listening, program, run, started

SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
MaxSortedTopRows = 1000000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 4
{sparql}
"""


class Virtuoso:
    """A running server."""

    def __init__(self, folder: Path, http: int, sql: int) -> None:
        self.query = f"http://127.0.0.1:{http}/sparql"
        self._folder, self._sql = folder, sql

    def sql(self, text: str) -> str:
        """Run a statement as administrator."""
        isql = program("isql-vt")
        said = run([isql, f"127.0.0.1:{self._sql}", "dba", "dba", "ERRORS=STDOUT", "VERBOSE=OFF", f"exec={text}"])
        if "*** Error" in said:
            raise RuntimeError(said)
        return said

    def load(self, turtle: str | bytes, graph: str) -> None:
        """Add triples to a named graph."""
        file = self._folder / "load.ttl"
        file.write_bytes(turtle.encode() if isinstance(turtle, str) else turtle)
        self.sql(f"DB.DBA.TTLP (file_to_string_output ('{file}'), '', '{graph}', 0);")


@contextmanager
def virtuoso(folder: Path, *, most_rows: int = 0) -> Iterator[Virtuoso]:
    """An empty server below ``folder``; ``most_rows``: it cuts answers there."""
    command = program("virtuoso-t")
    http, sql = free_port(), free_port()
    sparql = f"[SPARQL]\nResultSetMaxRows = {most_rows}\n" if most_rows else ""
    settings = folder / "virtuoso.ini"
    settings.write_text(SETTINGS.format(folder=folder, http=http, sql=sql, sparql=sparql), "utf-8")
    arguments = [command, "+foreground", "+configfile", str(settings)]
    with started(arguments, folder / "virtuoso.out", lambda: listening(http) and listening(sql)):
        yield Virtuoso(folder, http, sql)
