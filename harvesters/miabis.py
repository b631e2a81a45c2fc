"""Harvests collections of biobanks: MIABIS Core 3 and the BBMRI-ERIC Directory, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from catalogue.errors import BadInput
from catalogue.model import Description, Harvested, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._files import File, files_of
from harvesters._json import original_of, refused
from harvesters._mapping import describe
from harvesters._miabis_record import arranged, column, kept
from harvesters._once import Once
from harvesters._sheets import SUFFIXES, sheets_of
from harvesters._suppression import threshold

BANKS, COLLECTIONS, OTHERS = "biobanks", "collections", "others"
WORDS = {
    **dict.fromkeys(("biobank", "biobanks"), BANKS),
    **dict.fromkeys(("collection", "collections"), COLLECTIONS),
    **dict.fromkeys(
        (
            "network", "networks", "resource", "resources", "researchresource", "researchresources", "study", "studies",
            "service", "services", "facts", "collectionfacts", "persons", "person", "contacts", "contact", "patient",
            "patients", "participant", "participants", "subject", "subjects", "donor", "donors", "sample", "samples",
            "case", "cases", "event", "events", "qualityinfo",
        ),
        OTHERS,
    ),
}  # fmt: skip
"""What a table or JSON member holds by the last of these words in its name."""
OF_COLLECTIONS = {
    "sample_collection_setting", "collection_design", "collection_status", "total_number_of_subjects",
    "number_of_donors", "order_of_magnitude", "data_categories", "dataset_type", "inclusion_criteria",
}  # fmt: skip
"""Fields by which a table whose name tells nothing is known to be of collections; id and name have others, too."""
Rows = list[tuple[str, Mapping[str, Any]]]


class MiabisHarvester:
    """Collections with their biobanks: CSV, TSV, XLSX or JSON files, a folder or zip archive of them, or a URL.

    A table or member named after biobanks holds biobanks, one named after collections, or one of no such name that has
    fields only collections have, collections; networks, research resources and others are passed over. Options:
    ``suppress`` (lowest number of persons or samples that is stated), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield a dataset for each collection; one that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read or has no such file.
        """
        least, once = threshold(source.options), Once()
        banks: dict[str, Mapping[str, Any]] = {}
        collections: Rows = []
        rejected = list(_read(source, web, banks, collections))
        yield from rejected
        if not collections and not rejected:
            yield Rejected(source.endpoint, "no table here has a collection", "give a table named collections")
        for where, row in collections:
            yield from once.of(_dataset(where, row, banks, source, web, least))


def _read(source: Source, web: Web, banks: dict[str, Mapping[str, Any]], collections: Rows) -> Iterator[Rejected]:
    """Gather biobanks by id, and collections; what cannot be read is given. No file is kept: it may be of persons."""
    wanted = (*SUFFIXES, ".json")
    for file in files_of(source, web, lambda path: path.suffix.lower() in wanted, "CSV, XLSX or JSON file"):
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            tables, wrong = _tables(file, source)
        except BadInput as error:
            yield Rejected(error.where or file.location, error.what, error.remedy)
            continue
        yield from wrong
        kinds = [_kind(name, rows) for name, rows in tables]
        for kind, (_, rows) in zip(kinds, tables, strict=True):
            if kind == BANKS:
                banks |= {str(row["id"]): row for _, row in rows if row.get("id") not in (None, "")}
            elif kind == COLLECTIONS:
                collections += rows
        if not wrong and not any(kinds):
            problem, remedy = "no collections and no biobanks here", "name a table collections, with id and name"
            yield Rejected(file.location, problem, remedy)


def _kind(name: str, rows: Rows) -> str:
    """What a table holds; empty when nobody knows."""
    words = [WORDS[word] for word in name.split("_") if word in WORDS]
    if words:
        return words[-1]
    fields = {field for _, row in rows for field in row}
    return COLLECTIONS if {"id", "name"} <= fields and fields & OF_COLLECTIONS else ""


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
    if isinstance(held, dict) and isinstance(held.get("data"), dict):
        held = held["data"]
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


def _dataset(
    where: str, row: Mapping[str, Any], banks: Mapping[str, Mapping[str, Any]], source: Source, web: Web, least: int
) -> Harvested:
    record, notes = kept(row, banks, least)
    original = original_of(record, where, source)
    if web.known(original.container):
        return Untouched(original.container)
    problem = refused(record, "miabis", original)
    if problem is not None:
        return problem
    iri = source.namespace + fit_for_path(str(record["id"]))
    graph, told = describe("miabis", arranged(record), iri, source)
    return Description(iri, graph, original, (*told, *notes))
