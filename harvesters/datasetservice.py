"""Harvests the published datasets of a dataset service, by which nodes of EUCAIM and CHAIMELEON hand out images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Harvested, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from catalogue.splitting import fit_for_path
from harvesters._common import NOT_PUBLISHED
from harvesters._eucaim_record import arranged, kept
from harvesters._json import loaded, original_of, refused, require
from harvesters._mapping import describe
from harvesters._suppression import threshold

PAGE = 100
"""Datasets asked for at once."""
PUBLISHED = {"public": "true", "draft": "false", "invalidated": "false"}


class DatasetServiceHarvester:
    """The datasets that a service shows to everyone; its endpoint is the root below which ``/api/datasets`` lies.

    Only what is published, no draft and not invalidated is asked for, so a dataset that is taken back is missing.
    Options: ``suppress`` (lowest number of persons or studies that is stated), ``page`` (where people find a dataset,
    with ``{}`` for its id; else the page of the service's explorer), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one whose record is that of the last visit is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the list cannot be read to its end, or a record fails.
        """
        service = _Service(source, web)
        identifiers = list(service.listed())
        iris = {identifier: source.namespace + fit_for_path(identifier) for identifier in identifiers}
        addresses = {service.address(identifier): identifier for identifier in identifiers}
        for address, answer in zip(addresses, web.get_all(addresses, accept="application/json"), strict=True):
            if isinstance(answer, Response):
                yield service.dataset(answer, addresses[address], iris)
            elif isinstance(answer, SourceUnavailable) and answer.status not in NOT_PUBLISHED:
                raise answer
            else:
                problem = "the service lists this dataset and does not give it"
                yield Rejected(address, problem, "harvest again; if it stays so, ask whoever runs the service")


class _Service:
    """One service during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._root = source.endpoint.rstrip("/")
        self._least = threshold(source.options)

    def address(self, identifier: str) -> str:
        """Where the record of a dataset is."""
        return f"{self._root}/api/datasets/{quote(identifier, safe='')}"

    def listed(self) -> Iterator[str]:
        """The id of every published dataset, oldest first, so that new ones do not move the others."""
        skip, seen = 0, set[str]()
        while True:
            asked = {**PUBLISHED, "skip": str(skip), "limit": str(PAGE)}
            asked |= {"sortBy": "creationDate", "sortDirection": "ascending"}
            response = self._web.get(f"{self._root}/api/datasets", accept="application/json", params=asked)
            answer = loaded(response)
            require(answer, "datasetservice-list", response.url)
            fresh = [one for one in answer["list"] if one["id"] not in seen]
            seen.update(one["id"] for one in fresh)
            yield from (one["id"] for one in fresh if _published(one))
            skip += len(answer["list"])
            if skip >= answer["total"]:
                return
            if not fresh:
                raise SourceUnavailable(
                    f"the service says it has {answer['total']} datasets and lists {len(seen)}",
                    where=response.url,
                    remedy="try later; if it stays so, ask whoever runs the service",
                )

    def dataset(self, answer: Response, identifier: str, iris: Mapping[str, str]) -> Harvested:
        """The dataset of one record; ``iris`` are those of all datasets by id."""
        given = loaded(answer)
        if not isinstance(given, dict) or given.get("id") != identifier or not _published(given):
            remedy = "harvest again; if it stays so, ask whoever runs the service"
            return Rejected(answer.url, "not the published dataset that the service lists", remedy)
        record, notes = kept(given, self._least)
        original = original_of(record, answer.url, self._source)
        if self._web.known(original.container):
            return Untouched(original.container)
        problem = refused(record, "datasetservice", original)
        if problem is not None:
            return problem
        page = self._source.options.get("page", f"{self._root}/datasets/{{}}/details")
        arrangement, unsaid = arranged(record, page.replace("{}", quote(identifier, safe="")), iris)
        graph, found = describe("datasetservice", arrangement, iris[identifier], self._source)
        return Description(iris[identifier], graph, original, (*found, *unsaid, *notes))


def _published(record: Mapping[str, Any]) -> bool:
    """Whether everyone may see it. A service that does not know our filter lists others, too."""
    return record.get("public") is not False and not record.get("draft") and not record.get("invalidated")
