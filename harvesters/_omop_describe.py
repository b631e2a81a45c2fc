"""Writes the publishable facts of one OMOP database as a HealthDCAT-AP Release 8 dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.errors import BadInput
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCAT, DCT, DQV, FOAF, HEALTH, RDFS, XSD
from catalogue.profiling import ProfileOptions
from catalogue.quality import Answer
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk, folded
from harvesters._dqd import day_of, profile_of
from harvesters._mapping import fill
from harvesters._omop_concept_sets import OPTION, ConceptSets
from harvesters._omop_dictionary import dictionary
from harvesters._persons import measure, number, state_persons

DASHBOARD = "results of the Data Quality Dashboard"
VERSIONS = ("cdm_version", "vocabulary_version")
"""Fields of CDM_SOURCE that the dictionary states."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the node names beside the database."""

    checks: bytes = b""
    """Results of the Data Quality Dashboard."""
    dictionary: ConceptSets = field(default_factory=ConceptSets)


def describe(
    dataset: Subject, row: Mapping[str, Any], facts: Mapping[str, Any], beside: Beside, source: Source
) -> list[Note]:
    """State what a row of CDM_SOURCE, the facts of :class:`~harvesters._omop_counts.Counted` and the node file say."""
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
    notes += _variables(dataset, beside.dictionary, facts.get("concept_sets", []))
    if beside.checks:
        notes += _quality(dataset, source.options.get("dqd", ""), beside.checks)
    return notes + apply_defaults(dataset.graph, dataset.node, source)


def _concepts(dataset: Subject, predicate: NamedNode, table: str, name: str, terms: list[str]) -> Iterator[Note]:
    for term in terms:
        concepts, note = crosswalk(table).read(name, term)
        dataset.add(predicate, *map(NamedNode, concepts))
        yield note


def _variables(dataset: Subject, known: ConceptSets, covered: Sequence[int]) -> Iterator[Note]:
    """State the concept sets that have data as keywords, and their share."""
    yield from known.notes
    if not known.sets:
        return
    for one in (known.sets[place] for place in covered):
        for language, name in one.names.items():
            dataset.text(DCAT.keyword, name, language=language)
    share = Literal(f"{len(covered) / len(known.sets):.2f}", datatype=XSD.decimal)
    measure(dataset, CAT.conceptSetCoverage, share)
    yield Note(NoteKind.MAPPED, OPTION, result=f"{len(covered)} of {len(known.sets)} concept sets have data")


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
