"""``/dataset/.../assess``: the self-assessment of a holder and the verification of an access body as a form.

The authority is the access token that is typed with it: there is no login, no cookie, and so nothing that a page of
others could use in the name of a reader. What cannot be taken is told at its field; what was typed stays, but for the
token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from catalogue.assessing import Assessment, assessment_graph, ruling_graph
from catalogue.errors import BadAssessment, NotAllowed
from catalogue.graphs import Graph, NamedNode
from catalogue.label_words import DOUBTS
from catalogue.names import DCT
from catalogue.outcomes import Submitted, fates
from catalogue.plain import pick
from catalogue.publish import DatasetPage, Tombstone
from catalogue.quality import Criterion
from catalogue.quality import Said as AllSaid
from catalogue.statements import named
from catalogue.web.assess_form import Filled, Form, Typed, Wrong, asked, fields, filled, of_document, read, wrong
from catalogue.web.context import dataset_path, services
from catalogue.web.datasets import withdrawn
from catalogue.web.errors import problem
from catalogue.web.labels import Asked, Shown, in_scheme, shown
from catalogue.web.phrases import _
from catalogue.web.rdf import written
from catalogue.web.reading import INTERFACE, Said, languages, said, say

blueprint = Blueprint("assess", __name__)


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion of the form."""

    criterion: Criterion
    name: Said
    question: Said
    evidence: Said
    levels: Sequence[tuple[str, Said]]
    typed: Typed
    now: Asked
    """How it stands now."""


@dataclass(frozen=True, slots=True)
class Section:
    """The criteria of one element, or those beside the score."""

    letter: str
    name: Said
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Fated:
    """What would become of one answer."""

    name: Said
    answer: str
    counts: bool
    doubted: bool
    """Something is wrong with it, other than that a better one stands before it."""
    why: Said
    """Why it would not count."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The label before and after."""

    before: Shown
    after: Shown
    answers: Sequence[Fated]


@blueprint.get("/dataset/<path:path>/assess")
def form(path: str) -> BaseResponse:
    """The empty form; ``?as=verify`` for a health data access body."""
    found = _found(path)
    if isinstance(found, Tombstone):
        return withdrawn(found, None)
    return _answer(found, Form(verify=request.args.get("as") == "verify"))


@blueprint.post("/dataset/<path:path>/assess")
def fill(path: str) -> BaseResponse:
    """Preview, download or submit what was typed, by the button ``do``."""
    if _foreign():
        return problem(403, _("This form can be sent from its own page only."), request.path, _("Open the form here."))
    found = _found(path)
    if isinstance(found, Tombstone):
        return withdrawn(found, None)
    book, do = services().rulebook, request.form.get("do", "preview")
    typed = read(request.form, book, request.form.get("as") == "verify")
    if do == "submit":
        return _submit(found, typed)
    problems = wrong(typed, book, _today(), nameless=do == "preview")
    if problems:
        return _answer(found, typed, problems)
    if do == "preview":
        return _answer(found, typed, preview=_preview(found, typed))
    return _download(found, typed)


def _found(path: str) -> DatasetPage | Tombstone:
    found = services().publisher.dataset(path)
    if found is None:
        raise NotFound
    return found


def _foreign() -> bool:
    """Whether a page of others sent it (Fetch Metadata, Origin); a program that is no browser says neither."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return True
    origin = request.headers.get("Origin", "")
    ours = {request.host, urlsplit(services().minted.base).netloc}
    return bool(origin) and urlsplit(origin).netloc not in ours


def _today() -> date:
    return services().publisher.clock().date()


def _base() -> str:
    return services().minted.base + "assessment"


# --- what the buttons do --------------------------------------------------------------------------------------------


def _document(found: DatasetPage, typed: Form) -> bytes:
    """What was typed, as the document that the programs read.

    Raises :class:`~catalogue.errors.BadAssessment` for what the form did not see.
    """
    content = _written(filled(typed, services().rulebook, found.iri, _today(), _base()))
    services().assessments.read(content, "text/turtle", dataset=found.iri)
    return content


def _written(said: Filled) -> bytes:
    graph = Graph()
    if said.assessment is not None:
        graph.update(assessment_graph(said.assessment))
    if said.ruled is not None:
        graph.update(ruling_graph(said.ruled))
    return written(graph, "text/turtle", said.assessment.iri if said.assessment else "")


def _download(found: DatasetPage, typed: Form) -> Response:
    try:
        content = _document(found, typed)
    except BadAssessment as error:
        return _answer(found, typed, of_document(error, services().rulebook))
    response = Response(content, mimetype="text/turtle")
    response.headers["Content-Type"] = "text/turtle; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"assessment-{found.key}.ttl")
    response.headers["Cache-Control"] = "no-store"
    return response


def _submit(found: DatasetPage, typed: Form) -> BaseResponse:
    book, token = services().rulebook, request.form.get("token", "").strip()
    actor = services().actors.by_token(token) if token else None
    if actor is not None:
        typed = replace(typed, by=typed.by or actor.iri, name=typed.name or actor.name)
    problems = wrong(typed, book, _today(), nameless=actor is None)
    if not token:
        problems.append(Wrong("token", _("To submit, type the access token that the operator gave you.")))
    elif actor is None:
        problems.append(Wrong("token", _("Nobody here has this access token.")))
    if problems or actor is None:
        return _answer(found, typed, problems, 403 if token and actor is None else 422)
    try:
        done = services().assessments.submit(_document(found, typed), "text/turtle", actor, dataset=found.iri)
    except BadAssessment as error:
        return _answer(found, typed, of_document(error, book))
    except NotAllowed as error:
        return _answer(found, typed, [Wrong("token", f"{error.what}.", _("Not allowed"))], 403)
    received = [iri.rpartition("#")[2] for iri in done.received]
    return redirect(url_for("assessments.history", path=dataset_path(found.iri), received=received), 303)


def _preview(found: DatasetPage, typed: Form) -> Preview:
    publisher, now = services().publisher, services().publisher.clock()
    new = filled(typed, services().rulebook, found.iri, now.date(), _base())
    known = services().assessments.said(found.iri)
    answers = named(new.assessment, new.assessment.iri) if new.assessment else None
    mine = answers.answers if isinstance(answers, Assessment) else ()
    rulings = (replace(new.ruled.ruling, received=now),) if new.ruled else ()
    profile = publisher.rulebook.profiles.get(found.record.profile)
    after = publisher.checked(
        NamedNode(found.iri),
        found.graph,
        profile.specification if profile else None,
        AllSaid((*known.answers, *(replace(one, received=now) for one in mine)), (*known.rulings, *rulings)),
    ).label
    done = Submitted(found.iri, "", (new.assessment.iri,) if new.assessment else (), found.label, after)
    return Preview(shown(in_scheme(found.label)), shown(in_scheme(after)), fated(done))


def fated(done: Submitted) -> list[Fated]:
    """What became of each answer, in words."""
    book, found = services().rulebook, []
    for fate in fates(done):
        criterion = book.criteria_by_iri[fate.answer.criterion]
        level = None if fate.answer.level is None else criterion.level(fate.answer.level)
        answer = _("not applicable") if level is None else pick(level.name, languages()).text
        beside = Said(_("a stronger or higher answer stands before it"), INTERFACE)
        why = Said("") if fate.counts else say(DOUBTS[fate.doubt]) if fate.doubt else beside
        found.append(Fated(say(criterion.name), answer, fate.counts, fate.doubt is not None, why))
    return found


# --- the page -------------------------------------------------------------------------------------------------------


def _answer(
    found: DatasetPage,
    typed: Form,
    problems: Sequence[Wrong] = (),
    status: int = 422,
    preview: Preview | None = None,
) -> Response:
    label = shown(in_scheme(found.label))
    page = render_template(
        "assess.html",
        page=found,
        path=dataset_path(found.iri),
        title=said(found.graph, NamedNode(found.iri), DCT.title) or Said(found.iri),
        label=label,
        sections=_sections(label, typed),
        typed=typed,
        problems=problems,
        wrong=fields(problems),
        preview=preview,
        today=_today(),
    )
    response = Response(page, status if problems else 200, mimetype="text/html")
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _sections(label: Shown, typed: Form) -> list[Section]:
    wanted = {one.iri for one in asked(services().rulebook, typed.verify)}
    parts: list[tuple[str, Said, Sequence[Asked]]] = [(star.letter, star.name, star.asked) for star in label.stars]
    parts.append(("", Said(_("Beside the score"), INTERFACE), label.gates))
    order = {one.iri: place for place, one in enumerate(services().rulebook.criteria)}
    found = []
    for letter, name, some in parts:
        mine = sorted((one for one in some if one.criterion.iri in wanted), key=lambda one: order[one.criterion.iri])
        if mine:
            found.append(Section(letter, name, [_question(one, typed) for one in mine]))
    return found


def _question(now: Asked, typed: Form) -> Question:
    one = now.criterion
    return Question(
        criterion=one,
        name=now.name,
        question=now.question,
        evidence=say(one.evidence),
        levels=[(str(level.value), say(level.name)) for level in one.levels],
        typed=typed.typed(one.identifier),
        now=now,
    )
