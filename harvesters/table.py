"""Harvests the template for small holders: a table with a row for each dataset, and one for their variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from catalogue.errors import BadInput
from catalogue.model import Description, Harvested, Note, NoteKind, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._files import files_of
from harvesters._json import original_of
from harvesters._leftovers import without
from harvesters._mapping import describe
from harvesters._once import Once
from harvesters._sheets import SUFFIXES, Row, Sheet, sheets_of
from harvesters._suppression import threshold
from harvesters._template_values import (
    ERROR,
    OWNER,
    PART,
    VARIABLES,
    columns,
    known,
    near,
    of_variables,
    publishable,
    read,
)

EXPLANATIONS = ("explanations", "lists")
"""Sheets of the template that describe nothing."""
NEEDED = ("identifier", "title")
"""Columns without which a row describes nothing that could be told from others."""
EMPTY = "fill it in; a formula counts only if the program that wrote the file computed it"
UNCOMPUTED = "the spreadsheet program could not compute or show this cell"
ADVICE = {
    "When": "not a day such as 2026-03-01, a month such as 2026-03 or a year",
    "Truth": "neither yes nor no",
    "Count": "not a whole number in digits only, such as 12450",
    "Link": "not a whole web address such as https://hospital.example/access",
    "Term": "not in the list of the template, which has codes and names in the languages of the EU",
    "Mail": "not an e-mail address such as data@hospital.example",
}
"""What to write instead, by the form of a column."""
GUESSED = (
    "the file is not in UTF-8 and was read as {}; if letters look wrong, save it as CSV UTF-8, or name its encoding"
)


@dataclass(slots=True)
class Variables:
    """The variables of one dataset, while no row was found that describes it."""

    where: str
    """The first of them."""
    columns: list[dict[str, Any]] = field(default_factory=list)


class TableHarvester:
    """Tables as ``catalogue template`` writes them, as CSV, TSV or XLSX: a file, a folder, a zip archive or a URL.

    Options: ``language`` (of texts whose header names none), ``encoding`` (of CSV files that are not in UTF-8),
    ``suppress`` (lowest number of persons or records that is stated).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every row; a row that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read or has no table.
        """
        least, once = threshold(source.options), Once()
        datasets: list[Sheet] = []
        variables: dict[str, Variables] = {}
        for one in _tables(source, web):
            if isinstance(one, Rejected):
                yield one
            elif _is_of_variables(one):
                yield from _gather(one, variables)
            else:
                datasets.append(one)
        identifiers: dict[str, None] = {}
        for sheet in datasets:
            for row in sheet.whole():
                if isinstance(row, Rejected):
                    yield row
                    continue
                identifiers[str(row.values.get("identifier", ""))] = None
                yield from once.of(_dataset(sheet, row, variables, source, web, least))
        yield from _strays(variables, list(identifiers))


def _tables(source: Source, web: Web) -> Iterator[Sheet | Rejected]:
    """The tables that are filled templates, and what else there is that could be meant as one. No file that cannot be
    read is kept: it may be of persons."""
    for file in files_of(source, web, _is_wanted, "CSV, TSV or XLSX file"):
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            found = sheets_of(file, source.options.get("language", "en"), source.options.get("encoding", ""))
        except BadInput as error:
            yield Rejected(error.where or file.location, error.what, error.remedy)
            continue
        for sheet in found:
            if sheet.columns and sheet.name not in EXPLANATIONS:
                yield from _checked(_named(sheet))


def _is_wanted(path: PurePosixPath) -> bool:
    """Whether a file may be a table; Excel puts a file of a name with ~$ beside each that is open."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith("~$")


def _is_of_variables(sheet: Sheet) -> bool:
    return sheet.name == VARIABLES or ("identifier" not in sheet.columns and {OWNER, "name"} <= set(sheet.columns))


def _named(sheet: Sheet) -> Sheet:
    """The sheet with columns named as in the template, however they were spelt."""
    names = of_variables() if _is_of_variables(sheet) else columns()

    def values(row: Row) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for column, said in row.values.items():
            name = known(column, names)
            result[name] = [result[name], said] if name in result else said
        return result

    rows = tuple(replace(row, values=values(row)) for row in sheet.rows)
    return replace(sheet, columns=tuple(known(column, names) for column in sheet.columns), rows=rows)


def _checked(sheet: Sheet) -> Iterator[Sheet | Rejected]:
    """The sheet, or why it is not read; a header is not quoted: it may be the first record of a table of persons."""
    names, needed = (of_variables(), (OWNER,)) if _is_of_variables(sheet) else (columns(), NEEDED)
    missing = [name for name in needed if name not in sheet.columns]
    strange = [name for name in sheet.columns if name and name not in names]
    where = f"{sheet.where}, row {sheet.header}"
    if sheet.hidden:
        if not missing:
            remedy = "show the sheet if it is to be read, or delete it"
            yield Rejected(sheet.where, "the sheet is hidden, so it is not read", remedy)
    elif missing:
        problem = f"no cell of this row, which should name the columns, is {missing[0]}"
        remedy = f"write {' and '.join(needed)} above their columns, as in what `catalogue template` writes"
        yield Rejected(where, problem, f"{remedy}, or delete what is above the names of the columns")
    elif len(strange) > len(set(sheet.columns) & names.keys()):
        problem = "most columns are not of the template, so this may be a table of something else"
        yield Rejected(where, problem, "move the rows into what `catalogue template` writes")
    else:
        yield sheet


def _gather(sheet: Sheet, variables: dict[str, Variables]) -> Iterator[Rejected]:
    """Put variables to those of their dataset."""
    for row in sheet.whole():
        if isinstance(row, Rejected):
            yield row
            continue
        dataset = row.values.get(OWNER)
        if not isinstance(dataset, str):
            problem = f"the cell in the column {OWNER} of this row is empty"
            yield Rejected(sheet.place(row), problem, "write the identifier of the dataset that has the variable")
            continue
        held = variables.setdefault(dataset, Variables(sheet.place(row)))
        held.columns.append({name: said for name, said in row.values.items() if name != OWNER})


def _dataset(
    sheet: Sheet, row: Row, variables: dict[str, Variables], source: Source, web: Web, least: int
) -> Harvested:
    where, identifier = sheet.place(row), row.values.get("identifier", "")
    values, notes = publishable(row.values, least)
    owned = variables.pop(str(identifier), Variables(""))
    original = original_of(_nested(values, owned), where, source)
    if not isinstance(identifier, str):
        remedy = "keep one column identifier, without a language"
        return Rejected(where, "the row has several identifiers", remedy, original)
    for column in NEEDED:
        said = str(values.get(column, ""))
        if not said or ERROR.fullmatch(said):
            state = "shows an error" if said else "is empty"
            return Rejected(where, f"the cell in the column {column} of this row {state}", EMPTY, original)
    if web.known(original.container):
        return Untouched(original.container)
    if sheet.guessed and not original.content.isascii():
        notes.append(Note(NoteKind.REPAIRED, "encoding", reason=GUESSED.format(sheet.guessed)))
    readable, told = read(values, columns())
    record, uncomputed = without(_nested(readable, owned), ERROR, UNCOMPUTED)
    iri = source.namespace + fit_for_path(identifier)
    graph, made = describe("table", record, iri, source)
    notes += [*told, *uncomputed, *map(_explained, made)]
    return Description(iri, graph, original, tuple(notes))


def _explained(note: Note) -> Note:
    """A note on a value of which nothing was made, in words for whoever fills in the table."""
    if note.kind is not NoteKind.UNMAPPED:
        return note
    names = of_variables() if note.field.startswith(PART) else columns()
    column = note.field.removeprefix(PART)
    if column not in names:
        return replace(note, reason="the template has no such column" + near(column, names))
    return replace(note, reason=ADVICE.get(names[column], note.reason))


def _nested(values: Mapping[str, Any], owned: Variables) -> dict[str, Any]:
    """A row whose columns ``publisher.name`` and ``publisher.type`` are parts of one field, with its variables."""
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
    if owned.columns:
        record[VARIABLES] = {"title": record.get("title", ""), "column": owned.columns}
    return record


def _strays(variables: Mapping[str, Variables], identifiers: list[str]) -> Iterator[Rejected]:
    """Variables of datasets that no row describes."""
    for dataset, held in variables.items():
        problem = f"no dataset has the identifier {dataset!r} of this row and {len(held.columns) - 1} others"
        yield Rejected(held.where, problem, "write the identifier of a dataset" + near(dataset, identifiers))
