"""Counts the beings behind the images of a dataset, and what is said of their samples; only aggregates leave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from catalogue.model import Note, NoteKind
from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import crosswalk, folded
from harvesters._persons import age_bin
from harvesters._suppression import may_differ, of_overlapping, of_partition

BEING, OBSERVATION = "BIOLOGICAL_BEING", "OBSERVATION"
ORIGINS = {
    "CREATED_FROM_REF": "BLOCK",
    "SAMPLED_FROM_REF": "SPECIMEN",
    "EXTRACTED_FROM_REF": BEING,
    "PART_OF_CASE_REF": "CASE",
    "BIOLOGICAL_BEING_REF": BEING,
}
"""From a slide to its block, from a block to its specimens, from a specimen to its being and case."""
STAINING = "STAINING_INFORMATION_REF"
IMAGED = ("SLIDE", "BLOCK", "SPECIMEN", "CASE", BEING)
"""What an image may be of, the likeliest first."""
OBSERVED = {f"{kind}_REF": kind for kind in (*IMAGED, "IMAGE", "ANNOTATION")}
HUMAN = frozenset({"337915000", "9606", "ncbitaxon9606", "c14225", "l85b00"})
"""Homo sapiens in SNOMED CT, the NCBI taxonomy, NCIt and SNOMED RT, as the crosswalks fold spellings."""
WORDS = ("homosapiens", "human")
"""What names it in the meaning of other codes."""
YEARS = frozenset({"a", "y", "yr", "year", "years"})
SEXES = {"248152002": "F", "248153007": "M"}
"""SNOMED CT codes of female and male."""


@dataclass(slots=True)
class Behind:
    """The beings behind the images of a dataset."""

    ways: dict[str, list[Element]] = field(default_factory=dict)
    """By being (alias) itself and its samples, stainings and observations; not what a shared block has of others."""
    kinds: dict[str, set[str]] = field(default_factory=dict)
    """The beings that images of a kind show."""
    images: Counter[str] = field(default_factory=Counter)
    """Images by kind."""
    broken: bool = False
    """Some image leads to no being, or to one that is not in the submission."""


class Submission:
    """The objects of one submission, each under its kind and alias: aliases of different kinds may be the same."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._objects = {
            (one.tag, one.get("alias", "")): one
            for root in roots
            for one in (root if root.tag.endswith("_SET") else [root])
        }

    def behind(self, dataset: Element) -> Behind:
        """What the references of a dataset lead to."""
        found = Behind()
        for reference in dataset.findall("IMAGE_REF"):
            image = self._objects.get(("IMAGE", reference.get("alias", "")))
            if image is None:
                found.broken = True
                continue
            kind = next((one.tag for part in image.findall("IMAGE_TYPE") for one in part), "")
            found.images[kind] += 1
            beings, way, whole = self._from_image(image)
            found.broken |= not whole
            found.kinds.setdefault(kind, set()).update(beings)
            for being in beings:
                own = (one for one in way if one.tag == "STAINING" or being in self._origins([one])[0])
                found.ways.setdefault(being, []).extend(own)
        for reference in dataset.findall("OBSERVATION_REF"):
            self._observe(self._objects.get((OBSERVATION, reference.get("alias", ""))), found)
        return found

    def _observe(self, observation: Element | None, found: Behind) -> None:
        for part in observation if observation is not None else ():
            target = self._objects.get((OBSERVED.get(part.tag, ""), part.get("alias", "")))
            if target is not None and observation is not None:
                for being in self._beings_of(target) & found.ways.keys():
                    found.ways[being].append(observation)

    def _beings_of(self, one: Element) -> set[str]:
        if one.tag == "ANNOTATION":
            images = (self._objects.get(("IMAGE", part.get("alias", ""))) for part in one.findall("IMAGE_REF"))
            return {being for image in images if image is not None for being in self._from_image(image)[0]}
        return self._from_image(one)[0] if one.tag == "IMAGE" else self._origins([one])[0]

    def _from_image(self, image: Element) -> tuple[set[str], list[Element], bool]:
        starts, whole = [], True
        for part in image.findall("IMAGE_OF"):
            found = (self._objects.get((kind, part.get("alias", ""))) for kind in IMAGED)
            start = next((one for one in found if one is not None), None)
            whole &= start is not None
            starts += [start] if start is not None else []
        beings, way, led = self._origins(starts)
        return beings, way, whole and led and bool(beings)

    def _origins(self, starts: Iterable[Element]) -> tuple[set[str], list[Element], bool]:
        """The beings that samples come from, all on the way there, and whether no reference leads nowhere."""
        waiting, seen, whole = list(starts), dict[tuple[str, str], Element](), True
        while waiting:
            one = waiting.pop()
            if (key := (one.tag, one.get("alias", ""))) in seen:
                continue
            seen[key] = one
            for part in one:
                kind = "STAINING" if part.tag == STAINING else ORIGINS.get(part.tag, "")
                origin = self._objects.get((kind, part.get("alias", "")))
                whole &= origin is not None or part.tag not in ORIGINS
                waiting += [origin] if origin is not None else []
        return {alias for tag, alias in seen if tag == BEING}, list(seen.values()), whole


def counted(found: Behind, least: int) -> tuple[dict[str, Any], list[Note]]:
    """Publishable facts about the beings behind a dataset, and what was withheld."""
    persons = {alias: way for alias, way in found.ways.items() if _is_person(way)}
    facts: dict[str, Any] = {"threshold": least, "images": sorted(found.images)}
    if found.broken:
        reason = "references lead to nothing in the submission, so nothing is counted"
        return facts, [Note(NoteKind.UNMAPPED, "IMAGE_REF", reason=reason)]
    if not persons and found.ways:
        return facts | {"images": _sorted(found.images), "counts": {"records": found.images.total()}}, []
    if len(persons) < least:
        reason = f"fewer than {least} persons, so nothing is counted"
        return facts, [Note(NoteKind.SUPPRESSED, BEING, reason=reason)] if persons else []
    facts["counts"] = {"persons": len(persons), "records": found.images.total()}
    notes = [*_images(facts, found, persons, least), *_groups(facts, persons, least), *_said(facts, persons, least)]
    return facts, notes


def _sorted(cells: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(cells.items()))


def _images(facts: dict[str, Any], found: Behind, persons: Mapping[str, list[Element]], least: int) -> Iterator[Note]:
    """Images by kind, unless a kind shows few persons or all but few: it follows from the others, too."""
    shown = [len(beings & persons.keys()) for beings in found.kinds.values()]
    if all(count >= least and may_differ(len(persons), count, least) for count in shown):
        facts["images"] = _sorted(found.images)
    else:
        yield Note(NoteKind.SUPPRESSED, "IMAGE_TYPE", reason=f"a kind shows fewer than {least} persons, or all but few")


def _groups(facts: dict[str, Any], persons: Mapping[str, list[Element]], least: int) -> Iterator[Note]:
    for name, cells in (
        ("sex", Counter(_sex(way) for way in persons.values())),
        ("age", Counter(_age(way) for way in persons.values())),
    ):
        shown = of_partition(cells, least)
        if shown.keys() != cells.keys():
            reason = f"cells of fewer than {least} persons, and those they follow from, are not stated"
            yield Note(NoteKind.SUPPRESSED, name, reason=reason)
        shown.pop("", None)
        facts[name] = _sorted(shown)


def _said(facts: dict[str, Any], persons: Mapping[str, list[Element]], least: int) -> Iterator[Note]:
    codes = Counter(code for way in persons.values() for code in set(_codes(way)))
    names = {"\t".join(code): number for code, number in codes.items()}
    shown = of_overlapping(names, len(persons), least)
    if len(shown) != len(names):
        reason = f"codes of fewer than {least} persons, or of all but fewer, are not stated"
        yield Note(NoteKind.SUPPRESSED, "CODE_ATTRIBUTE", reason=reason)
    facts["codes"] = [dict(zip(("scheme", "code", "meaning"), name.split("\t"), strict=True)) for name in sorted(shown)]


def _codes(way: Iterable[Element]) -> Iterator[tuple[str, str, str]]:
    """Scheme, code and meaning of what is said of samples, stainings and observations, and the species of a being."""
    for one in way:
        for attribute in one.iter("CODE_ATTRIBUTE"):
            value = attribute.find("VALUE")
            if value is not None and value.findtext("CODE") and (one.tag != BEING or _about(attribute, "species")):
                scheme, code, meaning = (_line(value.findtext(part)) for part in ("SCHEME", "CODE", "MEANING"))
                yield scheme, code, meaning


def _is_person(way: Iterable[Element]) -> bool:
    """Whether a being is human, or no code says that it is not; in doubt it is a person."""
    species = [
        (folded(value.findtext("CODE") or ""), folded(value.findtext("MEANING") or ""))
        for one in way
        for attribute in (one.iter("CODE_ATTRIBUTE") if one.tag == BEING else ())
        if _about(attribute, "species") and (value := attribute.find("VALUE")) is not None and value.findtext("CODE")
    ]
    return not species or any(code in HUMAN or any(word in meaning for word in WORDS) for code, meaning in species)


def _sex(way: Iterable[Element]) -> str:
    table = crosswalk("dicom-sex")
    for one in (one for one in way if one.tag == BEING):
        for attribute in (*one.iter("CODE_ATTRIBUTE"), *one.iter("STRING_ATTRIBUTE")):
            value = attribute.find("VALUE")
            if value is not None and _about(attribute, "sex"):
                said = _line(value.findtext("CODE") or value.text)
                reading = table.find(SEXES.get(said, said))
                if reading is not None and reading.concepts:
                    return reading.concepts[0]
    return ""


def _age(way: Iterable[Element]) -> str:
    """The lowest age in years at which something was taken."""
    ages = []
    for one in (one for one in way if one.tag != OBSERVATION):
        for attribute in (*one.iter("NUMERIC_ATTRIBUTE"), *one.iter("MEASUREMENT_ATTRIBUTE")):
            unit = (attribute.findtext("UNITS") or "a").strip().lower()
            try:
                age = int(float(attribute.findtext("VALUE") or ""))
            except (ValueError, OverflowError):
                continue
            if _about(attribute, "age") and unit in YEARS and 0 <= age <= MOST_YEARS:
                ages.append(age)
    return age_bin(min(ages)) if ages else ""


def _about(attribute: Element, word: str) -> bool:
    return word in (attribute.findtext("TAG") or "").lower().replace("-", "_").split("_")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
