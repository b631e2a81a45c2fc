"""OMOP databases: what is said, what is counted, and that no small group of persons can be seen."""

from __future__ import annotations

import csv
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.dictionary import Kind, read_graph
from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.model import Description, Harvested, Login, NoteKind, Rejected, Severity, Source
from catalogue.names import CAT, CV, DCAT, DCATAP, DCT, DQV, EU, EUCAIM, FOAF, HDEU, HEALTH
from catalogue.ports import Past
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator
from catalogue.stated import stated
from harvesters._omop_counts import ALWAYS, TABLES
from harvesters._omop_dictionary import fields as omop_fields
from harvesters.omop import OmopHarvester
from tests.kinds.omop import FEW, SOURCE, Rows, database, source


def harvest(node: Source) -> list[Harvested]:
    return list(OmopHarvester().harvest(node, Fetcher(Limits(attempts=1)).visit(node, Past())))


def description(node: Source) -> Description:
    [one] = harvest(node)
    assert isinstance(one, Description), one
    return one


def texts(one: Description, predicate: NamedNode) -> set[str]:
    return {str(term.value) for term in one.graph.objects(NamedNode(one.iri), predicate)}


def groups(one: Description, metric: NamedNode) -> dict[str, int]:
    """Group -> count of what a metric measured."""
    graph, found = one.graph, {}
    for node in graph.objects(NamedNode(one.iri), DQV.hasQualityMeasurement):
        if not isinstance(node, Literal) and graph.value(node, DQV.isMeasurementOf) == metric:
            category = graph.value(node, CAT.category)
            assert category is not None
            found[str(category.value)] = int(graph.text(node, DQV.value) or "")
    return found


def period(one: Description) -> tuple[str | None, ...] | None:
    """First and last year."""
    graph = one.graph
    stated = graph.value(NamedNode(one.iri), DCT.temporal)
    return None if stated is None else tuple(graph.text(stated, edge) for edge in (DCAT.startDate, DCAT.endDate))


def spoilt(path: Path, *statements: str, rows: Rows | None = None) -> Source:
    """A node whose database was changed."""
    with closing(sqlite3.connect(database(path / "omop.sqlite", rows))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return source(path / "omop.sqlite")


def test_a_database_becomes_a_dataset(tmp_path: Path) -> None:
    one = description(source(database(tmp_path / "omop.sqlite")))
    assert one.iri == "http://127.0.0.1/dataset/icu/EX-ICU"
    assert texts(one, DCT.title) == {SOURCE[0]}
    assert texts(one, DCT.identifier) == {"EX-ICU"}
    assert texts(one, DCT.modified) == {"2026-01-15"}
    assert texts(one, FOAF.page) == {"https://hospital.example/omop"}
    assert texts(one, DCAT.theme) == {EU + "data-theme/HEAL"}
    assert HDEU + "standard/OMOP-CDM" in texts(one, DCT.conformsTo)
    assert {HDEU + "coding-system/LOINC", HDEU + "coding-system/SNOMED-CT"} <= texts(one, HEALTH.hasCodingSystem)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"60"}
    assert texts(one, HEALTH.numberOfRecords) == {"130"}
    assert texts(one, HEALTH.minTypicalAge) == {"40"}
    assert texts(one, HEALTH.maxTypicalAge) == {"59"}
    assert set(groups(one, CAT.personsBySex).values()) == {30}
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.COM1001366.value, EUCAIM.COM1001370.value}
    assert groups(one, CAT.personsByAge) == {"40-44": 15, "45-49": 15, "50-54": 15, "55-59": 15}
    assert period(one) == ("2021", "2022")
    assert texts(one, DCT.spatial) == {EU + "country/DEU"}
    assert texts(one, HEALTH.healthCategory) == {HDEU + "healthcategories/EHRS"}


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


def test_several_sources_are_told(tmp_path: Path) -> None:
    older = ("Older", "OLD", *SOURCE[2:7], "2025-01-01", *SOURCE[8:])
    first, second = harvest(source(database(tmp_path / "omop.sqlite", Rows(sources=[older, SOURCE]))))
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert "'Older'" in second.where


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


def test_a_source_without_a_name_is_rejected(tmp_path: Path) -> None:
    [one] = harvest(source(database(tmp_path / "omop.sqlite", Rows(sources=[("", "X", *SOURCE[2:])]))))
    assert isinstance(one, Rejected)
    assert "cdm_source_name" in one.problem


def test_the_dashboard_is_evidence(tmp_path: Path, shared: Path, rulebook: Rulebook) -> None:
    results = shared / "nodes" / "icu_omop" / "synthetic" / "dqd_results_synthetic.json"
    one = description(source(database(tmp_path / "omop.sqlite"), dqd=str(results)))
    answers, _ = stated(NamedNode(one.iri), one.graph, rulebook)
    assert {answer.criterion.rsplit("/", 1)[1] for answer in answers} >= {"Q4.3.1"}
    assert {str(answer.given) for answer in answers} == {"2026-01-01"}
    assert all(answer.figure is not None for answer in answers)


@pytest.mark.parametrize(
    ("content", "words"), [("[]", "which day"), ('{"startTimestamp": "2026-01-01"}', "no results")]
)
def test_what_is_no_result_of_the_dashboard_is_noted(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "dqd.json").write_text(content, "utf-8")
    one = description(source(database(tmp_path / "omop.sqlite"), dqd=str(tmp_path / "dqd.json")))
    assert [note for note in one.notes if note.field == "dqd" and words in note.reason]


# --- what may be seen ------------------------------------------------------------------------------------------------


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


# --- countries, dictionary, rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["DE", "DEU", "Deutschland", "germany"])
def test_countries_are_read_by_name_and_code(tmp_path: Path, said: str) -> None:
    one = description(spoilt(tmp_path, f"UPDATE location SET country_concept_id = 0, country_source_value = '{said}'"))
    assert texts(one, DCT.spatial) == {EU + "country/DEU"}


def test_countries_that_cannot_be_read_are_noted_and_not_quoted(tmp_path: Path) -> None:
    one = description(spoilt(tmp_path, "UPDATE location SET country_concept_id = 0, country_source_value = 'CANARY'"))
    assert not texts(one, DCT.spatial)
    [note] = [note for note in one.notes if note.field == "location"]
    assert "CANARY" not in repr(note)


def test_countries_of_care_sites_count_too(tmp_path: Path) -> None:
    one = description(
        spoilt(
            tmp_path,
            "UPDATE person SET location_id = NULL",
            "ALTER TABLE person ADD COLUMN care_site_id DEFAULT 7",
            "CREATE TABLE care_site (care_site_id, care_site_name, location_id)",
            "INSERT INTO care_site VALUES (7, 'CANARY', 1)",
        )
    )
    assert texts(one, DCT.spatial) == {EU + "country/DEU"}


@pytest.mark.parametrize("lost", ["concept", "location", "note"])
def test_a_database_without_optional_tables_is_described(tmp_path: Path, lost: str) -> None:
    one = description(spoilt(tmp_path, f"DROP TABLE {lost}"))
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"60"}


def test_the_tables_are_the_data_dictionary(tmp_path: Path) -> None:
    one = description(spoilt(tmp_path, "ALTER TABLE person ADD COLUMN ward"))
    found = read_graph(one.graph, one.graph.objects(NamedNode(one.iri), HEALTH.hasVariables))
    assert {name for table in found.tables for name in table.names} == {
        "Person", "Observation period", "Measurement", "Note",
    }  # fmt: skip
    [person] = [table for table in found.tables if "Person" in table.names]
    assert {(v.name, v.kind) for v in person.variables} >= {("year_of_birth", Kind.INTEGER)}
    assert person.variable("ward") is None
    assert any(note.field == "person.ward" and note.kind is NoteKind.UNMAPPED for note in one.notes)


def test_the_fields_are_those_of_the_data_model(shared: Path) -> None:
    folder = shared / "nodes" / "icu_omop" / "OHDSI__DataQualityDashboard" / "inst" / "csv"
    kinds = {"integer": "integer", "bigint": "integer", "date": "date", "datetime": "dateTime", "float": "decimal"}
    fields = omop_fields()
    official: dict[str, dict[str, str]] = {table: {} for table in fields}
    with (folder / "OMOP_CDMv5.4_Field_Level.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["cdmTableName"].lower() in official:
                kind = kinds.get(row["cdmDatatype"].strip().lower(), "string")
                official[row["cdmTableName"].lower()][row["cdmFieldName"].lower()] = kind
    assert set(fields) == {*ALWAYS, *TABLES}
    for table, known in fields.items():
        assert official[table].items() <= known.items()
        earlier = set(known) - set(official[table])
        assert not earlier or table in ("visit_occurrence", "visit_detail"), "CDM 5.3 differs in these two only"


def test_what_the_harvester_says_keeps_the_rules(tmp_path: Path, rulebook: Rulebook) -> None:
    one = description(source(database(tmp_path / "omop.sqlite")))
    profile = rulebook.profile_for(one.graph, NamedNode(one.iri))
    report = CompiledValidator({profile.iri: profile.shapes}, rulebook.vocabulary).validate(one.graph, profile.iri)
    owed = {DCT.accessRights, DCATAP.applicableLegislation, DCAT.distribution, HEALTH.hdab, DCT.publisher}
    assert {finding.path for finding in report.of(Severity.VIOLATION)} == {path.value for path in owed}


DEFAULTS = """
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<urn:template> dct:publisher [ a foaf:Agent ; foaf:name "%s" ;
    cv:contactPoint [ a cv:ContactPoint ; cv:contactPage <https://hospital.example/> ] ] .
"""


@pytest.mark.parametrize(("name", "contacts"), [("EXAMPLE hospital", 1), ("Another", 0)])
def test_the_node_may_describe_the_holder(tmp_path: Path, name: str, contacts: int) -> None:
    node = source(database(tmp_path / "omop.sqlite"))
    defaults = Graph(parse((DEFAULTS % name).encode(), "text/turtle", where="defaults"))
    one = description(replace(node, defaults=defaults, template=NamedNode("urn:template")))
    [publisher] = one.graph.objects(NamedNode(one.iri), DCT.publisher)
    assert len(one.graph.objects(publisher, CV.contactPoint)) == contacts
    assert any(note.field == "cdm_holder" for note in one.notes) == bool(contacts)


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
