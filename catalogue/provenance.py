"""Writes what we know about a description as RDF: its record, its history, the visits that brought it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalogue.graphs import BlankNode, Literal, NamedNode, Term, Triple
from catalogue.model import Description, Finding, Label, Note, Rejected, Report, Severity, Source
from catalogue.names import AS, CAT, DCAT, DCT, DQV, FOAF, OA, PROV, RDF, SH, XSD, Minted

MAX_REJECTIONS = 1000
"""Most rejected records that one visit lists one by one; the count is always whole."""


def number(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=XSD.integer)


def moment(value: datetime) -> Literal:
    """An xsd:dateTime in UTC."""
    return Literal(value.isoformat().replace("+00:00", "Z"), datatype=XSD.dateTime)


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
            Triple(me, CAT.complete, Literal("true" if self.complete else "false", datatype=XSD.boolean)),
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
class Records:
    """Builds the graphs about one dataset; see docs/model.md for the pattern."""

    minted: Minted
    rulebook_digest: str

    def record(
        self,
        description: Description,
        source: Source,
        report: Report,
        label: Label,
        visit: Visit,
        first_seen: datetime,
        now: datetime,
    ) -> list[Triple]:
        """The catalogue record with report, label and notes."""
        name = self.minted.record(description.iri)
        me, dataset = NamedNode(name), NamedNode(description.iri)
        original = description.original
        said = [
            Triple(me, RDF.type, DCAT.CatalogRecord),
            Triple(me, FOAF.primaryTopic, dataset),
            Triple(me, CAT.node, NamedNode(source.iri)),
            Triple(me, DCT.issued, moment(first_seen)),
            Triple(me, DCT.modified, moment(now)),
            Triple(me, CAT.digest, Literal(description.digest)),
            Triple(me, CAT.original, Literal(original.digest)),
            Triple(me, CAT.mediaType, Literal(original.media_type)),
            Triple(me, CAT.location, Literal(original.location)),
            Triple(me, CAT.rulebook, Literal(self.rulebook_digest)),
            Triple(me, CAT.profile, NamedNode(report.profile)),
            Triple(me, CAT.violations, number(len(report.of(Severity.VIOLATION)))),
            Triple(me, CAT.warnings, number(len(report.of(Severity.WARNING)))),
            Triple(me, PROV.wasGeneratedBy, NamedNode(visit.iri)),
        ]
        if original.container:
            said.append(Triple(me, CAT.container, Literal(original.container)))
        said += self._report(name, me, report, self.minted.genid(description.iri))
        said += self._label(name, me, dataset, label)
        said += self._notes(name, me, description.notes)
        return said

    def _report(self, name: str, me: NamedNode, report: Report, genid: str) -> Iterable[Triple]:
        """Every broken rule by name, and a full result where there is more to say than that something is missing."""
        whole = NamedNode(name + "#report")
        yield Triple(me, CAT.report, whole)
        yield Triple(whole, SH.conforms, Literal("true" if report.conforms else "false", datatype=XSD.boolean))
        for rule in {finding.rule for finding in report.findings}:
            yield Triple(whole, CAT.breaks, NamedNode(rule))
        worth_telling = (f for f in report.findings if f.severity is Severity.VIOLATION or f.value is not None)
        for position, finding in enumerate(worth_telling, 1):
            yield from self._finding(whole, NamedNode(f"{name}#finding-{position}"), finding, genid)

    def _finding(self, whole: NamedNode, one: NamedNode, finding: Finding, genid: str) -> Iterable[Triple]:
        yield Triple(whole, SH.result, one)
        yield Triple(one, SH.sourceShape, NamedNode(finding.rule))
        yield Triple(one, SH.focusNode, _named(finding.focus, genid))
        yield Triple(one, SH.resultSeverity, NamedNode(finding.severity.value))
        if finding.value is not None:
            yield Triple(one, SH.value, _named(finding.value, genid))

    def _label(self, name: str, me: NamedNode, dataset: NamedNode, label: Label) -> Iterable[Triple]:
        """The certificate with its stars, and the stars of each element under the element's own IRI."""
        whole = NamedNode(name + "#label")
        yield Triple(me, CAT.label, whole)
        yield Triple(whole, RDF.type, DQV.QualityCertificate)
        yield Triple(whole, OA.hasTarget, dataset)
        yield Triple(whole, CAT.basis, CAT.Computed)
        if label.stars is not None:
            yield Triple(whole, CAT.stars, number(label.stars))
        for grade in label.grades:
            if grade.stars is not None:
                yield Triple(whole, NamedNode(grade.element), number(grade.stars))

    def _notes(self, name: str, me: NamedNode, notes: Sequence[Note]) -> Iterable[Triple]:
        for position, note in enumerate(notes, 1):
            one = NamedNode(f"{name}#note-{position}")
            yield Triple(me, CAT.note, one)
            yield Triple(one, CAT.noteKind, Literal(note.kind.value))
            yield Triple(one, CAT.field, Literal(note.field))
            for predicate, text in ((CAT.raw, note.raw), (CAT.result, note.result), (DCT.description, note.reason)):
                if text:
                    yield Triple(one, predicate, Literal(text))

    def tombstone(
        self, dataset: str, source: Source, digest: str, original: str, title: str, first_seen: datetime, now: datetime
    ) -> list[Triple]:
        """What stays of a withdrawn dataset."""
        me = NamedNode(self.minted.record(dataset))
        return [
            Triple(me, RDF.type, DCAT.CatalogRecord),
            Triple(me, RDF.type, AS.Tombstone),
            Triple(me, FOAF.primaryTopic, NamedNode(dataset)),
            Triple(me, DCT.title, Literal(title)),
            Triple(me, CAT.node, NamedNode(source.iri)),
            Triple(me, DCT.issued, moment(first_seen)),
            Triple(me, AS.deleted, moment(now)),
            Triple(me, CAT.digest, Literal(digest)),
            Triple(me, CAT.original, Literal(original)),
            Triple(me, CAT.rulebook, Literal(self.rulebook_digest)),
        ]

    def entry(
        self, kind: NamedNode, dataset: str, visit: Visit, now: datetime, digest: str = "", label: Label | None = None,
        report: Report | None = None,
    ) -> list[Triple]:
        """One entry of the history of a dataset; ``kind`` is an ActivityStreams activity type."""
        me = NamedNode(f"{self.minted.history(dataset)}/{stamp(now)}")
        said = [
            Triple(me, RDF.type, kind),
            Triple(me, AS.object, NamedNode(dataset)),
            Triple(me, AS.published, moment(now)),
            Triple(me, PROV.wasInformedBy, NamedNode(visit.iri)),
        ]
        if digest:
            said.append(Triple(me, CAT.digest, Literal(digest)))
        if report is not None:
            said.append(Triple(me, CAT.violations, number(len(report.of(Severity.VIOLATION)))))
        if label is not None and label.stars is not None:
            said.append(Triple(me, CAT.stars, number(label.stars)))
        return said


def stamp(value: datetime) -> str:
    """A moment in UTC as it stands in IRIs."""
    return value.strftime("%Y%m%dT%H%M%S%fZ")


def _named(term: Term, genid: str) -> Term:
    return NamedNode(genid + term.value) if isinstance(term, BlankNode) else term
