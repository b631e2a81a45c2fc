"""The SPARQL 1.1 Protocol, and the page over it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from catalogue.graphs import Graph, NamedNode, parse
from catalogue.web.sparql import examples
from tests.web.page import read

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?d a <http://www.w3.org/ns/dcat#Dataset> }"
MANY = "SELECT ?s WHERE { ?s ?p ?o }"
JSON = "application/sparql-results+json"


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_example_answers_its_question(client: FlaskClient, example: object) -> None:
    query = example.query  # type: ignore[attr-defined]
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": f"{JSON}, text/turtle"})
    assert response.status_code == 200
    if response.mimetype == JSON:
        assert response.get_json()["results"]["bindings"], "an example that finds nothing teaches nothing"
    else:
        assert len(Graph(parse(response.data, "text/turtle"))) > 5
    page = read(client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}))
    assert "Answer" in page.words


def test_there_are_examples_on_the_page(client: FlaskClient) -> None:
    page = read(client.get("/sparql", headers={"Accept": "text/html"}))
    for example in examples():
        assert example.question in page.words
    assert len(examples()) >= 5
    other = client.get(f"/sparql?example={examples()[2].name}", headers={"Accept": "text/html"})
    assert "cat:breaks" in other.get_data(as_text=True)


def test_three_ways_to_ask(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": COUNT}),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", data=COUNT.encode(), content_type="application/sparql-query"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.mimetype == JSON
        assert int(answer.get_json()["results"]["bindings"][0]["n"]["value"]) >= 4
        assert "Catalogue-Truncated" not in answer.headers


@pytest.mark.parametrize(
    "accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values", "application/json"]
)
def test_formats(client: FlaskClient, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": accept})
    assert response.mimetype == accept
    assert "Accept" in response.headers["Vary"]


def test_format_by_name_for_links(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": COUNT, "format": "csv"}, headers={"Accept": "text/html"})
    assert response.mimetype == "text/csv"
    assert client.get("/sparql", query_string={"query": COUNT, "format": "doc"}).status_code == 400


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"query": "SELEC ?s"}, "query"),
        ({"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}, ""),
        ({"query": "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, "SERVICE"),
        ({"query": COUNT, "default-graph-uri": "urn:x"}, "FROM"),
        ({"query": COUNT, "named-graph-uri": "urn:x"}, "FROM NAMED"),
        ({"update": "DROP ALL"}, "changed"),
    ],
)
def test_refusals_are_400_in_words(client: FlaskClient, arguments: dict[str, str], word: str) -> None:
    for response in (client.get("/sparql", query_string=arguments), client.post("/sparql", data=arguments)):
        assert response.status_code == 400
        assert response.mimetype == "text/plain"
        assert word in response.get_data(as_text=True)
        assert "\n" in response.get_data(as_text=True).strip()


def test_other_refusals(client: FlaskClient) -> None:
    assert client.post("/sparql", data="x", content_type="text/plain").status_code == 400
    assert client.post("/sparql", data="x", content_type="application/sparql-update").status_code == 400
    assert client.post("/sparql", data=b"\xff", content_type="application/sparql-query").status_code == 400
    assert client.post("/sparql", data={}).status_code == 400
    assert client.get("/sparql", query_string={"query": [COUNT, COUNT]}).status_code == 400
    assert client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "image/png"}).status_code == 406
    assert client.post("/sparql", data={"query": "x" * 1_100_000}).status_code == 413


def test_browser_sees_the_error_beside_its_query(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELEC <b>"}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    page = read(response)
    assert "The query was not answered" in page.words
    assert "SELEC <b>" in page.words


def test_cut_answer_says_so(odd: FlaskClient) -> None:
    answer = odd.get("/sparql", query_string={"query": MANY}, headers={"Accept": JSON})
    assert len(answer.get_json()["results"]["bindings"]) == 5
    assert answer.headers["Catalogue-Truncated"] == "true"
    page = odd.get("/sparql", query_string={"query": MANY}, headers={"Accept": "text/html"})
    assert page.headers["Catalogue-Truncated"] == "true"
    assert "the answer was cut at 5" in read(page).words


def test_slow_query_is_504(odd: FlaskClient) -> None:
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    response = odd.get("/sparql", query_string={"query": slow})
    assert response.status_code == 504
    assert response.mimetype == "text/plain"


def test_yes_and_no(client: FlaskClient) -> None:
    page = read(client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}, headers={"Accept": "text/html"}))
    assert "Yes" in page.words


def test_service_description(client: FlaskClient) -> None:
    graph = Graph(parse(client.get("/sparql", headers={"Accept": "text/turtle"}).data, "text/turtle"))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert graph.instances(NamedNode(sd + "Service")) == [NamedNode("http://127.0.0.1:8000/sparql")]
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
