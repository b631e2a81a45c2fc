"""Looks at XML before it is parsed as RDF: entities that exhaust the memory, documents cut off in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO
from xml.parsers import expat

from catalogue.errors import BadRdf

_MOST_GROWN = 50_000_000
"""Bytes that XML entities may add to a document."""
_BLOCK = 1 << 20
_LONGEST = 1000
"""Characters of an entity reference that may lie across two blocks."""


def check_xml(content: bytes | IO[bytes], where: str) -> None:
    """Find what the RDF/XML parser lets pass; a file is read from its beginning, a block at a time.

    Raises :class:`~catalogue.errors.BadRdf` with line and column.
    """
    entities: dict[bytes, int] = {}
    parser = expat.ParserCreate()

    def declared(name: str, _parameter: bool, value: str | None, *_external: str | None) -> None:
        if value is not None and "&" in value:
            raise _growing(where)
        entities[b"&" + name.encode() + b";"] = len((value or "").encode())

    parser.EntityDeclHandler = declared
    grown = 0
    try:
        for block, references in _blocks(BytesIO(content) if isinstance(content, bytes) else content):
            parser.Parse(block, False)
            grown += sum(references.count(entity) * size for entity, size in entities.items())
            if grown > _MOST_GROWN:
                raise _growing(where)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadRdf(
            f"not valid XML: {expat.ErrorString(error.code)}",
            where=f"{where} line {error.lineno} column {error.offset + 1}",
            remedy="mend the syntax at that place; at the very end it means that the document was cut off",
        ) from error


def _blocks(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each block, and the same bytes moved so that no entity reference is cut in two."""
    stream.seek(0)
    held = b""
    while block := stream.read(_BLOCK):
        held += block
        start = held.rfind(b"&", -_LONGEST)
        cut = len(held) if start < 0 or b";" in held[start:] else start
        yield block, held[:cut]
        held = held[cut:]


def _growing(where: str) -> BadRdf:
    return BadRdf(
        "the XML entities of this document grow beyond measure when they are replaced",
        where=where,
        remedy="write the text out instead of using <!ENTITY ...>",
    )
