"""The template for small holders: what it becomes, in every way that spreadsheets save it, and what is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from catalogue.assembly import open_checker
from catalogue.cli import main
from catalogue.errors import SourceUnavailable
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected, Severity
from catalogue.names import DCAT, DCT, EU, HEALTH
from catalogue.publish import Checker
from catalogue.rulebook import Rulebook
from catalogue.template import as_csv, as_xlsx, columns
from tests.contract.harvesting import harvested, texts
from tests.kinds.table import source


def harvest(path: Path, **options: str) -> list[Harvested]:
    return harvested(source(path, **options))


def described(path: Path, **options: str) -> list[Description]:
    found = harvest(path, **options)
    assert all(isinstance(one, Description) for one in found), found
    return [one for one in found if isinstance(one, Description)]


@pytest.fixture
def checker(rulebook: Rulebook) -> Checker:
    return open_checker(rulebook, "compiled", "http://127.0.0.1:8000/")


def violations(one: Description, checker: Checker) -> list[str]:
    report = checker.checked(NamedNode(one.iri), one.graph, None).report
    return [finding.path or finding.rule for finding in report.of(Severity.VIOLATION)]


@pytest.mark.parametrize("access", ["PUBLIC", "RESTRICTED", "NON_PUBLIC"])
def test_the_filled_template_conforms_and_everything_in_it_is_read(
    tmp_path: Path, checker: Checker, access: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(example=True)))
    sheet = book["datasets"]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(2, names.index("access_rights") + 1, access)
    book.save(tmp_path / "filled.xlsx")
    [one] = described(tmp_path / "filled.xlsx")
    assert violations(one, checker) == []
    assert [note for note in one.notes if note.kind is NoteKind.UNMAPPED] == []
    assert texts(one, HEALTH.healthCategory)
    assert len(texts(one, DCAT.keyword)) == 2


def test_what_is_called_mandatory_is(tmp_path: Path, checker: Checker) -> None:
    datasets, variables = columns()
    for column in (*datasets, *variables):
        if not column.explanation.startswith("Mandatory"):
            continue
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(example=True)))
        sheet = book["datasets" if column in datasets else "variables"]
        number = [cell.value for cell in sheet[1]].index(column.name) + 1
        sheet.cell(2, number).value = None
        book.save(tmp_path / "filled.xlsx")
        found = harvest(tmp_path / "filled.xlsx")
        wrong = [one for one in found if isinstance(one, Rejected) or violations(one, checker)]  # type: ignore[arg-type]
        assert wrong, column.name


def test_what_is_not_called_mandatory_is_not(tmp_path: Path, checker: Checker) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(example=True)))
    sheet = book["datasets"]
    datasets, _ = columns()
    for number, column in enumerate(datasets, start=1):
        if not column.explanation.startswith("Mandatory"):
            sheet.cell(2, number).value = None
    book.save(tmp_path / "filled.xlsx")
    [one] = described(tmp_path / "filled.xlsx")
    assert violations(one, checker) == []


def test_the_workbook_and_the_table_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(as_csv(example=True))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(example=True)))
    del book["variables"]
    book.save(tmp_path / "two.xlsx")
    [one], [two] = described(tmp_path / "one.csv"), described(tmp_path / "two.xlsx")
    assert one.digest == two.digest


def test_days_numbers_and_truths_of_a_workbook_are_read_as_they_are_meant(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Identifier", "Title", "number of persons", "Modified", "structured_data", "Title (FR)"])
    sheet.append([2026, "Heart", 1200.0, date(2026, 3, 1), False, "Cœur"])
    book.save(tmp_path / "own.xlsx")
    [one] = described(tmp_path / "own.xlsx")
    assert one.iri.endswith("/2026")
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"1200"}
    assert texts(one, DCT.modified) == {"2026-03-01"}
    assert texts(one, HEALTH.hasStructuredData) == {"false"}
    titles = set(one.graph.objects(NamedNode(one.iri), DCT.title))
    assert titles == {Literal("Heart", language="en"), Literal("Cœur", language="fr")}


@pytest.mark.parametrize(
    "save",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", ";").encode("utf-8"),
        lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode("utf-8"),
    ],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, save: Callable[[str], bytes]) -> None:
    (tmp_path / "a.csv").write_bytes(save('identifier,title\nherz,Für Ärzte\nzwei,"Zwei\nZeilen"\n'))
    one, two = described(tmp_path / "a.csv", language="de")
    assert set(one.graph.objects(NamedNode(one.iri), DCT.title)) == {Literal("Für Ärzte", language="de")}
    assert one.original.location.endswith("a.csv, row 2")
    assert two.original.location.endswith("a.csv, row 3")


def test_codes_names_and_addresses_of_concepts_are_understood(tmp_path: Path) -> None:
    rows = [("HEAL", "fr; nl"), ("health", "French; Dutch"), (EU + "data-theme/HEAL", "français;néerlandais")]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["identifier", "title", "theme", "language"])
        writer.writerows((f"d{number}", "T", *row) for number, row in enumerate(rows))
    found = described(tmp_path / "a.csv")
    assert {frozenset(texts(one, DCAT.theme)) for one in found} == {frozenset({EU + "data-theme/HEAL"})}
    assert {frozenset(texts(one, DCT.language)) for one in found} == {
        frozenset({EU + "language/FRA", EU + "language/NLD"})
    }


def test_variables_belong_to_their_dataset_and_strays_are_told(tmp_path: Path) -> None:
    (tmp_path / "datasets.csv").write_text("identifier,title\na,A\nb,B\n", "utf-8")
    (tmp_path / "variables.csv").write_text(
        "dataset,name,title,description,datatype\na,x,X,An x,integer\na,y,Y,An y,string\nc,z,Z,A z,string\n", "utf-8"
    )
    *found, stray = harvest(tmp_path)
    assert isinstance(stray, Rejected)
    assert "'c'" in stray.problem
    assert stray.where.endswith("variables.csv, row 4")
    columns_of = [
        len(one.graph.instances(NamedNode("http://www.w3.org/ns/csvw#Column")))
        for one in found
        if isinstance(one, Description)
    ]
    assert columns_of == [2, 0]


@pytest.mark.parametrize(
    ("name", "content", "where", "words"),
    [
        ("a.csv", b"identifier,title\n,T\n", "a.csv, row 2", "identifier"),
        ("a.csv", b"identifier,title\nx,\n", "a.csv, row 2", "title"),
        (
            "a.csv",
            b"name,title\nx,T\n",
            "a.csv, row 1",
            "no cell of this row, which should name the columns, is identifier",
        ),
        ("a.csv", b'identifier,title\nx,"T\n', "a.csv", "not a table"),
        ("a.csv", b"\x81\x8d\x8f", "a.csv", "not text"),
        ("a.xlsx", b"PK no workbook", "a.xlsx", "cannot be read"),
        ("a.xlsx", b"", "a.xlsx", "cannot be read"),
    ],
)
def test_what_is_no_such_table_is_rejected(tmp_path: Path, name: str, content: bytes, where: str, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    [one] = harvest(tmp_path / name)
    assert isinstance(one, Rejected)
    assert one.where.endswith(where)
    assert words in one.problem
    assert one.remedy


def test_an_empty_table_describes_nothing(tmp_path: Path) -> None:
    for name, content in (("a.csv", as_csv()), ("b.csv", b""), ("c.xlsx", as_xlsx())):
        (tmp_path / name).write_bytes(content)
    assert harvest(tmp_path) == []
    (tmp_path / "sub").mkdir()
    with pytest.raises(SourceUnavailable, match="no CSV, TSV or XLSX file"):
        harvest(tmp_path / "sub")


def test_parts_that_clash_are_left_over_not_lost(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("identifier,title,publisher,publisher.name\nx,T,Me,You\n", "utf-8")
    [one] = described(tmp_path / "a.csv")
    assert {note.raw for note in one.notes} >= {"Me", "You"}


def test_the_command_writes_what_the_harvester_reads(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        result = CliRunner().invoke(main, ["template", str(tmp_path / name), "--example"])
        assert result.exit_code == 0, result.output
        assert len(described(tmp_path / name)) == 1
    result = CliRunner().invoke(main, ["template", str(tmp_path / "a.ods")])
    assert result.exit_code == 2
    assert ".xlsx or .csv" in result.output
    assert not (tmp_path / "a.ods").exists()


def test_every_list_of_the_template_is_one_that_its_column_understands() -> None:
    datasets, _ = columns()
    chosen = {column.name: column.choices for column in datasets if column.choices}
    assert {"access_rights", "health_category", "theme"} <= chosen.keys()
    assert "EHRS" in chosen["health_category"]


@pytest.mark.parametrize("column", ["identifier", "title"])
def test_a_row_that_lacks_what_it_needs_is_told_by_its_place(tmp_path: Path, column: str) -> None:
    rows = [{"identifier": "a", "title": "A"}, {"identifier": "b", "title": "B", column: ""}]
    lines = ["identifier,title", *(f"{row['identifier']},{row['title']}" for row in rows)]
    (tmp_path / "datasets.csv").write_text("\n".join(lines), "utf-8")
    first, second = harvest(tmp_path / "datasets.csv")
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert second.where.endswith("row 3")
    assert second.problem == f"the cell in the column {column} of this row is empty"
    assert second.remedy.startswith("fill it in")


def test_the_workbook_keeps_what_only_looks_like_a_number_and_offers_yes_and_no() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx()))
    for name, exact in (("datasets", {"identifier", "version", "codes"}), ("variables", {"dataset", "name"})):
        sheet = book[name]
        formats = {cell.value: sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
        assert {formats[column] for column in exact} == {"@"}
        assert {formats[column] for column in {"title", "issued", "number_of_persons"} & formats.keys()} == {"General"}
    [structured] = [column for column in columns()[0] if column.name == "structured_data"]
    assert structured.choices == ("yes", "no")
