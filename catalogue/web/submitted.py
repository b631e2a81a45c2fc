"""Documents that people and programs send to be checked or mended: pasted, uploaded, or as the body of a request."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from catalogue.errors import BadInput
from catalogue.graphs import ALIASES, FORMATS, media_type_of
from catalogue.plain import cut, local_name
from catalogue.web.context import services

SYNTAXES = {
    "": "Find out by itself",
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF/XML",
    "application/n-triples": "N-Triples",
    "application/trig": "TriG",
}
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Document:
    """What was sent."""

    content: bytes
    media_type: str
    where: str
    """File name, or what else to call it."""


def by_form() -> bool:
    """Whether a page sent it, not a program."""
    return request.mimetype in _FORMS


def submitted() -> Document:
    """The document of this request, at most as large as the settings allow.

    Raises :class:`~catalogue.errors.BadInput` for nothing, for what is packed, and for a syntax that is not read.
    """
    request.max_content_length = services().settings.upload_bytes
    return _from_form() if by_form() else _from_body()


def specification() -> str | None:
    """What the descriptions are held to (``profile``); None when nothing was chosen.

    Raises :class:`~catalogue.errors.BadInput` for one that is not known.
    """
    chosen = request.values.get("profile", "")
    known = [local_name(iri) for iri in services().rulebook.specifications]
    if chosen and chosen not in known:
        raise BadInput(
            f"{cut(chosen, 50)!r} is no profile we know", where="profile", remedy="use one of " + ", ".join(known)
        )
    return chosen or None


def _from_form() -> Document:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        content, name = upload.read(), cut(upload.filename.replace("\\", "/").rsplit("/", 1)[-1], 100)
        declared = upload.mimetype
    else:
        content, name, declared = request.form.get("rdf", "").encode(), "", ""
    if not content.strip():
        raise BadInput("nothing was sent", where="form", remedy="paste a description or choose a file")
    chosen = request.form.get("syntax", "")
    if chosen and chosen not in SYNTAXES:
        raise BadInput(f"{cut(chosen, 50)!r} is not a syntax we read", where="syntax", remedy="choose one of the list")
    return Document(content, chosen or _syntax(content, name, declared), name or "your text")


def _from_body() -> Document:
    content = request.get_data()
    if not content.strip():
        raise BadInput("nothing was sent", where="body", remedy="send RDF with its Content-Type")
    declared = "" if request.mimetype in ("", "application/octet-stream") else request.mimetype
    if declared and declared not in FORMATS and declared not in ALIASES:
        raise BadInput(
            f"{cut(declared, 50)!r} is not an RDF syntax we read",
            where="Content-Type",
            remedy="use one of " + ", ".join(FORMATS),
        )
    return Document(content, media_type_of("", declared) or _syntax(content, "", ""), "body")


def _syntax(content: bytes, name: str, declared: str) -> str:
    """The syntax by file name, else by how the text begins.

    Raises :class:`~catalogue.errors.BadInput` for what is packed.
    """
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:2] in (b"\x1f\x8b", b"PK"):
        raise BadInput("this file is packed", where=name or "body", remedy="unpack it and send what is in it")
    known = media_type_of(name, declared) if name else None
    if known and known != "application/n-triples":
        return known
    if start[:1] in (b"{", b"["):
        return "application/ld+json" if not start.startswith(b"[]") else "text/turtle"
    if start.startswith((b"<?xml", b"<rdf:RDF", b"<!--", b"<!DOCTYPE")):
        return "application/rdf+xml"
    return known or "text/turtle"
