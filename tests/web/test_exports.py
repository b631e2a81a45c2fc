"""Results as files, as a feed, and side by side."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from xml.etree import ElementTree

import pytest
import rispy
from flask.testing import FlaskClient
from pybtex.database import parse_string

from catalogue.graphs import Graph, NamedNode, parse
from catalogue.names import DCAT, RDF, key
from catalogue.web import exports
from tests.web.page import HOSTILE, ONCOLOGY, Page

ATOM = "{http://www.w3.org/2005/Atom}"


def found(client: FlaskClient, query: str) -> set[str]:
    return {one["iri"] for one in client.get(f"/search.json?size=100&{query}").json["results"]}


@pytest.mark.parametrize("query", ["q=cancer", "modality=", "q=nothing-at-all"])
def test_a_table_holds_every_result(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/search.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["iri"] for row in rows} == found(client, query)
    assert "datasets.csv" in answer.headers["Content-Disposition"]
    assert "Catalogue-Truncated" not in answer.headers


def test_a_table_says_what_people_read(client: FlaskClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/search.csv?q=lakeland").text))
    row = next(row for row in rows if row["iri"] == ONCOLOGY)
    assert row["title"].startswith("Lakeland cohort of breast and colorectal cancer")
    assert row["access"] == "Only with a permit"
    assert row["page"].endswith(f"/dataset/{key(ONCOLOGY)}")
    assert datetime.fromisoformat(row["changed_here"]).tzinfo is not None


def test_a_cell_is_never_a_formula() -> None:
    assert [exports._cell(one) for one in ("=1+1", "+1", "@x", "a=1", 5)] == ["'=1+1", "'+1", "'@x", "a=1", 5]


def test_citations_of_all_results(client: FlaskClient) -> None:
    number = len(found(client, "q=cancer"))
    assert len(parse_string(client.get("/search.bib?q=cancer").text, "bibtex").entries) == number
    assert len(rispy.loads(client.get("/search.ris?q=cancer").text)) == number


@pytest.mark.parametrize(("suffix", "syntax"), [("ttl", "text/turtle"), ("jsonld", "application/ld+json")])
def test_descriptions_of_all_results(client: FlaskClient, suffix: str, syntax: str) -> None:
    graph = Graph(parse(client.get(f"/search.{suffix}?q=cancer").data, syntax))
    datasets = {node.value for node in graph.nodes if DCAT.Dataset in graph.objects(node, RDF.type)}
    assert found(client, "q=cancer") <= datasets
    assert graph.text(NamedNode(ONCOLOGY), NamedNode("http://purl.org/dc/terms/title"))


def test_more_results_than_a_file_holds_are_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 1)
    answer = client.get("/search.csv")
    assert len(answer.text.splitlines()) == 2
    assert answer.headers["Catalogue-Truncated"] == "true"


def test_the_feed_of_a_search(client: FlaskClient) -> None:
    answer = client.get("/search.atom?q=cancer")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert {entry.findtext(f"{ATOM}id") for entry in entries} == found(client, "q=cancer")
    moments = [datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    [own] = [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert own == "http://127.0.0.1:8000/search.atom?q=cancer"
    again = client.get("/search.atom?q=cancer", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_empty_feed_is_one(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/search.atom?q=nothing-at-all").data)
    assert not feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}updated")


def test_hostile_descriptions_are_exported_whole(odd: FlaskClient) -> None:
    feed = ElementTree.fromstring(odd.get("/search.atom").data)
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert any("<script>alert('title')</script>" in title for title in titles)
    for entry in feed.findall(f"{ATOM}entry"):
        assert "<img" not in (entry.findtext(f"{ATOM}summary") or "").replace("&lt;img", "")
    assert HOSTILE in odd.get("/search.csv").text
    assert len(rispy.loads(odd.get("/search.ris").text)) == len(titles)


def test_one_dataset_is_cited(client: FlaskClient) -> None:
    path = f"/dataset/{key(ONCOLOGY)}"
    assert ONCOLOGY in client.get(f"{path}/cite.bib").text
    assert "TY  - DATA" in client.get(f"{path}/cite.ris").text
    assert client.get("/dataset/none/cite.ris").status_code == 404
    assert f"{path}/cite.bib" in Page(client.get(path, headers={"Accept": "text/html"}).text).links


def test_the_page_of_results_offers_them(client: FlaskClient) -> None:
    page = Page(client.get("/search?q=cancer&page=1&modality=").text)
    assert "/search.atom?q=cancer&modality=" in page.links
    assert "/search.bib?q=cancer&modality=" in page.links


# --- side by side ----------------------------------------------------------------------------------------------------


def test_datasets_side_by_side(client: FlaskClient) -> None:
    keys = [key(iri) for iri in sorted(found(client, ""))][:3]
    page = Page(client.get("/compare", query_string={"dataset": keys}).text)
    assert page.problems() == []
    assert len([one for one in page.all("th") if one.get("scope") == "col"]) == 4
    assert "differs" in page.words


def test_a_dataset_beside_itself_does_not_differ(client: FlaskClient) -> None:
    page = Page(client.get(f"/compare?dataset={key(ONCOLOGY)}&dataset={key(ONCOLOGY)}").text)
    assert len([one for one in page.all("th") if one.get("scope") == "col"]) == 2
    assert not [one for one in page.all("tr") if one.get("class") == "differs"]


def test_what_cannot_be_compared_is_told(client: FlaskClient) -> None:
    assert client.get("/compare?dataset=a&dataset=b&dataset=c&dataset=d&dataset=e").status_code == 422
    assert client.get("/compare?dataset=none").status_code == 404
    assert "Choose up to four" in client.get("/compare").text
