"""Reads the cells of tables as texts: CSV as spreadsheet programs of any country write it, and XLSX workbooks."""

from __future__ import annotations

import codecs
import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.errors import BadInput
from harvesters._files import File

DELIMITERS = ",;\t|"
MOST_COLUMNS = 2000
"""A sheet that holds something further to the right is no table."""
WESTERN = "cp1252"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATOR = re.compile(r"sep=([,;|\t:])\r?\n?", re.IGNORECASE)
"""What Excel takes in the first line of a CSV file for the delimiter of the others."""
_BLOCK = 16
"""Rows that Excel writes into a CSV file at once, without delimiters for last columns that are empty in all of them."""
_EDGES = re.compile(r"\A[\s\u00ad\u200b-\u200f\u2060\ufeff]+|[\s\u00ad\u200b-\u200f\u2060\ufeff]+\Z")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]+(\d{1,7})"')
"""First column, first and last row of an area of merged cells, of which openpyxl tells nothing where it reads only."""
_BROKEN = (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError)
"""What openpyxl raises for workbooks that are none, or damaged; ``ParseError`` of XML is a ``SyntaxError``."""

Lines = Sequence[tuple[int, list[str]]]
"""Rows that are not empty with their numbers, which spreadsheet programs count from 1; the first is the header."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one table."""

    name: str
    """Of the sheet, or of the file without its suffix."""
    where: str
    lines: Lines
    cut: frozenset[int] = frozenset()
    """Rows that end before the header does, which no spreadsheet program writes."""
    hidden: bool = False
    guessed: str = ""
    """The code page that a file was taken to be in because it is not in UTF-8."""


def cells_of(file: File, encoding: str = "") -> list[Cells]:
    """The tables of a file; ``encoding`` is how its text is coded, if somebody said so.

    Raises :class:`~catalogue.errors.BadInput` for a file that cannot be read as a table.
    """
    path = PurePosixPath(file.name)
    if file.content.startswith(_OLE):
        remedy = "open it in a spreadsheet program, take its password away and save it as .xlsx, or as .csv"
        raise BadInput("the workbook is locked by a password, or an old .xls", where=file.location, remedy=remedy)
    if path.suffix.lower() == ".xlsx" or file.content.startswith(_ZIP):
        return _workbook(file)
    text, guessed = _decoded(file, encoding)
    lines = _lines(text, file.location)
    return [Cells(path.stem, file.location, lines, _cut(lines, text.endswith(("\n", "\r"))), guessed=guessed)]


def trimmed(text: str) -> str:
    """The text without spaces and invisible characters around it."""
    return text.strip() if text.isascii() else _EDGES.sub("", text)


def _workbook(file: File) -> list[Cells]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=True)
        found = []
        for sheet in book.worksheets:
            # A sheet may claim a million columns that it does not have, and each row would get them.
            sheet.reset_dimensions()
            place = f"{file.location}, sheet {sheet.title}"
            lines = _filled(sheet.values, place)
            _fill_merged(lines, file.content, sheet._worksheet_path)  # type: ignore[attr-defined]
            found.append(Cells(sheet.title, place, lines, hidden=sheet.sheet_state != "visible"))
        return found
    except _BROKEN as error:
        remedy = "open it in a spreadsheet program and save it as .xlsx anew, or as .csv"
        raise BadInput("the workbook cannot be read", where=file.location, remedy=remedy) from error


def _fill_merged(lines: Lines, content: bytes, part: str) -> None:
    """Write what stands in cells that are merged over several rows into each of these rows that holds anything."""
    with ZipFile(io.BytesIO(content)) as archive:
        found = _MERGED.findall(archive.read(part))
    areas = sorted((column_index_from_string(column.decode()) - 1, int(top), int(end)) for column, top, end in found)
    numbers, reached = [number for number, _ in lines], (-1, 0)
    for column, top, end in areas:
        if (column, top) <= reached:
            continue
        reached = (column, end)
        inside = lines[bisect_left(numbers, top) : bisect_right(numbers, end)]
        if inside and inside[0][0] == top and column < len(inside[0][1]):
            for _, line in inside[1:]:
                line += [""] * (column + 1 - len(line))
                line[column] = inside[0][1][column]


def _filled(rows: Iterable[Sequence[Any]], where: str) -> Lines:
    """The rows that hold more than a format; empty cells at the end may not be stored."""
    lines = []
    for number, row in enumerate(rows, start=1):
        if row.count(None) < len(row):
            line = [_said(cell) for cell in row]
            if len(line) > MOST_COLUMNS:
                remedy = "clear the cells to the right of the table; its columns may as well be rows"
                raise BadInput(f"something stands to the right of column {MOST_COLUMNS}", where=where, remedy=remedy)
            if any(line):
                lines.append((number, line))
    return lines


def _lines(text: str, where: str) -> Lines:
    declared = _SEPARATOR.match(text)
    start = declared.end() if declared is not None else 0
    head = next((line for line in io.StringIO(text[start:], newline=None) if line.strip(f"{DELIMITERS}\r\n ")), "")
    delimiter = declared[1] if declared is not None else max(DELIMITERS, key=head.count)
    try:
        reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter, strict=True)
        rows = [[trimmed(cell) for cell in row] for row in reader]
    except csv.Error as error:
        remedy = "save the table as CSV in UTF-8"
        raise BadInput(f"not a table: {error}", where=where, remedy=remedy) from error
    return [(number, row) for number, row in enumerate(rows, start=1) if any(row)]


def _cut(lines: Lines, ended: bool) -> frozenset[int]:
    """The rows that were cut off, not those that Excel wrote shorter; in a file that breaks off, all short ones."""
    width = len(lines[0][1]) if lines else 0
    widths: dict[int, set[int]] = {}
    for number, row in lines:
        widths.setdefault((number - 1) // _BLOCK, set()).add(len(row))
    even = {block for block, some in widths.items() if ended and len(some) == 1}
    return frozenset(number for number, row in lines if len(row) < width and (number - 1) // _BLOCK not in even)


def _decoded(file: File, encoding: str) -> tuple[str, str]:
    """Text as spreadsheet programs save it, and the code page where that was guessed.

    UTF-8, UTF-16 with its mark, or the Western European code page.
    """
    remedy = "save the table as CSV in UTF-8"
    named = _MARKS.get(file.content[:2]) or encoding
    for coding in (named,) if named else ("utf-8-sig", WESTERN):
        try:
            text = file.content.decode(coding)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            remedy = "write a name such as cp1250 or iso-8859-7"
            raise BadInput("there is no such encoding", where="node file, option encoding", remedy=remedy) from error
        if "\0" not in text:
            return text, WESTERN if coding == WESTERN and not named else ""
    raise BadInput("the file is not text", where=file.location, remedy=remedy)


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
    return trimmed(unescape(str(cell)))
