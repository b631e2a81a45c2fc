"""Writes RDF as compact JSON-LD 1.1 with prefixes; every literal keeps its exact lexical form.

Written here because pyoxigraph writes only expanded JSON-LD, and rdflib's order changes from run to run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.graphs import RDF_TYPE, BlankNode, Graph, Literal, NamedNode, Node, Quad, Term, Triple

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_SUFFIX = re.compile(r"[A-Za-z_][\w.-]*")


def write(triples: Iterable[Triple | Quad], prefixes: Mapping[str, str], first: str = "") -> bytes:
    """A document with ``@context`` and ``@graph``; the node ``first`` comes first, blank nodes used once are nested."""
    graph = triples if isinstance(triples, Graph) else Graph(triples)
    writer = _Writer(graph, prefixes)
    roots = [node for node in graph.nodes if node not in writer.nested]
    roots.sort(key=lambda node: node.value != first)
    nodes = [writer.node(root) for root in roots]
    document = {"@context": dict(sorted(writer.used.items())), "@graph": nodes}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


class _Writer:
    def __init__(self, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self.graph = graph
        schemes = _schemes(graph)
        usable = [(prefix, namespace) for prefix, namespace in prefixes.items() if prefix not in schemes]
        self.prefixes = sorted(usable, key=lambda pair: -len(pair[1]))
        self.used: dict[str, str] = {}
        self.short: dict[str, str] = {}
        self.nested = self._nested()

    def _nested(self) -> set[Node]:
        """Blank nodes with one reference, on no cycle."""
        references: dict[BlankNode, list[Triple]] = {}
        for triple in self.graph:
            if isinstance(triple.object, BlankNode):
                references.setdefault(triple.object, []).append(triple)
        once: dict[Node, Node] = {
            node: found[0].subject  # type: ignore[misc]
            for node, found in references.items()
            if len(found) == 1 and found[0].predicate.value != RDF_TYPE and node in self.graph
        }
        return {node for node in once if self._rooted(node, once)}

    @staticmethod
    def _rooted(node: Node, parent: Mapping[Node, Node]) -> bool:
        seen = {node}
        while node in parent:
            node = parent[node]
            if node in seen or len(seen) > 50:
                return False
            seen.add(node)
        return True

    def node(self, subject: Node) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if subject not in self.nested:
            said["@id"] = self._id(subject)
        properties = self.graph.outgoing(subject)
        for predicate in sorted(properties, key=lambda predicate: predicate != RDF_TYPE):
            objects = properties[predicate]
            if predicate == RDF_TYPE and not any(isinstance(o, Literal) for o in objects):
                said["@type"] = _one_or_all(
                    [self._id(o) if isinstance(o, BlankNode) else self._compact(o.value) for o in objects]
                )
            else:
                said[self._compact(predicate)] = _one_or_all([self._value(o) for o in objects])
        return said

    def _value(self, term: Term) -> Any:
        if isinstance(term, Literal):
            if term.language:
                return {"@value": term.value, "@language": term.language}
            if term.datatype.value == _XSD_STRING:
                return term.value
            return {"@value": term.value, "@type": self._compact(term.datatype.value)}
        if term in self.nested:
            return self.node(term)
        return {"@id": self._id(term)}

    def _id(self, term: NamedNode | BlankNode) -> str:
        return f"_:{term.value}" if isinstance(term, BlankNode) else term.value

    def _compact(self, iri: str) -> str:
        short = self.short.get(iri)
        if short is None:
            short = self.short[iri] = self._shortened(iri)
        return short

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self.prefixes:
            rest = iri.removeprefix(namespace)
            if rest != iri and _SUFFIX.fullmatch(rest):
                self.used[prefix] = namespace
                return f"{prefix}:{rest}"
        return iri


def _schemes(graph: Graph) -> set[str]:
    """IRI schemes in the graph; a prefix of the same name would be taken for it."""
    terms = {term for triple in graph for term in (triple.subject, triple.predicate, triple.object)}
    datatypes = {term.datatype for term in terms if isinstance(term, Literal)}
    return {term.value.partition(":")[0] for term in terms | datatypes if isinstance(term, NamedNode)}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
