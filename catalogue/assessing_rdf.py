"""Assessments and rulings as values and as RDF: what a holder declared, a tool measured, an access body verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from catalogue import literals
from catalogue.graphs import Graph, Literal, NamedNode, Node, Term
from catalogue.names import CAT, DCAT, DCT, DQV, FOAF, OA, PROV, RDF, RDFS, XSD
from catalogue.quality import Act, Answer, Basis, Ruling

BASES = {basis.value: basis for basis in Basis}
ACTS = {act.value: act for act in Act}
Given = date | datetime
"""A day, or a moment with its offset from UTC."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Answers on one dataset, given by one body at one time on one basis."""

    dataset: str
    basis: Basis
    answers: tuple[Answer, ...]
    """Each repeats basis, giver, day and validity of the assessment."""
    by: str = ""
    """IRI of who gave it; for a measurement of who ran the tool, or empty."""
    name: str = ""
    """Of who gave it."""
    given: Given | None = None
    valid_until: date | None = None
    """The last day on which it holds."""
    iri: str = ""

    @classmethod
    def of(
        cls,
        dataset: str,
        basis: Basis,
        answers: tuple[Answer, ...],
        *,
        by: str = "",
        name: str = "",
        given: Given | None = None,
        valid_until: date | None = None,
        iri: str = "",
    ) -> Assessment:
        """An assessment whose answers say of themselves what it says of all."""
        when = None if given is None else day(given)
        known = tuple(replace(one, basis=basis, by=by, given=when, valid_until=valid_until) for one in answers)
        return cls(dataset, basis, known, by, name, given, valid_until, iri)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling and the dataset it is about."""

    dataset: str
    ruling: Ruling
    at: Given
    """When it was made, to the moment where that is known."""
    name: str = ""
    """Of the health data access body."""


def day(given: Given) -> date:
    """The day of a moment, in UTC."""
    return given.astimezone(UTC).date() if isinstance(given, datetime) else given


# --- values to RDF ----------------------------------------------------------------------------------------------------


def assessment_graph(assessment: Assessment, iri: str = "") -> Graph:
    """An assessment as RDF (docs/model.md); ``iri`` names it when it has no name of its own.

    An answer without an IRI is named after its criterion.
    """
    me = NamedNode(assessment.iri or iri)
    graph = Graph()
    for kind in (CAT.Assessment, PROV.Entity):
        graph.add(me, RDF.type, kind)
    graph.add(me, OA.hasTarget, NamedNode(assessment.dataset))
    graph.add(me, CAT.basis, NamedNode(assessment.basis.value))
    _say_giver(graph, me, assessment.by, assessment.name)
    _say_when(graph, me, assessment.given)
    if assessment.valid_until is not None:
        graph.add(me, DCAT.endDate, literals.day(assessment.valid_until))
    for answer in assessment.answers:
        one = NamedNode(answer.iri or measurement_iri(me.value, answer.criterion))
        graph.add(me, DQV.hasQualityMeasurement, one)
        _say_answer(graph, one, answer, assessment.dataset)
    return graph


def measurement_iri(assessment: str, criterion: str) -> str:
    """The IRI of the answer on a criterion within an assessment."""
    name = criterion.rsplit("/", 1)[-1]
    return f"{assessment}-{name}" if "#" in assessment else f"{assessment}#{name}"


def ruling_graph(ruled: Ruled, iri: str = "") -> Graph:
    """A ruling as RDF (docs/model.md)."""
    graph, me, ruling = Graph(), NamedNode(ruled.ruling.iri or iri), ruled.ruling
    graph.add(me, RDF.type, CAT.Ruling)
    graph.add(me, OA.hasTarget, NamedNode(ruled.dataset))
    graph.add(me, CAT.act, NamedNode(ruling.act.value))
    graph.add(me, RDFS.comment, Literal(ruling.reason))
    _say_giver(graph, me, ruling.by, ruled.name)
    _say_when(graph, me, ruled.at)
    return graph


def _say_answer(graph: Graph, me: NamedNode, answer: Answer, dataset: str) -> None:
    graph.add(me, RDF.type, DQV.QualityMeasurement)
    graph.add(me, DQV.computedOn, NamedNode(dataset))
    graph.add(me, DQV.isMeasurementOf, NamedNode(answer.criterion))
    if answer.level is None:
        graph.add(me, CAT.notApplicable, literals.truth(True))
    else:
        graph.add(me, DQV.value, literals.number(answer.level))
    if answer.figure is not None:
        graph.add(me, CAT.figure, Literal(repr(answer.figure), datatype=XSD.double))
    if answer.unit:
        graph.add(me, CAT.unit, Literal(answer.unit))
    for link in answer.evidence:
        graph.add(me, FOAF.page, NamedNode(link))
    if answer.note:
        graph.add(me, RDFS.comment, Literal(answer.note))


def _say_giver(graph: Graph, me: NamedNode, by: str, name: str) -> None:
    if by:
        graph.add(me, PROV.wasAttributedTo, NamedNode(by))
        if name:
            graph.add(NamedNode(by), FOAF.name, Literal(name))


def _say_when(graph: Graph, me: NamedNode, given: Given | None) -> None:
    if isinstance(given, datetime):
        graph.add(me, PROV.generatedAtTime, literals.moment(given))
    elif given is not None:
        graph.add(me, DCT.issued, literals.day(given))


# --- RDF to values ----------------------------------------------------------------------------------------------------


def assessments(graph: Graph) -> Iterator[Assessment]:
    """Every assessment of a graph that can be read; whether it may be believed is for others to say."""
    for node in graph.instances(CAT.Assessment):
        dataset, basis = graph.value(node, OA.hasTarget), graph.value(node, CAT.basis)
        if isinstance(dataset, NamedNode) and basis is not None and basis.value in BASES:
            answers = (answer_of(graph, one) for one in _measurements(graph, node))
            by, name = giver(graph, node)
            yield Assessment.of(
                dataset.value,
                BASES[basis.value],
                tuple(answer for answer in answers if answer is not None),
                by=by,
                name=name,
                given=given_of(graph, node),
                valid_until=date_of(graph, node, DCAT.endDate),
                iri=_iri(node),
            )


def rulings(graph: Graph) -> Iterator[Ruled]:
    """Every ruling of a graph that can be read."""
    for node in graph.instances(CAT.Ruling):
        dataset, act, given = graph.value(node, OA.hasTarget), graph.value(node, CAT.act), given_of(graph, node)
        if isinstance(dataset, NamedNode) and act is not None and act.value in ACTS and given is not None:
            by, name = giver(graph, node)
            reason = graph.text(node, RDFS.comment, "en") or ""
            yield Ruled(dataset.value, Ruling(ACTS[act.value], day(given), by, reason, _iri(node)), given, name)


def answer_of(graph: Graph, node: Node) -> Answer | None:
    """The answer that one measurement gives, on the basis *declared*; None when it has neither level nor criterion."""
    criterion, level = graph.value(node, DQV.isMeasurementOf), level_of(graph, node)
    if criterion is None or (level is None and not says_not_applicable(graph, node)):
        return None
    return Answer(
        criterion=str(criterion.value),
        level=level,
        basis=Basis.DECLARED,
        evidence=tuple(sorted(page.value for page in graph.objects(node, FOAF.page) if isinstance(page, NamedNode))),
        note=graph.text(node, RDFS.comment, "en") or "",
        figure=_figure(graph.text(node, CAT.figure)),
        unit=graph.text(node, CAT.unit) or "",
        iri=_iri(node),
    )


def _measurements(graph: Graph, node: Node) -> Iterator[Node]:
    for one in graph.objects(node, DQV.hasQualityMeasurement):
        if not isinstance(one, Literal):
            yield one


def level_of(graph: Graph, node: Node) -> int | None:
    """The value of a measurement as a whole number, or None."""
    text = graph.text(node, DQV.value)
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def says_not_applicable(graph: Graph, node: Node) -> bool:
    """Whether a measurement says that its criterion does not apply."""
    return graph.text(node, CAT.notApplicable) in ("true", "1")


def giver(graph: Graph, node: Node) -> tuple[str, str]:
    """IRI and name of who gave something; empty where nothing is said."""
    by = graph.value(node, PROV.wasAttributedTo)
    if not isinstance(by, NamedNode):
        return "", ""
    return by.value, graph.text(by, FOAF.name, "en") or ""


def given_of(graph: Graph, node: Node) -> Given | None:
    """When something was given: the moment, else the day, else None."""
    text = graph.text(node, PROV.generatedAtTime)
    if text is None:
        return date_of(graph, node, DCT.issued)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def date_of(graph: Graph, node: Node, predicate: NamedNode) -> date | None:
    """The value of a property as a day; an offset from UTC is left away."""
    text = graph.text(node, predicate)
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _figure(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _iri(node: Term) -> str:
    return node.value if isinstance(node, NamedNode) else ""
