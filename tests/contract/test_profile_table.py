"""Profiles of tables, against figures computed by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from catalogue.dictionary_json import read_json
from catalogue.profiling import Declared, comparison
from catalogue.quality import Basis
from tests.contract.tables import OPTIONS, TODAY, dictionary, levels, lines, run, variable, write

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
