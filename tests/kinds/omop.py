"""An OMOP database in SQLite, in which everything about single persons is a canary."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue.model import Source
from tests.kinds.sample import Sample

TABLES = {
    "cdm_source": "cdm_source_name, cdm_source_abbreviation, cdm_holder, source_description, "
    "source_documentation_reference, cdm_etl_reference, source_release_date, cdm_release_date, cdm_version, "
    "cdm_version_concept_id, vocabulary_version",
    "person": "person_id, gender_concept_id, year_of_birth, race_concept_id, ethnicity_concept_id, location_id, "
    "person_source_value",
    "observation_period": "observation_period_id, person_id, observation_period_start_date, "
    "observation_period_end_date, period_type_concept_id",
    "measurement": "measurement_id, person_id, measurement_concept_id, measurement_date, measurement_type_concept_id, "
    "measurement_source_concept_id, value_source_value",
    "note": "note_id, person_id, note_date, note_type_concept_id, note_class_concept_id, note_text, "
    "encoding_concept_id, language_concept_id",
    "death": "person_id, death_date, cause_source_value",
    "location": "location_id, address_1, country_concept_id, country_source_value",
    "concept": "concept_id, concept_name, domain_id, vocabulary_id, concept_class_id, concept_code, valid_start_date, "
    "valid_end_date",
}
"""The columns that are filled, by table."""
SOURCE = (
    "Intensive care of the Example Hospital", "EX-ICU", "Example Hospital", "All stays since 2020.",
    "https://hospital.example/omop", "https://hospital.example/etl", "2025-12-01", "2026-01-15", "v5.4", 756265,
    "v5.0 29-AUG-25",
)  # fmt: skip
CANARIES = ("CANARY", "2021-03-14", "2022-11-05", "Rare", "Portugal", "PRT", "2023", "108", "8551")
FEW = 4
"""Persons with what nobody else has: a concept of the vocabulary Rare, a country, a year of the end, an age, a sex."""


@dataclass
class Rows:
    """What is in the tables: persons of an age in 2021 and a sex, those with a measurement, those who died."""

    persons: Sequence[tuple[int, int]] = tuple((40 + n % 20, (8507, 8532)[n % 2]) for n in range(60))
    measured: int = 40
    noted: int = 50
    died: int = 3
    few: int = 0
    """How many are like :data:`FEW`."""
    sources: list[tuple[Any, ...]] = field(default_factory=lambda: [SOURCE])

    def tables(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Every row with its table."""
        for source in self.sources:
            yield "cdm_source", source
        for one, name, vocabulary in CONCEPTS:
            yield "concept", (one, name, "d", vocabulary, "c", "x", "1970-01-01", "2099-12-31")
        yield from (("location", one) for one in LOCATIONS)
        for number, (age, sex) in enumerate(self.persons):
            yield from self._person(number, 2021 - age, sex)

    def _person(self, number: int, born: int, sex: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        rare = number < self.few
        yield (
            "person",
            (number, 8551 if rare else sex, 1913 if rare else born, 0, 0, 2 if rare else 1, f"CANARY-{number}"),
        )
        end = "2023-01-01" if rare else "2022-11-05"
        yield "observation_period", (number, number, "2021-03-14", end, 32810 if rare else 32817)
        if number < self.measured:
            for one, (concept, _, _) in enumerate((CONCEPTS[0], CONCEPTS[2 if rare else 1])):
                yield "measurement", (2 * number + one, number, concept, "2021-03-14", 0, 0, "CANARY")
        if number < self.noted:
            yield "note", (number, number, "2021-03-14", 0, 0, "CANARY", 0, 0)
        if number < self.died:
            yield "death", (number, "2022-11-05", "CANARY")


CONCEPTS = (
    (3027018, "Heart rate", "LOINC"),
    (4239408, "Heart rate", "SNOMED"),
    (99, "CANARY", "Rare"),
    (8507, "MALE", "Gender"),
    (4330427, "Germany", "SNOMED"),
)
CHECKS = {
    "startTimestamp": "2026-01-20 10:00:00",
    "CheckResults": [
        {
            "checkName": "cdmField",
            "category": "Conformance",
            "cdmTableName": "PERSON",
            "cdmFieldName": "YEAR_OF_BIRTH",
            "failed": 0,
            "passed": 1,
            "queryText": "CANARY",
        }
    ],
}
CONCEPT_SET = {"name": "Heart rate", "expression": {"items": [{"concept": {"conceptId": CONCEPTS[0][0]}}]}}
LOCATIONS = ((1, "CANARY", 4330427, "CANARY"), (2, "CANARY", 0, "PT"))


def database(path: Path, rows: Rows | None = None, tables: Sequence[str] = ()) -> Path:
    """A SQLite file with these rows, in tables that hold the columns that are filled, or as they are defined."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for definition in tables or [f"CREATE TABLE {table} ({columns})" for table, columns in TABLES.items()]:
            connection.execute(definition)
        for table, row in (rows or Rows()).tables():
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} ({TABLES[table]}) VALUES ({marks})", row)
        connection.commit()
    return path


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("icu", base + "node/icu", "ICU", "omop", str(endpoint), base + "dataset/icu/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """One dataset."""
    path = database(folder / "omop.sqlite", Rows(few=FEW))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE cdm_source ADD COLUMN favourite_colour DEFAULT 'blue'")
        connection.execute("ALTER TABLE measurement ADD COLUMN ward DEFAULT 'CANARY'")
        connection.commit()

    def change() -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE cdm_source SET source_description = 'Changed.'")
            connection.commit()

    (folder / "dqd.json").write_text(json.dumps(CHECKS), "utf-8")
    (folder / "sets").mkdir()
    (folder / "sets" / "heart-rate.json").write_text(json.dumps(CONCEPT_SET), "utf-8")
    node = source(path, **{"dqd": str(folder / "dqd.json"), "concept-sets": str(folder / "sets")})
    yield Sample(node, canaries=CANARIES, leftovers=("favourite_colour", "measurement.ward"), change=change)
