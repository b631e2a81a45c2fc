"""The SPARQL harvester against real endpoints: oxigraph serve and Virtuoso."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Canonical, NamedNode
from catalogue.model import Description, Untouched
from catalogue.names import DCT
from catalogue.ports import Past
from harvesters import sparql
from harvesters.sparql import SparqlHarvester
from tests.kinds.sample import read
from tests.kinds.sparql import TURTLE, dataset, source
from tests.live.servers.oxigraph import Oxigraph, oxigraph
from tests.live.servers.running import available
from tests.live.servers.virtuoso import Virtuoso, virtuoso

pytestmark = pytest.mark.live
GRAPH = "https://data.example.org/graph"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Oxigraph]:
    with oxigraph(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    with available(virtuoso(tmp_path_factory.mktemp("virtuoso"), most_rows=400)) as made:
        for name in ("a", "b", "c"):
            made.load(dataset(name, more="; dct:relation <https://data.example.org/b>"), GRAPH)
        yield made


def harvest(url: str, past: Past | None = None, **options: str) -> list[Any]:
    node = source(url, **options)
    return list(SparqlHarvester().harvest(node, read(node, past or Past())))


def content(one: Description) -> bytes:
    return Canonical(one.graph).content


def test_parts_come_along_and_other_datasets_do_not(server: Oxigraph) -> None:
    server.load(dataset("a", more="; dct:relation d:b"))
    server.load(dataset("b"))
    first, _ = harvest(server.query)
    assert first.iri == "https://data.example.org/a"
    assert b'"always"' in content(first)
    assert list(first.graph.objects(NamedNode(first.iri), DCT.relation)) == [NamedNode("https://data.example.org/b")]
    assert NamedNode("https://data.example.org/b") not in first.graph


def test_a_named_graph_all_of_them_or_the_default_one_is_read(server: Oxigraph) -> None:
    server.load(dataset("a"))
    server.load(dataset("b"), GRAPH)
    server.load(dataset("c"), GRAPH + "/2")
    assert [one.iri[-1] for one in harvest(server.query)] == ["a"]
    assert [one.iri[-1] for one in harvest(server.query, graph=GRAPH)] == ["b"]
    assert [one.iri[-1] for one in harvest(server.query, graph="any")] == ["b", "c"]


def test_long_lists_come_in_pages(server: Oxigraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "WHOLE", 24)
    monkeypatch.setattr(sparql, "LISTED", 10)
    monkeypatch.setattr(sparql, "DESCRIBED", 4)
    names = [f"d{number:02}" for number in range(25)]
    for name in names:
        server.load(dataset(name))
    assert [one.iri.rsplit("/", 1)[1] for one in harvest(server.query)] == names


def test_a_dataset_without_a_day_is_always_asked_for(server: Oxigraph) -> None:
    server.load(f'{TURTLE} d:x a dcat:Dataset ; dct:title "x" .')
    server.load(dataset("y"))
    first = harvest(server.query)
    known = frozenset(one.original.container for one in first if one.original.container)
    again = harvest(server.query, Past(known))
    assert {type(one) for one in again} == {Untouched, Description}


def test_virtuoso_gives_what_oxigraph_gives(server: Oxigraph, other: Virtuoso) -> None:
    for name in ("a", "b", "c"):
        server.load(dataset(name, more="; dct:relation <https://data.example.org/b>"))
    ours = {one.iri: content(one) for one in harvest(server.query)}
    theirs = {one.iri: content(one) for one in harvest(other.query, graph=GRAPH)}
    assert ours == theirs


def test_an_answer_that_virtuoso_cuts_is_not_taken_for_whole(other: Virtuoso) -> None:
    parts = "".join(f"; dcat:keyword 'word {number}'" for number in range(500))
    other.load(dataset("many", more=parts), GRAPH + "/many")
    with pytest.raises(SourceUnavailable, match="only 400 rows"):
        harvest(other.query, graph=GRAPH + "/many")


def test_a_list_that_is_cut_is_read_in_pages(other: Virtuoso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "LISTED", 100)
    names = [f"d{number:03}" for number in range(450)]
    for name in names:
        other.load(dataset(name, more="; a dcat:DatasetSeries" if name == "d007" else ""), GRAPH + "/long")
    names.remove("d007")
    for graph in (GRAPH + "/long", "any"):
        node = source(other.query, graph=graph)
        listed = [iri.rsplit("/", 1)[1] for iri, _ in sparql._Endpoint(node, read(node, Past())).listed()]
        assert [name for name in listed if len(name) == 4 and name[0] == "d"] == names


def test_a_list_that_is_cut_in_silence_ends_the_visit(server: Oxigraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "WHOLE", 5)
    for number in range(9):
        server.load(dataset(f"d{number}"))
    asked = sparql._Endpoint._rows

    def cut(endpoint: sparql._Endpoint, query: str) -> Any:
        response, rows = asked(endpoint, query)
        return response, rows[:7]

    monkeypatch.setattr(sparql._Endpoint, "_rows", cut)
    with pytest.raises(SourceUnavailable, match="counts 9 datasets and lists 7"):
        harvest(server.query)


def test_an_endpoint_that_is_none_is_said(server: Oxigraph) -> None:
    with pytest.raises(SourceUnavailable):
        harvest(server.url + "/nothing")


def test_catalogues_are_no_datasets(server: Oxigraph) -> None:
    server.load(dataset("a", more="; a dcat:Catalog"))
    server.load(dataset("b"))
    (one,) = harvest(server.query)
    assert one.iri.endswith("/b")
