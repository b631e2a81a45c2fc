"""Counts what an OMOP database holds, and keeps of it what may be published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import authority, crosswalk
from harvesters._omop_database import Database
from harvesters._persons import age_bin
from harvesters._suppression import of_overlapping, of_partition

TABLES: Mapping[str, tuple[str, ...]] = {
    "condition_occurrence": ("condition_concept_id", "condition_source_concept_id"),
    "death": ("cause_concept_id", "cause_source_concept_id"),
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
ALWAYS = ("person", "observation_period")
"""Tables without which it is no such database."""
TYPES = {"observation_period": "period_type_concept_id", "visit_occurrence": "visit_type_concept_id"}
"""Columns that say where records come from."""
COUNTRY = (("location", "country_concept_id"), ("location", "country_source_value"), ("concept", "concept_name"))
PLACES = {
    "countries": (("person", "location_id"),),
    "sites": (("person", "care_site_id"), ("care_site", "location_id")),
}
"""What is asked about countries, and the columns that must be there for it besides :data:`COUNTRY`."""
EARLIEST = 1800
"""No record of care in a database is older; such years are placeholders."""


class Counted:
    """Publishable facts about the persons of one database, ready for JSON, and what was decided on the way.

    What is in ``facts`` depends on nothing that may not be published: two databases that differ only in what is
    withheld give equal facts.
    """

    def __init__(self, database: Database, least: int, latest: int | None = None) -> None:
        """``least`` is the lowest count of persons that may be published, ``latest`` the year of the release.

        Raises :class:`~catalogue.errors.SourceUnavailable`.
        """
        self._database, self._least, self._latest = database, least, latest
        self.facts: dict[str, Any] = {"threshold": least}
        self.notes: list[Note] = []
        self._columns = {table: columns for table in (*ALWAYS, *TABLES) if (columns := database.columns(table))}
        self._clinical = tuple(table for table in TABLES if table in self._columns)
        self._persons(_cells(database.rows("sexes"), "sex"))
        self.facts["vocabularies"] = self._vocabularies()
        self.facts["types"] = self._types()
        self.facts["countries"] = self._countries()
        shown = (*ALWAYS, *self.facts.get("records", ()))
        self.facts["tables"] = {table: sorted(self._columns[table]) for table in shown}

    def _persons(self, sexes: Counter[str]) -> None:
        total = sexes.total()
        if total < self._least:
            self._withhold("person", f"fewer than {self._least} persons, so no count is stated")
            return
        self.facts["counts"] = {"persons": total}
        named = Counter[str]()
        for value, persons in sexes.items():
            reading = crosswalk("omop-sex").find(value)
            named[reading.concepts[0] if reading is not None and reading.concepts else ""] += persons
        self.facts["sex"] = self._partition("gender_concept_id", named)
        ages = Counter[str]()
        for row in self._database.rows("ages"):
            age = row["age"]
            ages[age_bin(age if age is not None and 0 <= age <= MOST_YEARS else None)] += int(row["persons"])
        self.facts["age"] = self._partition("year_of_birth", ages)
        self._years()
        self._records(total)

    def _years(self) -> None:
        """The first and the last year in which the observation of enough persons begins or ends.

        That there are enough is all that is said of a year, so those outside it may be few.
        """
        cells = {int(row["year"]): int(row["persons"]) for row in self._database.rows("years") if row["year"]}
        likely = {year: n for year, n in cells.items() if EARLIEST <= year <= (self._latest or year)}
        if likely != cells:
            self._unmapped("observation_period", f"years before {EARLIEST} or after the release are no observations")
        years = self._enough("observation_period", likely)
        if years:
            self.facts["period"] = [str(years[0]), str(years[-1])]

    def _records(self, total: int) -> None:
        """Records of each table that enough persons have; a table is a group of persons, too."""
        shown = {}
        for table in self._clinical:
            [row] = self._database.rows("records", table=table)
            if of_overlapping({table: int(row["persons"])}, total, self._least):
                shown[table] = int(row["records"])
            elif row["records"]:
                self._withhold(table, f"of fewer than {self._least} persons, or of all but fewer")
        self.facts["records"] = dict(sorted(shown.items()))
        if shown:
            self.facts["counts"]["records"] = sum(shown.values())

    def _vocabularies(self) -> list[str]:
        """Vocabularies by whose concepts enough persons are described in one table."""
        cells = Counter[str]()
        if self._database.columns("concept"):
            for table in self._clinical:
                for column in filter(self._columns[table].__contains__, TABLES[table]):
                    for row in self._database.rows("vocabularies", table=table, column=column):
                        name = str(row["vocabulary"])
                        cells[name] = max(cells[name], int(row["persons"]))
        return self._enough("vocabulary_id", cells)

    def _types(self) -> list[str]:
        """Concepts of where the records of enough persons come from."""
        cells = Counter[str]()
        for table, column in TYPES.items():
            if column in self._columns.get(table, ()):
                for name, persons in _cells(self._database.rows("types", table=table, column=column), "type").items():
                    cells[name] = max(cells[name], persons)
        cells.pop("", None)
        return self._enough("type_concept_id", cells)

    def _countries(self) -> list[str]:
        """Countries in which enough persons live or are cared for; CDM 5.3 has none."""
        found = set[str]()
        for name, needed in PLACES.items():
            if all(column in self._database.columns(table) for table, column in (*COUNTRY, *needed)):
                cells = Counter[str]()
                for row in self._database.rows(name):
                    cells[_country(row["name"]) or _country(row["said"])] += int(row["persons"])
                if cells.pop("", 0) >= self._least:
                    self._unmapped("location", "no country is named, or none that the list of countries has")
                found.update(self._enough("location", cells))
        return sorted(found)

    def _enough(self, field: str, cells: Mapping[Any, int]) -> list[Any]:
        """The groups of enough persons, of which nothing but that is said."""
        shown = sorted(group for group, persons in cells.items() if persons >= self._least)
        if len(shown) < len(cells):
            self._withhold(field, f"groups of fewer than {self._least} persons are not stated")
        return shown

    def _partition(self, field: str, cells: Counter[str]) -> dict[str, int]:
        shown = of_partition(cells, self._least)
        if shown.keys() != cells.keys():
            self._withhold(
                field, f"cells of fewer than {self._least} persons, and those they follow from, are not stated"
            )
        shown.pop("", None)
        return dict(sorted(shown.items()))

    def _withhold(self, field: str, reason: str) -> None:
        self.notes.append(Note(NoteKind.SUPPRESSED, field, reason=reason))

    def _unmapped(self, field: str, reason: str) -> None:
        self.notes.append(Note(NoteKind.UNMAPPED, field, reason=reason))


def _cells(rows: Iterable[Mapping[str, Any]], column: str) -> Counter[str]:
    return Counter({"" if row[column] is None else str(row[column]): int(row["persons"]) for row in rows})


def _country(said: object) -> str:
    """The country of a name in any language or a code; empty for what the EU authority table does not have."""
    reading = authority("country").find(said) if isinstance(said, str) else None
    return reading.concepts[0] if reading is not None else ""
