"""Asks an OMOP database by SQL that SQLite and PostgreSQL both understand; reads only, and no error quotes a value."""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from catalogue.errors import SourceUnavailable
from catalogue.model import Source
from harvesters._omop_days import year_of

POSTGRES = ("postgresql", "postgres")
SECONDS = 600
"""Longest time of one question to PostgreSQL."""
_YEAR = re.compile(r"#year\((\w+)\)")
_REMEDY = "check endpoint, login and the option `schema`, and that the account may read the tables of the CDM"


class Database(ABC):
    """What is asked of either."""

    year: str
    """SQL for the year of the date in the column ``{}``; NULL where there is none."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def rows(self, name: str, **identifiers: str) -> list[Mapping[str, Any]]:
        """What the question ``queries/omop-<name>.sql`` gives, by lower-case names of columns.

        ``identifiers`` are names of tables and columns of the CDM, never anything that was read. Raises
        :class:`~catalogue.errors.SourceUnavailable`.
        """
        text = _YEAR.sub(lambda found: self.year.replace("{}", found[1]), _text(name))
        for place, identifier in identifiers.items():
            text = text.replace(f"#{place}", f'"{identifier}"')
        columns, rows = self._ask(text)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table of the CDM, in lower case; none when there is no such table."""
        return tuple(self._ask(f'SELECT * FROM "{table}" WHERE 1 = 0')[0]) if self._has(table) else ()

    def _fault(self, kind: str) -> SourceUnavailable:
        return _unreadable(self.source, kind)

    @abstractmethod
    def _has(self, table: str) -> bool: ...

    @abstractmethod
    def _ask(self, sql: str, *values: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]: ...


@cache
def _text(name: str) -> str:
    return (files("harvesters") / "queries" / f"omop-{name}.sql").read_text("utf-8")


def _unreadable(source: Source, kind: str) -> SourceUnavailable:
    return SourceUnavailable(f"the database cannot be read ({kind})", where=source.endpoint, remedy=_REMEDY)


@contextmanager
def opened(source: Source) -> Iterator[Database]:
    """The database of a node: the path of a SQLite file, ``sqlite:///path``, or ``postgresql://host:port/name``.

    Raises :class:`~catalogue.errors.SourceUnavailable` when it cannot be opened.
    """
    if source.endpoint.partition("://")[0].lower() in POSTGRES:
        with _postgres(source) as database:
            yield database
    else:
        with _sqlite(source) as database:
            yield database


# --- SQLite ----------------------------------------------------------------------------------------------------------


@contextmanager
def _sqlite(source: Source) -> Iterator[Database]:
    path = Path(source.endpoint.removeprefix("sqlite://").removeprefix("file://")).expanduser()
    if not path.is_file():
        raise SourceUnavailable("there is no such file", where=source.endpoint, remedy="correct cat:endpoint")
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise _unreadable(source, type(error).__name__) from None
    with closing(connection):
        connection.create_function("year_of", 1, year_of, deterministic=True)
        database = _Sqlite(source, connection)
        database.keep_still()
        yield database


class _Sqlite(Database):
    year = "year_of({})"

    def __init__(self, source: Source, connection: sqlite3.Connection) -> None:
        super().__init__(source)
        self._connection = connection

    def keep_still(self) -> None:
        """See one state of the database until the end."""
        self._ask("BEGIN")

    def _has(self, table: str) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = ?"
        return bool(self._ask(sql, table)[1])

    def _ask(self, sql: str, *values: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        try:
            with closing(self._connection.execute(sql, values)) as cursor:
                return [column[0].lower() for column in cursor.description or ()], cursor.fetchall()
        except sqlite3.Error as error:
            raise self._fault(type(error).__name__) from None


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@contextmanager
def _postgres(source: Source) -> Iterator[Database]:
    try:
        import psycopg
    except ImportError as error:
        remedy = "pip install 'ehds-catalogue[omop]'"
        raise SourceUnavailable("PostgreSQL needs psycopg", where=source.name, remedy=remedy) from error
    _without_secrets(source)
    try:
        connection = psycopg.connect(_address(source))
    except psycopg.Error as error:
        raise _unreadable(source, type(error).__name__) from None
    with closing(connection):
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database = _Postgres(source, connection)
        database.find_in(source.options.get("schema", ""))
        yield database


def _without_secrets(source: Source) -> None:
    """Refuse an endpoint that holds a password, without quoting it, for endpoints are shown."""
    try:
        parts = urlsplit(source.endpoint)
        held = parts.password is not None or any("pass" in name.lower() for name in parse_qs(parts.query))
    except ValueError:
        held = "@" in source.endpoint
    if held:
        remedy = "write it into the file of secrets, and take it out of cat:endpoint"
        raise SourceUnavailable("the endpoint holds a password", where=source.name, remedy=remedy)


def _address(source: Source) -> str:
    """The connection string of libpq.

    Raises :class:`~catalogue.errors.SourceUnavailable` for an endpoint that is no address of a database.
    """
    from psycopg import ProgrammingError, conninfo

    login = source.login
    user, password = (login.user, login.password) if login is not None else (None, None)
    settings = f"-c statement_timeout={SECONDS}s -c datestyle=ISO"
    try:
        return conninfo.make_conninfo(
            source.endpoint, user=user, password=password, connect_timeout=20, options=settings
        )
    except ProgrammingError:
        remedy = "write postgresql://host:port/name; sslmode and the like may follow after a ?"
        raise SourceUnavailable("no address of a database", where=source.endpoint, remedy=remedy) from None


class _Postgres(Database):
    year = "CASE WHEN isfinite({}) THEN CAST(EXTRACT(YEAR FROM {}) AS INTEGER) END"

    def __init__(self, source: Source, connection: Any) -> None:
        super().__init__(source)
        self._connection = connection

    def find_in(self, schemas: str) -> None:
        """Look for tables in these schemas, separated by commas, in this order."""
        if schemas:
            self._ask("SELECT set_config('search_path', %s, false)", schemas)

    def _has(self, table: str) -> bool:
        [[found]] = self._ask("SELECT to_regclass(%s) IS NOT NULL", table)[1]
        return bool(found)

    def _ask(self, sql: str, *values: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        import psycopg

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return [column.name.lower() for column in cursor.description], cursor.fetchall()
        except psycopg.Error as error:
            raise self._fault(f"{type(error).__name__}, {error.sqlstate or 'no state'}") from None
