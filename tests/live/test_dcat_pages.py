"""Harvesting from real servers on loopback: pages by Hydra and Link header, and what goes wrong with them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Rejected, Source, Untouched
from catalogue.ports import Past
from harvesters.dcat import DcatHarvester

if TYPE_CHECKING:
    from conftest import Site as _Site

    Site: TypeAlias = _Site

pytestmark = pytest.mark.live

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://data.example.org/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""
DCAT = "http://www.w3.org/ns/dcat#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FETCHER = Fetcher(Limits(max_bytes=1_000_000, max_seconds=10, backoff_seconds=0.01))


def harvest(url: str, known: frozenset[str] = frozenset()) -> list[Harvested]:
    source = Source("n", "http://c.example.org/node/n", "N", "dcat", url, "http://c.example.org/dataset/n/")
    return list(DcatHarvester().harvest(source, FETCHER.visit(source, Past(known))))


def names(harvested: list[Harvested]) -> list[str]:
    return [one.iri.rsplit("/", 1)[-1] for one in harvested if isinstance(one, Description)]


def dataset(name: str) -> str:
    return f'{PREFIXES} ex:{name} a dcat:Dataset ; dct:title "{name}"@en .\n'


def new_hydra(site: Site, path: str, target: str, name: str) -> None:
    view = f"<{site.url}{path}> a hydra:PartialCollectionView ; hydra:first </1> ; hydra:next <{target}> ."
    site.page(path, dataset(name) + view)


def old_hydra(site: Site, path: str, target: str, name: str) -> None:
    view = f'<{site.url}{path}> a hydra:PagedCollection ; hydra:itemsPerPage 1 ; hydra:nextPage "{target}" .'
    site.page(path, dataset(name) + view)


def link_header(site: Site, path: str, target: str, name: str) -> None:
    site.page(path, dataset(name), Link=f'<{target}>; rel="next"')


def json_ld(site: Site, path: str, target: str, name: str) -> None:
    title, following = "http://purl.org/dc/terms/title", "http://www.w3.org/ns/hydra/core#next"
    site.page(
        path,
        f'[{{"@id": "http://data.example.org/{name}", "@type": "{DCAT}Dataset", "{title}": "{name}"}},'
        f' {{"@id": "", "{following}": {{"@id": "{target}"}}}}]',
        "application/ld+json",
    )


Linked: TypeAlias = "Callable[[Site, str, str, str], None]"
WAYS: dict[str, Linked] = {"new": new_hydra, "old": old_hydra, "header": link_header, "json": json_ld}


@pytest.mark.parametrize("way", WAYS)
def test_pages_are_followed_to_the_last(way: str, site: Site) -> None:
    WAYS[way](site, "/1", "/2?page=2", "a")
    WAYS[way](site, "/2?page=2", f"{site.url}/3", "b")
    site.page("/3", dataset("c"))
    found = harvest(site.url + "/1")
    assert names(found) == ["a", "b", "c"]
    assert [one.original.location for one in found if isinstance(one, Description)] == [
        site.url + "/1",
        site.url + "/2?page=2",
        site.url + "/3",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_pages_in_a_loop_make_the_visit_incomplete(way: str, site: Site) -> None:
    WAYS[way](site, "/1", "/2", "a")
    WAYS[way](site, "/2", "/1", "b")
    with pytest.raises(SourceUnavailable, match="loop"):
        harvest(site.url + "/1")
    assert site.requests == ["/1", "/2"]


def test_pages_that_never_end_are_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.dcat.PAGES", 3)
    for number in range(9):
        new_hydra(site, f"/{number}", f"/{number + 1}", f"d{number}")
    with pytest.raises(SourceUnavailable, match="more than 3 pages"):
        harvest(site.url + "/0")


@pytest.mark.parametrize("target", ["http://192.0.2.1/secret", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_pages_do_not_lead_elsewhere(target: str, site: Site) -> None:
    new_hydra(site, "/1", target, "a")
    with pytest.raises(SourceUnavailable, match="not on the host"):
        harvest(site.url + "/1")


@pytest.mark.parametrize("second", ["broken turtle <", "missing", "<!DOCTYPE html><html><p>Sorry</p></html>"])
def test_a_later_page_that_cannot_be_read_makes_the_visit_incomplete(second: str, site: Site) -> None:
    new_hydra(site, "/1", "/2", "a")
    if second != "missing":
        site.page("/2", second)
    with pytest.raises(SourceUnavailable):
        harvest(site.url + "/1")


def test_a_broken_page_with_a_link_header_is_rejected_and_the_rest_goes_on(site: Site) -> None:
    site.page("/1", dataset("a") + "un:bound a un:bound .", Link='</2>; rel="next"')
    site.page("/2", dataset("b"))
    first, second = harvest(site.url + "/1")
    assert isinstance(first, Rejected)
    assert first.where.startswith(site.url + "/1 line ")
    assert names([second]) == ["b"]


def test_a_known_page_is_not_read_again_but_its_next_page_is(site: Site) -> None:
    new_hydra(site, "/1", "/2", "a")
    site.page("/2", dataset("b"))
    first = harvest(site.url + "/1")[0]
    assert isinstance(first, Description)
    again = harvest(site.url + "/1", frozenset({first.original.digest}))
    assert again[0] == Untouched(first.original.digest)
    assert names(again) == ["b"]


def test_an_archive_is_one_container_of_documents(site: Site) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("b.ttl", dataset("b"))
        made.writestr("a/a.ttl", dataset("a"))
        made.writestr("bad.ttl", "un:bound a un:bound .")
        made.writestr("readme.txt", "not RDF")
    url = site.page("/all.zip", written.getvalue(), "application/zip")
    found = harvest(url)
    assert names(found) == ["a", "b"]
    assert [one.where for one in found if isinstance(one, Rejected)] == [f"{url}#bad.ttl line 1 column 1"]
    container = digest(written.getvalue())
    assert {one.original.container for one in found if isinstance(one, Description)} == {container}
    assert harvest(url, frozenset({container})) == [Untouched(container)]


def test_a_compressed_document_is_read(site: Site) -> None:
    url = site.page("/d.ttl.gz", gzip.compress(dataset("a").encode()), "application/gzip")
    assert names(harvest(url)) == ["a"]


def test_relative_iris_are_relative_to_where_the_document_came_from(site: Site) -> None:
    site.page("/x/doc", PREFIXES + '<#it> a dcat:Dataset ; dct:title "t" .')
    (found,) = harvest(site.url + "/x/doc")
    assert isinstance(found, Description)
    assert found.iri == site.url + "/x/doc#it"


HOPELESS = {
    "web page": ("/p", "<!doctype HTML>\n<html><body>Datasets</body></html>", "text/html", "web page, not RDF"),
    "web page said to be Turtle": ("/p.ttl", "\n<html lang='en'></html>", "text/turtle", "web page, not RDF"),
    "XHTML": ("/p", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "application/xml", "web page"),
    "PDF": ("/p.pdf", "%PDF-1.7 ...", "application/pdf", "no RDF we know"),
    "nothing known": ("/p", "hello", "", "no RDF we know"),
    "too large": ("/p", " " * 1_000_001, "text/turtle", "larger than 1 MB"),
    "gzip bomb": ("/p", gzip.compress(bytes(9_000_000)), "text/turtle", "larger than 1 MB"),
    "broken gzip": ("/p.ttl.gz", gzip.compress(bytes(9000))[:-4], "application/gzip", "gzip compression is broken"),
}


@pytest.mark.parametrize("what", HOPELESS)
def test_an_address_that_gives_no_rdf_is_unavailable(what: str, site: Site) -> None:
    path, content, media_type, words = HOPELESS[what]
    with pytest.raises(SourceUnavailable, match=words) as raised:
        harvest(site.page(path, content, media_type))
    assert raised.value.where.startswith(site.url)
    assert raised.value.remedy


PREFIX = f"PREFIX d: <{DCAT}>\n"
PLAIN = f'<http://e.org/d> a <{DCAT}Dataset> ; <{DCAT}x> "v" .'
SHORT = '<http://e.org/d> a d:Dataset ; d:x "v"'
QUADS = f'<http://e.org/d> <{RDF}type> <{DCAT}Dataset> <http://g> .\n<http://e.org/d> <{DCAT}x> "v v"@en <http://h> .'
JSON = f'{{"@id": "http://e.org/d", "@type": "{DCAT}Dataset", "{DCAT}x": "v"}}'
CONTEXT = f'{{"@context": {{"@vocab": "{DCAT}"}}, "@id": "http://e.org/d", "@type": "Dataset", "x": "v"}}'
XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:d="{DCAT}"><d:Dataset rdf:about="http://e.org/d" d:x="v"/></rdf:RDF>'

SYNTAXES = {
    "Turtle by type": ("/x", "text/turtle", PLAIN),
    "Turtle as text": ("/x", "text/plain", "# hi\n" + PREFIX + SHORT + " ."),
    "Turtle as HTML": ("/x", "text/html", PREFIX + SHORT + " ."),
    "Turtle by name": ("/x.ttl?v=1", "application/octet-stream", PLAIN),
    "N-Quads as text": ("/x", "text/plain", QUADS),
    "JSON-LD as octets": ("/x", "application/octet-stream", JSON),
    "JSON-LD as JSON": ("/x", "application/json", CONTEXT),
    "RDF/XML as XML": ("/x", "application/xml", '<?xml version="1.0"?>' + XML),
    "RDF/XML untyped": ("/x", "", XML),
    "TriG": ("/x", "application/trig", PREFIX + "<http://g> {" + SHORT + "}"),
}


@pytest.mark.parametrize("what", SYNTAXES)
def test_every_syntax_is_recognised_however_it_is_labelled(what: str, site: Site) -> None:
    path, media_type, content = SYNTAXES[what]
    (found,) = harvest(site.page(path, "\ufeff" + content, media_type))
    assert isinstance(found, Description)
    assert (found.iri, len(found.graph)) == ("http://e.org/d", 2)
    assert found.original.content == ("\ufeff" + content).encode()


def test_nothing_listens(tmp_path: Path) -> None:
    for endpoint in ("http://127.0.0.1:1/", str(tmp_path / "none.ttl")):
        with pytest.raises(SourceUnavailable):
            harvest(endpoint)
