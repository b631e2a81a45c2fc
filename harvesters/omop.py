"""Harvests OMOP databases: what CDM_SOURCE says of the source, and counts of what is in the tables; no row leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.names import DCAT
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._common import Subject
from harvesters._json import dumped, original_of, refused
from harvesters._omop_concept_sets import concept_sets, covered
from harvesters._omop_counts import ALWAYS, Counted
from harvesters._omop_database import Database, opened
from harvesters._omop_days import day_of, year_of
from harvesters._omop_describe import Beside, describe
from harvesters._suppression import threshold


class OmopHarvester:
    """The database of an OMOP CDM 5.3 or 5.4; the endpoint is a SQLite file or ``postgresql://host:port/name``.

    Options: ``schema`` (of PostgreSQL; several in the order of search, separated by commas), ``suppress`` (lowest
    number of persons that is stated), ``dqd`` (path or address of results of the Data Quality Dashboard),
    ``concept-sets`` (of a data dictionary), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of the newest row of CDM_SOURCE; counted at each visit, described again when it changed.

        Raises :class:`~catalogue.errors.SourceUnavailable`, which quotes no value, when something cannot be read.
        """
        least = threshold(source.options)
        sets, checks = concept_sets(source, web), _checks(source, web)
        with opened(source) as database:
            rows = _sources(database, source)
            counted = Counted(database, least, _released(rows[0]))
            if sets.sets:
                counted.facts["concept_sets"] = covered(database, sets.sets, least)
        beside = {"dqd": digest(checks) if checks else None, "concept_sets": sets.digest or None}
        read = {"cdm_source": rows[0], "counted": counted.facts, **beside}
        original = original_of(read, source.endpoint, source)
        if web.known(original.container):
            yield Untouched(original.container)
        else:
            yield refused(rows[0], "omop", original) or _description(
                source, rows[0], counted, Beside(checks, sets), original
            )
        for row in rows[1:]:
            where = f"{source.endpoint}, CDM_SOURCE {row.get('cdm_source_name')!r}"
            problem = "the database has several sources, and nothing says which persons belong to which"
            yield Rejected(where, problem, "keep a database for each source, or leave one row in CDM_SOURCE")


def _sources(database: Database, source: Source) -> list[dict[str, Any]]:
    """The rows of CDM_SOURCE as texts, the newest release first."""
    for table in ("cdm_source", *ALWAYS):
        if not database.columns(table):
            remedy = "correct the endpoint or the option `schema`: every OMOP CDM has that table"
            raise SourceUnavailable(f"there is no table {table.upper()}", where=source.endpoint, remedy=remedy)
    found = [
        {name: _said(name, value) for name, value in row.items() if value is not None}
        for row in database.rows("source")
    ]
    if not found:
        remedy = "fill it: at least cdm_source_name, cdm_holder and source_description"
        raise SourceUnavailable("the table CDM_SOURCE is empty", where=source.endpoint, remedy=remedy)
    return sorted(found, key=lambda row: (row.get("cdm_release_date", ""), dumped(row)), reverse=True)


def _said(name: str, value: Any) -> str:
    day = day_of(value) if name.endswith("_date") else None
    return str(day if day is not None else value)


def _released(row: Mapping[str, str]) -> int | None:
    """The year after which nothing can have been observed."""
    return year_of(row.get("cdm_release_date")) or year_of(row.get("source_release_date"))


def _checks(source: Source, web: Web) -> bytes:
    where = source.options.get("dqd", "")
    try:
        return web.get(where).content if where else b""
    except BadInput as error:
        raise SourceUnavailable(error.what, where=where, remedy=error.remedy) from error


def _description(
    source: Source, row: Mapping[str, Any], counted: Counted, beside: Beside, original: Original
) -> Description:
    name = row.get("cdm_source_abbreviation") or row["cdm_source_name"]
    iri = source.namespace + fit_for_path(name)
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    notes = describe(dataset, {**row, "identifier": name}, counted.facts, beside, source)
    return Description(iri, graph, original, (*notes, *counted.notes))
