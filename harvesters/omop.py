"""Harvests OMOP databases: what CDM_SOURCE says of the source, and counts of what is in the tables; no row leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, Literal, NamedNode, digest
from catalogue.model import Description, Harvested, Note, NoteKind, Original, Rejected, Source, Untouched
from catalogue.names import CAT, DCAT, DCT, DQV, FOAF, HEALTH, RDFS, XSD
from catalogue.ports import Web
from catalogue.profiling import ProfileOptions
from catalogue.quality import Answer
from catalogue.splitting import fit_for_path
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk
from harvesters._dqd import day_of, profile_of
from harvesters._json import dumped, refused
from harvesters._mapping import fill
from harvesters._omop_counts import Counted
from harvesters._omop_database import Database, opened
from harvesters._persons import measure, number, state_persons
from harvesters._suppression import threshold

DASHBOARD = "results of the Data Quality Dashboard"


class OmopHarvester:
    """The database of an OMOP CDM 5.3 or 5.4; the endpoint is a SQLite file or ``postgresql://host:port/name``.

    Options: ``schema`` (of PostgreSQL; several in the order of search, separated by commas), ``suppress`` (lowest
    number of persons that is stated), ``dqd`` (path or address of results of the Data Quality Dashboard), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of the newest row of CDM_SOURCE; counted at each visit, described again when it changed.

        Raises :class:`~catalogue.errors.SourceUnavailable`, which quotes no value, when something cannot be read.
        """
        least = threshold(source.options)
        with opened(source) as database:
            rows = _sources(database, source)
            counted = Counted(database, least)
        checks = _checks(source, web)
        content = dumped({"cdm_source": rows[0], "counted": counted.facts, "dqd": digest(checks) if checks else None})
        container = digest(f"{source.digest}\n".encode() + content)
        if web.known(container):
            yield Untouched(container)
        else:
            original = Original(content, "application/json", source.endpoint, container)
            yield refused(rows[0], "omop", original) or _description(source, rows[0], counted, checks, original)
        for row in rows[1:]:
            where = f"{source.endpoint}, CDM_SOURCE {row.get('cdm_source_name')!r}"
            problem = "the database has several sources, and nothing says which persons belong to which"
            yield Rejected(where, problem, "keep a database for each source, or leave one row in CDM_SOURCE")


def _sources(database: Database, source: Source) -> list[dict[str, Any]]:
    """The rows of CDM_SOURCE as texts, the newest release first."""
    for table in ("cdm_source", "person", "observation_period"):
        if not database.has(table):
            remedy = "correct the endpoint or the option `schema`: every OMOP CDM has that table"
            raise SourceUnavailable(f"there is no table {table.upper()}", where=source.endpoint, remedy=remedy)
    found = [
        {name: str(value) for name, value in row.items() if value is not None}
        for row in database.rows("SELECT * FROM cdm_source")
    ]
    if not found:
        remedy = "fill it: at least cdm_source_name, cdm_holder and source_description"
        raise SourceUnavailable("the table CDM_SOURCE is empty", where=source.endpoint, remedy=remedy)
    return sorted(found, key=lambda row: (row.get("cdm_release_date", ""), dumped(row)), reverse=True)


def _checks(source: Source, web: Web) -> bytes:
    where = source.options.get("dqd", "")
    try:
        return web.get(where).content if where else b""
    except BadInput as error:
        raise SourceUnavailable(error.what, where=where, remedy=error.remedy) from error


def _description(
    source: Source, row: Mapping[str, Any], counted: Counted, checks: bytes, original: Original
) -> Description:
    name = row.get("cdm_source_abbreviation") or row["cdm_source_name"]
    iri = source.namespace + fit_for_path(name)
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    language = source.options.get("language", "en")
    notes = [*fill(dataset, "omop", {**row, "identifier": name}, language=language), *counted.notes]
    state_persons(dataset, counted.facts)
    if "records" in counted.facts.get("counts", {}):
        dataset.count(HEALTH.numberOfRecords, counted.facts["counts"]["records"])
    for table, records in counted.facts.get("records", {}).items():
        measure(dataset, CAT.recordsByTable, number(records), Literal(table))
    notes += _vocabularies(dataset, counted.facts["vocabularies"])
    notes += _quality(dataset, source.options.get("dqd", ""), checks) if checks else []
    notes += apply_defaults(graph, dataset.node, source)
    return Description(iri, graph, original, tuple(notes))


def _vocabularies(dataset: Subject, names: list[str]) -> Iterator[Note]:
    """State the coding systems behind the vocabularies of OHDSI."""
    table = crosswalk("omop-vocabulary")
    for name in names:
        concepts, note = table.read("vocabulary_id", name)
        dataset.add(HEALTH.hasCodingSystem, *(NamedNode(concept) for concept in concepts))
        yield note


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
