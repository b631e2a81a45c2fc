"""``/``, ``/about``, ``/sources`` and visits: what this is and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from catalogue.letters import letter
from catalogue.model import Rule
from catalogue.ports import Query
from catalogue.publish import VisitRow
from catalogue.web.context import services
from catalogue.web.phrases import FACETS
from catalogue.web.reading import Said, languages, say
from catalogue.web.search import result

NEWEST = 6
MAIL = 1500
"""Characters of a letter that a ``mailto:`` link carries; some mail programs take no more."""
VISITS = 10
"""Visits shown of one source."""

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Node:
    """A source with its visits, newest first."""

    name: str
    title: str
    visits: Sequence[VisitRow]
    datasets: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A mandatory rule and how many new or changed datasets of a visit break it."""

    rule: Rule
    message: Said
    datasets: int


@blueprint.get("/")
def home() -> str:
    """The first page."""
    found = services().search.find(Query(sort="modified", size=NEWEST), *languages())
    return render_template(
        "home.html",
        facts=services().publisher.facts(),
        countries=len(found.counts.get("country", ())),
        results=[result(hit, found) for hit in found.hits],
        doors=[(name, FACETS[name], found.counts[name][:8]) for name in ("category", "modality") if found.counts[name]],
    )


@blueprint.get("/sources")
def sources() -> str:
    """Every source with what came of the last visits."""
    counts = {v.value: v.count for v in services().search.find(Query(size=1)).counts.get("source", ())}
    by_node: dict[str, list[VisitRow]] = {}
    for visit in services().publisher.visits():
        by_node.setdefault(visit.node, []).append(visit)
    nodes = [
        Node(name, visits[0].node_title, visits[:VISITS], counts.get(name, 0))
        for node, visits in by_node.items()
        for name in (node.rsplit("/", 1)[-1],)
    ]
    return render_template("sources.html", nodes=sorted(nodes, key=lambda node: node.title.casefold()))


@blueprint.get("/node/<path:path>")
def node(path: str) -> Response:
    """The IRI of a source: people find it on the page of sources."""
    name = re.split("/", path, maxsplit=1)[0]
    return redirect(url_for("pages.sources", _anchor=name), 303)


@blueprint.get("/node/<name>/visit/<stamp>")
def visit(name: str, stamp: str) -> str | Response:
    """What came of one visit, for whoever runs the source; with ``.txt`` as the text of a mail."""
    report = services().visits.find(services().minted.visit(name, stamp.removesuffix(".txt")))
    if report is None:
        raise NotFound
    subject, body = letter(report, services().rulebook)
    if stamp.endswith(".txt"):
        return current_app.response_class(f"{subject}\n\n{body}", mimetype="text/plain")
    rules = services().rulebook.rules
    known = [(rules[one.name], one.datasets) for one in report.broken if one.name in rules]
    broken = [Broken(rule, say(rule.message), datasets) for rule, datasets in known]
    written = urlencode({"subject": subject, "body": body[:MAIL]}, quote_via=quote)
    mail = f"{report.contact}?{written}" if report.contact.startswith("mailto:") else ""
    return render_template("visit.html", visit=report, name=name, stamp=stamp, broken=broken, mail=mail)


@blueprint.get("/about")
def about() -> str:
    """What this is, what it is not, and how machines use it."""
    book = services().rulebook
    return render_template("about.html", digest=book.digest, profiles=book.profiles.values())
