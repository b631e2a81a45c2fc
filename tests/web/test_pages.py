"""Every page: it answers, is in order for screen readers and under the policy, and no link on it is dead."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.graphs import Graph, parse
from catalogue.names import DCAT, SKOS
from catalogue.ports import Query
from catalogue.web import create_app, pages
from catalogue.web.facts import facts
from catalogue.web.security import POLICY
from tests.web.page import HOSTILE, ONCOLOGY, Page, path_of, read

PAGES = (
    "/", "/search", "/search?q=lung", "/search?q=zzzz", "/catalog", "/sparql", "/validate", "/rules",
    "/rules?severity=must", "/rule/dataset/title", "/provisions", "/label", "/ns", "/sources", "/about",
    "/vocabularies", "/concept?iri=http://publications.europa.eu/resource/authority/frequency",
    path_of(ONCOLOGY),
    "/provision?iri=http://data.europa.eu/eli/reg/2025/327/art_77/par_1/oj",
    "/concept?iri=http://publications.europa.eu/resource/authority/access-right/PUBLIC",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    page = read(response)
    assert page.all("html")[0]["lang"] == "en"
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_no_link_is_dead(client: FlaskClient) -> None:
    waiting, seen = ["/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code in (200, 303), path
        if response.mimetype != "text/html" or response.status_code != 200:
            continue
        page = Page(response.get_data(as_text=True))
        ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
        for link in page.links:
            target, fragment = urldefrag(link)
            assert not (fragment and not target) or fragment in ids, f"{path} links to #{fragment}"
            kind = urlsplit(target).path.split("/")[1:2]
            if (
                target.startswith("/")
                and target not in seen
                and (kind not in (["rule"], ["concept"]) or len(seen) < 150)
                and len(seen) < 500
            ):
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 100


def test_every_concept_has_a_page_that_its_list_leads_to(client: FlaskClient, services: Services) -> None:
    lists = {link for link in read(client.get("/vocabularies")).links if link.startswith("/concept")}
    reached = {link for address in lists for link in read(client.get(address)).links if link.startswith("/concept")}
    vocabulary = services.rulebook.vocabulary
    held = {node for node in vocabulary.instances(SKOS.Concept) if vocabulary.value(node, SKOS.inScheme)}
    assert len(lists) == len(vocabulary.instances(SKOS.ConceptScheme)) > 20
    assert {unquote(link.partition("iri=")[2]) for link in reached - lists} == {node.value for node in held}
    assert all(client.get(link).status_code == 200 for link in reached)


def test_policy_is_on_every_answer(client: FlaskClient) -> None:
    for path in ("/nowhere", "/search.json", path_of(ONCOLOGY) + ".ttl", "/static/site.css", "/sparql?query=x"):
        response = client.get(path)
        assert response.headers["Content-Security-Policy"] == POLICY, path
        assert response.headers["Referrer-Policy"] == "same-origin"
    assert POLICY.startswith("default-src 'none'; style-src 'self'; ")
    assert "frame-ancestors 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_dataset_page_answers_the_questions_people_have(client: FlaskClient) -> None:
    page = read(client.get(path_of(ONCOLOGY)))
    for words in (
        "Lakeland cohort of breast and colorectal cancer", "38,260", "Only with a permit",
        "Health Data Access Body of Lakeland", "hdab@example.org", "Cancer Registry of Lakeland", "Variables",
        "Data quality and utility label", "not answered", "Where this comes from", "Cite this dataset", "RDFC-1.0",
    ):  # fmt: skip
        assert words in page.words, words


def test_findings_tell_remedy_and_law(client: FlaskClient, services: Services) -> None:
    worst = max(services.search.find(Query(size=50)).hits, key=lambda hit: hit.violations)
    assert worst.violations
    page = read(client.get(path_of(worst.iri)))
    for words in ("Must be mended", "Remedy", "Where", "Why"):
        assert words in page.words
    assert any(link.startswith("/provision?iri=http") for link in page.links)
    assert any(link.startswith("/rule/") for link in page.links)
    assert "26 March 2029" in page.words


def test_reader_gets_own_language(client: FlaskClient) -> None:
    german = read(client.get(path_of(ONCOLOGY), headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}))
    assert "Lakeland-Kohorte" in german.words
    french = client.get(path_of(ONCOLOGY) + "?lang=fr", headers={"Accept-Language": "de"})
    page = read(french)
    assert "Cohorte de Lakeland" in page.words
    inner = [link for link in page.links if link.startswith("/") and "?" in link]
    assert inner
    assert all("lang=fr" in link for link in inner)
    assert {"bdi": "fr"} in [{tag: attributes.get("lang", "")} for tag, attributes in page.tags]
    assert "Accept-Language" in french.headers["Vary"]


def test_a_text_in_another_language_says_so(odd: FlaskClient) -> None:
    page = read(odd.get("/dataset/odd/only-german", headers={"Accept-Language": "en"}))
    assert "Röntgenbilder der Lunge" in page.words
    assert "(in Deutsch)" in page.words


def test_hostile_description_stays_text(odd: FlaskClient) -> None:
    response = odd.get(path_of(HOSTILE))
    page = read(response)
    text = response.get_data(as_text=True)
    assert "<script>alert('title')</script>" in page.words
    assert "<b>bold</b>" in page.words
    assert text.lower().count("<script") == text.count('<script type="application/ld+json">') == 1
    assert "<img src=x" not in text
    assert text.count("<img") == 1, "only the graphic of the label"
    assert not [link for link in page.links if link.startswith(("javascript", "data"))]
    assert "javascript:alert('page')" in page.words, "shown, though not linked"
    assert "many" in page.words, "what is no number is shown as it is"
    assert len(text) < 400_000, "a text of a megabyte is cut"
    assert "the RDF forms of this page hold all of it" in page.words


def test_right_to_left_marks_are_isolated(odd: FlaskClient) -> None:
    text = odd.get(path_of(HOSTILE)).get_data(as_text=True)
    for part in text.split("\u202e")[:-1]:
        start = max(part.rfind("<bdi"), part.rfind("<title"), part.rfind('dir="auto"'))
        assert start > max(part.rfind("</bdi>"), part.rfind("</title>")), part[-200:]


def test_hostile_search_result(odd: FlaskClient) -> None:
    page = read(odd.get("/search?q=bold"))
    assert "<script>alert('title')</script>" in page.words


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/dataset/nowhere", 404),
        ("/dataset/no/where.ttl", 404),
        ("/rule/no/rule", 404),
        ("/provision?iri=urn:x", 404),
        ("/provision", 404),
        ("/concept?iri=not an iri", 404),
        ("/concept?iri=urn:x", 404),
        ("/catalog.exe", 404),
        ("/ns.exe", 404),
        ("/record/0123", 404),
        ("/search?page=0", 422),
        ("/search?page=x", 422),
        ("/search?page=999999", 422),
        ("/search?sort=colour", 422),
    ],
)
def test_errors_for_people_and_programs(client: FlaskClient, path: str, status: int) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert "Remedy" in read(page).words
    accept = "text/turtle" if path.startswith("/record") else "application/json, text/html;q=0.5"
    answer = client.get(path, headers={"Accept": accept})
    assert answer.mimetype == "application/problem+json"
    details = json.loads(answer.data)
    assert details["status"] == answer.status_code
    assert details["detail"]
    assert details["remedy"]


def test_law_says_who_must_and_where_no_rule_looks(client: FlaskClient) -> None:
    eli = "/provision?iri=http://data.europa.eu/eli/reg/2025/327/"
    silent = read(client.get(eli + "art_60/par_2/oj")).words
    assert "health data holder" in silent
    assert "Give the data within three months of the request" in silent
    assert "None. Nothing this catalogue says about a dataset is about this provision." in silent
    assert "a description does not show it" in silent
    assert "None. Nothing" not in read(client.get(eli + "art_77/par_1/oj")).words
    ai_act = read(client.get("/provision?iri=http://data.europa.eu/eli/reg/2024/1689/art_10/par_3/oj")).words
    assert "it never shows that the duty is met" in ai_act
    assert "later amendments not checked" in ai_act
    every, without = read(client.get("/provisions")).words, read(client.get("/provisions?rules=none")).words
    for words in (every, without):
        assert words.index("Art. 60(2)") < words.index("Art. 10(2)(a)"), "the EHDS before other acts"
        assert "no rule" in words
    assert "Art. 77(1)" in every
    assert "Art. 77(1)" not in without
    assert "Art. 2(2)(w)" not in without, "a definition obliges nobody"


def test_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.post("/search", headers={"Accept": "application/json"})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert json.loads(response.data)["status"] == 405


def test_withdrawn_dataset_keeps_its_address(odd: FlaskClient) -> None:
    page = odd.get("/dataset/odd/gone", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "Leaves soon" in read(page).words
    for path, accept in (("/dataset/odd/gone", "text/turtle"), ("/dataset/odd/gone.jsonld", "*/*")):
        answer = odd.get(path, headers={"Accept": accept})
        assert answer.status_code == 410
        assert answer.mimetype == "application/problem+json"
    assert odd.get("/dataset/odd/gone/original").status_code == 404


def test_original_is_a_download(odd: FlaskClient, client: FlaskClient) -> None:
    response = odd.get("/dataset/odd/only-german/original")
    assert response.status_code == 200
    assert "Röntgenbilder der Lunge" in response.get_data(as_text=True)
    assert response.headers["Content-Disposition"].startswith("attachment; filename=titles.ttl")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Repr-Digest"].startswith("sha-256=:")
    assert client.get("/dataset/nowhere/original").status_code == 404


def test_bug_shows_nothing_of_its_inside(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug() -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(pages, "services", bug)
    response = create_app(services).test_client().get("/")
    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True)
    assert "An error on our side" in read(response).words


def test_decisions_of_the_harvester_are_told_by_name(client: FlaskClient, services: Services) -> None:
    hits = services.search.find(Query(facets={"source": ["dicom-demo"]})).hits
    page = read(client.get(path_of(hits[0].iri) if "/dataset/" not in hits[0].iri else hits[0].iri))
    assert "How values of the source were read" in page.words
    assert "https://w3id.org/ehds-catalogue/crosswalk/" not in page.words


def test_measurements_are_shown_by_metric_and_group(client: FlaskClient) -> None:
    words = read(client.get("/dataset/dicom-demo/pydicom-test-files")).words
    assert "Measured in the data" in words
    assert re.search(r"Number of DICOM series\s+47", words)
    assert re.search(r"Share with identity removed\s+25%", words)


def test_a_visit_has_a_page_and_a_letter(client: FlaskClient, services: Services) -> None:
    visit = next(one for one in services.publisher.visits() if one.stored)
    path = urlsplit(visit.visit).path
    page = read(client.get(path, headers={"Accept": "text/html"}))
    assert visit.node_title in page.text
    assert f"{path}.txt" in page.links
    letter = client.get(f"{path}.txt")
    assert letter.mimetype == "text/plain"
    assert letter.get_data(as_text=True).startswith(f"{visit.node_title}: visit of ")
    assert client.get(path + "0").status_code == 404


def test_what_eucaim_adds_is_among_the_facts_by_its_names(services: Services) -> None:
    example = Path(__file__).parents[2] / "harvesters/examples/eucaim-2/prostate-mri.ttl"
    graph = Graph(parse(example.read_bytes(), "text/turtle"))
    with create_app(services).test_request_context():
        rows = facts(graph, graph.instances(DCAT.Dataset)[0])  # type: ignore[arg-type]
    shown = {row.name: {one.said.text for one in row.values} for row in rows}
    assert shown["Disease"] == {"Prostate cancer"}
    assert shown["EUCAIM tier"] == {"Tier 2A+"}
    assert shown["Cases collected"] == {"Patient-based", "Disease-specific"}
