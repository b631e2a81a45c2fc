"""Descriptions that are hostile, foreign or withdrawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from catalogue.assembly import Services
from catalogue.model import Source

ODD = """
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix healthdcatap: <http://healthdataportal.eu/ns/health#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<urn:example:hostile> a dcat:Dataset ;
    dct:title "<script>alert('title')</script>\\u202Eevil"@en ;
    dct:description "LONG"@de ;
    dct:accessRights "<i>rights</i>" ;
    dct:publisher [ a foaf:Agent ; foaf:name "\\"><script>alert('name')</script>" ] ,
                  [ a foaf:Agent ; foaf:name "see http://example.org/ or ask" ] ;
    dcat:landingPage <javascript:alert('page')> , <https://example.org/?a='b'&c> ;
    dcat:keyword "<b>bold</b>"@en , "weird"@x-unknown-tongue ;
    dcat:contactPoint [ ] ;
    dct:temporal [ dcat:startDate "0000-99-99"^^xsd:date ] ;
    healthdcatap:numberOfRecords "0005"^^xsd:integer ;
    healthdcatap:numberOfUniqueIndividuals "many" ;
    healthdcatap:hasStructuredData "1"^^xsd:boolean ;
    healthdcatap:hasVariables [
        csvw:table [ csvw:tableSchema [ csvw:column ( [ csvw:name "<td>" ] [ csvw:name "second" ] ) ] ] ] ;
    dcat:distribution [ a dcat:Distribution ; dct:title "d"@en ; dcat:accessURL <javascript:alert('url')> ;
                        dcat:byteSize "lots" ; dct:license <data:text/html,x> ] .
"""
TITLES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<http://127.0.0.1:8000/dataset/odd/only-german> a dcat:Dataset ; dct:title "Röntgenbilder der Lunge"@de .
<http://127.0.0.1:8000/dataset/odd/né> a dcat:Dataset ; dct:title "An IRI beyond ASCII"@en ;
    dct:modified "2019-05-01"^^<http://www.w3.org/2001/XMLSchema#date>
    ; dct:publisher <http://127.0.0.1:8000/agent/old> .
<http://127.0.0.1:8000/dataset/odd/data.ttl> a dcat:Dataset ; dct:title "A name like a file"@en .
"""
LEAVING = """
<http://127.0.0.1:8000/dataset/odd/gone> a <http://www.w3.org/ns/dcat#Dataset> ;
    <http://purl.org/dc/terms/title> "Leaves soon"@en .
"""


def harvest_odd(services: Services, folder: Path) -> None:
    """Harvest them from files in a folder; one leaves at a second visit."""
    base = services.minted.base
    (folder / "odd.ttl").write_text(ODD.replace("LONG", "Absatz <img src=x onerror=alert(1)>. " * 30_000), "utf-8")
    (folder / "titles.ttl").write_text(TITLES.replace("http://127.0.0.1:8000/", base), "utf-8")
    (folder / "gone.ttl").write_text(LEAVING.replace("http://127.0.0.1:8000/", base), "utf-8")
    source = Source(
        name="odd",
        iri=services.minted.node("odd"),
        title="Odd",
        kind="dcat",
        endpoint=str(folder),
        namespace=services.minted.dataset_namespace("odd"),
        grace=timedelta(0),
    )
    list(services.harvest(source))
    (folder / "gone.ttl").unlink()
    list(services.harvest(source))
