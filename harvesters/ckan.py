"""Harvests CKAN portals through ckanapi: the list of packages first, then only those that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Literal, NamedNode, digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.names import DCT
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._ckan_record import flat
from harvesters._json import dumped, refused
from harvesters._mapping import describe

LISTED = 1000
"""Packages on one page of the list; the most that CKAN gives unless configured otherwise."""
FETCHED = 50
"""Packages fetched by one request."""
ORDER = "id asc"


class CkanHarvester:
    """The public packages of a portal; its endpoint is the address of the portal.

    Options: ``filter`` (a Solr filter query such as ``groups:health``, also ``metadata_modified:[2026-01-01T00:00:00Z
    TO *]``), ``language`` (of its texts, default en).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every package; one whose ``metadata_modified`` is that of the last visit is not fetched.

        A package without what CKAN always gives is ``Rejected``. Raises
        :class:`~catalogue.errors.SourceUnavailable` when the portal cannot be read to the end of its list.
        """
        portal = _Portal(source, web)
        wanted: dict[str, str] = {}
        for identifier, container in portal.listed():
            if web.known(container):
                yield Untouched(container)
                continue
            wanted[identifier] = container
            if len(wanted) == FETCHED:
                yield from portal.packages(wanted)
                wanted = {}
        if wanted:
            yield from portal.packages(wanted)


@dataclass(frozen=True)
class _Answer:
    """What ckanapi reads of an answer."""

    status_code: int
    text: str


class _Session:
    """What ckanapi asks with: our own reader, with its limits and manners."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def get(self, url: str, *, params: Mapping[str, Any] | None = None, **_: Any) -> _Answer:
        """ckanapi's ``headers`` and ``timeout`` are ours."""
        asked = {name: str(value) for name, value in (params or {}).items()}
        response = self._web.get(url, accept="application/json", params=asked)
        return _Answer(response.status, response.content.decode("utf-8", "replace"))


class _Portal:
    """One portal during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._ckan = RemoteCKAN(source.endpoint, get_only=True, session=_Session(web))

    def listed(self) -> Iterator[tuple[str, str]]:
        """Id and container digest of every package."""
        start, seen = 0, set[str]()
        while True:
            found = self._search(rows=LISTED, start=start, fl="id,metadata_modified")
            for entry in found["results"]:
                identifier = str(entry["id"])
                if identifier not in seen:  # a package that was added meanwhile moves others to the next page
                    seen.add(identifier)
                    yield identifier, self._container(entry)
            start += len(found["results"])
            if not found["results"] or start >= found["count"]:
                break
        if len(seen) < found["count"]:
            raise SourceUnavailable(
                f"the portal says it has {found['count']} packages and lists {len(seen)}",
                where=self._source.endpoint,
                remedy="try later; if it stays so, ask whoever runs the portal to rebuild its search index",
            )

    def packages(self, wanted: Mapping[str, str]) -> Iterator[Harvested]:
        """Some packages, by id with the digest of their entry in the list; one that is not given is rejected."""
        some = " OR ".join(f'"{identifier}"' for identifier in wanted)
        found = self._search(rows=len(wanted), start=0, ids=f"id:({some})")
        for record in sorted(found["results"], key=lambda one: str(one["id"])):
            if str(record["id"]) in wanted:
                yield self._package(record, wanted[str(record["id"])])
        given = {str(record["id"]) for record in found["results"]}
        for identifier in sorted(wanted.keys() - given):
            where = f"{self._source.endpoint.rstrip('/')}/dataset/{identifier}"
            problem = "the portal lists this package and does not give it"
            yield Rejected(where, problem, "harvest again; if it stays so, ask whoever runs the portal")

    def _package(self, record: dict[str, Any], container: str) -> Harvested:
        where = f"{self._source.endpoint.rstrip('/')}/dataset/{record.get('name') or record.get('id')}"
        original = Original(dumped(record), "application/json", where, container)
        problem = refused(record, "ckan", original)
        if problem is not None:
            return problem
        if not record.get("title") and not record.get("title_translated"):
            return Rejected(where, "the package has no title", "give it one at the portal", original)
        flattened = flat(record)
        iri = _iri(record, flattened, self._source)
        graph, notes = describe("ckan", flattened, iri, self._source)
        if not graph.objects(NamedNode(iri), DCT.identifier):
            graph.add(NamedNode(iri), DCT.identifier, Literal(record["id"]))
        return Description(iri, graph, original, tuple(notes))

    def _container(self, record: Mapping[str, Any]) -> str:
        """Changes with the package: CKAN sets ``metadata_modified`` at every edit of it, and of its resources.

        It is that of the list, whose form differs from that in the package itself.
        """
        return digest(f"{self._source.digest}\n{record.get('id')}\n{record.get('metadata_modified')}".encode())

    def _search(self, *, ids: str = "", **more: Any) -> dict[str, Any]:
        filters = " AND ".join(part for part in (ids, self._source.options.get("filter", "")) if part)
        asked = {"q": "*:*", "sort": ORDER, **({"fq": filters} if filters else {}), **more}
        try:
            found = self._ckan.call_action("package_search", asked)
        except (CKANAPIError, RecursionError) as error:
            raise SourceUnavailable(
                f"the portal does not answer as CKAN does ({type(error).__name__})",
                where=self._source.endpoint,
                remedy="give the address of the portal itself, so that /api/action/package_search lies below it",
            ) from error
        results = found.get("results") if isinstance(found, dict) else None
        whole = isinstance(results, list) and all(isinstance(one, dict) and one.get("id") for one in results)
        if not whole or not isinstance(found.get("count"), int):
            raise SourceUnavailable(
                "the portal's package_search does not answer with count and results",
                where=self._source.endpoint,
                remedy="check the address; ask whoever runs the portal whether its search works",
            )
        answer: dict[str, Any] = found
        return answer


def _iri(record: Mapping[str, Any], flattened: Mapping[str, Any], source: Source) -> str:
    """The IRI that the package states (``uri``, ``guid``), else one of ours."""
    for name in ("uri", "guid"):
        value = flattened.get(name)
        if isinstance(value, str) and value.startswith(("http://", "https://")) and " " not in value:
            return value
    return source.namespace + fit_for_path(str(record["id"]))
