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
from catalogue.names import DCT
from catalogue.plain import cut, local_name
from catalogue.publish import Checked
from catalogue.web.assessment import Assessment, assess
from catalogue.web.context import services
from catalogue.web.negotiation import HTML, JSON, accepted
from catalogue.web.reading import Said, languages, said
from catalogue.web.shown import label_of
from catalogue.web.submitted import SYNTAXES, Document, by_form, specification, submitted

DETAILED = 25
"""Most datasets of one document that the page shows in full; JSON has all."""
EDITED = 300_000
"""Longest document that the page gives back to be edited, in bytes."""
_PLACE = re.compile(r" line (\d+) column (\d+)$")

blueprint = Blueprint("validate", __name__)


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
    return render()


@blueprint.post("/validate")
def check() -> Response:
    """Check what was sent."""
    html = accepted((HTML, JSON) if by_form() else (JSON, HTML)) is HTML
    document = submitted()
    try:
        found = services().publisher.check(document.content, document.media_type, document.where, specification())
    except BadInput as error:
        if not html:
            raise
        return unreadable(document, error)
    if not html:
        return jsonify(_findings(found))
    return Response(render(found=found, document=document), mimetype="text/html")


def unreadable(document: Document, error: BadInput) -> Response:
    """The page with the place of a fault for which nothing could be checked."""
    content = render(error=error, document=document, lines=_lines(document, error))
    return Response(content, error.http_status, mimetype="text/html")


def _findings(found: Sequence[Checked]) -> list[dict[str, object]]:
    """As ``catalogue validate --json``; what is optional only with ``?all=1``."""
    everything = request.args.get("all", "") not in ("", "0")
    rulebook, language = services().rulebook, languages()[0]
    told = (findings_json(one.iri, one.graph, one.report, rulebook, language, everything=everything) for one in found)
    return [finding for findings in told for finding in findings]


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


def render(
    *,
    found: Sequence[Checked] = (),
    document: Document | None = None,
    error: BadInput | None = None,
    lines: Sequence[Line] = (),
    mended: object = None,
) -> str:
    """The page with what was found, with the document to edit it further, and with what a repair did (``mended``).

    What was typed is never lost, however long it is.
    """
    text = _text(document) if document else ""
    return render_template(
        "validate.html",
        outcomes=[_outcome(one) for one in found[:DETAILED]],
        total=len(found),
        conforming=sum(one.report.conforms for one in found),
        document=document,
        error=error,
        lines=lines,
        text=text or ("" if mended else request.form.get("rdf", "")),
        whole=document is None or text != "",
        syntax=document.media_type if document and document.media_type in SYNTAXES else "",
        syntaxes=SYNTAXES,
        profile=request.values.get("profile", ""),
        profiles={local_name(iri): label_of(iri) for iri in services().rulebook.specifications},
        limit=services().settings.upload_bytes,
        mended=mended,
    )


def _text(document: Document) -> str:
    """The document as text to edit; empty for a long one, or one that is no text."""
    try:
        return document.content.decode("utf-8-sig") if len(document.content) <= EDITED else ""
    except UnicodeDecodeError:
        return ""


def _outcome(one: Checked) -> Outcome:
    node = next(node for node in one.graph.nodes if node.value == one.iri)
    title = said(one.graph, node, DCT.title)
    assessment = assess(one.iri, one.graph, one.report, one.label, one.verdicts)
    return Outcome(title or Said(one.iri), one, assessment)
