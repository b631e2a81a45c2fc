"""Counts the participants of a BIDS dataset, by sex and age, and names the kinds of data there are of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalogue.errors import BadInput
from catalogue.model import Note, NoteKind
from catalogue.ports import Web
from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import crosswalk, folded
from harvesters._persons import age_bin
from harvesters._suppression import of_partition

PARTICIPANTS, SIDECAR = "participants.tsv", "participants.json"
SUBJECT, SESSION = "sub-", "ses-"
"""How the names of folders of participants and of their sessions begin (BIDS, Common principles)."""
COLUMNS = ("participant_id", "sex", "age", "species")
HUMAN = frozenset({"", "na", "homosapiens", "human", "humans"})
"""Spellings of ``species`` that stand for people; who names none means them (BIDS, Participants file)."""
_UNITS = (("y|yrs?|years?|a", 1.0), ("months?", 12.0), ("weeks?", 365.25 / 7), ("days?", 365.25))
"""How units of age are written, and how many make a year."""
Row = Mapping[str, str]


def counted(folder: Path, web: Web, least: int) -> tuple[dict[str, Any], list[Note]]:
    """Publishable counts of participants, and the names of the kinds of data.

    Raises :class:`~catalogue.errors.BadInput`, which quotes nothing, for a table that is none, and :class:`OSError`.
    """
    subjects = [one for one in folder.iterdir() if one.name.startswith(SUBJECT) and one.is_dir()]
    kinds, notes = _kinds(subjects)
    facts: dict[str, Any] = {"threshold": least, "datatypes": sorted(kinds)}
    rows, told = _participants(folder / PARTICIPANTS, web)
    notes += told
    people = [row for row in rows if folded(row["species"]) in HUMAN]
    if len(people) < len(rows):
        notes.append(_left_over("species", "participants of other species are not counted as persons"))
    persons = len(people) if rows else len(subjects)
    if not persons:
        return facts, notes
    if persons < least:
        return facts, [*notes, _withheld("participants", f"fewer than {least} participants, so no count is stated")]
    facts["counts"] = {"persons": persons}
    cells, told = _cells(people, _sidecar(folder / SIDECAR, web))
    notes += told
    for name, groups in cells.items():
        shown = of_partition(groups, least)
        if shown.keys() != groups.keys():
            notes.append(_withheld(name, f"cells of fewer than {least}, and those they follow from, are not stated"))
        shown.pop("", None)
        facts[name] = dict(sorted(shown.items()))
    return facts, notes


def _kinds(subjects: list[Path]) -> tuple[set[str], list[Note]]:
    """Names of data folders that BIDS knows; others are not told, for they may say who the participant is."""
    names = {name for subject in subjects for name in _folders(subject)}
    known = {name for name in names if crosswalk("bids-datatype").find(name) is not None}
    reason = "folders of participants that are no data type of BIDS, whose names are not told"
    return known, [_left_over("datatype", reason)] if known < names else []


def _folders(subject: Path) -> Iterator[str]:
    for one in subject.iterdir():
        if one.is_dir():
            inner = one.iterdir() if one.name.startswith(SESSION) else (one,)
            yield from {each.name for each in inner if each.is_dir()}


def _participants(path: Path, web: Web) -> tuple[list[Row], list[Note]]:
    """A row for each participant with :data:`COLUMNS` only; none where there is no table."""
    if not path.is_file():
        gone = path.is_symlink()
        return [], [_left_over(PARTICIPANTS, "its content is not here, as in a clone without it")] if gone else []
    try:
        text = web.get(str(path)).content.decode("utf-8-sig")
        # TSV of BIDS quotes nothing: a lone quotation mark must not swallow the participants after it.
        header, *lines = list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)) or [[]]
        names = [_unquoted(name).casefold() for name in header]
        places = {name: names.index(name) for name in COLUMNS if name in names}
        first = places["participant_id"]
    except (UnicodeDecodeError, csv.Error, KeyError):
        remedy = "mend it: UTF-8, tabs between columns, one of which is participant_id"
        raise BadInput(f"{PARTICIPANTS} is no table of participants", where=PARTICIPANTS, remedy=remedy) from None
    rows = {
        line[first]: {
            name: _unquoted(line[at]) if (at := places.get(name, len(line))) < len(line) else "" for name in COLUMNS
        }
        for line in lines
        if len(line) > first and line[first].strip()
    }
    return list(rows.values()), []


def _unquoted(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _sidecar(path: Path, web: Web) -> Mapping[str, Any] | None:
    """What explains the columns; None when that cannot be read."""
    if not path.is_file():
        return None if path.is_symlink() else {}
    try:
        held = json.loads(web.get(str(path)).content.decode("utf-8-sig"))
    except (ValueError, RecursionError, BadInput):
        return None
    if not isinstance(held, dict):
        return None
    return {str(name).casefold(): said for name, said in held.items() if isinstance(said, dict)}


def _cells(people: list[Row], explained: Mapping[str, Any] | None) -> tuple[dict[str, Counter[str]], list[Note]]:
    """Participants by sex, and by age where its unit is known."""
    levels = (explained or {}).get("sex", {}).get("Levels")
    cells = {"sex": Counter(_sex(row["sex"], levels if isinstance(levels, dict) else {}) for row in people)}
    if explained is None:
        return cells, [_left_over("age", f"{SIDECAR} cannot be read, so nobody knows its unit")]
    unit = explained.get("age", {}).get("Units") or "years"
    in_a_year = [number for spelt, number in _UNITS if re.fullmatch(spelt, str(unit).strip(), re.IGNORECASE)]
    if not in_a_year:
        return cells, [_left_over("age", f"its unit in {SIDECAR} is none of years, months, weeks and days")]
    return cells | {"age": Counter(_age(row["age"], in_a_year[0]) for row in people)}, []


def _sex(said: str, levels: Mapping[str, Any]) -> str:
    """The concept of a code, by the explanation of the dataset, or else as BIDS means it."""
    level = levels.get(said)
    names = (level.get("Description"), level.get("Label")) if isinstance(level, dict) else (level,)
    for name in (*names, said):
        reading = crosswalk("dicom-sex").find(str(name or ""))
        if reading is not None and reading.concepts:
            return reading.concepts[0]
    return ""


def _age(said: str, in_a_year: float) -> str:
    """Years by bin; ``89+`` is the oldest that may be told in some countries."""
    try:
        age = int(float(said.removesuffix("+")) / in_a_year + 1e-9)
    except (ValueError, OverflowError):
        return ""
    return age_bin(age) if not said.startswith("-") and age <= MOST_YEARS else ""


def _withheld(name: str, reason: str) -> Note:
    return Note(NoteKind.SUPPRESSED, name, reason=reason)


def _left_over(name: str, reason: str) -> Note:
    return Note(NoteKind.UNMAPPED, name, reason=reason)
