"""Results of a search as files: tables, citations, RDF, and a feed that tells what is new in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from catalogue.citing import Citation, bibtex, cite, ris
from catalogue.graphs import Graph, NamedNode
from catalogue.ports import Hit
from catalogue.publish import DatasetPage
from catalogue.search import Found
from catalogue.web.context import dataset_path, services, started
from catalogue.web.negotiation import ATOM, BIBTEX, RDF_FORMS, RIS, Form, rdf_response
from catalogue.web.phrases import ACCESS
from catalogue.web.reading import languages, say
from catalogue.web.search import MOST, asked

NEWEST = 50
"""Entries of a feed."""
CUT = "Catalogue-Truncated"
CITED: dict[str, tuple[Form, Callable[[Sequence[Citation]], str]]] = {
    "bib": (BIBTEX, bibtex),
    "ris": (RIS, ris),
}
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""

blueprint = Blueprint("exports", __name__)


@blueprint.get("/search.<any(csv, bib, ris, ttl, jsonld, rdf, nt):suffix>")
def results(suffix: str) -> Response:
    """The first :data:`MOST` results of the search in the address, in its order."""
    found = services().search.find(asked(size=MOST, largest=MOST), *languages())
    if suffix == "csv":
        response = _table(found)
    elif suffix in CITED:
        response = _cited(suffix, [cite(graph, node, *languages()) for node, graph in _described(found.hits)])
    else:
        form = next(form for form in RDF_FORMS if form.suffix == suffix)
        triples = [triple for _node, graph in _described(found.hits) for triple in graph]
        response = rdf_response(triples, form, f"{services().minted.base}search", negotiated=False)
    if found.total > len(found.hits):
        response.headers[CUT] = "true"
    response.headers.set("Content-Disposition", "attachment", filename=f"datasets.{suffix}")
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/search.atom")
def feed() -> Response:
    """What is new among the results, or changed here, newest first (RFC 4287)."""
    query = asked(sort="changed", size=NEWEST)
    found = services().search.find(query, *languages())
    base = services().minted.base
    here = f"{base}search.atom?{request.query_string.decode('ascii', 'ignore')}".rstrip("?")
    made = FeedGenerator()
    made.id(here)
    made.title(_plain(f"{services().settings.title}: {query.text}" if query.text else services().settings.title))
    made.link(href=here, rel="self", type=ATOM.media_type)
    made.link(href=here.replace("/search.atom", "/search"), rel="alternate", type="text/html")
    made.generator("ehds-catalogue")
    made.updated(max((hit.changed for hit in found.hits), default=started()))
    for hit in found.hits:
        entry = made.add_entry(order="append")
        entry.id(hit.iri if ":" in hit.iri else base + hit.key)
        entry.title(_plain(say(hit.title).text or hit.iri))
        entry.link(href=f"{base}dataset/{dataset_path(hit.iri)}", rel="alternate", type="text/html")
        entry.updated(hit.changed)
        entry.author(name=_plain(", ".join(hit.facets.get("publisher", ())) or services().settings.title))
        entry.summary(_plain(hit.snippet), type="html")
    response = Response(made.atom_str(pretty=True), mimetype=ATOM.media_type)
    response.vary.add("Accept-Language")
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@blueprint.get("/dataset/<path:path>/cite.<any(bib, ris):suffix>")
def citation(path: str, suffix: str) -> Response:
    """How one dataset is cited, for reference managers."""
    found = services().publisher.dataset(path)
    if not isinstance(found, DatasetPage):
        raise NotFound
    response = _cited(suffix, [cite(found.graph, NamedNode(found.iri), *languages())])
    response.headers.set("Content-Disposition", "attachment", filename=f"dataset-{found.key[:12]}.{suffix}")
    return response


def _cited(suffix: str, citations: Sequence[Citation]) -> Response:
    form, written = CITED[suffix]
    return Response(written(citations), content_type=f"{form.media_type}; charset=utf-8")


def _described(hits: Sequence[Hit]) -> list[tuple[NamedNode, Graph]]:
    """The descriptions of some results as the store has them."""
    names = [services().minted.description(hit.iri) for hit in hits]
    graphs = services().store.graphs(names) if names else []
    return [(NamedNode(hit.iri), Graph(graph)) for hit, graph in zip(hits, graphs, strict=True)]


def _table(found: Found) -> Response:
    base, names = services().minted.base, found.labels
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["iri", "page", "title", "publisher", "access", "country", "modality", "body_part", "category",
                    "individuals", "modified", "changed_here", "stars", "violations", "source"])  # fmt: skip
    for hit in found.hits:
        said = {name: "; ".join(names.get(value, value) for value in values) for name, values in hit.facets.items()}
        rights = next(iter(hit.facets.get("access", ())), "")
        said["access"] = ACCESS[rights][0] if rights in ACCESS else said.get("access", "")
        facets = [
            said.get(name, "") for name in ("publisher", "access", "country", "modality", "body_part", "category")
        ]
        stars = "" if "none" in hit.facets.get("label", ()) else hit.stars
        numbers = [hit.individuals or "", hit.modified, hit.changed.isoformat(), stars, hit.violations]
        page = f"{base}dataset/{dataset_path(hit.iri)}"
        row = [hit.iri, page, say(hit.title).text, *facets, *numbers, said.get("source", "")]
        table.writerow([_cell(value) for value in row])
    return Response(written.getvalue(), content_type="text/csv; charset=utf-8; header=present")


def _cell(value: object) -> object:
    """What no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain(text: str) -> str:
    """What XML can hold."""
    return _NOT_IN_XML.sub(" ", text)
