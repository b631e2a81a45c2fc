"""Harvests the template for small holders: a table with a row for each dataset, and one for their variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadInput
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._files import files_of
from harvesters._json import original_of
from harvesters._mapping import describe
from harvesters._once import Once
from harvesters._sheets import SUFFIXES, Row, Sheet, sheets_of

VARIABLES = "variables"
EXPLANATIONS = ("explanations", "lists")
"""Sheets of the template that describe nothing."""
DATASET = "dataset"
NEEDED = ("identifier", "title")
"""Columns without which a row describes nothing that could be told from others."""
REMEDY = "fill it in; a formula counts only if the program that wrote the file computed it"
"""The column of the table of variables that names the dataset."""


class TableHarvester:
    """Tables as ``catalogue template`` writes them, as CSV, TSV or XLSX: a file, a folder, a zip archive or a URL.

    Options: ``language`` (of texts whose header names none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every row; a row that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read or has no table.
        """
        sheets: list[Sheet] = []
        for file in files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "CSV, TSV or XLSX file"):
            if isinstance(file, Rejected):
                yield file
                continue
            try:
                found = sheets_of(file, source.options.get("language", "en"))
            except BadInput as error:
                original = Original(file.content, file.media_type or "application/octet-stream", file.location)
                yield Rejected(error.where or file.location, error.what, error.remedy, original)
                continue
            sheets += [sheet for sheet in found if sheet.columns and sheet.name not in EXPLANATIONS]
        variables = [sheet for sheet in sheets if sheet.name == VARIABLES]
        columns = _columns(variables)
        once = Once()
        for sheet in sheets:
            for one in _datasets(sheet, columns, source, web) if sheet not in variables else ():
                yield from once.of(one)
        yield from _strays(variables, columns)


def _columns(sheets: list[Sheet]) -> dict[str, list[Any]]:
    """The variables of each dataset by its identifier; taken out by the datasets that have them."""
    found: dict[str, list[Any]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            rest = {name: said for name, said in row.values.items() if name != DATASET}
            found.setdefault(str(row.values.get(DATASET, "")), []).append(rest)
    return found


def _datasets(sheet: Sheet, columns: dict[str, list[Any]], source: Source, web: Web) -> Iterator[Harvested]:
    if "identifier" not in sheet.columns:
        remedy = "fill in what `catalogue template` writes: row 1 names the columns, and one is identifier"
        yield Rejected(sheet.where, "the table has no column identifier", remedy)
        return
    for row in sheet.whole():
        yield row if isinstance(row, Rejected) else _dataset(sheet, row, columns, source, web)


def _dataset(sheet: Sheet, row: Row, columns: dict[str, list[Any]], source: Source, web: Web) -> Harvested:
    identifier = str(row.values.get("identifier", ""))
    record = _nested(row.values)
    if identifier in columns:
        record[VARIABLES] = {"title": record.get("title", ""), "column": columns.pop(identifier)}
    where = sheet.place(row)
    original = original_of(record, where, source)
    for column in NEEDED:
        if not record.get(column):
            return Rejected(where, f"the cell in the column {column} of this row is empty", REMEDY, original)
    if web.known(original.container):
        return Untouched(original.container)
    iri = source.namespace + fit_for_path(identifier)
    graph, notes = describe("table", record, iri, source)
    return Description(iri, graph, original, tuple(notes))


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose columns ``publisher.name`` and ``publisher.type`` are parts of one field."""
    record: dict[str, Any] = {}
    for column, said in values.items():
        *parts, last = column.split(".")
        place = record
        for part in parts:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                place, last = record, column
                break
            place = inner
        place[last] = said
    return record


def _strays(sheets: list[Sheet], columns: dict[str, list[Any]]) -> Iterator[Rejected]:
    """Variables of datasets that no row describes."""
    for sheet in sheets:
        for row in sheet.rows:
            dataset = str(row.values.get(DATASET, ""))
            if dataset in columns:
                problem = f"no dataset has the identifier {dataset!r}" if dataset else "the variable names no dataset"
                yield Rejected(sheet.place(row), problem, "write the identifier of a dataset")
