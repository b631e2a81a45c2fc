"""OMOP databases: what is said, what is counted, and that no small group of persons can be seen."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected, Source
from catalogue.names import CAT, DCAT, DCT, DQV, EU, EUCAIM, FOAF, HDEU, HEALTH
from catalogue.ports import Past
from catalogue.rulebook import Rulebook
from catalogue.stated import stated
from harvesters.omop import OmopHarvester
from tests.kinds.omop import SOURCE, Rows, database, source


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
    assert texts(one, HEALTH.numberOfRecords) == {"80"}
    assert texts(one, HEALTH.minTypicalAge) == {"40"}
    assert texts(one, HEALTH.maxTypicalAge) == {"59"}
    assert set(groups(one, CAT.personsBySex).values()) == {30}
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.COM1001366.value, EUCAIM.COM1001370.value}
    assert groups(one, CAT.personsByAge) == {"40-44": 15, "45-49": 15, "50-54": 15, "55-59": 15}
    [period] = one.graph.objects(NamedNode(one.iri), DCT.temporal)
    assert one.graph.value(period, DCAT.startDate) == Literal(
        "2021", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
    )  # type: ignore[arg-type]


def test_a_table_about_few_persons_is_not_counted(tmp_path: Path) -> None:
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=9))))
    assert groups(one, CAT.recordsByTable) == {"measurement": 80}
    assert any(note.field == "death" and note.kind is NoteKind.SUPPRESSED for note in one.notes)
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=51))))
    assert "death" not in groups(one, CAT.recordsByTable), "nine who did not die could be counted"
    one = description(source(database(tmp_path / "omop.sqlite", Rows(died=50))))
    assert groups(one, CAT.recordsByTable) == {"death": 50, "measurement": 80}


def test_of_too_few_persons_nothing_is_counted(tmp_path: Path) -> None:
    one = description(source(database(tmp_path / "omop.sqlite", Rows(persons=[(40, 8507)] * 9))))
    assert (
        not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords) | texts(one, DCT.temporal)
    )
    assert json.loads(one.original.content)["counted"] == {"threshold": 10, "vocabularies": ["LOINC", "SNOMED"]}


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
    path = database(tmp_path / "omop.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute(spoil)
    connection.close()
    with pytest.raises(SourceUnavailable, match=words):
        harvest(source(path))


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
