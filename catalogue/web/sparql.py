"""``/sparql``: the SPARQL 1.1 Protocol, read-only, for programs; a form with examples and a table for people.

An answer that was cut at the row limit carries the header ``Catalogue-Truncated: true``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, render_template, request

from catalogue.errors import NotAcceptable, QueryRefused
from catalogue.graphs import Graph, NamedNode
from catalogue.names import RDF, Namespace
from catalogue.ports import Answer
from catalogue.web.context import services
from catalogue.web.errors import wants_html
from catalogue.web.negotiation import HTML, accepted, rdf_response

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
ROWS = 500
"""Most rows shown on the page; the other forms have all up to the limit."""
LINES = 2000
"""Most lines of a constructed graph shown on the page."""
SHORT = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""What ``format=`` may say instead of an Accept header."""
TABLES, GRAPHS = ("csv", "json", "xml", "tsv"), ("ttl", "jsonld", "rdf", "nt")

blueprint = Blueprint("sparql", __name__)


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the query that answers it."""

    name: str
    question: str
    query: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on the page: a table, yes or no, or text."""

    variables: Sequence[str] = ()
    rows: Sequence[Mapping[str, Mapping[str, str]]] = ()
    total: int = 0
    boolean: bool | None = None
    text: str = ""
    truncated: bool = False
    formats: Sequence[str] = TABLES


@cache
def examples() -> tuple[Example, ...]:
    """The example queries, in the order of their file names; the first line of each is its question."""
    found = []
    for file in sorted(files(__package__).joinpath("examples").iterdir(), key=lambda file: file.name):
        first, rest = file.read_text("utf-8").split("\n", 1)
        found.append(Example(file.name.removesuffix(".rq").split("-", 1)[1], first.removeprefix("# "), rest))
    return tuple(found)


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or show what can be asked."""
    try:
        query = _query()
    except QueryRefused as error:
        return _refused(error, "")
    if query is None:
        return _description()
    try:
        return _answer(query)
    except QueryRefused as error:
        return _refused(error, query)


def _query() -> str | None:
    """The query of the request (SPARQL 1.1 Protocol, section 2.1), None for a GET without one.

    Raises :class:`~catalogue.errors.QueryRefused` for what the protocol, or this endpoint, does not allow.
    """
    arguments = request.args
    if request.method == "POST":
        match request.mimetype:
            case "application/sparql-query":
                return _text(request.get_data())
            case "application/x-www-form-urlencoded" | "multipart/form-data":
                arguments = request.form
            case other:
                raise QueryRefused(
                    f"a query cannot be sent as {other or 'nothing'}",
                    where="Content-Type",
                    remedy="send application/sparql-query, or a form with the field query",
                )
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"):
        if name in arguments or name in request.args:
            raise QueryRefused(
                f"{name} is not supported", where="request", remedy="name graphs in the query: GRAPH, FROM, FROM NAMED"
            )
    if "update" in arguments:
        raise QueryRefused("nothing can be changed here", where="update", remedy="send a query")
    queries = arguments.getlist("query")
    if len(queries) > 1 or (not queries and request.method == "POST"):
        raise QueryRefused("one query is needed", where="query", remedy="send the field query once")
    return queries[0] if queries and queries[0].strip() else None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryRefused("the query is not UTF-8", where=f"byte {error.start}", remedy="send UTF-8") from error


def _answer(query: str) -> Response:
    wanted = request.values.get("format", "")
    if wanted and wanted not in SHORT:
        raise QueryRefused(f"there is no format {wanted!r}", where="format", remedy="use one of " + ", ".join(SHORT))
    if not wanted and _browser():
        answer = services().endpoint.query(query, f"{SHORT['json']}, {SHORT['ttl']};q=0.9")
        return _html(query, shown=_shown(answer))
    answer = services().endpoint.query(query, SHORT.get(wanted) or request.headers.get("Accept", "*/*"))
    response = Response(answer.content, mimetype=answer.media_type)
    response.vary.add("Accept")
    return _marked(response, answer.truncated)


def _browser() -> bool:
    """A browser says text/html; a program that accepts anything wants the standard format."""
    return "text/html" in dict(request.accept_mimetypes) and wants_html()


def _shown(answer: Answer) -> Shown:
    if answer.media_type not in (SHORT["json"], "application/json"):
        text = answer.content.decode("utf-8")
        lines = text.splitlines()[:LINES]
        return Shown(text="\n".join(lines), total=text.count("\n"), truncated=answer.truncated, formats=GRAPHS)
    found: dict[str, Any] = json.loads(answer.content)
    if "boolean" in found:
        return Shown(boolean=found["boolean"])
    rows = found["results"]["bindings"]
    return Shown(found["head"]["vars"], rows[:ROWS], len(rows), truncated=answer.truncated)


def _html(query: str, *, shown: Shown | None = None, error: QueryRefused | None = None, status: int = 200) -> Response:
    content = render_template(
        "sparql.html",
        query=query,
        shown=shown,
        error=error,
        examples=examples(),
        seconds=services().settings.sparql_seconds,
        limit=services().settings.sparql_rows,
    )
    response = Response(content, status, mimetype="text/html")
    response.vary.add("Accept")
    return _marked(response, shown is not None and shown.truncated)


def _marked(response: Response, truncated: bool) -> Response:
    if truncated:
        response.headers["Catalogue-Truncated"] = "true"
    return response


def _refused(error: QueryRefused, query: str) -> Response:
    if _browser():
        return _html(query, error=error, status=error.http_status)
    text = "\n".join(filter(None, (error.what, error.where and f"where: {error.where}", error.remedy))) + "\n"
    return Response(text, error.http_status, mimetype="text/plain")


def _description() -> Response:
    """The form for people, a service description for programs (SPARQL 1.1 Service Description)."""
    address = services().minted.base + "sparql"
    try:
        form = accepted()
    except NotAcceptable as error:
        return _refused(error, "")
    if form is HTML:
        example = next((one for one in examples() if one.name == request.args.get("example")), examples()[0])
        return _html(example.query)
    me = NamedNode(address)
    graph = Graph()
    graph.add(me, RDF.type, SD.Service)
    graph.add(me, SD.endpoint, me)
    graph.add(me, SD.supportedLanguage, SD.SPARQL11Query)
    graph.add(me, SD.feature, SD.UnionDefaultGraph)
    for name in ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle"):
        graph.add(me, SD.resultFormat, FORMATS[name])
    response = rdf_response(graph, form, address)
    del response.headers["Content-Location"], response.headers["Link"]
    return response
