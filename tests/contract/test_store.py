"""One contract for every store: in memory, in a folder, behind SPARQL 1.1 over HTTP."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.errors import StoreBusy, StoreError
from catalogue.graphs import BlankNode, Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.oxigraph import BULK, OxigraphStore
from catalogue.stores.sparql import SparqlStore

G, H = "https://example.org/g", "https://example.org/h?x=1&y=é"
P = NamedNode("https://example.org/p")
AnyStore = OxigraphStore | SparqlStore


def triple(name: str, value: str = "v") -> Triple:
    return Triple(NamedNode(f"https://example.org/{name}"), P, Literal(value))


@pytest.fixture(params=["memory", "disk", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    opened: AnyStore
    if request.param == "server":
        url = request.getfixturevalue("empty_server")
        opened = SparqlStore(f"{url}/query", f"{url}/update")
    else:
        opened = OxigraphStore(tmp_path / "deep" / "store" if request.param == "disk" else None)
    yield opened
    opened.close()


def graphs(store: AnyStore) -> set[str]:
    return {row["g"].value for row in store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}


def test_replace_append_remove(store: AnyStore) -> None:
    store.commit(Change.of(replace={G: [triple("a"), triple("b")], H: [triple("c")]}, fresh=True))
    store.commit(Change.of(replace={G: [triple("d")]}, append={H: [triple("e")], G: [triple("f")]}))
    assert set(store.graph(G)) == {triple("d"), triple("f")}
    assert set(store.graph(H)) == {triple("c"), triple("e")}
    store.commit(Change.of(append={H: [triple("e")]}))
    assert len(store.graph(H)) == 2
    store.commit(Change.of(replace={G: [], "https://example.org/never": []}))
    assert store.graph(G) == []
    assert graphs(store) == {H}


def test_a_change_of_nothing_is_nothing(store: AnyStore) -> None:
    store.commit(Change())
    store.commit(Change.of(replace={G: []}, append={H: []}, fresh=True))
    assert graphs(store) == set()


def test_fresh_and_not_fresh_store_the_same(store: AnyStore) -> None:
    triples = [triple(f"s{n}", f"{n}\n\"'\\") for n in range(50)]
    store.commit(Change.of(replace={G: triples}, fresh=True))
    store.commit(Change.of(replace={H: triples}))
    assert set(store.graph(G)) == set(store.graph(H)) == set(triples)


HOSTILE = [
    *(
        '"',
        "'",
        "\\",
        '"""',
        "'''",
        "\\u0041",
        "a\\",
        "\r\n\t",
        "\x00\x01\x08\x0b\x0c\x1f\x7f\x85",
        "}",
        "# no comment",
    ),
    *("\u2028\ufeff", "e\u0301 é 😀", "\ufffe\uffff", '" } } ; DROP ALL ; INSERT DATA { GRAPH <x:x> { <x:x> <x:x> "'),
    *("<x>", "?s", "%00&+=", "x" * 100_000),
]


@pytest.mark.parametrize("fresh", [True, False])
def test_hostile_literals_come_back_as_they_were(store: AnyStore, fresh: bool) -> None:
    triples = [triple(f"s{n}", text) for n, text in enumerate(HOSTILE)]
    triples += [Triple(t.subject, P, Literal(text, language="de")) for t, text in zip(triples, HOSTILE, strict=True)]
    store.commit(Change.of(replace={G: triples}, fresh=fresh))
    assert set(store.graph(G)) == set(triples)
    for text in HOSTILE:
        found = store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?text } }", text=Literal(text))
        assert [row["s"].value for row in found] == [f"https://example.org/s{HOSTILE.index(text)}"]
    assert graphs(store) == {G}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(), min_size=1, max_size=30))
def test_any_literal_comes_back_as_it_was(store: AnyStore, texts: list[str]) -> None:
    triples = {triple("s", text) for text in texts}
    store.commit(Change.of(replace={G: list(triples)}))
    assert set(store.graph(G)) == triples


def test_bindings_hold_in_filters_counts_and_optional_parts(store: AnyStore) -> None:
    store.commit(Change.of(replace={G: [triple("a", "1"), triple("b", "2")], H: [triple("a", "2")]}))
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } FILTER(?o = ?wanted) } # {"
    assert store.select(count, wanted=Literal("2"))[0]["n"].value == "2"
    assert store.select(count, wanted=Literal("2"), g=NamedNode(G))[0]["n"].value == "1"
    optional = "SELECT ?s ?o WHERE { GRAPH ?g { ?s ?p ?x } OPTIONAL { GRAPH ?h { ?s ?p ?o } } } ORDER BY ?s"
    rows = store.select(optional, g=NamedNode(G), h=NamedNode(H))
    assert [row["o"].value if "o" in row else None for row in rows] == ["2", None]


def test_a_binding_cannot_break_out(store: AnyStore) -> None:
    store.commit(Change.of(replace={G: [triple("a")]}))
    attack = Literal('x") } } } SELECT * WHERE { GRAPH ?g { ?s ?p ?o } } #\n" ; DROP ALL ; "')
    assert store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }", o=attack) == []
    assert store.graph(G) == [triple("a")]


def test_an_unknown_binding_is_not_ignored(store: AnyStore) -> None:
    with pytest.raises(ValueError, match="no variable x"):
        store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } } # ?x", x=P)


def test_a_pattern_outside_of_a_named_graph_finds_nothing(store: AnyStore) -> None:
    store.commit(Change.of(replace={G: [triple("a")]}))
    assert store.select("SELECT ?s WHERE { ?s ?p ?o }") == []


def test_a_wrong_query_is_a_store_error(store: AnyStore) -> None:
    with pytest.raises(StoreError):
        store.select("SELECT ?s WHERE { FILTER }")


@pytest.mark.parametrize("fresh", [True, False])
def test_a_blank_node_is_refused_and_nothing_is_written(store: AnyStore, fresh: bool) -> None:
    store.commit(Change.of(replace={G: [triple("a")]}))
    blank = Triple(NamedNode("https://example.org/s"), P, BlankNode("b1"))
    with pytest.raises(StoreError, match="blank node"):
        store.commit(Change.of(replace={G: [triple("b")], H: [triple("c"), blank]}, fresh=fresh))
    assert store.graph(G) == [triple("a")]
    assert graphs(store) == {G}
    with pytest.raises(StoreError, match="blank node"):
        store.select("SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }", s=BlankNode("b1"))


def test_an_update_that_fails_in_the_middle_leaves_nothing(store: AnyStore) -> None:
    """What :func:`catalogue.stores.text.update` relies on: one request is one transaction."""
    store.commit(Change.of(replace={G: [triple("a")]}))
    text = f"DROP GRAPH <{G}> ; INSERT DATA {{ GRAPH <{G}> {{ <x:x> <x:x> 1 }} }} ; CREATE GRAPH <{G}>"
    with pytest.raises((OSError, RuntimeError, StoreError)):
        store._writer.send("DROP", text) if isinstance(store, SparqlStore) else store._store.update(text)
    assert store.graph(G) == [triple("a")]


def test_readers_never_see_a_half_replaced_graph(store: AnyStore) -> None:
    def state(number: int) -> list[Triple]:
        return [triple(f"s{n}", str(number)) for n in range(20)]

    store.commit(Change.of(replace={G: state(0)}))
    done, seen, torn = threading.Event(), set(), []

    def read() -> None:
        while not done.is_set():
            values = [str(t.object) for t in store.graph(G)]
            seen.update(values)
            if len(values) != 20 or len(set(values)) != 1:
                torn.append(values)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 201):
            store.commit(Change.of(replace={G: state(number)}))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert not torn
    assert len(seen) > 1, "the readers saw only one state, so nothing was tested"
    assert set(store.graph(G)) == set(state(200))


def test_writers_in_several_threads_lose_nothing(store: AnyStore) -> None:
    def write(writer: int) -> None:
        for n in range(20):
            store.commit(Change.of(append={G: [triple(f"s{writer}-{n}")]}))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(store.graph(G)) == 60


# --- what only the embedded store does --------------------------------------------------------------------------------

HOLD = "import pyoxigraph, sys; s = pyoxigraph.Store(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
COMMIT_AND_DIE = """
import os, sys
from pathlib import Path
from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.oxigraph import BULK, OxigraphStore
store, p = OxigraphStore(Path(sys.argv[1])), NamedNode("x:p")
for n in range(20):
    store.commit(Change.of(replace={f"x:g{n}": [Triple(p, p, Literal(str(n)))]}, fresh=n % 2 == 0))
os.kill(os.getpid(), 9)
"""


def test_a_folder_another_process_holds_is_busy(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy) as caught:
            OxigraphStore(folder)
        assert str(folder) in str(caught.value)
        assert "store_query" in caught.value.remedy
    finally:
        holder.communicate()
    OxigraphStore(folder).close()


def test_the_same_process_may_not_open_a_folder_twice_but_again(tmp_path: Path) -> None:
    store = OxigraphStore(tmp_path)
    with pytest.raises(StoreBusy):
        OxigraphStore(tmp_path)
    store.commit(Change.of(replace={G: [triple("a")]}))
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.graph(G)
    again = OxigraphStore(tmp_path)
    assert again.graph(G) == [triple("a")]
    again.close()


def test_a_folder_that_cannot_be_one_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        OxigraphStore(tmp_path / "file")
    assert not isinstance(caught.value, StoreBusy)


def test_what_was_committed_survives_a_kill(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    died = subprocess.run([sys.executable, "-c", COMMIT_AND_DIE, str(tmp_path / "store")], cwd=root, check=False)
    assert died.returncode == -9
    store = OxigraphStore(tmp_path / "store")
    assert len(graphs(store)) == 20
    store.close()


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_backup_is_the_state_of_its_moment(tmp_path: Path, on_disk: bool) -> None:
    store = OxigraphStore(tmp_path / "store" if on_disk else None)
    store.commit(Change.of(replace={G: [triple("a", "05\n")]}))
    version = store.version
    store.backup(tmp_path / "copy")
    assert store.version == version
    store.commit(Change.of(replace={G: [triple("b")]}))
    assert store.version > version
    copy = OxigraphStore(tmp_path / "copy")
    assert copy.graph(G) == [triple("a", "05\n")]
    for opened in (store, copy):
        opened.close()


COMMIT_FOR_EVER = """
import sys
from pathlib import Path
from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.oxigraph import BULK, OxigraphStore
store, p = OxigraphStore(Path(sys.argv[1])), NamedNode("x:p")
print("open", flush=True)
for n in range(10_000):
    rows = [Triple(NamedNode(f"x:s{n}-{i}"), p, Literal(f"a text of some length {n} {i}")) for i in range(BULK // 2)]
    store.commit(Change.of(append={f"x:g{n}": rows, f"x:h{n}": rows}))
    print(n, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.05, 0.11, 0.17, 0.23, 0.31])
def test_a_kill_amid_large_commits_leaves_each_whole_or_absent(tmp_path: Path, seconds: float) -> None:
    """Large changes are taken in as files; that must be all or nothing, too."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", COMMIT_FOR_EVER, str(tmp_path / "store")]
    writer = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    time.sleep(seconds)
    writer.kill()
    acknowledged = [int(line) for line in writer.communicate()[0].split()]
    store = OxigraphStore(tmp_path / "store")
    sizes = {(len(store.graph(f"x:g{n}")), len(store.graph(f"x:h{n}"))) for n in range(len(acknowledged) + 2)}
    whole = (BULK // 2, BULK // 2)
    assert sizes <= {whole, (0, 0)}
    for n in acknowledged:
        assert len(store.graph(f"x:g{n}")) == BULK // 2
    store.close()
