"""Counts the beings, specimens and stainings behind the images of a dataset; only aggregates leave this module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from catalogue.model import Note, NoteKind
from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import crosswalk
from harvesters._persons import age_bin
from harvesters._suppression import of_overlapping, of_partition

PARENTS = ("CREATED_FROM_REF", "SAMPLED_FROM_REF", "EXTRACTED_FROM_REF", "STAINING_INFORMATION_REF")
"""From a slide to its block and staining, from a block to its specimens, from a specimen to its being."""
BEING = "BIOLOGICAL_BEING"
HUMAN = frozenset({"337915000", "9606"})
"""Homo sapiens in SNOMED CT and in the NCBI taxonomy; any other species is no person."""
YEARS = frozenset({"a", "y", "yr", "year", "years"})


class Samples:
    """The samples and stainings of one submission by alias."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._objects = {
            one.get("alias", ""): one for root in roots for one in (root if root.tag.endswith("_SET") else [root])
        }

    def behind(self, aliases: Iterable[str]) -> dict[str, list[Element]]:
        """For each being (alias) the samples and stainings through which images lead to it."""
        found: dict[str, list[Element]] = {}
        for alias in aliases:
            way = self._ancestors(alias)
            for one in way:
                if one.tag == BEING:
                    found.setdefault(one.get("alias", ""), []).extend(way)
        return found

    def _ancestors(self, alias: str) -> list[Element]:
        waiting, seen = [alias], dict[str, Element]()
        while waiting:
            name = waiting.pop()
            one = self._objects.get(name)
            if one is not None and name not in seen:
                seen[name] = one
                waiting += [part.get("alias", "") for part in one if part.tag in PARENTS]
        return list(seen.values())


def counted(
    samples: Samples, images: Mapping[str, str], slides: Iterable[str], least: int
) -> tuple[dict[str, Any], list[Note]]:
    """Publishable facts about a dataset: ``images`` are their kinds by alias, ``slides`` what they were taken of."""
    behind = samples.behind(slides)
    persons = {alias: way for alias, way in behind.items() if _is_person(way)}
    facts: dict[str, Any] = {"threshold": least, "images": dict(sorted(Counter(images.values()).items()))}
    if len(persons) < least:
        facts["images"] = sorted(facts["images"])
        reason = f"fewer than {least} persons, so nothing is counted"
        return facts, [Note(NoteKind.SUPPRESSED, BEING, reason=reason)] if persons else []
    facts["counts"] = {"persons": len(persons), "records": len(images)}
    notes: list[Note] = []
    for name, cells in (
        ("sex", Counter(_sex(way) for way in persons.values())),
        ("age", Counter(_age(way) for way in persons.values())),
    ):
        shown = of_partition(cells, least)
        if shown.keys() != cells.keys():
            reason = f"cells of fewer than {least} persons, and those they follow from, are not stated"
            notes.append(Note(NoteKind.SUPPRESSED, name, reason=reason))
        shown.pop("", None)
        facts[name] = dict(sorted(shown.items()))
    codes = Counter(code for way in persons.values() for code in set(_codes(way)))
    names = {"\t".join(code): number for code, number in codes.items()}
    shown_codes = of_overlapping(names, len(persons), least)
    if len(shown_codes) != len(names):
        reason = f"codes of fewer than {least} persons, or of all but fewer, are not stated"
        notes.append(Note(NoteKind.SUPPRESSED, "CODE_ATTRIBUTE", reason=reason))
    facts["codes"] = [
        dict(zip(("scheme", "code", "meaning"), name.split("\t"), strict=True)) for name in sorted(shown_codes)
    ]
    return facts, notes


def _codes(way: Iterable[Element]) -> Iterator[tuple[str, str, str]]:
    """Scheme, code and meaning of what is said of specimens, blocks, slides and stainings."""
    for one in (one for one in way if one.tag != BEING):
        for attribute in one.iter("CODE_ATTRIBUTE"):
            value = attribute.find("VALUE")
            if value is not None and value.findtext("CODE"):
                yield tuple(" ".join((value.findtext(part) or "").split()) for part in ("SCHEME", "CODE", "MEANING"))  # type: ignore[misc]


def _is_person(way: Iterable[Element]) -> bool:
    """Whether a being is human, or nothing says that it is not."""
    species = {code for one in way if one.tag == BEING for code in _values(one, "species")}
    return not species or bool(species & HUMAN)


def _sex(way: Iterable[Element]) -> str:
    table = crosswalk("dicom-sex")
    for one in way:
        for value in _values(one, "sex") if one.tag == BEING else ():
            reading = table.find(SEXES.get(value, value))
            if reading is not None and reading.concepts:
                return reading.concepts[0]
    return ""


SEXES = {"248152002": "F", "248153007": "M"}
"""SNOMED CT codes of female and male."""


def _age(way: Iterable[Element]) -> str:
    """The lowest age in years at which something was taken."""
    ages = []
    for one in way:
        for attribute in (*one.iter("NUMERIC_ATTRIBUTE"), *one.iter("MEASUREMENT_ATTRIBUTE")):
            words = (attribute.findtext("TAG") or "").lower().replace("-", "_").split("_")
            unit = (attribute.findtext("UNITS") or "a").strip().lower()
            try:
                age = int(float(attribute.findtext("VALUE") or ""))
            except (ValueError, OverflowError):
                continue
            if "age" in words and unit in YEARS and 0 <= age <= MOST_YEARS:
                ages.append(age)
    return age_bin(min(ages)) if ages else ""


def _values(one: Element, word: str) -> Iterator[str]:
    """The codes and texts of attributes with a word in their name."""
    for attribute in (*one.iter("CODE_ATTRIBUTE"), *one.iter("STRING_ATTRIBUTE")):
        if word in (attribute.findtext("TAG") or "").lower().replace("-", "_").split("_"):
            value = attribute.find("VALUE")
            if value is not None:
                yield (value.findtext("CODE") or value.text or "").strip()
