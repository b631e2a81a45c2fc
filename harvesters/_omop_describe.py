"""Writes the publishable facts of one OMOP database as a HealthDCAT-AP Release 8 dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadInput
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCT, DQV, FOAF, HEALTH, RDFS, XSD
from catalogue.profiling import ProfileOptions
from catalogue.quality import Answer
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk, folded
from harvesters._dqd import day_of, profile_of
from harvesters._mapping import fill
from harvesters._omop_dictionary import dictionary
from harvesters._persons import measure, number, state_persons

DASHBOARD = "results of the Data Quality Dashboard"
VERSIONS = ("cdm_version", "vocabulary_version")
"""Fields of CDM_SOURCE that the dictionary states."""


def describe(
    dataset: Subject, row: Mapping[str, Any], facts: Mapping[str, Any], checks: bytes, source: Source
) -> list[Note]:
    """State what a row of CDM_SOURCE, the facts of :class:`~harvesters._omop_counts.Counted` and the node file say.

    ``checks`` are results of the Data Quality Dashboard, or nothing.
    """
    tables, notes = dictionary(facts["tables"])
    versions = {name: row[name] for name in VERSIONS if name in row}
    record = {name: value for name, value in row.items() if name not in VERSIONS}
    record["dictionary"] = {**versions, "table": tables}
    if described := _holder(source, record.get("cdm_holder", "")):
        del record["cdm_holder"]
        notes.append(described)
    notes += fill(dataset, "omop", record, language=source.options.get("language", "en"))
    state_persons(dataset, facts)
    if "records" in facts.get("counts", {}):
        dataset.count(HEALTH.numberOfRecords, facts["counts"]["records"])
    for table, records in facts.get("records", {}).items():
        measure(dataset, CAT.recordsByTable, number(records), Literal(table))
    notes += _concepts(dataset, HEALTH.hasCodingSystem, "omop-vocabulary", "vocabulary_id", facts["vocabularies"])
    notes += _concepts(dataset, HEALTH.healthCategory, "omop-type", "type_concept_id", facts["types"])
    dataset.add(DCT.spatial, *map(NamedNode, facts["countries"]))
    notes += _quality(dataset, source.options.get("dqd", ""), checks) if checks else []
    return notes + apply_defaults(dataset.graph, dataset.node, source)


def _concepts(dataset: Subject, predicate: NamedNode, table: str, field: str, terms: list[str]) -> Iterator[Note]:
    for term in terms:
        concepts, note = crosswalk(table).read(field, term)
        dataset.add(predicate, *map(NamedNode, concepts))
        yield note


def _holder(source: Source, said: str) -> Note | None:
    """A note when the defaults of the node describe the holder whom CDM_SOURCE only names; None when they do not."""
    stated = source.defaults.value(source.template, DCT.publisher) if source.template is not None else None
    name = source.defaults.text(stated, FOAF.name) if stated is not None else None
    if not said or name is None or folded(name) != folded(said):
        return None
    return Note(NoteKind.MAPPED, "cdm_holder", said, name, f"described by cat:defaults of {source.iri}")


def _quality(dataset: Subject, where: str, checks: bytes) -> Iterator[Note]:
    """State what a run of the dashboard measured, with the day of the run."""
    day = day_of(checks)
    if day is None:
        yield Note(NoteKind.UNMAPPED, "dqd", reason=f"{DASHBOARD} that do not say on which day they were made")
        return
    report = (where,) if where.startswith(("http://", "https://")) else ()
    try:
        answers = profile_of(checks, "the option dqd", ProfileOptions(today=day, report=report)).answers
    except BadInput as error:
        yield Note(NoteKind.UNMAPPED, "dqd", reason=error.what)
        return
    for answer in answers:
        _answer(dataset, answer)
        yield Note(NoteKind.MAPPED, "dqd", result=f"{answer.criterion} level {answer.level}", reason=DASHBOARD)


def _answer(dataset: Subject, answer: Answer) -> None:
    said = dataset.part(DQV.hasQualityMeasurement, DQV.QualityMeasurement)
    said.add(DQV.isMeasurementOf, NamedNode(answer.criterion)).add(CAT.basis, CAT.Measured)
    said.add(DQV.value, Literal(str(answer.level), datatype=XSD.integer))
    said.add(DCT.issued, Literal(str(answer.given), datatype=XSD.date)).text(RDFS.comment, answer.note)
    if answer.figure is not None:
        said.add(CAT.figure, Literal(repr(answer.figure), datatype=XSD.double)).add(CAT.unit, Literal(answer.unit))
    said.add(FOAF.page, *(NamedNode(link) for link in answer.evidence))
