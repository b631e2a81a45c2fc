"""Harvests catalogues of dataspaces over the Dataspace Protocol 2025-1: datasets with their offers and services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from harvesters._descriptions import Descriptions
from harvesters._documents import next_address
from harvesters._dsp_record import contexts, described, listed, objects, services_of
from harvesters._json import dumped, loaded, refused, require

REQUEST = b'{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}'
"""Catalog Protocol, section 3.1; without a filter, which providers need not know."""
JSON = "application/json"
PAGES = 10_000
"""Most answers that make one catalogue, with those inside it."""
BARE = frozenset({"@id", "@type", "@context"})
"""What an object has that only names a dataset."""
HIDDEN = (401, 403, 404, 410)
"""A dataset that is listed, and not shown to us."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, or one catalogue written out inside it."""

    catalogue: Mapping[str, Any]
    contexts: tuple[Mapping[str, Any], ...]
    """Written out in the catalogue and in those round it."""
    base: str
    """Below which it was asked for."""
    url: str


class DspHarvester:
    """The catalogue of a provider; the endpoint is the base URL below which ``/catalog/request`` lies.

    Catalogues inside it are asked for, too, where their service is on the same host. Offers stay with their dataset.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one that is what it was is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when a catalogue cannot be read to its end.
        """
        descriptions, given = Descriptions(source), dict[str, str]()
        for page in _pages(source, web):
            services = objects(page.catalogue, "service")
            for dataset in listed(page.catalogue.get("dataset", page.catalogue.get("dcat:dataset"))):
                record = _record(dataset, services, page, web)
                if isinstance(record, Rejected):
                    yield record
                    continue
                iri, container = str(record["dataset"]["@id"]), digest(f"{source.digest}\n".encode() + dumped(record))
                if iri not in given:
                    given[iri] = container
                    yield from _dataset(record, container, page, source, web, descriptions)
                elif given[iri] != container:
                    yield _twice(record, page, iri)


def _pages(source: Source, web: Web) -> Iterator[Page]:
    """Every page of every catalogue, and every catalogue inside one."""
    waiting, visited, answers = [source.endpoint.rstrip("/")], set[str](), 0
    while waiting:
        base = waiting.pop(0)
        if base in visited:
            continue
        visited.add(base)
        response = web.post(f"{base}/catalog/request", REQUEST, media_type=JSON, accept=JSON)
        read = set[str]()
        while True:
            answers += 1
            if answers > PAGES or response.next in read:
                raise SourceUnavailable("the catalogue has no end", where=source.endpoint, remedy="ask whoever runs it")
            for page in _with_inner(_answer(response), base, response.url):
                yield page
                waiting += [address for address in _addresses(page.catalogue) if _own(address, source)]
            if not response.next:
                break
            read.add(response.next)
            address = next_address({response.next}, response.url, source.endpoint)
            response = web.get(address, accept=JSON)


def _answer(response: Response) -> Any:
    catalogue = loaded(response)
    require(catalogue, "dsp", response.url)
    return catalogue


def _with_inner(catalogue: Mapping[str, Any], base: str, url: str, above: tuple[Any, ...] = ()) -> Iterator[Page]:
    """A catalogue and those written out inside it."""
    said = (*above, *contexts(catalogue))
    yield Page(catalogue, said, base, url)
    for inner in objects(catalogue, "catalog"):
        yield from _with_inner(inner, base, url, said)


def _addresses(catalogue: Mapping[str, Any]) -> Iterator[str]:
    """Where the catalogues inside can be asked for: their distributions have the format Catalog."""
    for inner in objects(catalogue, "catalog"):
        named = {str(one.get("@id")): one for one in objects(inner, "service")}
        for distribution in objects(inner, "distribution"):
            for service in listed(distribution.get("accessService", distribution.get("dcat:accessService"))):
                said = service if isinstance(service, dict) else {"@id": service}
                found = {**named.get(str(said.get("@id")), {}), **said}
                yield str(found.get("endpointURL", found.get("dcat:endpointURL", ""))).rstrip("/")


def _own(address: str, source: Source) -> bool:
    return bool(address) and urlsplit(address).hostname == urlsplit(source.endpoint).hostname


def _record(dataset: Any, services: list[dict[str, Any]], page: Page, web: Web) -> dict[str, Any] | Rejected:
    """A dataset with the services it names and the contexts it stands in; asked for where only its name is given."""
    dataset = {"@id": dataset} if isinstance(dataset, str) else dataset
    problem = refused(dataset, "dsp-dataset", Original(dumped(dataset), JSON, page.url))
    if problem is not None:
        return problem
    if not dataset.keys() - BARE:
        where = _where(page, dataset["@id"])
        try:
            dataset = _answer_of_dataset(web.get(where, accept=JSON))
        except SourceUnavailable as error:
            if error.status not in HIDDEN:
                raise
            return Rejected(where, f"the dataset is listed, and not given: {error.what}", error.remedy)
    own = services_of(dataset)
    record = {
        "@context": list(page.contexts),
        "dataset": dataset,
        "service": [one for one in services if str(one.get("@id")) in own],
    }
    return {name: value for name, value in record.items() if value}


def _answer_of_dataset(response: Response) -> Any:
    dataset = loaded(response)
    require(dataset, "dsp-dataset", response.url)
    return dataset


def _where(page: Page, identifier: str) -> str:
    return f"{page.base}/catalog/datasets/{quote(identifier, safe='')}"


def _twice(record: Mapping[str, Any], page: Page, iri: str) -> Rejected:
    return Rejected(
        f"{page.url}, dataset {iri}",
        "two different datasets of the catalogue have the same @id",
        "give each its own",
        Original(dumped(record), JSON, page.url),
    )


def _dataset(
    record: Mapping[str, Any], container: str, page: Page, source: Source, web: Web, descriptions: Descriptions
) -> Iterator[Harvested]:
    if web.known(container):
        yield Untouched(container)
        return
    where = _where(page, str(record["dataset"]["@id"]))
    original = Original(dumped(record), JSON, where, container)
    try:
        graph, notes = described(record, source, where)
    except BadRdf as error:
        yield Rejected(where, error.what, error.remedy, original)
        return
    for one in descriptions.of(graph, original):
        yield replace(one, notes=(*one.notes, *notes)) if isinstance(one, Description) else one
