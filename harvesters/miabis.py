"""Harvests collections of biobanks: MIABIS Core 3 and the BBMRI-ERIC Directory, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from catalogue.errors import BadInput
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._files import File, files_of
from harvesters._json import dumped, refused
from harvesters._mapping import describe
from harvesters._miabis_record import arranged, column
from harvesters._once import Once
from harvesters._sheets import SUFFIXES, sheets_of
from harvesters._suppression import threshold

BANKS = ("biobank", "biobanks", "data_describing_biobank")
COLLECTIONS = ("collection", "collections", "data_describing_collection")
"""Names of tables, files and JSON members, in the spelling of :func:`~harvesters._miabis_record.column`."""
Rows = list[tuple[str, Mapping[str, Any]]]


class MiabisHarvester:
    """Collections with their biobanks: CSV, TSV, XLSX or JSON files, a folder or zip archive of them, or a URL.

    A table or member named after biobanks holds biobanks, one named after collections, or a file alone, collections;
    networks, resources and others are passed over. Options: ``suppress`` (lowest number of persons that is stated),
    ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield a dataset for each collection; one that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read or has no such file.
        """
        least, once = threshold(source.options), Once()
        banks: dict[str, Mapping[str, Any]] = {}
        collections: Rows = []
        wanted = (*SUFFIXES, ".json")
        for file in files_of(source, web, lambda path: path.suffix.lower() in wanted, "CSV, XLSX or JSON file"):
            if isinstance(file, Rejected):
                yield file
                continue
            try:
                tables, wrong = _tables(file, source)
            except BadInput as error:
                yield Rejected(error.where or file.location, error.what, error.remedy, _original(file))
                continue
            yield from wrong
            banks |= {str(row.get("id")): row for name, rows in tables if name in BANKS for _, row in rows}
            collections += (found := _collections(tables))
            if not found and not wrong and not any(name in BANKS for name, _ in tables):
                problem, remedy = "no collections and no biobanks here", "give a table of collections with id and name"
                yield Rejected(file.location, problem, remedy, _original(file))
        for where, row in collections:
            yield from once.of(_dataset(where, row, banks, source, web, least))


def _collections(tables: list[tuple[str, Rows]]) -> Rows:
    """The rows of tables named so; those of a table that stands alone, whatever its name."""
    alone = len(tables) == 1 and tables[0][0] not in BANKS
    named = [row for name, rows in tables if name in COLLECTIONS for row in rows]
    return named or [(where, row) for where, row in tables[0][1] if {"id", "name"} <= row.keys()] if alone else named


def _tables(file: File, source: Source) -> tuple[list[tuple[str, Rows]], list[Rejected]]:
    """The tables of a file by name, and rows that were cut off."""
    if PurePosixPath(file.name).suffix.lower() == ".json" or file.content.lstrip()[:1] in (b"{", b"["):
        return _json_tables(file), []
    tables: list[tuple[str, Rows]] = []
    wrong = []
    for sheet in sheets_of(file, source.options.get("language", "en")):
        rows = list(sheet.whole())
        wrong += [row for row in rows if isinstance(row, Rejected)]
        whole = [(sheet.place(row), row.values) for row in rows if not isinstance(row, Rejected)]
        tables.append((column(sheet.name), whole))
    return tables, wrong


def _json_tables(file: File) -> list[tuple[str, Rows]]:
    try:
        held = json.loads(file.content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadInput("the file is not whole JSON", where=file.location, remedy="write it anew") from error
    members = held if isinstance(held, dict) and "id" not in held else {PurePosixPath(file.name).stem: held}
    tables: list[tuple[str, Rows]] = []
    for name, value in members.items():
        rows = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
        named: Rows = [
            (f"{file.location}, {name} {number}", {column(str(key)): one for key, one in row.items()})
            for number, row in enumerate(rows, start=1)
        ]
        tables.append((column(name), named))
    return tables


def _original(file: File) -> Original:
    return Original(file.content, file.media_type or "application/octet-stream", file.location)


def _dataset(
    where: str, row: Mapping[str, Any], banks: Mapping[str, Mapping[str, Any]], source: Source, web: Web, least: int
) -> Harvested:
    record, notes = arranged(row, banks, least)
    content = dumped(record)
    container = digest(f"{source.digest}\n".encode() + content)
    if web.known(container):
        return Untouched(container)
    original = Original(content, "application/json", where, container)
    problem = refused(record, "miabis", original)
    if problem is not None:
        return problem
    iri = source.namespace + fit_for_path(str(record["id"]))
    graph, told = describe("miabis", record, iri, source)
    return Description(iri, graph, original, (*told, *notes))
