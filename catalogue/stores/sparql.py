"""The same store and endpoint over any server that speaks SPARQL 1.1 over HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from http.client import HTTPException
from itertools import islice
from threading import Lock
from urllib.error import HTTPError

import pyoxigraph as ox
from SPARQLWrapper import DIGEST, JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from catalogue.errors import BadRdf, QueryRefused, QueryTimeout, StoreError
from catalogue.graphs import Term, Triple, parse, serialise
from catalogue.model import Change
from catalogue.names import PREFIXES
from catalogue.ports import Answer, Row
from catalogue.stores import accept as negotiation
from catalogue.stores import text
from catalogue.stores.results import GRAPHS, RESULTS, boolean, table

AGENT = "ehds-catalogue"
LARGEST = 256_000_000
"""Largest answer taken from a server, in bytes."""
_ACCEPT = {JSON: "application/sparql-results+json", TURTLE: "application/n-triples, text/turtle;q=0.5"}


class LateError(StoreError):
    """The server did not answer in time."""


class RefusedError(StoreError):
    """The server finds fault with a query (HTTP 400)."""


class Server:
    """One SPARQL service URL with login and time limit."""

    _alone = Lock()
    """Held for a call with digest login: SPARQLWrapper keeps that password in a global of urllib."""

    def __init__(
        self,
        url: str,
        user: str | None,
        password: str | None,
        *,
        seconds: float,
        digest: bool,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """``digest`` sends the password by HTTP digest and not in clear; ``parameters`` go with every call."""
        self.url, self._seconds, self._parameters = url, seconds, dict(parameters or {})
        self._login = (user, password) if user else None
        self._digest = digest and bool(user)

    def send(self, form: str, body: str) -> tuple[bytes, str]:
        """POST a query or an update, form-encoded; returns the answer and its media type.

        ``form`` is the first keyword. Raises :class:`StoreError`, :class:`RefusedError` or :class:`LateError`.
        """
        until = time.monotonic() + self._seconds
        try:
            with self._alone if self._digest else nullcontext():
                response = self._wrapper(form, body).query().response
            with response:
                content = bytearray()
                while chunk := response.read1(1 << 16):
                    content += chunk
                    if time.monotonic() > until:
                        raise TimeoutError
                    if len(content) > LARGEST:
                        raise OSError(f"the answer is larger than {LARGEST // 1_000_000} MB")
                return bytes(content), response.headers.get_content_type()
        except (SPARQLWrapperException, HTTPException, OSError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> StoreError:
        if isinstance(getattr(error, "reason", error), TimeoutError):
            return LateError(
                f"the SPARQL server took longer than {self._seconds:g} seconds", where=self.url, remedy="ask for less"
            )
        if isinstance(error, QueryBadFormed):
            return RefusedError(
                f"the SPARQL server refuses it: {_reason(error)}", where=self.url, remedy="mend the query"
            )
        return StoreError(
            f"the SPARQL server cannot be used: {_reason(error)}",
            where=self.url,
            remedy="check that it runs, its URLs (settings store_query, store_update), user and password",
        )

    def _wrapper(self, form: str, body: str) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.url, agent=AGENT)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(max(1, round(self._seconds)))
        wrapper.setReturnFormat(TURTLE if form in ("CONSTRUCT", "DESCRIBE") else JSON)
        wrapper.addCustomHttpHeader("Accept", _ACCEPT[wrapper.returnFormat])
        for name, value in self._parameters.items():
            wrapper.addParameter(name, value)
        if self._login:
            wrapper.setCredentials(*self._login)
        if self._digest:
            wrapper.setHTTPAuth(DIGEST)
        # not by setQuery(): it takes the first such word for the form, even "drop" in a comment
        wrapper.queryString, wrapper.queryType = body, form
        return wrapper


def _reason(error: Exception) -> str:
    response = error.__context__ if isinstance(error, SPARQLWrapperException) else error
    if isinstance(response, HTTPError):
        said = str(error).partition("Response:\n")[2][2:-1]
        return f"HTTP {response.code} {response.reason} {said[:500]}".strip()
    return str(getattr(error, "reason", error)) or type(error).__name__


def _solutions(content: bytes, media_type: str, url: str) -> ox.QuerySolutions | ox.QueryBoolean:
    try:
        return ox.parse_query_results(content, format=ox.QueryResultsFormat.from_media_type(media_type))
    except (SyntaxError, ValueError) as error:
        raise StoreError(
            f"the answer ({media_type}) is not SPARQL results: {error}",
            where=url,
            remedy="check that this is the URL of a SPARQL 1.1 query service",
        ) from error


class SparqlStore:
    """Implements :class:`catalogue.ports.Store` over a query URL and an update URL.

    A change is one update request. SPARQL 1.1 Update (section 2.2) only asks servers to make a request atomic; Oxigraph
    and Virtuoso do, and with another server this is the first thing to check.
    """

    def __init__(
        self,
        query_url: str,
        update_url: str,
        user: str | None = None,
        password: str | None = None,
        *,
        seconds: float = 60.0,
        digest: bool = False,
    ) -> None:
        """One call may take ``seconds``; ``digest`` is for servers that want that login (Virtuoso's /sparql-auth)."""
        self._reader = Server(query_url, user, password, seconds=seconds, digest=digest)
        self._writer = Server(update_url, user, password, seconds=seconds, digest=digest)
        self._writing = Lock()

    def select(self, query: str, **bindings: Term) -> list[Row]:
        """See :meth:`catalogue.ports.Store.select`."""
        content, media_type = self._reader.send("SELECT", text.bind(query, bindings))
        solutions = _solutions(content, media_type, self._reader.url)
        if isinstance(solutions, ox.QueryBoolean):
            raise ValueError(f"not a SELECT: {query}")
        names = [variable.value for variable in solutions.variables]
        return [
            {name: value for name, value in zip(names, solution, strict=True) if value is not None}
            for solution in solutions
        ]

    def graph(self, name: str) -> list[Triple]:
        """See :meth:`catalogue.ports.Store.graph`."""
        rows = self.select("SELECT ?s ?p ?o WHERE { GRAPH ?name { ?s ?p ?o } }", name=ox.NamedNode(name))
        return [Triple(row["s"], row["p"], row["o"]) for row in rows]  # type: ignore[arg-type]

    def graphs(self, names: Sequence[str]) -> list[list[Triple]]:
        """See :meth:`catalogue.ports.Store.graphs`."""
        wanted = " ".join(str(ox.NamedNode(name)) for name in names)
        found: dict[str, list[Triple]] = {name: [] for name in names}
        for row in self.select(f"SELECT ?g ?s ?p ?o WHERE {{ VALUES ?g {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }} }}"):
            found[row["g"].value].append(Triple(row["s"], row["p"], row["o"]))  # type: ignore[arg-type]
        return list(found.values())

    def commit(self, change: Change) -> None:
        """See :meth:`catalogue.ports.Store.commit`."""
        update = text.update(change)
        if update:
            with self._writing:
                self._writer.send(update.split(maxsplit=1)[0], update)

    def close(self) -> None:
        """Nothing is held open between calls."""


class RemoteEndpoint:
    """Implements :class:`catalogue.ports.Endpoint` over the query URL of a server.

    The time limit ends our waiting; the server needs one of its own (``oxigraph serve --timeout-s``). The row limit
    cuts what the server sent. Asks for the union of all named graphs as default graph in the way of Oxigraph; servers
    that do it always (Virtuoso, GraphDB) ignore the parameter.
    """

    def __init__(
        self,
        query_url: str,
        user: str | None = None,
        password: str | None = None,
        *,
        seconds: float = 30.0,
        rows: int = 10_000,
        digest: bool = False,
    ) -> None:
        """A query may take ``seconds`` and give ``rows`` rows or triples."""
        union = {"union-default-graph": "true"}
        self._server = Server(query_url, user, password, seconds=seconds, digest=digest, parameters=union)
        self._rows = rows

    def query(self, query: str, accept: str) -> Answer:
        """See :meth:`catalogue.ports.Endpoint.query`; ``accept`` is an HTTP Accept header."""
        form = text.form_of(query)
        results, graphs = negotiation.media_types(accept)
        is_graph = form in ("CONSTRUCT", "DESCRIBE")
        wanted = graphs if is_graph else results
        if not wanted:
            raise negotiation.refusal(accept, GRAPHS if is_graph else RESULTS)
        try:
            content, media_type = self._server.send(form, query)
        except LateError as error:
            raise QueryTimeout(error.what, where=error.where, remedy=error.remedy) from error
        except RefusedError as error:
            raise QueryRefused(error.what, where=error.where, remedy=error.remedy) from error
        return self._graph(content, media_type, wanted) if is_graph else self._table(content, media_type, wanted)

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _graph(self, content: bytes, media_type: str, wanted: str) -> Answer:
        try:
            triples = list(islice(parse(content, media_type, where=self._server.url), self._rows + 1))
        except BadRdf as error:
            raise StoreError(error.what, where=error.where, remedy="check the SPARQL server") from error
        return Answer(serialise(triples[: self._rows], wanted, PREFIXES), wanted, len(triples) > self._rows)

    def _table(self, content: bytes, media_type: str, wanted: str) -> Answer:
        result = _solutions(content, media_type, self._server.url)
        if isinstance(result, ox.QueryBoolean):
            return Answer(boolean(bool(result), wanted), wanted)
        solutions = [tuple(solution) for solution in islice(result, self._rows + 1)]
        names = [variable.value for variable in result.variables]
        return Answer(table(names, solutions[: self._rows], wanted), wanted, len(solutions) > self._rows)
