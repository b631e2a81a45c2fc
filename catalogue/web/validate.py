"""``/validate``: check a description without storing it; by pasting, uploading, or posting RDF.

Programs get the findings in JSON as ``catalogue validate --json`` writes them: a list, empty when nothing is wrong.
Findings are no failure of the request: it is 200. What cannot be read is 422, what is too large 413.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request

from catalogue.errors import BadInput, CatalogueError
from catalogue.findings import findings_json
from catalogue.graphs import ALIASES, FORMATS, media_type_of
from catalogue.names import DCT
from catalogue.plain import cut, local_name
from catalogue.publish import Checked
from catalogue.web.assessment import Assessment, assess
from catalogue.web.context import services
from catalogue.web.negotiation import HTML, JSON, accepted
from catalogue.web.reading import Said, languages, said
from catalogue.web.shown import label_of

DETAILED = 25
"""Most datasets of one document that the page shows in full; JSON has all."""
SYNTAXES = {
    "": "Find out by itself",
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF/XML",
    "application/n-triples": "N-Triples",
    "application/trig": "TriG",
}
_PLACE = re.compile(r" line (\d+) column (\d+)$")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

blueprint = Blueprint("validate", __name__)


@dataclass(frozen=True, slots=True)
class Document:
    """What was sent."""

    content: bytes
    media_type: str
    where: str
    """File name, or what else to call it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dataset of the document and what the rules say."""

    title: Said
    checked: Checked
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document round a syntax error."""

    number: int
    text: str
    column: int | None
    """Where the error is, from 1, on the line that has it."""


@blueprint.get("/validate")
def form() -> str:
    """The empty form."""
    return _render()


@blueprint.post("/validate")
def check() -> Response:
    """Check what was sent."""
    request.max_content_length = services().settings.upload_bytes
    by_form = request.mimetype in _FORMS
    html = accepted((HTML, JSON) if by_form else (JSON, HTML)) is HTML
    document = _from_form() if by_form else _from_body()
    try:
        found = services().publisher.check(
            document.content, document.media_type, document.where, _specification(request.values.get("profile", ""))
        )
    except BadInput as error:
        if not html:
            raise
        return Response(_render(error=error, lines=_lines(document, error)), error.http_status, mimetype="text/html")
    if not html:
        return jsonify(_findings(found))
    return Response(_render(found=found, document=document), mimetype="text/html")


def _findings(found: Sequence[Checked]) -> list[dict[str, object]]:
    """As ``catalogue validate --json``; what is optional only with ``?all=1``."""
    everything = request.args.get("all", "") not in ("", "0")
    rulebook, language = services().rulebook, languages()[0]
    told = (findings_json(one.iri, one.graph, one.report, rulebook, language, everything=everything) for one in found)
    return [finding for findings in told for finding in findings]


def _specification(chosen: str) -> str | None:
    """What the descriptions are held to; None when nothing was chosen."""
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


def _lines(document: Document, error: CatalogueError) -> list[Line]:
    """The lines round the place of a syntax error."""
    found = _PLACE.search(error.where)
    if found is None:
        return []
    number, column = int(found[1]), int(found[2])
    lines = document.content.decode("utf-8", "replace").split("\n")
    return [
        Line(n, cut(lines[n - 1].rstrip("\r"), 300), column if n == number else None)
        for n in range(max(1, number - 2), min(len(lines), number + 1) + 1)
    ]


def _render(
    *,
    found: Sequence[Checked] = (),
    document: Document | None = None,
    error: BadInput | None = None,
    lines: Sequence[Line] = (),
) -> str:
    return render_template(
        "validate.html",
        outcomes=[_outcome(one) for one in found[:DETAILED]],
        total=len(found),
        conforming=sum(one.report.conforms for one in found),
        document=document,
        error=error,
        lines=lines,
        text=request.form.get("rdf", "") if request.mimetype in _FORMS else "",
        syntax=request.form.get("syntax", "") if request.mimetype in _FORMS else "",
        syntaxes=SYNTAXES,
        profile=request.values.get("profile", ""),
        profiles={local_name(iri): label_of(iri) for iri in services().rulebook.specifications},
        limit=services().settings.upload_bytes,
    )


def _outcome(one: Checked) -> Outcome:
    node = next(node for node in one.graph.nodes if node.value == one.iri)
    title = said(one.graph, node, DCT.title)
    assessment = assess(one.iri, one.graph, one.report, one.label, one.verdicts)
    return Outcome(title or Said(one.iri), one, assessment)
