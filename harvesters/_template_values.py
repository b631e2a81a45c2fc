"""What people write into the columns of the template, in the forms that the template asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._crosswalk import folded
from harvesters._mapping import Line, mapping

VARIABLES, PART, OWNER = "variables", "variables.column.", "dataset"
"""The sheet of variables, the fields of one, and the column of it that names the dataset."""
COUNTS = ("number_of_persons", "number_of_records")
ERROR = re.compile(r"#[^\W\d_]+(?:/0)?[!?]|#[A-Z]/[A-Z]!?|#NV|#HIÁNYZIK|#{3,}|Err:\d{3}")
"""What spreadsheet programs show for a cell that they cannot compute, in any language, or have no room for."""
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_DASHED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]0?0:00(?::00)?)?")
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+")
_YES = frozenset({
    "yes", "ja", "oui", "si", "sì", "sí", "sim", "kyllä", "jah", "jā", "taip", "tak", "ano", "áno", "igen",
    "da", "ναι", "да", "iva", "tá", "wahr", "vrai", "vero", "verdadero", "verdadeiro", "waar", "sant", "sand",
    "tosi", "prawda", "pravda", "igaz", "adevărat",
})  # fmt: skip
_NO = frozenset({
    "no", "nein", "non", "não", "nee", "nej", "ei", "nē", "ne", "nie", "nem", "nu", "όχι", "не", "le", "níl",
    "falsch", "faux", "falso", "onwaar", "falskt", "falsk", "epätosi", "fałsz", "nepravda", "hamis", "fals",
})  # fmt: skip
"""Yes and no in the languages of the EU, and what Excel writes for the values TRUE and FALSE."""


@cache
def columns() -> Mapping[str, str]:
    """The columns of the table of datasets, each with the form of its values (local name of ``cat:readAs``)."""
    return {name: form for name, form in _forms(mapping("table").lines, ()) if not name.startswith(VARIABLES)}


@cache
def of_variables() -> Mapping[str, str]:
    """The columns of the table of variables, likewise."""
    forms = _forms(mapping("table").lines, ())
    return {OWNER: "Plain"} | {name.removeprefix(PART): form for name, form in forms if name.startswith(PART)}


def _forms(lines: tuple[Line, ...], place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for line in lines:
        here = (*place, *line.path)
        if line.lines:
            yield from _forms(line.lines, here)
        else:
            yield ".".join(here), line.form


def known(column: str, names: Mapping[str, str]) -> str:
    """The column of the template that a header means: ``Publisher name`` is ``publisher.name``; else as it is."""
    spelt = {folded(name): name for name in names}
    return column if column in names else spelt.get(folded(column), column)


def near(word: str, words: Iterator[str] | Mapping[str, str] | list[str]) -> str:
    """``; perhaps ... is meant`` for a word that is nearly another; else empty."""
    found = get_close_matches(word, list(words), n=1, cutoff=0.75)
    return f"; perhaps {found[0]} is meant" if found else ""


def publishable(values: Mapping[str, Any], least: int) -> tuple[dict[str, Any], list[Note]]:
    """The row without counts of fewer than ``least``, and without those that cannot be read: they may be small."""
    result, notes = dict(values), []
    for name in COUNTS:
        if name not in values:
            continue
        said = _count(str(values[name])).removesuffix(".0")
        if not said.isdecimal():
            reason = "not a whole number in digits only, such as 12450; not kept, it may be a small one"
            notes.append(Note(NoteKind.UNMAPPED, name, reason=reason))
        elif int(said) < least:
            notes.append(Note(NoteKind.SUPPRESSED, name, reason=f"fewer than {least}"))
        if notes and notes[-1].field == name:
            del result[name]
    return result, notes


def read(values: Mapping[str, Any], forms: Mapping[str, str]) -> tuple[dict[str, Any], list[Note]]:
    """The row with dates, numbers and truths in the forms of the template; what is ambiguous stays as it is."""
    notes: list[Note] = []

    def one(name: str, said: Any) -> Any:
        if isinstance(said, list):
            return [one(name, each) for each in said]
        reading = _READINGS.get(forms.get(name, ""))
        if reading is None or not isinstance(said, str) or (result := reading(said)) == said:
            return said
        notes.append(Note(NoteKind.REPAIRED, name, said, result, "written in the form that the template asks for"))
        return result

    return {name: one(name, said) for name, said in values.items()}, notes


def _when(said: str) -> str:
    """A day with dots, which nobody writes with the month first, or without zeros; with slashes it stays untold."""
    dotted, dashed = _DOTTED.fullmatch(said), _DASHED.fullmatch(said)
    year, month, day = dotted.group(3, 2, 1) if dotted else dashed.groups() if dashed else ("", "", "")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return said


def _count(said: str) -> str:
    """A number without the spaces or apostrophes between its thousands; points and commas may be decimal ones."""
    return re.sub(r"\D", "", said) if _GROUPED.fullmatch(said) else said


def _truth(said: str) -> str:
    word = said.casefold()
    return "yes" if word in _YES else "no" if word in _NO else said


_READINGS: Mapping[str, Callable[[str], str]] = {"When": _when, "Count": _count, "Truth": _truth}
