"""Headers a second of the DICOM harvester, against plain pydicom in two processes, on generated files.

Run as: python tests/bench/dicom.py [number of files]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from harvesters._dicom_files import files
from harvesters._dicom_progress import progress_in
from harvesters.dicom import CHUNK, PROCESSES, count, count_on

CT = "1.2.840.10008.5.1.4.1.1.2"

ROUNDS = 3
"""The best of so many is printed; other work on the machine only ever slows down."""


def image(number: int) -> Dataset:
    """A CT slice of 64 x 64 pixels with the usual attributes."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID(CT), generate_uid()
    dataset.StudyInstanceUID = dataset.SeriesInstanceUID = UID(f"1.2.3.{number // 50 + 1}")
    dataset.PatientID, dataset.PatientSex, dataset.PatientAge = f"P{number // 50}", "MF"[number // 50 % 2], "061Y"
    dataset.PatientName, dataset.PatientBirthDate, dataset.StudyDate = "A^B", "19600101", "20210301"
    dataset.Modality, dataset.BodyPartExamined, dataset.Manufacturer = "CT", "CHEST", "SIEMENS"
    for keyword in ("InstitutionName", "StationName", "StudyDescription", "SeriesDescription", "ProtocolName"):
        setattr(dataset, keyword, keyword)
    for keyword in ("KVP", "SliceThickness", "RescaleSlope", "RescaleIntercept", "SpacingBetweenSlices"):
        setattr(dataset, keyword, "1")
    dataset.ImageType, dataset.PixelSpacing = ["ORIGINAL", "PRIMARY", "AXIAL"], [0.7, 0.7]
    dataset.ImagePositionPatient, dataset.ImageOrientationPatient = [0, 0, number % 50], [1, 0, 0, 0, 1, 0]
    dataset.PatientIdentityRemoved, dataset.InstanceNumber = "YES", number
    dataset.Rows = dataset.Columns = 64
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 15, 0, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = bytes(64 * 64 * 2)
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = UID(CT)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def plain(paths: Sequence[Path]) -> int:
    """Parse headers with pydicom and nothing else."""
    return sum(1 for path in paths if dcmread(path, stop_before_pixels=True))


def plain_in_two(paths: Sequence[Path]) -> int:
    """:func:`plain` in as many processes as the harvester uses."""
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(plain, chunks))


def rate(work: Callable[[Sequence[Path]], object], paths: Sequence[Path]) -> float:
    """Files a second, starting of processes included."""
    start = time.perf_counter()
    work(paths)
    return len(paths) / (time.perf_counter() - start)


def main(number: int) -> None:
    """Generate, warm the page cache, measure both."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{index}.dcm") for index in range(number)]
        for index, path in enumerate(paths):
            image(index).save_as(path, enforce_file_format=True)
        rate(plain, paths)
        found = list(files(Path(folder)))
        rounds = [(rate(plain_in_two, paths), rate(lambda _: count(found), paths)) for _ in range(ROUNDS)]
        with progress_in(f"{folder}/progress") as progress:
            kept, again = (rate(lambda _: count_on(found, progress), paths) for _ in range(2))
    pydicom, ours = (max(rates) for rates in zip(*rounds, strict=True))
    print(f"{number} files, {PROCESSES} processes")
    print(f"plain pydicom     {pydicom:8.0f} headers/s")
    print(f"dicom harvester   {ours:8.0f} headers/s   ratio {ours / pydicom:.2f}")
    print(f"... with progress {kept:8.0f} headers/s   ratio {kept / pydicom:.2f}")
    print(f"... read already  {again:8.0f} headers/s   ratio {again / pydicom:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
