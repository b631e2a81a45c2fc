"""Counts labels per quality category, as a health data access body reports them every two years (Art. 59(1)(i) EHDS).

Issued are labels that a holder declared, verified by the body or not. Labels that were only computed here are counted
apart: nobody issued them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from catalogue import literals
from catalogue.certificate import STATUSES
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode
from catalogue.names import CAT, DCT, QB, RDF, RDFS
from catalogue.ports import Row, Store
from catalogue.quality import Status
from catalogue.queries import query
from catalogue.rulebook import Rulebook

ISSUED = (Status.DECLARED, Status.VERIFIED)
"""What a holder issued; a revoked label is none any more."""
COLUMNS = ("about", "name", "stars", "status", "issued", "labels")
_STATUSES = {iri.value: status for status, iri in STATUSES.items()}


@dataclass(frozen=True, slots=True)
class Count:
    """How many labels have one grade in one quality category."""

    about: str
    """IRI of a scheme (the whole label) or of an element of Art. 78(3)."""
    stars: int | None
    """None: no grade, because nothing was assessed or the label was revoked."""
    status: Status
    labels: int

    @property
    def issued(self) -> bool:
        """Whether it counts for Art. 59(1)(i)."""
        return self.status in ISSUED


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Labels per quality category on one day."""

    day: date
    counts: tuple[Count, ...]
    """By scheme and element in the order of the rulebook, then stars from most to none, then status."""
    statuses: Mapping[Status, int]
    """All labels by status."""
    funded: Mapping[Status, int]
    """Those of publicly funded datasets, which must have a label (Art. 78(2)), by status."""

    @property
    def owing(self) -> int:
        """Publicly funded datasets without a label that a holder issued and no body revoked."""
        return sum(number for status, number in self.funded.items() if status not in ISSUED)


def label_report(store: Store, rulebook: Rulebook, day: date | None = None) -> LabelReport:
    """Count the labels in a store."""
    rows = store.select(query("label-statuses"))
    statuses = {_status(row): int(row["number"].value) for row in rows}
    funded = {_status(row): int(row["funded"].value) for row in rows if row["funded"].value != "0"}
    held: dict[tuple[str, Status], dict[int | None, int]] = {}
    for row in store.select(query("labels")):
        about = row["about"].value
        iri = rulebook.schemes[0].iri if about == CAT.stars.value else about
        held.setdefault((iri, _status(row)), {})[int(row["stars"].value)] = int(row["number"].value)
    abouts = (*(scheme.iri for scheme in rulebook.schemes), *(element.iri for element in rulebook.elements))
    counts = [
        Count(about, stars, status, number)
        for about in abouts
        for status, total in statuses.items()
        for stars, number in _with_none(held.get((about, status), {}), total)
    ]
    order = {about: place for place, about in enumerate(abouts)}
    counts.sort(key=lambda one: (order[one.about], one.stars is None, -(one.stars or 0), one.status.value))
    return LabelReport(day or date.today(), tuple(counts), statuses, funded)


def _with_none(grades: Mapping[int | None, int], total: int) -> Iterator[tuple[int | None, int]]:
    """The grades with the number of labels that have none."""
    yield from grades.items()
    without = total - sum(grades.values())
    if without:
        yield None, without


def _status(row: Row) -> Status:
    return _STATUSES[row["status"].value]


def as_csv(report: LabelReport, rulebook: Rulebook, *languages: str) -> bytes:
    """The counts as CSV (RFC 4180, UTF-8)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in report.counts:
        stars = "" if one.stars is None else one.stars
        name = rulebook.label_of(one.about, *languages)
        writer.writerow((one.about, name, stars, one.status.value, str(one.issued).lower(), one.labels))
    return out.getvalue().encode()


def as_graph(report: LabelReport, me: NamedNode) -> Graph:
    """The counts as an RDF Data Cube: one observation for each category, grade and status."""
    graph = Graph()
    structure = NamedNode(me.value + "#structure")
    graph.add(me, RDF.type, QB.DataSet)
    graph.add(me, DCT.title, Literal("Data quality and utility labels per quality category", language="en"))
    graph.add(me, DCT.date, literals.day(report.day))
    graph.add(me, DCT.source, NamedNode("http://data.europa.eu/eli/reg/2025/327/art_59/par_1/pnt_i/oj"))
    graph.add(me, QB.structure, structure)
    graph.add(structure, RDF.type, QB.DataStructureDefinition)
    for kind, properties in ((QB.dimension, (CAT.about, CAT.grade, CAT.basis)), (QB.measure, (CAT.labels,))):
        for one in properties:
            component = BlankNode(one.value.rsplit("#", 1)[-1])
            graph.add(structure, QB.component, component)
            graph.add(component, kind, one)
    for place, count in enumerate(report.counts, 1):
        one = NamedNode(f"{me.value}#{place}")
        graph.add(one, RDF.type, QB.Observation)
        graph.add(one, QB.dataSet, me)
        graph.add(one, CAT.about, NamedNode(count.about))
        graph.add(one, CAT.grade, Literal("none" if count.stars is None else str(count.stars)))
        graph.add(one, CAT.basis, STATUSES[count.status])
        graph.add(one, CAT.labels, literals.number(count.labels))
        stars = "no grade" if count.stars is None else f"{count.stars} of 5 stars"
        graph.add(one, RDFS.label, Literal(f"{stars}, {count.status.value}", language="en"))
    return graph
