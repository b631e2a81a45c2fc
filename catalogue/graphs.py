"""RDF in memory: terms, a small graph that keeps every lexical form, parsing, writing, digests.

The only module beside ``catalogue.stores`` that touches pyoxigraph. A :class:`Graph` is filled from the parse stream
and therefore keeps datatypes that a triple store would rewrite ("05"^^xsd:integer stays as it is).
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from sys import intern
from typing import IO, Any, TypeAlias

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from catalogue.errors import BadInput, BadRdf
from catalogue.media_types import ALIASES, SUFFIXES, media_type_of
from catalogue.reach import reach
from catalogue.tangles import tangled
from catalogue.xml_check import check_xml

__all__ = [
    "ALIASES",
    "FORMATS",
    "SUFFIXES",
    "BlankNode",
    "Canonical",
    "Graph",
    "Literal",
    "NamedNode",
    "Node",
    "Quad",
    "Skolem",
    "Term",
    "Triple",
    "declared_prefixes",
    "digest",
    "media_type_of",
    "parse",
    "serialise",
    "solutions",
]

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal

FEW_LINKS = 6
"""Links between the blank nodes of a graph that can make no trouble, however alike they are."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_BOM = b"\xef\xbb\xbf"

FORMATS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


class Graph:
    """The triples of one description. Insertion order is kept; duplicates are dropped."""

    __slots__ = ("_inverse", "_out")

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self._out: dict[Node, dict[str, list[Term]]] = {}
        self._inverse: dict[str, dict[Term, list[Node]]] = {}
        self._fill(triples)

    def _fill(self, triples: Iterable[Triple | Quad]) -> None:
        """Fill an empty graph. A document may have millions of triples, so nothing is compared one by one."""
        out: dict[Any, dict[str, list[Any]]] = self._out
        last: object = None
        properties: dict[str, list[Any]] = {}
        for triple in triples:
            subject = triple.subject
            if subject != last:
                last = subject
                known = out.get(subject)
                if known is None:
                    known = out[subject] = {}
                properties = known
            key = intern(triple.predicate.value)
            values = properties.get(key)
            if values is None:
                properties[key] = [triple.object]
            else:
                values.append(triple.object)
        for properties in out.values():
            for values in properties.values():
                if len(values) > 1:
                    values[:] = dict.fromkeys(values)

    def add(self, subject: Node, predicate: NamedNode, obj: Term) -> None:
        """Add one triple; adding it twice is the same as adding it once."""
        properties = self._out.get(subject)
        if properties is None:
            properties = self._out[subject] = {}
        key = predicate.value
        values = properties.get(key)
        if values is None:
            properties[key] = [obj]
        elif obj not in values:
            values.append(obj)
        if self._inverse:
            self._inverse.clear()

    def update(self, triples: Iterable[Triple | Quad]) -> None:
        """Add many triples."""
        if isinstance(triples, Graph):
            self._merge(triples)
            return
        for triple in triples:
            self.add(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]

    def _merge(self, other: Graph) -> None:
        for subject, theirs in other._out.items():
            ours = self._out.setdefault(subject, {})
            for predicate, values in theirs.items():
                held = ours.setdefault(predicate, [])
                held.extend(values if not held else [value for value in values if value not in held])
        self._inverse.clear()

    def remove(self, subject: Node, predicate: NamedNode) -> None:
        """Drop all values of one property."""
        self._out.get(subject, {}).pop(predicate.value, None)
        self._inverse.clear()

    def __iter__(self) -> Iterator[Triple]:
        for subject, properties in self._out.items():
            for predicate, values in properties.items():
                node = _predicate(predicate)
                for obj in values:
                    yield Triple(subject, node, obj)

    def quads(self) -> Iterator[Quad]:
        """The same triples as quads of the default graph."""
        for subject, properties in self._out.items():
            for predicate, values in properties.items():
                node = _predicate(predicate)
                for obj in values:
                    yield Quad(subject, node, obj)

    def __len__(self) -> int:
        return sum(len(values) for properties in self._out.values() for values in properties.values())

    def __contains__(self, subject: object) -> bool:
        return subject in self._out

    @property
    def nodes(self) -> Iterable[Node]:
        """Every subject."""
        return self._out.keys()

    def outgoing(self, subject: Term) -> Mapping[str, list[Term]]:
        """All properties of a subject by predicate IRI; empty for an unknown one or a literal."""
        return self._out.get(subject, _EMPTY)  # type: ignore[arg-type]

    def objects(self, subject: Term, predicate: NamedNode) -> Sequence[Term]:
        """The values of one property, in the order they were added."""
        return self.outgoing(subject).get(predicate.value, ())

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of one property, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def text(self, subject: Term, predicate: NamedNode, *languages: str) -> str | None:
        """The literal in the first of ``languages`` that is there, else any literal, else None."""
        literals = [o for o in self.objects(subject, predicate) if isinstance(o, Literal)]
        for language in languages:
            for literal in literals:
                if (literal.language or "").split("-")[0] == language:
                    return str(literal.value)
        return str(literals[0].value) if literals else None

    def subjects(self, predicate: NamedNode, obj: Term) -> Sequence[Node]:
        """The subjects that have ``obj`` as a value of ``predicate``."""
        return self.inverse(predicate.value).get(obj, ())

    def inverse(self, predicate: str) -> Mapping[Term, list[Node]]:
        """Subjects by object for one predicate IRI; built on first use."""
        index = self._inverse.get(predicate)
        if index is None:
            index = defaultdict(list)
            for subject, properties in self._out.items():
                for obj in properties.get(predicate, ()):
                    index[obj].append(subject)
            self._inverse[predicate] = index
        return index

    def instances(self, rdf_class: NamedNode) -> Sequence[Node]:
        """The nodes that carry this ``rdf:type``."""
        return self.inverse(RDF_TYPE).get(rdf_class, ())

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        members: list[Term] = []
        while isinstance(head, (NamedNode, BlankNode)) and head in self._out:
            first = self.value(head, _FIRST)
            if first is None or len(members) > 10_000:
                break
            members.append(first)
            head = self.value(head, _REST) or _NIL
        return members

    def described(self, root: Node, boundary: frozenset[Node] = frozenset()) -> Graph:
        """What is said about ``root`` and, step by step, about everything it points to, stopping at ``boundary``."""
        part = Graph()

        def links(subject: Node) -> Iterable[Node] | None:
            properties = self._out.get(subject)
            if properties is None:
                return None
            part._out[subject] = {predicate: values.copy() for predicate, values in properties.items()}
            return [o for values in properties.values() for o in values if type(o) is not Literal and o in self._out]

        for _ in reach(root, links, boundary):
            pass
        return part


_predicate = lru_cache(maxsize=10_000)(NamedNode)
_EMPTY: Mapping[str, list[Term]] = {}
_FIRST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
_REST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
_NIL = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")


def solutions(content: bytes, where: str = "") -> Iterator[Mapping[str, Term]]:
    """The rows of a SELECT in the SPARQL 1.1 Query Results JSON Format, by variable; one without value is absent.

    Raises :class:`BadRdf` for anything else.
    """
    try:
        found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise SyntaxError("an answer to ASK")
        names = [variable.value for variable in found.variables]
        for row in found:
            yield {name: row[name] for name in names if row[name] is not None}
    except (SyntaxError, ValueError) as error:
        raise BadRdf(
            f"not the JSON of SPARQL query results: {error}",
            where=where,
            remedy="check that a SPARQL endpoint is there",
        ) from error


def parse(content: bytes | IO[bytes], media_type: str, *, base: str | None = None, where: str = "") -> Iterator[Quad]:
    """The quads of a document, as written; one in a file that can be rewound is never held in memory as a whole.

    Raises :class:`BadRdf` with line and column for a syntax error, at the point of iteration.
    """
    rdf_format = FORMATS.get(ALIASES.get(media_type, media_type))
    if rdf_format is None:
        raise BadRdf(
            f"{media_type!r} is not an RDF syntax we read",
            where=where,
            remedy="use one of " + ", ".join(FORMATS),
        )
    content = content.removeprefix(_BOM) if isinstance(content, bytes) else content
    try:
        if rdf_format == ox.RdfFormat.RDF_XML:
            check_xml(content, where)
        if not isinstance(content, bytes):
            _rewind(content)
        yield from ox.parse(content, format=rdf_format, base_iri=base)
    except SyntaxError as error:
        place = f"{where} line {error.lineno} column {error.offset}" if error.lineno else where
        raise BadRdf(
            f"not valid {rdf_format.name}: {error.msg}", where=place, remedy="mend the syntax at that place"
        ) from error
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise BadRdf(
            f"not valid {rdf_format.name}: {error}", where=where, remedy="check the syntax and the encoding (UTF-8)"
        ) from error


def _rewind(content: IO[bytes]) -> None:
    """To the first byte behind a byte order mark."""
    content.seek(0)
    if content.read(len(_BOM)) != _BOM:
        content.seek(0)


def declared_prefixes(content: bytes, media_type: str, base: str | None = None) -> Mapping[str, str]:
    """The prefixes of a document that :func:`parse` can read."""
    rdf_format = FORMATS[ALIASES.get(media_type, media_type)]
    parser = ox.parse(content.removeprefix(_BOM), format=rdf_format, base_iri=base)
    deque(parser, maxlen=0)
    return parser.prefixes


class Canonical:
    """A graph in canonical form (RDFC-1.0, https://www.w3.org/TR/rdf-canon/): equal graphs give equal bytes."""

    def __init__(self, graph: Graph) -> None:
        """Raises :class:`~catalogue.errors.BadInput` for a graph whose blank nodes would take exponential time."""
        if _tangled(graph):
            raise BadInput(
                "the blank nodes are too many and too alike to be told apart",
                where=f"a graph of {len(graph)} triples",
                remedy="give them IRIs, or properties in which they differ",
            )
        self._dataset = ox.Dataset(graph.quads())
        self._dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    @cached_property
    def content(self) -> bytes:
        """Canonical N-Quads, sorted."""
        text = ox.serialize(self._dataset, format=ox.RdfFormat.N_QUADS) or b""
        return b"".join(sorted(text.splitlines(keepends=True)))

    @cached_property
    def graph(self) -> Graph:
        """The same graph, its blank nodes named c14n0, c14n1 ..., in the order of :attr:`content`."""
        return Graph(parse(self.content, "application/n-quads"))


def _tangled(graph: Graph) -> bool:
    links = [
        (subject, predicate, obj)
        for subject in graph.nodes
        if type(subject) is BlankNode
        for predicate, values in graph.outgoing(subject).items()
        for obj in values
        if type(obj) is BlankNode
    ]
    return len(links) > FEW_LINKS and tangled(links, _looks(graph))


def _looks(graph: Graph) -> dict[Hashable, Hashable]:
    """What is said about each blank node, other blank nodes left out."""
    said: dict[Hashable, list[tuple[str, str]]] = defaultdict(list)
    for subject in graph.nodes:
        blank = type(subject) is BlankNode
        for predicate, values in graph.outgoing(subject).items():
            for obj in values:
                if type(obj) is not BlankNode:
                    if blank:
                        said[subject].append((predicate, str(obj)))
                elif not blank:
                    said[obj].append((predicate, str(subject)))
    return {node: tuple(sorted(what)) for node, what in said.items()}


def digest(content: bytes) -> str:
    """``sha256:<hex>`` of some bytes; of canonical bytes it is the RDFC-1.0 digest of the graph."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Skolem:
    """Names blank nodes ``<prefix>1``, ``<prefix>2`` ... so that they can be cited, replaced and sent to any store.

    With ``canonical`` it is the prefix and their own label, which must be that of the canonical form: then the name
    does not depend on the order in which they are met.
    """

    def __init__(self, prefix: str, *, canonical: bool = False) -> None:
        self._prefix, self._canonical = prefix, canonical
        self._names: dict[BlankNode, NamedNode] = {}

    def __call__(self, term: Term) -> Term:
        """The name of a blank node, the same each time; any other term as it is."""
        if type(term) is not BlankNode:
            return term
        name = self._names.get(term)
        if name is None:
            label = term.value if self._canonical else str(len(self._names) + 1)
            name = self._names[term] = NamedNode(self._prefix + label)
        return name

    def quads(self, graph: Graph, name: str) -> list[Quad]:
        """A graph as quads of the named graph ``name``."""
        home, quads = NamedNode(name), []
        for subject, properties in graph._out.items():
            node = self(subject)
            for predicate, values in properties.items():
                property_ = _predicate(predicate)
                for value in values:
                    term = value if type(value) is not BlankNode else self(value)
                    quads.append(Quad(node, property_, term, home))  # type: ignore[arg-type]
        return quads


def serialise(triples: Iterable[Triple | Quad], media_type: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Write triples in one of :data:`FORMATS`; subjects are kept together."""
    rdf_format = FORMATS[media_type]
    statements: Any = triples
    if not rdf_format.supports_datasets:
        statements = (Triple(t.subject, t.predicate, t.object) for t in triples)
    return ox.serialize(statements, format=rdf_format, prefixes=dict(prefixes or {})) or b""
