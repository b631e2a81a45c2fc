"""Converts descriptions of earlier releases of HealthDCAT-AP to Release 8 and tells which release one was written for.

What is converted and by what a release is recognised is data: ``vocab/crosswalks/namespaces.ttl`` and ``releases.ttl``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from catalogue.conversions import CONVERSIONS, Conversion, Scope
from catalogue.editing import apart, edited
from catalogue.graphs import BlankNode, Graph, NamedNode, Node, parse
from catalogue.model import Note
from catalogue.names import CAT
from catalogue.resources import read_files
from catalogue.rewriting import TABLE as NAMESPACES
from catalogue.rewriting import Normaliser, normaliser

TABLE = "https://w3id.org/ehds-catalogue/crosswalk/releases"
CURRENT = 8
_DECLARED = re.compile(r"healthdcat-ap/releases/release-(\d+)\b")
"""A release that a description says it conforms to."""


@dataclass(frozen=True, slots=True)
class Release:
    """For which releases of HealthDCAT-AP a description may have been written, as far as its terms tell."""

    earliest: int | None = None
    latest: int | None = None

    def __str__(self) -> str:
        """ "7", "7 or earlier", "7 or later", "several" when its terms contradict each other, or nothing."""
        match self.earliest, self.latest:
            case None, None:
                return ""
            case None, latest:
                return f"{latest} or earlier"
            case earliest, None:
                return f"{earliest}" if earliest == CURRENT else f"{earliest} or later"
            case earliest, latest if earliest == latest:
                return f"{latest}"
            case earliest, latest if earliest is not None and latest is not None and earliest > latest:
                return "several"
        return f"{self.earliest} to {self.latest}"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A description in the terms of Release 8."""

    graph: Graph
    notes: tuple[Note, ...]
    """What was changed, one note each; none when the description is the same as before."""
    release: Release
    """What the description was written for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A term that tells releases apart."""

    properties: frozenset[str]
    release: Release


class Upgrader:
    """Converts descriptions and whole documents alike."""

    def __init__(
        self,
        rewriter: Normaliser,
        conversions: Sequence[Conversion],
        marks: Sequence[Mark],
        ages: Mapping[str, Release],
    ) -> None:
        self._rewriter = rewriter
        self._conversions = tuple(conversions)
        self._marks = tuple(marks)
        self._ages = ages
        """The release that an entry of the tables belongs to."""

    @property
    def rewriter(self) -> Normaliser:
        """What reads older forms of IRIs."""
        return self._rewriter

    def apply(self, graph: Graph, names: Mapping[BlankNode, NamedNode] | None = None) -> tuple[Graph, list[Note]]:
        """The graph in the terms of Release 8, its blank nodes in ``names`` replaced, and a note for each change.

        Raises :class:`~catalogue.errors.BadRdf` for a triple used as a value (RDF 1.2), which no vocabulary here uses.
        """
        used = {predicate for node in graph.nodes for predicate in graph.outgoing(node)}
        due = [conversion for conversion in self._conversions if not conversion.watched.isdisjoint(used)]
        edits = apart(edit for conversion in due for edit in conversion.edits(graph))
        current, notes = self._rewriter.apply(edited(graph, edits) if edits else graph, names or {})
        return current, [*dict.fromkeys(edit.note for edit in edits), *notes]

    def upgrade(self, graph: Graph) -> Upgrade:
        """The graph in the terms of Release 8 and what release it was written for. Raises as :meth:`apply` does."""
        current, notes = self.apply(graph)
        return Upgrade(current, tuple(notes), self.release(graph, notes))

    def iri(self, node: Node) -> str:
        """The current form of what a description is about."""
        return self._rewriter.iri(node.value)[0] or str(node.value)

    def release(self, graph: Graph, notes: Iterable[Note]) -> Release:
        """For which release a graph was written, by its terms and by what had to be changed."""
        found = [*self._declared(graph), *self._marked(graph)]
        found += [self._ages[entry] for note in notes for entry in note.reason.split() if entry in self._ages]
        earliest = [release.earliest for release in found if release.earliest]
        latest = [release.latest for release in found if release.latest]
        return Release(max(earliest, default=None), min(latest, default=None))

    def _marked(self, graph: Graph) -> Iterator[Release]:
        used = {predicate for node in graph.nodes for predicate in graph.outgoing(node)}
        return (mark.release for mark in self._marks if not mark.properties.isdisjoint(used))

    def _declared(self, graph: Graph) -> Iterator[Release]:
        conforms = "http://purl.org/dc/terms/conformsTo"
        for node in graph.nodes:
            for value in graph.outgoing(node).get(conforms, ()):
                number = _DECLARED.search(str(value.value))
                if number:
                    yield Release(int(number[1]), int(number[1]))


@cache
def upgrader() -> Upgrader:
    """The one of this installation.

    Raises :class:`~catalogue.errors.ConfigurationError` when the folder of crosswalks is missing.
    """
    files = read_files("vocab/crosswalks")
    table = _read(files["vocab/crosswalks/releases.ttl"], TABLE)
    old = _read(files["vocab/crosswalks/namespaces.ttl"], NAMESPACES)
    rewriter = normaliser()
    entries = table.objects(NamedNode(TABLE), CAT.conversion)
    marks = [_mark(table, entry, rewriter) for entry in table.objects(NamedNode(TABLE), CAT.mark)]
    ages = {
        str(node.value): age for part in (table, old) for node in part.nodes if (age := _age(part, node)) != Release()
    }
    return Upgrader(rewriter, [_conversion(table, entry, rewriter) for entry in entries], marks, ages)


def _read(content: bytes, base: str) -> Graph:
    return Graph(parse(content, "text/turtle", base=base, where=base))


def _conversion(table: Graph, entry: object, rewriter: Normaliser) -> Conversion:
    kind = next(kind for kind in CONVERSIONS if entry in table.instances(CAT[kind]))
    return CONVERSIONS[kind](Scope.read(table, entry, rewriter.forms), table, entry)  # type: ignore[arg-type]


def _mark(table: Graph, entry: object, rewriter: Normaliser) -> Mark:
    properties = table.objects(entry, CAT.ofProperty)  # type: ignore[arg-type]
    forms = frozenset(form.value for one in properties if isinstance(one, NamedNode) for form in rewriter.forms(one))
    return Mark(forms, _age(table, entry))  # type: ignore[arg-type]


def _age(table: Graph, entry: Node) -> Release:
    earliest, latest = table.text(entry, CAT.sinceRelease), table.text(entry, CAT.untilRelease)
    return Release(int(earliest) if earliest else None, int(latest) if latest else None)
