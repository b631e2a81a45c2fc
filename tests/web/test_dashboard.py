"""The page of supervision says what the store and the descriptions say."""

from __future__ import annotations

import csv
import io
from collections import Counter

from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.graphs import Graph, NamedNode
from catalogue.index import TantivyIndex
from catalogue.listing import listed
from catalogue.names import CAT, DCT, EARL
from catalogue.search import reindex
from tests.web.page import read


def rows(client: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/dashboard/{name}.csv")
    assert f"{name}-" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_provisions_are_counted_as_the_records_say(client: FlaskClient, services: Services) -> None:
    said: dict[str, Counter[str]] = {"with_faults": Counter(), "no_fault_found": Counter()}
    for iri, _ in listed(services.store):
        record = Graph(services.store.graph(services.minted.record(iri)))
        for one in record.nodes:
            for name, result in (("with_faults", CAT.Failed), ("no_fault_found", CAT.Passed)):
                if result in record.objects(one, EARL.result):
                    said[name].update(str(test.value) for test in record.objects(one, EARL.test))
    assert said["with_faults"]
    for row in rows(client, "provisions"):
        for name, counts in said.items():
            assert int(row[name]) == counts[row["provision"]], row


def test_holders_are_counted_as_the_descriptions_say(client: FlaskClient, services: Services) -> None:
    datasets = [iri for iri, _ in listed(services.store)]
    assert sum(int(row["datasets"]) for row in rows(client, "holders")) >= len(datasets)
    for row in rows(client, "holders"):
        due = client.get(
            "/search.json",
            query_string={"publisher": row["holder"], "before": row["last_modified_before"], "size": 100},
        ).get_json()
        assert due["total"] == int(row["check_due"])
        for one in due["results"]:
            description = Graph(services.store.graph(services.minted.description(one["iri"])))
            stated = description.text(NamedNode(one["iri"]), DCT.modified) or ""
            assert "" < stated < row["last_modified_before"]


def test_the_page_leads_to_what_it_counts(client: FlaskClient) -> None:
    page = read(client.get("/dashboard"))
    assert "Art. 60(3) EHDS" in page.words
    broken = [link for link in page.links if link.startswith("/search?breaks=")]
    assert broken
    result = read(client.get(broken[0]))
    assert "Faults against" in result.words
    assert "No fault found" in page.words


def test_conditions_stay_while_searching_on(client: FlaskClient) -> None:
    page = read(client.get("/search?before=2026-01-01&breaks=urn:x"))
    hidden = {one["name"]: one["value"] for one in page.all("input") if one.get("type") == "hidden"}
    assert hidden == {"before": "2026-01-01", "breaks": "urn:x"}
    assert "/search?before=2026-01-01" in page.links, "the one can be taken back without the other"


def test_a_day_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.get("/search?before=yesterday").status_code == 422


def test_an_index_built_anew_counts_the_same(services: Services) -> None:
    other = TantivyIndex()
    reindex(services.store, services.archive, other, services.rulebook)
    assert other.provisions() == services.index.provisions()
    assert other.ages("2026-01-01") == services.index.ages("2026-01-01")
