"""What was said about the quality of a dataset: its history as page and RDF, and the address to hand in documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import NotFound

from catalogue.assessing import Assessment
from catalogue.errors import BadInput
from catalogue.graphs import ALIASES, FORMATS, NamedNode, media_type_of
from catalogue.label_words import BASES, DOUBTS, submitted_json
from catalogue.names import DCT
from catalogue.plain import cut
from catalogue.publish import Tombstone
from catalogue.quality import Answer, Label
from catalogue.statements import Received
from catalogue.web.context import dataset_path, services
from catalogue.web.datasets import withdrawn
from catalogue.web.errors import problem
from catalogue.web.labels import Told, told
from catalogue.web.negotiation import HTML, RDF_FORMS, accepted, finished, rdf_response, split
from catalogue.web.phrases import _
from catalogue.web.reading import INTERFACE, Said, said, say

SHOWN = 200
"""Most documents on the page; the RDF holds them all."""

blueprint = Blueprint("assessments", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One assessment or ruling as the page shows it."""

    anchor: str
    new: bool
    """It has just been handed in."""
    received: datetime
    kind: str
    """Of the basis, or the ruling."""
    basis: Said
    given: str
    """ISO date or moment; empty when it does not say."""
    until: str
    """The last day on which it holds, ISO date; empty when it does not say."""
    by: str
    name: str
    submitted_by: str
    reason: str
    """Of a ruling."""
    answers: Sequence[tuple[Said, Told, bool]]
    """Criterion, answer, and whether it counts today."""
    document: str
    """Digest."""


@blueprint.get("/dataset/<path:path>/assessments")
@blueprint.get("/dataset/<path:path>/assessments.<suffix>")
def history(path: str, suffix: str = "") -> Response:
    """Everything that was ever handed in about a dataset, newest first; nothing is taken out."""
    found = services().publisher.dataset(path)
    named = split(f"assessments.{suffix}")[1] if suffix else None
    if found is None or (suffix and named is None):
        raise NotFound
    if isinstance(found, Tombstone):
        return withdrawn(found, named)
    form = named or accepted()
    address = f"{services().minted.base}dataset/{dataset_path(found.iri)}/assessments"
    if form is not HTML:
        home = services().minted.assessments(found.iri)
        triples = sorted(services().store.graph(home), key=str)
        return rdf_response(triples, form, address, negotiated=named is None)
    everything = services().assessments.history(found.iri)
    fresh = frozenset(request.args.getlist("received"))
    fate = _fates(found.label)
    entries = [_entry(one, fate, everything.dead, fresh) for one in reversed(everything.received[-SHOWN:])]
    content = render_template(
        "assessments.html",
        page=found,
        path=dataset_path(found.iri),
        title=said(found.graph, NamedNode(found.iri), DCT.title) or Said(found.iri),
        entries=entries,
        total=len(everything.received),
        new=[entry for entry in entries if entry.new],
        forms=RDF_FORMS,
    )
    return finished(Response(content, mimetype="text/html"), form, address, None, named is None)


def _fates(label: Label) -> Mapping[str, Said]:
    """Why each answer does not count today, by IRI; empty for one that counts."""
    found: dict[str, Said] = {}
    for mark in (*label.marks, *label.gates):
        for place, answer in enumerate(mark.answers):
            beside = Said(_("a stronger or higher answer stands before it"), INTERFACE)
            found[answer.iri] = beside if place else Said("")
        for one in mark.doubted:
            found[one.answer.iri] = say(DOUBTS[one.doubt])
    return found


def _entry(one: Received, fate: Mapping[str, Said], dead: Mapping[str, str], fresh: frozenset[str]) -> Entry:
    criteria = services().rulebook.criteria_by_iri
    anchor = one.iri.rpartition("#")[2]
    if isinstance(one.said, Assessment):
        answers = [
            (say(criterion.name), told(criterion, _looked_at(answer, dead), why), not why.text)
            for answer in one.said.answers
            if (criterion := criteria.get(answer.criterion))
            for why in (fate.get(answer.iri, Said(_("its criterion is not asked any more"), INTERFACE)),)
        ]
        kind, basis, reason = one.said.basis.name.lower(), say(BASES[one.said.basis]), ""
        given, until, by = one.said.given, one.said.valid_until, one.said.by
    else:
        ruling, answers = one.said.ruling, []
        kind, reason = ruling.act.name.lower(), ruling.reason
        basis = Said(_("label revoked") if kind == "revoked" else _("label confirmed"), INTERFACE)
        given, until, by = one.said.at, None, ruling.by
    return Entry(
        anchor=anchor,
        new=anchor in fresh,
        received=one.received,
        kind=kind,
        basis=basis,
        given=given.isoformat() if given else "",
        until=until.isoformat() if until else "",
        by=by,
        name=one.said.name,
        submitted_by=one.submitted_by,
        reason=reason,
        answers=answers,
        document=one.original,
    )


def _looked_at(answer: Answer, dead: Mapping[str, str]) -> Answer:
    return replace(answer, dead=tuple(link for link in answer.evidence if link in dead))


# --- for programs ---------------------------------------------------------------------------------------------------


@blueprint.post("/api/assessments")
def submit() -> Response:
    """Take in a document in RDF from whom ``Authorization: Bearer`` tells; ``?dry=1`` only tells what would come of it.

    201 with what counts and what does not; 200 when nothing was stored, because of ``dry`` or because the same document
    came in before. 401 without a known token, 403 for what the role does not allow, 422 with every problem.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    actor = services().actors.by_token(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    if actor is None:
        response = problem(
            401,
            "nobody here has this access token" if token else "an access token is needed",
            where="Authorization",
            remedy="send the header Authorization: Bearer TOKEN; who runs this catalogue gives out tokens",
            html=False,
        )
        response.headers["WWW-Authenticate"] = 'Bearer realm="assessments"'
        return response
    dry = request.args.get("dry", "") not in ("", "0")
    done = services().assessments.submit(request.get_data(), _syntax(), actor, where="body", dry=dry, look=not dry)
    response = jsonify({"stored": not dry and done.earlier is None} | submitted_json(done))
    response.status_code = 200 if dry or done.earlier else 201
    response.headers["Cache-Control"] = "no-store"
    return response


def _syntax() -> str:
    declared = request.mimetype
    if declared in ("", "application/octet-stream", "application/x-www-form-urlencoded"):
        return "text/turtle"
    if declared not in FORMATS and declared not in ALIASES:
        raise BadInput(
            f"{cut(declared, 50)!r} is not an RDF syntax we read",
            where="Content-Type",
            remedy="use one of " + ", ".join(FORMATS),
        )
    return media_type_of("", declared) or "text/turtle"
