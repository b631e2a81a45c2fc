"""What crawlers and search engines find: sitemaps, schema.org, signposts; read back by our own harvester."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from waitress.server import create_server

from catalogue.assembly import Services, open_services, sources
from catalogue.config import Settings
from catalogue.graphs import NamedNode
from catalogue.listing import listed
from catalogue.model import Description
from catalogue.names import DCT, key
from catalogue.ports import Past
from catalogue.web import crawlers, create_app
from harvesters.schemaorg import SchemaOrgHarvester
from tests.kinds import schemaorg
from tests.kinds.sample import read
from tests.live.servers.running import free_port
from tests.web.page import HOSTILE, ONCOLOGY

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def said(client: FlaskClient, iri: str) -> dict[str, Any]:
    """The JSON-LD on the page of a dataset."""
    text = client.get(f"/dataset/{key(iri)}", headers={"Accept": "text/html"}).text
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(script))


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The examples on a server of their own."""
    settings = Settings(data=tmp_path_factory.mktemp("served"), base=f"http://127.0.0.1:{free_port()}/")
    with open_services(settings) as opened:
        list(opened.harvest(sources(opened.settings)["examples"]))
        port = int(opened.minted.base.rstrip("/").rsplit(":", 1)[1])
        server = create_server(create_app(opened), host="127.0.0.1", port=port)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield opened
        server.close()
        thread.join(5)


def test_our_own_harvester_reads_the_site_back(served: Services) -> None:
    node = schemaorg.source(served.minted.base + "sitemap.xml")
    found = list(SchemaOrgHarvester().harvest(node, read(node, Past())))
    assert {one.iri for one in found if isinstance(one, Description)} == {iri for iri, _ in listed(served.store)}
    assert len(found) == len(listed(served.store))
    for one in found:
        assert isinstance(one, Description)
        ours = served.publisher.find(one.iri)
        title = one.graph.text(NamedNode(one.iri), DCT.title, "en")
        assert title == ours.graph.text(NamedNode(one.iri), DCT.title, "en")  # type: ignore[union-attr]


def test_search_engines_read_what_is_stated(client: FlaskClient) -> None:
    one = said(client, ONCOLOGY)
    assert one["@type"] == "Dataset"
    assert one["@id"] == ONCOLOGY
    assert one["isAccessibleForFree"] is False
    assert one["conditionsOfAccess"] == "Only with a permit"
    assert one["publisher"]["name"] == "Cancer Registry of Lakeland"
    assert "Cancer" in one["keywords"]
    assert all(value not in ("", [], {}, None) for value in one.values())


def test_nothing_hostile_gets_out_of_the_script(odd: FlaskClient) -> None:
    one = said(odd, HOSTILE)
    assert one["name"].startswith("<script>alert('title')</script>")
    assert "javascript:" not in json.dumps(one)
    assert len(one["description"]) == 5000


def test_signposts(client: FlaskClient) -> None:
    answer = client.get(f"/dataset/{key(ONCOLOGY)}", headers={"Accept": "text/html"})
    links = answer.headers.getlist("Link")
    assert f'<{ONCOLOGY}>; rel="cite-as"' in links
    assert '<https://schema.org/Dataset>; rel="type"' in links
    assert [link for link in links if 'rel="license"' in link]
    assert [link for link in links if "describedby" in link]


def test_addresses_that_are_none_are_no_signposts(odd: FlaskClient) -> None:
    links = odd.get(f"/dataset/{key(HOSTILE)}", headers={"Accept": "text/html"}).headers.getlist("Link")
    assert not [link for link in links if "javascript" in link or "data:" in link]


def test_a_sitemap_of_all_datasets(client: FlaskClient, services: Services) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    addresses = [one.text or "" for one in root.iter(LOC)]
    assert len(addresses) == len(listed(services.store)) > 1
    for address in addresses:
        assert client.get(address.replace("http://127.0.0.1:8000", "")).status_code == 200


def test_many_datasets_have_several_sitemaps(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {one.text for one in ElementTree.fromstring(client.get("/sitemap.xml").data).iter(LOC)}
    monkeypatch.setattr(crawlers, "MOST", 3)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    assert index.tag.endswith("sitemapindex")
    parts = [(one.text or "").replace("http://127.0.0.1:8000", "") for one in index.iter(LOC)]
    found = [one.text for part in parts for one in ElementTree.fromstring(client.get(part).data).iter(LOC)]
    assert len(found) == len(whole)
    assert set(found) == whole
    assert client.get("/sitemap-99.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_an_iri_beyond_ascii_is_written_as_an_address(odd: FlaskClient) -> None:
    assert "/dataset/odd/n%C3%A9<" in odd.get("/sitemap.xml").text


def test_crawlers_leave_endless_pages_alone(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /search" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
