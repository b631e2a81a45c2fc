"""As much of Solr as CKAN needs, in memory: Solr itself cannot be installed from the package registries.

Run as: python -m tests.live.servers.solr PORT SCHEMA.xml
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

_CLAUSE = re.compile(r'([+-]?)(?:([\w*]+):)?(\([^()]*\)|"[^"]*"|[\[{][^\]}]*[\]}]|[^\s()]+)')


def values(document: dict[str, Any], field: str) -> list[str]:
    """The values of a field as texts."""
    value = document.get(field)
    several = value if isinstance(value, list) else [] if value is None else [value]
    return [("true" if one else "false") if isinstance(one, bool) else str(one) for one in several]


def holds(document: dict[str, Any], field: str, wanted: str) -> bool:
    """Whether one clause holds."""
    if wanted.startswith("(") and not field:
        return any(matches(document, one) for one in wanted[1:-1].split(" OR "))
    if wanted.startswith("("):
        return any(holds(document, field, one) for one in re.findall(r'"[^"]*"|\S+', wanted[1:-1]) if one != "OR")
    if field == "*" or wanted == "*:*":
        return True
    if wanted[0] in "[{":
        return any(within(one, wanted) for one in values(document, field))
    plain = wanted.strip('"')
    if not field:
        return plain.lower() in json.dumps(document).lower()
    return bool(values(document, field)) if plain == "*" else plain in values(document, field)


def within(value: str, span: str) -> bool:
    """Whether a value lies in a range as ``[low TO high]``; braces instead of brackets exclude the bound."""
    low, high = (None if bound == "*" else ordered(bound.strip('"')) for bound in span[1:-1].split(" TO "))
    own = ordered(value)
    above = low is None or own > low or (own == low and span[0] == "[")
    return above and (high is None or own < high or (own == high and span[-1] == "]"))


def ordered(value: str) -> tuple[float, str]:
    """What puts numbers in their order, and after them dates, of which some have fractions of a second."""
    try:
        return float(value), ""
    except ValueError:
        return math.inf, value.removesuffix("Z")


def matches(document: dict[str, Any], query: str) -> bool:
    """Whether every clause of a query holds; AND is between clauses anyway."""
    if query.strip() in ("", "*:*"):
        return True
    clauses = [clause for clause in _CLAUSE.findall(query) if clause[2] != "AND" or clause[1]]
    return all(holds(document, field, wanted) is (sign != "-") for sign, field, wanted in clauses)


def create(schema: str) -> Flask:
    """The application."""
    app, held = Flask(__name__), dict[str, dict[str, Any]]()

    @app.route("/solr/ckan/select", methods=["GET", "POST"])
    @app.route("/solr/ckan/select/", methods=["GET", "POST"])
    def select() -> Response:
        asked = request.values
        queries = [asked.get("q", "*:*"), *asked.getlist("fq")]
        hits = [one for one in held.values() if all(matches(one, query) for query in queries)]
        for part in reversed([one.split() for one in (asked.get("sort") or "").split(",") if one.strip()]):
            hits.sort(
                key=lambda one, name=part[0]: [ordered(value) for value in values(one, name)[:1]],
                reverse=part[-1] == "desc",
            )
        start, rows, fields = int(asked.get("start", 0)), int(asked.get("rows", 10)), asked.get("fl") or "*"
        page = hits[start : start + rows]
        if fields != "*":
            page = [{name: one[name] for name in re.split(r"[ ,]+", fields) if name in one} for one in page]
        counts = {"facet_queries": {}, "facet_fields": {name: [] for name in asked.getlist("facet.field")}}
        found = {"numFound": len(hits), "start": start, "docs": page}
        return jsonify(responseHeader={"status": 0}, response=found, facet_counts=counts)

    @app.route("/solr/ckan/update", methods=["POST"])
    @app.route("/solr/ckan/update/", methods=["POST"])
    def update() -> Response:
        body = request.get_data(as_text=True)
        removals = [query.replace("&quot;", '"') for query in re.findall(r"<query>(.*?)</query>", body, re.DOTALL)]
        if request.mimetype == "application/json":
            added, removals = _changes(json.loads(body))
            held.update({document["index_id"]: document for document in added})
        for query in removals:
            for name in [name for name, one in held.items() if matches(one, query)]:
                del held[name]
        return jsonify(responseHeader={"status": 0})

    app.add_url_rule("/solr/ckan/schema", "schema", lambda: Response(schema, mimetype="application/xml"))
    app.add_url_rule("/solr/ckan/admin/ping", "ping", lambda: jsonify(status="OK"))
    return app


def _changes(sent: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The documents to add and the queries whose documents go, out of the JSON of an update."""
    if isinstance(sent, list):
        return sent, []
    added = [sent["add"]["doc"]] if "add" in sent else []
    return added, [sent["delete"]["query"]] if "delete" in sent else []


if __name__ == "__main__":
    create(Path(sys.argv[2]).read_text("utf-8")).run("127.0.0.1", int(sys.argv[1]), threaded=True)
