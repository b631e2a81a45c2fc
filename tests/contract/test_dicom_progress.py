"""A visit to a DICOM folder that goes on where the last one broke off, and reads only what changed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from catalogue.errors import SourceUnavailable
from catalogue.model import Description
from harvesters import _dicom_progress, dicom
from harvesters._dicom_files import Found, chunked, files
from harvesters._dicom_progress import progress_in
from harvesters._dicom_tally import Tally, tally
from harvesters.dicom import DicomHarvester, count_on
from tests.contract.test_dicom import NoWeb, fill, image, source


class Reader:
    """Counts files here, and remembers which; stops after some chunks as a killed visit does."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.chunks_left = 1000

    def spread(self, work: Any, chunks: Sequence[Sequence[Path]]) -> Iterable[Tally]:
        for chunk in chunks:
            if not self.chunks_left:
                raise KeyboardInterrupt
            self.chunks_left -= 1
            self.paths += chunk
            yield work(chunk)

    def taken(self) -> list[str]:
        """Which files were read since this was last asked."""
        names, self.paths = [path.name for path in self.paths], []
        return sorted(names)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(dicom, "CHUNK", 5)
    monkeypatch.setattr(dicom, "spread", made.spread)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "images"
    made.mkdir()
    fill(made, 60, lambda person: image(person % 20))
    return made


def described(folder: Path, **options: str) -> Description:
    [one] = DicomHarvester().harvest(source(folder, **options), NoWeb())
    assert isinstance(one, Description)
    return one


def test_a_visit_that_broke_off_goes_on(folder: Path, tmp_path: Path, reader: Reader) -> None:
    file = str(tmp_path / "progress")
    whole = described(folder)
    reader.taken()
    reader.chunks_left = 3
    with pytest.raises(KeyboardInterrupt):
        described(folder, progress=file)
    first = reader.taken()
    assert 0 < len(first) < 60
    reader.chunks_left = 1000
    resumed = described(folder, progress=file)
    second = reader.taken()
    assert len(second) == 60 - len(first)
    assert not set(first) & set(second)
    assert resumed.digest == whole.digest
    assert resumed.original.content == whole.original.content


def test_a_changed_folder_is_read_where_it_changed(folder: Path, tmp_path: Path, reader: Reader) -> None:
    file = str(tmp_path / "progress")
    described(folder, progress=file)
    assert len(reader.taken()) == 60
    changed = sorted(folder.iterdir())[30]
    os.utime(changed, ns=(1, 1))
    fresh = described(folder, progress=file)
    read = reader.taken()
    assert changed.name in read
    assert len(read) <= 20, "its chunk, or two when it ends one"
    assert fresh.digest == described(folder).digest


def test_persons_whose_files_are_gone_are_forgotten(folder: Path, tmp_path: Path, reader: Reader) -> None:
    file = tmp_path / "progress"
    described(folder, progress=str(file))
    for path in sorted(folder.iterdir())[:50]:
        path.unlink()
    reader.taken()
    assert described(folder, progress=str(file)).digest == described(folder).digest
    with sqlite3.connect(file) as connection:
        kept = connection.execute("SELECT count(*) FROM part").fetchone()[0]
    assert kept == len(chunked(list(files(folder)), 5))


def test_other_code_or_lists_read_everything_anew(
    folder: Path, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "progress")
    described(folder, progress=file)
    reader.taken()
    monkeypatch.setattr(_dicom_progress, "_reader", lambda: "another")
    described(folder, progress=file)
    assert len(reader.taken()) == 60


def test_nothing_of_a_header_lies_in_the_file_and_only_its_owner_may_read_it(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    described(folder, progress=str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    for path, _ in files(folder):
        dataset = image_values(path)
        for value in dataset:
            assert value.encode() not in content, value


def image_values(path: Path) -> list[str]:
    """Who and what a header names."""
    dataset = dcmread(path)
    names = ("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "PatientBirthDate")
    return [value for name in names if len(value := str(dataset.get(name, ""))) > 3]


def test_a_file_that_others_may_read_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "progress"
    file.touch()
    file.chmod(0o644)
    with pytest.raises(SourceUnavailable, match="may be read by others") as raised:
        described(folder, progress=str(file))
    assert raised.value.remedy == f"chmod 600 {file}"


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at as one" * 40])
def test_a_file_that_is_none_of_ours_is_refused(folder: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "progress"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(SourceUnavailable, match="cannot be used"):
        described(folder, progress=str(file))
    with pytest.raises(SourceUnavailable, match="cannot be used"):
        described(folder, progress=str(tmp_path / "missing" / "progress"))


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"files": {}}', "null"])
def test_counts_that_cannot_be_read_are_counted_anew(folder: Path, tmp_path: Path, reader: Reader, said: str) -> None:
    file = tmp_path / "progress"
    described(folder, progress=str(file))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE part SET counted = ?", (said,))
    reader.taken()
    assert described(folder, progress=str(file)).digest == described(folder).digest


def test_what_is_kept_comes_back_the_same(folder: Path, tmp_path: Path) -> None:
    found = list(files(folder))
    with progress_in(str(tmp_path / "progress")) as progress:
        counted = tally([path for path, _ in found], progress.key)
        progress.keep("part", counted)
        assert progress.recalled("part") == counted
        assert progress.recalled("other") is None
        assert count_on(found, progress) == counted


def test_chunks_hold_every_file_once_and_depend_on_the_files_in_them() -> None:
    found: list[Found] = [(Path(str(number)), f"{number}\t1\t1") for number in range(5000)]
    chunks = chunked(found, 100)
    assert [one for chunk in chunks for one in chunk] == found
    assert max(map(len, chunks)) <= 200
    assert 20 < len(chunks) < 100
    fewer = chunked(found[1:], 100)
    assert sum(chunk not in chunks for chunk in fewer) <= 2
    assert chunked([], 100) == [[]]
