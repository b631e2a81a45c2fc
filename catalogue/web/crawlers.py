"""What crawlers look for: ``/robots.txt``, and sitemaps with the page of every dataset."""

from __future__ import annotations

from xml.etree import ElementTree

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound
from werkzeug.urls import iri_to_uri

from catalogue.listing import listed
from catalogue.web.context import dataset_path, services

MOST = 20_000
"""Pages in one sitemap; the protocol allows 50,000."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ELSEWHERE = ("/search", "/sparql", "/validate", "/compare")
"""Pages without end, or that work for whoever asks."""

blueprint = Blueprint("crawlers", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Crawlers may read everything but what has no end (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ELSEWHERE)]
    lines += ["", f"Sitemap: {services().minted.base}sitemap.xml", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The pages of all datasets, or an index of sitemaps where they are many."""
    pages = listed(services().store)
    if len(pages) <= MOST:
        return _pages(pages)
    root = ElementTree.Element("sitemapindex", xmlns=NAMESPACE)
    for number in range(1, -(-len(pages) // MOST) + 1):
        newest = max(changed for _iri, changed in pages[(number - 1) * MOST : number * MOST])
        _entry(root, "sitemap", f"{services().minted.base}sitemap-{number}.xml", newest)
    return _xml(root)


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """One sitemap of many."""
    pages = listed(services().store)[max(0, number - 1) * MOST : number * MOST]
    if not pages:
        raise NotFound
    return _pages(pages)


def _pages(pages: list[tuple[str, str]]) -> Response:
    root = ElementTree.Element("urlset", xmlns=NAMESPACE)
    for iri, changed in pages:
        _entry(root, "url", iri_to_uri(f"{services().minted.base}dataset/{dataset_path(iri)}"), changed)
    return _xml(root)


def _entry(root: ElementTree.Element, kind: str, address: str, changed: str) -> None:
    entry = ElementTree.SubElement(root, kind)
    ElementTree.SubElement(entry, "loc").text = address
    ElementTree.SubElement(entry, "lastmod").text = changed


def _xml(root: ElementTree.Element) -> Response:
    return Response(ElementTree.tostring(root, "utf-8", xml_declaration=True), mimetype="application/xml")
