"""An OMOP database in a real PostgreSQL, in the tables of the official data definition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Canonical
from catalogue.model import Login
from harvesters import _omop_database
from harvesters._omop_database import opened
from tests.contract.test_omop import description, harvest, period
from tests.kinds.omop import CONCEPT_SET, FEW, TABLES, Rows, database, source

pytestmark = pytest.mark.live


def definitions(shared: Path) -> list[str]:
    """The statements that make the tables of the CDM."""
    scripts = shared / "nodes" / "icu_omop" / "indicate-eu__indicate-spe" / "scripts"
    text = (scripts / "02_omop_cdm_tables.sql").read_text("utf-8")
    tables = re.findall(r"CREATE TABLE [a-z_]+ \(.*?\n\);", text, re.DOTALL)
    assert len(tables) > 30
    return tables


@pytest.fixture
def filled(postgres: str, shared: Path) -> Iterator[str]:
    """The address of a database with a schema ``cdm``, and an account ``reader`` that may read it."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA cdm")
        connection.execute("SET search_path TO cdm")
        for table in definitions(shared):
            connection.execute(table)  # type: ignore[arg-type]
        for table, row in Rows(few=FEW).tables():
            marks = ", ".join(["%s"] * len(row))
            connection.execute(f"INSERT INTO {table} ({TABLES[table]}) VALUES ({marks})", row)  # type: ignore[arg-type]
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'pass-4711'")
        connection.execute("GRANT USAGE ON SCHEMA cdm TO reader")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA cdm TO reader")
        yield re.sub(r"//\w+@", "//", postgres)
        connection.execute("DROP SCHEMA cdm CASCADE")
        connection.execute("DROP OWNED BY reader")
        connection.execute("DROP ROLE reader")


def test_postgresql_and_sqlite_are_described_alike(filled: str, shared: Path, tmp_path: Path) -> None:
    login = Login("reader", "pass-4711")
    (tmp_path / "set.json").write_text(json.dumps(CONCEPT_SET), "utf-8")
    options = {"concept-sets": str(tmp_path / "set.json")}
    one = description(replace(source(filled, schema="cdm", **options), login=login))
    other = description(source(database(tmp_path / "omop.sqlite", Rows(few=FEW), definitions(shared)), **options))
    assert len(json.loads(one.original.content)["counted"]["concept_sets"]) == 1
    assert Canonical(one.graph).content == Canonical(other.graph).content
    assert one.original.content == other.original.content
    assert one.notes == other.notes


def test_periods_without_end_have_no_last_year(filled: str, postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("UPDATE cdm.observation_period SET observation_period_end_date = 'infinity'")
    one = description(replace(source(filled, schema="none, cdm"), login=Login("reader", "pass-4711")))
    assert period(one) == ("2021", "2021")


def test_nothing_can_be_written_and_no_question_lasts(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_omop_database, "SECONDS", 1)
    node = replace(source(filled, schema="cdm"), login=Login("reader", "pass-4711"))
    for statement, state in (("CREATE TABLE cdm.t (n INTEGER)", "25006"), ("SELECT pg_sleep(20)", "57014")):
        with opened(node) as database, pytest.raises(SourceUnavailable, match=state):
            database._ask(statement)


def test_the_account_needs_no_more_than_to_read(filled: str, postgres: str) -> None:
    login = Login("reader", "pass-4711")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON cdm.person FROM reader")
    with pytest.raises(SourceUnavailable, match="InsufficientPrivilege, 42501"):
        harvest(replace(source(filled, schema="cdm"), login=login))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda address: re.sub(r":\d+/", ":1/", address), "OperationalError"),
        (lambda address: address.replace("//", "//reader:CANARY@"), "the endpoint holds a password"),
        (lambda address: address.replace("postgres?", "none?") + "x", "OperationalError"),
    ],
)
def test_what_cannot_be_reached_is_said(filled: str, change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceUnavailable, match=words) as caught:
        harvest(replace(source(change(filled), schema="cdm"), login=Login("reader", "pass-4711")))
    assert "pass-4711" not in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_the_schema_must_be_right(filled: str) -> None:
    with pytest.raises(SourceUnavailable, match="there is no table CDM_SOURCE"):
        harvest(replace(source(filled, schema="other"), login=Login("reader", "pass-4711")))
