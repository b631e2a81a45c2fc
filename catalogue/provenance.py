"""Writes what we know about a description as RDF: its record, its history, the visits that brought it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from catalogue.certificate import stored
from catalogue.graphs import Literal, NamedNode, Quad, Skolem, Term, Triple, digest
from catalogue.literals import moment, number, truth
from catalogue.model import Description, Known, Note, NoteKind, Rejected, Report, Severity, Source, Verdict
from catalogue.names import AS, CAT, DCAT, DCT, EARL, FOAF, PROV, RDF, SH, Minted
from catalogue.quality import Label
from catalogue.rulebook import Rulebook
from catalogue.verdicts import RESULTS

MAX_REJECTIONS = 1000
"""Most rejected records that one visit lists one by one; the count is always whole."""

MAX_COUNTS = 50
"""Most rules, and most fields, that one visit counts."""
MARKS = frozenset({CAT.rulebook, CAT.judgement})
"""Which rulebook judged a dataset, and a digest of what it said."""
_JUDGED = frozenset({CAT.profile, CAT.violations, CAT.warnings, CAT.breaks, CAT.label, SH.result})
"""What a record itself says that the rules decide; what is said of its notes they do not."""


def utc_now() -> datetime:
    """The clock of the program."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Visit:
    """One visit to a node and what came of it, a ``prov:Activity``."""

    iri: str
    source: Source
    started: datetime
    ended: datetime | None = None
    complete: bool = False
    """The source was read to its end."""
    problem: str = ""
    stored: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    missing: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    """New or changed datasets by mandatory rule that they break (IRI)."""
    unmapped: Counter[str] = field(default_factory=Counter)
    """New or changed datasets by source field of which nothing was made, or not of all its values."""

    def note(self, taken: Taken) -> None:
        """Count a dataset that was stored."""
        self.stored += 1
        self.broken.update({finding.rule for finding in taken.report.of(Severity.VIOLATION)})
        self.unmapped.update({one.field for one in taken.description.notes if one.kind is NoteKind.UNMAPPED})

    @property
    def seen(self) -> int:
        """Datasets that the node gave."""
        return self.stored + self.unchanged

    def triples(self) -> list[Triple]:
        """The visit as RDF (PROV-O)."""
        me = NamedNode(self.iri)
        said = [
            Triple(me, RDF.type, PROV.Activity),
            Triple(me, RDF.type, CAT.Visit),
            Triple(me, PROV.used, NamedNode(self.source.iri)),
            Triple(me, PROV.startedAtTime, moment(self.started)),
            Triple(me, CAT.complete, truth(self.complete)),
            Triple(me, CAT.stored, number(self.stored)),
            Triple(me, CAT.unchanged, number(self.unchanged)),
            Triple(me, CAT.withdrawn, number(self.withdrawn)),
            Triple(me, CAT.missing, number(self.missing)),
            Triple(me, CAT.rejected, number(len(self.rejected))),
        ]
        if self.ended:
            said.append(Triple(me, PROV.endedAtTime, moment(self.ended)))
        if self.problem:
            said.append(Triple(me, CAT.problem, Literal(self.problem)))
        for name, link, key, counts in (
            ("broken", CAT.broken, CAT.rule, self.broken),
            ("unmapped", CAT.unmapped, CAT.field, self.unmapped),
        ):
            for position, (what, datasets) in enumerate(counts.most_common(MAX_COUNTS), 1):
                one = NamedNode(f"{self.iri}#{name}-{position}")
                said += [
                    Triple(me, link, one),
                    Triple(one, key, NamedNode(what) if key == CAT.rule else Literal(what)),
                    Triple(one, CAT.datasets, number(datasets)),
                ]
        for position, rejected in enumerate(self.rejected[:MAX_REJECTIONS], 1):
            one = NamedNode(f"{self.iri}#rejected-{position}")
            said += [
                Triple(me, CAT.rejection, one),
                Triple(one, CAT.location, Literal(rejected.where)),
                Triple(one, CAT.problem, Literal(rejected.problem)),
                Triple(one, CAT.remedy, Literal(rejected.remedy)),
            ]
        return said


@dataclass(frozen=True, slots=True)
class Taken:
    """One description on its way into the store, with all that was found out about it."""

    description: Description
    report: Report
    label: Label
    verdicts: Sequence[Verdict]
    """On every provision that mandatory rules implement."""
    source: Source
    visit: Visit
    known: Known | None
    """What the store said about the dataset before; None for a new one."""
    now: datetime
    notes: tuple[Note, ...] = ()
    """On answers in the description that were not taken as they call themselves."""


class _Sayer:
    """Collects statements for one named graph."""

    def __init__(self, graph: NamedNode) -> None:
        self.graph = graph
        self.quads: list[Quad] = []

    def __call__(self, subject: NamedNode, predicate: NamedNode, obj: Term) -> None:
        self.quads.append(Quad(subject, predicate, obj, self.graph))


@dataclass(frozen=True, slots=True)
class Records:
    """Builds the graphs about one dataset; docs/model.md shows the pattern."""

    minted: Minted
    rulebook: Rulebook

    def record(self, taken: Taken, skolem: Skolem) -> list[Quad]:
        """The catalogue record with report, label, verdicts and notes."""
        description = taken.description
        original = description.original
        name = self.minted.record(description.iri)
        me = NamedNode(name)
        say = _Sayer(me)
        say(me, RDF.type, DCAT.CatalogRecord)
        say(me, FOAF.primaryTopic, NamedNode(description.iri))
        say(me, CAT.node, NamedNode(taken.source.iri))
        say(me, DCT.issued, moment(taken.known.first_seen if taken.known else taken.now))
        say(me, DCT.modified, moment(taken.now))
        say(me, CAT.digest, Literal(description.digest))
        say(me, CAT.original, Literal(original.digest))
        say(me, CAT.mediaType, Literal(original.media_type))
        say(me, CAT.location, Literal(original.location))
        if original.container:
            say(me, CAT.container, Literal(original.container))
        say(me, PROV.wasGeneratedBy, NamedNode(taken.visit.iri))
        _say_notes(say, name, (*description.notes, *taken.notes))
        judged = self.judged(description.iri, taken.report, taken.label, taken.verdicts, skolem)
        return say.quads + judged + self.marks(description.iri, judged)

    def judged(
        self, dataset: str, report: Report, label: Label, verdicts: Sequence[Verdict], skolem: Skolem
    ) -> list[Quad]:
        """The part of a record that the rules decide."""
        name = self.minted.record(dataset)
        me = NamedNode(name)
        say = _Sayer(me)
        say(me, CAT.profile, NamedNode(report.profile))
        say(me, CAT.violations, number(len(report.of(Severity.VIOLATION))))
        say(me, CAT.warnings, number(len(report.of(Severity.WARNING))))
        _say_findings(say, name, report, skolem)
        _say_label(say, name, label, self.rulebook)
        _say_verdicts(say, name, dataset, verdicts)
        return say.quads

    def marks(self, dataset: str, judged: Iterable[Quad]) -> list[Quad]:
        """By which rulebook a dataset was judged, and a digest of what it said."""
        me = NamedNode(self.minted.record(dataset))
        say = _Sayer(me)
        say(me, CAT.rulebook, Literal(self.rulebook.digest))
        say(me, CAT.judgement, Literal(self.judgement(judged)))
        return say.quads

    def told(self, dataset: str, judged: Sequence[Quad]) -> list[Triple]:
        """What the rules decide, with the marks of who decided it: all that changes when they do."""
        return [quad.triple for quad in (*judged, *self.marks(dataset, judged))]

    def judged_in(self, record: Iterable[Triple], dataset: str) -> Iterator[Triple]:
        """The triples of a stored record that :meth:`judged` and :meth:`marks` once gave."""
        me = NamedNode(self.minted.record(dataset))
        notes = f"<{me.value}#note-"
        for triple in record:
            if triple.subject == me:
                if triple.predicate in _JUDGED or triple.predicate in MARKS:
                    yield triple
            elif not str(triple.subject).startswith(notes):
                yield triple

    def judgement(self, judged: Iterable[Quad]) -> str:
        """A digest of all that the rules decide about a dataset: while it is the same, its record and entry are."""
        lines = sorted(f"{quad.subject} {quad.predicate} {quad.object}" for quad in judged)
        return digest("\n".join([self.rulebook.names_digest, *lines]).encode())

    def difference(self, dataset: str, held: Iterable[Triple], told: Iterable[Triple]) -> tuple[list[Quad], list[Quad]]:
        """What to take out of a stored record and what to add, so that it says what :meth:`told` gave."""
        me = NamedNode(self.minted.record(dataset))
        before, after = set(self.judged_in(held, dataset)), set(told)
        return _in(before - after, me), _in(after - before, me)

    def tombstone(self, dataset: str, known: Known, source: Source, title: str, now: datetime) -> list[Quad]:
        """What stays of a withdrawn dataset."""
        me = NamedNode(self.minted.record(dataset))
        say = _Sayer(me)
        say(me, RDF.type, DCAT.CatalogRecord)
        say(me, RDF.type, AS.Tombstone)
        say(me, FOAF.primaryTopic, NamedNode(dataset))
        say(me, DCT.title, Literal(title))
        say(me, CAT.node, NamedNode(source.iri))
        say(me, DCT.issued, moment(known.first_seen))
        say(me, AS.deleted, moment(now))
        say(me, CAT.digest, Literal(known.digest))
        say(me, CAT.original, Literal(known.original))
        say(me, CAT.rulebook, Literal(known.rulebook))
        return say.quads

    def change(self, kind: NamedNode, taken: Taken) -> list[Quad]:
        """The history entry of a new, changed or restored dataset; ``kind`` is an ActivityStreams activity type."""
        say, me = self._entry(kind, taken.description.iri, taken.visit, taken.now)
        say(me, CAT.digest, Literal(taken.description.digest))
        say(me, CAT.violations, number(len(taken.report.of(Severity.VIOLATION))))
        if taken.label.stars is not None:
            say(me, CAT.stars, number(taken.label.stars))
        return say.quads

    def withdrawal(self, dataset: str, visit: Visit, now: datetime) -> list[Quad]:
        """The history entry of a withdrawn dataset."""
        return self._entry(AS.Delete, dataset, visit, now)[0].quads

    def assessed(self, label: Label, report: Report, digest: str, received: Iterable[str], now: datetime) -> list[Quad]:
        """The history entry of a dataset about which something was said; ``received`` are IRIs of what came in."""
        say, me = self._entry(AS.Update, label.dataset, None, now)
        say(me, CAT.digest, Literal(digest))
        say(me, CAT.violations, number(len(report.of(Severity.VIOLATION))))
        if label.stars is not None:
            say(me, CAT.stars, number(label.stars))
        for iri in received:
            say(me, CAT.assessment, NamedNode(iri))
        return say.quads

    def _entry(self, kind: NamedNode, dataset: str, visit: Visit | None, now: datetime) -> tuple[_Sayer, NamedNode]:
        history = self.minted.history(dataset)
        me = NamedNode(f"{history}/{stamp(now)}")
        say = _Sayer(NamedNode(history))
        say(me, RDF.type, kind)
        say(me, AS.object, NamedNode(dataset))
        say(me, AS.published, moment(now))
        if visit is not None:
            say(me, PROV.wasInformedBy, NamedNode(visit.iri))
        return say, me


def _in(triples: Iterable[Triple], graph: NamedNode) -> list[Quad]:
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def _say_findings(say: _Sayer, name: str, report: Report, skolem: Skolem) -> None:
    """Every broken rule by name, and a full result where there is more to say than that something is missing."""
    owed = [finding for finding in report.findings if finding.severity is not Severity.INFO]
    for rule in {finding.rule for finding in owed}:
        say(say.graph, CAT.breaks, NamedNode(rule))
    worth_telling = (f for f in owed if f.severity is Severity.VIOLATION or f.value is not None)
    for position, finding in enumerate(worth_telling, 1):
        one = NamedNode(f"{name}#finding-{position}")
        say(say.graph, SH.result, one)
        say(one, SH.sourceShape, NamedNode(finding.rule))
        say(one, SH.focusNode, skolem(finding.focus))
        say(one, SH.resultSeverity, NamedNode(finding.severity.value))
        if finding.value is not None:
            say(one, SH.value, skolem(finding.value))


def _say_label(say: _Sayer, name: str, label: Label, rulebook: Rulebook) -> None:
    me = NamedNode(name + "#label")
    say(say.graph, CAT.label, me)
    for triple in stored(me, label, rulebook):
        say.quads.append(Quad(triple.subject, triple.predicate, triple.object, say.graph))


def _say_verdicts(say: _Sayer, name: str, dataset: str, verdicts: Sequence[Verdict]) -> None:
    """One assertion (EARL) for all provisions of one outcome; nothing about what is not applicable.

    What is the same for every dataset (outcome, compliance status, asserter) is said once, in ``vocab/verdicts.ttl``.
    """
    for outcome, result in RESULTS.items():
        provisions = [verdict.provision for verdict in verdicts if verdict.outcome is outcome]
        if provisions:
            one = NamedNode(f"{name}#{outcome.value}")
            say(one, RDF.type, EARL.Assertion)
            say(one, EARL.assertedBy, CAT.Checker)
            say(one, EARL.subject, NamedNode(dataset))
            say(one, EARL.result, result)
            for provision in provisions:
                say(one, EARL.test, NamedNode(provision))


def _say_notes(say: _Sayer, name: str, notes: Sequence[Note]) -> None:
    for position, note in enumerate(notes, 1):
        one = NamedNode(f"{name}#note-{position}")
        say(say.graph, CAT.note, one)
        say(one, CAT.noteKind, Literal(note.kind.value))
        say(one, CAT.field, Literal(note.field))
        for predicate, text in ((CAT.raw, note.raw), (CAT.result, note.result), (DCT.description, note.reason)):
            if text:
                say(one, predicate, Literal(text))


def stamp(value: datetime) -> str:
    """A moment in UTC as it stands in IRIs."""
    return value.strftime("%Y%m%dT%H%M%S%fZ")
