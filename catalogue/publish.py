"""Reads the catalogue for people and machines: datasets with all that is known, the catalogue, checks of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from catalogue.changes import HistoryEntry, history
from catalogue.editing import label_blank_nodes
from catalogue.errors import BadInput, StoreError
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term, Triple, parse, serialise
from catalogue.label import NOTHING, label
from catalogue.literals import moment
from catalogue.model import Note, NoteKind, Report, Verdict
from catalogue.names import CAT, DCAT, DCATAP, DCT, EHDS, FOAF, PREFIXES, PROV, RDF, Minted, key
from catalogue.ports import Archive, Row, Store, Validator, text
from catalogue.provenance import utc_now
from catalogue.quality import Label, Said
from catalogue.queries import query
from catalogue.rulebook import Rulebook
from catalogue.splitting import Splitter
from catalogue.stated import stated, with_stated
from catalogue.statements import Statements
from catalogue.upgrade import Release, upgrader
from catalogue.verdicts import verdicts


@dataclass(frozen=True, slots=True)
class Record:
    """Where a description came from and when."""

    node: str
    node_title: str
    first_seen: datetime
    changed: datetime
    digest: str
    """RDFC-1.0 digest of the description."""
    original_digest: str
    original_media_type: str
    original_location: str
    rulebook_digest: str
    visit: str
    profile: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One dataset of a file and what the rules say about it."""

    iri: str
    graph: Graph
    """In the terms of the current release."""
    report: Report
    label: Label
    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...] = ()
    """What was converted to the current release before the rules were applied."""
    label_notes: tuple[Note, ...] = ()
    """On answers to label criteria in it that were not taken as they call themselves."""
    release: Release = field(default_factory=Release)
    """For which releases it may have been written."""
    written: Report | None = None
    """What the same rules say about it as it was written; None when nothing was converted."""


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Everything known about one dataset. Report and label are those of today's rulebook."""

    iri: str
    key: str
    graph: Graph
    """The description as harvested, exact datatypes."""
    report: Report
    label: Label
    verdicts: tuple[Verdict, ...]
    record: Record
    history: tuple[HistoryEntry, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A dataset that was withdrawn."""

    iri: str
    key: str
    title: str
    withdrawn: datetime
    node_title: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit to a node."""

    node: str
    node_title: str
    visit: str
    started: datetime
    ended: datetime
    complete: bool
    problem: str
    stored: int
    unchanged: int
    withdrawn: int
    missing: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How much the catalogue holds."""

    datasets: int
    individuals: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Checker:
    """Says what the rules say about descriptions; needs no store."""

    validator: Validator
    rulebook: Rulebook
    minted: Minted
    clock: Callable[[], datetime] = field(default=utc_now, kw_only=True)
    """Decides which answers are in date."""

    def check(self, content: bytes, media_type: str, where: str, specification: str | None = None) -> list[Checked]:
        """Validate and label every dataset of a document, as written and converted; nothing is stored.

        ``specification`` (IRI, or the end of it) is what the descriptions are held to; None: what the catalogue record
        in the document says of each, else the default of the rulebook.
        Raises :class:`~catalogue.errors.BadRdf` for a syntax error and :class:`~catalogue.errors.BadInput` when the
        document describes no dataset.
        """
        graph = Graph(parse(content, media_type, base=base_of(self.minted), where=where))
        stated = self.rulebook.specification_stated
        found = [
            self.converted(part.node, part.graph, specification or stated(graph, part.node))
            for part in Splitter(graph, upgrader().rewriter)
        ]
        if not found:
            raise nothing_described(where)
        return found

    def converted(self, dataset: Node, graph: Graph, specification: str | None = None) -> Checked:
        """Convert one dataset to the current release, then validate and label it, as written and converted."""
        current = upgrader().upgrade(graph)
        node = NamedNode(upgrader().iri(dataset)) if isinstance(dataset, NamedNode) else dataset
        checked = self.checked(node, current.graph, specification)
        checked = replace(checked, notes=current.notes, release=current.release)
        if not current.notes:
            return checked
        return replace(checked, written=self.validator.validate(graph, checked.report.profile))

    def checked(
        self,
        dataset: Term,
        graph: Graph,
        specification: str | None = None,
        said: Said = NOTHING,
        today: date | None = None,
        changed: datetime | None = None,
    ) -> Checked:
        """Validate and label one dataset by a specification; None is the default of the rulebook.

        The label counts what the description shows, what it declares, and what others ``said``; ``today``, unless
        given, is the day of the clock; ``changed`` is when the catalogue received the description.
        """
        answers, notes = stated(dataset, graph, self.rulebook, changed)
        said = with_stated(said, answers)
        report = self.validator.validate(graph, self.rulebook.profile_for(graph, dataset, specification).iri)
        return Checked(
            iri=str(dataset.value),
            graph=graph,
            report=report,
            label=label(dataset, report, self.rulebook, said, today=today or self.clock().date()),
            verdicts=verdicts(report, self.rulebook),
            label_notes=notes,
        )


def base_of(minted: Minted) -> str:
    """What relative IRIs are relative to in a document that is only checked."""
    return minted.base + "validate"


def nothing_described(where: str) -> BadInput:
    """What is said of a document without datasets."""
    return BadInput(
        "this document describes no dataset",
        where=where,
        remedy="give the dataset the type dcat:Dataset (http://www.w3.org/ns/dcat#Dataset)",
    )


@dataclass(frozen=True, slots=True)
class Publisher(Checker):
    """The reading side of the catalogue."""

    store: Store
    archive: Archive
    title: str = "Health data catalogue"
    name: str = ""
    """Of the organisation that runs the catalogue; empty when nobody said."""

    def dataset(self, path: str) -> DatasetPage | Tombstone | None:
        """A dataset by what follows ``/dataset/`` in its IRI, or by its key; None when there is none."""
        own = self.minted.base + "dataset/" + path
        record = self.minted.record(own)
        rows = self.store.select(query("record"), record=NamedNode(record))
        if not rows and "/" not in path:
            record = f"{self.minted.base}record/{path}"
            rows = self.store.select(query("record"), record=NamedNode(record))
        if not rows:
            return None
        iri = rows[0]["dataset"].value
        if "deleted" in rows[0]:
            return Tombstone(
                iri=iri,
                key=key(iri),
                title=text(rows[0], "title") or iri,
                withdrawn=datetime.fromisoformat(text(rows[0], "deleted")),
                node_title=self.node_title(text(rows[0], "node")),
            )
        return self._page(iri, record)

    def find(self, what: str) -> DatasetPage | Tombstone | None:
        """A dataset by its IRI, its key, or what follows ``/dataset/``."""
        own = self.minted.base + "dataset/"
        if what.startswith(own):
            return self.dataset(what.removeprefix(own))
        return self.dataset(key(what)) if ":" in what else self.dataset(what)

    def dump(self, media_type: str, specification: str | None = None) -> bytes:
        """The catalogue and every description in one document, exact datatypes.

        ``specification`` (IRI, or the end of it): only the descriptions that are held to it, with records that say so.
        Raises :class:`~catalogue.errors.ConfigurationError` for a specification that has no profile here.
        """
        wanted = self.rulebook.specification(specification) if specification else None
        return serialise(self._everything(wanted), media_type, PREFIXES)

    def _everything(self, specification: str | None) -> Iterator[Triple]:
        yield from self.catalogue(specification)
        for iri, graph in self.descriptions(specification):
            for triple in graph:
                yield label_blank_nodes(triple, key(iri))

    def descriptions(self, specification: str | None = None) -> Iterator[tuple[str, Graph]]:
        """Every description that is not withdrawn, by IRI of its dataset, exact datatypes.

        ``specification``: the IRI of the one that they are held to; None for any.
        """
        for row in self.store.select(query("records")):
            iri = text(row, "dataset")
            if specification is None or self._held_to(row) == specification:
                yield iri, self.description(iri, text(row, "digest"))

    def _held_to(self, row: Row) -> str | None:
        profile = self.rulebook.profiles.get(text(row, "profile")) if "profile" in row else None
        return profile.specification if profile else None

    def _page(self, iri: str, record_iri: str) -> DatasetPage:
        known = Graph(self.store.graph(record_iri))
        me = NamedNode(record_iri)
        record = self._record(known, me)
        graph = self.description(iri, record.digest)
        profile = self.rulebook.profiles.get(record.profile)
        said = Statements(self.store, self.minted).said(iri)
        specification = profile.specification if profile else None
        checked = self.checked(NamedNode(iri), graph, specification, said, changed=record.changed)
        return DatasetPage(
            iri=iri,
            key=key(iri),
            graph=graph,
            report=checked.report,
            label=checked.label,
            verdicts=checked.verdicts,
            record=record,
            history=history(self.store, self.minted, iri),
            notes=tuple(_note(known, note) for note in known.objects(me, CAT.note)),
        )

    def _record(self, known: Graph, me: NamedNode) -> Record:
        def text(predicate: NamedNode) -> str:
            return getattr(known.value(me, predicate), "value", "")

        node = text(CAT.node)
        return Record(
            node=node,
            node_title=self.node_title(node),
            first_seen=datetime.fromisoformat(text(DCT.issued)),
            changed=datetime.fromisoformat(text(DCT.modified)),
            digest=text(CAT.digest),
            original_digest=text(CAT.original),
            original_media_type=text(CAT.mediaType),
            original_location=text(CAT.location),
            rulebook_digest=text(CAT.rulebook),
            visit=text(PROV.wasGeneratedBy),
            profile=text(CAT.profile),
        )

    def description(self, iri: str, digest: str) -> Graph:
        """A description with its exact lexical forms, from the archive.

        Raises :class:`~catalogue.errors.StoreError` when the archive does not hold it.
        """
        content = self.archive.get(digest)
        if content is None:
            raise StoreError(f"the archive lacks the description {digest}", where=iri, remedy="harvest the node again")
        return Graph(parse(content, "application/n-quads"))

    def node_title(self, node: str) -> str:
        """The title of a source, else its name."""
        graph = Graph(self.store.graph(self.minted.settings(node)))
        return graph.text(NamedNode(node), DCT.title, "en") or node.rsplit("/", 1)[-1]

    def visits(self) -> Sequence[VisitRow]:
        """Every visit of every node, newest first within a node."""
        rows = self.store.select(query("visits"))
        titles = {node: self.node_title(node) for node in {text(row, "node") for row in rows}}
        return [
            VisitRow(
                node=text(row, "node"),
                node_title=titles[text(row, "node")],
                visit=text(row, "visit"),
                started=datetime.fromisoformat(text(row, "started")),
                ended=datetime.fromisoformat(text(row, "ended")),
                complete=text(row, "complete") == "true",
                problem=text(row, "problem"),
                **{name: int(text(row, name)) for name in _COUNTS},
            )
            for row in rows
        ]

    def facts(self) -> Facts:
        """Counts for the home page."""
        row = self.store.select(query("facts"))[0]
        return Facts(*(int(text(row, name) or 0) for name in ("datasets", "individuals", "nodes")))

    def catalogue(self, specification: str | None = None) -> Graph:
        """The catalogue as a ``dcat:Catalog`` that links its datasets.

        ``specification``: the IRI of one; only the datasets that are held to it, with their ``dcat:CatalogRecord``.
        """
        me = NamedNode(self.minted.base + "catalog")
        graph = Graph()
        graph.add(me, RDF.type, DCAT.Catalog)
        graph.add(me, DCT.title, Literal(self.title, language="en"))
        graph.add(me, DCT.description, Literal("Descriptions of health datasets in Europe.", language="en"))
        graph.add(me, DCATAP.applicableLegislation, EHDS)
        if self.name:
            publisher = BlankNode("publisher")
            graph.add(me, DCT.publisher, publisher)
            graph.add(publisher, RDF.type, FOAF.Agent)
            graph.add(publisher, FOAF.name, Literal(self.name))
        newest: datetime | None = None
        for row in self.store.select(query("datasets")):
            if specification is not None and self._held_to(row) != specification:
                continue
            graph.add(me, DCAT.dataset, row["dataset"])
            changed = datetime.fromisoformat(text(row, "modified"))
            if specification is not None:
                record = NamedNode(self.minted.record(text(row, "dataset")))
                graph.add(me, DCAT.record, record)
                graph.update(_following(record, row["dataset"], NamedNode(specification), changed))
            newest = changed if newest is None or changed > newest else newest
        if newest is not None:
            graph.add(me, DCT.modified, moment(newest))
        return graph


def _following(record: NamedNode, dataset: Term, specification: NamedNode, changed: datetime) -> Graph:
    """A ``dcat:CatalogRecord`` that says which specification the description of a dataset follows."""
    graph = Graph()
    graph.add(record, RDF.type, DCAT.CatalogRecord)
    graph.add(record, FOAF.primaryTopic, dataset)
    graph.add(record, DCT.conformsTo, specification)
    graph.add(record, DCT.modified, moment(changed))
    return graph


_COUNTS = ("stored", "unchanged", "withdrawn", "missing", "rejected")


def _note(known: Graph, note: Term) -> Note:
    return Note(
        NoteKind(known.text(note, CAT.noteKind)),
        field=known.text(note, CAT.field) or "",
        raw=known.text(note, CAT.raw) or "",
        result=known.text(note, CAT.result) or "",
        reason=known.text(note, DCT.description) or "",
    )
