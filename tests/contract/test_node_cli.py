"""``catalogue node``: a node is tried out and written down before anything is stored."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main
from catalogue.template import as_xlsx
from tests.contract.dcat_files import PREFIXES

HDAB = "http://healthdataportal.eu/ns/health#hdab"
TITLE = "http://purl.org/dc/terms/title"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CATALOGUE_NODES", str(tmp_path / "nodes"))
    monkeypatch.setenv("CATALOGUE_DATA", str(tmp_path / "data"))
    (tmp_path / "nodes").mkdir()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.ttl").write_text(
        f'{PREFIXES} ex:a a dcat:Dataset ; dct:title "A"@en ; dct:identifier "a" .', "utf-8"
    )
    return tmp_path


def run(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["node", *arguments], input=answers)


def added(place: Path, *more: str) -> Result:
    given = {"name": "mine", "kind": "dcat", "endpoint": str(place / "files"), "title": "My node"}
    given |= {"contact": "me@example.org", "minimum": "1"}
    return run("add", *(part for name, value in given.items() for part in (f"--{name}", value)), *more)


def test_a_node_is_tried_out_and_written(place: Path) -> None:
    result = added(place, "--hdab", "Access body", "--hdab-email", "hdab@example.org", "--ehds")
    assert result.exit_code == 0, result.output
    assert "My node: 1 datasets" in result.output
    assert (place / "nodes" / "mine.ttl").is_file()
    assert not (place / "data").exists(), "something was stored"
    listed = json.loads(run("list", "--json").output)
    assert [(one["name"], one["kind"], one["contact"]) for one in listed] == [("mine", "dcat", "me@example.org")]
    checked = run("check", "mine", "--json")
    told = json.loads(checked.output)
    assert told["mandatory"][TITLE]["filled_by"] == "source"
    assert told["mandatory"][HDAB]["filled_by"] == "default"
    empty = [path for path, one in told["mandatory"].items() if one["filled_by"] == "empty"]
    assert "http://www.w3.org/ns/dcat#distribution" in empty
    assert checked.exit_code == 1


def test_what_is_not_given_is_asked_for(place: Path) -> None:
    answers = f"mine\ndcat\n{place / 'files'}\nMy node\nme@example.org\n1\n"
    result = run("add", answers=answers)
    assert result.exit_code == 0, result.output
    assert "Next: catalogue harvest mine" in result.output


def test_a_node_that_cannot_be_read_is_not_written(place: Path) -> None:
    result = added(place, "--endpoint", str(place / "nowhere"))
    assert result.exit_code == 2
    assert not list((place / "nodes").iterdir())
    assert added(place, "--endpoint", str(place / "nowhere"), "--no-check").exit_code == 0


def test_a_node_is_never_written_over(place: Path) -> None:
    assert added(place).exit_code == 0
    before = (place / "nodes" / "mine.ttl").read_bytes()
    result = added(place, "--title", "Other")
    assert result.exit_code == 2
    assert "already" in result.output
    assert (place / "nodes" / "mine.ttl").read_bytes() == before


def test_a_bad_setting_is_named_and_nothing_is_written(place: Path) -> None:
    result = added(place, "--contact", "not an address")
    assert result.exit_code == 2, result.output
    assert not list((place / "nodes").iterdir())


def test_a_node_file_elsewhere_can_be_checked_and_rejected_records_are_told(place: Path) -> None:
    added(place)
    file = place / "elsewhere.ttl"
    file.write_bytes((place / "nodes" / "mine.ttl").read_bytes())
    (place / "files" / "b.ttl").write_text("broken <", "utf-8")
    result = run("check", str(file))
    assert result.exit_code == 1
    assert "rejected:" in result.output
    assert "remedy:" in result.output


def test_an_unknown_node_is_said() -> None:
    result = run("check", "nobody")
    assert result.exit_code == 2
    assert "examples" in result.output


def test_a_filled_template_needs_no_node_file(tmp_path: Path) -> None:
    filled = tmp_path / "mine.xlsx"
    filled.write_bytes(as_xlsx(example=True))
    result = CliRunner().invoke(main, ["node", "check", str(filled)])
    assert result.exit_code == 0, result.output
    assert "mine.xlsx: 1 datasets, 1 without violations" in result.output


def test_whoever_filled_in_a_template_is_told_sheet_row_column_and_what_to_write(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(example=True)))
    sheet = book["datasets"]
    names = [cell.value for cell in sheet[1]]
    for name, said in {"issued": "1/3/2026", "description": None, "hdab.contact.email": None}.items():
        sheet.cell(2, names.index(name) + 1).value = said
    book.save(tmp_path / "mine.xlsx")
    result = CliRunner().invoke(main, ["node", "check", str(tmp_path / "mine.xlsx")], env={"COLUMNS": "200"})
    assert result.exit_code == 1
    for told in (
        "dct:description (column description)",
        "dcat:contactPoint (column contact.email)",
        "The health data access body does not have exactly one contact point. (1)",
        "sheet datasets, row 2: not a day such as 2026-03-01",
    ):
        assert told in result.output
    assert "have a description" not in result.output.partition("Other violations")[2]
    told_json = json.loads(run("check", str(tmp_path / "mine.xlsx"), "--json").output)
    assert {one["where"].rpartition("/")[2] for one in told_json["violations"].values()} == {
        "mine.xlsx, sheet datasets, row 2"
    }
