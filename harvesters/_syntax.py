"""Finds out in which RDF syntax a document is written, by its Content-Type, its name and its first bytes."""

from __future__ import annotations

import re

from catalogue.errors import BadRdf
from catalogue.graphs import FORMATS, media_type_of

BOM = b"\xef\xbb\xbf"
ACCEPT = (
    "text/turtle, application/n-triples;q=0.9, application/n-quads;q=0.9, application/trig;q=0.9, "
    "application/ld+json;q=0.8, application/rdf+xml;q=0.8, application/json;q=0.5, */*;q=0.1"
)

_HEAD = 4096
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"<(\?xml\b|!doctype\b|!--|([\w.-]+:)?RDF\b)", re.IGNORECASE)
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\]\"]")
_QUAD = re.compile(
    rb"(<[^>\s]*>|_:\S+)\s+<[^>\s]*>\s+(<[^>\s]*>|_:\S+|\"[^\n]*?\"\S*)\s+(<[^>\s]*>|_:\S+)\s*\.\s*(\n|$)"
)
_TURTLE = re.compile(rb"(?im)^\s*@?(prefix|base|version)\b|^\s*(<[^>\s]*>|_:\w|[\w-]*:\S+|\[)\s")
_COMMENT = re.compile(rb"(?m)^\s*#.*$")


def syntax_of(content: bytes, declared: str, name: str) -> str:
    """The media type to parse a document by; one of :data:`catalogue.graphs.FORMATS`.

    Raises :class:`~catalogue.errors.BadRdf` for a web page and for what is no RDF at all.
    """
    head = content[:_HEAD].removeprefix(BOM).lstrip()
    if _is_page(head):
        raise BadRdf(
            "this is a web page, not RDF",
            where=name,
            remedy="give the address of the RDF itself (often a link 'Turtle' or 'JSON-LD' on that page)",
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadRdf("the text is in UTF-16, RDF is written in UTF-8", where=name, remedy="save the file as UTF-8")
    known = media_type_of(name, declared) or ""
    if known and declared != "text/plain" and known != "application/n-triples":
        return known
    found = _sniffed(head) or known
    if not found:
        raise BadRdf(
            f"this is no RDF we know ({declared or 'no type'}, begins with {head[:40].decode('utf-8', 'replace')!r})",
            where=name,
            remedy="offer one of " + ", ".join(FORMATS),
        )
    return found


def _is_page(head: bytes) -> bool:
    """HTML, or XHTML behind an XML declaration."""
    if _HTML.match(head):
        return True
    return bool(_XML.match(head)) and b"RDF" not in head and bool(_HTML.search(head))


def _sniffed(head: bytes) -> str:
    if _XML.match(head):
        return "application/rdf+xml"
    if _JSON.match(head):
        return "application/ld+json"
    bare = _COMMENT.sub(b"", head).lstrip()
    if _QUAD.match(bare):
        return "application/n-quads"
    if _TURTLE.match(bare):
        return "text/turtle"
    return ""
