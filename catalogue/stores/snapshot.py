"""The SPARQL endpoint over the embedded store: foreign queries run on snapshots, in processes that can be killed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Protocol

from catalogue.errors import NotAcceptable, QueryTimeout, StoreError
from catalogue.ports import Answer
from catalogue.stores import accept as negotiation
from catalogue.stores.process import QueryProcess
from catalogue.stores.results import GRAPHS, RESULTS
from catalogue.stores.text import form_of
from catalogue.stores.worker import Request


class Source(Protocol):
    """A store that can be copied while it is written to."""

    @property
    def version(self) -> int:
        """Changes with every commit."""
        ...

    def backup(self, path: Path) -> None:
        """Write its present state into a new folder."""
        ...


class SnapshotEndpoint:
    """Implements :class:`catalogue.ports.Endpoint`; the default graph of a query is the union of all named graphs.

    Queries never touch the store itself: reading from Python threads beside a writer in one process slows the writer
    to a few commits a second.
    """

    def __init__(
        self,
        store: Source,
        folder: Path,
        *,
        seconds: float = 30.0,
        rows: int = 10_000,
        max_age: float = 5.0,
        processes: int = 2,
        memory: int = 2_000_000_000,
    ) -> None:
        """``folder`` is ours alone and is emptied; best on the disk of the store, where a snapshot is hard links.

        A query may take ``seconds`` and give ``rows`` rows or triples; after a commit, answers may be ``max_age``
        seconds old. ``memory`` is the most address space of one process, in bytes (0 is no limit), on Linux.
        """
        self._store, self._folder = store, folder
        self._seconds, self._rows, self._max_age = seconds, rows, max_age
        self._processes = [QueryProcess(memory) for _ in range(processes)]
        self._idle: SimpleQueue[QueryProcess] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._lock = Lock()
        self._closed = False
        self._number, self._version, self._taken = 0, -1, 0.0
        self._used: list[Path] = []
        """Snapshots of the queries that run now."""

    def query(self, query: str, accept: str) -> Answer:
        """Run a query; ``accept`` is an HTTP Accept header.

        Raises :class:`~catalogue.errors.QueryRefused` for anything but a query without SERVICE,
        :class:`~catalogue.errors.NotAcceptable` when no format fits, :class:`~catalogue.errors.QueryTimeout`.
        """
        form_of(query)
        results, graphs = negotiation.media_types(accept)
        until = time.monotonic() + self._seconds
        with self._process() as process, self._snapshot() as folder:
            request = Request(
                folder=str(folder),
                query=query,
                results=results,
                graphs=graphs,
                rows=self._rows,
                seconds=max(0.01, until - time.monotonic()),
            )
            try:
                return process.ask(request)
            except TimeoutError as error:
                raise QueryTimeout(
                    f"the query took longer than {self._seconds:g} seconds",
                    where="query",
                    remedy="ask for less: fewer patterns, a LIMIT, or one graph",
                ) from error
            except NotAcceptable as refusal:
                if refusal.what:
                    raise
                raise negotiation.refusal(accept, GRAPHS if results else RESULTS) from None

    def close(self) -> None:
        """End the processes and remove the snapshots."""
        self._closed = True
        for process in self._processes:
            process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _process(self) -> Iterator[QueryProcess]:
        try:
            process = self._idle.get(timeout=self._seconds)
        except Empty:
            raise QueryTimeout(
                f"other queries kept the endpoint busy for {self._seconds:g} seconds",
                where="query",
                remedy="try again later",
            ) from None
        try:
            yield process
        finally:
            self._idle.put(process)

    @contextmanager
    def _snapshot(self) -> Iterator[Path]:
        with self._lock:
            if self._closed:
                raise StoreError("the endpoint was closed", where="query", remedy="open it anew")
            folder = self._current()
            self._used.append(folder)
        try:
            yield folder
        finally:
            with self._lock:
                self._used.remove(folder)

    def _current(self) -> Path:
        version, now = self._store.version, time.monotonic()
        if version != self._version and (self._version < 0 or now - self._taken >= self._max_age):
            if self._version < 0:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder.mkdir(parents=True)
            self._number += 1
            self._store.backup(self._folder / str(self._number))
            self._version, self._taken = version, now
            self._prune()
        return self._folder / str(self._number)

    def _prune(self) -> None:
        keep = {self._folder / str(self._number), *self._used}
        for old in self._folder.iterdir():
            if old not in keep:
                shutil.rmtree(old, ignore_errors=True)
