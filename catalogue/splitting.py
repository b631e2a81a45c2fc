"""Cuts a document into its datasets: what is said about each, and about everything it points to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from catalogue.bounds import Bounds, datasets_in
from catalogue.graphs import BlankNode, Graph, NamedNode, Node
from catalogue.names import DCAT, DCT
from catalogue.rewriting import Normaliser

_UNRESERVED = re.compile(r"[^A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset of a document."""

    node: Node
    graph: Graph


def bounds(normaliser: Normaliser) -> Bounds:
    """By what a document is cut, in older namespaces of the classes, too."""

    def forms(*kinds: NamedNode) -> tuple[NamedNode, ...]:
        return tuple(form for kind in kinds for form in normaliser.forms(kind))

    # A catalogue or series is no dataset of its own here, even when typed as both.
    return Bounds(forms(DCAT.Dataset), forms(DCAT.Catalog, DCAT.CatalogRecord), forms(DCAT.Catalog, DCAT.DatasetSeries))


class Splitter:
    """The datasets of one document; other datasets, catalogues and catalogue records bound each of them."""

    def __init__(self, graph: Graph, normaliser: Normaliser, namespace: str = "") -> None:
        """Datasets without an IRI get one in ``namespace``, when there is one."""
        self._graph = graph
        self._bounds = bounds(normaliser)
        self.names: dict[BlankNode, NamedNode] = {}
        """IRIs minted for datasets that are blank nodes and have an identifier."""
        identifiers = normaliser.forms(DCT.identifier)
        for node in self._nameless() if namespace else ():
            values = sorted(str(value.value) for form in identifiers for value in graph.objects(node, form))
            if values:
                self.names[node] = NamedNode(namespace + fit_for_path(values[0]))

    def _nameless(self) -> list[BlankNode]:
        apart = {node for kind in self._bounds.apart for node in self._graph.instances(kind)}
        found = (node for kind in self._bounds.datasets for node in self._graph.instances(kind))
        return [node for node in dict.fromkeys(found) if isinstance(node, BlankNode) and node not in apart]

    def __iter__(self) -> Iterator[Part]:
        return (Part(node, graph) for node, graph in datasets_in(self._graph, self._bounds))


def fit_for_path(identifier: str) -> str:
    """An identifier as the last segment of an IRI; one that had to be changed carries a digest, so none collide."""
    slug = _UNRESERVED.sub("-", identifier).strip("-")
    return slug if slug == identifier else f"{slug[:80]}-{sha256(identifier.encode()).hexdigest()[:8]}".lstrip("-")
