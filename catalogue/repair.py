"""Repairs a description where a broken rule itself tells the right form of a value that is there; adds no facts.

The constraint of the rule says what the value should be (``catalogue.demand``), the value is tried in other forms of
the same meaning (``catalogue.proposals``), and a form is taken only if the rule is satisfied by it, less is wrong than
before, no mandatory rule is broken that was not, and no other reading would do as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.demand import Demand, demand_of, predicates_of
from catalogue.editing import Edit, Statement, edited, replacing, statements
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term
from catalogue.model import Finding, Note, NoteKind, Report, Severity
from catalogue.names import RDF
from catalogue.ports import Validator
from catalogue.proposals import Concepts, forms
from catalogue.rewriting import Normaliser
from catalogue.rulebook import Rulebook
from catalogue.splitting import Splitter

_Key = tuple[str, Term, str | None, Term | None]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document after its repair."""

    graph: Graph
    edits: tuple[Edit, ...]
    """What was done; none when nothing could be."""


@dataclass(slots=True)
class _Part:
    """One dataset of the document in its present state."""

    node: Node
    graph: Graph
    report: Report


class Repairer:
    """Repairs documents by the rules of one specification in a rulebook, by default its own default."""

    def __init__(
        self, validator: Validator, rulebook: Rulebook, rewriter: Normaliser, specification: str | None = None
    ) -> None:
        self._validator = validator
        self._rulebook = rulebook
        self._specification = specification
        self._rewriter = rewriter
        self._concepts = Concepts(rulebook.graph)

    def repair(self, document: Graph) -> Repaired:
        """Repair every dataset of a document, with all it points to; catalogues and records are left as they are."""
        parts = [self._part(part.node, part.graph) for part in Splitter(document, self._rewriter)]
        typed = {node for node in document.nodes if document.objects(node, RDF.type)}
        edits = tuple(_Repair(self, parts, typed).edits())
        return Repaired(edited_in_turn(document, edits), edits)

    def _part(self, node: Node, graph: Graph) -> _Part:
        return _Part(node, graph, self._validator.validate(graph, self._profile(node, graph)))

    def _profile(self, node: Node, graph: Graph) -> str:
        return self._rulebook.profile_for(graph, node, self._specification).iri


class _Repair:
    """One repair of one document."""

    def __init__(self, repairer: Repairer, parts: list[_Part], typed: set[Node]) -> None:
        self._tools = repairer
        self._typed = typed
        """Nodes that have a class, though perhaps in the description of another dataset."""
        self._parts = parts
        self._vain: dict[object, tuple[int, Report]] = {}
        """Edits that were tried in vain: which dataset spoke against it, in which state."""
        self._homes: dict[Term, set[int]] = defaultdict(set)
        """In which datasets a node occurs."""
        for number, part in enumerate(parts):
            for statement in statements(part.graph):
                self._homes[statement.subject].add(number)
                if not isinstance(statement.object, Literal):
                    self._homes[statement.object].add(number)

    def edits(self) -> Iterator[Edit]:
        """One edit after the other until nothing is left that can be repaired."""
        progress = True
        while progress:
            progress = False
            for number, part in enumerate(self._parts):
                for finding in _first(part.report.findings):
                    done = self._mended(number, finding) if finding in part.report.findings else ()
                    progress = progress or bool(done)
                    yield from done

    def _mended(self, number: int, finding: Finding) -> Sequence[Edit]:
        """The edits that settle a finding, done; none when nothing does, or more than one reading."""
        for alternatives in self._alternatives(self._parts[number].graph, finding):
            good = []
            for edits in self._completed(number, alternatives):
                after = self._tried(edits, number, finding)
                good += [(edits, after)] if after else []
            if len(good) == 1:
                edits, after = good[0]
                self._take(edits, after)
                return edits
        return ()

    def _take(self, edits: Sequence[Edit], after: Mapping[int, _Part]) -> None:
        for number, changed in after.items():
            self._parts[number].graph, self._parts[number].report = changed.graph, changed.report
        for edit in edits:
            for statement in edit.added:
                self._homes[statement.object] |= self._homes[edit.focus]
                if statement.predicate == RDF.type:
                    self._typed.add(statement.subject)

    def _completed(self, number: int, alternatives: Sequence[Edit]) -> Iterator[Sequence[Edit]]:
        """Each edit by itself, and the naming of a class also with what the rules for that class then tell."""
        part = self._parts[number]
        for edit in alternatives:
            yield (edit,)
            if edit.removed:
                continue
            graph = edited(part.graph, [edit])
            after = self._tools._part(part.node, graph).report.of(Severity.VIOLATION)
            new = [finding for finding in after if finding.focus == edit.focus and finding not in part.report.findings]
            readings = [next(iter(self._alternatives(graph, finding)), ()) for finding in new]
            if readings and all(len(reading) == 1 for reading in readings):
                yield (edit, *(reading[0] for reading in readings))

    def _tried(self, edits: Sequence[Edit], number: int, finding: Finding) -> dict[int, _Part]:
        """The datasets after some edits; none when they do not help this one, or harm another."""
        mark = (_key(finding), *((edit.removed, edit.added) for edit in edits))
        if mark in self._vain:
            other, report = self._vain[mark]
            if self._parts[other].report is report:
                return {}
        after: dict[int, _Part] = {}
        homes = {number for edit in edits for number in self._homes[edit.focus]}
        for other in [number, *sorted(homes - {number})]:
            held = self._parts[other]
            after[other] = changed = self._tools._part(held.node, edited_in_turn(held.graph, edits))
            helps = self._progress(held, changed)
            settled = _key(finding) not in map(_key, changed.report.findings)
            if helps < 0 or (other == number and not (helps and settled)):
                self._vain[mark] = other, held.report
                return {}
        return after

    def _progress(self, before: _Part, after: _Part) -> int:
        """1 when less is wrong, -1 when something new is, by the profile that holds after the edit; else 0."""
        report = before.report
        if after.report.profile != report.profile:
            report = self._tools._validator.validate(before.graph, after.report.profile)
        if _weight(after.report) > _weight(report) or not _mandatory(after.report) <= _mandatory(report):
            return -1
        return int(_weight(after.report) < _weight(report))

    def _alternatives(self, graph: Graph, finding: Finding) -> Iterator[Sequence[Edit]]:
        """Readings of the value that was found wrong, in groups of which one may be chosen."""
        rules, value = self._tools._rulebook.graph, finding.value
        if value is None or finding.path is None:
            return
        shape = NamedNode(finding.rule)
        demand = demand_of(rules, shape)
        for predicate in predicates_of(rules, shape):
            for subject in _holders(graph, finding, predicate):
                yield from self._readings(Statement(subject, predicate, value), demand, graph)
        for predicate, inner in demand.inside.items():
            for held in graph.objects(value, predicate):
                yield from self._readings(Statement(value, predicate, held), inner, graph)  # type: ignore[arg-type]

    def _readings(self, triple: Statement, demand: Demand, graph: Graph) -> Iterator[Sequence[Edit]]:
        def instead(value: Term, reason: str, *more: Statement) -> Edit:
            return replacing(triple, Statement(triple.subject, triple.predicate, value), reason, *more)

        def of_class(value: Term, reason: str) -> list[Edit]:
            if not isinstance(value, NamedNode):
                return []
            return [instead(value, reason, Statement(value, RDF.type, kind)) for kind in demand.classes]

        concepts, listed = self._tools._concepts.called(triple.object, demand), "this is how the list calls it"
        if concepts:
            yield [instead(concept, listed) for concept in concepts]
            yield [edit for concept in concepts for edit in of_class(concept, listed)]
        for proposal in forms(triple.object, triple.predicate, demand):
            yield [instead(proposal.value, proposal.reason)]
            yield of_class(proposal.value, proposal.reason)
        if not isinstance(triple.object, Literal) and triple.object not in self._typed:
            classes = [one for one in demand.classes if one not in graph.objects(triple.object, RDF.type)]
            yield [_typing(triple.object, one, triple.predicate) for one in classes]


def edited_in_turn(graph: Graph, edits: Iterable[Edit]) -> Graph:
    """A graph after edits of which later ones may undo what earlier ones did."""
    waiting: list[Edit] = []
    added: set[Statement] = set()
    for edit in edits:
        if not added.isdisjoint(edit.removed):
            graph, waiting, added = edited(graph, waiting), [], set()
        waiting.append(edit)
        added.update(edit.added)
    return edited(graph, waiting) if waiting else graph


def _typing(node: Node, kind: NamedNode, predicate: NamedNode) -> Edit:
    what = f"this is what {predicate.value.replace('#', '/').rsplit('/', 1)[-1]} points to"
    shown = "" if isinstance(node, BlankNode) else str(node.value)
    return Edit(
        node, Note(NoteKind.REPAIRED, RDF.type.value, shown, kind.value, what), (), (Statement(node, RDF.type, kind),)
    )


def _holders(graph: Graph, finding: Finding, predicate: NamedNode) -> Sequence[Node]:
    """The nodes that have the value; the focus itself when the path is one step."""
    if finding.path == predicate.value:
        return [finding.focus]  # type: ignore[list-item]
    return graph.subjects(predicate, finding.value)  # type: ignore[arg-type]


def _weight(report: Report) -> tuple[int, int]:
    return len(report.of(Severity.VIOLATION)), len(report.of(Severity.WARNING))


def _mandatory(report: Report) -> set[tuple[str, Term, str | None]]:
    """Which mandatory rules are broken where."""
    return {(finding.rule, finding.focus, finding.path) for finding in report.of(Severity.VIOLATION)}


def _first(findings: Sequence[Finding]) -> Sequence[Finding]:
    """What is mandatory first; what is optional is not repaired."""
    order = (Severity.VIOLATION, Severity.WARNING)
    return [finding for severity in order for finding in findings if finding.severity is severity]


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.focus, finding.path, finding.value
