"""Harvests catalogues of dataspaces over the Dataspace Protocol 2025-1: datasets with their offers and services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import Graph, Literal, NamedNode, digest, parse
from catalogue.model import Description, Harvested, Note, NoteKind, Original, Rejected, Source, Untouched
from catalogue.names import DCAT, DCT
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._descriptions import Descriptions
from harvesters._json import dumped, loaded, require

REQUEST = b'{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}'
"""Catalog Protocol, section 3.1; without a filter, which providers need not know."""
JSON = "application/json"
PAGES = 10_000
"""Most answers that make one catalogue, with those inside it."""
LINKED = frozenset(
    {
        "dct:accessRights", "dct:conformsTo", "dct:language", "dct:license", "dct:type", "dct:accrualPeriodicity",
        "dcat:theme", "dcat:landingPage", "dcat:mediaType", "dcatap:applicableLegislation", "foaf:page",
        "healthdcatap:healthCategory", "healthdcatap:healthTheme", "healthdcatap:hasCodingSystem",
        "dpv:hasLegalBasis", "dpv:hasPurpose", "dpv:hasPersonalData",
    }
)  # fmt: skip
"""Properties whose values are resources: an address written as text is meant as one."""
EDC = {"edc:name": "dct:title", "edc:description": "dct:description", "edc:version": "dcat:version",
    "edc:id": "dct:identifier"}  # fmt: skip
"""How connectors of Eclipse (EDC) call properties of their assets."""


class DspHarvester:
    """The catalogue of a provider; the endpoint is the base URL below which ``/catalog/request`` lies.

    Catalogues inside it are asked for, too, where their service is on the same host. Offers stay with their dataset.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one that is what it was is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when a catalogue cannot be read to its end.
        """
        descriptions, known = Descriptions(source), set[str]()
        for catalogue, address in _catalogues(source, web):
            services = _objects(catalogue, "service")
            for dataset in _objects(catalogue, "dataset"):
                iri = str(dataset["@id"])
                if iri not in known:
                    known.add(iri)
                    yield from _dataset(dataset, services, address, source, web, descriptions)


def _catalogues(source: Source, web: Web) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every page of every catalogue, with the base URL it came from."""
    waiting, visited, answers = [source.endpoint.rstrip("/")], set[str](), 0
    while waiting:
        base = waiting.pop(0)
        if base in visited:
            continue
        visited.add(base)
        response = web.post(f"{base}/catalog/request", REQUEST, media_type=JSON, accept=JSON)
        while True:
            answers += 1
            if answers > PAGES:
                raise SourceUnavailable("the catalogue has no end", where=source.endpoint, remedy="ask whoever runs it")
            catalogue = loaded(response)
            require(catalogue, "dsp", response.url)
            for one in _with_inner(catalogue):
                yield one, base
                waiting += [address for address in _services(one) if _own(address, source)]
            if not response.next:
                break
            response = web.get(response.next, accept=JSON)


def _with_inner(catalogue: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A catalogue and those written out inside it."""
    yield catalogue
    for inner in _objects(catalogue, "catalog"):
        yield from _with_inner(inner)


def _services(catalogue: Mapping[str, Any]) -> Iterator[str]:
    """Where the catalogues inside can be asked for: their distributions have the format Catalog."""
    for inner in _objects(catalogue, "catalog"):
        named = {str(one["@id"]): str(one.get("endpointURL", "")).rstrip("/") for one in _objects(inner, "service")}
        for distribution in _objects(inner, "distribution"):
            service = distribution.get("accessService")
            yield named.get(str(service.get("@id") if isinstance(service, dict) else service), "")


def _own(address: str, source: Source) -> bool:
    return bool(address) and urlsplit(address).hostname == urlsplit(source.endpoint).hostname


def _objects(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects that a property holds, with or without its prefix, alone or in a list."""
    found = value.get(name, value.get(f"dcat:{name}", ()))
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def _dataset(
    dataset: Mapping[str, Any],
    services: list[dict[str, Any]],
    address: str,
    source: Source,
    web: Web,
    descriptions: Descriptions,
) -> Iterator[Harvested]:
    own = {str(one.get("@id")) for one in _references(dataset, "accessService")}
    record = {"dataset": dataset, "service": [one for one in services if str(one.get("@id")) in own]}
    content = dumped(record)
    container = digest(f"{source.digest}\n".encode() + content)
    if web.known(container):
        yield Untouched(container)
        return
    where = f"{address}/catalog/datasets/{quote(str(dataset['@id']), safe='')}"
    original = Original(content, JSON, where, container)
    try:
        graph = _graph(dataset, record["service"], source, where)
    except BadRdf as error:
        yield Rejected(where, error.what, error.remedy, original)
        return
    notes = tuple(_unknown(dataset, set(_terms()) | _said_inline(dataset)))
    for one in descriptions.of(graph, original):
        yield replace(one, notes=(*one.notes, *notes)) if isinstance(one, Description) else one


def _graph(dataset: Mapping[str, Any], services: Any, source: Source, where: str) -> Graph:
    """The dataset as RDF; what the protocol says in other ways is said as DCAT-AP says it."""
    inline = [one for one in _listed(dataset.get("@context")) if isinstance(one, dict)]
    iri = str(dataset["@id"])
    if not urlsplit(iri).scheme:
        iri = source.namespace + fit_for_path(iri)
    body = _meant({name: value for name, value in dataset.items() if name not in ("@context", "@id", "@type")})
    document = {
        "@context": [_terms(), *inline],
        "@graph": [{"@id": iri, "@type": "Dataset", **body}, *({"@type": "DataService", **one} for one in services)],
    }
    content = json.dumps(document).encode()
    graph = Graph(parse(content, "application/ld+json", base=source.namespace, where=where))
    me = NamedNode(iri)
    if not graph.objects(me, DCT.identifier):
        graph.add(me, DCT.identifier, Literal(str(dataset["@id"])))
    for data in graph.objects(me, DCAT.distribution):
        for service in graph.objects(data, DCAT.accessService):
            for endpoint in graph.objects(service, DCAT.endpointURL):
                if not graph.objects(data, DCAT.accessURL):
                    graph.add(data, DCAT.accessURL, endpoint)  # type: ignore[arg-type]
    return graph


def _meant(value: Any, name: str = "") -> Any:
    """The same with names of EDC replaced, and addresses that stand as text where a resource is meant."""
    if isinstance(value, list):
        return [_meant(one, name) for one in value]
    if isinstance(value, dict):
        return {EDC.get(key, key): _meant(one, key) for key, one in value.items()}
    if name in LINKED and isinstance(value, str) and value.startswith(("http://", "https://")):
        return {"@id": value}
    return value


def _references(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """What a property anywhere below a value refers to."""
    if isinstance(value, list):
        for one in value:
            yield from _references(one, name)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in (name, f"dcat:{name}"):
                yield from (each if isinstance(each, dict) else {"@id": each} for each in _listed(one))
            else:
                yield from _references(one, name)


def _unknown(value: Any, known: set[str], place: str = "") -> Iterator[Note]:
    """Notes on names that no context explains, so that nothing was made of them."""
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one, known, place)
    elif isinstance(value, dict):
        for name, one in value.items():
            where = f"{place}.{name}".lstrip(".")
            if name.startswith("@") or name in known or name.partition(":")[0] in known or "://" in name:
                yield from _unknown(one, known, where) if name != "@context" else ()
            else:
                raw = one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, sort_keys=True)
                yield Note(NoteKind.UNMAPPED, where, str(raw)[:500], reason="no context explains this name")


def _said_inline(dataset: Mapping[str, Any]) -> set[str]:
    return {name for one in _listed(dataset.get("@context")) if isinstance(one, dict) for name in one}


@cache
def _terms() -> dict[str, Any]:
    """What names of the protocol mean, in our own words: contexts are never fetched."""
    text = (files("harvesters") / "schemas" / "dspace.context.json").read_text("utf-8")
    terms: dict[str, Any] = json.loads(text)
    return terms


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
