"""Reads what aggregation needs from one DICOM file, and lets nothing else out.

Identifiers leave as keyed hashes, coded values only when a crosswalk or a code list of DICOM knows them, ages in whole
years, dates as years. No text of the file, no file name and no error message of the parser goes further.
"""

from __future__ import annotations

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from hashlib import blake2b
from io import BytesIO
from os import fstat
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import read_partial, read_sequence
from pydicom.sr.codedict import codes
from pydicom.uid import UID, AllTransferSyntaxes, MediaStorageDirectoryStorage

from harvesters._ages import MOST_YEARS, years
from harvesters._crosswalk import Reading, crosswalk, members
from harvesters._dicom_plain import HEAD, plain_values

PATIENT_ID, ISSUER, SEX, AGE, BIRTH = 0x00100020, 0x00100021, 0x00100040, 0x00101010, 0x00100030
SOP_CLASS, SOP, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
MODALITY, MAKER, BODY_PART, STUDY_DATE = 0x00080060, 0x00080070, 0x00180015, 0x00080020
IDENTITY_REMOVED, METHODS, TEMPORAL = 0x00120062, 0x00120064, 0x00280303
BURNED_IN, RECOGNISABLE, SPACING, IMAGER_SPACING = 0x00280301, 0x00280302, 0x00280030, 0x00181164
SEGMENTS = 0x00620002
PROPERTY_TYPE, CODE, CODE_SCHEME = 0x0062000F, 0x00080100, 0x00080102
MEDIA_CLASS, TRANSFER_SYNTAX = 0x00020002, 0x00020010
REQUIRED = (SOP_CLASS, SOP, STUDY, SERIES, MODALITY)
OF_SERIES = (STUDY, SERIES, MODALITY)
"""What must be known of a series whose instances were not looked at."""
LAST = SEGMENTS
WANTED = frozenset(
    {
        *REQUIRED,
        PATIENT_ID,
        ISSUER,
        SEX,
        AGE,
        BIRTH,
        MAKER,
        BODY_PART,
        STUDY_DATE,
        IDENTITY_REMOVED,
        TEMPORAL,
        BURNED_IN,
    }
    | {RECOGNISABLE, SPACING, IMAGER_SPACING, MEDIA_CLASS, TRANSFER_SYNTAX, METHODS, SEGMENTS}
)
LARGE = 65536
"""Longer values before :data:`LAST`, such as embedded documents, are skipped."""
UNDEFINED = 0xFFFFFFFF
SCHEMES = {"SCT": "http://snomed.info/id/", "DCM": "http://dicom.nema.org/resources/ontology/DCM/"}
Values: TypeAlias = dict[int, Any]
FLAGS = {"YES", "NO"}
TIMES = {"UNMODIFIED", "MODIFIED", "REMOVED"}
FAILURES = (
    *(InvalidDicomError, BytesLengthException, EOFError, OSError, ValueError, TypeError, LookupError, AttributeError),
    *(NotImplementedError, ArithmeticError, RecursionError, struct.error, zlib.error),
)
"""What pydicom raises on files that are damaged or only look like DICOM."""

NOT_DICOM, DIRECTORY = "not DICOM", "media directories (DICOMDIR)"
UNREADABLE, TRUNCATED = "unreadable as DICOM", "end before their data do"
INCOMPLETE = "lack a class, instance, study or series UID or the modality"


class Header(NamedTuple):
    """One instance, in values that may be aggregated."""

    patient: bytes
    """Keyed hash; empty without a patient ID."""
    study: bytes
    series: bytes
    instance: bytes
    modality: str
    """Code that the crosswalk dicom-modality knows; empty otherwise."""
    body_parts: tuple[str, ...]
    maker: str
    sex: str
    age: int | None
    year: int | None
    temporal: str
    flags: tuple[str, str, str]
    """Identity removed, burned in annotation, recognisable features: YES, NO or empty."""
    methods: tuple[str, ...]
    """Codes of CID 7050."""
    syntax: str
    spacing: float | None
    """Smallest in-plane spacing in mm."""
    labels: tuple[str, ...]
    """IRIs of segmented property types of CID 7151."""
    unknown: tuple[str, ...]
    """Attributes with a value that no list knows."""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pydicom from checking values and from quoting them in warnings and logs."""
    logger, mode = logging.getLogger("pydicom"), config.settings.reading_validation_mode
    disabled, logger.disabled = logger.disabled, True
    config.settings.reading_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = disabled
        config.settings.reading_validation_mode = mode


def read(path: Path, key: bytes) -> Header | str:
    """The header of a file, or why there is none: one of the constants above."""
    try:
        with path.open("rb", buffering=0) as file:
            head = file.read(HEAD)
            values = plain_values(head, fstat(file.fileno()).st_size, WANTED, LAST) if _begins(head) else None
        if values is not None and SEGMENTS not in values and not _is_directory(values):
            return _header(values, values, _with_methods(values.get(METHODS, b"")), key)
    except FAILURES:
        return UNREADABLE
    found = read_with_dataset(path, key)
    return found if isinstance(found, str) else found[0]


@lru_cache(maxsize=100)
def _with_methods(sequence: bytes) -> Dataset:
    """A data set with the de-identification methods of a file alone; files repeat them."""
    dataset = Dataset()
    if sequence:
        items = read_sequence(BytesIO(sequence), False, True, len(sequence), ["utf-8"])
        dataset[METHODS] = DataElement(METHODS, "SQ", items)
    return dataset


def _begins(head: bytes) -> bool:
    return head[128:132] == b"DICM"


def _is_directory(meta: Values) -> bool:
    return text_of(meta, MEDIA_CLASS) == MediaStorageDirectoryStorage


def read_with_dataset(path: Path, key: bytes) -> tuple[Header, FileDataset] | str:
    """The header of a file and all attributes up to :data:`LAST`, or why there is none.

    The data set holds values of a person: whoever asks for it must let nothing but aggregates out.
    """
    try:
        with path.open("rb") as file:
            start = file.read(132)
            if start[128:] != b"DICM" and not _looks_bare(start):
                return NOT_DICOM
            file.seek(0)
            limit = _Limit(file)
            dataset = read_partial(file, limit, defer_size=LARGE, force=True)
            if _is_directory(values_of(dataset.file_meta)):
                return DIRECTORY
            if limit.cut(dataset, fstat(file.fileno()).st_size):
                return TRUNCATED
            header = _header(values_of(dataset), values_of(dataset.file_meta), dataset, key)
            return header if isinstance(header, str) else (header, dataset)
    except FAILURES:
        return UNREADABLE


def header_of(dataset: Dataset, key: bytes, required: Sequence[int] = REQUIRED) -> Header | str:
    """The header of an instance whose attributes came from elsewhere than a file, or why there is none.

    Where no instance is ``required``, a series stands for its instances.
    """
    if not hasattr(dataset, "file_meta"):
        dataset.file_meta = FileMetaDataset()
    try:
        return _header(values_of(dataset), values_of(dataset.file_meta), dataset, key, required)
    except FAILURES:
        return UNREADABLE


class _Limit:
    """Stops the parser behind the last attribute needed, and remembers where that was."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.tag = self.length = self.end = 0

    def __call__(self, tag: int, vr: str | None, length: int) -> bool:  # noqa: ARG002
        self.tag, self.length = tag, length
        if int.__gt__(tag, LAST):  # pydicom's own comparison of tags is ten times slower
            self.end = self.file.tell() + (0 if length == UNDEFINED else length)
            return True
        return False

    def cut(self, dataset: Dataset, size: int) -> bool:
        """Whether the last value looked at runs past the end of the file."""
        if self.end:
            return self.end > size
        last = dataset.get_item(self.tag) if self.tag in dataset else None
        if not isinstance(last, RawDataElement) or last.length == UNDEFINED:
            return False
        return last.value_tell + last.length > size if last.value is None else len(last.value) < last.length


def _looks_bare(start: bytes) -> bool:
    """Whether a file without preamble begins like a DICOM data set (group 0002 or 0008, either byte order)."""
    if len(start) < 8 or start[:2] not in (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08"):
        return False
    vr, order = start[4:6], "<" if start[1] == 0 else ">"
    length: int = struct.unpack(order + "L", start[4:8])[0]
    return (vr.isalpha() and vr.isupper()) or length < 1024


def _header(
    values: Values, meta: Values, dataset: Dataset, key: bytes, required: Sequence[int] = REQUIRED
) -> Header | str:
    """``dataset`` is asked for its sequences only."""
    given = {tag: text_of(values, tag) for tag in required}
    if not all(given.values()):
        return INCOMPLETE
    if SOP_CLASS in given and not UID(given[SOP_CLASS]).is_valid:
        return UNREADABLE
    unknown: list[str] = []
    modality = known_terms("dicom-modality", given[MODALITY], "Modality", unknown)
    makers = known_terms("dicom-manufacturer", text_of(values, MAKER), "Manufacturer", unknown)
    sexes = known_terms("dicom-sex", text_of(values, SEX), "PatientSex", unknown)
    labels = tuple(_labels(dataset, unknown))
    temporal = text_of(values, TEMPORAL)
    year = _year(text_of(values, STUDY_DATE))
    patient = text_of(values, PATIENT_ID)
    return Header(
        patient=hidden(f"{patient}\n{text_of(values, ISSUER)}", key) if patient else b"",
        study=hidden(given[STUDY], key),
        series=hidden(given[SERIES], key),
        instance=hidden(given.get(SOP, given[SERIES]), key),
        modality=given[MODALITY].upper() if modality else "",
        body_parts=known_terms("dicom-body-part", text_of(values, BODY_PART), "BodyPartExamined", unknown),
        maker=makers[0] if makers else "",
        sex=sexes[0] if sexes else "",
        age=_age(values, year),
        year=year,
        temporal=temporal if temporal in TIMES else "",
        flags=(_flag(values, IDENTITY_REMOVED), _flag(values, BURNED_IN), _flag(values, RECOGNISABLE)),
        methods=tuple(_methods(dataset, unknown)),
        syntax=_syntax(text_of(meta, TRANSFER_SYNTAX)),
        spacing=_spacing(text_of(values, SPACING) or text_of(values, IMAGER_SPACING)),
        labels=labels,
        unknown=tuple(unknown),
    )


@cache
def _syntax(value: str) -> str:
    return value if value in AllTransferSyntaxes else ""


def values_of(dataset: Dataset) -> Values:
    """The values as they stand in the file; asking the data set for each would convert and compare slowly."""
    return {int(item.tag): item.value for item in dataset.values()}


def text_of(values: Values, tag: int) -> str:
    value = values.get(tag)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip(" \0\r\n\t")
    if isinstance(value, MutableSequence):
        return "\\".join(str(part) for part in value)
    return "" if value is None else str(value).strip()


def hidden(value: str, key: bytes) -> bytes:
    """A keyed hash in the place of an identifier."""
    return blake2b(value.encode("utf-8", "replace"), key=key, digest_size=16).digest()


def known_terms(table: str, term: str, name: str, unknown: list[str]) -> tuple[str, ...]:
    """The concepts of a term by a crosswalk; the name of its attribute is added to ``unknown`` when there are none."""
    reading = _reading(table, term) if term else None
    if term and reading is None:
        unknown.append(name)
    return reading.concepts if reading else ()


@lru_cache(maxsize=10_000)
def _reading(table: str, term: str) -> Reading | None:
    """Files repeat their terms."""
    return crosswalk(table).find(term)


def _flag(values: Values, tag: int) -> str:
    value = text_of(values, tag).upper()
    return value if value in FLAGS else ""


def _year(day: str) -> int | None:
    digits = day.replace(".", "")[:4]
    return int(digits) if digits.isdecimal() and 1900 <= int(digits) <= 2100 else None


def _age(values: Values, year: int | None) -> int | None:
    stated = years(text_of(values, AGE))
    born, day = text_of(values, BIRTH), text_of(values, STUDY_DATE)
    if stated is not None or year is None or _year(born) is None or not (len(born) == len(day) == 8):
        return stated
    age = year - int(born[:4]) - (day[4:] < born[4:])
    return age if 0 <= age <= MOST_YEARS else None


def _spacing(value: str) -> float | None:
    try:
        spacing = min(float(part) for part in value.split("\\"))
    except ValueError:
        return None
    return spacing if 0 < spacing < 1000 else None


def _methods(dataset: Dataset, unknown: list[str]) -> Iterator[str]:
    for item in map(values_of, _items(dataset, METHODS)):
        code = text_of(item, CODE)
        if code in _list("cid7050"):
            yield code
        else:
            unknown.append("DeidentificationMethodCodeSequence")


def _labels(dataset: Dataset, unknown: list[str]) -> Iterator[str]:
    for item in (values_of(item) for segment in _items(dataset, SEGMENTS) for item in _items(segment, PROPERTY_TYPE)):
        code, scheme = text_of(item, CODE), text_of(item, CODE_SCHEME)
        if code in _list("cid7151") and _list("cid7151")[code][0] == scheme:
            yield SCHEMES[scheme] + code
        else:
            unknown.append("SegmentedPropertyTypeCodeSequence")


def _items(dataset: Dataset, tag: int) -> Sequence[Dataset]:
    return dataset[tag].value or () if tag in dataset else ()


@cache
def _list(name: str) -> dict[str, tuple[str, str]]:
    """A context group of DICOM PS3.16 as code -> (scheme, meaning), for SNOMED CT and DICOM codes."""
    entries = getattr(codes, name).concepts.values()
    return {code.value: (code.scheme_designator, code.meaning) for code in entries if code.scheme_designator in SCHEMES}


def meaning(name: str, code: str) -> str:
    """What the code list says a code means."""
    return _list(name)[code][1]


def is_acquisition(modality: str) -> bool:
    """Whether a modality code stands for the making of images, not for what is derived from them."""
    reading = crosswalk("dicom-modality").find(modality)
    return reading is not None and bool(members("modality").intersection(reading.concepts))
