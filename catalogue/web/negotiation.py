"""Which form of a resource a client gets: by the suffix of the address, else by ``Accept`` (RFC 9110, section 12).

A dataset's IRI answers 200 with its description and a ``Content-Location`` that names the form (RFC 9110, section 8.7),
not 303: one request less for every client, and each form still has an address of its own. A client that accepts
anything gets the page for people. What is not available is 406 with the list of what is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.urls import iri_to_uri

from catalogue.errors import NotAcceptable
from catalogue.graphs import Quad, Triple
from catalogue.web.rdf import state as state_of
from catalogue.web.rdf import written


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a resource."""

    suffix: str
    media_type: str
    name: str


HTML = Form("html", "text/html", "HTML")
JSON = Form("json", "application/json", "JSON")
RDF_FORMS = (
    Form("ttl", "text/turtle", "Turtle"),
    Form("jsonld", "application/ld+json", "JSON-LD"),
    Form("rdf", "application/rdf+xml", "RDF/XML"),
    Form("nt", "application/n-triples", "N-Triples"),
)
CSV = Form("csv", "text/csv", "CSV")
BIBTEX = Form("bib", "application/x-bibtex", "BibTeX")
RIS = Form("ris", "application/x-research-info-systems", "RIS")
ATOM = Form("atom", "application/atom+xml", "Atom")
FORMS = (HTML, *RDF_FORMS)
TABLE_FORMS = (HTML, JSON)


def split(path: str, forms: Sequence[Form] = FORMS) -> tuple[str, Form | None]:
    """The path without a suffix that names a form, and that form."""
    stem, dot, suffix = path.rpartition(".")
    form = next((form for form in forms if dot and stem and form.suffix == suffix), None)
    return (stem, form) if form else (path, None)


def accepted(forms: Sequence[Form] = FORMS) -> Form:
    """The form the client likes best; the first one when it likes them the same.

    Parameters such as charset are passed over. Raises :class:`~catalogue.errors.NotAcceptable` when it wants none.
    """
    if not request.accept_mimetypes.provided:
        return forms[0]
    plain = MIMEAccept([(value.split(";")[0].strip().lower(), quality) for value, quality in request.accept_mimetypes])
    best = plain.best_match([form.media_type for form in forms])
    found = next((form for form in forms if form.media_type == best), None)
    if found is None:
        raise NotAcceptable(
            f"none of the forms asked for is to be had: {request.accept_mimetypes}",
            where=request.path,
            remedy="accept one of " + ", ".join(form.media_type for form in forms),
        )
    return found


def links(page: str, chosen: Form, forms: Sequence[Form] = FORMS) -> list[str]:
    """``Link`` values to the other forms (RFC 8288): Turtle describes the page, the rest are alternates."""
    return [
        f'<{page}.{form.suffix}>; rel="{relation}"; type="{form.media_type}"'
        for form in forms
        if form is not chosen
        for relation in (("alternate describedby") if chosen is HTML and form is RDF_FORMS[0] else "alternate",)
    ]


def rdf_response(
    triples: Iterable[Triple | Quad],
    form: Form,
    page: str,
    *,
    state: str = "",
    modified: datetime | None = None,
    negotiated: bool = True,
    first: str = "",
) -> Response:
    """Triples in one of :data:`RDF_FORMS`, with validators so that a client need not fetch them twice.

    ``state`` names the content (a digest); without it the statements are digested. The ETag made from it is weak: the
    same statements may be written in another order. ``page`` is the absolute address without suffix, ``first`` the IRI
    that the document is about.
    """
    statements = list(triples)
    content = written(statements, form.media_type, first)
    response = Response(content, mimetype=form.media_type)
    if form.media_type.startswith("text/"):
        response.headers["Content-Type"] = f"{form.media_type}; charset=utf-8"
    mark = (state or state_of(statements)).removeprefix("sha256:")[:32]
    response.set_etag(f"{mark}-{form.suffix}", weak=True)
    return finished(response, form, page, modified, negotiated)


def finished(
    response: Response,
    form: Form,
    page: str,
    modified: datetime | None,
    negotiated: bool,
    forms: Sequence[Form] = FORMS,
) -> Response:
    """Add what a negotiated answer says about itself, and answer 304 when the client has it already."""
    page = iri_to_uri(page)
    response.headers["Content-Location"] = f"{page}.{form.suffix}"
    for link in links(page, form, forms):
        response.headers.add("Link", link)
    if negotiated:
        response.vary.add("Accept")
    if form is HTML:
        response.vary.add("Accept-Language")
    if modified:
        response.last_modified = modified
    if not response.get_etag()[0]:
        response.add_etag(weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]
