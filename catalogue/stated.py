"""The answers to label criteria that a description gives itself: declared or measured, never verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from catalogue.assessing_rdf import answer_of, date_of, day, given_of, giver
from catalogue.graphs import Graph, Literal, NamedNode, Node, Term
from catalogue.label import FUNDING
from catalogue.model import Note, NoteKind
from catalogue.names import CAT, DCAT, DQV
from catalogue.quality import Answer, Basis, Said
from catalogue.rulebook import Rulebook


def stated(
    dataset: Term, graph: Graph, rulebook: Rulebook, changed: datetime | None = None
) -> tuple[tuple[Answer, ...], tuple[Note, ...]]:
    """The answers in a description, with a note on each that was not taken as it calls itself.

    ``changed`` is when the catalogue received the description as it is now: whoever ruled before has not seen it.

    A ``dqv:hasQualityMeasurement`` of the dataset on one of our criteria is declared, or measured where ``cat:basis``
    says so. Only a health data access body verifies (Art. 60(4)), so that a description calls itself verified is a
    declaration. ``cat:publiclyFunded false`` declares that Art. 78(2) does not ask for a label.
    """
    answers: list[Answer] = []
    notes: list[Note] = []
    for node in graph.objects(dataset, DQV.hasQualityMeasurement):
        criterion = graph.value(node, DQV.isMeasurementOf)
        if isinstance(node, Literal) or criterion is None or criterion.value not in rulebook.criteria_by_iri:
            continue
        answer = answer_of(graph, node)
        if answer is None:
            raw = graph.text(node, DQV.value) or ""
            notes.append(Note(NoteKind.UNMAPPED, "dqv:value", raw, reason="a level of a criterion is a whole number"))
            continue
        answers.append(_completed(graph, node, answer, notes))
    if graph.text(dataset, CAT.publiclyFunded) in ("false", "0"):
        funding = rulebook.criterion(FUNDING)
        if funding is not None:
            answers.append(Answer(funding.iri, funding.lowest, Basis.DECLARED))
    return tuple(replace(one, received=changed) for one in sorted(answers, key=_order)), tuple(notes)


def _order(answer: Answer) -> tuple[str, ...]:
    """The triples of a graph have no order, and the same description must give the same label."""
    return answer.criterion, answer.iri, str(answer.level), str(answer.valid_until), *answer.evidence


def with_stated(said: Said, answers: tuple[Answer, ...]) -> Said:
    """What others said together with what the description says."""
    return replace(said, answers=(*said.answers, *answers)) if answers else said


def _completed(graph: Graph, node: Node, answer: Answer, notes: list[Note]) -> Answer:
    basis = graph.value(node, CAT.basis)
    measured = basis == CAT.Measured
    if basis is not None and not measured and basis != CAT.Declared:
        reason = "a description cannot verify or compute itself; taken as declared"
        notes.append(Note(NoteKind.MAPPED, "cat:basis", str(basis.value), CAT.Declared.value, reason))
    given = given_of(graph, node)
    return replace(
        answer,
        basis=Basis.MEASURED if measured else Basis.DECLARED,
        by=giver(graph, node)[0],
        given=None if given is None else day(given),
        valid_until=date_of(graph, node, DCAT.endDate),
        iri=node.value if isinstance(node, NamedNode) else "",
    )
