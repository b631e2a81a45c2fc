"""One address, many forms: by Accept, by suffix, with validators, and always the same statements."""

from __future__ import annotations

import re
from email.utils import format_datetime

import pytest
import rdflib
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.assembly import Services
from catalogue.graphs import BlankNode, Canonical, Graph, Literal, NamedNode, Triple, parse
from catalogue.names import PREFIXES
from catalogue.publish import DatasetPage
from catalogue.web import jsonld
from catalogue.web.negotiation import FORMS, RDF_FORMS, Form
from tests.web.page import HOSTILE, ONCOLOGY, path_of

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("text/html;q=0.5, text/turtle", "text/turtle"),
        ("text/turtle;q=0.3, application/ld+json;q=0.9, */*;q=0.1", "application/ld+json"),
        ("application/*", "application/ld+json"),
        ("text/html;q=0, */*", "text/turtle"),
        ("Text/Turtle; charset=utf-8", "text/turtle"),
    ],
)
def test_form_by_accept(client: FlaskClient, accept: str | None, media_type: str) -> None:
    for path in (path_of(ONCOLOGY), "/catalog", "/rule/dataset/title", "/ns"):
        response = client.get(path, headers={"Accept": accept} if accept else {})
        assert response.status_code == 200
        assert response.mimetype == media_type
        assert "Accept" in response.headers["Vary"]
        suffix = next(form.suffix for form in FORMS if form.media_type == media_type)
        assert response.headers["Content-Location"] == f"http://127.0.0.1:8000{path}.{suffix}"


def test_what_is_not_to_be_had_is_406_with_what_is(client: FlaskClient) -> None:
    response = client.get(path_of(ONCOLOGY), headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.mimetype == "application/problem+json"
    assert "text/turtle" in response.get_data(as_text=True)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_suffix_wins_over_accept(client: FlaskClient, form: Form) -> None:
    response = client.get(f"{path_of(ONCOLOGY)}.{form.suffix}", headers={"Accept": "image/png"})
    assert response.status_code == 200
    assert response.mimetype == form.media_type
    assert "Accept" not in re.split(r",\s*", response.headers.get("Vary", ""))
    links = response.headers.getlist("Link")
    others = {other.media_type for other in FORMS if other is not form}
    assert {match[1] for link in links if (match := re.search('rel="[^"]*alternate.*type="([^"]*)"', link))} == others
    assert any('rel="cite-as"' in link and f"<{ONCOLOGY}>" in link for link in links)


def test_page_links_to_its_description(client: FlaskClient) -> None:
    links = client.get(path_of(ONCOLOGY)).headers.getlist("Link")
    assert f'<http://127.0.0.1:8000{path_of(ONCOLOGY)}.ttl>; rel="alternate describedby"; type="text/turtle"' in links


@pytest.mark.parametrize("form", RDF_FORMS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("iri", [ONCOLOGY, HOSTILE])
def test_every_form_says_the_same(
    client: FlaskClient, odd: FlaskClient, services: Services, odd_services: Services, form: Form, iri: str
) -> None:
    browser, installation = (client, services) if iri == ONCOLOGY else (odd, odd_services)
    page = installation.publisher.dataset(path_of(iri).removeprefix("/dataset/"))
    assert isinstance(page, DatasetPage)
    content = browser.get(f"{path_of(iri)}.{form.suffix}").data
    assert Canonical(Graph(parse(content, form.media_type))).content == Canonical(page.graph).content


def test_json_ld_is_compact_and_a_second_parser_agrees(odd: FlaskClient) -> None:
    response = odd.get(path_of(HOSTILE) + ".jsonld")
    document = response.get_json(force=True)
    assert document["@context"]["dct"] == PREFIXES["dct"]
    dataset = document["@graph"][0]
    assert dataset["@id"] == HOSTILE
    assert dataset["@type"] == "dcat:Dataset"
    assert dataset["healthdcatap:numberOfRecords"] == {"@value": "0005", "@type": "xsd:integer"}
    assert dataset["dct:publisher"][0]["@id"].startswith("_:")
    graph = rdflib.Graph().parse(data=response.data, format="json-ld")
    assert len(graph) == len(Graph(parse(odd.get(path_of(HOSTILE) + ".nt").data, "application/n-triples")))


def test_the_dataset_comes_first(client: FlaskClient) -> None:
    assert client.get(path_of(ONCOLOGY) + ".jsonld").get_json(force=True)["@graph"][0]["@id"] == ONCOLOGY
    turtle = client.get(path_of(ONCOLOGY) + ".ttl").get_data(as_text=True)
    prefixes, statements = turtle.split("\n\n", 1)
    assert statements.startswith(f"<{ONCOLOGY}> ")
    assert prefixes.splitlines() == sorted(prefixes.splitlines())
    assert "@prefix spdx:" not in prefixes, "only prefixes that are used"


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
_IRIS = st.sampled_from(
    ["urn:a", "dct:title", "http://purl.org/dc/terms/title", "http://purl.org/dc/terms/", "http://purl.org/dc/terms/a/b",
     "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2001/XMLSchema#integer", "http://x.org/é"]
).map(NamedNode)  # fmt: skip
_BLANK = st.sampled_from("abcd").map(BlankNode)
_LITERALS = st.one_of(
    _TEXT.map(Literal),
    _TEXT.map(lambda text: Literal(text, language="de")),
    st.tuples(st.sampled_from(["05", "true", "x", ""]), _IRIS).map(lambda pair: Literal(pair[0], datatype=pair[1])),
)
_TRIPLES = st.builds(Triple, st.one_of(_IRIS, _BLANK), _IRIS, st.one_of(_IRIS, _BLANK, _LITERALS))


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_A, _B = BlankNode("a"), NamedNode("urn:b")


@given(st.lists(_TRIPLES, max_size=12))
@example([Triple(_B, _TYPE, _A), Triple(_B, _B, _A), Triple(_A, _B, _B)])
@example([Triple(_B, _TYPE, _A), Triple(_A, _B, _B)])
@example([Triple(_A, _B, _A)])
def test_json_ld_loses_nothing(triples: list[Triple]) -> None:
    content = jsonld.write(triples, PREFIXES)
    read = Graph(parse(content, "application/ld+json"))
    assert Canonical(read).content == Canonical(Graph(triples)).content, content


@pytest.mark.parametrize("suffix", [form.suffix for form in FORMS])
def test_not_modified(client: FlaskClient, suffix: str) -> None:
    path = f"{path_of(ONCOLOGY)}.{suffix}"
    first = client.get(path)
    assert first.headers["ETag"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    moment = first.last_modified
    assert moment is not None
    assert client.get(path, headers={"If-Modified-Since": format_datetime(moment, usegmt=True)}).status_code == 304


def test_etag_differs_by_form_and_language(client: FlaskClient) -> None:
    tags = [client.get(f"{path_of(ONCOLOGY)}.{form.suffix}").headers["ETag"] for form in FORMS]
    tags.append(client.get(path_of(ONCOLOGY), headers={"Accept-Language": "de"}).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_same_statements_same_etag_without_a_stored_digest(client: FlaskClient) -> None:
    for path in ("/catalog.rdf", "/ns.ttl", path_of(ONCOLOGY).replace("dataset", "record") + ".ttl"):
        assert client.get(path).headers["ETag"] == client.get(path).headers["ETag"]


def test_head_has_headers_only(client: FlaskClient) -> None:
    response = client.head(path_of(ONCOLOGY) + ".ttl")
    assert response.status_code == 200
    assert response.data == b""
    assert response.headers["ETag"]


def test_any_site_may_read_what_machines_read(client: FlaskClient) -> None:
    assert client.get(path_of(ONCOLOGY) + ".ttl").headers["Access-Control-Allow-Origin"] == "*"
    assert client.options("/sparql").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_iri_that_ends_like_a_file(odd: FlaskClient) -> None:
    page = odd.get("/dataset/odd/data.ttl", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert "A name like a file" in page.get_data(as_text=True)
    assert odd.get("/dataset/odd/data.ttl.nt").mimetype == "application/n-triples"


def test_iri_beyond_ascii(odd: FlaskClient) -> None:
    response = odd.get("/dataset/odd/n%C3%A9.ttl")
    assert "/dataset/odd/né>" in response.get_data(as_text=True)
    for value in (*response.headers.getlist("Link"), response.headers["Content-Location"]):
        assert value.isascii()
    assert '<http://127.0.0.1:8000/dataset/odd/n%C3%A9>; rel="cite-as"' in response.headers.getlist("Link")


def test_catalogue_lists_every_dataset(client: FlaskClient, services: Services) -> None:
    graph = Graph(parse(client.get("/catalog.ttl").data, "text/turtle"))
    datasets = graph.objects(NamedNode("http://127.0.0.1:8000/catalog"), NamedNode("http://www.w3.org/ns/dcat#dataset"))
    assert len(datasets) == services.publisher.facts().datasets


def test_record_and_rulebook_are_rdf_too(client: FlaskClient) -> None:
    record = path_of(ONCOLOGY).replace("/dataset/", "/record/")
    text = client.get(record, headers={"Accept": "text/turtle"}).get_data(as_text=True)
    assert "a dcat:CatalogRecord" in text
    assert "activitystreams#Create" in text
    assert client.get(record).headers["Location"] == path_of(ONCOLOGY) + "#provenance"
    assert client.get(record + "/description", headers={"Accept": "text/turtle"}).status_code == 200
    rules = client.get("/rulebook.ttl")
    assert b"sh:PropertyShape" in rules.data
    assert client.get("/rulebook").status_code == 303
    genid = path_of(ONCOLOGY).replace("/dataset/", "/.well-known/genid/")
    assert client.get(genid + "/c14n0").headers["Location"] == path_of(ONCOLOGY)
    assert client.get("/node/examples").headers["Location"] == "/sources#examples"
    assert client.get("/node/examples/visit/1").status_code == 404
