"""Prints how fast the embedded store takes commits, alone and beside busy readers: ``python tests/bench/store.py``."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.archive import SqliteArchive
from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.oxigraph import OxigraphStore
from catalogue.stores.snapshot import SnapshotEndpoint

BASE = "https://example.org/"
COMMITS = 1_000
READ = f"SELECT ?s (COUNT(*) AS ?n) {{ ?s <{BASE}p1> ?v . ?s <{BASE}p2> ?w . ?s ?p ?o }} GROUP BY ?s ORDER BY DESC(?n)"


def change(number: int, fresh: bool) -> Change:
    """A description of 75 triples and a record of 50, as one dataset makes them."""
    subject = NamedNode(f"{BASE}dataset/{number}")

    def triples(count: int) -> list[Triple]:
        return [Triple(subject, NamedNode(f"{BASE}p{n}"), Literal(f"value {n} of {number}")) for n in range(count)]

    record = f"{BASE}record/{number}"
    return Change.of(
        replace={f"{record}/description": triples(75), record: triples(50)},
        append={f"{record}/history": triples(5)},
        fresh=fresh,
    )


def per_second(store: OxigraphStore, changes: list[Change]) -> float:
    """Commits a second."""
    begun = time.perf_counter()
    for one in changes:
        store.commit(one)
    return len(changes) / (time.perf_counter() - begun)


@contextmanager
def readers(work: Callable[[], object], count: int = 2) -> Iterator[list[int]]:
    """Threads that do ``work`` over and over; yields the number of times, per thread."""
    done, times = threading.Event(), [0] * count

    def run(number: int) -> None:
        while not done.is_set():
            work()
            times[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    yield times
    done.set()
    for thread in threads:
        thread.join()


def show(what: str, rate: float, remark: str = "") -> None:
    """One line of figures."""
    print(f"{what:40}{rate:8.0f} /s   {remark}")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        store = OxigraphStore(Path(folder) / "store")
        fresh = [change(number, True) for number in range(3 * COMMITS)]
        alone = per_second(store, fresh[:COMMITS])
        show("fresh, alone", alone, "75 + 50 + 5 quads each")
        again = per_second(store, [change(number, False) for number in range(COMMITS)])
        show("replacing, alone", again)
        endpoint = SnapshotEndpoint(store, Path(folder) / "snapshot")
        with readers(lambda: endpoint.query(READ, "text/csv")) as times:
            time.sleep(1)
            beside = per_second(store, fresh[COMMITS : 2 * COMMITS])
        show("fresh, beside 2 readers of snapshots", beside, f"{beside / alone:.2f} of alone, {sum(times)} reads")
        endpoint.close()
        with readers(lambda: store.select("SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 100000")) as times:
            time.sleep(1)
            few = fresh[2 * COMMITS : 2 * COMMITS + 30]
            inside = per_second(store, few)
        show("fresh, beside 2 readers in process", inside, f"{inside / alone:.2f} of alone, {sum(times)} reads")
        store.close()
        archive = SqliteArchive(Path(folder) / "archive.db")
        texts = ["\n".join(map(str, change(number, True).add[75:125])) for number in range(COMMITS)]
        begun = time.perf_counter()
        for text in texts:
            archive.put(text.encode())
        taken = (time.perf_counter() - begun) / COMMITS
        show("archive, puts", 1 / taken, f"{len(texts[0]) / 1000:.1f} kB each")
        archive.close()


if __name__ == "__main__":
    main()
