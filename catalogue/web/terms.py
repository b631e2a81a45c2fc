"""``/vocabularies``, ``/concept`` and ``/ns``: code lists, and what a concept or one of our own terms means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from catalogue.graphs import Graph, Literal, NamedNode, Triple
from catalogue.names import CAT, DCT, RDF, RDFS, SKOS
from catalogue.plain import local_name
from catalogue.ports import FACETS, Query
from catalogue.web.context import services
from catalogue.web.negotiation import HTML, RDF_FORMS, accepted, finished, rdf_response
from catalogue.web.phrases import FACETS as FACET_NAMES
from catalogue.web.phrases import _
from catalogue.web.reading import Said, said
from catalogue.web.shown import Shown, show

LINKS = (
    (_("In the list"), SKOS.inScheme),
    (_("The same as"), SKOS.exactMatch),
    (_("Close to"), SKOS.closeMatch),
    (_("Wider concept"), SKOS.broader),
)

blueprint = Blueprint("terms", __name__)


@dataclass(frozen=True, slots=True)
class Term:
    """One of our own terms."""

    name: str
    label: Said
    meaning: Said | None
    kind: str


@dataclass(frozen=True, slots=True)
class Use:
    """Datasets that carry the concept, in one facet."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One code list."""

    shown: Shown
    size: int
    """How many concepts of it are held here; it may have more."""


@blueprint.get("/vocabularies")
def vocabularies() -> str:
    """The code lists that descriptions, rules and facets use."""
    book = services().rulebook
    schemes = [
        Scheme(show(node, book.vocabulary), len(book.concepts(node.value)))
        for node in book.vocabulary.instances(SKOS.ConceptScheme)
        if isinstance(node, NamedNode)
    ]
    schemes.sort(key=lambda scheme: scheme.shown.said.text.lower())
    return render_template("vocabularies.html", schemes=schemes)


@blueprint.get("/concept")
def concept() -> str:
    """A concept: names, meaning, its like in other systems, datasets that carry it. A list: its concepts."""
    iri = request.args.get("iri", "")
    vocabulary = services().rulebook.vocabulary
    node = _node(iri)
    if node is None or node not in vocabulary:
        raise NotFound
    labels = [o for p in (SKOS.prefLabel, DCT.title) for o in vocabulary.objects(node, p) if isinstance(o, Literal)]
    return render_template(
        "concept.html",
        iri=iri,
        label=said(vocabulary, node, SKOS.prefLabel, DCT.title) or Said(local_name(iri)),
        labels=[Said(literal.value, literal.language or "") for literal in labels],
        meaning=said(vocabulary, node, SKOS.definition, SKOS.scopeNote, DCT.description),
        notation=vocabulary.text(node, SKOS.notation),
        links=[(name, [show(o, vocabulary) for o in vocabulary.objects(node, p)]) for name, p in LINKS],
        members=[show(NamedNode(member), vocabulary) for member in services().rulebook.concepts(iri)],
        uses=list(_uses(iri)),
    )


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _uses(iri: str) -> Sequence[Use]:
    found = []
    for name in FACETS:
        count = services().search.find(Query(facets={name: [iri]}, size=1)).total
        if count:
            found.append(Use(FACET_NAMES[name], count, url_for("search.page", **{name: iri})))  # type: ignore[arg-type]
    return found


@blueprint.get("/ns")
@blueprint.get("/ns.<suffix>")
def namespace(suffix: str = "") -> Response:
    """Our few own terms, for people and as RDF."""
    named = next((form for form in (HTML, *RDF_FORMS) if form.suffix == suffix), None)
    if suffix and named is None:
        raise NotFound
    form = named or accepted()
    address = services().minted.base + "ns"
    graph = _own()
    if form is not HTML:
        return rdf_response(graph, form, address, negotiated=named is None, first=CAT.iri)
    terms = [_term(graph, node) for node in graph.nodes if isinstance(node, NamedNode) and node.value != CAT.iri]
    terms.sort(key=lambda term: term.name.lower())
    content = render_template("ns.html", terms=terms, iri=CAT.iri, forms=RDF_FORMS)
    return finished(Response(content, mimetype="text/html"), form, address, None, named is None)


def _own() -> Graph:
    whole = services().rulebook.graph
    nodes = [node for node in whole.nodes if node.value.startswith(CAT.iri.rstrip("#"))]
    return Graph(
        Triple(node, NamedNode(predicate), value)
        for node in nodes
        for predicate, values in whole.outgoing(node).items()
        for value in values
    )


def _term(graph: Graph, node: NamedNode) -> Term:
    return Term(
        name=local_name(node.value),
        label=said(graph, node, RDFS.label, SKOS.prefLabel) or Said(local_name(node.value)),
        meaning=said(graph, node, RDFS.comment, SKOS.definition, DCT.description),
        kind=", ".join(local_name(o.value) for o in graph.objects(node, RDF.type) if isinstance(o, NamedNode)),
    )
