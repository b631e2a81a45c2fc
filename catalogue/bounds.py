"""By which classes a document is cut into the descriptions of its datasets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.graphs import Graph, NamedNode, Node
from catalogue.names import DCAT


@dataclass(frozen=True, slots=True)
class Bounds:
    """By which classes a document is cut into descriptions."""

    datasets: tuple[NamedNode, ...] = (DCAT.Dataset,)
    """Each instance is described by itself; those of the first class come first."""
    ends: tuple[NamedNode, ...] = (DCAT.Catalog, DCAT.CatalogRecord)
    """A description ends at each instance, as it does at other datasets."""
    apart: tuple[NamedNode, ...] = ()
    """An instance is no dataset of its own, even when it is typed as one, too."""


BOUNDS = Bounds()


def datasets_in(graph: Graph, bounds: Bounds = BOUNDS) -> Iterator[tuple[Node, Graph]]:
    """Every dataset of a document with what is said about it and the nodes it points to.

    Other datasets, catalogues and catalogue records are where one description ends and the next begins.
    :class:`catalogue.spool.Spool` does the same for documents that are too large for memory.
    """
    apart = {node for kind in bounds.apart for node in graph.instances(kind)}
    found = dict.fromkeys(node for kind in bounds.datasets for node in graph.instances(kind) if node not in apart)
    boundary = frozenset(found).union(*(graph.instances(end) for end in bounds.ends))
    for dataset in found:
        yield dataset, graph.described(dataset, boundary)
