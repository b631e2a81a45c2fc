"""The archive gives back exactly what it was given, or says that it cannot."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.archive import SqliteArchive
from catalogue.errors import StoreError
from catalogue.graphs import digest

PUT_AND_DIE = """
import os, sys
from pathlib import Path
from catalogue.archive import SqliteArchive
archive = SqliteArchive(Path(sys.argv[1]))
for n in range(100):
    print(archive.put(str(n).encode() * 1000), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SqliteArchive]:
    opened = SqliteArchive(tmp_path / "deep" / "archive.db")
    yield opened
    opened.close()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(), st.binary(max_size=20).map(lambda part: part * 500)))
def test_what_was_put_comes_back(archive: SqliteArchive, content: bytes) -> None:
    key = archive.put(content)
    assert key == digest(content)
    assert archive.get(key) == content


def test_unknown_is_none_and_no_digest_is_a_mistake(archive: SqliteArchive) -> None:
    assert archive.get(digest(b"never put")) is None
    for wrong in ("", "md5:00", "sha256:00", "sha256:" + "x" * 64):
        with pytest.raises(ValueError, match=r"digest|hexadecimal"):
            archive.get(wrong)


def test_the_same_bytes_are_kept_once_and_text_is_kept_small(archive: SqliteArchive, tmp_path: Path) -> None:
    text = b"<https://example.org/s> <https://example.org/p> <https://example.org/o> .\n" * 5000
    assert archive.put(text) == archive.put(text)
    archive.close()
    file = tmp_path / "deep" / "archive.db"
    assert file.stat().st_size < len(text) / 10
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("content", [b"compressed " * 100, bytes(range(256))])
def test_bytes_that_changed_on_disk_are_not_given_out(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "archive.db"
    archive = SqliteArchive(file)
    key = archive.put(content)
    archive.close()
    with sqlite3.connect(file) as database:
        (held,) = database.execute("SELECT content FROM kept").fetchone()
        rotten = held[:20] + bytes([held[20] ^ 1]) + held[21:]
        database.execute("UPDATE kept SET content = ?", (rotten,))
    database.close()
    archive = SqliteArchive(file)
    with pytest.raises(StoreError, match="other bytes") as caught:
        archive.get(key)
    assert key in caught.value.where
    archive.close()


def test_threads_and_a_second_archive_on_the_same_file(archive: SqliteArchive, tmp_path: Path) -> None:
    second = SqliteArchive(tmp_path / "deep" / "archive.db")
    problems: list[BaseException] = []

    def work(used: SqliteArchive, first: int) -> None:
        try:
            for n in range(first, first + 50):
                content = str(n).encode() * 300
                assert used.get(used.put(content)) == content
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(used, n * 25)) for n, used in enumerate([archive, archive, second])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert all(second.get(digest(str(n).encode() * 300)) is not None for n in range(100))
    second.close()


def test_what_was_put_survives_a_kill(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    file = tmp_path / "archive.db"
    died = subprocess.run(
        [sys.executable, "-c", PUT_AND_DIE, str(file)], cwd=root, check=False, capture_output=True, text=True
    )
    assert died.returncode == -9, died.stderr
    archive = SqliteArchive(file)
    keys = died.stdout.split()
    assert len(keys) == 100
    assert all(archive.get(key) is not None for key in keys)
    archive.close()


def test_a_file_that_is_no_archive_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="not a database"):
        SqliteArchive(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError) as caught:
        SqliteArchive(tmp_path / "folder")
    assert str(tmp_path / "folder") in str(caught.value)


def test_a_closed_archive_is_a_store_error(tmp_path: Path) -> None:
    archive = SqliteArchive(tmp_path / "archive.db")
    archive.close()
    with pytest.raises(StoreError):
        archive.put(b"late")
