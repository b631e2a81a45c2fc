"""One visit to one node: every dataset it gives is digested, validated, labelled and committed, always whole.

What is unchanged costs no validation and no write. What others said about a dataset outlives its description. Nothing
is removed unless the node was read to its end, gave at least the number of datasets it is expected to have, and either
said that it has the dataset no longer or left it out longer than the grace period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, Skolem, parse
from catalogue.label import NOTHING, label
from catalogue.memory import Memory, Place, state, state_graph
from catalogue.model import Change, Description, Gone, Known, Rejected, Report, Source, Untouched
from catalogue.names import AS, DCT, Minted
from catalogue.outcomes import IngestOutcome, Missing, Stored, Unchanged, Withdrawn
from catalogue.ports import Archive, Harvester, Index, Past, Store, Validator, Web
from catalogue.provenance import Records, Taken, Visit, stamp, utc_now
from catalogue.quality import Said
from catalogue.registers import Completing, Register, read_register
from catalogue.rulebook import Rulebook
from catalogue.search import entry
from catalogue.stated import stated, with_stated
from catalogue.statements import Statements
from catalogue.verdicts import verdicts

GROUP = 1000
"""Most datasets that are committed together. A dataset is always committed whole, in one group."""
GROUP_SECONDS = 5.0
"""Longest time a dataset waits for its group, in seconds."""
INDEX_EVERY = 5000
"""Datasets between two commits of the index within one visit."""


@dataclass(frozen=True, slots=True)
class Pipe:
    """What one visit works with."""

    store: Store
    archive: Archive
    index: Index
    validator: Validator
    rulebook: Rulebook
    minted: Minted
    clock: Callable[[], datetime] = utc_now


def ingest(
    source: Source, harvester: Harvester, pipe: Pipe, web_for: Callable[[Source, Past], Web]
) -> Iterator[IngestOutcome]:
    """Visit a node and yield what happened to each of its datasets, after it happened.

    ``web_for`` makes the outbound reader for this visit from what earlier visits left.
    Raises :class:`~catalogue.errors.SourceUnavailable` when the node could not be read to its end; everything yielded
    before stays, nothing is removed, and the visit is recorded as incomplete.
    """
    register = _register(source, pipe, web_for)
    harvester = Completing(harvester, register)
    work = _Work(source, pipe, register.digest)
    pipe.index.begin()
    try:
        work.web = web_for(source, Past(frozenset(work.memory.read), work.memory.versions, pipe.archive.get))
        for harvested in harvester.harvest(source, work.web):
            match harvested:
                case Description():
                    yield from work.take(harvested)
                case Untouched():
                    yield from work.untouched(harvested)
                case Rejected():
                    yield work.reject(harvested)
                case Gone():
                    work.gone.add(harvested.iri)
        yield from work.commit()
        yield from work.absent()
        work.visit.complete = True
    except SourceUnavailable as error:
        work.visit.problem = str(error)
        yield from work.commit()
        raise
    finally:
        work.close()


def _register(source: Source, pipe: Pipe, web_for: Callable[[Source, Past], Web]) -> Register:
    """The registers of a node; where one cannot be read, the visit ends with it, and is recorded."""
    try:
        return read_register(source, web_for(source, Past())) if source.registers else Register()
    except SourceUnavailable as error:
        now = pipe.clock()
        visit = Visit(pipe.minted.visit(source.name, stamp(now)), source, now, ended=now, problem=str(error))
        pipe.store.commit(Change.of(append={source.iri: visit.triples()}))
        raise


def _place(description: Description) -> str:
    return f"{description.original.location}, dataset {description.iri}"


class _Work:
    """The state of one running visit."""

    def __init__(self, source: Source, pipe: Pipe, register: str) -> None:
        self.source = source
        self.pipe = pipe
        specification = pipe.rulebook.specification(source.specification)
        profiles = {p.iri for p in pipe.rulebook.profiles.values() if p.specification == specification}
        self.memory = Memory(pipe.store, pipe.minted, source, pipe.rulebook.digest, profiles, register)
        self.records = Records(pipe.minted, pipe.rulebook)
        now = pipe.clock()
        self.visit = Visit(pipe.minted.visit(source.name, stamp(now)), source, now)
        self.seen: set[str] = set()
        self.missing = dict(self.memory.missing)
        self.read: set[str] = set()
        self.places = dict(self.memory.places)
        self.latest: frozenset[str] = frozenset()
        """The document that is being read: if the visit breaks off, some of its datasets may be outstanding."""
        self.gone: set[str] = set()
        """Datasets that the node says it has no longer."""
        self.unclean: set[str] = set()
        self.unread: set[str] = set()
        self.kept: set[str] = set()
        self.web: Web | None = None
        self.waiting: list[Description] = []
        self.committed = monotonic()
        self.indexed = 0

    def take(self, description: Description) -> Iterator[IngestOutcome]:
        try:
            refusal = self._refusal(description)
            unchanged = refusal is None and self.memory.unchanged(description.iri, description.digest)
        except BadInput as error:
            refusal = Rejected(_place(description), error.what, error.remedy, description.original)
        if refusal is not None:
            yield self.reject(refusal)
            return
        self.seen.add(description.iri)
        self.latest = frozenset(filter(None, (description.original.digest, description.original.container)))
        self.read |= self.latest
        self.missing.pop(description.iri, None)
        if unchanged:
            self._stand(description)
            self.visit.unchanged += 1
            yield Unchanged(description.iri)
            return
        self.waiting.append(description)
        if len(self.waiting) >= GROUP or monotonic() - self.committed > GROUP_SECONDS:
            yield from self.commit()

    def _stand(self, description: Description) -> None:
        """Note where an unchanged dataset stands now: its document may be another, of which nothing is read again."""
        document = description.original.container or description.original.digest
        if document != self.memory.standing.get(description.iri):
            self.places[description.iri] = Place(document, description.original.location)

    def _refusal(self, description: Description) -> Rejected | None:
        if description.iri in self.seen:
            return Rejected(
                where=_place(description),
                problem="this dataset is described twice in one visit",
                remedy="give each dataset one IRI and describe it in one place",
                original=description.original,
            )
        owner = self.memory.owner(description.iri)
        if owner:
            return Rejected(
                where=_place(description),
                problem=f"this dataset is already described by the node {owner}",
                remedy="let one node describe it, or withdraw it there first",
                original=description.original,
            )
        return None

    def commit(self) -> Iterator[Stored | Rejected]:
        """Validate, label and commit what waits, all together; then index it.

        Each step runs over the whole group, which takes much less time than all steps for one dataset after another.
        """
        waiting, self.waiting, self.committed = self.waiting, [], monotonic()
        iris = [one.iri for one in waiting]
        known = self.memory.known(iris)
        said = Statements(self.pipe.store, self.pipe.minted).said_of(iris)
        checked = [(description, self._validate(description)) for description in waiting]
        takens = [
            self._judge(one, known.get(one.iri), report, said.get(one.iri, NOTHING))
            for one, report in checked
            if isinstance(report, Report)
        ]
        changes = [self._change(taken) for taken in takens]
        self._archive(takens)
        self._store(takens, changes)
        self._index(takens)
        for taken in takens:
            self.places.pop(taken.description.iri, None)
            self.visit.note(taken)
            notes = (*taken.description.notes, *taken.notes)
            yield Stored(taken.description.iri, taken.report, taken.label, notes, new=taken.known is None)
        yield from (self.reject(report) for _, report in checked if isinstance(report, Rejected))

    def _store(self, takens: Sequence[Taken], changes: Sequence[Change]) -> None:
        """Commit new datasets, then changed ones; of these only what differs from what the store holds is written."""
        new = [quad for change in changes if not change.clear for quad in change.add]
        if new:
            self.pipe.store.commit(Change(add=new))
        minted, known = self.pipe.minted, {one.description.iri: one.known for one in takens if one.known is not None}
        if known:
            held = {minted.record(iri): one.record for iri, one in known.items()}
            names = [minted.description(iri) for iri in known]
            held |= zip(names, self.pipe.store.graphs(names), strict=True)
            changed = [change.against(held) for change in changes if change.clear]
            add = [quad for change in changed for quad in change.add]
            self.pipe.store.commit(Change((), add, [quad for change in changed for quad in change.remove]))

    def _validate(self, description: Description) -> Report | Rejected:
        graph, dataset = description.canonical.graph, NamedNode(description.iri)
        profile = self.pipe.rulebook.profile_for(graph, dataset, self.source.specification)
        try:
            return self.pipe.validator.validate(graph, profile.iri)
        except BadInput as error:
            return Rejected(_place(description), error.what, error.remedy, description.original)

    def _judge(self, description: Description, known: Known | None, report: Report, said: Said) -> Taken:
        rulebook, dataset, now = self.pipe.rulebook, NamedNode(description.iri), self.pipe.clock()
        answers, notes = stated(dataset, description.graph, rulebook, now)
        given = label(dataset, report, rulebook, with_stated(said, answers), today=now.date())
        held = verdicts(report, rulebook)
        return Taken(description, report, given, held, self.source, self.visit, known, now, notes)

    def _archive(self, takens: Sequence[Taken]) -> None:
        for description in (taken.description for taken in takens):
            if description.original.digest not in self.kept:
                self.kept.add(self.pipe.archive.put(description.original.content))
        self.pipe.archive.put_all(taken.description.canonical.content for taken in takens)

    def _index(self, takens: Sequence[Taken]) -> None:
        name, rulebook = self.source.name, self.pipe.rulebook
        self.pipe.index.put(
            entry(taken.description.graph, name, taken.label, taken.report, rulebook, taken.now) for taken in takens
        )
        self.indexed += len(takens)
        if self.indexed >= INDEX_EVERY:
            self.indexed = 0
            self.pipe.index.commit()
            self.pipe.index.begin()

    def _change(self, taken: Taken) -> Change:
        iri, minted, known = taken.description.iri, self.pipe.minted, taken.known
        skolem = Skolem(minted.genid(iri), canonical=True)
        kind = AS.Create if known is None else AS.Add if known.withdrawn else AS.Update
        return Change(
            clear=() if known is None else (minted.description(iri), minted.record(iri)),
            add=[
                *skolem.quads(taken.description.canonical.graph, minted.description(iri)),
                *self.records.record(taken, skolem),
                *self.records.change(kind, taken),
            ],
        )

    def untouched(self, untouched: Untouched) -> Iterator[Unchanged]:
        self.read.add(untouched.document)
        for dataset in self.memory.documents.get(untouched.document, ()):
            if dataset not in self.seen:
                self.seen.add(dataset)
                self.missing.pop(dataset, None)
                self.visit.unchanged += 1
                yield Unchanged(dataset)

    def reject(self, rejected: Rejected) -> Rejected:
        self.visit.rejected.append(rejected)
        self.unread.add(rejected.where)
        if rejected.original is not None:
            self.unread.add(rejected.original.location)
            self.unclean.update(filter(None, (rejected.original.digest, rejected.original.container)))
        return rejected

    def absent(self) -> Iterator[IngestOutcome]:
        """Datasets that a complete visit did not give; those of a document that could not be read are not gone.

        Too few datasets means that something else is wrong; then nothing is missing either.
        """
        if len(self.seen) < self.source.expected_minimum:
            self.visit.problem = (
                f"{len(self.seen)} datasets, expected at least {self.source.expected_minimum}: nothing was removed"
            )
            return
        now = self.pipe.clock()
        absent = [dataset for dataset in self.memory.digests if dataset not in self.seen]
        for dataset, known in self.memory.known(absent).items():
            if known.withdrawn or known.location in self.unread:
                continue
            since = self.missing.setdefault(dataset, now)
            if dataset in self.gone or now - since >= self.source.grace:
                yield self._withdraw(dataset, known, since, now)
            else:
                self.visit.missing += 1
                yield Missing(dataset, since)

    def _withdraw(self, dataset: str, known: Known, since: datetime, now: datetime) -> Withdrawn:
        minted = self.pipe.minted
        content = self.pipe.archive.get(known.digest) or b""
        title = Graph(parse(content, "application/n-quads")).text(NamedNode(dataset), DCT.title, "en") or dataset
        self.pipe.store.commit(
            Change(
                clear=(minted.description(dataset), minted.record(dataset)),
                add=[
                    *self.records.tombstone(dataset, known, self.source, title, now),
                    *self.records.withdrawal(dataset, self.visit, now),
                ],
            )
        )
        self.pipe.index.remove([dataset])
        self.missing.pop(dataset, None)
        self.places.pop(dataset, None)
        self.visit.withdrawn += 1
        return Withdrawn(dataset, since)

    def close(self) -> None:
        """Commit what still waits, make the index current, record the visit."""
        for _ in self.commit():
            pass
        self.pipe.index.commit()
        self.visit.ended = self.pipe.clock()
        if self.visit.complete and self.web is not None:
            clean = self.read - self.unclean
            versions = {url: version for url, version in self.web.versions.items() if version.document in clean}
        else:
            self.missing, versions = dict(self.memory.missing), self.memory.versions
            clean = (self.memory.read | self.read - self.latest) - self.unclean
        name = state_graph(self.source)
        left = frozenset(state(self.source, self.memory.settings, self.missing, clean, versions, self.places))
        change = Change.of({name: left}, append={self.source.iri: self.visit.triples()})
        self.pipe.store.commit(change.against({name: self.memory.state}))
