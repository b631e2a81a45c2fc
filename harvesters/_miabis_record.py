"""Puts records of MIABIS Core 3 and of the BBMRI-ERIC Directory into one form, for ``vocab/mappings/miabis.ttl``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue.model import Note, NoteKind

SEVERAL = (
    "sex", "sample_type", "materials", "dataset_type", "data_categories", "disease", "diagnosis_available", "country",
    "sample_collection_setting", "collection_design", "type", "use_&_access_conditions", "inclusion_criteria",
    "publications", "order_of_magnitude", "storage_temperature", "storage_temperatures",
)  # fmt: skip
"""Fields with several values, between commas or semicolons where they are one text."""
CODES = re.compile(r"(?:urn:miriam:)?(icd|icd10|orpha|snomedct|sct)[:_/](?:ORPHA:)?([A-Za-z0-9.\-]+)", re.IGNORECASE)
SYSTEMS = {"icd": "ICD-10", "icd10": "ICD-10", "orpha": "ORPHACODE", "snomedct": "SNOMED-CT", "sct": "SNOMED-CT"}
MONTHS = 12
COUNTS = {"total_number_of_subjects": "persons", "number_of_donors": "persons", "size": "samples",
    "number_of_samples": "samples"}  # fmt: skip


def column(name: str) -> str:
    """The name of a field as tables spell it."""
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


def arranged(
    given: Mapping[str, Any], biobanks: Mapping[str, Mapping[str, Any]], least: int
) -> tuple[dict[str, Any], list[Note]]:
    """A collection in the form of the table, its biobank put in, and what was withheld."""
    record = {name: value for name, value in given.items() if value not in (None, "", [], {})}
    for name in SEVERAL:
        if isinstance(record.get(name), str):
            record[name] = [one.strip() for one in re.split(r"[;,]", record[name]) if one.strip()]
    _codes(record)
    notes = _counts(record, least)
    for name in ("age_low", "age_high"):
        _age(record, name)
    contact = record.get("contact_information")
    if isinstance(contact, str):
        record["contact_information"] = {"email": contact} if "@" in contact else {"name": contact}
    bank = record.get("biobank")
    key = str(bank.get("id") if isinstance(bank, dict) else bank)
    if key in biobanks:
        record["biobank"] = dict(biobanks[key])
    elif isinstance(bank, str):
        record["biobank"] = {"id": bank}
    return record, notes


def _codes(record: dict[str, Any]) -> None:
    """Diseases as codes and their systems; what is no code stays a word."""
    found, systems, words = [], [], []
    for name in ("disease", "diagnosis_available"):
        for one in record.pop(name, ()):
            said = str(one.get("code") or one.get("name") or "") if isinstance(one, dict) else str(one)
            match = CODES.fullmatch(said)
            if match is None:
                words.append(said)
            else:
                found.append(match[2])
                systems.append(SYSTEMS[match[1].lower()])
    for name, values in (("codes", found), ("systems", sorted(set(systems))), ("diseases", words)):
        if values:
            record[name] = values


def _counts(record: dict[str, Any], least: int) -> list[Note]:
    """Numbers of subjects below the threshold are withheld; their record is not changed, but not stated."""
    notes = []
    for name, what in COUNTS.items():
        said = str(record.get(name, "")).strip()
        if what == "persons" and said.isdecimal() and int(said) < least:
            del record[name]
            notes.append(Note(NoteKind.SUPPRESSED, name, reason=f"fewer than {least} persons"))
    return notes


def _age(record: dict[str, Any], name: str) -> None:
    """Years; months are made whole years, other units stay as they are and become nothing."""
    unit = str(record.get(f"{name}_unit") or record.get("age_unit") or "years").strip().lower()
    said = str(record.get(name, "")).strip()
    if said.isdecimal() and unit in ("years", "year", "months", "month"):
        record[f"{name}_years"] = int(said) // (MONTHS if unit.startswith("month") else 1)
        del record[name]
        record.pop(f"{name}_unit", None)
