"""A document too large for memory: kept in a temporary SQLite file, from which each of its datasets is read alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from catalogue.bounds import BOUNDS, Bounds
from catalogue.errors import StoreError
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode, Node, Quad, parse
from catalogue.names import FOAF
from catalogue.reach import reach

MEMORY_KIB = 65_536
"""What SQLite may hold of the file in memory, in KiB."""
TOGETHER = 500
"""Most nodes that are looked up by one query, and most statements in one row."""
HELD = 20_000
"""Nodes that are remembered because many datasets may share them, publishers above all."""

_BEFORE = (
    "CREATE TABLE part (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, links TEXT NOT NULL, said TEXT NOT NULL)",
    "CREATE TABLE bound (subject TEXT PRIMARY KEY, place INTEGER, ends INTEGER, apart INTEGER) WITHOUT ROWID",
    "CREATE TABLE about (dataset TEXT, record TEXT, PRIMARY KEY (dataset, record)) WITHOUT ROWID",
    "CREATE TABLE dataset (number INTEGER PRIMARY KEY, subject TEXT NOT NULL)",
)
_AFTER = (
    "CREATE INDEX by_subject ON part (subject)",
    "UPDATE bound SET place = NULL WHERE apart",
    "DELETE FROM bound WHERE place IS NULL AND NOT ends",
    "INSERT INTO dataset (subject) SELECT subject FROM bound WHERE place IS NOT NULL"
    " ORDER BY place, (SELECT MIN(id) FROM part WHERE part.subject = bound.subject)",
)
_BOUND = (
    "INSERT INTO bound VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " place = min(ifnull(place, excluded.place), ifnull(excluded.place, place)),"
    " ends = max(ends, excluded.ends), apart = max(apart, excluded.apart)"
)
_READ = "SELECT subject, links, said FROM part INDEXED BY by_subject WHERE subject IN ({}) {} ORDER BY id"
_WITHIN = "AND NOT EXISTS (SELECT 1 FROM bound WHERE bound.subject = part.subject)"
"""Only nodes at which no description ends."""
Part = tuple[Sequence[str], str]
"""The nodes that a node points to, and all that is said about it, in Turtle."""


class Spool:
    """The datasets of one document, in the order in which it first speaks of them, numbered from 1.

    Terms are kept as they are written: a triple store would rewrite literals ("05"^^xsd:integer becomes 5). Any number
    of processes may read a spool that was filled.
    """

    def __init__(self, path: Path, bounds: Bounds = BOUNDS) -> None:
        """Open the file ``path``, or make it."""
        self._path = path
        ends, apart = set(bounds.ends), set(bounds.apart)
        self._kinds: dict[str, tuple[int | None, bool, bool]] = {
            kind.value: (None, kind in ends, kind in apart) for kind in {*ends, *apart}
        }
        """What the instances of a class are: datasets (and in which place), ends, apart."""
        for place, kind in enumerate(bounds.datasets):
            self._kinds[kind.value] = (place, kind in ends, kind in apart)
        self._held: dict[str, Part | None] = {}
        with self._errors():
            self._database = sqlite3.connect(path, isolation_level=None)
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{MEMORY_KIB}"):
                self._database.execute(f"PRAGMA {setting}")

    def fill(self, quads: Iterable[Quad]) -> int:
        """Take in a document, once; returns the number of datasets.

        Raises what the iteration raises, and :class:`~catalogue.errors.StoreError` when the disk is full.
        """
        with self._errors():
            self._database.execute("BEGIN")
            for statement in _BEFORE:
                self._database.execute(statement)
            rows = _without_repetition(self._rows(quads))
            self._database.executemany("INSERT INTO part (subject, links, said) VALUES (?, ?, ?)", rows)
            for statement in _AFTER:
                self._database.execute(statement)
            (count,) = self._database.execute("SELECT count(*) FROM dataset").fetchone()
            self._database.execute("COMMIT")
        return int(count)

    def _rows(self, quads: Iterable[Quad]) -> Iterator[tuple[str, str, str]]:
        """One row for what is said about a node without a break."""
        last: object = None
        subject, links, said = "", dict[str, None](), list[str]()
        for quad in quads:
            if quad.subject != last or len(said) >= TOGETHER:
                if said:
                    yield _row(subject, links, said)
                last, subject, links, said = quad.subject, str(quad.subject), {}, []
            obj = quad.object
            text = str(obj)
            said.append(f"{quad.predicate} {text}")
            if isinstance(obj, (NamedNode, BlankNode)):
                links[text] = None
                if quad.predicate == FOAF.primaryTopic:
                    self._database.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", (text, subject))
                if quad.predicate.value == RDF_TYPE and obj.value in self._kinds:
                    self._database.execute(_BOUND, (subject, *self._kinds[obj.value]))
        if said:
            yield _row(subject, links, said)

    def descriptions(self, first: int, last: int) -> Iterator[tuple[Node, Graph]]:
        """The datasets from number ``first`` to ``last`` as :func:`catalogue.model.datasets_in` gives them."""
        with self._errors():
            rows = self._database.execute("SELECT subject FROM dataset WHERE number BETWEEN ? AND ?", (first, last))
            roots = self._parts([subject for (subject,) in rows])
            self._hold(roots)
        for root, part in roots.items():
            yield self._description(root, part)

    def _description(self, root: str, part: Part) -> tuple[Node, Graph]:
        texts: list[str] = []

        def links(name: str) -> Sequence[str] | None:
            held = part if name == root else self._held.get(name)
            if held is None:
                return None
            texts.append(held[1])
            return held[0]

        for _ in reach(root, links, ()):
            pass
        graph = Graph(parse("".join(texts).encode(), "text/turtle", where=str(self._path)))
        return next(iter(graph.nodes)), graph

    def records_of(self, dataset: Node) -> Graph:
        """What is said about the nodes that have a dataset as their ``foaf:primaryTopic``: its catalogue records."""
        with self._errors():
            rows = self._database.execute("SELECT record FROM about WHERE dataset = ?", (str(dataset),))
            parts = self._parts([record for (record,) in rows])
        return Graph(parse("".join(said for _, said in parts.values()).encode(), "text/turtle"))

    def _hold(self, roots: dict[str, Part]) -> None:
        """Look up whatever the roots lead to, step by step for all of them together.

        What bounds a description, and of what nothing is said, is held as None.
        """
        if len(self._held) > HELD:
            self._held.clear()
        level = roots
        while unknown := [
            n for n in dict.fromkeys(n for links, _ in level.values() for n in links) if n not in self._held
        ]:
            level = self._parts(unknown, _WITHIN)
            self._held.update((name, level.get(name)) for name in unknown)

    def _parts(self, names: Sequence[str], which: str = "") -> dict[str, Part]:
        """What is said about some nodes, in their order."""
        rows: dict[str, dict[str, str]] = {}
        for start in range(0, len(names), TOGETHER):
            some = names[start : start + TOGETHER]
            for subject, links, said in self._database.execute(_READ.format(", ".join("?" * len(some)), which), some):
                rows.setdefault(subject, {})[said] = links
        found = [(name, rows[name]) for name in names if name in rows]
        return {name: (" ".join(links.values()).split(), "".join(links)) for name, links in found}

    def close(self) -> None:
        """Release the file; whoever made its folder removes it."""
        self._database.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"a large document could not be kept in a temporary file: {error}",
                where=str(self._path),
                remedy="make room there, or set TMPDIR to a folder on a larger disk",
            ) from error


def _without_repetition(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Some dumps say the same about a shared node with each dataset; once is enough, and a few times no harm."""
    recent: dict[str, None] = {}
    for row in rows:
        if row[2] in recent:
            del recent[row[2]]
        else:
            yield row
        recent[row[2]] = None
        if len(recent) > HELD:
            del recent[next(iter(recent))]


def _row(subject: str, links: Iterable[str], said: Iterable[str]) -> tuple[str, str, str]:
    return subject, " ".join(links), f"{subject} {' ;'.join(said)} .\n"
