"""``/dataset/...``: one dataset as a page and as RDF, the bytes it came from, what we know about its description."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from catalogue.graphs import FORMATS, NamedNode
from catalogue.indicators import Tally
from catalogue.publish import DatasetPage, Tombstone
from catalogue.quality import Doubt
from catalogue.web.assessment import assess
from catalogue.web.context import dataset_path, services, started
from catalogue.web.description import about
from catalogue.web.errors import problem, wants_html
from catalogue.web.indicators import panels
from catalogue.web.labels import in_scheme
from catalogue.web.negotiation import HTML, JSON, RDF_FORMS, Form, accepted, finished, rdf_response, split
from catalogue.web.phrases import HISTORY, NOTES, _
from catalogue.web.schemaorg import script
from catalogue.web.signposting import signposts

blueprint = Blueprint("datasets", __name__)

_SHOWN_AS_IS = {*FORMATS, "text/csv", "application/json"}
"""Media types of originals that are passed on as they are; all else is a plain download."""


@blueprint.get("/dataset/<path:path>")
def dataset(path: str) -> Response:
    """A dataset by the rest of its IRI, or by its key, in the form of the suffix or of ``Accept``."""
    stem, named = split(path)
    found = services().publisher.dataset(stem)
    if found is None and named:
        found, named = services().publisher.dataset(path), None
    if found is None:
        raise NotFound
    if isinstance(found, Tombstone):
        return withdrawn(found, named)
    form = named or accepted()
    address = _address(found.iri)
    if form is HTML:
        response = Response(_page(found), mimetype="text/html")
        finished(response, form, address, max(changed(found), started()), named is None)
    else:
        response = rdf_response(
            found.graph,
            form,
            address,
            state=found.record.digest,
            modified=found.record.changed,
            negotiated=named is None,
            first=found.iri,
        )
    for link in signposts(found.graph, NamedNode(found.iri)):
        response.headers.add("Link", link)
    return response


def _address(iri: str) -> str:
    return f"{services().minted.base}dataset/{dataset_path(iri)}"


def _page(found: DatasetPage) -> str:
    described = about(found.graph, NamedNode(found.iri))
    by_kind = {kind: [note for note in found.notes if note.kind is kind] for kind in NOTES}
    return render_template(
        "dataset.html",
        page=found,
        path=dataset_path(found.iri),
        about=described,
        schema_org=script(found.graph, NamedNode(found.iri), described, described.citation),
        assessment=assess(found.iri, found.graph, found.report, in_scheme(found.label), found.verdicts),
        beside=panels(_tallies(found), services().rulebook),
        notes=[(NOTES[kind], notes) for kind, notes in by_kind.items() if notes],
        history_words=HISTORY,
        forms=RDF_FORMS,
        label_forms=(*RDF_FORMS, JSON),
        original=services().archive.get(found.record.original_digest) is not None,
    )


def _tallies(found: DatasetPage) -> Sequence[Tally]:
    """What stands beside the label."""
    return services().beside.tallies(NamedNode(found.iri), found.graph, found.report, label=found.label)


def changed(found: DatasetPage) -> datetime:
    """When the label last changed: with the description, with what was said, or when an answer ran out."""
    moments = [found.record.changed, *(entry.when for entry in found.history)]
    for mark in (*found.label.marks, *found.label.gates):
        for one in mark.doubted:
            if one.doubt is Doubt.EXPIRED and one.answer.valid_until is not None:
                moments.append(datetime.combine(one.answer.valid_until + timedelta(days=1), time(), UTC))
    return max(moments)


def withdrawn(stone: Tombstone, named: Form | None) -> Response:
    """410 with the facts."""
    if named is HTML or (named is None and wants_html()):
        return Response(render_template("withdrawn.html", stone=stone), 410, mimetype="text/html")
    return problem(
        410,
        f"the dataset was withdrawn on {stone.withdrawn.date().isoformat()}",
        where=stone.iri,
        remedy=f"ask the source, {stone.node_title}; its history is kept",
        html=False,
    )


@blueprint.get("/dataset/<path:path>/original")
def original(path: str) -> BaseResponse:
    """The bytes the description was made from, as they were read; always a download, never a page of this site."""
    found = services().publisher.dataset(path)
    content = services().archive.get(found.record.original_digest) if isinstance(found, DatasetPage) else None
    if not isinstance(found, DatasetPage) or content is None:
        raise NotFound(_("The original of this description is not kept here."))
    record = found.record
    known = record.original_media_type in _SHOWN_AS_IS
    response = Response(content, mimetype=record.original_media_type if known else "application/octet-stream")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", record.original_location.split("?")[0].rstrip("/").rsplit("/", 1)[-1])
    response.headers.set("Content-Disposition", "attachment", filename=name.strip(".-") or "original")
    sha256 = bytes.fromhex(record.original_digest.removeprefix("sha256:"))
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(sha256).decode()}:"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(record.original_digest.removeprefix("sha256:")[:32])
    return response


# --- other IRIs that are minted here -----------------------------------------------------------------------------


@blueprint.get("/record/<path:path>")
def record(path: str) -> BaseResponse:
    """What we know about a description: its record, report, label and history as RDF; people go to the page."""
    stem, named = split(path)
    key = stem.removesuffix("/description").removesuffix("/history").removesuffix("/assessments")
    iri = services().minted.base + "record/" + key
    names = (iri, iri + "/history") if stem == key else (services().minted.base + "record/" + stem,)
    triples = [triple for name in names for triple in services().store.graph(name)]
    if not triples:
        raise NotFound
    form = named or accepted()
    if form is HTML:
        if stem.endswith("/assessments"):
            return redirect(url_for("assessments.history", path=key), 303)
        return redirect(url_for("datasets.dataset", path=key) + "#provenance", 303)
    triples.sort(key=str)
    return rdf_response(triples, form, services().minted.base + "record/" + stem, negotiated=named is None, first=iri)


@blueprint.get("/.well-known/genid/<key>/<path:label>")
def genid(key: str, label: str) -> BaseResponse:  # noqa: ARG001
    """A blank node of a description (RDF 1.1, section 3.5): it is explained on the page of its dataset."""
    return redirect(url_for("datasets.dataset", path=key), 303)
