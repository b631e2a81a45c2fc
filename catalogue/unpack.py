"""Opens gzip and zip without being blown up: every byte that comes out is counted against a limit."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from catalogue.errors import BadInput, TooLarge

BLOCK = 1 << 18
"""Bytes taken in, or let out, at a time."""
MEMBERS = 10_000
"""Most files a zip archive may hold."""


def too_large(where: str, limit: int) -> TooLarge:
    """The error for a document over ``limit`` bytes."""
    return TooLarge(
        f"the document is larger than {limit / 1_000_000:g} MB, packed or unpacked",
        where=where,
        remedy="split it into several documents, or raise the size limit of a document",
    )


def bounded(blocks: Iterable[bytes], where: str, limit: int) -> Iterator[bytes]:
    """Hand the blocks on; raises :class:`~catalogue.errors.TooLarge` once they come to more than ``limit`` bytes."""
    total = 0
    for block in blocks:
        total += len(block)
        if total > limit:
            raise too_large(where, limit)
        yield block


def sliced(content: bytes) -> Iterator[bytes]:
    """The content in blocks."""
    for start in range(0, len(content), BLOCK):
        yield content[start : start + BLOCK]


def gunzipped(blocks: Iterable[bytes], where: str, limit: int) -> bytes:
    """Unpack gzip (RFC 1952, several members allowed).

    Raises :class:`~catalogue.errors.TooLarge` over ``limit`` bytes, :class:`~catalogue.errors.BadInput` when the
    compression is broken or ends early.
    """
    try:
        return b"".join(bounded(_inflated(blocks), where, limit))
    except (zlib.error, EOFError) as error:
        raise BadInput(
            f"the gzip compression is broken: {error}", where=where, remedy="compress it again and compare sizes"
        ) from error


def _inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for block in blocks:
        rest = block
        while rest:
            if machine.eof:
                rest = rest.lstrip(b"\0")  # padding between members
                machine = zlib.decompressobj(zlib.MAX_WBITS | 16) if rest else machine
                continue
            yield machine.decompress(rest, BLOCK)
            rest = machine.unused_data if machine.eof else machine.unconsumed_tail
    while not machine.eof and (more := machine.decompress(b"", BLOCK)):
        yield more
    if not machine.eof:
        raise EOFError("it ends early")


def unzipped(content: bytes, where: str, limit: int) -> dict[str, bytes]:
    """The files in a zip archive by name, in the order of the archive.

    ``limit`` bounds their sizes together, as declared (what comes out cannot exceed what is declared). Raises
    :class:`~catalogue.errors.TooLarge` or :class:`~catalogue.errors.BadInput`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MEMBERS or sum(entry.file_size for entry in entries) > limit:
                raise too_large(where, limit)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise BadInput(
            f"the zip archive cannot be opened: {error}", where=where, remedy="zip it again, without a password"
        ) from error
