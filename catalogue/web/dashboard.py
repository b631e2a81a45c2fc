"""``/dashboard``: what health data access bodies supervise, as a page and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, render_template

from catalogue.publish import VisitRow
from catalogue.supervision import YEARLY, Readiness, Supervision, holders_csv, provisions_csv, supervise
from catalogue.web.context import services
from catalogue.web.labels import Cited
from catalogue.web.negotiation import CSV

SHOWN = 50
"""Holders on the page; the table has all."""

blueprint = Blueprint("dashboard", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One provision as the page names it."""

    cited: Cited
    counts: Readiness
    in_force: bool


@blueprint.get("/dashboard")
def dashboard() -> str:
    """The state of this catalogue today."""
    state = _state()
    book, law = services().rulebook, services().rulebook.provisions.get(YEARLY)
    return render_template(
        "dashboard.html",
        state=state,
        shown=SHOWN,
        lines=[_line(one, state.day) for one in state.readiness],
        law=Cited(YEARLY, book.cite(YEARLY)),
        applies_from=law.applies_from if law is not None else None,
        visits=_last_visits(),
    )


@blueprint.get("/dashboard/<any(holders, provisions):table>.csv")
def table(table: str) -> Response:
    """One of its tables, whole."""
    state = _state()
    content = holders_csv(state) if table == "holders" else provisions_csv(state, services().rulebook)
    response = Response(content, content_type=f"{CSV.media_type}; charset=utf-8; header=present")
    name = f"{table}-{state.day.isoformat()}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _state() -> Supervision:
    found = services()
    return supervise(found.index, found.rulebook, found.clock().date())


def _line(one: Readiness, day: date) -> Line:
    cited = Cited(one.provision, services().rulebook.cite(one.provision))
    return Line(cited, one, one.applies_from is not None and one.applies_from <= day)


def _last_visits() -> Sequence[tuple[str, VisitRow]]:
    """The newest visit of each source, those not read to their end first."""
    newest: dict[str, VisitRow] = {}
    for visit in services().publisher.visits():
        newest.setdefault(visit.node, visit)
    ordered = sorted(newest.values(), key=lambda one: (one.complete, one.node_title.casefold()))
    return [(one.node.rsplit("/", 1)[-1], one) for one in ordered]
