"""Profiles a folder of DICOM files where it lies: headers only, aggregates only, small counts withheld."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.errors import BadInput
from catalogue.profiling import Gap, Profile, ProfileOptions, Sheet
from catalogue.quality import Answer
from harvesters._dicom_attributes import IDENTIFYING, NEEDED
from harvesters._dicom_files import CHUNK, chunked, files, spread
from harvesters._dicom_header import DIRECTORY, NOT_DICOM
from harvesters._dicom_survey import Series, Survey, survey
from harvesters._dicom_tally import READ
from harvesters._shares import HIDDEN, Counted, Share, shares, worst
from harvesters._table_rules import FEW_DUPLICATES

SOME = 1
"""Level of Q4.3.1, Q4.4.1 and Q4.6.1: a choice of attributes is examined, never all."""


SERIES_TESTS: Mapping[str, Callable[[Series], bool | None]] = {
    "size": lambda series: None if series.size is None else "size" in series.uneven,
    "pixel spacing": lambda series: None if series.spacing is None else "spacing" in series.uneven,
    "orientation": lambda series: None if series.orientation is None else "orientation" in series.uneven,
    "slice distance": lambda series: series.gaps_uneven,
}
"""What must be even within a series: whether it is uneven, or None where it was not examined."""


class DicomProfiler:
    """A folder with everything below it."""

    def recognises(self, path: Path) -> bool:
        """By the first bytes of any file."""
        return path.is_dir() and any(_is_dicom(file) for file, _ in files(path))

    def profile(self, path: Path, options: ProfileOptions) -> Profile:
        """Examine every instance.

        Raises :class:`~catalogue.errors.BadInput` when no file can be read as DICOM.
        """
        options.only_tables("a DICOM folder")
        seen, key = Survey(), secrets.token_bytes(32)
        chunks = [[file for file, _ in chunk] for chunk in chunked(list(files(path)), CHUNK)]
        for part in spread(partial(survey, key=key), chunks):
            seen.merge(part)
        if not seen.files[READ]:
            skipped = ", ".join(f"{number} {reason}" for reason, number in sorted(seen.files.items()))
            raise BadInput(f"no file could be read as DICOM: {skipped}", where="DICOM folder", remedy="give another")
        return _Report(seen, options).profile()


def _is_dicom(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(132)[128:] == b"DICM"
    except OSError:
        return False


class _Report:
    """Turns a survey into facts, answers and words; every level is computed from published figures."""

    def __init__(self, seen: Survey, options: ProfileOptions) -> None:
        self.seen, self.options = seen, options
        self.withheld: list[str] = []
        self.sheets: list[Sheet] = []
        self.answers: list[Answer] = []
        self.gaps: list[Gap] = []

    def profile(self) -> Profile:
        persons = len(self.seen.persons) - (b"" in self.seen.persons)
        least = self.options.least
        if persons < least:
            why = f"the folder holds fewer than {least} patients, so nothing is stated of it"
            gap = Gap("every criterion", why, "profile a larger folder")
            return Profile("dicom", why, {"threshold": least}, withheld=(why,), gaps=(gap,))
        instances, series = len(self.seen.instances), len(self.seen.all_series)
        facts: dict[str, Any] = {"threshold": least, "patients": persons, "series": series, "instances": instances}
        facts["left_out"] = {why: number for why, number in sorted(self.seen.files.items()) if why != READ}
        facts["headers"] = self._headers()
        facts["series_consistency"] = self._series()
        facts["duplicates"] = self._duplicates()
        facts["deidentification"] = self._deidentification()
        bad = sum(number for why, number in self.seen.files.items() if why not in (READ, NOT_DICOM, DIRECTORY))
        if bad:
            self.gaps.append(Gap("Q4.3.1", f"{bad} files could not be read to the end of their header", "mend them"))
        examined = f"{instances:,} instances in {series:,} series of {persons:,} patients"
        parts = (tuple(self.answers), tuple(self.sheets), tuple(self.withheld), tuple(self.gaps))
        return Profile("dicom", examined, facts, *parts)

    def _share(self, name: str, counted: Mapping[str, Counted]) -> Share:
        """What may be published of those that are true, unless all but those of few patients were asked."""
        least, unasked = self.options.least, counted.get("unasked", Counted())
        few = unasked.records > 0 and unasked.persons < least
        asked = {name: counted[name] for name in ("true", "false")}
        share = HIDDEN if few else shares(asked, "false", least, persons=True)["true"]
        if not share.exact:
            self.withheld.append(f"{name}: counts about fewer than {self.options.least} patients")
        return share

    def _flag(self, name: str) -> Share:
        return self._share(name, self.seen.counted(name))

    def _headers(self) -> dict[str, Any]:
        """What headers lack, and which values have not their form."""
        needed = [one.keyword for one in NEEDED if self.seen.asked_of(f"lacks {one.keyword}")]
        lacking = {keyword: self._flag(f"lacks {keyword}") for keyword in needed}
        malformed = {keyword: self._flag(f"malformed {keyword}") for keyword in needed}
        rows = tuple((k, str(share), str(malformed[k])) for k, share in lacking.items())
        self.sheets.append(Sheet("Attributes that instances need", ("Attribute", "Lacking", "Malformed"), rows))
        count = f"{len(lacking)} mandatory attributes"
        note = f"share of {count} that instances hold, at least; other attributes were not examined"
        self.answers.append(self.options.answer("Q4.3.1", SOME, note, worst(lacking.values()), "%"))
        note = f"share of instances in which {count} have the form of their representation, at least"
        self.answers.append(self.options.answer("Q4.6.1", SOME, note, worst(malformed.values()), "%"))
        for criterion in ("Q4.3.1", "Q4.6.1"):
            self.gaps.append(Gap(criterion, "level 2: all attributes of the information objects were not examined"))
        return {
            "lacking": {keyword: share.facts() for keyword, share in lacking.items()},
            "malformed": {keyword: share.facts() for keyword, share in malformed.items()},
        }

    def _series(self) -> dict[str, Any]:
        """Whether slices of a series fit together."""
        found = {name: self._share(f"uneven {name}", self._counted(test)) for name, test in SERIES_TESTS.items()}
        if not any(share.known for share in found.values()):
            why = "consistency within series: too few CT, MR or PET series of single slices"
            self.gaps.append(Gap("Q4.4.1", why))
            return {}
        rows = tuple((name, f"{share.of:,}" if share.of else "", str(share)) for name, share in found.items())
        self.sheets.append(Sheet("Series whose slices differ", ("In", "Series examined", "Uneven"), rows))
        note = (
            "share of series with even "
            + ", ".join(name for name, share in found.items() if share.known)
            + ", at least"
        )
        self.answers.append(self.options.answer("Q4.4.1", SOME, note, worst(found.values()), "%"))
        return {name: share.facts() for name, share in found.items()}

    def _counted(self, test: Callable[[Series], bool | None]) -> dict[str, Counted]:
        """Series of which a test is true or false, and those of which it is neither."""
        seen = {number: (series.person, test(series)) for number, series in self.seen.series.items()}
        groups: dict[bool | None, list[bytes]] = {True: [], False: [], None: []}
        for person, outcome in seen.values():
            groups[outcome].append(person)
        others = [person for series, person in self.seen.all_series.items() if series not in seen]
        groups[None] += others
        names = {"true": True, "false": False, "unasked": None}
        return {name: Counted(len(groups[key]), len(set(groups[key]))) for name, key in names.items()}

    def _duplicates(self) -> dict[str, Any]:
        once = Counted(len(self.seen.instances), len(self.seen.persons))
        counted = {"true": Counted(self.seen.copies, len(self.seen.copied)), "false": once}
        share = self._share("duplicate instances", counted)
        if not share.known:
            self.gaps.append(Gap("L-b1", "the number of duplicates is withheld"))
            return share.facts()
        self.sheets.append(Sheet("Duplicates", ("Compared", "Repeated"), (("by SOP Instance UID", str(share)),)))
        level = 2 if share.high == 0 else 1 if share.percent <= FEW_DUPLICATES else 0
        least = "" if share.exact else ", at most"
        note = f"files that repeat an instance, compared by SOP Instance UID{least}"
        self.answers.append(self.options.answer("L-b1", level, note, share.percent, "%"))
        return share.facts()

    def _deidentification(self) -> dict[str, Any]:
        """What the headers show of de-identification: evidence, no proof, and no criterion."""
        names = {
            "identity removed": "Patient Identity Removed is YES",
            "method stated": "a de-identification method is stated",
            "burned in YES": "Burned In Annotation is YES",
            "burned in unstated": "Burned In Annotation is not stated",
            "private attributes": "private attributes before group 0062",
        }
        flags = {name: self._flag(name) for name in names}
        holding = {keyword: self._flag(f"holds {keyword}") for keyword in IDENTIFYING}
        rows = [(names[name], str(share)) for name, share in flags.items()]
        rows += [(f"{keyword} has a value (perhaps a replacement)", str(share)) for keyword, share in holding.items()]
        self.sheets.append(Sheet("De-identification", ("Evidence", "Instances"), tuple(rows)))
        said: dict[str, Any] = {name.replace(" ", "_").lower(): share.facts() for name, share in flags.items()}
        return said | {"identifying_attributes": {keyword: share.facts() for keyword, share in holding.items()}}
