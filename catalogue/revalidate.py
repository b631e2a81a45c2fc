"""Checks the catalogue again after the rulebook changed or an answer expired; descriptions stay as they are.

Each dataset carries the digest of the rulebook that judged it, so work that is broken off goes on where it stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Protocol

from catalogue.errors import BadInput
from catalogue.graphs import Graph, Literal, NamedNode, Quad, Skolem, Term, Triple, parse, serialise
from catalogue.label import NOTHING
from catalogue.literals import day, number
from catalogue.model import Change, Rejected
from catalogue.names import CAT, Minted
from catalogue.ports import Archive, Entry, Index, Store
from catalogue.provenance import MARKS, Records, utc_now
from catalogue.publish import Checker
from catalogue.quality import Said
from catalogue.queries import query
from catalogue.rulebook import Rulebook
from catalogue.search import entry
from catalogue.statements import Statements

GROUP = 500
"""Datasets that are read, and later committed, together; each is committed whole."""
TASK = 100
"""Datasets that one task takes."""
INDEX_EVERY = 10_000
"""Datasets between two commits of the index."""
N_TRIPLES = "application/n-triples"
_COMPARED = frozenset({CAT.label, CAT.stars, CAT.violations})
"""What is told of a record as it was."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A dataset that another rulebook judged, or an answer about which expired."""

    iri: str
    record: str
    digest: str
    source: str
    """Name of its node."""
    rulebook: str
    profile: str
    """IRI of the profile by which it was judged."""
    judgement: str
    content: bytes
    """Canonical N-Quads; empty when the archive has lost them."""
    said: Said
    """What others said about it."""
    changed: datetime
    """When its description last did."""
    today: date


@dataclass(frozen=True, slots=True)
class Same:
    """The present rulebook says the same as the other did."""

    conforms: bool
    stars: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The present rulebook says something else."""

    conforms: bool
    stars: int | None
    told: bytes
    """All that the rules decide, as N-Triples: much less to hand from process to process than what it was made of."""
    entry: Entry


@dataclass(frozen=True, slots=True)
class Revalidated:
    """One dataset as it was judged before and is judged now."""

    dataset: str
    changed: bool
    """Whether anything but the rulebook is different."""
    conformed: bool
    conforms: bool
    stars_before: int | None
    stars: int | None


Result = Same | Judged | Rejected
Work = Callable[[Checker, Sequence[Outdated]], list[Result]]


class Judges(Protocol):
    """Judges descriptions, perhaps in several processes; results come in the order of the tasks."""

    def map(self, work: Work, tasks: Iterable[Sequence[Outdated]]) -> Iterator[list[Result]]:
        """See :class:`catalogue.workers.Workers`."""
        ...


@dataclass(frozen=True, slots=True)
class Revalidation:
    """What it takes to judge the whole catalogue again."""

    store: Store
    archive: Archive
    index: Index
    rulebook: Rulebook
    minted: Minted
    clock: Callable[[], datetime] = utc_now

    def outstanding(self) -> int:
        """How many datasets another rulebook judged, or have a label that must be given anew by today."""
        (row,) = self.store.select(query("outdated-count"), **self._bound(self.clock().date()))
        return int(row["number"].value)

    def _bound(self, today: date) -> dict[str, Term]:
        return {"current": Literal(self.rulebook.digest), "today": day(today)}

    def run(self, judges: Judges) -> Iterator[Revalidated | Rejected]:
        """Judge every such dataset and yield what came of it, after it was committed.

        Not to be used while a node is being harvested into the same store. Raises
        :class:`~catalogue.errors.StoreError`; what was yielded before stays.
        """
        handed: deque[Sequence[Outdated]] = deque()
        group: list[tuple[Outdated, Same | Judged]] = []
        indexed = 0
        self.index.begin()
        try:
            for results in judges.map(judge, self._tasks(handed)):
                for one, result in zip(handed.popleft(), results, strict=True):
                    if isinstance(result, Rejected):
                        yield result
                    else:
                        group.append((one, result))
                if len(group) >= GROUP:
                    indexed += len(group)
                    yield from self._commit(group)
                    group = []
                if indexed >= INDEX_EVERY:
                    indexed = 0
                    self.index.commit()
                    self.index.begin()
            yield from self._commit(group)
        finally:
            self.index.commit()

    def _tasks(self, handed: deque[Sequence[Outdated]]) -> Iterator[Sequence[Outdated]]:
        """What is to be judged; also remembered in ``handed``, for results come without the descriptions."""
        today = self.clock().date()
        found = self.store.select(query("outdated"), **self._bound(today))
        said = Statements(self.store, self.minted).said_of([row["dataset"].value for row in found])
        rows = iter(found)
        while some := list(islice(rows, TASK)):
            task = [
                Outdated(
                    iri=row["dataset"].value,
                    record=row["record"].value,
                    digest=row["digest"].value,
                    source=row["node"].value.rstrip("/").rsplit("/", 1)[-1],
                    rulebook=row["rulebook"].value,
                    profile=row["profile"].value if "profile" in row else "",
                    judgement=row["judgement"].value if "judgement" in row else "",
                    content=self.archive.get(row["digest"].value) or b"",
                    changed=datetime.fromisoformat(row["modified"].value),
                    said=said.get(row["dataset"].value, NOTHING),
                    today=today,
                )
                for row in some
            ]
            handed.append([replace(one, content=b"") for one in task])
            yield task

    def _commit(self, group: Sequence[tuple[Outdated, Same | Judged]]) -> Iterator[Revalidated]:
        """Write what is different about each dataset; all of them together, each whole."""
        judged = [(one, result) for one, result in group if isinstance(result, Judged)]
        found = self.store.graphs([one.record for one, _ in judged]) if judged else []
        differences = [self._difference(one, result, held) for (one, result), held in zip(judged, found, strict=True)]
        remove = [quad for difference in differences for quad in difference.remove]
        add = [quad for difference in differences for quad in difference.add]
        for one, result in group:
            if isinstance(result, Same):
                me = NamedNode(one.record)
                remove.append(Quad(me, CAT.rulebook, Literal(one.rulebook), me))
                add.append(Quad(me, CAT.rulebook, Literal(self.rulebook.digest), me))
        if add or remove:
            self.store.commit(Change(add=add, remove=remove))
        self.index.put(result.entry for _, result in judged)
        yield from (difference.outcome for difference in differences)
        for one, result in group:
            if isinstance(result, Same):
                conforms, stars = result.conforms, result.stars
                yield Revalidated(one.iri, False, conforms, conforms, stars, stars)

    def _difference(self, one: Outdated, judged: Judged, triples: Sequence[Triple]) -> _Difference:
        me = NamedNode(one.record)
        told = (quad.triple for quad in parse(judged.told, N_TRIPLES))
        remove, add = Records(self.minted, self.rulebook).difference(one.iri, triples, told)
        before = {(str(t.subject), t.predicate): t.object for t in triples if t.predicate in _COMPARED}
        stars = before.get((str(before.get((str(me), CAT.label))), CAT.stars))
        outcome = Revalidated(
            dataset=one.iri,
            changed=any(quad.predicate not in MARKS for quad in (*remove, *add)),
            conformed=before.get((str(me), CAT.violations)) == number(0),
            conforms=judged.conforms,
            stars_before=int(stars.value) if isinstance(stars, Literal) else None,
            stars=judged.stars,
        )
        return _Difference(remove, add, outcome)


@dataclass(frozen=True, slots=True)
class _Difference:
    """Between what is stored about a dataset and what is to be."""

    remove: Sequence[Quad]
    add: Sequence[Quad]
    outcome: Revalidated


def judge(checker: Checker, task: Sequence[Outdated]) -> list[Result]:
    """What the rulebook of ``checker`` says about some descriptions."""
    return [_judged(checker, one) for one in task]


def _judged(checker: Checker, one: Outdated) -> Result:
    if not one.content:
        return Rejected(one.iri, f"the archive lacks the description {one.digest}", "harvest its node again")
    graph = Graph(parse(one.content, "application/n-quads", where=f"archive {one.digest}"))
    profile = checker.rulebook.profiles.get(one.profile)
    try:
        specification = profile.specification if profile else None
        checked = checker.checked(NamedNode(one.iri), graph, specification, one.said, one.today, one.changed)
    except BadInput as error:
        return Rejected(one.iri, error.what, error.remedy)
    report, label = checked.report, checked.label
    records = Records(checker.minted, checker.rulebook)
    skolem = Skolem(checker.minted.genid(one.iri), canonical=True)
    judged = records.judged(one.iri, report, label, checked.verdicts, skolem)
    if records.judgement(judged) == one.judgement:
        return Same(report.conforms, label.stars)
    told = serialise(records.told(one.iri, judged), N_TRIPLES)
    found = entry(graph, one.source, label, report, checker.rulebook, one.changed)
    return Judged(report.conforms, label.stars, told, found)
