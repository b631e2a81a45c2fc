"""Opens a CSV, TSV or Parquet file of any size as one table of texts, whose columns are known by number.

Names of columns never become part of a query: the table is called ``t`` and its columns ``c0``, ``c1`` and so on.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from catalogue.errors import BadInput, ConfigurationError
from catalogue.words import clean

SUFFIXES = (".csv", ".tsv", ".tab", ".parquet")
PARQUET = b"PAR1"
MEMORY = "1GB"
"""What the engine holds at most; beyond it, it uses a folder in TMPDIR that is removed at the end."""
LONGEST_HEADER = 1_000_000
_DELIMITERS = ",;\t|"
_GLOB = re.compile(r"[*?\[\]{}]")
_VALUE = re.compile(r"[-+]?[0-9.,:/ T-]+")


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be asked. ``columns`` are the names in its header, in order."""

    connection: Any
    columns: tuple[str, ...]
    name: str
    fault: type[Exception]
    """What the engine raises for a query it cannot answer; the engine itself is only imported when it is needed."""

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query on ``t`` with ``values`` bound to its question marks."""
        found: list[tuple[Any, ...]] = self.connection.execute(query, list(values)).fetchall()
        return found

    def number(self, column: str, option: str) -> int:
        """The place of a column.

        Raises :class:`~catalogue.errors.BadInput` when there is none of that name.
        """
        if column not in self.columns:
            raise BadInput(
                f"the table has no column {column!r}",
                where=option,
                remedy="use one of: " + ", ".join(self.columns),
            )
        return self.columns.index(column)


@contextmanager
def opened(path: Path, known: frozenset[str]) -> Iterator[Opened]:
    """Open a table; ``known`` are names of variables that may look like values.

    Raises :class:`~catalogue.errors.BadInput` for a file that is not a table throughout, never quoting it, and
    :class:`~catalogue.errors.ConfigurationError` without DuckDB.
    """
    try:
        import duckdb
    except ImportError as error:
        raise ConfigurationError(
            "DuckDB is not installed", where="profiles of tables", remedy='pip install "ehds-catalogue[profile]"'
        ) from error
    if _GLOB.search(str(path)):
        raise BadInput(
            "the path holds a character that would stand for other files", where=path.name, remedy="rename the file"
        )
    parquet = _is_parquet(path)
    header, delimiter = ((), "") if parquet else _header(path)
    with tempfile.TemporaryDirectory(prefix="catalogue-profile-") as folder:
        connection = duckdb.connect(os.fspath(Path(folder, "table.db")), config=_config(folder))
        try:
            if parquet:
                header = _view_parquet(connection, path)
            else:
                _load_text(connection, path, len(header), delimiter)
            _check_names(header, path, known)
            yield Opened(connection, tuple(header), path.name, duckdb.Error)
        except duckdb.Error as error:
            _refuse(str(error), path)
        finally:
            connection.close()


def _config(folder: str) -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        "temp_directory": os.fspath(Path(folder, "spill")),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror}", where=path.name, remedy="check the path and its permissions"
        ) from error
    if not start:
        raise BadInput("the file is empty", where=path.name, remedy="give a table with a header and records")
    return start == PARQUET or path.suffix.lower() == ".parquet"


def _header(path: Path) -> tuple[list[str], str]:
    """The names in the first line, and what stands between them."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            first = file.readline(LONGEST_HEADER)
            delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else max(_DELIMITERS, key=first.count)
            file.seek(0)
            names = next(csv.reader(file, delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise BadInput("the first line is no header", where=path.name, remedy="write the names of columns") from None
    if any(name != clean(name) for name in names) or "\0" in first:
        raise BadInput("the text is not in UTF-8", where=path.name, remedy="save the file as UTF-8")
    return [name.strip() for name in names], delimiter


def _check_names(header: Sequence[str], path: Path, known: frozenset[str]) -> None:
    """Refuse a header without names, or one that looks like a record: it would be taken for names and told."""
    remedy = "give every column a name of its own in the first line"
    if not header or not all(header):
        raise BadInput("a column has no name", where=f"{path.name}, first line", remedy=remedy)
    if len(set(header)) < len(header):
        raise BadInput("two columns have the same name", where=f"{path.name}, first line", remedy=remedy)
    odd = [number for number, name in enumerate(header, 1) if name not in known and _VALUE.fullmatch(name)]
    if odd:
        raise BadInput(
            "the first line holds a number or date where a name should be; perhaps the table has no header",
            where=f"{path.name}, column {odd[0]}",
            remedy="write the names of columns into the first line, or name the variable in a data dictionary",
        )


def _load_text(connection: Any, path: Path, width: int, delimiter: str) -> None:
    relation = connection.read_csv(
        os.fspath(path.absolute()),
        header=True,
        sep=delimiter,
        quotechar='"',
        escapechar='"',
        auto_detect=False,
        strict_mode=True,
        columns={f"c{number}": "VARCHAR" for number in range(width)},
    )
    relation.create("t")


def _view_parquet(connection: Any, path: Path) -> list[str]:
    relation = connection.read_parquet(os.fspath(path.absolute()))
    names = list(relation.columns)
    relation.create_view("source")
    places = ", ".join(f"c{number}" for number in range(len(names)))
    connection.execute(f"CREATE VIEW numbered({places}) AS FROM source")
    connection.execute("CREATE VIEW t AS SELECT CAST(COLUMNS(*) AS VARCHAR) FROM numbered")
    return names


def _refuse(message: str, path: Path) -> NoReturn:
    """Say what is wrong with a file in our own words; the engine's message quotes the record."""
    found = re.search(r"CSV Error on Line: (\d+)", message)
    where = f"{path.name}, line {found[1]}" if found else path.name
    lower = message.lower()
    if "not utf-8" in lower or "invalid unicode" in lower:
        what, remedy = "the text is not in UTF-8", "save the file as UTF-8"
    elif "expected number of columns" in lower:
        numbers = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
        what = f"the record has {numbers[2]} values, not {numbers[1]}" if numbers else "the record has another width"
        remedy = "write as many values as the header has names; put values that hold the separator in quotes"
    elif "quote" in lower and found:
        what, remedy = "a quoted value does not end", "close the quotes; double those within a value"
    elif "parquet" in lower or "magic bytes" in lower or "thrift" in lower:
        what, remedy = "this is not a whole Parquet file", "write the file anew"
    elif "out of memory" in lower or "no space" in lower:
        what, remedy = "there is not enough memory or room for temporary files", "set TMPDIR to a larger disk"
    else:
        what, remedy = "the file cannot be read as a table", "check that it is a plain CSV, TSV or Parquet file"
    raise BadInput(what, where=where, remedy=remedy) from None
