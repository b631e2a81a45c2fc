"""Searching: facets, chips, pages, order, spelling, and the same as JSON."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from catalogue.assembly import Services
from tests.web.page import ONCOLOGY, path_of, read

PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
NON_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC"


def test_words_are_found_and_marked(client: FlaskClient) -> None:
    response = client.get("/search?q=colorectal")
    page = read(response)
    assert path_of(ONCOLOGY) in page.links
    assert "<b>colorectal</b>" in response.get_data(as_text=True)


def test_query_stays_in_the_box_and_is_escaped(client: FlaskClient) -> None:
    page = read(client.get('/search?q="><script>x</script>'))
    assert page.all("input")[0]["value"] == '"><script>x</script>'


def test_facet_narrows_and_can_be_taken_back(client: FlaskClient) -> None:
    everything = client.get("/search.json").get_json()
    access = {value["value"]: value["count"] for value in everything["facets"]["access"]}
    narrowed = client.get("/search.json", query_string={"access": NON_PUBLIC}).get_json()
    assert narrowed["total"] == access[NON_PUBLIC] < everything["total"]
    page = read(client.get("/search", query_string={"access": NON_PUBLIC, "q": "cancer", "page": "1"}))
    checked = [box for box in page.all("input") if "checked" in box]
    assert [box["value"] for box in checked] == [NON_PUBLIC]
    assert all(box["form"] == "search" for box in checked), "the boxes belong to the form with the words"
    assert "Only with a permit" in page.words
    assert "/search?q=cancer" in page.links, "all filters go, the words stay"
    both = read(client.get("/search", query_string={"access": [NON_PUBLIC, PUBLIC], "q": "cancer"}))
    chips = [parse_qs(urlsplit(link).query) for link in both.links if link.startswith("/search?") and "access=" in link]
    assert [chip["access"] for chip in chips] == [[PUBLIC], [NON_PUBLIC]]


def test_facets_are_named_in_the_readers_language(client: FlaskClient) -> None:
    german = client.get("/search.json?lang=de").get_json()
    labels = {value["label"] for value in german["facets"]["country"]}
    assert "Österreich" in labels


def test_pages(client: FlaskClient, services: Services) -> None:
    total = services.publisher.facts().datasets
    first = client.get("/search.json?size=1&sort=title").get_json()
    assert first["previous"] is None
    assert first["next"].startswith(services.minted.base + "search.json?")
    titles, address = [], "/search.json?size=1&sort=title"
    while address:
        part = urlsplit(address)
        answer = client.get(f"{part.path}?{part.query}").get_json()
        titles += [hit["iri"] for hit in answer["results"]]
        address = answer["next"]
    assert len(set(titles)) == total
    page = read(client.get("/search?size=1&sort=title&page=2"))
    assert {"rel": "prev", "href": "/search?size=1&sort=title"} in page.all("a")
    assert parse_qs(urlsplit(next(a["href"] for a in page.all("a") if a.get("rel") == "next")).query)["page"] == ["3"]
    beyond = read(client.get("/search?page=50"))
    assert "no more results" in beyond.words


def test_did_you_mean(client: FlaskClient) -> None:
    page = read(client.get("/search?q=colorectol"))
    assert "Did you mean" in page.words
    assert "/search?q=colorectal" in page.links


def test_empty_result_gives_advice(client: FlaskClient) -> None:
    page = read(client.get("/search?q=qqqqxxxx"))
    assert "0 datasets" in page.words
    assert "fewer or more general words" in page.words


def test_json_by_accept(client: FlaskClient) -> None:
    response = client.get("/search?q=cancer", headers={"Accept": "application/json"})
    assert response.mimetype == "application/json"
    assert "Accept" in response.headers["Vary"]
    hit = next(hit for hit in response.get_json()["results"] if hit["iri"] == ONCOLOGY)
    assert hit["page"] == "http://127.0.0.1:8000" + path_of(ONCOLOGY)
    assert hit["individuals"] == 38260
    assert "<b>" not in hit["snippet"]
    assert client.get("/search", headers={"Accept": "text/turtle"}).status_code == 406


def test_home_counts_what_there_is(client: FlaskClient, services: Services) -> None:
    page = read(client.get("/"))
    facts = services.publisher.facts()
    assert f"{facts.individuals:,}" in page.words
    assert facts.individuals > 38260
