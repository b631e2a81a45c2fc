"""What holders, tools and access bodies said about datasets: one graph a dataset in the store, and it only grows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from catalogue.assessing_rdf import (
    Assessment,
    Ruled,
    assessment_graph,
    assessments,
    measurement_iri,
    ruling_graph,
    rulings,
)
from catalogue.graphs import Graph, Literal, NamedNode, Quad, Triple
from catalogue.literals import moment, truth
from catalogue.names import CAT, OA, PROV, RDF, Minted
from catalogue.ports import Store
from catalogue.quality import Answer, Said
from catalogue.queries import query


@dataclass(frozen=True, slots=True)
class Received:
    """One assessment or ruling and how it came in."""

    said: Assessment | Ruled
    received: datetime
    submitted_by: str
    """IRI of who handed it in."""
    original: str
    """Digest under which the document lies in the archive."""
    media_type: str

    @property
    def iri(self) -> str:
        """Its name in the store."""
        return self.said.iri if isinstance(self.said, Assessment) else self.said.ruling.iri


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a link to evidence."""

    link: str
    when: datetime
    problem: str
    """Why it did not answer; empty when it did."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was ever said about one dataset, oldest first; nothing is ever taken out."""

    received: tuple[Received, ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def dead(self) -> Mapping[str, str]:
        """The links that did not answer when they were last looked at, and why."""
        newest = {look.link: look.problem for look in self.looks}
        return {link: problem for link, problem in newest.items() if problem}

    @property
    def links(self) -> frozenset[str]:
        """Every link to evidence."""
        return frozenset(link for one in self.received for answer in _answers(one) for link in answer.evidence)

    @property
    def said(self) -> Said:
        """What the label is reckoned from."""
        dead = self.dead
        answers = (
            replace(one, received=each.received, dead=tuple(link for link in one.evidence if link in dead))
            for each in self.received
            for one in _answers(each)
        )
        ruled = (
            replace(one.said.ruling, received=one.received) for one in self.received if isinstance(one.said, Ruled)
        )
        return Said(tuple(answers), tuple(ruled))

    def holds(self, original: str) -> Received | None:
        """The first that came from a document of this digest."""
        return next((one for one in self.received if one.original == original), None)


def _answers(one: Received) -> tuple[Answer, ...]:
    return one.said.answers if isinstance(one.said, Assessment) else ()


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads what was said. A dataset about which nobody said anything costs nothing where many are asked for."""

    store: Store
    minted: Minted

    def assessed(self) -> frozenset[str]:
        """The datasets about which something was handed in."""
        return frozenset(row["dataset"].value for row in self.store.select(query("assessed")))

    def history(self, dataset: str) -> History:
        """Everything that was ever said about a dataset."""
        return history_of(self.store.graph(self.minted.assessments(dataset)))

    def said(self, dataset: str) -> Said:
        """What the label of a dataset is reckoned from."""
        return self.history(dataset).said

    def said_of(self, datasets: Collection[str]) -> dict[str, Said]:
        """The same for those of many datasets that have any; one query, and one reading of the few graphs."""
        if not datasets:
            return {}
        assessed = self.assessed()
        some = [dataset for dataset in datasets if dataset in assessed] if assessed else []
        if not some:
            return {}
        graphs = self.store.graphs([self.minted.assessments(dataset) for dataset in some])
        return {dataset: history_of(graph).said for dataset, graph in zip(some, graphs, strict=True)}


def history_of(triples: Iterable[Triple]) -> History:
    """The history that a graph of :meth:`catalogue.names.Minted.assessments` holds."""
    graph = Graph(triples)
    found = [_received(graph, one) for one in assessments(graph)]
    found += [_received(graph, one) for one in rulings(graph)]
    looks = [
        Look(
            link=link.value,
            when=datetime.fromisoformat(graph.text(node, PROV.generatedAtTime) or ""),
            problem=graph.text(node, CAT.problem) or "",
        )
        for node in graph.instances(CAT.LinkCheck)
        if (link := graph.value(node, CAT.link)) is not None
    ]
    return History(
        tuple(sorted(found, key=lambda one: (one.received, one.iri))),
        tuple(sorted(looks, key=lambda look: (look.when, look.link))),
    )


def _received(graph: Graph, said: Assessment | Ruled) -> Received:
    node = NamedNode(said.iri if isinstance(said, Assessment) else said.ruling.iri)
    by = graph.value(node, CAT.submittedBy)
    return Received(
        said=said,
        received=datetime.fromisoformat(graph.text(node, CAT.received) or ""),
        submitted_by="" if by is None else str(by.value),
        original=graph.text(node, CAT.original) or "",
        media_type=graph.text(node, CAT.mediaType) or "",
    )


# --- writing ----------------------------------------------------------------------------------------------------------


def named(said: Assessment | Ruled, iri: str) -> Assessment | Ruled:
    """The same under a name of ours, so that no document can write over what another said."""
    if isinstance(said, Ruled):
        return replace(said, ruling=replace(said.ruling, iri=iri))
    answers = tuple(replace(one, iri=measurement_iri(iri, one.criterion)) for one in said.answers)
    return replace(said, iri=iri, answers=answers)


def received_quads(one: Received, minted: Minted) -> Iterator[Quad]:
    """What is appended for one assessment or ruling that came in."""
    said = one.said
    dataset = said.dataset
    home, me = NamedNode(minted.assessments(dataset)), NamedNode(one.iri)
    graph = assessment_graph(said) if isinstance(said, Assessment) else ruling_graph(said)
    graph.add(me, CAT.received, moment(one.received))
    graph.add(me, CAT.submittedBy, NamedNode(one.submitted_by))
    graph.add(me, CAT.original, Literal(one.original))
    graph.add(me, CAT.mediaType, Literal(one.media_type))
    for triple in graph:
        yield Quad(triple.subject, triple.predicate, triple.object, home)


def look_quads(looks: Iterable[Look], dataset: str, minted: Minted, stamp: str) -> Iterator[Quad]:
    """What is appended for looks at links of one dataset at one moment."""
    home = NamedNode(minted.assessments(dataset))
    for number, look in enumerate(looks, 1):
        me = NamedNode(f"{home.value}#look-{stamp}-{number}")
        yield Quad(me, RDF.type, CAT.LinkCheck, home)
        yield Quad(me, OA.hasTarget, NamedNode(dataset), home)
        yield Quad(me, CAT.link, NamedNode(look.link), home)
        yield Quad(me, PROV.generatedAtTime, moment(look.when), home)
        yield Quad(me, CAT.answered, truth(not look.problem), home)
        if look.problem:
            yield Quad(me, CAT.problem, Literal(look.problem), home)
