"""Checks any number of files of any size: over all cores, in bounded memory, answers in the order of the input."""

from __future__ import annotations

import gzip
import shutil
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TypeVar

from catalogue.errors import BadInput
from catalogue.graphs import SUFFIXES, media_type_of, parse
from catalogue.model import Rejected
from catalogue.names import Minted
from catalogue.publish import Checked, Checker, base_of, nothing_described
from catalogue.splitting import bounds
from catalogue.spool import Spool
from catalogue.upgrade import upgrader
from catalogue.workers import Workers

SPOOL_FROM = 4_000_000
"""Bytes of a document, unpacked, from which on it is not read into memory as a whole."""
SPREAD_FROM = 8_000_000
"""Bytes of all documents together from which on it pays to start more processes."""
PACKED = 12
"""How many bytes, at a guess, come out of one byte of gzip; RDF packs well."""
MOST_PACKED = 50_000
"""Bytes of gzip that can do no harm in memory, whatever comes out of them (at most a thousand times as much)."""
TOGETHER = 200
"""Datasets of a large document that one task takes."""
BATCH_BYTES = 1_000_000
"""Bytes of small documents that one task takes."""

R = TypeVar("R")
Work = Callable[[Checker, Checked], R]
"""What is to be made of one checked dataset; a function that pickle can name when several processes are used."""


@dataclass(frozen=True, slots=True)
class File:
    """One document to check. Documents are never merged: the same blank node label or relative IRI means another."""

    path: Path
    where: str
    """Its name for people."""
    media_type: str
    packed: bool
    """It is gzip (RFC 1952)."""
    size: int
    """Bytes, unpacked; estimated when packed."""

    @property
    def is_large(self) -> bool:
        """It is not to be read into memory as a whole, or nobody can tell before it is unpacked."""
        return self.size > (MOST_PACKED * PACKED if self.packed else SPOOL_FROM)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The document, unpacked."""
        with self.path.open("rb") as raw:
            if not self.packed:
                yield raw
                return
            with gzip.open(raw) as unpacked:
                yield unpacked  # type: ignore[misc]


@contextmanager
def files(names: Sequence[str], media_type: str | None) -> Iterator[list[File]]:
    """The documents that arguments name: files, folders with all RDF files below them, ``-`` for standard input.

    ``media_type`` is the syntax where the name of a file does not tell. Raises
    :class:`~catalogue.errors.BadInput` for what is not there or may not be read.
    """
    with TemporaryDirectory(prefix="ehds-catalogue-") as folder:
        found: list[File] = []
        for name in names:
            if name == "-":
                found.append(_standard_input(Path(folder) / "input", media_type))
            elif Path(name).is_dir():
                found += _below(Path(name), media_type)
            else:
                found.append(_file(Path(name), name, media_type))
        yield found


def _below(folder: Path, media_type: str | None) -> list[File]:
    named = tuple(suffix + packing for suffix in SUFFIXES for packing in ("", ".gz"))
    inside = [
        path
        for path in sorted(folder.rglob("*"))
        if path.name.lower().endswith(named)
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not inside:
        raise BadInput(
            "the folder holds no RDF file",
            where=str(folder),
            remedy="RDF files end in " + ", ".join(SUFFIXES) + ", also with .gz",
        )
    return [_file(path, str(path), media_type) for path in inside]


def _standard_input(path: Path, media_type: str | None) -> File:
    with path.open("wb") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    return _file(path, "standard input", media_type)


def _file(path: Path, where: str, media_type: str | None) -> File:
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(
            f"cannot read the file: {error.strerror}", where=where, remedy="check the path and its permissions"
        ) from error
    syntax = media_type or media_type_of(where) or "text/turtle"
    return File(path, where, syntax, packed, size * PACKED if packed else size)


def answers(
    found: Iterable[File],
    workers: Workers[Checker],
    work: Work[R],
    minted: Minted,
    specification: str | None = None,
) -> Iterator[R | Rejected]:
    """What ``work`` makes of each dataset, in the order of the files and of the datasets in them.

    ``specification`` is what :meth:`catalogue.publish.Checker.check` takes.
    A file, or a dataset, that cannot be read is a value too and the others go on. Raises
    :class:`~catalogue.errors.StoreError` when there is no room for temporary files.
    """
    with TemporaryDirectory(prefix="ehds-catalogue-") as folder:
        for large, some in groupby(found, key=lambda file: file.is_large):
            if large:
                for file in some:
                    yield from _large(file, Path(folder) / "spool", workers, work, minted, specification)
            else:
                for told in workers.map(partial(_check_files, work, specification), _batches(some)):
                    yield from told


def _batches(found: Iterable[File]) -> Iterator[list[File]]:
    batch: list[File] = []
    for file in found:
        batch.append(file)
        if sum(one.size for one in batch) >= BATCH_BYTES or len(batch) >= TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _check_files(
    work: Work[R], specification: str | None, checker: Checker, batch: Sequence[File]
) -> list[R | Rejected]:
    told: list[R | Rejected] = []
    for file in batch:
        try:
            with file.open() as stream:
                content = stream.read()
            found = checker.check(content, file.media_type, file.where, specification)
            told += [work(checker, one) for one in found]
        except (BadInput, OSError, EOFError, zlib.error) as error:
            told.append(_rejected(error, file.where))
    return told


def _large(
    file: File, path: Path, workers: Workers[Checker], work: Work[R], minted: Minted, specification: str | None
) -> Iterator[R | Rejected]:
    spool = Spool(path, bounds(upgrader().rewriter))
    try:
        with file.open() as stream:
            count = spool.fill(parse(stream, file.media_type, base=base_of(minted), where=file.where))
        if not count:
            raise nothing_described(file.where)
        slices = (range(first, min(first + TOGETHER, count + 1)) for first in range(1, count + 1, TOGETHER))
        for told in workers.map(partial(_check_slice, work, specification, path, file.where), slices):
            yield from told
    except BadInput as error:
        yield _rejected(error, file.where)
    finally:
        spool.close()
        path.unlink(missing_ok=True)


def _check_slice(
    work: Work[R], specification: str | None, path: Path, where: str, checker: Checker, numbers: range
) -> list[R | Rejected]:
    told: list[R | Rejected] = []
    spool = _spool(path)
    for dataset, graph in spool.descriptions(numbers[0], numbers[-1]):
        try:
            held = specification or checker.rulebook.specification_stated(spool.records_of(dataset), dataset)
            told.append(work(checker, checker.converted(dataset, graph, held)))
        except BadInput as error:
            told.append(_rejected(error, f"{where}, dataset {dataset.value}"))
    return told


_open: dict[Path, tuple[int, Spool]] = {}
"""The spool that this process reads; one at a time."""


def _spool(path: Path) -> Spool:
    """The same object as long as it is the same file, since it remembers what datasets share."""
    inode = path.stat().st_ino
    if path not in _open or _open[path][0] != inode:
        for _, old in _open.values():
            old.close()
        _open.clear()
        _open[path] = inode, Spool(path)
    return _open[path][1]


def _rejected(error: Exception, where: str) -> Rejected:
    if isinstance(error, BadInput):
        return Rejected(error.where or where, error.what, error.remedy)
    return Rejected(where, f"cannot read the file: {error}", "check the file and its compression")
