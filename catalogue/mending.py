"""Mends a whole document: converts it to the current release, repairs what can be repaired, and writes it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from catalogue.errors import BadInput
from catalogue.graphs import (
    ALIASES,
    FORMATS,
    BlankNode,
    Graph,
    Literal,
    NamedNode,
    Node,
    Quad,
    Term,
    declared_prefixes,
    parse,
    serialise,
)
from catalogue.model import Note
from catalogue.names import PREFIXES
from catalogue.publish import Checked, Checker
from catalogue.repair import Repairer
from catalogue.upgrade import Release, upgrader

_WITHOUT_RELATIVE = ("application/n-triples", "application/n-quads")
_WITH_GRAPHS = ("application/n-quads", "application/trig", "application/ld+json")


@dataclass(frozen=True, slots=True)
class Change:
    """One repair."""

    where: str
    """IRI or blank node that it is about, as in the document that was written."""
    note: Note


@dataclass(frozen=True, slots=True)
class Mended:
    """A document, mended, and what was done to it."""

    content: bytes
    """In the syntax asked for; the very bytes that were given when nothing was to be done."""
    release: Release
    converted: tuple[Note, ...]
    """What was converted to the current release."""
    repaired: tuple[Change, ...]
    """What was repaired because a rule told the right form."""
    before: Sequence[Checked]
    """What the rules said; ``written`` is the report on the document as it was."""
    after: Sequence[Checked]
    """What the rules say about what was written."""


def mend(
    checker: Checker, content: bytes, media_type: str, where: str, target: str = "", specification: str | None = None
) -> Mended:
    """Mend every dataset of a document; catalogues, records and all else are converted but not repaired.

    ``target`` is the media type to write, by default that of the document; ``specification`` is what
    :meth:`~catalogue.publish.Checker.check` takes. Literals, comments aside, stay exactly as
    they are where nothing is mended. Raises :class:`~catalogue.errors.BadRdf` for a syntax error and
    :class:`~catalogue.errors.BadInput` for a document without a dataset or one that the target cannot hold.
    """
    source = ALIASES.get(media_type, media_type)
    target = ALIASES.get(target, target) or source
    before = checker.check(content, media_type, where, specification)
    base = f"relative://{uuid4().hex}/"
    names = _Names()
    quads = list(names.first(parse(content, media_type, base=base, where=where)))
    written = Graph(quads)
    current, notes = upgrader().apply(written)
    repaired = Repairer(checker.validator, checker.rulebook, upgrader().rewriter, specification).repair(current)
    result = content
    if notes or repaired.edits or source != target:
        _refuse_loss(quads, base, target)
        prefixes = _prefixes(declared_prefixes(content, media_type, base), repaired.graph)
        result = _written(names.again(_homed(repaired.graph, quads)), target, prefixes, base)
    return Mended(
        content=result,
        release=upgrader().release(written, notes),
        converted=tuple(_relative(note, base) for note in notes),
        repaired=tuple(Change(_where(edit.focus, base), _relative(edit.note, base)) for edit in repaired.edits),
        before=before,
        after=checker.check(result, target, where, specification),
    )


def _where(node: Node, base: str) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else str(node.value).removeprefix(base)


def _relative(note: Note, base: str) -> Note:
    return replace(note, raw=note.raw.replace(base, ""), result=note.result.replace(base, ""))


class _Names:
    """Blank nodes are called b1, b2 ... in the order in which they occur, the same when a document is mended again."""

    def __init__(self) -> None:
        self._names: dict[BlankNode, BlankNode] = {}

    def first(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """A document as it was read, its blank nodes named."""
        return (_with_terms(quad, self._name) for quad in quads)

    def again(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """The document later on: what is new is named, too."""
        given = set(self._names.values())
        return (_with_terms(quad, lambda term: term if term in given else self._name(term)) for quad in quads)

    def _name(self, term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return self._names.setdefault(term, BlankNode(f"b{len(self._names) + 1}"))


def _with_terms(quad: Quad, name: Callable[[Term], Term]) -> Quad:
    return Quad(name(quad.subject), quad.predicate, name(quad.object), quad.graph_name)  # type: ignore[arg-type]


def _homed(graph: Graph, quads: Sequence[Quad]) -> Iterator[Quad]:
    """The statements of a graph in the named graphs where they, or else what is said about their subject, stood."""
    homes: dict[object, dict[object, None]] = defaultdict(dict)
    for quad in quads:
        homes[quad.triple][quad.graph_name] = None
        homes[quad.subject].setdefault(quad.graph_name)
    for triple in graph:
        names = homes.get(triple) or dict.fromkeys(list(homes.get(triple.subject, {}))[:1])
        for home in names or [None]:
            yield Quad(triple.subject, triple.predicate, triple.object, *([home] if home is not None else []))  # type: ignore[arg-type]


def _refuse_loss(quads: Sequence[Quad], base: str, target: str) -> None:
    if target not in _WITH_GRAPHS and any(isinstance(quad.graph_name, NamedNode | BlankNode) for quad in quads):
        raise BadInput(
            "the document has named graphs, which this syntax cannot hold",
            where=target,
            remedy="write a file that ends in .trig or .nq",
        )
    iris = (term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, NamedNode))
    if target in _WITHOUT_RELATIVE and any(iri.value.startswith(base) for iri in iris):
        raise BadInput(
            "the document has relative IRIs, which this syntax cannot hold",
            where=target,
            remedy="write a file that ends in .ttl, or give the datasets whole IRIs",
        )


def _written(quads: Iterable[Quad], target: str, prefixes: Mapping[str, str], base: str) -> bytes:
    try:
        content = serialise(quads, target, prefixes)
    except ValueError as error:
        raise BadInput(
            f"this cannot be written in {FORMATS[target].name}: {error}", where=target, remedy="write a .ttl file"
        ) from error
    # The base is random, so this is no text of the document.
    return content.replace(base.encode(), b"")


def _prefixes(declared: Mapping[str, str], graph: Graph) -> dict[str, str]:
    """The prefixes of the document, their namespaces in current form, and ours for what it has no prefix for."""
    used = {_stem(iri) for iri in _iris(graph)}
    current = {name: upgrader().rewriter.iri(iri)[0] or iri for name, iri in declared.items()}
    kept = {name: iri for name, iri in current.items() if iri in used}
    named = set(kept.values())
    ours = {name: iri for name, iri in PREFIXES.items() if iri in used - named and name not in kept}
    return kept | ours


def _iris(graph: Graph) -> Iterator[str]:
    for subject in graph.nodes:
        yield from [subject.value] if isinstance(subject, NamedNode) else []
        for predicate, values in graph.outgoing(subject).items():
            yield predicate
            for value in values:
                if isinstance(value, NamedNode):
                    yield value.value
                elif isinstance(value, Literal):
                    yield value.datatype.value


def _stem(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
