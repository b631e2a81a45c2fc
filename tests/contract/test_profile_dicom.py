"""Profiles of DICOM folders: what headers lack, how series hang together, what must not leave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

from catalogue.errors import BadInput
from catalogue.profiling import Profile, ProfileOptions, identifier
from harvesters import profile_dicom
from harvesters._dicom_attributes import CT, IDENTIFYING
from harvesters.profile_dicom import DicomProfiler

OPTIONS = ProfileOptions(today=date(2024, 1, 15))
PATIENTS, SLICES = 24, 4


def image(patient: int, place: int, **values: object) -> Dataset:
    """A CT slice with everything the class needs; ``values`` replace attributes, None removes them."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(CT), generate_uid()
    dataset.StudyInstanceUID = dataset.SeriesInstanceUID = dataset.FrameOfReferenceUID = UID(f"1.2.3.{patient + 1}")
    dataset.PatientID, dataset.PatientName, dataset.PatientSex = f"person-{patient}", "", "M"
    dataset.PatientBirthDate = dataset.AccessionNumber = dataset.ReferringPhysicianName = dataset.StudyID = ""
    dataset.StudyDate, dataset.StudyTime, dataset.SeriesNumber, dataset.InstanceNumber = "20210517", "101500", 1, place
    dataset.Modality, dataset.Manufacturer, dataset.ImageType = "CT", "SIEMENS", ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.PatientIdentityRemoved, dataset.BurnedInAnnotation = "YES", "NO"
    dataset.SliceThickness, dataset.KVP, dataset.AcquisitionNumber = "2", "120", 1
    dataset.RescaleIntercept, dataset.RescaleSlope = "-1024", "1"
    dataset.PixelSpacing, dataset.ImageOrientationPatient = [0.75, 0.75], [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [-10.5, 20.25, 2.0 * place]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = 512
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    for keyword, value in values.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    return dataset


def save(dataset: Dataset, path: Path, syntax: UID = ExplicitVRLittleEndian) -> None:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


def fill(folder: Path, some: int = 0, syntax: UID = ExplicitVRLittleEndian, **values: object) -> Path:
    """A series of each patient; ``values`` change the last slice of the first ``some`` of them."""
    for patient in range(PATIENTS):
        for place in range(SLICES):
            change = values if patient < some and place == SLICES - 1 else {}
            save(image(patient, place, **change), folder / f"{patient}-{place}.dcm", syntax)
    return folder


def run(folder: Path, **change: object) -> Profile:
    return DicomProfiler().profile(folder, replace(OPTIONS, **change))  # type: ignore[arg-type]


def levels(profile: Profile) -> dict[str, tuple[int | None, float | None]]:
    return {identifier(answer.criterion): (answer.level, answer.figure) for answer in profile.answers}


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian], ids=["little", "big endian"])
def test_a_folder_in_order(tmp_path: Path, syntax: UID) -> None:
    found = run(fill(tmp_path, syntax=syntax))
    assert found.examined == "96 instances in 24 series of 24 patients"
    whole = {"Q4.3.1": (1, 100.0), "Q4.6.1": (1, 100.0), "Q4.4.1": (1, 100.0), "L-b1": (2, 0.0)}
    assert levels(found) == whole
    assert found.withheld == ()
    assert found.facts["deidentification"]["identity_removed"]["count"] == 96


def test_what_headers_lack_and_hold_in_the_wrong_form(tmp_path: Path) -> None:
    found = run(fill(tmp_path, 12, KVP=None, ImageType=None, PatientSex="X", AccessionNumber=""))
    lacking, malformed = found.facts["headers"]["lacking"], found.facts["headers"]["malformed"]
    assert lacking["KVP"] == lacking["ImageType"] == {"count": 12, "of": 96, "percent": 12.5}
    assert lacking["AccessionNumber"]["count"] == 0
    assert malformed["PatientSex"]["count"] == 12
    needed = len(lacking)
    assert levels(found)["Q4.3.1"] == (1, (96 * needed - 24) * 1000 // (96 * needed) / 10)


@pytest.mark.parametrize(
    ("values", "uneven"),
    [
        ({"PixelSpacing": [0.75, 0.8]}, "pixel spacing"),
        ({"ImageOrientationPatient": [0, 1, 0, 1, 0, 0]}, "orientation"),
        ({"Rows": 256}, "size"),
        ({"ImagePositionPatient": [-10.5, 20.25, 8.5]}, "slice distance"),
    ],
)
def test_slices_that_do_not_fit(tmp_path: Path, values: dict[str, object], uneven: str) -> None:
    found = run(fill(tmp_path, 12, **values))
    consistency = found.facts["series_consistency"]
    assert consistency[uneven] == {"count": 12, "of": 24, "percent": 50.0}
    assert all(share.get("count") == 0 for name, share in consistency.items() if name != uneven and "of" in share)
    assert levels(found)["Q4.4.1"][1] != 100.0


def test_copies_are_counted_across_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    for patient in range(12):
        (tmp_path / f"z{patient}.dcm").write_bytes((tmp_path / f"{patient}-0.dcm").read_bytes())
    one = run(tmp_path)
    assert one.facts["duplicates"]["count"] == 12
    assert levels(one)["L-b1"] == (0, 11.1)
    monkeypatch.setattr(profile_dicom, "CHUNK", 20)
    two = run(tmp_path)
    assert two.facts["duplicates"] == one.facts["duplicates"]
    assert two.facts["series_consistency"] == one.facts["series_consistency"]


def test_evidence_of_de_identification(tmp_path: Path) -> None:
    found = run(fill(tmp_path, 12, PatientName="A^B", PatientIdentityRemoved="NO", BurnedInAnnotation="YES"))
    said = found.facts["deidentification"]
    assert said["identity_removed"]["count"] == 84
    assert said["burned_in_yes"]["count"] == said["identifying_attributes"]["PatientName"]["count"] == 12
    assert said["identifying_attributes"]["PatientBirthDate"]["count"] == 0
    assert said["private_attributes"]["count"] == 0


def test_private_attributes_are_counted(tmp_path: Path) -> None:
    fill(tmp_path)
    for patient in range(12):
        dataset = image(patient, 9)
        dataset.private_block(0x0011, "MAKER", create=True).add_new(1, "LO", "secret")
        save(dataset, tmp_path / f"private{patient}.dcm")
    assert run(tmp_path).facts["deidentification"]["private_attributes"]["count"] == 12


def test_a_class_of_few_patients_hides_what_the_others_need(tmp_path: Path) -> None:
    fill(tmp_path)
    for patient in range(3):
        save(image(patient, 9, SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.7")), tmp_path / f"capture{patient}.dcm")
    found = run(tmp_path)
    assert found.facts["headers"]["lacking"]["KVP"] == {"withheld": True}
    assert found.facts["headers"]["lacking"]["Rows"] == {"count": 0, "of": 99, "percent": 0.0}


def test_few_patients_are_withheld(tmp_path: Path) -> None:
    found = run(fill(tmp_path, 3, KVP=None, PatientName="A^B"))
    assert found.facts["headers"]["lacking"]["KVP"] == {"fewer_than": 10, "of": 96}
    assert found.facts["deidentification"]["identifying_attributes"]["PatientName"] == {"fewer_than": 10, "of": 96}
    assert any("KVP" in line for line in found.withheld)
    assert run(tmp_path, least=25).facts == {"threshold": 25}


PLANTED = {
    **dict.fromkeys(set(IDENTIFYING) - {"PatientBirthDate", "ReferringPhysicianName", "OtherPatientNames"}, "ZORBLAX"),
    "PatientBirthDate": "19410203",
    "PatientID": "zz-4711",
    "StudyDate": "20190823",
    "StudyInstanceUID": "1.2.826.0.1.3680043.2.1125.777",
    "SeriesInstanceUID": "1.2.826.0.1.3680043.2.1125.888",
    "ImageComments": "ZORBLAX",
    "Modality": "ZORB",
}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_planted_word_leaves(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = fill(tmp_path / "ZORBLAX")
    dataset = image(0, 0, **PLANTED)
    dataset.private_block(0x0011, "ZORBLAX", create=True).add_new(1, "LO", "ZORBLAX")
    save(dataset, folder / "zz-4711.dcm")
    (folder / "ZORBLAX-cut.dcm").write_bytes((folder / "zz-4711.dcm").read_bytes()[:600])
    found = run(folder)
    left = repr(found) + json.dumps(found.facts) + "".join(capfd.readouterr())
    tokens = ("ZORB", "4711", "1941", "0203", "2019", "0823", "1125", "20210517", "person-", "1.2.3.")
    assert [token for token in tokens if token in left] == []


def test_the_files_pydicom_ships() -> None:
    found = run(Path(pydicom.__file__).parent / "data")
    assert found.examined == "127 instances in 47 series of 31 patients"
    assert levels(found).keys() == {"Q4.3.1", "Q4.6.1", "L-b1"}


def test_a_folder_is_recognised_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    assert not DicomProfiler().recognises(tmp_path)
    with pytest.raises(BadInput, match="1 not DICOM"):
        run(tmp_path)
    save(image(0, 0), tmp_path / "deep" / "file")
    assert DicomProfiler().recognises(tmp_path)


def test_options_for_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--key, --person: only for tables"):
        run(tmp_path, key=("a",), person="b")
