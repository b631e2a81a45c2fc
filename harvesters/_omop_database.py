"""Asks an OMOP database by SQL that SQLite and PostgreSQL both understand; reads only, and no error quotes a value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from catalogue.errors import SourceUnavailable
from catalogue.model import Source

POSTGRES = ("postgresql", "postgres")
SECONDS = 600
"""Longest time of one question to PostgreSQL."""


class Database(Protocol):
    """What is asked of either."""

    def has(self, table: str) -> bool:
        """Whether there is a table of that name."""
        ...

    def rows(self, question: str) -> list[Mapping[str, Any]]:
        """The rows that a question gives, by lower-case names of columns.

        Raises :class:`~catalogue.errors.SourceUnavailable`.
        """
        ...


def question(name: str) -> str:
    """The text of ``queries/omop-<name>.sql``."""
    return (files("harvesters") / "queries" / f"omop-{name}.sql").read_text("utf-8")


@contextmanager
def opened(source: Source) -> Iterator[Database]:
    """The database of a node: the path of a SQLite file, ``sqlite:///path``, or ``postgresql://host:port/name``.

    Raises :class:`~catalogue.errors.SourceUnavailable` when it cannot be opened.
    """
    if urlsplit(source.endpoint).scheme in POSTGRES:
        with _postgres(source) as database:
            yield database
    else:
        with _sqlite(source) as database:
            yield database


@contextmanager
def _sqlite(source: Source) -> Iterator[Database]:
    path = Path(source.endpoint.removeprefix("sqlite://").removeprefix("file://")).expanduser()
    if not path.is_file():
        raise SourceUnavailable("there is no such file", where=source.endpoint, remedy="correct cat:endpoint")
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise _fault(source, type(error).__name__) from None
    with closing(connection):
        yield _Sqlite(source, connection)


class _Sqlite:
    def __init__(self, source: Source, connection: sqlite3.Connection) -> None:
        self._source, self._connection = source, connection

    def has(self, table: str) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = ?"
        return bool(self._ask(sql, table))

    def rows(self, question: str) -> list[Mapping[str, Any]]:
        return self._ask(question)

    def _ask(self, sql: str, *values: str) -> list[Mapping[str, Any]]:
        try:
            with closing(self._connection.execute(sql, values)) as cursor:
                return _named([column[0] for column in cursor.description], cursor.fetchall())
        except sqlite3.Error as error:
            raise _fault(self._source, type(error).__name__) from None


@contextmanager
def _postgres(source: Source) -> Iterator[Database]:
    try:
        import psycopg
        from psycopg import conninfo
    except ImportError as error:
        remedy = "pip install 'ehds-catalogue[omop]'"
        raise SourceUnavailable("PostgreSQL needs psycopg", where=source.endpoint, remedy=remedy) from error
    if urlsplit(source.endpoint).password:
        remedy = "write it into the file of secrets, and take it out of cat:endpoint"
        raise SourceUnavailable("the endpoint holds a password", where=source.name, remedy=remedy)
    login = source.login
    user, password = (login.user, login.password) if login is not None else (None, None)
    settings = f"-c statement_timeout={SECONDS}s -c datestyle=ISO"
    address = conninfo.make_conninfo(
        source.endpoint, user=user, password=password, connect_timeout=20, options=settings
    )
    try:
        connection = psycopg.connect(address)
    except psycopg.Error as error:
        raise _fault(source, type(error).__name__) from None
    with closing(connection):
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database = _Postgres(source, connection)
        database.find_in(source.options.get("schema", ""))
        yield database


class _Postgres:
    def __init__(self, source: Source, connection: Any) -> None:
        self._source, self._connection = source, connection

    def find_in(self, schemas: str) -> None:
        """Look for tables in these schemas, separated by commas, in this order."""
        if schemas:
            self._ask("SELECT set_config('search_path', %s, false)", schemas)

    def has(self, table: str) -> bool:
        [row] = self._ask("SELECT to_regclass(%s) IS NOT NULL AS found", table)
        return bool(row["found"])

    def rows(self, question: str) -> list[Mapping[str, Any]]:
        return self._ask(question)

    def _ask(self, sql: str, *values: str) -> list[Mapping[str, Any]]:
        import psycopg

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return _named([column.name for column in cursor.description], cursor.fetchall())
        except psycopg.Error as error:
            raise _fault(self._source, f"{type(error).__name__}, {error.sqlstate or 'no state'}") from None


def _named(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Mapping[str, Any]]:
    return [dict(zip((column.lower() for column in columns), row, strict=True)) for row in rows]


def _fault(source: Source, kind: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"the database cannot be read ({kind})",
        where=source.endpoint,
        remedy="check endpoint, login and the option `schema`, and that the account may read the tables of the CDM",
    )
