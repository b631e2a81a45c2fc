"""OMOP databases: what is said of them, what is counted, and what stands beside them."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.dictionary import Kind, read_graph
from catalogue.errors import SourceUnavailable
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Description, Harvested, NoteKind, Rejected, Severity, Source
from catalogue.names import CAT, CV, DCAT, DCATAP, DCT, DQV, EU, EUCAIM, FOAF, HDEU, HEALTH
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator
from catalogue.stated import stated
from harvesters._omop_counts import ALWAYS, TABLES
from harvesters._omop_dictionary import fields as omop_fields
from tests.contract.harvesting import groups, harvested, only, texts
from tests.kinds.omop import CONCEPTS, FEW, SOURCE, Rows, database, source


def harvest(node: Source) -> list[Harvested]:
    return harvested(node)


def description(node: Source) -> Description:
    return only(harvest(node))


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


def test_several_sources_are_told(tmp_path: Path) -> None:
    older = ("Older", "OLD", *SOURCE[2:7], "2025-01-01", *SOURCE[8:])
    first, second = harvest(source(database(tmp_path / "omop.sqlite", Rows(sources=[older, SOURCE]))))
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert "'Older'" in second.where


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


# --- concept sets of a data dictionary -------------------------------------------------------------------------------


def concept_set(folder: Path, file: str, *items: dict[str, object], **more: object) -> None:
    """A file as the tools of OHDSI write it."""
    folder.mkdir(exist_ok=True)
    (folder / f"{file}.json").write_text(json.dumps({"name": file, "expression": {"items": items}, **more}), "utf-8")


def item(concept: int, **flags: bool) -> dict[str, object]:
    return {"concept": {"conceptId": concept}, **flags}


def test_concept_sets_with_data_are_keywords(tmp_path: Path, shared: Path) -> None:
    folder, (heart, same, rare) = tmp_path / "sets", (one for one, _, _ in CONCEPTS[:3])
    above = 4000
    translated = {"translations": {"en": {"name": "Heart rate"}, "fr": {"name": "Fréquence cardiaque"}}}
    concept_set(folder, "a", item(heart), metadata=translated)
    concept_set(folder, "b below", item(above, includeDescendants=True))
    concept_set(folder, "c not below", item(above))
    concept_set(folder, "d all but", item(above, includeDescendants=True), item(same, isExcluded=True))
    concept_set(folder, "e rare", item(rare))
    for official in (shared / "nodes" / "icu_omop" / "indicate-eu__data-dictionary" / "concept_sets").iterdir():
        (folder / f"official-{official.name}").write_bytes(official.read_bytes())
    node = spoilt(
        tmp_path,
        "CREATE TABLE concept_ancestor (ancestor_concept_id, descendant_concept_id)",
        f"INSERT INTO concept_ancestor VALUES ({above}, {same}), ({same}, {same})",
        rows=Rows(few=FEW),
    )
    one = description(replace(node, options={"concept-sets": str(folder)}))
    assert texts(one, DCAT.keyword) == {"Heart rate", "Fréquence cardiaque", "b below"}
    [share] = [
        one.graph.text(measured, DQV.value)
        for measured in one.graph.objects(NamedNode(one.iri), DQV.hasQualityMeasurement)
        if one.graph.value(measured, DQV.isMeasurementOf) == CAT.conceptSetCoverage
    ]
    assert share == "0.29"
    concept_set(folder, "a", item(1))
    assert texts(description(replace(node, options={"concept-sets": str(folder)})), DCAT.keyword) == {"b below"}


def test_a_concept_set_of_another_name_is_a_reason_to_describe_anew(tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    node = source(database(tmp_path / "omop.sqlite"), **{"concept-sets": str(folder)})
    seen = set()
    for name in ("Heart rate", "Pulse"):
        concept_set(folder, "one", item(CONCEPTS[0][0]), name=name)
        one = description(node)
        assert texts(one, DCAT.keyword) == {name}
        seen.add(one.original.container)
    assert len(seen) == 2


def test_files_that_are_no_concept_sets_are_noted(tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    concept_set(folder, "good", item(CONCEPTS[0][0]))
    (folder / "resolved.json").write_text('{"conceptSetId": 1}', "utf-8")
    (folder / "text.json").write_text("no", "utf-8")
    one = description(source(database(tmp_path / "omop.sqlite"), **{"concept-sets": str(folder)}))
    assert texts(one, DCAT.keyword) == {"good"}
    noted = {n.raw: n.reason for n in one.notes if n.field == "concept-sets" and n.kind is NoteKind.UNMAPPED}
    assert set(noted) == {"resolved.json", "text.json"}
    with pytest.raises(SourceUnavailable):
        harvest(source(tmp_path / "omop.sqlite", **{"concept-sets": str(tmp_path / "none")}))


def test_an_older_data_model_is_described(tmp_path: Path) -> None:
    lost = {"cdm_source": "cdm_version_concept_id", "location": "country_concept_id"}
    one = description(
        spoilt(
            tmp_path,
            *(f"ALTER TABLE {table} DROP COLUMN {column}" for table, column in lost.items()),
            "ALTER TABLE location DROP COLUMN country_source_value",
            "CREATE TABLE visit_occurrence (visit_occurrence_id, person_id, visit_type_concept_id, "
            "admitting_source_value)",
            "INSERT INTO visit_occurrence SELECT person_id, person_id, 32810, 0 FROM person",
        )
    )
    assert not texts(one, DCT.spatial)
    assert texts(one, HEALTH.healthCategory) == {HDEU + "healthcategories/" + code for code in ("EHRS", "HRAD")}
    assert not [note for note in one.notes if note.field.startswith("visit_occurrence")]
