"""Synthetic DICOM instances of persons who do not exist, full of texts that must never leave a node.

Of every person there is a CT of the chest; of every second one an MR of the brain, in a study of its own; of the others
a segmentation of the CT, in its study. The same arguments give the same instances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    SegmentationStorage,
)

UID_ROOT = "2.25.4242424242"
"""Every UID of a study, series, frame of reference or instance begins so."""
CANARIES = (UID_ROOT, "Canary", "CANARY", "canary", "19010203", "20190704")
"""Texts of which none may stand in anything that leaves a node: UIDs, names, labels, free texts, dates of persons."""
MANUFACTURERS = ("SIEMENS", "GE MEDICAL SYSTEMS")
CLASSES = {"CT": CTImageStorage, "MR": MRImageStorage, "SEG": SegmentationStorage}
SIZE = 4
"""Rows and columns."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the persons, by number."""

    number: int

    @property
    def sex(self) -> str:
        """As DICOM has it (0010,0040)."""
        return "MF"[self.number // 2 % 2]

    @property
    def age(self) -> int:
        """In years, at the time of the study."""
        return 31 + self.number * 3 % 50

    @property
    def series(self) -> tuple[tuple[int, str, str], ...]:
        """The number of the study, modality and body part of each series."""
        other = (2, "MR", "BRAIN") if self.number % 2 else (1, "SEG", "CHEST")
        return ((1, "CT", "CHEST"), other)


def instances(persons: int = 24, slices: int = 2) -> Iterator[Dataset]:
    """The instances of some persons; each CT and MR series has ``slices`` of them, a segmentation one."""
    for person in map(Person, range(persons)):
        for position, (study, modality, part) in enumerate(person.series):
            for index in range(1 if modality == "SEG" else slices):
                yield instance(person, study, modality, part, position, index)


def instance(person: Person, study: int, modality: str, part: str, series: int, index: int) -> Dataset:
    """One instance, with canaries wherever a header has texts or dates of a person."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = CLASSES[modality], _uid(person, 1, series, index)
    made.StudyInstanceUID, made.SeriesInstanceUID = _uid(person, 2, study), _uid(person, 3, series)
    made.FrameOfReferenceUID = _uid(person, 4, study)
    made.PatientID, made.PatientName = f"CANARY-PID-{person.number}", f"Canary^Person{person.number}"
    made.PatientSex, made.PatientAge, made.PatientBirthDate = person.sex, f"{person.age:03}Y", "19010203"
    made.PatientComments = made.ImageComments = made.StudyDescription = made.SeriesDescription = "a canary text"
    made.AccessionNumber, made.StudyID = f"CANARY-{person.number}", f"CANARY-{person.number}"
    made.InstitutionName, made.ReferringPhysicianName = "Canary Hospital", "Canary^Doctor"
    made.PatientIdentityRemoved, made.DeidentificationMethod = "YES", "canary method"
    made.DeidentificationMethodCodeSequence = Sequence([_code("113100", "canary meaning")])
    made.LongitudinalTemporalInformationModified, made.BurnedInAnnotation = "MODIFIED", "NO"
    made.StudyDate = made.SeriesDate = "20190704"
    made.StudyTime, made.SeriesTime = "101112", "101112"
    made.Modality, made.BodyPartExamined = modality, part
    made.Manufacturer, made.ManufacturerModelName = MANUFACTURERS[person.number % 2], "Model"
    made.SeriesNumber, made.InstanceNumber = series + 1, index + 1
    made.ImageType = ["DERIVED" if modality == "SEG" else "ORIGINAL", "PRIMARY"]
    _pixels(made, segmented=modality == "SEG")
    if modality == "SEG":
        _segmentation(made, person, index)
    elif modality == "MR":
        made.MagneticFieldStrength, made.SliceThickness = "3", "3"
    else:
        made.KVP, made.SliceThickness = "120", "1.25"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def encoded(one: Dataset) -> bytes:
    """The file of an instance (DICOM PS3.10)."""
    written = BytesIO()
    one.save_as(written, enforce_file_format=True)
    return written.getvalue()


def counts(given: Iterable[Dataset]) -> dict[str, int]:
    """How many persons, studies, series and instances there are."""
    levels = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    held = list(given)
    found = (len({one[level].value for one in held}) for level in levels)
    return dict(zip(("persons", "studies", "series", "instances"), found, strict=True))


def persons_by(given: Iterable[Dataset], keyword: str) -> Counter[str]:
    """Persons by the value of an attribute; one with several values counts for each."""
    return Counter(value for _, value in {(str(one.PatientID), str(one[keyword].value)) for one in given})


def _uid(person: Person, *numbers: int) -> str:
    return UID_ROOT + "".join(f"{number:05}" for number in (person.number, *numbers))


def _code(value: str, meaning: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, "DCM", meaning
    return made


def _pixels(made: Dataset, *, segmented: bool) -> None:
    bits = 1 if segmented else 16
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows = made.Columns = SIZE
    made.BitsAllocated = made.BitsStored = bits
    made.HighBit, made.PixelRepresentation = bits - 1, 0
    made.PixelSpacing = [0.75, 0.75]
    made.PixelData = bytes(SIZE * SIZE * bits // 8)
    made["PixelData"].VR = "OB" if segmented else "OW"


def _segmentation(made: Dataset, person: Person, index: int) -> None:
    segment, category = Dataset(), Dataset()
    segment.SegmentNumber, segment.SegmentLabel, segment.SegmentAlgorithmType = 1, "canary segment", "MANUAL"
    category.CodeValue, category.CodingSchemeDesignator, category.CodeMeaning = "85756007", "SCT", "Tissue"
    segment.SegmentedPropertyCategoryCodeSequence = Sequence([category])
    segment.SegmentedPropertyTypeCodeSequence = Sequence([category])
    made.SegmentationType, made.NumberOfFrames, made.ContentLabel = "BINARY", 1, "CANARY"
    made.SegmentSequence = Sequence([segment])
    image, series = Dataset(), Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = CTImageStorage, _uid(person, 1, 0, index)
    series.SeriesInstanceUID, series.ReferencedInstanceSequence = _uid(person, 3, 0), Sequence([image])
    made.ReferencedSeriesSequence = Sequence([series])
