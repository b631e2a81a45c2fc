"""Verdicts in the store are those that pages compute, and SPARQL answers what people ask about the law."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from catalogue.assembly import Services, open_services, sources
from catalogue.config import Settings
from catalogue.duties import obligations, silent
from catalogue.graphs import Graph, NamedNode
from catalogue.model import Outcome
from catalogue.names import CAT, DPV, EARL
from catalogue.publish import DatasetPage
from catalogue.web.sparql import examples

EXAMPLES = Path(__file__).resolve().parents[2] / "harvesters" / "examples" / "healthdcat-ap-8"
ART_77_1 = "http://data.europa.eu/eli/reg/2025/327/art_77/par_1/oj"
UNTITLED = "https://data.example.org/untitled"
HOLDER = "Imaging Biobank of Costa Verde"
OUTCOMES = {Outcome.FAILED: EARL.failed, Outcome.PASSED: EARL.passed, Outcome.NOT_APPLICABLE: EARL.inapplicable}
Rows = Sequence[Mapping[str, str]]


@pytest.fixture(scope="module", params=["embedded", "server"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The example set and one dataset without titles, in the embedded store or in a SPARQL server."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = Settings(data=folder / "data", base="http://127.0.0.1:8000/")
    if request.param == "server":
        url = request.getfixturevalue("oxigraph_server")
        urlopen(f"{url}/update", urlencode({"update": "DROP ALL"}).encode(), timeout=20).close()
        settings = replace(settings, store_query=f"{url}/query", store_update=f"{url}/update")
    (folder / "untitled.ttl").write_text(untitled(), "utf-8")
    with open_services(settings) as services:
        known = sources(services.settings)["examples"]
        other = replace(known, name="other", iri=known.iri + "-other", endpoint=str(folder / "untitled.ttl"))
        for source in (known, other):
            for _ in services.harvest(source):
                pass
        yield services


def untitled() -> str:
    """One of the examples under another name, without title and number of records; the second is only recommended."""
    lines = (EXAMPLES / "imaging-biobank.ttl").read_text("utf-8").splitlines()
    lines = [line for line in lines if "numberOfRecords" not in line]
    start = next(number for number, line in enumerate(lines) if "a dcat:Dataset" in line)
    assert "dct:title" in lines[start + 1]
    del lines[start + 1 : start + 4]
    return "\n".join(lines).replace("https://data.example.org/imaging-biobank", UNTITLED)


def ask(services: Services, name: str, old: str = "", new: str = "") -> Rows:
    """The rows of an example query of the web, with some of its text replaced."""
    (text,) = [example.query for example in examples() if example.name == name]
    assert old in text
    answer = services.endpoint.query(text.replace(old, new) if old else text, "application/sparql-results+json")
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(answer.content)["results"]["bindings"]]


def pages(services: Services) -> list[DatasetPage]:
    names = ("imaging-biobank", "oncology-cohort", "rare-disease-registry", "untitled")
    found = [services.publisher.find(f"https://data.example.org/{name}") for name in names]
    assert all(isinstance(page, DatasetPage) for page in found)
    return [page for page in found if isinstance(page, DatasetPage)]


def test_stored_verdicts_are_those_of_the_page(stored: Services) -> None:
    for page in pages(stored):
        graph = Graph(stored.store.graph(stored.minted.record(page.iri)))
        kept: dict[str, set[str]] = {}
        for assertion in graph.instances(EARL.Assertion):
            assert list(graph.objects(assertion, EARL.subject)) == [NamedNode(page.iri)]
            assert list(graph.objects(assertion, EARL.assertedBy)) == [CAT.Checker]
            (result,) = graph.objects(assertion, EARL.result)
            (outcome,) = stored.rulebook.graph.objects(result, EARL.outcome)
            kept[outcome.value] = {test.value for test in graph.objects(assertion, EARL.test)}
        expected: dict[str, set[str]] = {}
        for verdict in page.verdicts:
            if verdict.outcome is not Outcome.NOT_APPLICABLE:
                expected.setdefault(OUTCOMES[verdict.outcome].value, set()).add(verdict.provision)
        assert kept == expected
        assert len(expected[EARL.passed.value]) > 10
    assert ART_77_1 in expected[EARL.failed.value], "the last page is the dataset without a title"


def test_nothing_is_called_compliant(stored: Services) -> None:
    query = f"ASK {{ {{ ?s ?p <{DPV.Compliant.value}> }} UNION {{ ?s ?p <{DPV.PartiallyCompliant.value}> }} }}"
    assert json.loads(stored.endpoint.query(query, "application/json").content)["boolean"] is False


def test_who_is_not_ready_on_a_day_and_why(stored: Services) -> None:
    rules = stored.rulebook.rules
    expected = {
        (page.iri, rule, rules[rule].message["en"], rules[rule].fix["en"])
        for page in pages(stored)
        for verdict in page.verdicts
        if verdict.provision == ART_77_1
        for rule in verdict.rules
    }
    rows = ask(stored, "not-ready", 'LCASE("")', f'LCASE("{HOLDER}")')
    assert expected
    assert {(row["dataset"], row["rule"], row["why"], row["remedy"]) for row in rows} == expected
    assert {row["holder"] for row in rows} == {HOLDER}
    assert not ask(stored, "not-ready", 'LCASE("")', 'LCASE("Nobody")')
    assert not ask(stored, "not-ready", '"2029-03-26"', '"2029-03-25"'), "the law does not apply yet"


def test_which_provisions_no_rule_looks_at(stored: Services) -> None:
    rows = ask(stored, "silent")
    covered = {iri for rule in stored.rulebook.rules.values() for iri in rule.provisions}
    assert {row["provision"] for row in rows} == stored.rulebook.provisions.keys() - covered
    told = {(row["provision"], row["must"], row["why"]) for row in rows if "must" in row}
    assert told == {(s.provision.iri, s.obligation.text["en"], s.reason["en"]) for s in silent(stored.rulebook)}


def test_how_a_dataset_stands_to_every_obligation(stored: Services) -> None:
    page = pages(stored)[-1]
    given = {verdict.provision: OUTCOMES[verdict.outcome].value for verdict in page.verdicts}
    choice = next(line for line in _text("obligations").splitlines() if "SELECT ?dataset WHERE" in line)
    rows = ask(stored, "obligations", choice, f"VALUES ?dataset {{ <{page.iri}> }}")
    assert {(row["must"], row["provision"], row["from"], row["outcome"]) for row in rows} == {
        (one.text["en"], iri, one.applies_from.isoformat(), given.get(iri, EARL.untested.value))
        for one in obligations(stored.rulebook.graph)
        for iri in one.provisions
    }
    assert {row["outcome"] for row in rows} == {
        EARL[name].value for name in ("failed", "passed", "inapplicable", "untested")
    }
    assert all(row["actor"] for row in rows)


def test_how_many_datasets_stand_how(stored: Services) -> None:
    labels = {
        Outcome.FAILED: stored.rulebook.label_of(CAT.Failed.value, "en"),
        Outcome.PASSED: stored.rulebook.label_of(CAT.Passed.value, "en"),
    }
    expected = Counter(
        (verdict.provision, labels[verdict.outcome])
        for page in pages(stored)
        for verdict in page.verdicts
        if verdict.outcome in labels
    )
    rows = ask(stored, "law")
    assert {(row["provision"], row["verdict"]): int(row["datasets"]) for row in rows} == expected


def _text(name: str) -> str:
    return next(example.query for example in examples() if example.name == name)
