"""A description in the terms of schema.org, for search engines: what they read, no more (schema.org/Dataset)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from catalogue.citing import Citation
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import DCAT, DCT, EU, EUCAIM, FOAF, HEALTH, RDF
from catalogue.web.context import dataset_path, services
from catalogue.web.description import About
from catalogue.web.facts import literal
from catalogue.web.parts import licences
from catalogue.web.phrases import _
from catalogue.web.shown import safe, show

LONGEST = 5000
"""Characters of a description that search engines read."""
MOST = 100
"""Values of one property; the RDF holds all."""
CONCEPTS = (HEALTH.healthTheme, HEALTH.healthCategory, EUCAIM.hasCondition, EUCAIM.hasImageBodyPart, DCAT.theme)


def script(graph: Graph, dataset: NamedNode, about: About, citation: Citation) -> str:
    """The description as JSON-LD that may stand inside ``<script>``: nothing in it can end the element."""
    said = schema_org(graph, dataset, about, citation)
    return json.dumps(said).replace("<", "\\u003c").replace("&", "\\u0026")


def schema_org(graph: Graph, dataset: NamedNode, about: About, citation: Citation) -> dict[str, Any]:
    """The description as a ``Dataset`` of schema.org, in the language of the page."""
    base = services().minted.base
    said = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset.value,
        "url": f"{base}dataset/{dataset_path(dataset.value)}",
        "name": about.title.text,
        "description": about.note.text[:LONGEST] if about.note else "",
        "identifier": [citation.address] if citation.doi else _texts(graph.objects(dataset, DCT.identifier)),
        "sameAs": citation.address if citation.doi else "",
        "keywords": list(dict.fromkeys([*(one.text for one in about.keywords), *_names(graph, dataset, CONCEPTS)])),
        "creator": [_agent(graph, one) for one in graph.objects(dataset, DCT.creator)],
        "publisher": [_agent(graph, one) for one in graph.objects(dataset, DCT.publisher)],
        "datePublished": literal(graph, dataset, DCT.issued),
        "dateModified": literal(graph, dataset, DCT.modified),
        "version": citation.version,
        "temporalCoverage": [_interval(graph, one) for one in graph.objects(dataset, DCT.temporal)],
        "spatialCoverage": [{"@type": "Place", "name": one} for one in _names(graph, dataset, (DCT.spatial,))],
        "conditionsOfAccess": _(about.access[0]),
        "measurementTechnique": _names(graph, dataset, (EUCAIM.hasImageModality,)),
        "variableMeasured": [one.name for table in about.tables for one in table.variables if one.name],
        "license": licences(graph, dataset),
        "distribution": _downloads(graph, dataset),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": services().settings.title, "url": base},
    }
    open_to_all = NamedNode(EU + "access-right/PUBLIC") in graph.objects(dataset, DCT.accessRights)
    return _stated(said) | {"isAccessibleForFree": open_to_all}


def _stated(said: dict[str, Any]) -> dict[str, Any]:
    """Only what is stated; one value stands alone, of many the first."""
    result = {}
    for name, value in said.items():
        kept = [one for one in value if one][:MOST] if isinstance(value, list) else value
        if kept:
            result[name] = kept[0] if isinstance(kept, list) and len(kept) == 1 else kept
    return result


def _texts(terms: Iterable[Term]) -> list[str]:
    return [term.value for term in terms if isinstance(term, Literal)]


def _names(graph: Graph, dataset: NamedNode, predicates: Iterable[NamedNode]) -> list[str]:
    """Values by the name they have in the language of the page."""
    terms = (term for predicate in predicates for term in graph.objects(dataset, predicate))
    return list(dict.fromkeys(show(term, graph).said.text for term in terms))


def _agent(graph: Graph, agent: Term) -> dict[str, Any]:
    """An agent by name and address; how to reach persons is on the page only."""
    kind = "Person" if FOAF.Person in graph.objects(agent, RDF.type) else "Organization"
    address = agent.value if isinstance(agent, NamedNode) and safe(agent.value) else ""
    home = [str(one.value) for one in graph.objects(agent, FOAF.homepage) if safe(str(one.value))]
    name = show(agent, graph).said.text
    return _stated({"@type": kind, "@id": address, "name": name, "url": home}) if name else {}


def _interval(graph: Graph, period: Term) -> str:
    """ISO 8601, open ends as two dots."""
    start, end = literal(graph, period, DCAT.startDate), literal(graph, period, DCAT.endDate)
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _downloads(graph: Graph, dataset: NamedNode) -> list[dict[str, Any]]:
    """Files that can be had at once."""
    found = []
    for one in graph.objects(dataset, DCAT.distribution):
        addresses = [str(two.value) for two in graph.objects(one, DCAT.downloadURL) if safe(str(two.value))]
        formats = _names(graph, one, (DCAT.mediaType, DCT["format"]))  # type: ignore[arg-type]
        found += [
            _stated({"@type": "DataDownload", "contentUrl": address, "encodingFormat": formats[:1]})
            for address in addresses
        ]
    return found
