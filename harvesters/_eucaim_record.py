"""Puts what nodes of EUCAIM say of a dataset into the form of the mapping tables, without small counts and accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._ages import MOST_YEARS
from harvesters._suppression import of_partition

COUNTS = ("studiesCount", "subjectsCount", "studies_count", "subjects_count")
GROUPS = {"sexCount": "sex", "diagnosisCount": "diagnosis", "bodyPartCount": "bodyPart", "modalityCount": "modality",
    "manufacturerCount": "manufacturer"}  # fmt: skip
"""Numbers of studies, and the list of values that they are numbers of, in the same order."""
REMAINDERS = ("ageNullCount", "diagnosisYearNullCount")
"""Numbers of studies of which something is not known."""
ACCOUNTS = ("authorId", "authorEmail")
PASSING = ("editablePropertiesByTheUser", "allowedActionsForTheUser", "timesUsed", "lastIntegrityCheck")
"""What changes with whoever asks, or without the dataset having changed."""
UNSAID = "??"
"""What the dataset service writes for what nobody said."""
DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
_MAIL = re.compile(r"[^\s()<>,;]+@[^\s()<>,;]+\.[^\s()<>,;]+")


def kept(
    given: Mapping[str, Any], least: int, counts: Sequence[str] = (*COUNTS, *REMAINDERS)
) -> tuple[dict[str, Any], list[Note]]:
    """What may be kept of a record: without small counts, accounts of users, and what passes.

    ``least`` is the lowest number of studies or persons that may be told; ``counts`` are the fields that hold one.
    """
    record, notes = dict(given), list[Note]()
    for name in (*ACCOUNTS, *PASSING):
        if record.pop(name, None) not in (None, "", []):
            what = "the account of a user" if name in ACCOUNTS else "about the moment, not the dataset"
            notes.append(Note(NoteKind.UNMAPPED, name, reason=f"not kept: {what}"))
    for name in counts:
        number = record.get(name)
        if number is None:
            continue
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            del record[name]
            notes.append(Note(NoteKind.UNMAPPED, name, reason="no whole number; not kept, it may be a small one"))
        elif number < least:
            del record[name]
            notes.append(Note(NoteKind.SUPPRESSED, name, reason=f"fewer than {least}"))
    for name, values in GROUPS.items():
        if name in record:
            record[name], note = _shares(record.get(values), record[name], name, least)
            notes += note
    return record, notes


def _shares(values: Any, counts: Any, name: str, least: int) -> tuple[dict[str, int], list[Note]]:
    """Numbers of studies by value, without those from which a small one could be told."""
    whole = isinstance(counts, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in counts)
    if not whole or not isinstance(values, list) or len(values) != len(counts):
        return {}, [Note(NoteKind.UNMAPPED, name, reason="not a number for each value; not kept")] if counts else []
    cells = {str(value): count for value, count in zip(values, counts, strict=True)}
    shown = of_partition(cells, least)
    withheld = len(shown) < len(cells)
    return shown, [Note(NoteKind.SUPPRESSED, name, reason=f"groups of fewer than {least}")] if withheld else []


def arranged(given: Mapping[str, Any], page: str, iris: Mapping[str, str]) -> tuple[dict[str, Any], list[Note]]:
    """A record of the dataset service in the form of ``vocab/mappings/datasetservice.ttl``.

    ``page`` is where people find the dataset, ``iris`` the IRI of every published dataset by its id.
    """
    record = {name: value for name, value in given.items() if value != UNSAID}
    notes = [
        Note(NoteKind.UNMAPPED, name, UNSAID, reason="written for what nobody said")
        for name, value in given.items()
        if value == UNSAID
    ]
    units = record.get("ageUnit")
    sides = ("ageLow", "ageHigh")
    if isinstance(units, list) and len(units) == len(sides):
        for name, unit in zip(sides, units, strict=True):
            _age(record, name, unit)
        if not any(name in record for name in sides):
            del record["ageUnit"]
    for name in ("previousId", "nextId"):
        if record.get(name) in iris:
            record[name] = iris[record[name]]
    if isinstance(record.get("contactInfo"), str):
        record["contactInfo"] = contact(record["contactInfo"])
    period = {name: record.pop(name, None) for name in ("diagnosisYearLow", "diagnosisYearHigh")}
    if any(year is not None for year in period.values()):
        record["diagnosisYears"] = {name: year for name, year in period.items() if year is not None}
    parts = {name: record.pop(name) for name in ("license", "sizeInBytes") if record.get(name) is not None}
    return record | {"page": page, "distribution": {"page": page, **parts}}, notes


def _age(record: dict[str, Any], name: str, unit: Any) -> None:
    """Whole years; what is no age of a person stays, and is left over."""
    number = record.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or unit not in DAYS:
        return
    years = number if unit == "years" else int(number * DAYS[unit] / DAYS["years"])
    if 0 <= years <= MOST_YEARS:
        del record[name]
        record[f"{name}Years"] = years


def summarised(given: Mapping[str, Any], page: str) -> dict[str, Any]:
    """A dataset of a federated search in the form of ``vocab/mappings/eucaimsearch.ttl``.

    A lowest age of 0 is left over: providers write it for an unknown one, too.
    """
    record = dict(given)
    ages = record.get("age_range")
    if isinstance(ages, dict):
        ages = dict(ages)
        stated = {name: ages.pop(name) for name in ("min", "max") if _is_age(ages.get(name))}
        if stated:
            record |= {"age_range": ages, "ages": stated}
    return record | ({"page": page, "distribution": {"page": page}} if page else {})


def _is_age(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_YEARS


def contact(said: str) -> dict[str, str]:
    """Name and e-mail address out of one text: "Jane Doe (jane@example.org)"."""
    match = _MAIL.search(said)
    if match is None:
        return {"name": said.strip()}
    name = " ".join(re.sub(r"[()<>,;]", " ", said.replace(match[0], " ")).split())
    return {"email": match[0], **({"name": name} if name else {})}
