"""Reads tables that people fill in, CSV and XLSX, as rows whose columns the header names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.model import Rejected
from harvesters._cells import Cells, cells_of
from harvesters._crosswalk import authority
from harvesters._files import File

SUFFIXES = (".csv", ".tsv", ".xlsx")
_LANGUAGE = re.compile(r"(.+?)\s*(?:@\s*|\(\s*)([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty."""

    number: int
    """As the spreadsheet counts it from 1."""
    values: Mapping[str, Any]
    """By column: a text, several where the header comes again, or texts by language for ``title@de``."""
    cut: bool
    """The row ends before the header does, which no spreadsheet program writes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    name: str
    """Of the sheet, or of the file without its suffix; lower case."""
    where: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    header: int = 1
    """The row that names the columns."""
    hidden: bool = False
    guessed: str = ""
    """The code page that the file was taken to be in because it is not in UTF-8."""

    def place(self, row: Row) -> str:
        """Where a row stands."""
        return f"{self.where}, row {row.number}"

    def whole(self) -> Iterator[Row | Rejected]:
        """The rows; one that ends before the header does is rejected."""
        for row in self.rows:
            if row.cut:
                remedy = "end every row as the header ends, or ask for the file anew: it may have been cut off"
                yield Rejected(self.place(row), "the row has fewer cells than the header", remedy)
            else:
                yield row


def sheets_of(file: File, language: str, encoding: str = "") -> list[Sheet]:
    """The tables of a file. Texts without a language in their header are in ``language``.

    Raises :class:`~catalogue.errors.BadInput` for a file that cannot be read as a table.
    """
    return [_sheet(cells, language) for cells in cells_of(file, encoding)]


def _sheet(cells: Cells, language: str) -> Sheet:
    first, head = cells.lines[0] if cells.lines else (1, [])
    header = [_column(cell) for cell in head]
    rows = tuple(Row(number, _values(header, line, language), number in cells.cut) for number, line in cells.lines[1:])
    columns = tuple(column for column, _ in header)
    return Sheet(cells.name.strip().lower(), cells.where, columns, rows, first, cells.hidden, cells.guessed)


def _column(cell: str) -> tuple[str, str]:
    """The column and the language that a header names: ``Title (de)`` is ``title`` and ``de``."""
    match = _LANGUAGE.fullmatch(cell.strip())
    name, language = (match[1], match[2]) if match is not None and _is_language(match[2]) else (cell, "")
    return re.sub(r"[\s\-]+", "_", name.strip().lower()), language.lower()


def _is_language(tag: str) -> bool:
    """Whether a tag names a language; three letters may as well be a unit, as in ``age (yrs)``."""
    primary = tag.partition("-")[0]
    return len(primary) == 2 or authority("language").find(primary) is not None


def _values(header: Sequence[tuple[str, str]], cells: Sequence[str], language: str) -> dict[str, Any]:
    found: dict[str, list[tuple[str, str]]] = {}
    for (column, tongue), said in zip(_with_nameless(header, len(cells)), cells, strict=False):
        if said:
            found.setdefault(column, []).append((tongue, said))
    return {column: _joined(values, language) for column, values in found.items()}


def _joined(values: Iterable[tuple[str, str]], language: str) -> Any:
    values = list(values)
    if any(tongue for tongue, _ in values):
        return {tongue or language: said for tongue, said in values}
    return values[0][1] if len(values) == 1 else [said for _, said in values]


def _with_nameless(header: Sequence[tuple[str, str]], width: int) -> Iterator[tuple[str, str]]:
    """The columns of a row that may be longer than the header; one without a name is told by its number."""
    for number in range(max(width, len(header))):
        column, language = header[number] if number < len(header) else ("", "")
        yield column or f"column_{number + 1}", language
