"""Counts what an OMOP database holds, and keeps of it what may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import crosswalk
from harvesters._omop_database import Database, question
from harvesters._persons import age_bin
from harvesters._suppression import of_overlapping, of_partition

TABLES: Mapping[str, tuple[str, ...]] = {
    "condition_occurrence": ("condition_concept_id", "condition_source_concept_id"),
    "death": (),
    "device_exposure": ("device_concept_id", "device_source_concept_id"),
    "drug_exposure": ("drug_concept_id", "drug_source_concept_id"),
    "measurement": ("measurement_concept_id", "measurement_source_concept_id"),
    "note": (),
    "observation": ("observation_concept_id", "observation_source_concept_id"),
    "procedure_occurrence": ("procedure_concept_id", "procedure_source_concept_id"),
    "specimen": ("specimen_concept_id",),
    "visit_detail": (),
    "visit_occurrence": (),
}
"""Tables of clinical data of OMOP CDM 5.4, with the columns whose concepts say how they are coded."""


class Counted:
    """Publishable facts about the persons of one database, ready for JSON, and what was decided on the way."""

    def __init__(self, database: Database, least: int) -> None:
        """``least`` is the lowest count of persons that may be published.

        Raises :class:`~catalogue.errors.SourceUnavailable`.
        """
        self._database, self._least = database, least
        self.facts: dict[str, Any] = {"threshold": least}
        self.notes: list[Note] = []
        self._persons(_cells(database.rows(question("sexes")), "sex"))
        self._vocabularies()

    def _persons(self, sexes: Counter[str]) -> None:
        total = sexes.total()
        if total < self._least:
            self._withhold("person", f"fewer than {self._least} persons, so no count is stated")
            return
        self.facts["counts"] = {"persons": total}
        known = {value: crosswalk("omop-sex").find(value) for value in sexes}
        named = Counter[str]()
        for value, number in sexes.items():
            reading = known[value]
            named[reading.concepts[0] if reading is not None and reading.concepts else ""] += number
        self.facts["sex"] = self._partition("gender_concept_id", named)
        ages = Counter[str]()
        for row in self._database.rows(question("ages")):
            age = row["age"]
            ages[age_bin(age if age is not None and 0 <= age <= MOST_YEARS else None)] += int(row["persons"])
        self.facts["age"] = self._partition("year_of_birth", ages)
        years = self._overlapping("observation_period", _cells(self._database.rows(question("years")), "year"), total)
        years.pop("", None)
        if years:
            self.facts["period"] = [min(years), max(years)]
        self._tables(total)

    def _tables(self, total: int) -> None:
        """Records of each table that enough persons have; a table is a group of persons, too."""
        records, persons = {}, Counter[str]()
        for table in self._present():
            [row] = self._database.rows(question("records").replace("#table", table))
            if row["records"]:
                records[table], persons[table] = int(row["records"]), int(row["persons"])
        shown = {}
        for table, number in persons.items():
            if of_overlapping({table: number}, total, self._least):
                shown[table] = records[table]
            else:
                self._withhold(table, f"of fewer than {self._least} persons, or of all but fewer")
        self.facts["records"] = shown
        if shown:
            self.facts["counts"]["records"] = sum(shown.values())

    def _vocabularies(self) -> None:
        found = {
            str(row["vocabulary"])
            for table in (self._present() if self._database.has("concept") else ())
            for column in TABLES[table]
            for row in self._database.rows(question("vocabularies").replace("#column", column).replace("#table", table))
        }
        self.facts["vocabularies"] = sorted(found)

    def _present(self) -> Iterator[str]:
        return (table for table in TABLES if self._database.has(table))

    def _partition(self, field: str, cells: Counter[str]) -> dict[str, int]:
        shown = of_partition(cells, self._least)
        if shown.keys() != cells.keys():
            self._withhold(
                field, f"cells of fewer than {self._least} persons, and those they follow from, are not stated"
            )
        shown.pop("", None)
        return dict(sorted(shown.items()))

    def _overlapping(self, field: str, cells: Counter[str], total: int) -> dict[str, int]:
        shown = of_overlapping(cells, total, self._least)
        if shown.keys() != cells.keys():
            self._withhold(field, f"groups of fewer than {self._least} persons, or all but fewer, are not stated")
        return shown

    def _withhold(self, field: str, reason: str) -> None:
        self.notes.append(Note(NoteKind.SUPPRESSED, field, reason=reason))


def _cells(rows: list[Mapping[str, Any]], column: str) -> Counter[str]:
    return Counter({"" if row[column] is None else str(row[column]): int(row["persons"]) for row in rows})
