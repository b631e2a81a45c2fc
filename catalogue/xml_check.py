"""Looks at XML before it is parsed as RDF: entities that exhaust the memory, documents cut off in the middle."""

from __future__ import annotations

import re
from xml.parsers import expat

from catalogue.errors import BadRdf

_ENTITY = re.compile(rb"""<!ENTITY\s+(?:%\s+)?([^\s"']+)\s+["']([^"']*)["']""")
_MOST_GROWN = 50_000_000
"""Bytes that XML entities may add to a document."""


def check_xml(content: bytes, where: str) -> None:
    """Find what the RDF/XML parser lets pass.

    Raises :class:`~catalogue.errors.BadRdf` with line and column.
    """
    entities = _ENTITY.findall(content)
    grown = sum(content.count(b"&" + name + b";") * len(value) for name, value in entities)
    if any(b"&" in value for _, value in entities) or grown > _MOST_GROWN:
        raise BadRdf(
            "the XML entities of this document grow beyond measure when they are replaced",
            where=where,
            remedy="write the text out instead of using <!ENTITY ...>",
        )
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise BadRdf(
            f"not valid XML: {expat.ErrorString(error.code)}",
            where=f"{where} line {error.lineno} column {error.offset + 1}",
            remedy="mend the syntax at that place; at the very end it means that the document was cut off",
        ) from error
