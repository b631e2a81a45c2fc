"""``/catalog``: everything there is, as a list for people and as a dcat:Catalog for machines."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from catalogue.graphs import NamedNode
from catalogue.web.context import services
from catalogue.web.negotiation import HTML, RDF_FORMS, accepted, finished, rdf_response, split
from catalogue.web.reading import languages
from catalogue.web.search import asked, page_link, pages, result

blueprint = Blueprint("catalog", __name__)
SIZE = 50


@blueprint.get("/catalog", defaults={"suffix": ""})
@blueprint.get("/catalog.<suffix>")
def catalog(suffix: str) -> Response:
    """The catalogue in the form of the suffix or of ``Accept``."""
    named = split("catalog." + suffix)[1] if suffix else None
    if suffix and named is None:
        raise NotFound
    form = named or accepted()
    address = services().minted.base + "catalog"
    if form is HTML:
        return finished(Response(_page(), mimetype="text/html"), form, address, None, named is None)
    graph = services().publisher.catalogue()
    return rdf_response(graph, form, address, negotiated=named is None, first=NamedNode(address).value)


def _page() -> str:
    query = asked(sort="title", size=SIZE)
    found = services().search.find(query, *languages())
    return render_template(
        "catalog.html",
        query=query,
        found=found,
        results=[result(hit, found) for hit in found.hits],
        pages=pages(query, found.total),
        page_link=page_link,
        forms=RDF_FORMS,
    )
