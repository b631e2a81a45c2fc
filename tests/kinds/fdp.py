"""A FAIR Data Point of files: data point, two catalogues, datasets and distributions, one of each a draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import Site, running

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix ldp: <http://www.w3.org/ns/ldp#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def source(url: str, **options: str) -> Source:
    """The node file of a data point."""
    base = "http://127.0.0.1/"
    return Source("point", base + "node/point", "Point", "fdp", url, base + "dataset/point/", options=options)


def dataset(site: Site, name: str, title: str = "") -> None:
    """Serve a dataset with a distribution in a document of its own; both name a blank node alike."""
    site.page(
        f"/dataset/{name}",
        f"""{PREFIXES} <{site.url}/dataset/{name}> a dcat:Dataset ; dct:title "{title or name}"@en ;
            dct:identifier "{name}" ; dct:publisher _:who ; dct:isPartOf <{site.url}/catalog/1> ;
            dcat:distribution <{site.url}/distribution/{name}> , <{site.url}/distribution/draft> .
            _:who a foaf:Agent ; foaf:name "Hospital" .""",
    )
    site.page(
        f"/distribution/{name}",
        f"""{PREFIXES} <{site.url}/distribution/{name}> a dcat:Distribution ; dct:title "Files"@en ;
            dcat:accessURL <https://data.example.org/{name}> ; dct:publisher _:who . _:who foaf:name "Archive" .""",
    )


def serve(site: Site) -> None:
    """Serve the data point."""
    at = site.url
    site.page(
        "/", f"{PREFIXES} <{at}/> a fdp:FAIRDataPoint ; fdp:metadataCatalog <{at}/catalog/1> , <{at}/catalog/2> ."
    )
    site.page(
        "/catalog/1",
        f"""{PREFIXES} <{at}/catalog/1> a dcat:Catalog ; dcat:dataset <{at}/dataset/a> , <{at}/dataset/draft> ;
            hydra:next <{at}/catalog/1?page=2> .""",
    )
    site.page("/catalog/1?page=2", f"{PREFIXES} <{at}/catalog/1> a dcat:Catalog ; dcat:dataset <{at}/dataset/b> .")
    site.page(
        "/catalog/2",
        f"""{PREFIXES} <{at}/dataset/> a ldp:DirectContainer ; ldp:membershipResource <{at}/catalog/2> ;
            ldp:contains <{at}/dataset/c> , <{at}/dataset/a> , <http://elsewhere.example/dataset/x> .""",
    )
    for name in ("a", "b", "c"):
        dataset(site, name)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three published datasets."""
    with running() as site:
        serve(site)
        yield Sample(source(site.url + "/"), least=3, change=lambda: dataset(site, "b", "changed"))
