"""Looks at every instance of a folder for its quality: what its header lacks, and how series hang together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydicom.datadict import dictionary_VR
from pydicom.dataset import FileDataset

from harvesters._dicom_attributes import IDENTIFYING, NEEDED, PLANES, is_valid, tag_of
from harvesters._dicom_header import SOP_CLASS, Header, Values, quiet, read_with_dataset, text_of, values_of
from harvesters._dicom_tally import READ
from harvesters._shares import Counted

FLAGS = (
    *(f"lacks {one.keyword}" for one in NEEDED),
    *(f"malformed {one.keyword}" for one in NEEDED),
    *(f"holds {keyword}" for keyword in IDENTIFYING),
    *("identity removed", "method stated", "burned in YES", "burned in unstated", "private attributes"),
)
"""What may be true of an instance; each has a number."""
ALL = (1 << len(FLAGS)) - 1
_NUMBER = {name: number for number, name in enumerate(FLAGS)}
_IDENTIFYING = tuple((keyword, tag_of(keyword)) for keyword in IDENTIFYING)
_SHORTS = tuple(one.tag for one in NEEDED if dictionary_VR(one.tag) == "US")
_METHOD, _METHOD_CODES = tag_of("DeidentificationMethod"), tag_of("DeidentificationMethodCodeSequence")
_ROWS, _COLUMNS, _SPACING = tag_of("Rows"), tag_of("Columns"), tag_of("PixelSpacing")
_ORIENTATION, _POSITION = tag_of("ImageOrientationPatient"), tag_of("ImagePositionPatient")

SAME_SPACING = 1e-3
"""Spacings in mm, and parts of a direction, that differ by less are the same."""
GAP = 0.01
"""Distances of neighbouring slices are even when none differs from the median by more than this part of it."""
GAP_MILLIMETRES = 0.01
"""... or by more than this, for what was rounded in writing."""


@dataclass(slots=True)
class Series:
    """What was seen of the slices of one series."""

    person: bytes
    size: tuple[str, str] | None = None
    spacing: tuple[float, ...] | None = None
    orientation: tuple[float, ...] | None = None
    uneven: set[str] = field(default_factory=set)
    """Which of size, spacing, orientation is not the same in all slices."""
    places: set[float] = field(default_factory=set)
    """Where slices lie along the normal of the first one, in mm."""

    def merge(self, other: Series) -> None:
        """Add other slices of the same series."""
        for name in ("size", "spacing", "orientation"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine is None:
                setattr(self, name, theirs)
            elif theirs is not None and not _same(mine, theirs):
                self.uneven.add(name)
        self.uneven |= other.uneven
        self.places |= other.places

    @property
    def gaps_uneven(self) -> bool | None:
        """Whether slices lie at uneven distances; None for fewer than three places or several directions."""
        if len(self.places) < 3 or "orientation" in self.uneven:
            return None
        places = sorted(self.places)
        gaps = [after - before for before, after in pairwise(places)]
        usual = sorted(gaps)[len(gaps) // 2]
        return any(abs(gap - usual) > max(GAP * usual, GAP_MILLIMETRES) for gap in gaps)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    if one == other:
        return True
    numbers = all(isinstance(value, float) for value in (*one, *other))
    pairs = zip(one, other, strict=False)
    return numbers and len(one) == len(other) and all(abs(a - b) < SAME_SPACING for a, b in pairs)  # type: ignore[operator]


@dataclass(slots=True)
class Survey:
    """Sets and counts over many files; what is in it never leaves, only what :meth:`counted` says of many persons."""

    files: Counter[str] = field(default_factory=Counter)
    instances: dict[bytes, bytes] = field(default_factory=dict)
    """Instance -> person."""
    copies: int = 0
    copied: set[bytes] = field(default_factory=set)
    """Persons with an instance in two files."""
    asked: Counter[int] = field(default_factory=Counter)
    """Instances of which a flag could be true."""
    true: Counter[int] = field(default_factory=Counter)
    persons: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)
    """Person -> the flags that are true of an instance, those that are false of one, and those not asked, as bits."""
    series: dict[bytes, Series] = field(default_factory=dict)
    all_series: dict[bytes, bytes] = field(default_factory=dict)
    """Series -> person; also those of other classes."""

    def add(self, header: Header, dataset: FileDataset) -> None:
        """Look at one instance; a second copy of it counts as a copy only."""
        self.files[READ] += 1
        if header.instance in self.instances:
            self.copies += 1
            self.copied.add(header.patient)
            return
        self.instances[header.instance] = header.patient
        self.all_series[header.series] = header.patient
        values = _readable(dataset)
        true_bits = asked_bits = 0
        for name, true in _flags(header, values):
            number = _NUMBER[name]
            self.asked[number] += 1
            self.true[number] += true
            asked_bits |= 1 << number
            true_bits |= true << number
        bits = (true_bits, asked_bits & ~true_bits, ALL & ~asked_bits)
        self._person(header.patient, bits)
        if text_of(values, SOP_CLASS) in PLANES:
            seen = _slice(header.patient, values)
            known = self.series.setdefault(header.series, seen)
            if known is not seen:
                known.merge(seen)

    def _person(self, person: bytes, bits: tuple[int, int, int]) -> None:
        true, false, unasked = self.persons.get(person, (0, 0, 0))
        self.persons[person] = (true | bits[0], false | bits[1], unasked | bits[2])

    def merge(self, other: Survey) -> None:
        """Add what another process saw. An instance seen by both is a copy; its flags count twice."""
        for name in ("files", "asked", "true"):
            getattr(self, name).update(getattr(other, name))
        self.copies += other.copies
        self.copied |= other.copied
        self.all_series |= other.all_series
        for instance, person in other.instances.items():
            if instance in self.instances:
                self.copies += 1
                self.copied.add(person)
            self.instances[instance] = person
        for person, bits in other.persons.items():
            self._person(person, bits)
        for number, series in other.series.items():
            known = self.series.setdefault(number, series)
            if known is not series:
                known.merge(series)

    def asked_of(self, flag: str) -> int:
        """Of how many instances the flag could be true."""
        return self.asked[_NUMBER[flag]]

    def counted(self, flag: str) -> dict[str, Counted]:
        """The instances of which a flag is true, false, and of which it could not be either."""
        number = _NUMBER[flag]
        asked, true, all_of_them = self.asked[number], self.true[number], len(self.instances)
        records = (true, asked - true, max(all_of_them - asked, 0))
        persons = [sum(1 for bits in self.persons.values() if bits[place] >> number & 1) for place in range(3)]
        return {
            name: Counted(*pair) for name, *pair in zip(("true", "false", "unasked"), records, persons, strict=True)
        }


def _flags(header: Header, values: Values) -> Iterator[tuple[str, bool]]:
    sop_class = text_of(values, SOP_CLASS)
    for one in NEEDED:
        if one.needed(sop_class):
            value = text_of(values, one.tag)
            yield f"lacks {one.keyword}", not value if one.value else one.tag not in values
            yield f"malformed {one.keyword}", bool(value) and not is_valid(one, value)
    for keyword, tag in _IDENTIFYING:
        yield f"holds {keyword}", bool(text_of(values, tag))
    removed, burned, _ = header.flags
    yield "identity removed", removed == "YES"
    yield "method stated", bool(values.get(_METHOD_CODES)) or bool(text_of(values, _METHOD))
    yield "burned in YES", burned == "YES"
    yield "burned in unstated", not burned
    yield "private attributes", any(tag >> 16 & 1 and tag >> 16 > 8 for tag in values)


def _readable(dataset: FileDataset) -> Values:
    """The values as texts or as they stand in the file, short whole numbers read from their bytes."""
    values = values_of(dataset)
    order: Literal["little", "big"] = "big" if dataset.original_encoding[1] is False else "little"
    for tag in _SHORTS:
        value = values.get(tag)
        if isinstance(value, bytes) and value:
            values[tag] = str(int.from_bytes(value[:2], order))
    return values


def _slice(person: bytes, values: Values) -> Series:
    seen = Series(person, spacing=_numbers(values, _SPACING, 2), orientation=_numbers(values, _ORIENTATION, 6))
    rows, columns = text_of(values, _ROWS), text_of(values, _COLUMNS)
    seen.size = (rows, columns) if rows and columns else None
    place = _numbers(values, _POSITION, 3)
    if seen.orientation and place:
        a, b = seen.orientation[:3], seen.orientation[3:]
        normal = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
        seen.places.add(round(sum(n * p for n, p in zip(normal, place, strict=True)), 4))
    return seen


def _numbers(values: Values, tag: int, count: int) -> tuple[float, ...] | None:
    try:
        found = tuple(float(part) for part in text_of(values, tag).split("\\"))
    except ValueError:
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


def survey(paths: Iterable[Path], key: bytes) -> Survey:
    """Read files and look at them; the work of one process."""
    seen = Survey()
    with quiet():
        for path in paths:
            found = read_with_dataset(path, key)
            if isinstance(found, str):
                seen.files[found] += 1
            else:
                seen.add(*found)
    return seen
