"""One contract for both SPARQL endpoints, and the limits of the one over the embedded store."""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from rdflib import Graph as RdflibGraph

from catalogue.errors import NotAcceptable, QueryRefused, QueryTimeout, StoreError
from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.oxigraph import OxigraphStore
from catalogue.stores.process import QueryProcess
from catalogue.stores.snapshot import SnapshotEndpoint
from catalogue.stores.sparql import RemoteEndpoint, SparqlStore
from catalogue.stores.worker import SOCKET_CALL

P = NamedNode("https://example.org/p")
VALUES: list[Literal | NamedNode] = [
    Literal("a\t\"b'\r\n,<&>é"),
    Literal("Bild", language="de"),
    Literal("2026-11-24", datatype=P),
    P,
]
EXAMPLE = Change.of(
    replace={
        "https://example.org/g": [Triple(NamedNode(f"https://example.org/s{n}"), P, v) for n, v in enumerate(VALUES)],
        "https://example.org/h": [
            Triple(P, NamedNode(f"https://example.org/q{n}"), Literal(f"{n}")) for n in range(40)
        ],
    }
)
SELECT = f"SELECT ?s ?v ?nothing WHERE {{ ?s <{P.value}> ?v }} ORDER BY ?s"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
AnyEndpoint = SnapshotEndpoint | RemoteEndpoint


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OxigraphStore]:
    opened = OxigraphStore(tmp_path / "store")
    opened.commit(EXAMPLE)
    yield opened
    opened.close()


@pytest.fixture
def make(store: OxigraphStore, tmp_path: Path) -> Iterator[Callable[..., SnapshotEndpoint]]:
    """Makes endpoints over the store that are always fresh, and closes them."""
    made: list[SnapshotEndpoint] = []

    def one(**options: object) -> SnapshotEndpoint:
        folder = tmp_path / f"snapshot{len(made)}"
        made.append(SnapshotEndpoint(store, folder, **{"max_age": 0.0, **options}))  # type: ignore[arg-type]
        return made[-1]

    yield one
    for endpoint in made:
        endpoint.close()


@pytest.fixture(params=["snapshot", "memory", "remote"])
def endpoint(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyEndpoint]:
    opened: AnyEndpoint
    if request.param == "remote":
        url = request.getfixturevalue("empty_server")
        SparqlStore(f"{url}/query", f"{url}/update").commit(EXAMPLE)
        opened = RemoteEndpoint(f"{url}/query", seconds=2, rows=20)
    else:
        store = OxigraphStore(tmp_path / "store" if request.param == "snapshot" else None)
        store.commit(EXAMPLE)
        opened = SnapshotEndpoint(store, tmp_path / "snapshot", seconds=2, rows=20, max_age=0)
    yield opened
    opened.close()


# --- what both do -----------------------------------------------------------------------------------------------------


def test_the_default_graph_is_the_union(endpoint: AnyEndpoint) -> None:
    both = f"ASK {{ <https://example.org/s3> <{P.value}> ?p . ?p <https://example.org/q7> '7' }}"
    answer = endpoint.query(both, "application/json")
    assert json.loads(answer.content)["boolean"] is True
    assert answer.media_type == "application/json"


@pytest.mark.parametrize("result_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV])
def test_select_in_every_format(endpoint: AnyEndpoint, result_format: QueryResultsFormat) -> None:
    answer = endpoint.query(SELECT, result_format.media_type)
    assert answer.media_type == result_format.media_type.split(";")[0]
    solutions = parse_query_results(answer.content, format=result_format)
    assert isinstance(solutions, QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["s", "v", "nothing"]
    assert [tuple(row) for row in solutions] == [
        (NamedNode(f"https://example.org/s{n}"), value, None) for n, value in enumerate(VALUES)
    ]


def test_select_in_csv(endpoint: AnyEndpoint) -> None:
    answer = endpoint.query(SELECT, "text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert rows == [["s", "v", "nothing"], *([f"https://example.org/s{n}", v.value, ""] for n, v in enumerate(VALUES))]


@pytest.mark.parametrize("result_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML])
@pytest.mark.parametrize("truth", [True, False])
def test_ask_in_every_format(endpoint: AnyEndpoint, result_format: QueryResultsFormat, truth: bool) -> None:
    answer = endpoint.query("ASK {}" if truth else "ASK { ?s ?s ?s }", result_format.media_type)
    assert bool(parse_query_results(answer.content, format=result_format)) is truth
    assert endpoint.query("ASK {}", "text/csv").content == b"true"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s <https://example.org/q7> ?v }", f"DESCRIBE <{P.value}>"])
def test_graphs_in_every_format(endpoint: AnyEndpoint, query: str, media_type: str) -> None:
    answer = endpoint.query(query, media_type)
    assert answer.media_type == media_type
    triples = {tuple(map(str, triple)) for triple in RdflibGraph().parse(answer.content, format=media_type)}
    assert (P.value, "https://example.org/q7", "7") in triples
    assert len(triples) == (1 if query.startswith("CONSTRUCT") else 20)


@pytest.mark.parametrize(
    ("accept", "query", "media_type"),
    [
        ("", "ASK {}", "application/sparql-results+json"),
        ("*/*", "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "ASK {}", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "ASK {}", "application/sparql-results+xml"),
        ("text/turtle, application/rdf+xml;q=0.3, text/csv", "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
        ('application/ld+json; profile="a,b;q=0";q=1, text/csv', "CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json"),
        ("text/csv; charset=utf-8; q=0.1, application/json;q=0.05", "ASK {}", "text/csv"),
        ("text/turtle;q=0, */*", "CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples"),
    ],
)
def test_negotiation(endpoint: AnyEndpoint, accept: str, query: str, media_type: str) -> None:
    assert endpoint.query(query, accept).media_type == media_type


@pytest.mark.parametrize(
    ("accept", "query", "offered"),
    [
        ("image/png", "ASK {}", "text/csv"),
        ("text/turtle", "ASK {}", "text/csv"),
        ("text/csv", "CONSTRUCT WHERE {}", "turtle"),
    ],
)
def test_nothing_acceptable(endpoint: AnyEndpoint, accept: str, query: str, offered: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        endpoint.query(query, accept)
    assert accept in caught.value.what
    assert offered in caught.value.remedy


def test_the_row_limit(endpoint: AnyEndpoint) -> None:
    answer = endpoint.query("SELECT * { ?s ?p ?o }", "text/csv")
    assert answer.truncated
    assert len(answer.content.decode().split("\r\n")) == 1 + 20 + 1
    answer = endpoint.query("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert answer.truncated
    assert answer.content.count(b"\n") == 20
    exact = endpoint.query("SELECT * { ?s ?p ?o } LIMIT 20", "text/csv")
    assert not exact.truncated


@pytest.mark.parametrize("text", ["SELECT * {\n ?s ?p ?o\n . FOO }", "ASK { ?s ?p ?o", "SELECT ?x { ?x:y ?z ?z }"])
def test_a_syntax_error_tells_the_place(endpoint: AnyEndpoint, text: str) -> None:
    with pytest.raises(QueryRefused, match=r"line \d+ column \d+|error at \d+:\d+"):
        endpoint.query(text, "")


def test_updates_and_services_are_refused(endpoint: AnyEndpoint) -> None:
    for text in (
        "DROP ALL",
        "INSERT DATA { <x:x> <x:x> 1 }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ):
        with pytest.raises(QueryRefused):
            endpoint.query(text, "")
    assert json.loads(endpoint.query("ASK { ?s ?p ?o }", "").content)["boolean"]


def test_a_control_character_cannot_be_xml(endpoint: AnyEndpoint) -> None:
    query = r"SELECT ('\u0007' AS ?bell) {}"
    with pytest.raises(NotAcceptable, match="control character"):
        endpoint.query(query, "application/sparql-results+xml")
    assert json.loads(endpoint.query(query, "").content)["results"]["bindings"][0]["bell"]["value"] == "\a"


def test_a_runaway_query_ends_at_the_limit_and_the_next_one_works(endpoint: AnyEndpoint) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeout, match="longer than 2 seconds"):
        endpoint.query(RUNAWAY, "")
    assert time.monotonic() - begun < 3
    assert json.loads(endpoint.query("ASK {}", "").content)["boolean"]


# --- what the endpoint over the embedded store does -------------------------------------------------------------------


def count(endpoint: SnapshotEndpoint) -> int:
    answer = endpoint.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv")
    return int(answer.content.split()[1])


def test_answers_are_as_old_as_allowed_and_old_snapshots_go(
    store: OxigraphStore, make: Callable[..., SnapshotEndpoint], tmp_path: Path
) -> None:
    fresh, stale, soon = make(), make(max_age=3600), make(max_age=0.2)
    assert count(fresh) == count(stale) == count(soon) == 44
    for number in range(5):
        store.commit(Change.of(append={"https://example.org/new": [Triple(P, P, Literal(str(number)))]}))
        assert count(fresh) == 45 + number
    time.sleep(0.2)
    assert (count(stale), count(soon)) == (44, 49)
    assert len(list((tmp_path / "snapshot0").iterdir())) == 1
    fresh.close()
    assert not (tmp_path / "snapshot0").exists()
    with pytest.raises(StoreError, match="closed"):
        fresh.query("ASK {}", "")


def test_a_snapshot_in_use_stays(store: OxigraphStore, make: Callable[..., SnapshotEndpoint], tmp_path: Path) -> None:
    endpoint = make(seconds=2)
    late: list[Exception] = []

    def run() -> None:
        try:
            endpoint.query(RUNAWAY, "")
        except QueryTimeout as error:
            late.append(error)

    running = threading.Thread(target=run)
    running.start()
    time.sleep(0.5)
    store.commit(Change.of(replace={"https://example.org/g": []}))
    assert count(endpoint) == 40
    assert {path.name for path in (tmp_path / "snapshot0").iterdir()} == {"1", "2"}
    running.join()
    assert late
    store.commit(Change.of(replace={"https://example.org/h": []}))
    assert count(endpoint) == 0
    assert {path.name for path in (tmp_path / "snapshot0").iterdir()} == {"3"}


def test_when_all_processes_are_busy_a_query_waits_and_then_is_told(make: Callable[..., SnapshotEndpoint]) -> None:
    endpoint = make(seconds=1, processes=1)
    outcomes: list[str] = []

    def run() -> None:
        try:
            endpoint.query(RUNAWAY, "")
        except QueryTimeout as error:
            outcomes.append(error.what)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(6)
    assert len(outcomes) == 3
    assert any("busy" in what for what in outcomes)
    assert count(endpoint) == 44


def test_a_process_that_dies_is_told_and_replaced(make: Callable[..., SnapshotEndpoint]) -> None:
    endpoint = make(processes=1)
    assert count(endpoint) == 44
    child = endpoint._processes[0]._child
    assert child is not None
    killer = threading.Timer(0.5, os.kill, (child.pid, signal.SIGSEGV))
    killer.start()
    with pytest.raises(StoreError, match=r"died.*SIGSEGV"):
        endpoint.query(RUNAWAY, "")
    assert count(endpoint) == 44


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce RLIMIT_AS")
def test_a_query_that_wants_too_much_memory_ends(make: Callable[..., SnapshotEndpoint]) -> None:
    endpoint = make(memory=700_000_000)
    greedy = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f"
    with pytest.raises((StoreError, QueryRefused), match=r"memory|died|MB") as caught:
        endpoint.query(greedy, "")
    assert not isinstance(caught.value, QueryTimeout)
    assert count(endpoint) == 44


@pytest.mark.skipif(platform.machine() not in SOCKET_CALL, reason="no filter of system calls on this machine")
def test_a_process_cannot_call_out_even_if_a_service_slips_through(store: OxigraphStore, tmp_path: Path) -> None:
    store.backup(tmp_path / "copy")
    process = QueryProcess(0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        request = {"folder": str(tmp_path / "copy"), "results": "text/csv", "graphs": "", "rows": 9, "seconds": 5.0}
        with pytest.raises(StoreError, match="not permitted"):
            process.ask({**request, "query": query})  # type: ignore[typeddict-item]
        with pytest.raises(TimeoutError):
            listener.accept()
    process.close()


def test_the_writer_is_not_starved(store: OxigraphStore, make: Callable[..., SnapshotEndpoint]) -> None:
    endpoint, done = make(seconds=1, max_age=0.5), threading.Event()

    def query() -> None:
        while not done.is_set():
            try:
                endpoint.query(RUNAWAY, "")
            except QueryTimeout:
                continue

    readers = [threading.Thread(target=query) for _ in range(2)]
    for reader in readers:
        reader.start()
    begun = time.monotonic()
    for number in range(200):
        triples = [Triple(P, NamedNode(f"https://example.org/q{n}"), Literal(f"{number}")) for n in range(75)]
        store.commit(Change.of(replace={f"https://example.org/d{number % 20}": triples}))
    taken = time.monotonic() - begun
    done.set()
    for reader in readers:
        reader.join()
    assert taken < 8, f"200 commits took {taken:.1f} s beside two busy queries"
