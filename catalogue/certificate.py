"""A label as RDF: a ``dqv:QualityCertificate`` with DQV measurements, short for the store and whole for the reader.

The chain certificate -> measurement -> level -> rule -> provision is whole in both; the last three
stand in the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from catalogue.graphs import Graph, Literal, NamedNode, Triple
from catalogue.label import stars_in
from catalogue.literals import day, decimal, moment, number, truth
from catalogue.names import CAT, DCAT, DCT, DQV, FOAF, OA, PROV, RDF, RDFS
from catalogue.quality import Basis, Criterion, Label, Mark, Standing, Status
from catalogue.rulebook import Rulebook

STATUSES = {
    Status.COMPUTED: CAT.Computed,
    Status.DECLARED: CAT.Declared,
    Status.VERIFIED: CAT.Verified,
    Status.REVOKED: CAT.Revoked,
}


def stored(me: NamedNode, label: Label, rulebook: Rulebook) -> Iterator[Triple]:
    """What the store keeps: stars, also in the other schemes and of each element, and what was reached.

    The lowest level of a criterion, and what nobody answered, is not kept: nothing was reached there.
    """
    yield Triple(NamedNode(label.dataset), DQV.hasQualityAnnotation, me)
    yield Triple(me, RDF.type, DQV.QualityCertificate)
    yield Triple(me, OA.hasTarget, NamedNode(label.dataset))
    yield Triple(me, CAT.basis, STATUSES[label.status])
    yield from _stars(me, label, rulebook)
    for mark in (*label.marks, *label.gates):
        criterion = rulebook.criteria_by_iri[mark.criterion]
        if mark.basis is Basis.COMPUTED and mark.level == criterion.lowest:
            continue
        if mark.standing is not Standing.OPEN and mark.answers and mark.basis is not None:
            yield from _measurement(me, mark, criterion)


def _stars(me: NamedNode, label: Label, rulebook: Rulebook) -> Iterator[Triple]:
    """The stars of the whole, those of each element under its IRI, those of other schemes under theirs."""
    if label.stars is not None:
        yield Triple(me, CAT.stars, number(label.stars))
    for grade in label.grades:
        if grade.stars is not None:
            yield Triple(me, _known(grade.element), number(grade.stars))
    for scheme in rulebook.schemes[1:]:
        stars = stars_in(label, rulebook, scheme)
        if stars is not None:
            yield Triple(me, _known(scheme.iri), number(stars))
    if label.review_by is not None:
        yield Triple(me, CAT.reviewBy, day(label.review_by))


def _measurement(me: NamedNode, mark: Mark, criterion: Criterion) -> Iterator[Triple]:
    one = NamedNode(f"{me.value}-{criterion.identifier}")
    yield Triple(me, PROV.wasDerivedFrom, one)
    yield Triple(one, DQV.isMeasurementOf, _known(criterion.iri))
    level = None if mark.level is None else criterion.level(mark.level)
    if level is None:
        yield Triple(one, CAT.notApplicable, truth(True))
    else:
        yield Triple(one, DQV.value, number(level.value))
        yield Triple(one, CAT.level, _known(level.iri))
    if mark.basis is not Basis.COMPUTED and mark.basis is not None:
        yield Triple(one, CAT.basis, NamedNode(mark.basis.value))
        if mark.answers[0].iri:
            yield Triple(one, PROV.wasDerivedFrom, NamedNode(mark.answers[0].iri))


def certificate(me: NamedNode, label: Label, rulebook: Rulebook, issued: datetime, title: str = "") -> Graph:
    """The whole certificate: every criterion with its level or why it has none, dated, in the scheme of the label."""
    graph = Graph(stored(me, label, rulebook))
    graph.add(me, CAT.scheme, NamedNode(label.scheme))
    graph.add(me, CAT.points, decimal(label.points))
    graph.add(me, CAT.possible, decimal(label.possible))
    graph.add(me, OA.motivatedBy, DQV.qualityAssessment)
    graph.add(me, DCT.issued, moment(issued))
    graph.add(me, PROV.wasAttributedTo, NamedNode(label.ruling.by) if label.ruling else CAT.Checker)
    if title:
        graph.add(me, RDFS.label, Literal(title, language="en"))
    for mark in (*label.marks, *label.gates):
        criterion = rulebook.criteria_by_iri[mark.criterion]
        graph.update(_told(me, label, mark, criterion))
    if label.ruling is not None:
        graph.add(me, CAT.act, NamedNode(label.ruling.act.value))
        graph.add(me, RDFS.comment, Literal(label.ruling.reason))
    return graph


def _told(me: NamedNode, label: Label, mark: Mark, criterion: Criterion) -> Iterator[Triple]:
    """One criterion in full; one that nobody answered has a measurement without value."""
    one = NamedNode(f"{me.value}-{criterion.identifier}")
    yield from _measurement(me, mark, criterion) if mark.answers else ()
    yield Triple(me, PROV.wasDerivedFrom, one)
    yield Triple(one, RDF.type, DQV.QualityMeasurement)
    yield Triple(one, DQV.computedOn, NamedNode(label.dataset))
    yield Triple(one, DQV.isMeasurementOf, _known(criterion.iri))
    yield Triple(one, CAT.standing, Literal(mark.standing.value))
    if mark.basis is not None:
        yield Triple(one, CAT.basis, NamedNode(mark.basis.value))
    for answer in mark.answers[:1]:
        for link in answer.evidence:
            yield Triple(one, FOAF.page, NamedNode(link))
        if answer.figure is not None:
            yield Triple(one, CAT.figure, decimal(answer.figure))
            yield Triple(one, CAT.unit, Literal(answer.unit))
        if answer.valid_until is not None:
            yield Triple(one, DCAT.endDate, day(answer.valid_until))


@lru_cache(maxsize=10_000)
def _known(iri: str) -> NamedNode:
    """Something of the rulebook; the same for every dataset."""
    return NamedNode(iri)
