"""Reads a document with assessments and rulings and tells everything that is wrong with it at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import NamedTuple

from catalogue.assessing_rdf import (
    BASES,
    Assessment,
    Ruled,
    assessment_graph,
    assessments,
    date_of,
    day,
    given_of,
    level_of,
    ruling_graph,
    rulings,
    says_not_applicable,
)
from catalogue.errors import BadAssessment
from catalogue.graphs import Graph, Literal, NamedNode, Node, Term, parse
from catalogue.model import Check, Finding
from catalogue.names import CAT, DCAT, DCT, DQV, OA, PROV, RDFS, SH
from catalogue.quality import Basis, Criterion
from catalogue.rulebook import Rulebook

__all__ = ["Assessment", "Document", "Problem", "Ruled", "assessment_graph", "read_document", "ruling_graph"]

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far ahead the clock of whoever gave an assessment may be."""
WORDS = {Basis.DECLARED: "declared", Basis.MEASURED: "measured", Basis.VERIFIED: "verified", Basis.COMPUTED: "computed"}


class Problem(NamedTuple):
    """One thing that is wrong with a document."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says about one dataset."""

    dataset: str
    assessments: tuple[Assessment, ...]
    rulings: tuple[Ruled, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    graph: Graph
    rulebook: Rulebook
    now: datetime
    dataset: str
    """The one the document must be about; empty for any."""


def read_document(
    content: bytes,
    media_type: str,
    rulebook: Rulebook,
    shapes: Graph,
    check: Check,
    now: datetime,
    *,
    base: str,
    dataset: str = "",
    where: str = "",
) -> Document:
    """The assessments and rulings of a document about one dataset.

    ``shapes`` are those of ``shapes/assessment.ttl``; ``now`` decides what is in the future; ``base`` is what relative
    IRIs are relative to; ``dataset``, if given, is the only one it may be about. Raises
    :class:`~catalogue.errors.BadRdf` for a syntax error, :class:`~catalogue.errors.BadAssessment` with every problem.
    """
    graph = Graph(parse(content, media_type, base=base, where=where))
    context = _Context(graph, rulebook, now, dataset)
    problems = {*_problems(context), *(_finding(finding, shapes, context) for finding in check(shapes, graph))}
    if problems:
        ordered = sorted(problems, key=_order)
        raise BadAssessment(ordered, where)
    found, ruled = tuple(assessments(graph)), tuple(rulings(graph))
    about = found[0].dataset if found else ruled[0].dataset
    return Document(about, found, ruled)


def _order(problem: Problem) -> tuple[str, str]:
    return problem.where, problem.what


def _finding(finding: Finding, shapes: Graph, context: _Context) -> Problem:
    rule = NamedNode(finding.rule)
    value = "" if finding.value is None or finding.value == finding.focus else f" ({finding.value})"
    message = (shapes.text(rule, SH.message, "en") or finding.rule).rstrip(".")
    return Problem(f"{message}{value}.", _place(context, finding.focus), shapes.text(rule, CAT.fix, "en") or "")


def _place(context: _Context, node: Term) -> str:
    """How people find a part of the document again."""
    criterion = context.graph.value(node, DQV.isMeasurementOf)
    name = _short(node.value) if isinstance(node, NamedNode) else ""
    if criterion is None:
        return name and f"<{name}>"
    known = context.rulebook.criterion(str(criterion.value))
    answer = f"answer on {known.identifier if known else criterion.value}"
    return f"{answer} <{name}>" if name else answer


def _short(iri: str) -> str:
    return "#" + iri.rsplit("#", 1)[-1] if "#" in iri else iri


def _problems(context: _Context) -> Iterator[Problem]:
    graph = context.graph
    given, ruled = graph.instances(CAT.Assessment), graph.instances(CAT.Ruling)
    if not given and not ruled:
        yield Problem(
            "It holds neither an assessment nor a ruling.", "", "Give it the type cat:Assessment, or cat:Ruling."
        )
    for node in (*given, *ruled):
        yield from _dates(context, node)
    yield from _datasets(context, (*given, *ruled))
    for node in given:
        yield from _assessment(context, node)
    yield from _twice(context, given)


def _dates(context: _Context, node: Node) -> Iterator[Problem]:
    graph, where = context.graph, _place(context, node)
    given, end = given_of(graph, node), date_of(graph, node, DCAT.endDate)
    stated = [p for p in (PROV.generatedAtTime, DCT.issued) if graph.value(node, p) is not None]
    measured = _basis(graph, node) is Basis.MEASURED
    if given is None:
        what = "Its date cannot be read." if stated else "It has no date."
        if stated or not measured:
            yield Problem(what, where, 'State it: dct:issued "2026-11-24"^^xsd:date')
        return
    late = given > context.now + CLOCKS_DIFFER if isinstance(given, datetime) else given > context.now.date()
    if late:
        now = f"{context.now:%Y-%m-%d %H:%M} UTC"
        yield Problem(f"It is dated in the future ({given}).", where, f"It is now {now}; state when it was given.")
    if end is not None and end < day(given):
        yield Problem(
            f"It ceases to hold ({end}) before it was given ({day(given)}).",
            where,
            "State a later dcat:endDate, or none.",
        )


def _datasets(context: _Context, nodes: Sequence[Node]) -> Iterator[Problem]:
    graph = context.graph
    targets = {
        term.value for node in nodes for term in graph.objects(node, OA.hasTarget) if isinstance(term, NamedNode)
    }
    if len(targets) > 1:
        yield Problem(
            f"It is about {len(targets)} datasets: {', '.join(sorted(targets))}.", "", "Write one document for each."
        )
    elif targets and context.dataset and targets != {context.dataset}:
        yield Problem(f"It is about {targets.pop()}.", "", f"It was to be about {context.dataset}.")
    for node in nodes:
        target = graph.value(node, OA.hasTarget)
        for one in graph.objects(node, DQV.hasQualityMeasurement):
            on = graph.value(one, DQV.computedOn)
            if on is not None and target is not None and on != target:
                yield Problem(
                    f"It is about another dataset ({on.value}) than its assessment ({target.value}).",
                    _place(context, one),
                    "Leave dqv:computedOn away, or write the dataset of the assessment there.",
                )


def _assessment(context: _Context, node: Node) -> Iterator[Problem]:
    graph, basis = context.graph, _basis(context.graph, node)
    if graph.value(node, PROV.wasAttributedTo) is None and basis is not Basis.MEASURED:
        yield Problem(
            "It does not say who gave it.", _place(context, node), "Name them: prov:wasAttributedTo <https://...>"
        )
    for one in graph.objects(node, DQV.hasQualityMeasurement):
        if not isinstance(one, Literal):
            yield from _answer(context, one, basis)


def _answer(context: _Context, node: Node, basis: Basis | None) -> Iterator[Problem]:
    graph, where = context.graph, _place(context, node)
    named = graph.value(node, DQV.isMeasurementOf)
    if named is None:
        return
    criterion = context.rulebook.criteria_by_iri.get(str(named.value))
    if criterion is None:
        known = ", ".join(one.identifier for one in context.rulebook.criteria)
        begin = context.rulebook.criteria[0].iri.rsplit("/", 1)[0]
        yield Problem("There is no such criterion.", where, f"Use {begin}/ and one of: {known}")
        return
    figure = graph.text(node, CAT.figure)
    if figure is not None and not _finite(figure):
        yield Problem(f"The figure is no finite number ({figure}).", where, "Write a number: cat:figure 98.5")
    yield from _level(context, node, criterion)
    not_applicable = says_not_applicable(graph, node)
    if basis is not None and basis not in criterion.obtained and not (not_applicable and criterion.optional):
        ways = ", ".join(sorted(WORDS[one] for one in criterion.obtained))
        yield Problem(f"An answer to it cannot be {WORDS[basis]}.", where, f"It is {ways}; leave the answer out.")


def _level(context: _Context, node: Node, criterion: Criterion) -> Iterator[Problem]:
    graph, where = context.graph, _place(context, node)
    stated = graph.value(node, DQV.value) is not None
    levels = "; ".join(f"{one.value} {one.name.get('en', '')}" for one in criterion.levels)
    if not says_not_applicable(graph, node):
        level = level_of(graph, node)
        if not stated:
            yield Problem("It has no level.", where, f"State it as dqv:value: {levels}")
        elif level is not None and criterion.level(level) is None:
            yield Problem(f"The criterion has no level {level}.", where, f"Its levels are: {levels}")
        return
    if stated:
        yield Problem("It has a level and yet is not applicable.", where, "Leave dqv:value or cat:notApplicable away.")
    if not criterion.optional:
        yield Problem(
            "The criterion always applies.", where, f"Leave cat:notApplicable away and state a level: {levels}"
        )
    elif not graph.text(node, RDFS.comment):
        yield Problem("It does not say why it is not applicable.", where, 'State the reason: rdfs:comment "..."@en')


def _twice(context: _Context, nodes: Sequence[Node]) -> Iterator[Problem]:
    """Two answers to one criterion in one assessment; two that differ on one basis in one document."""
    graph = context.graph
    said: dict[tuple[str, Basis | None], list[tuple[Node, Term]]] = defaultdict(list)
    for node in nodes:
        for one in graph.objects(node, DQV.hasQualityMeasurement):
            criterion = graph.value(one, DQV.isMeasurementOf)
            if criterion is not None:
                said[str(criterion.value), _basis(graph, node)].append((node, one))
    for found in said.values():
        places = [f"{_place(context, one)}: {_shown(graph, one)}" for _, one in found]
        within = len({node for node, _ in found}) < len(found)
        differ = len({_shown(graph, one) for _, one in found}) > 1
        if within or differ:
            what = "Answers contradict each other" if differ else "There are two answers to one criterion"
            yield Problem(f"{what} ({'; '.join(places)}).", _place(context, found[0][1]), "Keep the one that is true.")


def _shown(graph: Graph, node: Term) -> str:
    if graph.text(node, CAT.notApplicable) in ("true", "1"):
        return "not applicable"
    return "level " + (graph.text(node, DQV.value) or "?")


def _basis(graph: Graph, node: Node) -> Basis | None:
    basis = graph.value(node, CAT.basis)
    return None if basis is None else BASES.get(str(basis.value))


def _finite(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return True  # the shapes tell of it
