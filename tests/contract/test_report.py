"""The report of labels (Art. 59(1)(i)) counts what the store holds, on both kinds of store."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalogue.assembly import open_services
from catalogue.config import Settings
from catalogue.graphs import NamedNode
from catalogue.model import Source
from catalogue.names import CAT, QB
from catalogue.outcomes import Stored
from catalogue.quality import Status
from catalogue.report import COLUMNS, as_csv, as_graph, label_report

BASE = "https://catalogue.example.org/"
HEAD = """@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://data.example.org/> .
"""
DATASETS = (
    'ex:bare a dcat:Dataset ; dct:title "B"@en .',
    'ex:told a dcat:Dataset ; dct:title "T"@en ; dct:description "D"@en ; dct:identifier "t" ; dct:source ex:bare ;'
    ' dcat:version "1" ; cat:publiclyFunded true .',
    "ex:funded a dcat:Dataset ; cat:publiclyFunded true .",
)


@pytest.mark.parametrize("place", ["embedded", "server"])
def test_counts_are_those_of_the_labels(tmp_path: Path, empty_server: str, place: str) -> None:
    settings = Settings(data=tmp_path / "data", base=BASE)
    if place == "server":
        settings = replace(settings, store_query=f"{empty_server}/query", store_update=f"{empty_server}/update")
    dump = tmp_path / "dump.ttl"
    dump.write_text(HEAD + "\n".join(DATASETS), "utf-8")
    with open_services(settings) as services:
        source = Source("n", BASE + "node/n", "N", "dcat", str(dump), BASE + "dataset/n/")
        outcomes = list(services.harvest(source))
        labels = [outcome.label for outcome in outcomes if isinstance(outcome, Stored)]
        report = label_report(services.store, services.rulebook, date(2026, 11, 24))
        rulebook = services.rulebook
    assert len(labels) == len(DATASETS), outcomes
    assert report.statuses == {Status.COMPUTED: 3}
    assert (report.funded, report.owing) == ({Status.COMPUTED: 2}, 2)
    for element in rulebook.elements:
        stars = Counter(grade.stars for one in labels for grade in one.grades if grade.element == element.iri)
        assert {one.stars: one.labels for one in report.counts if one.about == element.iri} == dict(stars)
    whole = {one.stars: one.labels for one in report.counts if one.about == rulebook.schemes[0].iri}
    assert whole == dict(Counter(one.stars for one in labels))
    assert {one.about for one in report.counts} >= {scheme.iri for scheme in rulebook.schemes}
    assert not any(one.issued for one in report.counts)
    rows = list(csv.reader(io.StringIO(as_csv(report, rulebook).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert sum(int(row[-1]) for row in rows[1:] if row[0] == rulebook.schemes[1].iri) == 3
    graph = as_graph(report, NamedNode(BASE + "labels"))
    observed = graph.instances(QB.Observation)
    assert len(observed) == len(report.counts)
    assert sum(int(graph.text(one, CAT.labels) or 0) for one in observed) == sum(one.labels for one in report.counts)


def test_an_empty_store_has_an_empty_report(tmp_path: Path) -> None:
    with open_services(Settings(data=tmp_path, base=BASE)) as services:
        report = label_report(services.store, services.rulebook)
        assert (report.counts, dict(report.statuses), report.owing) == ((), {}, 0)
        assert as_csv(report, services.rulebook).decode().splitlines() == [",".join(COLUMNS)]
