"""Which attributes an instance must hold, which may tell who a patient is, and what a value of a kind looks like.

A choice of those that matter for secondary use: the mandatory attributes (type 1: with a value; type 2: present,
perhaps empty) of the modules that every object has, of pixels, of the image plane, and of CT, MR and PET images (PS3.3
A.2, A.3, A.4, A.21, C.7, C.8, C.12). Attributes behind group 0062 and inside sequences are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.datadict import dictionary_VR, tag_for_keyword

CT, MR, PET = (f"1.2.840.10008.5.1.4.1.1.{number}" for number in ("2", "4", "128"))
_OTHER_IMAGES = (
    "1",
    "1.1",
    "1.1.1",
    "1.2",
    "1.2.1",
    "1.3",
    "2.1",
    "4.1",
    "6.1",
    "6.2",
    "7",
    "12.1",
    "12.2",
    "20",
    "130",
)
IMAGES = {CT, MR, PET, *(f"1.2.840.10008.5.1.4.1.1.{number}" for number in _OTHER_IMAGES)}
"""Classes with pixels that are looked at."""
PLANES = {CT, MR, PET}
"""Classes of one slice an instance."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute that classes need."""

    keyword: str
    tag: int
    value: bool
    """Whether it must have a value (type 1), or need only be there (type 2)."""
    classes: frozenset[str] | None
    """SOP classes that need it; None for all."""

    def needed(self, sop_class: str) -> bool:
        """Whether instances of this class need it."""
        return self.classes is None or sop_class in self.classes


def tag_of(keyword: str) -> int:
    """The tag of an attribute of the data dictionary (PS3.6)."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise KeyError(keyword)
    return int(tag)


def _attributes() -> Iterator[Attribute]:
    needs: tuple[tuple[str, str, set[str] | None], ...] = (
        ("SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID Modality", "1", None),
        ("PatientName PatientID PatientBirthDate PatientSex", "2", None),
        ("StudyDate StudyTime ReferringPhysicianName StudyID AccessionNumber SeriesNumber", "2", None),
        ("SamplesPerPixel PhotometricInterpretation Rows Columns BitsAllocated BitsStored HighBit", "1", IMAGES),
        ("PixelRepresentation", "1", IMAGES),
        ("FrameOfReferenceUID PixelSpacing ImageOrientationPatient ImagePositionPatient", "1", PLANES),
        ("Manufacturer SliceThickness InstanceNumber", "2", PLANES),
        ("ImageType", "1", PLANES),
        ("RescaleIntercept RescaleSlope", "1", {CT, PET}),
        ("KVP AcquisitionNumber", "2", {CT}),
        ("ScanningSequence SequenceVariant", "1", {MR}),
        ("ScanOptions MRAcquisitionType EchoTime", "2", {MR}),
        ("Units CountsSource SeriesType CorrectedImage", "1", {PET}),
    )
    for keywords, kind, classes in needs:
        for keyword in keywords.split():
            yield Attribute(keyword, tag_of(keyword), kind == "1", frozenset(classes) if classes else None)


LAST_GROUP = 0x0062
NEEDED = tuple(one for one in _attributes() if one.tag >> 16 <= LAST_GROUP)

IDENTIFYING = (
    *("PatientName", "PatientBirthDate", "PatientAddress", "PatientTelephoneNumbers", "OtherPatientIDs"),
    *("OtherPatientNames", "PatientMotherBirthName", "MilitaryRank", "PatientComments", "AccessionNumber"),
    *("ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName", "InstitutionName"),
    *("InstitutionAddress", "StationName", "DeviceSerialNumber"),
)
"""Attributes that the Basic Application Level Confidentiality Profile (PS3.15 E.1) removes, empties or replaces.

A value in one of them may be a replacement: that it is there proves nothing, that none is there says much."""

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_FORMS = {
    "UI": re.compile(r"(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))*"),
    "DA": re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "TM": re.compile(r"([01]\d|2[0-3])([0-5]\d([0-5]\d|60)?)?(\.\d{1,6})?"),
    "DS": re.compile(_NUMBER),
    "IS": re.compile(r"[+-]?\d{1,12}"),
    "CS": re.compile(r"[A-Z0-9_ ]{0,16}"),
    "SH": re.compile(r"[^\\\x00-\x1a\x1c-\x1f]{0,16}"),
}
CODES = {
    "PatientSex": {"M", "F", "O"},
    "PixelRepresentation": {"0", "1"},
    "BitsAllocated": {"1", "8", "16", "32", "64"},
    "MRAcquisitionType": {"2D", "3D"},
}
"""Enumerated values of attributes with one value."""


def is_valid(one: Attribute, value: str) -> bool:
    """Whether a value that is there has the form of its value representation (PS3.5, 6.2) and is one of the codes."""
    form = _FORMS.get(dictionary_VR(one.tag))
    parts = value.split("\\")
    if form is not None and not all(form.fullmatch(part.strip()) for part in parts):
        return False
    codes = CODES.get(one.keyword)
    return not codes or value in codes
