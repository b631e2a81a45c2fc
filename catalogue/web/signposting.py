"""Typed links by which programs find their way from the page of a dataset (signposting.org, level 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from werkzeug.urls import iri_to_uri

from catalogue.graphs import Graph, NamedNode, Term
from catalogue.names import DCAT, DCT
from catalogue.web.parts import licences
from catalogue.web.shown import safe

MOST = 20
"""Links of one relation; the RDF holds all."""
KINDS = ("https://schema.org/AboutPage", "https://schema.org/Dataset")


def signposts(graph: Graph, dataset: NamedNode) -> Iterator[str]:
    """Values of ``Link``: how the dataset is cited, what it is, who made it, on what terms, where its files are."""
    yield f'<{iri_to_uri(dataset.value)}>; rel="cite-as"'
    yield from (f'<{kind}>; rel="type"' for kind in KINDS)
    distributions = graph.objects(dataset, DCAT.distribution)
    files = [one for place in distributions for one in graph.objects(place, DCAT.downloadURL)]
    found = {
        "author": _addresses(graph.objects(dataset, DCT.creator)),
        "license": licences(graph, dataset),
        "item": _addresses(files),
    }
    for relation, addresses in found.items():
        yield from (f'<{iri_to_uri(one)}>; rel="{relation}"' for one in addresses[:MOST])


def _addresses(terms: Iterable[Term]) -> list[str]:
    return list(dict.fromkeys(one.value for one in terms if isinstance(one, NamedNode) and safe(one.value)))
