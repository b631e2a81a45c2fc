"""``/compare``: up to four datasets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from catalogue.errors import BadInput
from catalogue.graphs import NamedNode
from catalogue.model import Severity
from catalogue.publish import DatasetPage
from catalogue.quality import Label
from catalogue.web.context import dataset_path, services
from catalogue.web.description import About, about
from catalogue.web.facts import Row
from catalogue.web.labels import in_scheme
from catalogue.web.phrases import _
from catalogue.web.shown import Shown

MOST = 4
"""More columns fit on no page."""

blueprint = Blueprint("compare", __name__)


@dataclass(frozen=True, slots=True)
class Column:
    """One dataset."""

    path: str
    about: About
    label: Label
    violations: int


@dataclass(frozen=True, slots=True)
class Line:
    """One fact about each of the datasets."""

    name: str
    cells: Sequence[Sequence[Shown]]
    differs: bool


@blueprint.get("/compare")
def compare() -> str:
    """The datasets that ``dataset`` names, each by its key or the rest of its IRI."""
    names = list(dict.fromkeys(name for name in request.args.getlist("dataset") if name))
    if len(names) > MOST:
        problem = f"at most {MOST} datasets can be compared, not {len(names)}"
        raise BadInput(problem, where="compare", remedy="choose fewer")
    columns = [_column(name) for name in names]
    return render_template("compare.html", columns=columns, lines=_lines([one.about for one in columns]))


def _column(name: str) -> Column:
    found = services().publisher.dataset(name)
    if not isinstance(found, DatasetPage):
        raise NotFound(_("One of the datasets is not in this catalogue, or no longer."))
    violations = len(found.report.of(Severity.VIOLATION))
    described = about(found.graph, NamedNode(found.iri))
    return Column(dataset_path(found.iri), described, in_scheme(found.label), violations)


def _lines(datasets: Sequence[About]) -> list[Line]:
    """A line for each fact that one of the datasets states, in the order of the page of a dataset."""
    tables = [{row.name: row.values for row in _rows(one)} for one in datasets]
    names = dict.fromkeys(name for one in datasets for name in (row.name for row in _rows(one)))
    lines = []
    for name in names:
        cells = [table.get(name, ()) for table in tables]
        lines.append(Line(name, cells, len({frozenset(one.said.text for one in cell) for cell in cells}) > 1))
    return lines


def _rows(one: About) -> list[Row]:
    publishers = [agent.name for agent in one.holders if agent.role == _("Publisher") and agent.name]
    bodies = [agent.name for agent in one.bodies if agent.name]
    agents = [Row(_("Publisher"), publishers), Row(_("Health data access body"), bodies)]
    return [row for row in (*one.figures, *agents, *one.facts, *one.terms) if row.values]
