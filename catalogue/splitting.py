"""Cuts a document into its datasets: what is said about each, and about everything it points to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from catalogue.graphs import BlankNode, Graph, NamedNode, Node
from catalogue.names import DCAT, DCT
from catalogue.rewriting import Normaliser

_UNRESERVED = re.compile(r"[^A-Za-z0-9._~-]+")
_SERIES_AND_CATALOGUES = (DCAT.Catalog, DCAT.DatasetSeries)
"""Subclasses of dcat:Dataset that are not datasets of their own here, even when typed as both."""


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset of a document."""

    node: Node
    graph: Graph


class Splitter:
    """The datasets of one document; other datasets, catalogues and catalogue records bound each of them."""

    def __init__(self, graph: Graph, normaliser: Normaliser, namespace: str = "") -> None:
        """Datasets without an IRI get one in ``namespace``, when there is one."""
        self._graph = graph
        forms = normaliser.forms
        apart = {node for kind in _SERIES_AND_CATALOGUES for form in forms(kind) for node in graph.instances(form)}
        found = [node for form in forms(DCAT.Dataset) for node in graph.instances(form)]
        self.datasets: Sequence[Node] = [node for node in dict.fromkeys(found) if node not in apart]
        bounds = [
            node
            for kind in (DCAT.Catalog, DCAT.CatalogRecord)
            for form in forms(kind)
            for node in graph.instances(form)
        ]
        self._boundary = frozenset([*self.datasets, *bounds])
        identifiers = forms(DCT.identifier)
        self.names: dict[BlankNode, NamedNode] = {}
        """IRIs minted for datasets that are blank nodes and have an identifier."""
        for node in self.datasets if namespace else ():
            if isinstance(node, BlankNode):
                values = sorted(str(value.value) for form in identifiers for value in graph.objects(node, form))
                if values:
                    self.names[node] = NamedNode(namespace + fit_for_path(values[0]))

    def __iter__(self) -> Iterator[Part]:
        for node in self.datasets:
            yield Part(node, self._graph.described(node, self._boundary))


def fit_for_path(identifier: str) -> str:
    """An identifier as the last segment of an IRI; one that had to be changed carries a digest, so none collide."""
    slug = _UNRESERVED.sub("-", identifier).strip("-")
    return slug if slug == identifier else f"{slug[:80]}-{sha256(identifier.encode()).hexdigest()[:8]}".lstrip("-")
