"""Writes RDF as compact JSON-LD 1.1 with prefixes; every literal keeps its exact lexical form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from pyld import jsonld

from catalogue.graphs import RDF_TYPE, Graph, Literal, NamedNode, Quad, Triple, serialise


def write(triples: Iterable[Triple | Quad], prefixes: Mapping[str, str], first: str = "") -> bytes:
    """A document with ``@context`` and ``@graph``; the node ``first`` comes first."""
    graph = triples if isinstance(triples, Graph) else Graph(triples)
    schemes = _schemes(graph)
    context = {prefix: namespace for prefix, namespace in sorted(prefixes.items()) if prefix not in schemes}
    expanded = json.loads(serialise(graph, "application/ld+json"))
    for node in expanded:
        _say_types(node)
    expanded.sort(key=lambda node: node.get("@id") != first)
    options = {"graph": True, "documentLoader": _refuse}
    document = jsonld.compact(expanded, {"@context": context}, options)
    return json.dumps(
        {"@context": context, "@graph": document.get("@graph", [])}, ensure_ascii=False, indent=1
    ).encode()


def _say_types(node: dict[str, Any]) -> None:
    """The serialiser writes ``rdf:type`` like any property; readers of JSON-LD look for ``@type``."""
    types = node.get(RDF_TYPE, [])
    if types and all("@id" in one for one in types):
        node["@type"] = [one["@id"] for one in node.pop(RDF_TYPE)]


def _refuse(url: str, _options: Mapping[str, Any]) -> NoReturn:
    raise ValueError(f"nothing is fetched to write JSON-LD: {url}")


def _schemes(graph: Graph) -> set[str]:
    """IRI schemes in the graph; a prefix of the same name would be taken for it."""
    terms = {term for triple in graph for term in (triple.subject, triple.predicate, triple.object)}
    datatypes = {term.datatype for term in terms if isinstance(term, Literal)}
    return {term.value.partition(":")[0] for term in terms | datatypes if isinstance(term, NamedNode)}
