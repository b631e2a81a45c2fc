"""Says what the tables of an OMOP database hold: the data dictionary of HealthDCAT-AP, from the fields of the CDM."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from catalogue.model import Note, NoteKind

_ENDINGS = (
    ("_type_concept_id", "Concept that says where the record comes from"),
    ("_source_concept_id", "Concept of the code that the source has for: {}; 0 where there is none"),
    ("_concept_id", "Standard concept of the OHDSI vocabularies for: {}; 0 where none matches"),
    ("_source_value", "As the source has it: {}"),
    ("_datetime", "Day and time: {}"),
    ("_date", "Day: {}"),
    ("_id", "Number of the record: {}"),
)
"""What fields are, by the end of their name; {} is the rest of the name."""
_FIELDS = {
    "person_id": "Pseudonymous number of the person",
    "year_of_birth": "Year of birth",
    "month_of_birth": "Month of birth, 1 to 12",
    "day_of_birth": "Day of the month of birth",
    "birth_datetime": "Day and time of birth",
    "quantity": "How much or how many, in the unit of the record",
    "days_supply": "For how many days the drug was given out",
    "refills": "How often the drug may be given out again",
    "sig": "Instruction for use, as the source has it",
    "stop_reason": "Why it ended, as the source has it",
    "lot_number": "Lot of the drug, by its maker",
    "unique_device_id": "Unique device identification",
    "production_id": "Production identifier of the device",
    "specimen_source_id": "Identifier of the specimen in the source",
    "measurement_time": "Time of day of the measurement",
    "value_as_number": "Result as a number, in the unit of the record",
    "value_as_string": "Result as text",
    "value_as_concept_id": "Result as a concept",
    "range_low": "Lower bound of what is normal, in the unit of the record",
    "range_high": "Upper bound of what is normal, in the unit of the record",
    "note_title": "Title of the note",
    "note_text": "Text of the note",
}


def dictionary(tables: Mapping[str, Sequence[str]]) -> tuple[list[dict[str, Any]], list[Note]]:
    """The tables with their columns for the mapping ``omop``, and a note on each column that is not of the CDM."""
    result, notes = [], []
    for table, columns in tables.items():
        known = fields()[table]
        notes += [
            Note(NoteKind.UNMAPPED, f"{table}.{column}", reason="no field of OMOP CDM 5.3 or 5.4")
            for column in columns
            if column not in known
        ]
        described = [_column(column, known[column]) for column in columns if column in known]
        result.append({"name": _words(table), "column": described})
    return result, notes


def _column(name: str, datatype: str) -> dict[str, str]:
    return {"name": name, "title": _words(name), "description": _meaning(name), "datatype": datatype}


def _meaning(name: str) -> str:
    if name in _FIELDS:
        return _FIELDS[name]
    for ending, meaning in _ENDINGS:
        if name.endswith(ending):
            return meaning.replace("{}", name.removesuffix(ending).replace("_", " "))
    return _words(name)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


@cache
def fields() -> Mapping[str, Mapping[str, str]]:
    """Table -> field -> datatype of CSV on the Web, by OMOP CDM 5.3 and 5.4."""
    stated = json.loads((files("harvesters") / "schemas" / "omop-fields.json").read_text("utf-8"))
    return {
        table: {field: datatype for datatype, names in kinds.items() for field in names}
        for table, kinds in stated.items()
    }
