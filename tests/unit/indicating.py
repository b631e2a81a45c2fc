"""What the tests of indicators look at, and how."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalogue.assembly import open_beside
from catalogue.beside import Beside
from catalogue.checklists import Checklist
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.indicators import Result, Tally
from catalogue.model import Finding, Report, Severity
from catalogue.quality import Label
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

TESTS = Path(__file__).resolve().parents[1]
DATASET = NamedNode("https://example.org/dataset")
ELEMENT = "https://w3id.org/ehds-catalogue/label/"
CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
KEPT = Report("profile", (), {"rule": 1})
BROKEN = Report("profile", (Finding("rule", DATASET, None, None, "component", Severity.VIOLATION),), {"rule": 1})
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix file: <http://publications.europa.eu/resource/authority/file-type/> .
@prefix right: <http://publications.europa.eu/resource/authority/access-right/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HAND = """
ex:dataset a dcat:Dataset ;
    dcat:keyword "lung"@en ; dcat:theme ex:health ; dct:temporal [ dcat:startDate "2020-01-01"^^xsd:date ] ;
    dct:accessRights right:PUBLIC ; dcat:contactPoint ex:us ; dct:issued "2026-01-01"^^xsd:date ;
    dcat:distribution ex:one , ex:two ; adms:sample ex:sample .
ex:one a dcat:Distribution ;
    dcat:accessURL <https://example.org/one> ; dcat:downloadURL <https://example.org/one.csv> ;
    dct:format file:CSV ; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> .
ex:two a dcat:Distribution ;
    dcat:accessURL <https://example.org/two> ; dct:format file:XLS ; dcat:byteSize 17 ;
    dct:modified "2026-02-01"^^xsd:date .
ex:sample a dcat:Distribution ; dct:license <https://example.org/own> ; dct:rights "none" ; dcat:byteSize 1 .
"""
LINKS = {"https://example.org/one": True, "https://example.org/two": False, "https://example.org/one.csv": True}


@cache
def rules() -> Rulebook:
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


@cache
def beside() -> Beside:
    return open_beside(rules(), "compiled")


def checklist(name: str) -> Checklist:
    return next(one for one in beside().checklists if one.identifier == name)


def read(text: str) -> Graph:
    return Graph(parse((PREFIXES + text).encode(), "text/turtle"))


def looked(
    name: str,
    text: str = "ex:dataset a dcat:Dataset .",
    report: Report = KEPT,
    label: Label | None = None,
    links: Mapping[str, bool] | None = None,
) -> Tally:
    return beside().tallies(DATASET, read(text), report, label=label, links=links, only=name)[0]


def result(found: Tally, identifier: str) -> Result:
    return next(one for one in found.results if one.indicator.identifier == identifier)
