"""What came of a visit to a node, out of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import isodate

from catalogue.graphs import Graph, NamedNode, Node, Triple
from catalogue.model import Rejected
from catalogue.names import CAT, DCAT, DCT, PROV, RDF, Minted
from catalogue.ports import Store
from catalogue.queries import query

COUNTS = ("stored", "unchanged", "missing", "withdrawn", "rejected")
GRACE = timedelta(days=14)
"""Unless the node file says otherwise."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule or field, and in how many new or changed datasets."""

    name: str
    datasets: int


@dataclass(frozen=True, slots=True)
class Absent:
    """A dataset that the node no longer gives."""

    dataset: str
    since: datetime
    until: datetime
    """From then on a visit withdraws it."""


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What came of one visit."""

    iri: str
    node: str
    node_title: str
    contact: str
    """``mailto:`` IRI or empty."""
    started: datetime
    ended: datetime | None
    complete: bool
    problem: str
    counts: Mapping[str, int]
    """By the names in :data:`COUNTS`."""
    rejected: Sequence[Rejected]
    """As many as the store keeps; the count is whole."""
    broken: Sequence[Counted]
    """Mandatory rules by IRI, most datasets first."""
    unmapped: Sequence[Counted]
    """Source fields, most datasets first."""
    absent: Sequence[Absent]
    """Datasets that are missing now, whichever visit missed them first."""

    @property
    def calm(self) -> bool:
        """Nothing asks the owner to do anything."""
        return self.complete and not (self.problem or self.rejected or self.broken or self.absent)


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits in a store."""

    store: Store
    minted: Minted

    def find(self, iri: str) -> VisitReport | None:
        """The report of one visit; None when there was none of that IRI."""
        rows = self.store.select(query("visit"), visit=NamedNode(iri))
        graph = Graph(Triple(row["subject"], row["predicate"], row["object"]) for row in rows)  # type: ignore[arg-type]
        me = NamedNode(iri)
        node = graph.value(me, PROV.used)
        if not isinstance(node, NamedNode) or CAT.Visit not in graph.objects(me, RDF.type):
            return None
        settings = Graph(self.store.graph(self.minted.settings(node.value)))
        contact = settings.value(node, DCAT.contactPoint)
        ended = graph.text(me, PROV.endedAtTime)
        return VisitReport(
            iri=iri,
            node=node.value,
            node_title=settings.text(node, DCT.title, "en") or node.value.rsplit("/", 1)[-1],
            contact=contact.value if isinstance(contact, NamedNode) else "",
            started=datetime.fromisoformat(graph.text(me, PROV.startedAtTime) or ""),
            ended=datetime.fromisoformat(ended) if ended else None,
            complete=graph.text(me, CAT.complete) == "true",
            problem=graph.text(me, CAT.problem) or "",
            counts={name: int(graph.text(me, NamedNode(CAT.iri + name)) or 0) for name in COUNTS},
            rejected=tuple(_rejected(graph, one) for one in _parts(graph, me, CAT.rejection)),
            broken=_counted(graph, me, CAT.broken, CAT.rule),
            unmapped=_counted(graph, me, CAT.unmapped, CAT.field),
            absent=tuple(self._absent(node.value, settings)),
        )

    def latest(self, node: str) -> VisitReport | None:
        """The report of the last visit to a node, given its IRI."""
        rows = self.store.select(query("visits"), node=NamedNode(node))
        return self.find(str(rows[0]["visit"].value)) if rows else None

    def _absent(self, node: str, settings: Graph) -> list[Absent]:
        period = settings.text(NamedNode(node), CAT.gracePeriod)
        grace = isodate.parse_duration(period) if period else GRACE
        found = []
        for triple in self.store.graph(node + "/state"):
            if triple.predicate == CAT.missingSince:
                since = datetime.fromisoformat(str(triple.object.value))  # type: ignore[union-attr]
                found.append(Absent(str(triple.subject.value), since, since + grace))  # type: ignore[union-attr]
        return sorted(found, key=lambda one: (one.until, one.dataset))


def _parts(graph: Graph, me: NamedNode, link: NamedNode) -> list[Node]:
    """The parts of a visit in the order in which they were counted."""
    found = [one for one in graph.objects(me, link) if isinstance(one, NamedNode)]
    return [*sorted(found, key=lambda one: int(one.value.rpartition("-")[2]))]


def _rejected(graph: Graph, one: Node) -> Rejected:
    where, problem, remedy = (graph.text(one, predicate) or "" for predicate in (CAT.location, CAT.problem, CAT.remedy))
    return Rejected(where, problem, remedy)


def _counted(graph: Graph, me: NamedNode, link: NamedNode, key: NamedNode) -> tuple[Counted, ...]:
    return tuple(
        Counted(str(what.value), int(graph.text(one, CAT.datasets) or 0))
        for one in _parts(graph, me, link)
        if (what := graph.value(one, key)) is not None
    )
