"""Profiles of tables: nothing of a person leaves, order does not matter, what is no table is refused."""

from __future__ import annotations

import json
import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import BadInput, ConfigurationError
from catalogue.profiling import Profile, comparison
from harvesters import _table_reading
from tests.contract.tables import HEADER, dictionary, lines, run, write

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
