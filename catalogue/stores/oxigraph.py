"""The embedded store: Oxigraph in a folder, or in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import pyoxigraph as ox

from catalogue.errors import StoreBusy, StoreError
from catalogue.graphs import Term, Triple
from catalogue.model import Change
from catalogue.ports import Row
from catalogue.stores import text

BULK = 5_000
"""From so many quads on, a file that is taken in as a whole costs less than a transaction; both are all or nothing."""


class OxigraphStore:
    """Implements :class:`catalogue.ports.Store` for one process; readers never wait for the writer."""

    def __init__(self, path: Path | None) -> None:
        """Open or create a folder; None keeps everything in memory.

        Raises :class:`StoreBusy` when a process has the folder open, :class:`StoreError` when it cannot be used.
        """
        self.path = path
        self.version = 0
        """How many changes were committed since this object was made."""
        self._writing = Lock()
        self._opened: ox.Store | None = None
        with self._errors():
            if path is not None:
                path.mkdir(parents=True, exist_ok=True)
            self._opened = ox.Store(None if path is None else str(path))

    @property
    def _store(self) -> ox.Store:
        if self._opened is None:
            raise StoreError("the store was closed", where=str(self.path or "memory"), remedy="open it anew")
        return self._opened

    def select(self, query: str, **bindings: Term) -> list[Row]:
        """See :meth:`catalogue.ports.Store.select`."""
        with self._errors():
            solutions = self._store.query(text.bind(query, bindings))
            if not isinstance(solutions, ox.QuerySolutions):
                raise ValueError(f"not a SELECT: {query}")
            names = [variable.value for variable in solutions.variables]
            return [
                {name: value for name, value in zip(names, solution, strict=True) if value is not None}
                for solution in solutions
            ]

    def graph(self, name: str) -> list[Triple]:
        """See :meth:`catalogue.ports.Store.graph`."""
        with self._errors():
            return [quad.triple for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(name))]

    def graphs(self, names: Sequence[str]) -> list[list[Triple]]:
        """See :meth:`catalogue.ports.Store.graphs`."""
        return [self.graph(name) for name in names]

    def commit(self, change: Change) -> None:
        """See :meth:`catalogue.ports.Store.commit`; one writer at a time, others wait."""
        with self._writing, self._errors():
            if change.clear or change.remove:
                self._store.update(text.update(change))
            else:
                text.refuse_blank_nodes(change.add)
                add = self._store.extend if len(change.add) < BULK else self._store.bulk_extend
                add(change.add)
            self.version += 1

    def backup(self, path: Path) -> None:
        """Write the present state into a new folder: hard links if on the same disk, so quick and small."""
        with self._errors():
            if self.path is not None:
                self._store.backup(str(path))
                return
            copy = ox.Store(str(path))
            copy.bulk_load(self._store.dump(format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.N_QUADS)
            copy.flush()

    def close(self) -> None:
        """Release the folder."""
        self._opened = None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        where = str(self.path or "memory")
        try:
            yield
        except OSError as error:
            if "lock file" in str(error) or "lock hold" in str(error):
                raise StoreBusy(
                    "the store is open already, and only one process can have it",
                    where=where,
                    remedy="stop the other process, or let both use one SPARQL server (setting store_query)",
                ) from error
            raise StoreError(
                f"the store cannot be used: {error}",
                where=where,
                remedy="check disk space and permissions of the folder",
            ) from error
        except SyntaxError as error:
            raise StoreError(
                f"the store cannot read the query: {error}",
                where=where,
                remedy="report this, it is a fault of the program",
            ) from error
