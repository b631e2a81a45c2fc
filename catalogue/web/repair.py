"""``/repair``: a description with everything mended that invents no fact, and what was done to it; nothing is stored.

Programs get the mended document in its own syntax, or with ``Accept: application/json`` what was done, as
``catalogue validate --fix --json`` tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request

from catalogue.errors import BadInput
from catalogue.graphs import SUFFIXES
from catalogue.mending import Mended, mend
from catalogue.mending_words import count, mended_json, short, why
from catalogue.model import Note, Severity
from catalogue.web.context import services
from catalogue.web.negotiation import JSON
from catalogue.web.reading import languages
from catalogue.web.submitted import Document, by_form, specification, submitted
from catalogue.web.validate import render, unreadable

blueprint = Blueprint("repair", __name__)


@dataclass(frozen=True, slots=True)
class Done:
    """One change as the page tells it."""

    where: str
    field: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a repair did."""

    release: str
    """The release that the document was written for; "several", or empty when nothing tells."""
    changes: Sequence[Done]
    before: int
    after: int
    """Mandatory faults."""


@blueprint.post("/repair")
def repair() -> Response:
    """Mend what was sent. A form with ``do=download`` gets the document, else the page with a preview."""
    document = submitted()
    try:
        checker, held_to = services().publisher, specification()
        mended = mend(checker, document.content, document.media_type, document.where, specification=held_to)
    except BadInput as error:
        if not by_form():
            raise
        return unreadable(document, error)
    if by_form() and request.form.get("do") != "download":
        better = Document(mended.content, document.media_type, document.where)
        return Response(render(found=mended.after, document=better, mended=_preview(mended)), mimetype="text/html")
    if not by_form() and request.accept_mimetypes.best_match([document.media_type, JSON.media_type]) == JSON.media_type:
        return jsonify(mended_json(mended, services().rulebook, languages()[0]))
    response = Response(mended.content, content_type=f"{document.media_type}; charset=utf-8")
    suffix = next((one for one, media_type in SUFFIXES.items() if media_type == document.media_type), ".rdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"mended{suffix}")
    return response


def _preview(mended: Mended) -> Preview:
    changes = [_done("", note) for note in mended.converted]
    changes += [_done(change.where, change.note) for change in mended.repaired]
    must = Severity.VIOLATION
    return Preview(str(mended.release), changes, count(mended, must, False), count(mended, must, True))


def _done(where: str, note: Note) -> Done:
    reason = why(note, services().rulebook)
    return Done(short(where), short(note.field), short(note.raw), short(note.result), reason)
