"""Finds the files of a folder and reads them in chunks, in two processes when there are many."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn, TypeAlias, TypeVar
from zlib import crc32

from catalogue.errors import SourceUnavailable

PROCESSES = 2
CHUNK = 500
"""Files a process takes at a time."""
Found: TypeAlias = tuple[Path, str]
"""A file, and a line that changes when it does."""
_Part = TypeVar("_Part")


def files(folder: Path) -> Iterator[Found]:
    """Every regular file below a folder with a line that changes when the file does; links are not followed."""

    def refuse(error: OSError) -> NoReturn:
        raise SourceUnavailable(
            f"a file or folder cannot be looked at: {error.strerror}",
            where="DICOM node",
            remedy="give the program the right to read it",
        )

    found = []
    for place, _, names in os.walk(folder, onerror=refuse):
        for name in names:
            path = Path(place, name)
            try:
                facts = path.lstat()
            except OSError as error:
                refuse(error)
            if stat.S_ISREG(facts.st_mode):
                found.append((path, f"{path.relative_to(folder)}\t{facts.st_size}\t{facts.st_mtime_ns}"))
    yield from sorted(found, key=lambda item: item[1])


def chunked(found: Sequence[Found], size: int) -> list[Sequence[Found]]:
    """The files in chunks of about that many, at most twice as many; at least one chunk.

    Where one ends depends on the file there, so a file that comes, goes or changes touches its own chunk, or two.
    """
    chunks, start = [], 0
    for number, (_, entry) in enumerate(found, start=1):
        if number - start >= 2 * size or crc32(entry.encode()) % size == 0:
            chunks.append(found[start:number])
            start = number
    return [*chunks, found[start:]] if start < len(found) or not chunks else chunks


def spread(work: Callable[[Sequence[Path]], _Part], chunks: Sequence[Sequence[Path]]) -> Iterator[_Part]:
    """What ``work`` makes of each chunk of files; here when there is one chunk only, else in processes of their own."""
    if len(chunks) < 2:
        yield from map(work, chunks)
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, chunks)
