"""Mends a whole document: converts it to the current release, repairs what can be repaired, and writes it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from catalogue.editing import Edit
from catalogue.errors import BadInput
from catalogue.graphs import (
    ALIASES,
    FORMATS,
    BlankNode,
    Graph,
    Literal,
    NamedNode,
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
class Mended:
    """A document, mended, and what was done to it."""

    content: bytes
    """In the syntax asked for; the very bytes that were given when nothing was to be done."""
    release: Release
    converted: tuple[Note, ...]
    """What was converted to the current release."""
    repaired: tuple[Edit, ...]
    """What was repaired because a rule told the right form."""
    before: Sequence[Checked]
    """What the rules said; ``written`` is the report on the document as it was."""
    after: Sequence[Checked]
    """What the rules say about what was written."""


def mend(checker: Checker, content: bytes, media_type: str, where: str, target: str = "") -> Mended:
    """Mend every dataset of a document; catalogues, records and all else are converted but not repaired.

    ``target`` is the media type to write, by default that of the document. Literals, comments aside, stay exactly as
    they are where nothing is mended. Raises :class:`~catalogue.errors.BadRdf` for a syntax error and
    :class:`~catalogue.errors.BadInput` for a document without a dataset or one that the target cannot hold.
    """
    source = ALIASES.get(media_type, media_type)
    target = ALIASES.get(target, target) or source
    before = checker.check(content, media_type, where)
    base = f"relative://{uuid4().hex}/"
    quads = list(_numbered(parse(content, media_type, base=base, where=where)))
    written = Graph(quads)
    current, notes = upgrader().apply(written)
    repaired = Repairer(checker.validator, checker.rulebook, upgrader().rewriter).repair(current)
    release = upgrader().release(written, notes)
    result = content
    if notes or repaired.edits or source != target:
        _refuse_loss(quads, base, target)
        prefixes = _prefixes(declared_prefixes(content, media_type, base), repaired.graph)
        result = _written(_numbered(_homed(repaired.graph, quads)), target, prefixes, base)
    return Mended(result, release, tuple(notes), repaired.edits, before, checker.check(result, target, where))


def _numbered(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Blank nodes are called b1, b2 ... in the order in which they occur; so they are when this is done again."""
    names: dict[BlankNode, BlankNode] = {}

    def name(term: Term) -> Term:
        return names.setdefault(term, BlankNode(f"b{len(names) + 1}")) if isinstance(term, BlankNode) else term

    for quad in quads:
        yield Quad(name(quad.subject), quad.predicate, name(quad.object), quad.graph_name)  # type: ignore[arg-type]


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
    return kept | {name: iri for name, iri in PREFIXES.items() if iri in used - named and name not in kept}


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
