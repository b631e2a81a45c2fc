"""``/``, ``/about`` and ``/sources``: what this is and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from catalogue.ports import Query
from catalogue.publish import VisitRow
from catalogue.web.context import services
from catalogue.web.phrases import FACETS
from catalogue.web.reading import languages
from catalogue.web.search import result

NEWEST = 6
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
    """The IRI of a source or of a visit: people find both on the page of sources."""
    name = re.split("/", path, maxsplit=1)[0]
    return redirect(url_for("pages.sources", _anchor=name), 303)


@blueprint.get("/about")
def about() -> str:
    """What this is, what it is not, and how machines use it."""
    book = services().rulebook
    return render_template("about.html", digest=book.digest, profiles=book.profiles.values())
