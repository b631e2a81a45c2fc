"""Reads tables that people fill in: CSV as spreadsheets write it in any country, and XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.errors import BadInput
from catalogue.model import Rejected
from harvesters._files import File

SUFFIXES = (".csv", ".tsv", ".xlsx")
DELIMITERS = ",;\t|"
_LANGUAGE = re.compile(r"(.+?)\s*(?:@\s*|\(\s*)([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)?")
_BROKEN = (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError)
"""What openpyxl raises for workbooks that are none, or damaged; ``ParseError`` of XML is a ``SyntaxError``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty."""

    number: int
    """As the spreadsheet counts it: the header is 1."""
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


def sheets_of(file: File, language: str) -> list[Sheet]:
    """The tables of a file. Texts without a language in their header are in ``language``.

    Raises :class:`~catalogue.errors.BadInput` for a file that cannot be read as a table.
    """
    path = PurePosixPath(file.name)
    if path.suffix.lower() == ".xlsx" or file.content[:4] == b"PK\x03\x04":
        return [
            _sheet(name, f"{file.location}, sheet {name}", rows, language) for name, rows in _workbook(file).items()
        ]
    return [_sheet(path.stem, file.location, _lines(file), language)]


def _workbook(file: File) -> Mapping[str, list[list[str]]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=True)
        return {sheet.title: _cells(sheet.values) for sheet in book.worksheets}
    except _BROKEN as error:
        remedy = "open it in a spreadsheet program and save it as .xlsx anew, or as .csv"
        raise BadInput("the workbook cannot be read", where=file.location, remedy=remedy) from error


def _cells(rows: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    """The cells of a sheet; one that is empty at the end of a row may not be stored.

    Of rows that hold a format and nothing else, of which spreadsheet programs store up to a million, little is kept.
    """
    lines = [[] if row.count(None) == len(row) else [_said(cell) for cell in row] for row in rows]
    width = max((len(line) for line in lines), default=0)
    return [line + [""] * (width - len(line)) if line else line for line in lines]


def _lines(file: File) -> list[list[str]]:
    text = _decoded(file)
    head = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        remedy = "save the table as CSV in UTF-8"
        raise BadInput(f"not a table: {error}", where=file.location, remedy=remedy) from error


def _decoded(file: File) -> str:
    """Text as spreadsheet programs save it: UTF-8, UTF-16 with its mark, or the Western European code page."""
    coding = "utf-16" if file.content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return file.content.decode(coding)
    except UnicodeDecodeError:
        pass
    try:
        return file.content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadInput("the file is not text", where=file.location, remedy="save the table as CSV in UTF-8") from error


def _said(cell: Any) -> str:
    """A cell as text; a day without a time is a date, a whole number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time(0):
        cell = cell.date()
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _sheet(name: str, where: str, lines: Sequence[Sequence[str]], language: str) -> Sheet:
    header = [_column(cell) for cell in lines[0]] if lines else []
    rows = tuple(
        Row(number, _values(header, cells, language), len(cells) < len(header))
        for number, cells in enumerate(lines[1:], start=2)
        if any(cells)
    )
    return Sheet(name.strip().lower(), where, tuple(column for column, _ in header), rows)


def _column(cell: str) -> tuple[str, str]:
    """The column and the language that a header names: ``Title (de)`` is ``title`` and ``de``."""
    match = _LANGUAGE.fullmatch(cell.strip())
    name, language = (match[1], match[2]) if match is not None else (cell, "")
    return re.sub(r"[\s\-]+", "_", name.strip().lower()), language.lower()


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
