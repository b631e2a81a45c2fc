"""Whether the addresses in a description answer: the supporting documents, and where the data can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from catalogue.graphs import Graph, NamedNode, Node
from catalogue.names import DCAT, DCT, FOAF
from catalogue.quality import Answer, Basis, Criterion

DOCUMENTS = (FOAF.page, DCT.isReferencedBy, DCAT.landingPage)
ADDRESSES = (DCAT.accessURL, DCAT.downloadURL)
SUPPORT = "L-a1"
"""Identifier of the criterion that asks whether supporting documents can be read."""
AT_ONCE = 8
"""Addresses that are tried at the same time."""
MOST = 200
"""Most addresses of one description that are tried."""


def documents(graph: Graph, dataset: Node) -> list[str]:
    """Addresses of the supporting documents of a dataset."""
    return _web(value.value for one in DOCUMENTS for value in graph.objects(dataset, one) if type(value) is NamedNode)


def addresses(graph: Graph, dataset: Node) -> list[str]:
    """Addresses of supporting documents and of distributions."""
    values = (
        value.value
        for distribution in graph.objects(dataset, DCAT.distribution)
        if isinstance(distribution, Node)
        for one in ADDRESSES
        for value in graph.objects(distribution, one)
        if type(value) is NamedNode
    )
    return _web([*documents(graph, dataset), *values])[:MOST]


def _web(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value.startswith(("http://", "https://"))))


def tried(links: Iterable[str], probe: Callable[[str], str]) -> dict[str, str]:
    """Why nothing answers at each address; empty when something does. ``probe`` is that of a Web."""
    wanted = list(links)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(probe, wanted), strict=True))


def support(criterion: Criterion, linked: Iterable[str], problems: Mapping[str, str], today: date) -> Answer | None:
    """The answer on supporting documents when all that are linked answer; None when none is linked or one does not."""
    looked = list(linked)
    if not looked or any(problems.get(link, "not tried") for link in looked):
        return None
    return Answer(criterion.iri, criterion.highest, Basis.MEASURED, today, "links were tried", tuple(looked))
