"""The web application over real installations, and a reader of pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services, open_services, sources
from catalogue.config import Settings
from catalogue.model import Source
from catalogue.web import create_app
from tests.web.actors import ACTORS

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
<http://127.0.0.1:8000/dataset/odd/né> a dcat:Dataset ; dct:title "An IRI beyond ASCII"@en .
<http://127.0.0.1:8000/dataset/odd/data.ttl> a dcat:Dataset ; dct:title "A name like a file"@en .
"""
LEAVING = """
<http://127.0.0.1:8000/dataset/odd/gone> a <http://www.w3.org/ns/dcat#Dataset> ;
    <http://purl.org/dc/terms/title> "Leaves soon"@en .
"""


@pytest.fixture(scope="session")
def client(services: Services) -> FlaskClient:
    """A client of the example catalogue."""
    return create_app(services).test_client()


@pytest.fixture(scope="session")
def odd_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An installation with low limits that holds hostile, foreign and withdrawn datasets, harvested from files."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "odd.ttl").write_text(ODD.replace("LONG", "Absatz <img src=x onerror=alert(1)>. " * 30_000), "utf-8")
    (folder / "titles.ttl").write_text(TITLES, "utf-8")
    (folder / "gone.ttl").write_text(LEAVING, "utf-8")
    settings = Settings(
        data=tmp_path_factory.mktemp("odd"),
        base="http://127.0.0.1:8000/",
        upload_bytes=50_000,
        sparql_rows=5,
        sparql_seconds=1.0,
    )
    with open_services(settings) as opened:
        source = Source(
            name="odd",
            iri=opened.minted.node("odd"),
            title="Odd",
            kind="dcat",
            endpoint=str(folder),
            namespace=opened.minted.dataset_namespace("odd"),
            grace=timedelta(0),
        )
        list(opened.harvest(source))
        (folder / "gone.ttl").unlink()
        list(opened.harvest(source))
        yield opened


@pytest.fixture(scope="session")
def odd(odd_services: Services) -> FlaskClient:
    """A client of the odd catalogue."""
    return create_app(odd_services).test_client()


@pytest.fixture
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An installation of its own with two actors."""
    folder = tmp_path_factory.mktemp("assessed")
    (folder / "actors.ttl").write_text(ACTORS, "utf-8")
    settings = Settings(data=folder / "data", base="http://127.0.0.1:8000/", actors=folder / "actors.ttl")
    with open_services(settings) as opened:
        list(opened.harvest(sources(opened.settings)["examples"]))
        yield opened


@pytest.fixture
def web(assessed: Services) -> FlaskClient:
    """A client of it."""
    return create_app(assessed).test_client()
