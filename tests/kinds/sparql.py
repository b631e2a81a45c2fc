"""An endpoint of ``oxigraph serve`` with DCAT in its default graph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.servers.oxigraph import oxigraph

TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix cv: <http://data.europa.eu/m8g/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix d: <https://data.example.org/> .
"""


def dataset(name: str, title: str = "", more: str = "") -> str:
    """A dataset with parts four steps deep."""
    return f"""{TURTLE}
    d:{name} a dcat:Dataset ; dct:title "{title or name}"@en ; dct:identifier "{name}" ;
        dct:modified "2026-01-01"^^xsd:date ;
        dct:publisher [ a foaf:Agent ; foaf:name "Hospital" ; cv:contactPoint [ a cv:ContactPoint ;
            cv:openingHours [ dct:description "always"@en ] ] ] ;
        dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://data.example.org/{name}/get> ] {more} .
    """


def source(url: str, **options: str) -> Source:
    """The node file of an endpoint."""
    base = "http://127.0.0.1/"
    return Source("endpoint", base + "node/endpoint", "E", "sparql", url, base + "dataset/endpoint/", options=options)


CHANGE = """
PREFIX dct: <http://purl.org/dc/terms/> PREFIX d: <https://data.example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { d:b dct:title ?title ; dct:modified ?day }
INSERT { d:b dct:title "changed"@en ; dct:modified "2026-02-02"^^xsd:date }
WHERE { d:b dct:title ?title ; dct:modified ?day }
"""


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three datasets, one of which points to another."""
    with oxigraph(folder) as server:
        for text in (dataset("a", more="; dct:relation d:b"), dataset("b"), dataset("c")):
            server.load(text)
        yield Sample(source(server.query), least=3, change=lambda: server.update(CHANGE))
