"""Reads sitemaps (https://www.sitemaps.org/protocol.html) and indexes of them."""

from __future__ import annotations

from collections import deque
from urllib.parse import urlsplit
from xml.etree import ElementTree

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.model import Source
from catalogue.ports import Web
from catalogue.xml_check import check_xml
from harvesters._schemaorg_values import address_of

SITEMAPS = 1000
"""Most sitemaps of one index."""
HEAD = 2000
"""Bytes in which a sitemap says that it is one."""
INDEX, PAGES = "sitemapindex", "urlset"


def pages_of(source: Source, web: Web) -> tuple[dict[str, str], int] | None:
    """The pages of a sitemap with the last modification each states, and how many links to other hosts were passed
    over; None when the endpoint is no sitemap.

    Of the node the option ``pages`` is part of the addresses that count. Raises
    :class:`~catalogue.errors.SourceUnavailable` when a sitemap cannot be had, is broken, or leads to no page.
    """
    waiting, seen, strange = deque([source.endpoint]), {source.endpoint}, 0
    pages: dict[str, str] = {}
    while waiting:
        address = waiting.popleft()
        root = _root(_content(address, web), address)
        if root is None:
            if address == source.endpoint:
                return None
            raise SourceUnavailable("this is no sitemap", where=address, remedy="ask whoever runs the site")
        for entry in root:
            link = (entry.findtext("{*}loc") or "").strip()
            if not address_of(link) or urlsplit(link).hostname != urlsplit(source.endpoint).hostname:
                strange += 1
            elif _name(root) == PAGES and source.options.get("pages", "") in link:
                pages[link] = (entry.findtext("{*}lastmod") or "").strip()
            elif _name(root) == INDEX and link not in seen:
                seen.add(link)
                waiting.append(link)
        if len(seen) > SITEMAPS:
            raise SourceUnavailable(
                f"there are more than {SITEMAPS} sitemaps", where=source.endpoint, remedy="give one"
            )
    if not pages:
        raise SourceUnavailable(
            f"the sitemap leads to no page on its host{f', but {strange} on others' if strange else ''}",
            where=source.endpoint,
            remedy="give the address of the sitemap with the host of its pages, and check the option `pages`",
        )
    return pages, strange


def _content(address: str, web: Web) -> bytes:
    try:
        return web.get(address).content.lstrip()
    except BadInput as error:
        raise SourceUnavailable(error.what, where=address, remedy=error.remedy) from error


def _root(content: bytes, address: str) -> ElementTree.Element | None:
    """The sitemap, or None when this says not that it is one."""
    if not any(f"<{name}".encode() in content[:HEAD] for name in (INDEX, PAGES)):
        return None
    try:
        check_xml(content, address)
        return ElementTree.fromstring(content)
    except (BadInput, ElementTree.ParseError) as error:
        raise SourceUnavailable(
            "the sitemap is not whole XML, or has entities", where=address, remedy="ask whoever runs the site"
        ) from error


def _name(root: ElementTree.Element) -> str:
    return root.tag.rpartition("}")[2]
