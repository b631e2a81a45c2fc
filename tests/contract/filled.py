"""Filled templates as spreadsheet programs leave them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from catalogue.model import Description, Harvested, NoteKind, Rejected
from tests.contract.harvesting import harvested, only
from tests.kinds.table import source

MAIN = "xl/worksheets/sheet1.xml"


def harvest(path: Path, content: str | bytes = b"", **options: str) -> list[Harvested]:
    if content:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return harvested(source(path, **options))


def described(path: Path, content: str | bytes = b"", **options: str) -> Description:
    return only(harvest(path, content, **options))


def refused(found: list[Harvested]) -> Rejected:
    [one] = found
    assert isinstance(one, Rejected), one
    return one


def reasons(one: Description, field: str) -> list[tuple[NoteKind, str, str]]:
    return [(note.kind, note.raw, note.reason) for note in one.notes if note.field == field]


def workbook(path: Path, *rows: list[Any], then: Callable[[Any], None] = lambda _: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    then(book)
    book.save(path)
    return path


def changed(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with its first sheet changed as XML."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == MAIN else old.read(name))
    return path
