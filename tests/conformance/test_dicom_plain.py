"""The fast reader of plain DICOM files gives what pydicom gives, header for header and refusal for refusal."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from harvesters import _dicom_header
from harvesters._dicom_header import LAST, WANTED, Header, quiet, read, read_with_dataset
from harvesters._dicom_plain import HEAD, plain_values
from tests.contract.test_dicom import code, image, save

KEY = b"k" * 32
SHIPPED = sorted(path for path in (Path(pydicom.__file__).parent / "data").rglob("*") if path.is_file())


def both(path: Path) -> tuple[Header | str, Header | str]:
    with quiet():
        slow = read_with_dataset(path, KEY)
        return read(path, KEY), slow if isinstance(slow, str) else slow[0]


@pytest.fixture
def plain_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pydicom would be asked, the test fails."""

    def refuse(path: Path, _: bytes) -> str:
        raise AssertionError(f"{path.name} was left to pydicom")

    monkeypatch.setattr(_dicom_header, "read_with_dataset", refuse)


def test_the_files_pydicom_ships_are_read_alike() -> None:
    taken = 0
    for path in SHIPPED:
        fast, slow = both(path)
        assert fast == slow, path.name
        content = path.read_bytes()
        taken += content[128:132] == b"DICM" and plain_values(content[:HEAD], len(content), WANTED, LAST) is not None
    assert taken > 40, "the fast reader took next to nothing"


def test_a_plain_file_is_not_left_to_pydicom(tmp_path: Path, plain_only: None) -> None:  # noqa: ARG001
    save(image(1), tmp_path / "a")
    assert isinstance(read(tmp_path / "a", KEY), Header)


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, JPEGBaseline8Bit]
)
def test_other_transfer_syntaxes_are_read_alike(tmp_path: Path, syntax: str) -> None:
    dataset = image(1)
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(tmp_path / "a", enforce_file_format=True)
    fast, slow = both(tmp_path / "a")
    assert fast == slow
    assert isinstance(fast, Header)


def test_methods_of_deidentification_are_read_alike(tmp_path: Path) -> None:
    dataset = image(1, DeidentificationMethodCodeSequence=[code("113100", "DCM", "Basic")])
    save(dataset, tmp_path / "a")
    fast, slow = both(tmp_path / "a")
    assert fast == slow
    assert isinstance(fast, Header)
    assert fast.methods == ("113100",)


TEXTS = st.text(st.characters(codec="latin-1", exclude_characters="\\"), max_size=20)


KEYWORDS = (
    *("PatientID", "PatientSex", "PatientAge", "Modality", "BodyPartExamined", "Manufacturer", "StudyDate"),
    *("PatientIdentityRemoved", "BurnedInAnnotation", "LongitudinalTemporalInformationModified"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.sampled_from(KEYWORDS), TEXTS), private=st.binary(max_size=30))
def test_values_of_all_kinds_are_read_alike(tmp_path: Path, values: dict[str, str], private: bytes) -> None:
    with quiet():
        dataset: Dataset = image(1, **values)
        dataset.add_new(0x00091001, "UN", private)
        save(dataset, tmp_path / "a")
    fast, slow = both(tmp_path / "a")
    assert fast == slow


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_read_alike(tmp_path: Path, data: st.DataObject) -> None:
    whole = tmp_path / "whole"
    if not whole.exists():
        save(image(1), whole)
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    cut = data.draw(st.none() | st.integers(0, len(content)))
    path = tmp_path / "damaged"
    path.write_bytes(content[:cut])
    fast, slow = both(path)
    assert fast == slow
