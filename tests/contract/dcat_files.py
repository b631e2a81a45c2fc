"""Writes DCAT documents and harvests them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalogue.fetch import Fetcher, Limits
from catalogue.model import Description, Harvested, Source
from catalogue.ports import Past
from harvesters.dcat import DcatHarvester

NAMESPACE = "http://c.example.org/dataset/n/"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://data.example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""


def source(endpoint: object, **fields: object) -> Source:
    return Source("n", "http://c.example.org/node/n", "N", "dcat", str(endpoint), NAMESPACE, **fields)  # type: ignore[arg-type]


def harvest(endpoint: object, known: Iterable[str] = (), **fields: object) -> list[Harvested]:
    place = source(endpoint, **fields)
    web = Fetcher(Limits(max_bytes=10_000_000)).visit(place, Past(frozenset(known)))
    return list(DcatHarvester().harvest(place, web))


def write(folder: Path, **documents: str) -> Path:
    for name, content in documents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def taken(tmp_path: Path, turtle: str) -> list[Harvested]:
    return harvest(write(tmp_path, a_ttl=PREFIXES + turtle) / "a.ttl")


def only(harvested: list[Harvested]) -> Description:
    (one,) = harvested
    assert isinstance(one, Description), one
    return one
