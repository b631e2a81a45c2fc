"""Reads older namespaces, hosts and forms of IRIs as the current ones, by ``vocab/crosswalks/namespaces.ttl``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from catalogue.errors import BadRdf
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term, Triple, parse
from catalogue.model import Note, NoteKind
from catalogue.names import CAT
from catalogue.resources import read_files

TABLE = "https://w3id.org/ehds-catalogue/crosswalk/namespaces"
_DEPTH = 4
"""Rewritings one IRI may pass through: an old namespace, then a renamed term in the current one."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One entry of the table."""

    iri: str
    start: str
    """What the IRI begins with, or is, before."""
    to: str
    whole: bool
    """Only an IRI that is ``start`` and nothing more."""
    value_of: str
    """Only where the IRI is a value of this property; empty for everywhere."""

    def applies(self, iri: str, predicate: str) -> bool:
        """Whether this entry speaks of ``iri`` as a value of ``predicate``."""
        if self.value_of and self.value_of != predicate:
            return False
        return iri == self.start if self.whole else iri.startswith(self.start)


class Normaliser:
    """Rewrites the IRIs of a description."""

    def __init__(self, rewritings: Sequence[Rewriting]) -> None:
        self._rewritings = tuple(rewritings)
        self._length = min(len(rewriting.start) for rewriting in rewritings)
        self._stems: dict[str, list[Rewriting]] = defaultdict(list)
        """By what the old IRIs begin with: one look-up passes over nearly all IRIs."""
        for rewriting in rewritings:
            self._stems[rewriting.start[: self._length]].append(rewriting)

    def forms(self, term: NamedNode) -> list[NamedNode]:
        """A term and every older form that is rewritten to it."""
        iri = term.value
        older = [r.start + iri.removeprefix(r.to) for r in self._rewritings if not r.whole and iri.startswith(r.to)]
        return [term, *map(NamedNode, older)]

    def iri(self, iri: str, predicate: str = "") -> tuple[str, str]:
        """The current form of an IRI and the entries of the table that led there, both empty when it is current."""
        current, reasons = iri, []
        for _ in range(_DEPTH):
            candidates = self._stems.get(current[: self._length], ())
            found = next((r for r in candidates if r.applies(current, predicate)), None)
            if found is None:
                break
            current = found.to + current.removeprefix(found.start)
            reasons.append(found.iri)
        return (current, " ".join(reasons)) if reasons else ("", "")

    def apply(self, graph: Graph, names: Mapping[BlankNode, NamedNode]) -> tuple[Graph, list[Note]]:
        """The graph in current forms, its blank nodes in ``names`` replaced, and a note for each IRI rewritten.

        Raises :class:`~catalogue.errors.BadRdf` for a triple used as a value (RDF 1.2), which no vocabulary here uses.
        """
        old = self._old(graph)
        if not old and not names:
            return graph, []
        return Graph(_renamed(graph, old, names)), _notes(old)

    def _old(self, graph: Graph) -> dict[tuple[str, str], tuple[str, str]]:
        """(IRI, property it is a value of; empty for a subject or property) -> (current form, reasons)."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        stems, length = self._stems, self._length
        for subject in graph.nodes:
            if subject.value[:length] in stems and type(subject) is NamedNode:
                found[subject.value, ""] = self.iri(subject.value)
            for predicate, values in graph.outgoing(subject).items():
                if predicate[:length] in stems:
                    found[predicate, ""] = self.iri(predicate)
                for value in values:
                    kind = type(value)
                    if kind is NamedNode:
                        if value.value[:length] in stems:
                            found[value.value, predicate] = self.iri(value.value, self.iri(predicate)[0] or predicate)
                    elif kind is not Literal and kind is not BlankNode:
                        raise BadRdf(
                            "a whole triple is used as a value (RDF 1.2), which is not read here",
                            remedy="state the same with an IRI or a blank node",
                        )
        return _with_subjects({key: result for key, result in found.items() if result[0]}, graph)


def _with_subjects(old: dict[tuple[str, str], tuple[str, str]], graph: Graph) -> dict[tuple[str, str], tuple[str, str]]:
    """What is rewritten as a value is rewritten where it is described, too."""
    for (iri, predicate), result in list(old.items()):
        if predicate and NamedNode(iri) in graph:
            old.setdefault((iri, ""), result)
    return old


def _renamed(
    graph: Graph, old: Mapping[tuple[str, str], tuple[str, str]], names: Mapping[BlankNode, NamedNode]
) -> list[Triple]:
    def node(term: Term, predicate: str) -> Term:
        if isinstance(term, NamedNode):
            new = old.get((term.value, predicate))
            return term if new is None else NamedNode(new[0])
        return names.get(term, term) if isinstance(term, BlankNode) else term

    triples = []
    for subject in graph.nodes:
        current: Node = node(subject, "")  # type: ignore[assignment]
        for predicate, values in graph.outgoing(subject).items():
            link: NamedNode = node(NamedNode(predicate), "")  # type: ignore[assignment]
            triples += [Triple(current, link, node(value, predicate)) for value in values]
    return triples


def _notes(old: Mapping[tuple[str, str], tuple[str, str]]) -> list[Note]:
    notes = {
        iri: Note(NoteKind.REPAIRED, predicate or iri, raw=iri, result=new, reason=reason)
        for (iri, predicate), (new, reason) in sorted(old.items())
    }
    return list(notes.values())


@cache
def normaliser() -> Normaliser:
    """The one of this installation.

    Raises :class:`~catalogue.errors.ConfigurationError` when the folder of crosswalks is missing.
    """
    path = "vocab/crosswalks/namespaces.ttl"
    graph = Graph(parse(read_files("vocab/crosswalks")[path], "text/turtle", base=TABLE, where=path))
    return Normaliser(
        [
            Rewriting(
                iri=str(entry.value),
                start=graph.text(entry, CAT["from"]) or "",
                to=graph.text(entry, CAT.to) or "",
                whole=graph.text(entry, CAT.whole) == "true",
                value_of=next((str(p.value) for p in graph.objects(entry, CAT.valueOf)), ""),
            )
            for entry in graph.objects(NamedNode(TABLE), CAT.rewriting)
        ]
    )
