"""OMOP databases: no small group of persons can be seen, dates are read as they are held, faults are said safely."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Login, NoteKind
from catalogue.names import CAT, DCT, EU, HDEU, HEALTH
from catalogue.ports import Past
from harvesters.omop import OmopHarvester
from tests.contract.harvesting import groups, texts
from tests.contract.test_omop import description, harvest, period, spoilt
from tests.kinds.omop import FEW, Rows, database, source

# --- what may be seen ------------------------------------------------------------------------------------------------


def test_a_table_about_few_persons_is_not_counted(tmp_path: Path) -> None:
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=9))))
    assert groups(one, CAT.recordsByTable) == {"measurement": 80, "note": 50}
    assert any(note.field == "death" and note.kind is NoteKind.SUPPRESSED for note in one.notes)
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=51))))
    assert "death" not in groups(one, CAT.recordsByTable), "nine who did not die could be counted"
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=50))))
    assert groups(one, CAT.recordsByTable) == {"death": 50, "measurement": 80, "note": 50}


def test_of_too_few_persons_nothing_is_counted(tmp_path: Path) -> None:
    one = description(source(database(tmp_path / "omop.sqlite", Rows(persons=[(40, 8507)] * 9))))
    assert (
        not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords) | texts(one, DCT.temporal)
    )
    counted = json.loads(one.original.content)["counted"]
    assert set(counted.pop("tables")) == {"person", "observation_period"}
    assert counted == {"threshold": 10, "vocabularies": [], "types": [], "countries": []}


@settings(max_examples=60, deadline=None)
@given(
    persons=st.lists(st.tuples(st.integers(0, 130), st.sampled_from((8507, 8532, 0, 8551))), max_size=70),
    measured=st.integers(0, 70),
    died=st.integers(0, 70),
    least=st.sampled_from((5, 10)),
)
def test_no_group_is_smaller_than_allowed(persons: list[tuple[int, int]], measured: int, died: int, least: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = database(Path(folder) / "omop.sqlite", Rows(persons, measured, died))
        one = description(source(path, suppress=str(least)))
    total = len(persons)
    for metric in (CAT.personsBySex, CAT.personsByAge):
        shown = groups(one, metric)
        rest = total - sum(shown.values())
        assert all(number >= least for number in shown.values())
        assert not shown or rest == 0 or rest >= least, "what was withheld can be computed"
    for table, members in (("death", min(died, total)), ("measurement", min(measured, total))):
        if table in groups(one, CAT.recordsByTable):
            assert members >= least
            assert total - members == 0 or total - members >= least
    if total < least:
        assert not groups(one, CAT.recordsByTable)
        assert not texts(one, HEALTH.numberOfUniqueIndividuals)


def test_what_few_persons_have_is_nowhere(tmp_path: Path) -> None:
    most = description(source(database(tmp_path / "omop.sqlite", Rows(few=FEW))))
    assert texts(most, DCT.spatial) == {EU + "country/DEU"}
    assert json.loads(most.original.content)["counted"]["vocabularies"] == ["LOINC", "SNOMED"]
    assert texts(most, HEALTH.healthCategory) == {HDEU + "healthcategories/EHRS"}
    assert period(most) == ("2021", "2022"), "the few who were seen longer, and the many who were not, are not told"
    many = description(source(database(tmp_path / "omop.sqlite", Rows(few=10))))
    assert texts(many, DCT.spatial) == {EU + "country/DEU", EU + "country/PRT"}
    assert "Rare" in json.loads(many.original.content)["counted"]["vocabularies"]
    assert texts(many, HEALTH.healthCategory) == {HDEU + "healthcategories/" + code for code in ("EHRS", "HRAD")}
    assert period(many) == ("2021", "2023")


@settings(max_examples=40, deadline=None)
@given(
    few=st.lists(st.integers(1, 9), min_size=2, max_size=2),
    died=st.lists(st.integers(1, 9) | st.integers(51, 59), min_size=2, max_size=2),
)
def test_databases_that_differ_in_what_is_withheld_look_alike(few: list[int], died: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "omop.sqlite"
        ages = [(40 + n % 3, 8507) for n in range(60)]
        one, other = (description(source(database(path, Rows(ages, few=few[n], died=died[n])))) for n in range(2))
    assert one.original.content == other.original.content
    assert one.original.container == other.original.container, "a digest of small numbers tells them"
    assert one.digest == other.digest
    assert one.notes == other.notes


def test_records_of_nobody_do_not_count(tmp_path: Path) -> None:
    strangers = [f"INSERT INTO death VALUES ({1000 + n}, '2022-11-05', '')" for n in range(5)]
    one = description(spoilt(tmp_path, *strangers, rows=Rows(died=55)))
    assert "death" not in groups(one, CAT.recordsByTable), "five live, which 55 persons of 60 tell"


# --- dates -----------------------------------------------------------------------------------------------------------

SECONDS = "CAST(strftime('%s', {}) AS REAL)"


@pytest.mark.parametrize(
    "form", [SECONDS, "julianday({}) - 2440587.5", "CAST(strftime('%Y%m%d', {}) AS INTEGER)", "{} || ' 00:00:00'"]
)
def test_dates_are_read_however_sqlite_holds_them(tmp_path: Path, form: str) -> None:
    usual = description(source(database(tmp_path / "omop.sqlite")))
    dates = {"observation_period": ("observation_period_start_date", "observation_period_end_date")}
    dates["cdm_source"] = ("cdm_release_date", "source_release_date")
    changes = [f"UPDATE {t} SET {c} = {form.format(c)}" for t, columns in dates.items() for c in columns]
    one = description(spoilt(tmp_path, *changes))
    assert one.digest == usual.digest
    assert one.notes == usual.notes


@pytest.mark.parametrize("value", ["'CANARY'", "NULL", "x'00ff'", "1e300", "''"])
def test_what_is_no_date_gives_no_year(tmp_path: Path, value: str) -> None:
    edges = ("observation_period_start_date", "observation_period_end_date")
    one = description(spoilt(tmp_path, *(f"UPDATE observation_period SET {edge} = {value}" for edge in edges)))
    assert period(one) is None
    assert not texts(one, HEALTH.minTypicalAge)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"60"}


def test_years_after_the_release_are_placeholders(tmp_path: Path) -> None:
    one = description(spoilt(tmp_path, "UPDATE observation_period SET observation_period_end_date = '2099-12-31'"))
    assert period(one) == ("2021", "2021")
    assert [n for n in one.notes if n.kind is NoteKind.UNMAPPED and n.field == "observation_period"]


# --- what cannot be reached ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("postgresql://h:port/db", "no address|cannot be read"),
        ("postgresql://[::1/db", "no address|cannot be read"),
        ("postgresql://127.0.0.1/db?nosuch=1", "no address"),
        ("postgresql://reader:CANARY@127.0.0.1:1/db", "holds a password"),
        ("postgresql://reader:CANARY@h:port/db", "holds a password"),
        ("postgresql://127.0.0.1:1/db?password=CANARY", "holds a password"),
        ("postgresql://127.0.0.1:1/db?sslpassword=CANARY&x", "holds a password"),
        ("postgresql://[reader:CANARY@h/db", "holds a password"),
        ("postgresql://127.0.0.1:1/db", "OperationalError"),
    ],
)
def test_an_endpoint_that_leads_nowhere_is_said_without_its_secrets(endpoint: str, words: str) -> None:
    node = replace(source(endpoint), login=Login("reader", "pass-4711"))
    web = Fetcher(Limits(attempts=1)).visit(source("x"), Past())
    with pytest.raises(SourceUnavailable, match=words) as caught:
        list(OmopHarvester().harvest(node, web))
    assert "CANARY" not in str(caught.value)
    assert "pass-4711" not in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("DROP TABLE person", "there is no table PERSON"),
        ("DELETE FROM cdm_source", "CDM_SOURCE is empty"),
        ("ALTER TABLE person DROP COLUMN year_of_birth", "cannot be read"),
    ],
)
def test_what_is_no_whole_database_is_said(tmp_path: Path, spoil: str, words: str) -> None:
    with pytest.raises(SourceUnavailable, match=words):
        harvest(spoilt(tmp_path, spoil))


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        harvest(source(tmp_path / "none.sqlite"))
    (tmp_path / "text.sqlite").write_text("CANARY" * 500, "utf-8")
    with pytest.raises(SourceUnavailable, match="DatabaseError") as caught:
        harvest(source(tmp_path / "text.sqlite"))
    assert "CANARY" not in str(caught.value)
