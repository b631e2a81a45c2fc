"""Counts headers: what one process saw, and how two of them are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from harvesters._crosswalk import members
from harvesters._dicom_header import Header, is_acquisition, quiet, read

ANNOTATIONS = {"SEG", "RTSTRUCT", "ANN"}
"""Objects that count as segmentation of a study (EUCAIM: annotated DICOM studies)."""
READ = "read"


@dataclass(slots=True)
class Person:
    """What was seen of one person; never leaves the harvester."""

    sex: str = ""
    age: int | None = None
    modalities: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    annotated: bool = False

    def merge(self, other: Person) -> None:
        """Add what another process saw of the same person."""
        self.sex = self.sex or other.sex
        ages = [age for age in (self.age, other.age) if age is not None]
        self.age = min(ages, default=None)
        self.modalities |= other.modalities
        self.years |= other.years
        self.annotated |= other.annotated


@dataclass(slots=True)
class Tally:
    """Sets and counts over many files."""

    files: Counter[str] = field(default_factory=Counter)
    """By outcome: :data:`READ` or a reason of :mod:`harvesters._dicom_header`."""
    persons: dict[bytes, Person] = field(default_factory=dict)
    studies: dict[bytes, bool] = field(default_factory=dict)
    """Whether the study holds an annotation."""
    series: set[bytes] = field(default_factory=set)
    instances: set[bytes] = field(default_factory=set)
    nameless: int = 0
    """Instances without a patient ID."""
    modalities: Counter[str] = field(default_factory=Counter)
    """Instances by modality code."""
    body_parts: set[str] = field(default_factory=set)
    makers: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    temporal: Counter[str] = field(default_factory=Counter)
    identity: Counter[str] = field(default_factory=Counter)
    burned_in: Counter[str] = field(default_factory=Counter)
    recognisable: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    syntaxes: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    spacing: float | None = None

    def add(self, header: Header) -> None:
        """Count one instance; a second copy of it counts as a file only."""
        self.files[READ] += 1
        if header.instance in self.instances:
            return
        self.instances.add(header.instance)
        self.series.add(header.series)
        annotation = header.modality in ANNOTATIONS
        self.studies[header.study] = self.studies.get(header.study, False) or annotation
        self._person(header, annotation)
        self._values(header)

    def _person(self, header: Header, annotation: bool) -> None:
        if not header.patient:
            self.nameless += 1
            return
        years = {header.year} if header.year is not None and header.temporal in ("", "UNMODIFIED") else set()
        modalities = {header.modality} if header.modality else set()
        seen = Person(header.sex, header.age, modalities, years, annotation)
        known = self.persons.setdefault(header.patient, seen)
        if known is not seen:
            known.merge(seen)

    def _values(self, header: Header) -> None:
        self.modalities[header.modality] += 1
        if _acquired(header.modality):
            self.body_parts.update(header.body_parts)
            if header.maker in members("manufacturer"):
                self.makers.add(header.maker)
            if header.spacing is not None:
                self.spacing = min(header.spacing, self.spacing or header.spacing)
        self.labels.update(header.labels)
        self.temporal[header.temporal] += 1
        for counter, flag in zip((self.identity, self.burned_in, self.recognisable), header.flags, strict=True):
            counter[flag] += 1
        self.methods.update(set(header.methods))
        self.syntaxes[header.syntax] += 1
        self.unknown.update(set(header.unknown))

    def merge(self, other: Tally) -> None:
        """Add what another process counted. Copies of one instance seen by both count twice in the shares only."""
        for name in ("files", "modalities", "temporal", "identity", "burned_in", "recognisable"):
            getattr(self, name).update(getattr(other, name))
        for name in ("methods", "syntaxes", "unknown", "series", "instances", "body_parts", "makers", "labels"):
            getattr(self, name).update(getattr(other, name))
        for study, annotated in other.studies.items():
            self.studies[study] = self.studies.get(study, False) or annotated
        for patient, person in other.persons.items():
            known = self.persons.setdefault(patient, person)
            if known is not person:
                known.merge(person)
        self.nameless += other.nameless
        spacings = [spacing for spacing in (self.spacing, other.spacing) if spacing is not None]
        self.spacing = min(spacings, default=None)


@cache
def _acquired(modality: str) -> bool:
    return bool(modality) and is_acquisition(modality)


def tally(paths: Iterable[Path], key: bytes) -> Tally:
    """Read files and count them; the work of one process."""
    counted = Tally()
    with quiet():
        for path in paths:
            found = read(path, key)
            if isinstance(found, Header):
                counted.add(found)
            else:
                counted.files[found] += 1
    return counted
