"""Harvests schema.org datasets: JSON-LD in files and in web pages, found by a sitemap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from catalogue.xml_check import check_xml
from harvesters._documents import is_url
from harvesters._files import File, files_of
from harvesters._linked_record import Document
from harvesters._once import Once
from harvesters._schemaorg_record import described

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITEMAPS = 1000
"""Most sitemaps of one index."""
REMEDY = "give pages or files with JSON-LD of datasets; of a sitemap the option `pages` chooses those"
SUFFIXES = (".json", ".jsonld", ".html", ".htm")


class SchemaOrgHarvester:
    """Pages and files that describe datasets in JSON-LD, the contexts of which are not fetched: names of schema.org
    count, with whatever prefix schema.org usually has.

    The endpoint is a sitemap (``sitemap.xml``, also an index of sitemaps), a page, or a file, folder or zip archive.
    Options: ``pages`` (a part of the addresses in a sitemap that pages of datasets share, such as ``/dataset/``),
    ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the datasets of every page; a page whose ``lastmod`` is that of the last visit is not fetched.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the sitemap, or a page of it, cannot be had.
        """
        visit = _Visit(source)
        pages = _sitemap(source, web) if is_url(source.endpoint) else None
        if pages is None:
            for file in files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "JSON-LD or HTML file"):
                yield from [file] if isinstance(file, Rejected) else visit.of(file, web)
            return
        wanted = {}
        for address, modified in pages.items():
            container = digest(f"{source.digest}\n{address}\n{modified}".encode()) if modified else ""
            if container and web.known(container):
                yield Untouched(container)
            else:
                wanted[address] = container
        for address, answer in zip(wanted, web.get_all(wanted), strict=True):
            if isinstance(answer, Response):
                file = File(answer.content, answer.media_type, address)
                yield from visit.of(file, web, wanted[address])
            else:
                raise SourceUnavailable(answer.what, where=address, remedy=answer.remedy)


class _Visit:
    """What one visit remembers from page to page."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._once = Once()

    def of(self, file: File, web: Web, container: str = "") -> Iterator[Harvested]:
        """The datasets of one file or page."""
        if not container:
            container = digest(f"{self._source.digest}\n".encode() + file.content)
            if web.known(container):
                yield Untouched(container)
                return
        original = Original(file.content, file.media_type or "application/octet-stream", file.location, container)
        try:
            held = [json.loads(text) for text in _scripts(file)]
        except (ValueError, RecursionError):
            yield Rejected(file.location, "the JSON-LD is not whole JSON", "ask whoever runs the site", original)
            return
        document = Document(held)
        found = list(document.of_type("Dataset"))
        if not found:
            yield Rejected(file.location, "nothing here describes a Dataset of schema.org", REMEDY, original)
        place = file.location if is_url(file.location) and len(found) == 1 else ""
        for entity in found:
            record = document.resolved(entity)
            yield from self._once.of(described(record, original, self._source, place))


def _scripts(file: File) -> list[str]:
    """The texts of JSON-LD in a page, or the file itself."""
    text = file.content.decode("utf-8-sig", "replace")
    if not text.lstrip().startswith("<"):
        return [text]
    page = _Page()
    page.feed(text)
    page.close()
    return [text for text in page.scripts if text.strip()]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def _sitemap(source: Source, web: Web) -> dict[str, str] | None:
    """The pages of a sitemap with the last modification each states; None when the endpoint is none."""
    waiting, pages, read = [source.endpoint], dict[str, str](), 0
    while waiting and read < SITEMAPS:
        address = waiting.pop(0)
        try:
            content = web.get(address).content
        except BadInput as error:
            raise SourceUnavailable(error.what, where=address, remedy=error.remedy) from error
        read += 1
        root = _root(content, address)
        if root is None or root.tag not in (f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex"):
            if read == 1:
                return None
            raise SourceUnavailable("this is no sitemap", where=address, remedy="ask whoever runs the site")
        for entry in root:
            link = (entry.findtext(f"{SITEMAP}loc") or "").strip()
            if urlsplit(link).hostname != urlsplit(source.endpoint).hostname:
                continue
            if root.tag == f"{SITEMAP}urlset" and source.options.get("pages", "") in link:
                pages[link] = (entry.findtext(f"{SITEMAP}lastmod") or "").strip()
            elif root.tag != f"{SITEMAP}urlset":
                waiting.append(link)
    return pages


def _root(content: bytes, address: str) -> ElementTree.Element | None:
    if not content.lstrip().startswith(b"<"):
        return None
    try:
        check_xml(content, address)
        return ElementTree.fromstring(content)
    except (BadInput, ElementTree.ParseError):
        return None
