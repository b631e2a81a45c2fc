"""Rules, provisions and label, read-only: why the catalogue says what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from catalogue.duties import FIRST, Obligation, obligations
from catalogue.graphs import NamedNode
from catalogue.label_words import BASES, EFFORTS
from catalogue.model import Provision, Rule, Severity
from catalogue.names import CAT, ELI, RDFS, SKOS
from catalogue.plain import points
from catalogue.quality import Basis, Criterion, Element, Level
from catalogue.web.context import services
from catalogue.web.labels import Cited, cited
from catalogue.web.negotiation import HTML, RDF_FORMS, accepted, finished, rdf_response, split
from catalogue.web.phrases import SEVERITIES, _
from catalogue.web.rdf import written
from catalogue.web.reading import Said, said, say
from catalogue.web.shown import label_of

RULES = "https://w3id.org/ehds-catalogue/rule/"
"""What our rules' IRIs begin with."""

blueprint = Blueprint("rules", __name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule in a list."""

    rule: Rule
    path: str
    """What follows ``/rule/``."""
    message: Said
    word: str
    provisions: Sequence[Cited]
    criteria: Sequence[str]
    """Identifiers of the label criteria of which a level requires or respects it."""


@dataclass(frozen=True, slots=True)
class Law:
    """A provision in a list, with the rules that implement it."""

    provision: Provision
    cited: Cited
    text: Said
    rules: Sequence[Listed]
    in_force: bool
    obligations: Sequence[Obligation]
    """What somebody must do under it."""
    silence: Said
    """Why no rule looks at it; empty when one does, or when nobody must do anything."""
    notes: Sequence[Said]
    """What else is to be known about it and its act."""


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion of the label as the page explains it."""

    criterion: Criterion
    name: Said
    question: Said
    evidence: Said
    dimension: Said
    effort: Said
    bases: Sequence[Said]
    """How an answer can be had."""
    levels: Sequence[tuple[Level, Said, Sequence[Listed]]]
    """Each with its words and the rules it requires."""
    weights: Sequence[str]
    """In each scheme; a dash where it does not count."""


@dataclass(frozen=True, slots=True)
class Part:
    """One element of the label with its criteria."""

    element: Element
    name: Said
    cited: Cited
    questions: Sequence[Question]


def _listed(rule: Rule) -> Listed:
    criteria = [one.identifier for one in services().rulebook.criteria if rule.iri in one.rules]
    word = SEVERITIES[rule.severity][0]
    return Listed(rule, rule.iri.removeprefix(RULES), say(rule.message), word, cited(rule), criteria)


@blueprint.get("/rules")
def rules() -> str:
    """Every rule, by what it looks at."""
    everything = services().rulebook.rules.values()
    wanted = request.args.get("severity", "")
    groups: dict[str, list[Listed]] = {}
    for rule in sorted(everything, key=lambda rule: rule.iri):
        one = _listed(rule)
        if wanted in ("", one.word):
            groups.setdefault(one.path.split("/")[0].replace("-", " "), []).append(one)
    return render_template(
        "rules.html",
        groups=groups,
        wanted=wanted,
        severities=SEVERITIES.values(),
        counts={SEVERITIES[s][0]: sum(rule.severity is s for rule in everything) for s in Severity},
        total=len(everything),
        digest=services().rulebook.digest,
    )


@blueprint.get("/rule/<path:path>")
def rule(path: str) -> Response:
    """One rule: what it asks, why, how to satisfy it, and its shape."""
    stem, named = split(path)
    rulebook = services().rulebook
    found = rulebook.rules.get(RULES + stem)
    if found is None:
        raise NotFound
    shape = rulebook.graph.described(NamedNode(found.iri), frozenset(_others(found)))
    form = named or accepted()
    address = f"{services().minted.base}rule/{stem}"
    if form is not HTML:
        return rdf_response(shape, form, address, negotiated=named is None, first=found.iri)
    content = render_template(
        "rule.html",
        one=_listed(found),
        fix=say(found.fix),
        meaning=SEVERITIES[found.severity],
        worth=rulebook.worth(found.iri),
        laws=[_law(p) for p in found.provisions],
        profiles=[p.title for p in rulebook.profiles.values() if NamedNode(found.iri) in p.shapes],
        turtle=written(shape, "text/turtle", found.iri).decode(),
        forms=RDF_FORMS,
    )
    return finished(Response(content, mimetype="text/html"), form, address, None, named is None)


def _others(found: Rule) -> Iterable[NamedNode]:
    """Where the description of a rule ends: the law behind it and the element it counts for."""
    yield from map(NamedNode, found.provisions)
    if found.dimension:
        yield NamedNode(found.dimension)


@blueprint.get("/rulebook")
@blueprint.get("/rulebook.<suffix>")
def rulebook(suffix: str = "") -> BaseResponse:
    """Rules, law, label and vocabularies as RDF; people go to the list of rules."""
    named = split("rulebook." + suffix)[1] if suffix else None
    if suffix and named is None:
        raise NotFound
    form = named or accepted()
    if form is HTML:
        return redirect(url_for("rules.rules"), 303)
    book = services().rulebook
    return rdf_response(book.graph, form, services().minted.rulebook(), state=book.digest, negotiated=named is None)


# --- law ---------------------------------------------------------------------------------------------------------


def _law(iri: str, duties: Mapping[str, Sequence[Obligation]] | None = None) -> Law:
    """A provision, or a section of a specification, with its rules; ``duties`` spares looking for all of them again."""
    book = services().rulebook
    graph, node = book.graph, NamedNode(iri)
    reason, act = graph.value(node, CAT.silence), graph.value(node, ELI.is_part_of)
    provision = book.provisions.get(iri) or Provision(iri, label_of(iri), {}, "", None)
    implementing = sorted((r for r in book.rules.values() if iri in r.provisions), key=lambda rule: rule.iri)
    return Law(
        provision=provision,
        cited=Cited(iri, book.cite(iri)),
        text=say(provision.text),
        rules=[_listed(rule) for rule in implementing],
        in_force=provision.applies_from is None or provision.applies_from <= date.today(),
        obligations=(_duties() if duties is None else duties).get(iri, ()),
        silence=(said(graph, reason, RDFS.label) if reason else None) or Said(""),
        notes=list(filter(None, (said(graph, one, SKOS.note) for one in (node, act) if one))),
    )


def _duties() -> Mapping[str, Sequence[Obligation]]:
    """The obligations by the provisions they follow from."""
    found: dict[str, list[Obligation]] = {}
    for one in obligations(services().rulebook.graph):
        for iri in one.provisions:
            found.setdefault(iri, []).append(one)
    return found


def _is_ours(law: Law) -> bool:
    """Whether it obliges those whom a catalogue of dataset descriptions is for."""
    return any(duty.entity in FIRST for duty in law.obligations)


@blueprint.get("/provisions")
def provisions() -> str:
    """The law as far as the catalogue knows it, and the specification sections that rules implement, by act."""
    book, duties = services().rulebook, _duties()
    silent_only = request.args.get("rules") == "none"
    acts: dict[str, list[Law]] = {}
    for iri in book.provisions:
        law = _law(iri, duties)
        if silent_only and (law.rules or not law.obligations):
            continue
        act = book.graph.value(NamedNode(iri), ELI.is_part_of)
        acts.setdefault(label_of(act.value) if isinstance(act, NamedNode) else _("Other acts"), []).append(law)
    acts = dict(sorted(acts.items(), key=lambda item: -sum(map(_is_ours, item[1]))))
    sections = sorted({iri for rule in book.rules.values() for iri in rule.provisions} - book.provisions.keys())
    return render_template(
        "provisions.html",
        acts=acts,
        sections=[] if silent_only else [_law(iri, duties) for iri in sections],
        silent_only=silent_only,
    )


@blueprint.get("/provision")
def provision() -> str:
    """One provision: what it asks, of whom, from when, and the rules that implement it."""
    iri = request.args.get("iri", "")
    book = services().rulebook
    if iri not in book.provisions and not any(iri in rule.provisions for rule in book.rules.values()):
        raise NotFound
    return render_template("provision.html", law=_law(iri), say=say)


# --- label -------------------------------------------------------------------------------------------------------


@blueprint.get("/label")
def label() -> str:
    """What the data quality and utility label asks, how an answer can be had, and how levels become stars."""
    book = services().rulebook
    parts = [
        Part(
            element=element,
            name=say(element.name),
            cited=Cited(element.provision, book.cite(element.provision)),
            questions=[_question(one) for one in book.criteria if one.element == element.iri and not one.gate],
        )
        for element in book.elements
    ]
    gates = [_question(one) for one in book.criteria if one.gate]
    return render_template("label.html", elements=parts, gates=gates, schemes=book.schemes, say=say)


def _question(one: Criterion) -> Question:
    book = services().rulebook
    return Question(
        criterion=one,
        name=say(one.name),
        question=say(one.question),
        evidence=say(one.evidence),
        dimension=say(book.dimensions[one.dimension].name),
        effort=say(EFFORTS[one.effort]),
        bases=[say(BASES[basis]) for basis in Basis if basis in one.obtained],
        levels=[
            (level, say(level.name), [_listed(book.rules[rule]) for rule in sorted(level.requires | level.respects)])
            for level in one.levels
        ],
        weights=[points(scheme.weights[one.iri]) if one.iri in scheme.weights else "–" for scheme in book.schemes],
    )
