"""What spreadsheet programs do to the files of the template: read as meant, or told by place in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.model import Description, Rejected
from catalogue.names import DCAT, DCT, FOAF
from harvesters._cells import MOST_COLUMNS, cells_of
from harvesters._files import File
from tests.contract.filled import changed, described, harvest, reasons, refused, workbook
from tests.contract.harvesting import texts


@pytest.mark.parametrize("before", ["\r\n", ";;\r\n\r\n", "\ufeff\r\n;;\r\n"])
def test_empty_rows_above_the_header_are_passed_over(tmp_path: Path, before: str) -> None:
    one = described(tmp_path / "a.csv", f"{before}identifier;title\r\nx;T\r\n")
    assert one.original.location.endswith(f"row {before.count(chr(10)) + 2}")


def test_the_delimiter_that_excel_declares_is_taken(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", 'sep=|\r\nidentifier|title|"a, b, c, d"\r\nx|T|\r\n')
    assert texts(one, DCT.title) == {"T"}


def test_lines_may_end_as_on_an_old_macintosh(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", 'identifier;title\rx;"a, b, c, d"\r')
    assert texts(one, DCT.title) == {"a, b, c, d"}


def test_a_hidden_sheet_is_not_published(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        for name, rows in (("old", [["identifier", "title"], ["x", "Old"]]), ("pivot", [["a", "b"], [1, 2]])):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = "hidden"

    told, one = harvest(workbook(tmp_path / "a.xlsx", ["identifier", "title"], ["x", "New"], then=hide))
    assert isinstance(told, Rejected)
    assert told.where.endswith("sheet old")
    assert isinstance(one, Description)
    assert texts(one, DCT.title) == {"New"}


def test_cells_that_are_merged_over_rows_count_for_each_of_them(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        for area in ("C2:C4", "E2:F2", "D6:D9"):
            book.worksheets[0].merge_cells(area)

    rows = [["identifier", "title", "publisher.name", "version"], ["x", "T", "Hospital"], ["y", "U"], ["z", "V"]]
    path = workbook(tmp_path / "a.xlsx", *rows, then=merge)
    found = harvest(path)
    assert [texts(one, DCT.title) for one in found if isinstance(one, Description)] == [{"T"}, {"U"}, {"V"}]
    for one in found:
        assert isinstance(one, Description)
        assert {str(one.graph.value(node, FOAF.name)) for node in one.graph.instances(FOAF.Agent)} == {'"Hospital"@en'}


def test_merged_cells_show_what_stands_in_the_first_row_or_nothing(tmp_path: Path) -> None:
    rows = [["identifier", "title", "version", "keywords"], ["x", "T", None, "k"], [], ["y", "U", "v", "k"], ["z", "V"]]
    areas = b"".join(b'<mergeCell ref="%s"/>' % ref for ref in (b"C3:C5", b"D1:D4", b"D4:D5", b"H2:H4"))
    merged = b"</sheetData><mergeCells>" + areas + b"</mergeCells>"
    path = changed(workbook(tmp_path / "a.xlsx", *rows), lambda xml: xml.replace(b"</sheetData>", merged))
    [x, y, z] = [one for one in harvest(path) if isinstance(one, Description)]
    assert [texts(one, DCAT.version) for one in (x, y, z)] == [set(), {"v"}, set()]
    assert [texts(one, DCAT.keyword) for one in (x, y, z)] == [{"keywords"}, {"keywords"}, set()]


def test_a_row_of_spaces_is_none(tmp_path: Path) -> None:
    described(workbook(tmp_path / "a.xlsx", ["identifier", "title"], [" ", "\u00a0"], ["x", "T"]))


def test_a_sheet_that_claims_more_than_it_holds_is_read_all_the_same(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["identifier", "title"], ["x", "T"])
    far = b'<row r="90000"><c r="A90000"/></row></sheetData>'
    ref = re.compile(rb'<dimension ref="[^"]*"')
    changed(path, lambda xml: ref.sub(b'<dimension ref="A1:XFD1048576"', xml).replace(b"</sheetData>", far))
    [cells] = cells_of(File(path.read_bytes(), "", "a.xlsx"))
    assert [(number, len(line)) for number, line in cells.lines] == [(1, 2), (2, 2)]


def test_a_sheet_that_is_too_wide_is_rejected_by_name(tmp_path: Path) -> None:
    row = ["x", "T", *[None] * (MOST_COLUMNS - 2)]
    one = refused(harvest(workbook(tmp_path / "a.xlsx", ["identifier", "title"], [*row, "far"])))
    assert one.where.endswith("a.xlsx, sheet Sheet")
    assert str(MOST_COLUMNS) in one.problem
    described(workbook(tmp_path / "a.xlsx", ["identifier", "title"], [*row[:-1], "far"]))


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_locked_workbook_is_told_from_a_broken_one(tmp_path: Path, name: str, content: bytes) -> None:
    one = refused(harvest(tmp_path / name, content))
    assert "password" in one.problem
    assert "password" in one.remedy


def test_files_that_excel_keeps_beside_an_open_workbook_are_none(tmp_path: Path) -> None:
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05Owner")
    (tmp_path / "a.csv").write_text("identifier,title\nx,T\n", "utf-8")
    described(tmp_path)


def test_entities_of_xml_are_not_blown_up(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["identifier", "title"], ["x", "T"])
    bomb = b"<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%s;" % (str(n - 1).encode() if n else b"") * 20) for n in range(9)
    )
    changed(
        path,
        lambda xml: bomb + b"]>" + xml.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&a8;</v></c></row>"),
    )
    assert "cannot be read" in refused(harvest(path)).problem


def rows_of(count: int, widths: Callable[[int], int]) -> str:
    """A table of ``count`` rows with the header, each as wide as said of its number; the fourth column is optional."""
    lines = ["identifier;title;keywords;version"]
    lines += [";".join([f"d{number}", "T", "k", ""][: widths(number)]) for number in range(2, count + 1)]
    return "\r\n".join(lines) + "\r\n"


def test_rows_that_excel_wrote_without_their_empty_last_cells_are_whole(tmp_path: Path) -> None:
    found = harvest(tmp_path / "a.csv", rows_of(40, lambda number: 4 if number <= 16 else 3 if number <= 32 else 2))
    assert len(found) == 39
    assert all(isinstance(one, Description) for one in found)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (rows_of(5, lambda number: 3 if number == 4 else 4), 4),
        (rows_of(20, lambda number: 3 if number == 19 else 4), 19),
        (rows_of(17, lambda number: 4 if number <= 16 else 3).rstrip("\r\n"), 17),
    ],
)
def test_other_rows_that_are_too_short_were_cut_off(tmp_path: Path, text: str, row: int) -> None:
    [one] = [each for each in harvest(tmp_path / "a.csv", text) if isinstance(each, Rejected)]
    assert one.where.endswith(f"row {row}")
    assert "fewer cells" in one.problem


def test_variables_that_were_cut_off_are_not_published(tmp_path: Path) -> None:
    (tmp_path / "datasets.csv").write_text("identifier;title\nx;T\n", "utf-8")
    (tmp_path / "variables.csv").write_text("dataset;name;title;description\nx;a;A;An a\nx;b;B", "utf-8")
    cut, one = harvest(tmp_path)
    assert isinstance(cut, Rejected)
    assert cut.where.endswith("variables.csv, row 3")
    assert isinstance(one, Description)
    assert '"b"' not in "".join(map(str, one.graph))


def test_a_guessed_code_page_is_told_and_can_be_named(tmp_path: Path) -> None:
    text = "identifier;title\nx;Żółć\ny;plain\n".encode("cp1250")
    guessed, plain = harvest(tmp_path / "a.csv", text)
    assert isinstance(guessed, Description)
    assert isinstance(plain, Description)
    assert "cp1252" in reasons(guessed, "encoding")[0][2]
    assert not reasons(plain, "encoding")
    named, _ = harvest(tmp_path / "a.csv", text, encoding="cp1250")
    assert isinstance(named, Description)
    assert texts(named, DCT.title) == {"Żółć"}
    assert not reasons(named, "encoding")
    marked = described(tmp_path / "a.csv", "identifier;title\nx;Ż\n".encode("utf-16"), encoding="cp1250")
    assert texts(marked, DCT.title) == {"Ż"}
    assert refused(harvest(tmp_path / "a.csv", text, encoding="latin-99")).where == "node file, option encoding"


def test_text_without_the_mark_of_its_two_byte_code_is_no_text(tmp_path: Path) -> None:
    one = refused(harvest(tmp_path / "a.csv", "identifier;title\nx;Für\n".encode("utf-16-le")))
    assert one.problem == "the file is not text"
