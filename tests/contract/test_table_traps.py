"""What people write into the template: it is read as meant, or told by place in plain words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, NoteKind, Rejected
from catalogue.names import CV, DCAT, DCT, FOAF, HEALTH, VCARD
from tests.contract.filled import described, harvest, reasons, refused, workbook
from tests.contract.harvesting import texts


@pytest.mark.parametrize(
    ("written", "stated", "left"),
    [
        ("01.03.2026", "2026-03-01", False),
        ("1. 3. 2026", "2026-03-01", False),
        ("2026-3-1", "2026-03-01", False),
        ("2026-03-01 00:00:00", "2026-03-01", False),
        ("2026-03-01T12:30", "2026-03-01T12:30:00", False),
        ("2026", "2026", False),
        ("1/3/2026", "", True),
        ("31.02.2026", "", True),
        ("45000", "", True),
    ],
)
def test_days_are_read_unless_they_could_be_others(tmp_path: Path, written: str, stated: str, left: bool) -> None:
    one = described(tmp_path / "a.csv", f"identifier;title;issued\nx;T;{written}\n")
    assert texts(one, DCT.issued) == ({stated} if stated else set())
    unmapped = [reason for kind, _, reason in reasons(one, "issued") if kind is NoteKind.UNMAPPED]
    assert unmapped == (["not a day such as 2026-03-01, a month such as 2026-03 or a year"] if left else [])


@pytest.mark.parametrize("written", ["12 450", "12\u00a0450", "12\u202f450", "12'450", "12450", "12450.0"])
def test_thousands_may_stand_apart(tmp_path: Path, written: str) -> None:
    one = described(tmp_path / "a.csv", f"identifier;title;number_of_persons;minimum_age\nx;T;{written};18\n")
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"12450"}
    assert texts(one, HEALTH.minTypicalAge) == {"18"}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("9", NoteKind.SUPPRESSED),
        ("0", NoteKind.SUPPRESSED),
        ("3.0", NoteKind.SUPPRESSED),
        ("12.450", NoteKind.UNMAPPED),
        ("12,450", NoteKind.UNMAPPED),
        ("<5", NoteKind.UNMAPPED),
        ("3-5 persons", NoteKind.UNMAPPED),
    ],
)
@pytest.mark.parametrize("column", ["number_of_persons", "number_of_records"])
def test_small_counts_and_what_may_be_one_stay_here(tmp_path: Path, written: str, kind: NoteKind, column: str) -> None:
    one = described(tmp_path / "a.csv", f"identifier;title;{column}\nx;T;{written}\n")
    assert [(found, raw) for found, raw, _ in reasons(one, column)] == [(kind, "")]
    assert column.encode() not in one.original.content
    assert not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords)


def test_the_threshold_is_an_option(tmp_path: Path) -> None:
    text = "identifier;title;number_of_persons\nx;T;7\n"
    assert texts(described(tmp_path / "a.csv", text, suppress="7"), HEALTH.numberOfUniqueIndividuals) == {"7"}
    ten = described(tmp_path / "a.csv", text.replace("7", "10"))
    assert texts(ten, HEALTH.numberOfUniqueIndividuals) == {"10"}


@pytest.mark.parametrize(
    ("written", "stated"),
    [("ja", "true"), ("WAHR", "true"), ("Ναι", "true"), ("Nein", "false"), ("FAUX", "false"), ("Yes", "true")],
)
def test_yes_and_no_are_understood_in_the_languages_of_the_union(tmp_path: Path, written: str, stated: str) -> None:
    one = described(tmp_path / "a.csv", f"identifier;title;structured_data\nx;T;{written}\n")
    assert texts(one, HEALTH.hasStructuredData) == {stated}
    perhaps = described(tmp_path / "a.csv", "identifier;title;structured_data\nx;T;perhaps\n")
    assert reasons(perhaps, "structured_data") == [(NoteKind.UNMAPPED, "perhaps", "neither yes nor no")]


@pytest.mark.parametrize("error", ["#N/A", "#NV", "#REF!", "#DIV/0!", "#WERT!", "#NOM?", "#####", "Err:502"])
def test_what_a_spreadsheet_could_not_compute_is_no_text(tmp_path: Path, error: str) -> None:
    one = described(tmp_path / "a.csv", f"identifier;title;description;publisher.name\nx;T;{error};{error}\n")
    assert error not in "".join(map(str, one.graph))
    assert reasons(one, "description")[0][:2] == reasons(one, "publisher.name")[0][:2] == (NoteKind.UNMAPPED, error)
    no_title = refused(harvest(tmp_path / "a.csv", f"identifier;title\nx;{error}\n"))
    assert no_title.problem == "the cell in the column title of this row shows an error"
    hashtag = described(tmp_path / "a.csv", "identifier,title,keywords\nx,T,#covid; #1\n")
    assert texts(hashtag, DCAT.keyword) == {"#covid", "#1"}


def test_errors_in_the_table_of_variables_are_told_too(tmp_path: Path) -> None:
    (tmp_path / "variables.csv").write_text("dataset;name;title;description\nx;a;#REF!;A\n", "utf-8")
    (tmp_path / "datasets.csv").write_text("identifier;title\nx;T\n", "utf-8")
    assert reasons(described(tmp_path), "variables.column.title")[0][:2] == (NoteKind.UNMAPPED, "#REF!")


def test_invisible_characters_are_no_part_of_a_name(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", "\u200bidentifier\u00a0;title \n\u00a0x\u200b;\ufeffT\u00a0\n")
    assert one.iri.endswith("/x")
    assert texts(one, DCT.title) == {"T"}


def test_line_breaks_that_excel_writes_in_its_own_way_are_line_breaks(tmp_path: Path) -> None:
    one = described(workbook(tmp_path / "a.xlsx", ["identifier", "title", "version"], ["x", "T", "a_x000D_\nb"]))
    assert texts(one, DCAT.version) == {"a\r\nb"}


def test_columns_may_be_spelt_otherwise_and_in_any_order(tmp_path: Path) -> None:
    one = described(
        tmp_path / "a.csv", 'TITLE;"Publisher\nname";Identifier;health-category;publisher.name\nT;P;x;EHRS;Q\n'
    )
    assert texts(one, HEALTH.healthCategory)
    [agent] = one.graph.instances(FOAF.Agent)
    assert {str(name.value) for name in one.graph.objects(agent, FOAF.name)} == {"P", "Q"}


def test_a_column_that_nobody_knows_is_told_with_the_nearest(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", "identifier;title;keyword;x\nx;T;a;b\n")
    assert reasons(one, "keyword")[0][2] == "the template has no such column; perhaps keywords is meant"
    assert reasons(one, "x")[0][2] == "the template has no such column"


def test_a_unit_in_a_header_is_no_language(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", "identifier;title;minimum age (yrs);title (de);title@zh\nx;T;18;D;Z\n")
    assert set(one.graph.objects(NamedNode(one.iri), DCT.title)) == {
        Literal("T", language="en"),
        Literal("D", language="de"),
        Literal("Z", language="zh"),
    }
    assert [note.field for note in one.notes if note.kind is NoteKind.UNMAPPED] == ["minimum_age_(yrs)"]


@pytest.mark.parametrize(
    "header", ["identifier;identifier;title", "identifier@de;title;x", "Identifier;title;IDENTIFIER"]
)
def test_a_row_has_one_identifier(tmp_path: Path, header: str) -> None:
    one = refused(harvest(tmp_path / "a.csv", f"{header}\nx;y;z\n"))
    assert one.problem == "the row has several identifiers"


@pytest.mark.parametrize("header", ["identifier;name;birthdate;sex", "4711;Jane CANARY;1970-01-01;F"])
def test_a_table_of_persons_is_not_read_and_not_kept(tmp_path: Path, header: str) -> None:
    one = refused(harvest(tmp_path / "patients.csv", f"{header}\n4712;Joan CANARY;1971-01-01;F\n"))
    assert one.where.endswith("patients.csv, row 1")
    assert "CANARY" not in repr(one)
    assert one.remedy.startswith("write identifier and title above their columns")


def test_a_table_of_persons_with_titles_is_none_of_datasets(tmp_path: Path) -> None:
    text = "identifier;title;given;family;birthdate\n4711;Dr;Jane;CANARY;1970-01-01\n"
    one = refused(harvest(tmp_path / "a.csv", text))
    assert "most columns are not of the template" in one.problem
    assert "CANARY" not in repr(one)


def test_each_count_is_looked_at_by_itself(tmp_path: Path) -> None:
    text = "identifier;title;number_of_persons;number_of_records\nx;T;3;40\n"
    assert texts(described(tmp_path / "a.csv", text), HEALTH.numberOfRecords) == {"40"}


def test_columns_without_a_name_and_those_that_come_again_do_no_harm(tmp_path: Path) -> None:
    one = described(tmp_path / "a.csv", "identifier;title;issued;issued;;;;;\nx;T;01.03.2026;02.03.2026;n;;;;\n")
    assert texts(one, DCT.issued) == {"2026-03-01", "2026-03-02"}
    assert reasons(one, "column_5")[0][:2] == (NoteKind.UNMAPPED, "n")


def test_a_column_of_variables_that_nobody_knows_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "variables.csv").write_text("dataset;name;data type;datatyp\nx;a;integer;A\n", "utf-8")
    (tmp_path / "datasets.csv").write_text("identifier;title\nx;T\n", "utf-8")
    one = described(tmp_path)
    said = "the template has no such column; perhaps datatype is meant"
    assert reasons(one, "variables.column.datatyp") == [(NoteKind.UNMAPPED, "A", said)]
    assert "integer" in "".join(map(str, one.graph))


def test_variables_are_known_by_their_columns_and_strays_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "book-1.csv").write_text("identifier;title\nHEART-1;T\n", "utf-8")
    rows = "".join(f"HEART-l;v{number}\n" for number in range(30))
    (tmp_path / "book-2.csv").write_text("Dataset;Name\nHEART-1;v\n" + rows + ";v\n", "utf-8")
    nameless, one, stray = harvest(tmp_path)
    assert isinstance(one, Description)
    assert len(one.graph.instances(NamedNode("http://www.w3.org/ns/csvw#Column"))) == 1
    assert isinstance(stray, Rejected)
    assert stray.where.endswith("book-2.csv, row 3")
    assert stray.problem == "no dataset has the identifier 'HEART-l' of this row and 29 others"
    assert stray.remedy == "write the identifier of a dataset; perhaps HEART-1 is meant"
    assert isinstance(nameless, Rejected)
    assert nameless.where.endswith("book-2.csv, row 33")
    assert nameless.problem == "the cell in the column dataset of this row is empty"


def test_a_table_of_variables_without_their_datasets_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "variables.csv").write_text("name;title\n" + "a;A\n" * 20, "utf-8")
    one = refused(harvest(tmp_path))
    assert one.problem.endswith("is dataset")


def test_several_addresses_of_mail_are_several(tmp_path: Path) -> None:
    head = "identifier|title|contact.email|publisher.contact.email|landing_page\n"
    mails = "Doe, Jane <a@b.example>; c@d.example, e@f.example"
    one = described(
        tmp_path / "a.csv", f"{head}x|T|{mails}|g@h.example; i@j.example|https://a.example/x https://b.example/y\n"
    )
    [kind] = one.graph.instances(VCARD.Kind)
    stated = {str(term.value) for term in one.graph.objects(kind, VCARD.hasEmail)}
    assert stated == {"mailto:a@b.example", "mailto:c@d.example", "mailto:e@f.example"}
    [point] = one.graph.instances(CV.ContactPoint)
    assert {str(term.value) for term in one.graph.objects(point, CV.email)} == {"g@h.example", "i@j.example"}
    assert reasons(one, "landing_page")[0][2].startswith("not a whole web address")
    assert not texts(one, DCAT.landingPage)


def test_one_address_of_mail_that_is_none_leaves_the_text_over(tmp_path: Path) -> None:
    for written in ("call us", "a@b.example, call@us", "a@b@c.example", "a@b.example c@d.example"):
        one = described(tmp_path / "a.csv", f"identifier|title|contact.email\nx|T|{written}\n")
        said = "not an e-mail address such as data@hospital.example"
        assert reasons(one, "contact.email") == [(NoteKind.UNMAPPED, written, said)]


def test_days_with_a_time_keep_it(tmp_path: Path) -> None:
    row = ["x", "T", datetime(2026, 3, 1, 12, 30), datetime(2026, 3, 1)]
    one = described(workbook(tmp_path / "a.xlsx", ["identifier", "title", "issued", "modified"], row))
    assert texts(one, DCT.issued) == {"2026-03-01T12:30:00"}
    assert texts(one, DCT.modified) == {"2026-03-01"}
