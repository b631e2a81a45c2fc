"""Counts the subjects, sessions and scans of an XNAT project, in values that may be aggregated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harvesters._ages import MOST_YEARS
from harvesters._crosswalk import crosswalk
from harvesters._dicom_header import Header, hidden, known_terms
from harvesters._dicom_tally import READ, Person, Tally

SCANS = "scans/scan"


def count(subjects: Mapping[str, Mapping[str, Any]], sessions: Iterable[Mapping[str, Any]], key: bytes) -> Tally:
    """Count scans as series, sessions as studies; subjects without a session are persons, too.

    ``sessions`` are items as XNAT gives them; ``key`` hides identifiers.
    """
    tally = Tally()
    for session in sessions:
        fields = session["data_fields"]
        subject = subjects.get(str(fields.get("subject_ID")), {})
        for number, scan in enumerate(_children(session, SCANS)):
            tally.add(_header(fields, scan, subject, number, key))
    for name, subject in subjects.items():
        tally.persons.setdefault(hidden(name, key), Person(sex=_sex(subject)))
    tally.files[READ] = len(tally.instances)
    return tally


def _children(item: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    for child in item.get("children", ()):
        if child["field"] == field:
            yield from (
                one["data_fields"] | {"xsi:type": one.get("meta", {}).get("xsi:type")} for one in child["items"]
            )


def _header(
    session: Mapping[str, Any], scan: Mapping[str, Any], subject: Mapping[str, Any], number: int, key: bytes
) -> Header:
    unknown: list[str] = []
    modality = _modality(session, scan, unknown)
    day = str(session.get("date") or "")
    year = int(day[:4]) if day[:4].isdecimal() else None
    study, person = str(session.get("ID")), str(session.get("subject_ID") or "")
    maker, part = _text(scan, session, "scanner/manufacturer"), _text(scan, session, "bodyPartExamined")
    makers = known_terms("dicom-manufacturer", maker, "Manufacturer", unknown)
    return Header(
        patient=hidden(person, key) if person else b"",
        study=hidden(study, key),
        series=hidden(f"{study}\n{number}", key),
        instance=hidden(f"{study}\n{number}", key),
        modality=modality,
        body_parts=known_terms("dicom-body-part", part, "BodyPartExamined", unknown),
        maker=makers[0] if makers else "",
        sex=_sex(subject),
        age=_age(session, subject, year),
        year=year,
        temporal="",
        flags=("", "", ""),
        methods=(),
        syntax="",
        spacing=None,
        labels=(),
        unknown=tuple(unknown),
    )


def _modality(session: Mapping[str, Any], scan: Mapping[str, Any], unknown: list[str]) -> str:
    """The modality of a scan: what it says, else what its type says (``xnat:mrScanData``), else that of the session."""
    kind = str(scan.get("xsi:type") or "").removeprefix("xnat:").removesuffix("ScanData")
    for said in (str(scan.get("modality") or ""), {"pet": "PT"}.get(kind, kind), str(session.get("modality") or "")):
        if said and crosswalk("dicom-modality").find(said):
            return said.upper()
    unknown.append("Modality")
    return ""


def _text(scan: Mapping[str, Any], session: Mapping[str, Any], name: str) -> str:
    return str(scan.get(name) or session.get(name) or "").strip()


def _sex(subject: Mapping[str, Any]) -> str:
    reading = crosswalk("dicom-sex").find(str(subject.get("gender") or "")[:1])
    return reading.concepts[0] if reading and reading.concepts else ""


def _age(session: Mapping[str, Any], subject: Mapping[str, Any], year: int | None) -> int | None:
    """Whole years: as the session says, else from the year of birth, which may be one too many."""
    said, born = str(session.get("age") or "").split(".")[0], str(subject.get("yob") or "")
    age = int(said) if said.isdecimal() else year - int(born) if year and born.isdecimal() else None
    return age if age is not None and 0 < age <= MOST_YEARS else None
