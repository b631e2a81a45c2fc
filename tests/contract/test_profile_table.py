"""Profiles of tables, against figures computed by hand."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.dictionary_json import read_json
from catalogue.errors import BadInput, ConfigurationError
from catalogue.profiling import Declared, Profile, ProfileOptions, comparison, identifier
from catalogue.quality import Answer, Basis
from harvesters import _table_reading
from harvesters.profile_table import TableProfiler

TODAY = date(2024, 1, 15)
OPTIONS = ProfileOptions(today=TODAY)
HEADER = "id,person,sex,age,admitted,discharged,added"


def lines() -> list[str]:
    """100 records of 50 persons, two each, one in 2022 and one 100 days later; the first 20 have no age."""
    rows = []
    for number in range(100):
        person, second = number % 50, number // 50
        start = date(2022, 6, 1) + timedelta(days=person % 20 + 100 * second)
        age = "" if number < 20 else str(40 + person % 30)
        end, added = start + timedelta(days=5), start + timedelta(days=45)
        rows.append(f"{number},P{person:02d},{'FM'[person % 2]},{age},{start},{end},{added}")
    return rows


def write(folder: Path, rows: list[str], header: str = HEADER, name: str = "visits.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def run(path: Path, options: ProfileOptions = OPTIONS, **change: object) -> Profile:
    return TableProfiler().profile(path, replace(options, **change))  # type: ignore[arg-type]


def answers(profile: Profile) -> dict[str, Answer]:
    return {identifier(answer.criterion): answer for answer in profile.answers}


def levels(profile: Profile) -> dict[str, tuple[int | None, float | None]]:
    return {name: (answer.level, answer.figure) for name, answer in answers(profile).items()}


def dictionary(**limits: dict[str, object]) -> ProfileOptions:
    types = {"id": "integer", "age": "integer", "admitted": "date", "discharged": "date", "added": "date"}
    fields = [{"name": n, "type": types.get(n, "string"), "constraints": limits.get(n, {})} for n in HEADER.split(",")]
    return replace(OPTIONS, dictionary=read_json(json.dumps({"fields": fields}).encode(), "d.json"))


def variable(profile: Profile, name: str) -> dict[str, object]:
    return next(one for one in profile.facts["per_variable"] if one["variable"] == name)


# --- what is measured ------------------------------------------------------------------------------------------------


def test_without_any_option_only_what_was_examined_is_answered(tmp_path: Path) -> None:
    found = run(write(tmp_path, lines()))
    assert levels(found) == {"Q4.3.1": (1, 97.1), "Q4.5.1": (1, None), "L-b1": (1, 0.0)}  # 680 of 700 values
    assert variable(found, "age")["missing"] == {"count": 20, "of": 100, "percent": 20.0}
    assert variable(found, "age")["distinct_values"] == 30
    assert {gap.criterion for gap in found.gaps} >= {
        "Q4.6.1",
        "Q4.4.1",
        "L-b2",
        "L-d1",
        "L-d2",
        "L-e1",
        "L-c2",
        "Q2.1.1",
    }
    assert all(answer.basis is Basis.MEASURED and answer.given == TODAY for answer in found.answers)


def test_a_dictionary_of_all_variables_earns_all(tmp_path: Path) -> None:
    found = run(write(tmp_path, lines()), dictionary())
    assert levels(found)["Q4.3.1"] == (2, 97.1)
    assert levels(found)["Q4.6.1"] == (2, 100.0)
    assert "Q4.4.1" not in levels(found)


def test_a_dictionary_with_a_variable_that_is_elsewhere_does_not(tmp_path: Path) -> None:
    options = dictionary()
    more = read_json(b'{"fields": [{"name": "weight", "type": "number"}]}', "m.json")
    options = replace(
        options, dictionary=replace(options.dictionary, tables=(*options.dictionary.tables, *more.tables))
    )
    found = run(write(tmp_path, lines()), options)
    assert levels(found)["Q4.3.1"][0] == levels(found)["Q4.6.1"][0] == 1
    assert found.facts["described_but_not_in_the_table"] == ["weight"]


def test_form_range_and_codes_are_told_apart(tmp_path: Path) -> None:
    rows = [row.replace(",F,", ",X,", 1) if 50 <= n < 70 else row for n, row in enumerate(lines())]
    rows = [row.replace(",2022-", ",22-", 1) if n < 12 else row for n, row in enumerate(rows)]
    options = dictionary(sex={"enum": ["F", "M"]}, age={"maximum": 59})
    found = run(write(tmp_path, rows), options)
    assert variable(found, "admitted")["malformed"] == {"count": 12, "of": 100, "percent": 12.0}
    assert variable(found, "sex")["implausible"] == {"count": 10, "of": 100, "percent": 10.0}
    old = sum(40 + n % 50 % 30 > 59 for n in range(20, 100))
    assert variable(found, "age")["implausible"] == {"count": old, "of": 100, "percent": float(old)}
    assert levels(found)["Q4.6.1"] == (2, 98.2)  # 688 of 700
    assert levels(found)["Q4.4.1"] == (1, (200 - 10 - old) * 1000 // 200 / 10)


def test_a_required_value_that_is_missing_is_no_valid_one(tmp_path: Path) -> None:
    found = run(write(tmp_path, lines()), dictionary(age={"required": True}))
    assert levels(found)["Q4.6.1"] == (2, 97.5)  # 780 of 800


def test_not_applicable_is_not_missing(tmp_path: Path) -> None:
    rows = [row.replace(",,", ",-8,") for row in lines()]
    found = run(write(tmp_path, rows), not_applicable=("-8",))
    assert variable(found, "age")["not_applicable"] == {"count": 20, "of": 100, "percent": 20.0}
    assert levels(found)["Q4.3.1"] == (1, 100.0)
    found = run(write(tmp_path, rows), missing=("-8",))
    assert levels(found)["Q4.3.1"] == (1, 97.1)


def test_what_must_come_before_what(tmp_path: Path) -> None:
    rows = [f"{n},P{n},F,1,2022-03-0{1 + n % 9},2022-03-0{5 if n % 2 else 9},2022-05-01" for n in range(90)]
    found = run(write(tmp_path, rows), rules=(comparison("admitted <= discharged"),))
    broken = sum((1 + n % 9) > (5 if n % 2 else 9) for n in range(90))
    assert found.facts["rules"][0]["broken"]["count"] == broken == 20
    assert levels(found)["Q4.4.1"] == (1, 77.7)


@pytest.mark.parametrize(
    ("copies", "options", "expected"),
    [
        (0, {"key": ("id",)}, (2, 0.0)),
        (0, {}, (1, 0.0)),
        (10, {"key": ("id",)}, (1, 1.0)),
        (12, {"key": ("id",)}, (0, 1.2)),
        (3, {"key": ("id",)}, (1, 0.9)),  # withheld, counted as the nine it could be
    ],
)
def test_duplicates(tmp_path: Path, copies: int, options: dict[str, object], expected: tuple[int, float]) -> None:
    rows = [f"{n},P{n},F,1,2022-03-01,2022-03-02,2022-05-01" for n in range(1000 - copies)]
    found = run(write(tmp_path, rows + [row[:-1] + "2" for row in rows[:copies]]), **options)
    assert levels(found)["L-b1"] == expected


def test_few_records_that_are_not_copies_are_not_told_by_their_copies(tmp_path: Path) -> None:
    rows = [f"{n % 3},P,F,1,a,b,c" for n in range(60)]
    found = run(write(tmp_path, rows), key=("id",))
    assert found.facts["duplicates"]["repeated"] == {"more_than": 50, "of": 60}
    assert levels(found)["L-b1"] == (0, 98.3)


def test_time(tmp_path: Path) -> None:
    said = Declared(date(2022, 1, 1), date(2022, 12, 31), True, "ANNUAL")
    path = write(tmp_path, lines())
    found = run(path, person="person", event="admitted", added="added", declared=said)
    assert levels(found) == levels(found) | {"L-d2": (2, 100.0), "L-e1": (2, 45.0), "L-d1": (2, None), "L-b2": (1, 2.0)}
    assert found.facts["period"]["years"] == {"first": 2022, "last": 2022}
    later = run(path, person="person", event="admitted", declared=replace(said, frequency="QUARTERLY"))
    assert levels(later)["L-b2"][0] == 1
    other = run(path, event="admitted", declared=replace(said, start=date(2010, 1, 1)))
    assert levels(other)["L-d1"][0] == 1
    none = run(path, event="admitted", declared=replace(said, frequency="IRREG"))
    assert "L-b2" not in levels(none)


@pytest.mark.parametrize(("days", "level"), [(0, 3), (30, 3), (31, 2), (91, 2), (92, 1), (183, 1), (184, 0)])
def test_levels_of_the_lag(tmp_path: Path, days: int, level: int) -> None:
    rows = [f"{n},P{n},F,1,2022-01-01,2022-01-01,{date(2022, 1, 1) + timedelta(days=days)}" for n in range(20)]
    assert levels(run(write(tmp_path, rows), event="admitted", added="added"))["L-e1"] == (level, float(days))


@pytest.mark.parametrize(
    ("eligible", "expected"),
    [(50, (3, 100.0)), (52, (3, 96.1)), (55, (2, 90.9)), (60, (1, 83.3)), (63, (0, 79.3))],
)
def test_coverage(tmp_path: Path, eligible: int, expected: tuple[int, float]) -> None:
    assert levels(run(write(tmp_path, lines()), person="person", eligible=eligible))["Q2.1.1"] == expected


def test_more_persons_than_there_can_be_is_no_coverage(tmp_path: Path) -> None:
    assert "Q2.1.1" not in levels(run(write(tmp_path, lines()), person="person", eligible=40))


def test_persons_by_group(tmp_path: Path) -> None:
    found = run(write(tmp_path, lines()), person="person", subgroups=("sex",))
    assert found.facts["subgroups"] == {"sex": {"F": 25, "M": 25}}
    assert levels(found)["L-c2"] == (1, None)
    few = [row.replace(",M,", ",U,") if row.split(",")[1] in ("P01", "P03") else row for row in lines()]
    found = run(write(tmp_path, few), person="person", subgroups=("sex",))
    assert found.facts["subgroups"] == {"sex": {"F": 25}}
    assert "L-c2" not in levels(found)


def test_a_code_for_nothing_is_no_key(tmp_path: Path) -> None:
    rows = [row.replace(f"{n},", "NA,", 1) if n < 20 else row for n, row in enumerate(lines())]
    for codes in ({"missing": ("NA",)}, {"not_applicable": ("NA",)}):
        found = run(write(tmp_path, rows), key=("id",), **codes)
        assert found.facts["duplicates"]["without_key"]["count"] == 20
        assert levels(found)["L-b1"] == (1, 0.0)


def test_one_person_moves_neither_the_period_nor_the_newest_day(tmp_path: Path) -> None:
    odd = ["900,P90,F,50,1999-01-01,1999-01-02,1999-01-03", "901,P91,F,50,2024-01-10,2024-01-10,2024-01-10"]
    change: dict[str, object] = {"event": "admitted", "declared": Declared(frequency="MONTHLY")}
    for person in ("", "person"):
        found = run(write(tmp_path, lines() + odd), person=person, **change)
        assert found.facts["period"]["years"] == {"first": 2022, "last": 2022}
        assert found.facts["update_intervals_behind"] > 10


def test_records_added_before_they_were_collected_are_counted(tmp_path: Path) -> None:
    rows = [f"{n},P{n},F,1,2022-03-10,2022-03-10,2022-0{2 if n < 12 else 4}-10" for n in range(40)]
    found = run(write(tmp_path, rows), event="admitted", added="added").facts["collection_to_inclusion"]
    assert found["added_before_collected"]["count"] == 12
    assert (found["mean_days"], found["median_days"]) == (31, 31)


def test_many_groups_are_none(tmp_path: Path) -> None:
    rows = [f"{n},P{n},G{n // 12},1,a,b,c" for n in range(12 * 51)]
    found = run(write(tmp_path, rows), person="person", subgroups=("sex",))
    assert found.facts["subgroups"] == {}
    assert "sex has too many values to be groups" in {gap.why for gap in found.gaps}


def test_numbers_in_another_spelling_and_limits_of_a_datatype(tmp_path: Path) -> None:
    fields = [
        {"name": "a", "type": "number", "decimalChar": ",", "groupChar": ".", "constraints": {"maximum": "1.500,5"}},
        {"name": "b", "type": "byte"},
    ]
    options = replace(OPTIONS, dictionary=read_json(json.dumps({"fields": fields}).encode(), "d.json"))
    rows = [f"{'1.500,25' if n < 20 else '1.600'};{127 if n < 15 else 128}" for n in range(40)]
    found = run(write(tmp_path, rows, "a;b"), options)
    assert variable(found, "a")["malformed"]["count"] == 0  # type: ignore[index]
    assert variable(found, "a")["implausible"]["count"] == 20  # type: ignore[index]
    assert variable(found, "b")["malformed"]["count"] == 25  # type: ignore[index]


def test_a_parquet_file_says_what_its_csv_says(tmp_path: Path) -> None:
    path = write(tmp_path, lines())
    other = tmp_path / "visits.parquet"
    duckdb.read_csv(str(path)).write_parquet(str(other))
    change: dict[str, object] = {"person": "person", "event": "admitted", "added": "added", "subgroups": ("sex",)}
    one, two = (run(file, dictionary(age={"maximum": 59}), **change) for file in (path, other))
    assert (one.facts, one.answers) == (two.facts, two.answers)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_quotes_and_a_byte_order_mark(tmp_path: Path, separator: str) -> None:
    rows = [f'"{n}"{separator}"a{separator}b ""c""\nd"' for n in range(30)]
    path = write(tmp_path, rows, f"\ufeffn{separator}text", "t.tsv" if separator == "\t" else "t.csv")
    assert run(path).facts["records"] == 30


# --- what may not make a difference ----------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(tmp_path: Path, chance: random.Random) -> None:
    options = dictionary(age={"maximum": 59})
    change: dict[str, object] = {"person": "person", "event": "admitted", "added": "added", "subgroups": ("sex",)}
    rows = lines()
    first = run(write(tmp_path, rows), options, **change)
    chance.shuffle(rows)
    assert run(write(tmp_path, rows), options, **change) == first


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 9), st.integers(1, 9))
def test_tables_that_differ_only_in_what_is_withheld_say_the_same(tmp_path: Path, one: int, other: int) -> None:
    def table(few: int) -> Path:
        rows = [f"{n},P{n},{'F' if n % 2 else 'M'},{'' if n < few else 50 + n % 2},a,b,c" for n in range(60)]
        return write(tmp_path, rows)

    assert run(table(one), dictionary()) == run(table(other), dictionary())


# --- what must not leave ---------------------------------------------------------------------------------------------

PLANTED = ("ZORBLAX", "zz-4711", "1941-02-03", "2019-08-23", "ZORBTOWN")


def everything(profile: Profile) -> str:
    return repr(profile) + json.dumps(profile.facts)


def test_no_value_of_a_person_leaves(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [f"{n},P{n % 40},town {n % 2},1980-01-01,2019-05-{1 + n % 28:02d}" for n in range(80)]
    rows += ["9999,zz-4711 ZORBLAX,ZORBTOWN,1941-02-03,2019-08-23"] * 2
    path = write(tmp_path, rows, "id,person,town,born,seen")
    found = run(path, person="person", event="seen", subgroups=("town", "born"), key=("id",), added="seen")
    left = everything(found) + "".join(capfd.readouterr())
    assert [word for word in PLANTED if word in left] == []
    assert "2019" in left  # a year that many share may


@pytest.mark.parametrize(
    "bad",
    ["9,zz-4711", '9,"zz-4711 ZORBLAX', "9,zz-4711,ZORBTOWN,1,2,3,4,5,6,7", "9,zz-4711 ZORBLAX\udcff,1,1,1,1,1"],
)
def test_an_error_quotes_no_record(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes("\n".join([HEADER, *lines(), bad, ""]).encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput) as caught:
        run(path)
    assert [word for word in PLANTED if word in str(caught.value)] == []
    assert "line 102" in str(caught.value)


def test_a_table_without_header_is_refused_without_being_quoted(tmp_path: Path) -> None:
    path = write(tmp_path, lines()[1:], "4711,ZORBLAX,F,50,1941-02-03,2019-08-23,2020-01-01")
    with pytest.raises(BadInput, match="perhaps the table has no header") as caught:
        run(path)
    assert [word for word in (*PLANTED, "4711") if word in str(caught.value)] == []


@pytest.mark.parametrize("person", ["", "person"])
def test_nothing_is_said_of_few(tmp_path: Path, person: str) -> None:
    rows = lines() if person else lines()[:9]
    found = run(write(tmp_path, [r.replace(",P", ",P0") for r in rows] if not person else rows[:9]), person=person)
    assert found.answers == ()
    assert found.facts == {"threshold": 10}


def test_no_temporary_copy_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spill = tmp_path / "tmp"
    spill.mkdir()
    monkeypatch.setattr(_table_reading.tempfile, "tempdir", str(spill))
    run(write(tmp_path, lines()))
    assert list(spill.iterdir()) == []


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"a,b\n", None),
        (b"a,b\n1,2\n3\n", "has 1 values, not 2"),
        (b"a,b\n1,2,3\n", "has 3 values, not 2"),
        (b"a,b\n1,\xff\n", "UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-8"),
        (b'a,b\n1,"2\n', "quoted value"),
        (b"a,a\n1,2\n", "same name"),
        (b"a,\n1,2\n", "no name"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, what: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    if what is None:
        assert run(path).answers == ()
        return
    with pytest.raises(BadInput, match=what):
        run(path)


def test_a_parquet_file_cut_short(tmp_path: Path) -> None:
    whole = tmp_path / "t.parquet"
    duckdb.sql("SELECT range AS n FROM range(1000)").write_parquet(str(whole))
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(BadInput, match="not a whole Parquet file"):
        run(whole)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"key": ("nr",)}, "--key"),
        ({"person": "nr"}, "--person"),
        ({"event": "nr"}, "--event"),
        ({"event": "sex"}, "--event"),
        ({"person": "person", "subgroups": ("nr",)}, "--subgroup"),
        ({"person": "person", "subgroups": ("person",)}, "--subgroup"),
        ({"rules": (comparison("nr <= age"),)}, "rule nr <= age"),
        ({"rules": (comparison("sex <= person"),)}, "rule sex <= person"),
    ],
)
def test_columns_that_are_not_there_or_not_fit(tmp_path: Path, change: dict[str, object], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        run(write(tmp_path, lines()), **change)
    assert caught.value.where == where


def test_a_pattern_or_limit_that_cannot_be_used(tmp_path: Path) -> None:
    for limits in ({"sex": {"pattern": "("}}, {"age": {"minimum": "young"}}):
        with pytest.raises(BadInput, match=r"cannot be used|is no whole number"):
            run(write(tmp_path, lines()), dictionary(**limits))


def test_names_of_columns_are_never_part_of_a_query(tmp_path: Path) -> None:
    header = 'id,"c0""; DROP TABLE t; --",\'x\',"a b","SELECT"'
    rows = [f"{n},P{n},F,1,2022-01-01" for n in range(20)]
    found = run(write(tmp_path, rows, header), person='c0"; DROP TABLE t; --', event="SELECT", subgroups=("'x'",))
    assert found.facts["persons"] == 20


def test_without_duckdb_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(ConfigurationError, match="DuckDB") as caught:
        run(write(tmp_path, lines()))
    assert "ehds-catalogue[profile]" in caught.value.remedy
