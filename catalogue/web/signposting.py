"""Typed links by which programs find their way from the page of a dataset (signposting.org, level 1)."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.urls import iri_to_uri

from catalogue.graphs import Graph, NamedNode
from catalogue.names import DCAT, DCT
from catalogue.web.shown import safe

MOST = 20
"""Links of one relation; the RDF holds all."""
KINDS = ("https://schema.org/AboutPage", "https://schema.org/Dataset")


def signposts(graph: Graph, dataset: NamedNode) -> Iterator[str]:
    """Values of ``Link``: how the dataset is cited, what it is, who made it, on what terms, where its files are."""
    yield f'<{iri_to_uri(dataset.value)}>; rel="cite-as"'
    yield from (f'<{kind}>; rel="type"' for kind in KINDS)
    distributions = graph.objects(dataset, DCAT.distribution)
    found = {
        "author": graph.objects(dataset, DCT.creator),
        "license": [one for place in (dataset, *distributions) for one in graph.objects(place, DCT.license)],
        "item": [one for place in distributions for one in graph.objects(place, DCAT.downloadURL)],
    }
    for relation, terms in found.items():
        addresses = dict.fromkeys(one.value for one in terms if isinstance(one, NamedNode) and safe(one.value))
        yield from (f'<{iri_to_uri(one)}>; rel="{relation}"' for one in list(addresses)[:MOST])
