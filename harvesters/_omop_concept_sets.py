"""Tells for which concept sets of a data dictionary, as OHDSI writes them, an OMOP database has records of many."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from catalogue.graphs import digest
from catalogue.model import Note, NoteKind, Rejected, Source
from catalogue.ports import Web
from harvesters._files import File, files_of
from harvesters._json import problems
from harvesters._omop_counts import TABLES
from harvesters._omop_database import Database

OPTION = "concept-sets"


@dataclass(frozen=True, slots=True)
class ConceptSet:
    """A variable of the dictionary, and the concepts that mean it."""

    names: Mapping[str, str]
    """By language."""
    included: Mapping[int, bool]
    """Concept -> whether all below it count, too."""
    excluded: Mapping[int, bool]

    def has(self, concept: int, above: frozenset[int]) -> bool:
        """Whether a concept, ``above`` which others stand, is of the set."""
        return _among(self.included, concept, above) and not _among(self.excluded, concept, above)


def _among(stated: Mapping[int, bool], concept: int, above: frozenset[int]) -> bool:
    return concept in stated or any(stated.get(one, False) for one in above)


@dataclass(frozen=True, slots=True)
class ConceptSets:
    """Those of one dictionary."""

    sets: tuple[ConceptSet, ...] = ()
    notes: tuple[Note, ...] = ()
    digest: str = ""
    """Of all their files; empty without."""


def concept_sets(source: Source, web: Web) -> ConceptSets:
    """The concept sets of the option ``concept-sets``: a JSON file, a folder, or a zip archive, also on the web.

    Raises :class:`~catalogue.errors.SourceUnavailable` when there is none at all.
    """
    where = source.options.get(OPTION, "")
    if not where:
        return ConceptSets()
    sets, notes, digests = list[ConceptSet](), list[Note](), ""
    for file in files_of(replace(source, endpoint=where), web, _is_json, "file of a concept set"):
        if isinstance(file, Rejected):
            notes.append(_unmapped(file.where, file.problem))
            continue
        digests += digest(file.content)
        read = _read(file)
        if isinstance(read, Note):
            notes.append(read)
        else:
            sets.append(read)
    return ConceptSets(tuple(sets), tuple(notes), digest(digests.encode()))


def _is_json(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".json"


def _unmapped(where: str, reason: str) -> Note:
    return Note(NoteKind.UNMAPPED, OPTION, raw=PurePosixPath(where).name, reason=reason)


def _read(file: File) -> ConceptSet | Note:
    try:
        record = json.loads(file.content)
    except (ValueError, RecursionError):
        return _unmapped(file.location, "no JSON")
    wrong = problems(record, "omop-concept-set")
    if wrong:
        return _unmapped(file.location, f"no concept set: {wrong[0]}")
    stated: tuple[dict[int, bool], dict[int, bool]] = ({}, {})
    for item in record["expression"]["items"]:
        concept, below = item["concept"]["conceptId"], bool(item.get("includeDescendants"))
        where = stated[bool(item.get("isExcluded"))]
        where[concept] = below or where.get(concept, False)
    translated = record.get("metadata", {}).get("translations", {})
    names = {language: words["name"] for language, words in translated.items() if words.get("name")}
    return ConceptSet(names or {"en": record["name"]}, *stated)


def covered(database: Database, sets: Sequence[ConceptSet], least: int) -> list[int]:
    """The numbers of the sets one concept of which has records of ``least`` or more persons in one table.

    Raises :class:`~catalogue.errors.SourceUnavailable`.
    """
    used = _used(database, least) if sets else {}
    return [n for n, one in enumerate(sets) if any(one.has(concept, above) for concept, above in used.items())]


def _used(database: Database, least: int) -> dict[int, frozenset[int]]:
    """The concepts of enough persons, each with those above it."""
    persons = Counter[int]()
    above: defaultdict[int, set[int]] = defaultdict(set)
    descent = database.columns("concept_ancestor")
    for table, coded in TABLES.items():
        columns = database.columns(table)
        for column in filter(columns.__contains__, coded):
            for row in database.rows("concepts", table=table, column=column):
                persons[_number(row, "concept")] = max(persons[_number(row, "concept")], _number(row, "persons"))
            for row in database.rows("ancestors", table=table, column=column) if descent else ():
                above[_number(row, "concept")].add(_number(row, "ancestor"))
    return {concept: frozenset(above[concept]) for concept, number in persons.items() if number >= least}


def _number(row: Mapping[str, Any], column: str) -> int:
    return int(row[column])
