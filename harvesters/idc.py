"""Harvests the NCI Imaging Data Commons: one dataset a collection, counted from its index of all series."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from catalogue.errors import ConfigurationError, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._common import PACKAGE, folder_of
from harvesters._idc_describe import describe

SERIES, COLLECTIONS, RELEASES = "idc_index.parquet", "collections_index.parquet", "version_metadata_index.parquet"

AGGREGATES = """
    SELECT collection_id,
           count(DISTINCT PatientID) AS patients,
           count(DISTINCT StudyInstanceUID) AS studies,
           count(*) AS series,
           sum(instanceCount)::BIGINT AS instances,
           histogram(Modality) AS modalities,
           histogram(BodyPartExamined) AS body_parts,
           histogram(Modality || chr(31) || Manufacturer) AS manufacturers,
           histogram(PatientSex) AS sexes,
           histogram(PatientAge) AS ages,
           histogram(TransferSyntaxUID) AS transfer_syntaxes,
           count(DISTINCT StudyInstanceUID) FILTER (Modality IN ('SEG', 'RTSTRUCT', 'ANN')) AS annotated_studies,
           min(StudyDate)::VARCHAR AS first_study_date,
           max(StudyDate)::VARCHAR AS last_study_date,
           min(series_init_idc_version)::INTEGER AS first_release,
           max(series_revised_idc_version)::INTEGER AS last_release
    FROM read_parquet($series) GROUP BY collection_id"""
LICENCES = """
    SELECT collection_id, license_short_name AS licence, count(*) AS series,
           sum(round(series_size_MB * 1e6)::BIGINT)::BIGINT AS bytes
    FROM read_parquet($series) GROUP BY ALL ORDER BY ALL"""


class IdcHarvester:
    """Reads ``idc_index.parquet`` and ``collections_index.parquet`` from the package or from a folder."""

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every collection; nothing is read when the files are those of the last visit."""
        folder = folder_of(source.endpoint)
        parts = [source.digest, *(digest(_bytes(folder / name)) for name in (SERIES, COLLECTIONS))]
        container = digest("\n".join(parts).encode())
        if web.known(container):
            yield Untouched(container)
            return
        place = source.endpoint
        if place.startswith(PACKAGE):
            place += "==" + version(place.removeprefix(PACKAGE).partition("/")[0])
        schema = json.loads((files("harvesters") / "schemas" / "idc.schema.json").read_text("utf-8"))
        validator = Draft202012Validator(schema)
        for record in records(folder):
            where = f"{place}#{record['collection'].get('collection_id')}"
            problems = [f"{e.json_path.removeprefix('$.')}: {e.message}" for e in validator.iter_errors(record)]
            yield _harvested(record, Place(where, container, source, schema), sorted(problems))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record comes from and what it may hold."""

    where: str
    container: str
    source: Source
    schema: Mapping[str, Any]


def _harvested(record: Mapping[str, Any], place: Place, problems: Sequence[str]) -> Harvested:
    content = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()
    original = Original(content, "application/json", place.where, place.container)
    if problems:
        return Rejected(place.where, "; ".join(problems), "see harvesters/schemas/idc.schema.json", original)
    iri = place.source.namespace + record["collection"]["collection_id"]
    graph, notes = describe(record, iri, place.source, place.schema)
    return Description(iri, graph, original, tuple(notes))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceUnavailable(
            f"{path.name} cannot be read: {error.strerror}",
            where=str(path.parent),
            remedy="install idc-index-data anew",
        ) from error


def records(folder: Path) -> list[dict[str, Any]]:
    """One record a collection: its row of the collection table, and what the series table says in numbers.

    Raises :class:`~catalogue.errors.SourceUnavailable` when a file is not the table it should be.
    """
    try:
        import duckdb
    except ImportError as error:
        raise ConfigurationError(
            "DuckDB is not installed", where="harvester idc", remedy='pip install "ehds-catalogue[idc]"'
        ) from error
    series = {"series": str(folder / SERIES)}
    try:
        with duckdb.connect() as connection:
            collections = _rows(connection.execute("FROM read_parquet($table)", {"table": str(folder / COLLECTIONS)}))
            aggregates = {row["collection_id"]: row for row in _rows(connection.execute(AGGREGATES, series))}
            licences = _rows(connection.execute(LICENCES, series))
            releases = _releases(connection, folder / RELEASES)
    except duckdb.Error as error:
        raise SourceUnavailable(
            f"the tables cannot be read: {str(error).splitlines()[0]}",
            where=str(folder),
            remedy="compare with the schema of idc-index-data 25; a newer release may have renamed columns",
        ) from error
    for row in aggregates.values():
        row["licences"] = []
        for number in ("first", "last"):
            row[f"{number}_release_date"] = releases.get(row[f"{number}_release"])
        row["manufacturers"] = _pairs(row["manufacturers"] or {})
    for row in licences:
        aggregates[row.pop("collection_id")]["licences"].append(row)
    ordered = sorted(collections, key=lambda row: str(row.get("collection_id")))
    return [{"collection": row, "aggregates": aggregates.get(row.get("collection_id"))} for row in ordered]


def _rows(result: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _releases(connection: Any, table: Path) -> dict[int, str]:
    if not table.is_file():
        return {}
    rows = _rows(connection.execute("FROM read_parquet($table)", {"table": str(table)}))
    return {int(row["idc_version"]): str(row["version_timestamp"])[:10] for row in rows}


def _pairs(histogram: Mapping[str, int]) -> list[dict[str, Any]]:
    """``{"CT<US>SIEMENS": 3}`` as ``[{"modality": "CT", "manufacturer": "SIEMENS", "series": 3}]``."""
    split = ((*key.split("\x1f", 1), number) for key, number in sorted(histogram.items()))
    return [{"modality": modality, "manufacturer": maker, "series": number} for modality, maker, number in split]
