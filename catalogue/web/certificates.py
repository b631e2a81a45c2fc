"""``/label/<key>``: the label of one dataset as a certificate in RDF with the chain behind it, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from catalogue.certificate import certificate
from catalogue.graphs import Graph, NamedNode, Triple
from catalogue.label_words import label_json
from catalogue.names import CAT, DCT, DQV, OA, RDF, RDFS, SKOS
from catalogue.publish import DatasetPage, Tombstone
from catalogue.quality import Label
from catalogue.web.context import dataset_path, services
from catalogue.web.datasets import changed, withdrawn
from catalogue.web.labels import in_scheme
from catalogue.web.negotiation import HTML, JSON, RDF_FORMS, accepted, finished, rdf_response, split
from catalogue.web.reading import languages

FORMS = (HTML, *RDF_FORMS, JSON)
"""Of a label, beside its graphic."""
_BEHIND = (RDF.type, SKOS.prefLabel, SKOS.definition, DQV.inDimension, DQV.inCategory, DCT.source, RDF.value)
"""What is told of the criteria, levels, rules and provisions behind a certificate; the rulebook has the rest."""

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/label/<key>")
def label(key: str) -> BaseResponse:
    """The label of a dataset by its key, in the form of the suffix or of ``Accept``; people go to the page."""
    stem, named = split(key, FORMS)
    found = services().publisher.dataset(stem)
    if found is None:
        raise NotFound
    form = named or accepted(FORMS)
    if isinstance(found, Tombstone):
        return withdrawn(found, form)
    given, scheme = in_scheme(found.label), request.args.get("scheme")
    if form is HTML:
        target = url_for("datasets.dataset", path=dataset_path(found.iri), scheme=scheme)
        response = redirect(f"{target}#label", 303)
        response.vary.add("Accept")
        return response
    address = f"{services().minted.base}label/{found.key}"
    if form is JSON:
        answer = jsonify(label_json(given, services().rulebook, languages()))
        answer.vary.add("Accept-Language")
        return finished(answer, form, address, None, named is None, FORMS)
    graph = whole(found, given)
    return rdf_response(graph, form, address, negotiated=named is None, first=_name(found.iri).value)


def _name(iri: str) -> NamedNode:
    """The certificate is called as in the record of the dataset."""
    return NamedNode(services().minted.record(iri) + "#label")


def whole(found: DatasetPage, given: Label) -> Graph:
    """The certificate of a dataset with graphic and page as its bodies, and what its measurements rest on."""
    book, me = services().rulebook, _name(found.iri)
    title = found.graph.text(NamedNode(found.iri), DCT.title, "en") or found.iri
    graph = certificate(me, given, book, changed(found), f"Data quality and utility label: {title}")
    graph.add(me, OA.hasBody, NamedNode(f"{services().minted.base}label/{found.key}.svg"))
    graph.add(me, RDFS.seeAlso, NamedNode(f"{services().minted.base}dataset/{dataset_path(found.iri)}"))
    graph.update(_chain(graph))
    return graph


def _chain(graph: Graph) -> Iterator[Triple]:
    """Criteria and levels that a certificate names, the rules of these levels, and the provisions behind them."""
    book = services().rulebook.graph
    criteria, levels = _objects(graph, DQV.isMeasurementOf), _objects(graph, CAT.level)
    links = [
        Triple(level, link, rule)
        for level in levels
        for link in (CAT.requires, CAT.respects)
        for rule in book.objects(level, link)
    ]
    yield from links
    behind = {triple.object for triple in links} | {
        dimension for one in criteria for dimension in book.objects(one, DQV.inDimension)
    }
    for node in (*criteria, *levels, *behind):
        if isinstance(node, NamedNode):
            yield from (
                Triple(node, predicate, value) for predicate in _BEHIND for value in book.objects(node, predicate)
            )


def _objects(graph: Graph, predicate: NamedNode) -> set[NamedNode]:
    return {triple.object for triple in graph if triple.predicate == predicate and isinstance(triple.object, NamedNode)}
