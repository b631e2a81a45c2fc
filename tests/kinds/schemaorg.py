"""A site with a sitemap and pages of datasets, in HTML with JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import Site, running

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def page(name: str, title: str = "") -> str:
    """A page with one dataset."""
    dataset = {
        "@context": "https://schema.org/", "@type": "Dataset", "name": title or f"Data {name}",
        "description": "Images of hearts.", "keywords": "heart, echo", "favouriteColour": "blue",
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(dataset)}</script>'
    head = f"<head><title>x</title>{script}<script>var a = 1 < 2;</script></head>"
    return f"<!DOCTYPE html><html>{head}<body>x</body></html>"


def publish(site: Site, pages: dict[str, tuple[str, str]]) -> None:
    """Serve pages (title, lastmod by name) and their sitemap."""
    entries = ""
    for name, (title, day) in pages.items():
        site.page(f"/{name}", page(name, title), "text/html")
        entries += f"<url><loc>{site.url}/{name}</loc><lastmod>{day}</lastmod></url>"
    site.page("/sitemap.xml", SITEMAP.format(entries), "application/xml")


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("site", base + "node/site", "S", "schemaorg", str(endpoint), base + "dataset/site/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Four pages."""
    pages = dict.fromkeys("abcd", ("", "2026-01-01"))
    with running() as site:
        publish(site, pages)
        change = lambda: publish(site, pages | {"b": ("Changed", "2026-02-02")})  # noqa: E731
        yield Sample(source(f"{site.url}/sitemap.xml"), least=4, leftovers=("favouriteColour",), change=change)
