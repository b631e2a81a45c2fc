"""Harvests schema.org datasets: JSON-LD in files and in web pages, found by a sitemap."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from harvesters._documents import is_url
from harvesters._files import File, files_of
from harvesters._json_ld_pages import json_ld
from harvesters._linked_record import Document, listed
from harvesters._once import Once
from harvesters._schemaorg_record import described
from harvesters._schemaorg_values import absolute
from harvesters._sitemaps import pages_of

REMEDY = "give pages or files with JSON-LD of datasets; of a sitemap the option `pages` chooses those"
SUFFIXES = (".json", ".jsonld", ".html", ".htm")
BUSY = (0, 429, 502, 503, 504)
"""Refusals (statuses of HTTP, 0 for none) that say nothing about the page: the visit has to be made again."""


class SchemaOrgHarvester:
    """Pages and files that describe datasets in JSON-LD, the contexts of which are not fetched: names of schema.org
    count, with whatever prefix or other name the document itself gives them.

    The endpoint is a sitemap (``sitemap.xml``, also an index of sitemaps), a page, or a file, folder or zip archive.
    Options: ``pages`` (a part of the addresses in a sitemap that pages of datasets share, such as ``/dataset/``),
    ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the datasets of every page; a page whose ``lastmod`` is that of the last visit is not fetched.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the sitemap cannot be had, or the server does not
        answer for a page of it.
        """
        found = pages_of(source, web) if is_url(source.endpoint) else None
        visit = _Visit(source, found[0] if found is not None else ())
        if found is not None:
            yield from _strangers(source, found[1])
            yield from visit.pages(found[0], web)
        else:
            for file in files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "JSON-LD or HTML file"):
                yield from [file] if isinstance(file, Rejected) else visit.of(file, web)
        yield from visit.listed()


def _strangers(source: Source, number: int) -> Iterator[Rejected]:
    if number:
        problem = f"{number} addresses in the sitemap are on other hosts, or are none, and were passed over"
        yield Rejected(source.endpoint, problem, "harvest those as nodes of their own")


class _Visit:
    """What one visit remembers from page to page."""

    def __init__(self, source: Source, pages: Collection[str]) -> None:
        self._source = source
        self._pages = pages
        self._once = Once()
        self._listed: list[Description] = []
        """Datasets that a page only lists: given at the end, where no page is about them."""
        self._given: set[str] = set()

    def pages(self, pages: Mapping[str, str], web: Web) -> Iterator[Harvested]:
        """The datasets of the pages of a sitemap that changed."""
        wanted = {}
        for address, modified in pages.items():
            container = digest(f"{self._source.digest}\n{address}\n{modified}".encode()) if modified else ""
            if container and web.known(container):
                yield Untouched(container)
            else:
                wanted[address] = container
        for address, answer in zip(wanted, web.get_all(wanted), strict=True):
            if isinstance(answer, Response):
                yield from self.of(File(answer.content, answer.media_type, address), web, wanted[address])
            elif isinstance(answer, BadInput) or answer.status not in BUSY:
                yield Rejected(address, answer.what, "correct the page, or take it out of the sitemap")
            else:
                raise SourceUnavailable(answer.what, where=address, remedy=answer.remedy)

    def of(self, file: File, web: Web, container: str = "") -> Iterator[Harvested]:
        """The datasets that one file or page is about."""
        if not container:
            container = digest(f"{self._source.digest}\n{file.location}\n".encode() + file.content)
            if web.known(container):
                yield Untouched(container)
                return
        original = Original(file.content, file.media_type or "application/octet-stream", file.location, container)
        held, broken = json_ld(file.content)
        if broken:
            yield Rejected(file.location, "the JSON-LD is not whole JSON", "ask whoever runs the site", original)
        document = Document(held, apart=True)
        own, listing = list(document.of_type("Dataset")), list(document.listed_of_type("Dataset"))
        if not own and not listing and not broken:
            yield Rejected(file.location, "nothing here describes a Dataset of schema.org", REMEDY, original)
        base = file.location if is_url(file.location) else ""
        for entity in own:
            one = self._described(document, entity, original, base if len(own) == 1 else "")
            for given in self._once.of(one):
                if isinstance(given, Description):
                    self._given.add(given.iri)
                yield given
        for entity in (one for one in listing if not self._is_elsewhere(one, file.location)):
            one = self._described(document, entity, original, "")
            if isinstance(one, Description):
                self._listed.append(one)
            else:
                yield one

    def listed(self) -> Iterator[Harvested]:
        """The datasets that are described nowhere but in lists."""
        for one in self._listed:
            if one.iri not in self._given:
                yield from self._once.of(one)

    def _is_elsewhere(self, entity: Mapping[str, Any], location: str) -> bool:
        """Whether a dataset that a page lists has a page of its own in the sitemap."""
        ways = {str(absolute(one, location)).rstrip("/") for name in ("@id", "url") for one in listed(entity.get(name))}
        return any(way in self._pages or way + "/" in self._pages for way in ways)

    def _described(
        self, document: Document, entity: Mapping[str, Any], original: Original, place: str
    ) -> Description | Rejected:
        base = original.location if is_url(original.location) else ""
        record = document.resolved(entity)
        return described(record, original, self._source, place, base=base, language=document.language)
