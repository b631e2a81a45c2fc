"""Writes what a graph says of one node as one JSON-LD object, the nodes it leads to inside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.graphs import RDF_TYPE, BlankNode, Graph, Literal, NamedNode, Node, Term
from catalogue.names import XSD

DEEPEST = 12
"""Objects inside each other; what lies deeper stands beside them, in ``@included`` (JSON-LD 1.1)."""
BLANK = "_:"


def embedded(
    graph: Graph, root: Node, prefixes: Mapping[str, str], first: Sequence[NamedNode] = (), blank: str = BLANK
) -> dict[str, Any]:
    """The object of ``root``. Every property holds a list; every node has an ``@id``, blank ones ``blank`` and a label.

    A node that is met again is named only. Names are shortened by ``prefixes``, which the reader has to know. The
    properties ``first`` are followed before others, so that what they lead to is written out there. Literals keep
    their exact lexical form.
    """
    return _Run(graph, prefixes, first, blank).whole(root)


def tidied(value: Any, labels: Mapping[str, str]) -> Any:
    """The same with lists of one value undone where the property is no term of a context (it has a colon), and blank
    nodes renamed by ``labels``, or nameless where they are met once."""
    counts = Counter(_blank(value))
    return _tidied(value, labels, {name for name, count in counts.items() if count == 1 and name not in labels})


class _Run:
    """One object on its way."""

    def __init__(self, graph: Graph, prefixes: Mapping[str, str], first: Sequence[NamedNode], blank: str) -> None:
        self._graph, self._prefixes, self._blank = graph, prefixes, blank
        self._first = {predicate.value for predicate in first}
        self._done: set[Term] = set()
        self._waiting: list[Node] = []

    def whole(self, root: Node) -> dict[str, Any]:
        tree = self._node(root, 0)
        beside = []
        while self._waiting:
            node = self._waiting.pop(0)
            if node not in self._done and self._graph.outgoing(node):
                beside.append(self._node(node, 0))
        return {**tree, "@included": beside} if beside else tree

    def _node(self, node: Node, depth: int) -> dict[str, Any]:
        name = {"@id": (self._blank if isinstance(node, BlankNode) else "") + node.value}
        properties = self._graph.outgoing(node)
        if not properties or node in self._done:
            return name
        if depth == DEEPEST:
            self._waiting.append(node)
            return name
        self._done.add(node)
        tree: dict[str, Any] = dict(name)
        for predicate in sorted(properties, key=lambda predicate: (predicate not in self._first, predicate)):
            if predicate == RDF_TYPE and all(isinstance(kind, NamedNode) for kind in properties[predicate]):
                tree["@type"] = [self._short(str(kind.value)) for kind in properties[predicate]]
                self._waiting += [kind for kind in properties[predicate] if isinstance(kind, NamedNode)]
            else:
                tree[self._short(predicate)] = [self._term(value, depth) for value in properties[predicate]]
        return tree

    def _term(self, term: Term, depth: int) -> Any:
        if not isinstance(term, Literal):
            return self._node(term, depth + 1)
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype != XSD.string:
            return {"@value": term.value, "@type": self._short(term.datatype.value)}
        # Readers that take text for an address where a resource is usual are told that it is text.
        return {"@value": term.value} if "://" in term.value else term.value

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            rest = iri.removeprefix(namespace)
            if rest != iri and rest.replace("-", "").isalnum():
                return f"{prefix}:{rest}"
        return iri


def _blank(value: Any) -> list[str]:
    """Every mention of a blank node."""
    if isinstance(value, list):
        return [name for one in value for name in _blank(one)]
    if not isinstance(value, dict):
        return []
    own = [value["@id"]] if str(value.get("@id", "")).startswith(BLANK) else []
    return own + [name for key, one in value.items() if key != "@id" for name in _blank(one)]


def _tidied(value: Any, labels: Mapping[str, str], nameless: set[str]) -> Any:
    if isinstance(value, list):
        return [_tidied(one, labels, nameless) for one in value]
    if not isinstance(value, dict):
        return value
    tree: dict[str, Any] = {}
    for key, one in value.items():
        if key == "@id":
            if one not in nameless:
                tree[key] = labels.get(one, one)
            continue
        alone = isinstance(one, list) and len(one) == 1 and (":" in key or key == "@type")
        tree[key] = _tidied(one[0] if alone else one, labels, nameless)
    return tree
