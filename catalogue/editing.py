"""Changes of single statements of a description, each with what it became and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term, Triple
from catalogue.model import Note, NoteKind


class Statement(NamedTuple):
    """One triple as Python values."""

    subject: Node
    predicate: NamedNode
    object: Term


@dataclass(frozen=True, slots=True)
class Edit:
    """Statements that go, statements that come, and how a person is told."""

    focus: Node
    """What the edit is about."""
    note: Note
    removed: tuple[Statement, ...] = ()
    added: tuple[Statement, ...] = ()


def replacing(before: Statement, after: Statement, reason: str, *more: Statement) -> Edit:
    """One statement in the place of another, with others that belong to it."""
    was, became = words(before.object), words(after.object)
    if before.predicate != after.predicate:
        became = _moved(after)
    elif was == became:
        was, became = str(before.object), str(after.object)
    note = Note(NoteKind.REPAIRED, before.predicate.value, was, became, reason)
    return Edit(before.subject, note, (before,), (after, *more))


def edited(graph: Graph, edits: Iterable[Edit]) -> Graph:
    """A graph after some edits; what replaces a statement about the same stands where that stood."""
    chosen = list(edits)
    gone = {statement for edit in chosen for statement in edit.removed}
    instead: dict[Statement, tuple[Statement, ...]] = {}
    appended: list[Statement] = []
    for edit in chosen:
        about = edit.removed[0].subject if edit.removed else None
        if about is not None:
            instead[edit.removed[0]] = tuple(one for one in edit.added if one.subject == about)
        appended += [one for one in edit.added if one.subject != about]
    return Graph([*_kept(graph, gone, instead), *appended])  # type: ignore[list-item]


def apart(edits: Iterable[Edit]) -> Sequence[Edit]:
    """The edits that take away nothing an earlier one has taken."""
    taken: set[Statement] = set()
    kept = []
    for edit in edits:
        if taken.isdisjoint(edit.removed):
            taken.update(edit.removed)
            kept.append(edit)
    return kept


def words(term: Term) -> str:
    """A term as it would be written in Turtle, texts without quotation marks."""
    if isinstance(term, NamedNode):
        return str(term.value)
    return term.value if isinstance(term, Literal) else f"_:{term.value}"


def link(text: str) -> NamedNode | None:
    """A text as an IRI; None when it is none."""
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _moved(triple: Statement) -> str:
    value = "a description" if isinstance(triple.object, BlankNode) else words(triple.object)
    return f"{triple.predicate.value} {value}"


def _kept(graph: Graph, gone: set[Statement], instead: dict[Statement, tuple[Statement, ...]]) -> Iterator[Statement]:
    for statement in statements(graph):
        if statement not in gone:
            yield statement
        else:
            yield from instead.get(statement, ())


def statements(graph: Graph) -> Iterator[Statement]:
    """Every statement of a graph."""
    for subject in graph.nodes:
        for predicate, values in graph.outgoing(subject).items():
            link = NamedNode(predicate)
            yield from (Statement(subject, link, value) for value in values)


def label_blank_nodes(triple: Triple, prefix: str) -> Triple:
    """Give the blank nodes of a triple labels of their own, so that descriptions can stand in one document."""

    def name(term: Term) -> Term:
        return BlankNode(prefix + term.value) if isinstance(term, BlankNode) else term

    return Triple(name(triple.subject), triple.predicate, name(triple.object))  # type: ignore[arg-type]
