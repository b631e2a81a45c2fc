"""Writes the table that holders without RDF fill in: its columns, what to write into each, and lists to choose from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from catalogue.graphs import BlankNode, Graph, NamedNode, Node, parse
from catalogue.names import CAT, DCT, RDFS, SKOS
from catalogue.resources import read_files

TABLE = "vocab/mappings/table.ttl"
AUTHORITY = "https://w3id.org/ehds-catalogue/authority/"
DATASETS, VARIABLES, EXPLANATIONS, LISTS = "datasets", "variables", "explanations", "lists"
OWNER = "dataset"
"""The column of the table of variables that names their dataset."""
TEXT, GENERAL = "@", "General"
"""Formats of cells (ISO/IEC 29500-1, 18.8.30). Days have none of their own: a year would become a day in 1905."""
ROWS = 1000
"""Rows in which a list can be chosen from."""
_PART = "variables.column."


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template."""

    name: str
    explanation: str
    example: str
    choices: tuple[str, ...] = ()
    """Codes to choose from."""
    exact: bool = False
    """Its values are texts even when they look like numbers: an identifier 007, a version 1.10."""
    predicate: str = ""
    """IRI of the property of the dataset that it becomes, or a part of."""

    @property
    def mandatory(self) -> bool:
        """Whether the column has to be filled, whatever the access rights."""
        return self.explanation.startswith("Mandatory.")


def columns() -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The columns of datasets and those of their variables, as ``vocab/mappings/table.ttl`` states them."""
    graph = Graph(parse(read_files("vocab/mappings")[TABLE], "text/turtle", where=TABLE))
    [mapping] = graph.instances(CAT.RecordMapping)
    found = list(_columns(graph, mapping, ""))
    told = "Mandatory. The identifier of the dataset that has the variable."
    owner = Column(OWNER, told, found[0].example, exact=True)
    variables = [replace(one, name=one.name.removeprefix(_PART)) for one in found if one.name.startswith(_PART)]
    return tuple(one for one in found if not one.name.startswith(_PART)), (owner, *variables)


def as_csv(*, example: bool = False) -> bytes:
    """The header of the table of datasets, in UTF-8 with the mark that spreadsheet programs want; a row if asked."""
    datasets, _ = columns()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows(_rows(datasets, example))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(*, example: bool = False) -> bytes:
    """A workbook with the tables of datasets and of variables, an explanation of each column, and lists."""
    book = Workbook()
    book.remove(book.worksheets[0])
    datasets, variables = columns()
    for name, some in ((DATASETS, datasets), (VARIABLES, variables)):
        _table(book.create_sheet(name), some, example)
    _explanations(book.create_sheet(EXPLANATIONS), datasets, variables)
    _lists(book.create_sheet(LISTS), book[DATASETS], datasets)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _columns(graph: Graph, node: Node, prefix: str, whole: str = "") -> Iterator[Column]:
    for line in graph.objects(node, CAT.line):
        if not isinstance(line, (NamedNode, BlankNode)):
            continue
        field = graph.text(line, CAT.sourceField) or "."
        name = prefix.removesuffix(".") if field == "." else prefix + field
        explanation, example = (graph.text(line, predicate) or "" for predicate in (RDFS.comment, SKOS.example))
        target = graph.value(line, CAT.target)
        top = whole or (str(target.value) if target is not None else "")
        if explanation:
            exact = graph.value(line, CAT.readAs) is None
            yield Column(name, explanation, example, tuple(_choices(graph, line)), exact, top)
        yield from _columns(graph, line, name + ".", top)


def _choices(graph: Graph, line: Node) -> Iterator[str]:
    if graph.value(line, CAT.readAs) == CAT.Truth:
        yield from ("yes", "no")
    table = graph.value(line, CAT.crosswalk)
    if table is None:
        return
    path = f"vocab/authority/{str(table.value).removeprefix(AUTHORITY)}.ttl"
    authority = Graph(parse(read_files("vocab/authority")[path], "text/turtle", where=path))
    codes = (authority.text(concept, DCT.identifier) for concept in authority.instances(SKOS.Concept))
    yield from sorted(code for code in codes if code)


def _rows(some: Sequence[Column], example: bool) -> list[list[str]]:
    header = [one.name for one in some]
    return [header, [one.example for one in some]] if example else [header]


def _table(sheet: Worksheet, some: Sequence[Column], example: bool) -> None:
    for row in _rows(some, example):
        sheet.append(row)
    for number, column in enumerate(some, start=1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FFF2CC" if column.mandatory else "DDEBF7")
        cell.comment = Comment(column.explanation, "ehds-catalogue", width=320, height=120)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = max(16, len(column.name) + 2)
        dimension.number_format = TEXT if column.exact else GENERAL
    sheet.freeze_panes = "C2"


def _explanations(sheet: Worksheet, datasets: Sequence[Column], variables: Sequence[Column]) -> None:
    sheet.append(["sheet", "column", "what to write", "example"])
    for name, some in ((DATASETS, datasets), (VARIABLES, variables)):
        for one in some:
            sheet.append([name, one.name, one.explanation, one.example])
    for letter, width in zip("ABCD", (12, 34, 90, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _lists(sheet: Worksheet, datasets: Worksheet, some: Sequence[Column]) -> None:
    """Write each list of codes into a column, and offer it where it is wanted; other words may be typed, too."""
    chosen = [(number, one) for number, one in enumerate(some, start=1) if one.choices]
    for place, (number, one) in enumerate(chosen, start=1):
        for row, said in enumerate((one.name, *one.choices), start=1):
            sheet.cell(row, place, said)
        here, there = get_column_letter(place), get_column_letter(number)
        offer = DataValidation("list", formula1=f"={LISTS}!${here}$2:${here}${len(one.choices) + 1}", allow_blank=True)
        offer.showErrorMessage = False
        offer.add(f"{there}2:{there}{ROWS + 1}")
        datasets.add_data_validation(offer)
        sheet.column_dimensions[here].width = 24
