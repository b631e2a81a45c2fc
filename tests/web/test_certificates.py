"""The label as data: certificate in RDF with its chain, JSON, both schemes, and against the official shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.names import CAT, DCT, DQV, OA, PROV, key
from catalogue.publish import DatasetPage
from tests.conformance.official import Official
from tests.web.page import ONCOLOGY, path_of, read

ADDRESS = f"/label/{key(ONCOLOGY)}"
FORMS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}


def certificate(client: FlaskClient, query: str = "") -> Graph:
    return Graph(parse(client.get(f"{ADDRESS}.nt{query}").data, "application/n-triples"))


def test_every_form_says_the_same(client: FlaskClient) -> None:
    graphs = []
    for suffix, media_type in FORMS.items():
        response = client.get(f"{ADDRESS}.{suffix}")
        assert response.status_code == 200
        assert response.mimetype == media_type
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(f"{ADDRESS}.{suffix}", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
        by_accept = client.get(ADDRESS, headers={"Accept": media_type})
        assert by_accept.mimetype == media_type
        assert "Accept" in by_accept.headers["Vary"]
        assert by_accept.headers["Content-Location"].endswith(f"{ADDRESS}.{suffix}")
        graphs.append(set(map(str, Graph(parse(response.data, media_type)))))
    assert all(graph == graphs[0] for graph in graphs)


def test_chain_leads_from_the_certificate_to_the_law(client: FlaskClient, services: Services) -> None:
    graph = certificate(client)
    [me] = graph.instances(DQV.QualityCertificate)
    measurements = list(graph.objects(me, PROV.wasDerivedFrom))
    assert {graph.value(one, DQV.isMeasurementOf).value for one in measurements} == {
        one.iri for one in services.rulebook.criteria
    }, "every criterion, also those that nobody answered"
    reached = [one for one in measurements if graph.value(one, CAT.level)]
    provisions = set()
    for one in reached:
        for level in graph.objects(one, CAT.level):
            for rule in graph.objects(level, CAT.requires):
                found = list(graph.objects(rule, DCT.source))
                assert found, rule
                provisions.update(found)
        for criterion in graph.objects(one, DQV.isMeasurementOf):
            assert list(graph.objects(criterion, DCT.source)), criterion
    assert NamedNode("http://data.europa.eu/eli/reg/2025/327/art_78/par_3/pnt_a/oj") in provisions
    open_ones = [one for one in measurements if graph.text(one, CAT.standing) == "open"]
    assert open_ones
    assert not any(list(graph.objects(one, DQV.value)) for one in open_ones), "what nobody answered has no value"


def test_certificate_is_the_one_the_record_links(client: FlaskClient) -> None:
    [me] = certificate(client).instances(DQV.QualityCertificate)
    record = Graph(parse(client.get(f"/record/{key(ONCOLOGY)}.nt").data, "application/n-triples"))
    assert me in list(record.objects(NamedNode(ONCOLOGY), DQV.hasQualityAnnotation))
    described = Graph(parse(client.get(path_of(ONCOLOGY) + ".nt").data, "application/n-triples"))
    assert me not in list(described.objects(NamedNode(ONCOLOGY), DQV.hasQualityAnnotation)), "not altered"


def test_scheme_changes_the_score_and_only_that(client: FlaskClient, services: Services) -> None:
    stars = {}
    for scheme in services.rulebook.schemes:
        graph = certificate(client, f"?scheme={scheme.name}")
        [me] = graph.instances(DQV.QualityCertificate)
        assert graph.value(me, CAT.scheme) == NamedNode(scheme.iri)
        told = client.get(f"{ADDRESS}.json?scheme={scheme.name}").get_json()
        assert told["scheme"] == scheme.name
        assert graph.text(me, CAT.stars) == str(told["stars"])
        stars[scheme.name] = told["points"]
        page = read(client.get(f"{path_of(ONCOLOGY)}?scheme={scheme.name}"))
        current = [tag for tag in page.all("a") if tag.get("aria-current") == "true"]
        assert [tag["href"].partition("scheme=")[2].partition("#")[0] for tag in current] == [scheme.name]
    assert len(set(stars.values())) == len(stars)
    for address in (f"{ADDRESS}.ttl", f"{ADDRESS}.json", path_of(ONCOLOGY), f"{ADDRESS}.svg"):
        assert client.get(f"{address}?scheme=<b>best").status_code == 422


def test_json_tells_what_the_page_tells(client: FlaskClient) -> None:
    response = client.get(ADDRESS, headers={"Accept": "application/json", "Accept-Language": "de"})
    told = response.get_json()
    assert told["dataset"] == ONCOLOGY
    assert len(told["elements"]) == 6
    assert told["elements"][0]["name"] == "Datendokumentation"
    assert json.dumps(told["raise"])


def test_people_are_led_to_the_page(client: FlaskClient) -> None:
    response = client.get(ADDRESS + "?scheme=quantum", headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.headers["Location"].endswith(f"{path_of(ONCOLOGY)}?scheme=quantum#label")
    page = read(client.get(path_of(ONCOLOGY)))
    assert f"{ADDRESS}.ttl" in page.links
    assert f"{ADDRESS}.json" in page.links


def test_unknown_and_withdrawn(client: FlaskClient, odd: FlaskClient) -> None:
    assert client.get("/label/" + "0" * 20).status_code == 404
    assert client.get(ADDRESS + ".exe").status_code == 404
    gone = key("http://127.0.0.1:8000/dataset/odd/gone")
    for suffix in (".ttl", ".json"):
        response = odd.get(f"/label/{gone}{suffix}")
        assert response.status_code == 410
        assert response.mimetype == "application/problem+json"
    assert odd.get(f"/label/{gone}", headers={"Accept": "text/html"}).status_code == 410


def test_hostile_description_has_a_certificate(odd: FlaskClient) -> None:
    for suffix in ("ttl", "jsonld", "rdf", "json"):
        assert odd.get(f"/label/{key('urn:example:hostile')}.{suffix}").status_code == 200


@pytest.mark.parametrize("scheme", ["art78", "quantum"])
def test_official_shapes_and_ours_accept_the_description_with_its_certificate(
    client: FlaskClient, services: Services, shared: Path, scheme: str
) -> None:
    found = services.publisher.dataset(key(ONCOLOGY))
    assert isinstance(found, DatasetPage)
    before = Graph(found.graph)
    after = Graph(found.graph)
    after.update(certificate(client, f"?scheme={scheme}"))
    official = Official(shared, services.rulebook.vocabulary)
    told_before = {one.place for one in official.results("non-public", before)}
    told_after = {one.place for one in official.results("non-public", after)}
    assert {place for place in told_after - told_before if place[2] == "Violation"} == set()
    checked = services.publisher.checked(NamedNode(ONCOLOGY), after)
    ours = {finding.rule for finding in checked.report.findings} - {
        finding.rule for finding in services.publisher.checked(NamedNode(ONCOLOGY), before).report.findings
    }
    assert ours == set()
    assert all(list(after.objects(one, OA.hasBody)) for one in after.instances(DQV.QualityCertificate))
    untyped = Graph(triple for triple in after if triple.object != DQV.QualityCertificate)
    assert {one.place for one in official.results("non-public", untyped)} - told_after, "the shapes do look at it"
