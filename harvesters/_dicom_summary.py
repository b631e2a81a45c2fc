"""Turns a tally of person-level facts into what may be published: the only thing that leaves a DICOM node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._crosswalk import BASE
from harvesters._dicom_header import TIMES, is_acquisition
from harvesters._dicom_tally import READ, Person, Tally
from harvesters._persons import age_bin
from harvesters._suppression import may_differ, of_overlapping, of_partition

OF_INSTANCES = frozenset({"shares", "deidentification", "dates", "transfer_syntaxes", "left_out"})
"""Facts that only they can state who looked at instances."""
SKIPPED = ("not DICOM", "media directories (DICOMDIR)")


@dataclass(slots=True)
class Summary:
    """Publishable facts, ready for JSON, and what was decided on the way."""

    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def withhold(self, name: str, reason: str) -> None:
        """Note that a fact is not stated."""
        self.notes.append(Note(NoteKind.SUPPRESSED, name, reason=reason))


def summarise(tally: Tally, least: int) -> Summary:
    """``least`` is the lowest count of persons that may be published."""
    summary = Summary()
    summary.facts["threshold"] = least
    enough = len(tally.persons) >= least
    if enough:
        _counts(summary, tally, least)
        _persons(summary, list(tally.persons.values()), least)
    else:
        reason = f"fewer than {least} persons, so no count is stated"
        summary.withhold("PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID", reason)
    _imaging(summary, tally)
    _quality(summary, tally)
    _unknown(summary, tally, enough)
    return summary


def _counts(summary: Summary, tally: Tally, least: int) -> None:
    persons, studies = len(tally.persons), len(tally.studies)
    counts = {"persons": persons, "studies": studies, "series": len(tally.series), "instances": len(tally.instances)}
    summary.facts["counts"] = counts
    annotated = sum(tally.studies.values())
    if not annotated:
        return
    with_annotation = sum(person.annotated for person in tally.persons.values())
    safe = may_differ(persons, with_annotation, least) and may_differ(studies, annotated, least)
    if with_annotation >= least and safe:
        counts["annotated_studies"] = annotated
    else:
        summary.withhold("annotated studies", f"of fewer than {least} persons, or all but fewer than {least}")


def _persons(summary: Summary, persons: list[Person], least: int) -> None:
    total = len(persons)
    sexes = Counter(person.sex for person in persons)
    ages = Counter(age_bin(person.age) for person in persons)
    for name, field_name, cells in (("sex", "PatientSex", sexes), ("age", "PatientAge", ages)):
        shown = of_partition(cells, least)
        if shown.keys() != cells.keys():
            reason = f"cells of fewer than {least} persons, and those they could be computed from, are not stated"
            summary.withhold(field_name, reason)
        shown.pop("", None)
        summary.facts[name] = dict(sorted(shown.items()))
    for name, field_name, values in _overlapping(persons):
        cells = Counter(value for group in values for value in group)
        shown = of_overlapping(cells, total, least)
        if shown.keys() != cells.keys():
            summary.withhold(field_name, f"groups of fewer than {least} persons, or all but fewer, are not stated")
        summary.facts[name] = dict(sorted(shown.items()))
    years = summary.facts.pop("years")
    if years:
        summary.facts["period"] = [min(years), max(years)]


def _overlapping(persons: list[Person]) -> tuple[tuple[str, str, list[set[str]]], ...]:
    modalities = [person.modalities for person in persons]
    years = [{str(year) for year in person.years} for person in persons]
    return ("modality", "Modality", modalities), ("years", "StudyDate", years)


def _imaging(summary: Summary, tally: Tally) -> None:
    known = sorted(filter(None, tally.modalities))
    acquired = [code for code in known if is_acquisition(code)]
    summary.facts |= {
        "modalities": acquired,
        "objects": [code for code in known if code not in acquired],
        "body_parts": sorted(tally.body_parts),
        "manufacturers": sorted(tally.makers),
        "segment_labels": sorted(tally.labels),
        "transfer_syntaxes": sorted(filter(None, tally.syntaxes)),
    }
    if tally.spacing is not None:
        summary.facts["spacing_millimetres"] = round(tally.spacing, 3)
    for name, values, table in (
        ("Modality", known, "dicom-modality"),
        ("BodyPartExamined", summary.facts["body_parts"], "dicom-body-part"),
        ("Manufacturer", summary.facts["manufacturers"], "dicom-manufacturer"),
    ):
        summary.notes += [Note(NoteKind.MAPPED, name, result=value, reason=BASE + table) for value in values]


def _quality(summary: Summary, tally: Tally) -> None:
    """Shares of instances, rounded to whole percent so that they count nobody."""
    total = sum(tally.modalities.values())
    share: Callable[[int], float] = lambda number: round(number / total, 2) if total else 0.0  # noqa: E731
    examined = sum(number for outcome, number in tally.files.items() if outcome not in SKIPPED)
    summary.facts["shares"] = {
        "readable": round(tally.files[READ] / examined, 2) if examined else 0.0,
        "identity_removed": share(tally.identity["YES"]),
        "burned_in": share(tally.burned_in["YES"]),
        "burned_in_unstated": share(tally.burned_in[""]),
        "recognisable": share(tally.recognisable["YES"]),
        "recognisable_unstated": share(tally.recognisable[""]),
    }
    summary.facts["deidentification"] = {code: share(number) for code, number in sorted(tally.methods.items())}
    summary.facts["dates"] = {state or "unstated": share(tally.temporal[state]) for state in ("", *sorted(TIMES))}
    if "period" in summary.facts and tally.temporal[""]:
        reason = "instances that do not say whether their dates were shifted are taken as not shifted"
        summary.notes.append(Note(NoteKind.MAPPED, "StudyDate", result="dct:temporal", reason=reason))


def _unknown(summary: Summary, tally: Tally, enough: bool) -> None:
    unknown: Mapping[str, int] = tally.unknown
    for name, number in sorted(unknown.items()):
        instances = f"{number} instances hold" if enough else "some instances hold"
        reason = f"{instances} a value that no list knows; it is withheld"
        summary.notes.append(Note(NoteKind.UNMAPPED, name, reason=reason))
    if tally.nameless:
        instances = f"{tally.nameless} instances have" if enough else "some instances have"
        summary.notes.append(Note(NoteKind.UNMAPPED, "PatientID", reason=f"{instances} none; they count no person"))
    if enough and tally.files[READ] > len(tally.instances):
        copies = tally.files[READ] - len(tally.instances)
        summary.notes.append(Note(NoteKind.UNMAPPED, "SOPInstanceUID", reason=f"{copies} files repeat an instance"))
    left_out = {reason: number for reason, number in sorted(tally.files.items()) if reason != READ}
    summary.facts["left_out"] = left_out
    for reason, number in left_out.items():
        summary.notes.append(Note(NoteKind.UNMAPPED, "files", reason=f"{number} files: {reason}"))
