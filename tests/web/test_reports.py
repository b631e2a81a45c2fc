"""The report of labels as page, CSV and RDF."""

from __future__ import annotations

import csv
import io

from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.graphs import Graph, parse
from catalogue.names import CAT, QB
from catalogue.report import COLUMNS, label_report
from tests.web.page import read


def test_page_tells_what_holders_issued_and_what_was_only_computed(client: FlaskClient, services: Services) -> None:
    page = read(client.get("/labels"))
    for words in ("Art. 59(1)(i)", "Issued by holders", "Only computed here", "Technical quality", "QUANTUM"):
        assert words in page.words
    assert sum(label_report(services.store, services.rulebook).statuses.values()) > 0


def test_csv_and_rdf_say_the_same(client: FlaskClient) -> None:
    answer = client.get("/labels.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == COLUMNS
    graph = Graph(parse(client.get("/labels.ttl").data, "text/turtle"))
    observed = [
        (graph.value(one, CAT.about).value, graph.text(one, CAT.grade), graph.text(one, CAT.labels))
        for one in graph.instances(QB.Observation)
    ]
    assert sorted(observed) == sorted((row["about"], row["stars"] or "none", row["labels"]) for row in rows)
    assert client.get("/labels", headers={"Accept": "text/csv"}).data == answer.data
    assert client.get("/labels.xyz").status_code == 404
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/labels.csv", headers=tag).status_code == 304
