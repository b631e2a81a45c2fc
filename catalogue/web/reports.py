"""``/labels``: how many labels there are per quality category, for the report of Art. 59(1)(i) EHDS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from catalogue.graphs import NamedNode
from catalogue.label_words import STATUSES
from catalogue.quality import Status
from catalogue.report import Count, LabelReport, as_csv, as_graph, label_report
from catalogue.web.context import services
from catalogue.web.labels import Cited
from catalogue.web.negotiation import CSV, HTML, RDF_FORMS, accepted, finished, rdf_response
from catalogue.web.reading import Said, languages, say

blueprint = Blueprint("reports", __name__)

FORMS = (HTML, CSV, *RDF_FORMS)
LAW = "http://data.europa.eu/eli/reg/2025/327/art_59/par_1/pnt_i/oj"
GRADES = (5, 4, 3, 2, 1, 0, None)


@dataclass(frozen=True, slots=True)
class Row:
    """One quality category: numbers of labels by stars, most stars first, none last."""

    iri: str
    name: Said
    letter: str
    """Of the point in Art. 78(3); empty for the whole label."""
    computed: Sequence[int]
    issued: Sequence[int]


@blueprint.get("/labels")
@blueprint.get("/labels.<suffix>")
def labels(suffix: str = "") -> Response:
    """The report as a page, CSV or RDF Data Cube."""
    named = next((form for form in FORMS if form.suffix == suffix), None)
    if suffix and named is None:
        raise NotFound
    form = named or accepted(FORMS)
    book, address = services().rulebook, services().minted.base + "labels"
    report = label_report(services().store, book)
    if form in RDF_FORMS:
        return rdf_response(as_graph(report, NamedNode(address)), form, address, negotiated=named is None)
    if form is CSV:
        content = Response(as_csv(report, book, *languages()), content_type="text/csv; charset=utf-8; header=present")
        content.headers.set("Content-Disposition", "attachment", filename=f"labels-{report.day.isoformat()}.csv")
    else:
        content = Response(_page(report), mimetype="text/html")
    return finished(content, form, address, None, named is None, FORMS)


def _page(report: LabelReport) -> str:
    book = services().rulebook
    return render_template(
        "labels.html",
        report=report,
        wholes=[_row(report, scheme.iri, say(scheme.title)) for scheme in book.schemes],
        elements=[_row(report, one.iri, say(one.name), one.letter) for one in book.elements],
        statuses=[(say(STATUSES[status]), report.statuses.get(status, 0)) for status in Status],
        grades=GRADES,
        forms=[CSV, *RDF_FORMS],
        law=Cited(LAW, book.cite(LAW)),
    )


def _row(report: LabelReport, iri: str, name: Said, letter: str = "") -> Row:
    counts = [one for one in report.counts if one.about == iri]
    return Row(
        iri=iri,
        name=name,
        letter=letter,
        computed=[_sum(counts, grade, Status.COMPUTED) for grade in GRADES],
        issued=[_sum(counts, grade, Status.DECLARED, Status.VERIFIED) for grade in GRADES],
    )


def _sum(counts: Sequence[Count], grade: int | None, *statuses: Status) -> int:
    return sum(one.labels for one in counts if one.stars == grade and one.status in statuses)
