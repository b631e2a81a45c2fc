"""SPARQL text: values bound into a query, a change as one update, and what a foreign query may not do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from catalogue.errors import QueryRefused, StoreError
from catalogue.graphs import BlankNode, Literal, NamedNode, Quad, Term, serialise
from catalogue.model import Change

LONGEST = 100_000
"""Longest foreign query, in characters."""

_TOKEN = re.compile(
    r'''
    (?P<comment>  \#[^\r\n]* )
  | (?P<string>   """(?:[^"\\]|\\.|"(?!""))*""" | \'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
                | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*> )
  | (?P<variable> [?$]\w+ )
  | (?P<escape>   \\. )
  | (?P<other>    [{}()] )
    ''',
    re.VERBOSE | re.DOTALL,
)
_BLANKED = {"comment": " ", "string": '""', "iri": "<>", "variable": "?_", "escape": "_"}
_CHUNK = re.compile(r"<>|\?_|[{}]|[^\s{}<>?]+|[<>?]")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_FORM = re.compile(
    r"(?<![\w:.-])(SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)(?![\w.-]*:)",
    re.IGNORECASE,
)
_QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


# --- our own queries and updates --------------------------------------------------------------------------------------


def bind(query: str, bindings: Mapping[str, Term]) -> str:
    """Put ``VALUES`` with these values at the start of the outermost group of a SELECT.

    At its start and not behind it (as SPARQL 1.1 section 10.2.2 also allows), because a trailing block is joined after
    aggregation and after every FILTER: a count would silently be a count of nothing.
    """
    if not bindings:
        return query
    head, tail, variables = _outermost(query)
    unknown = bindings.keys() - variables
    if unknown:
        raise ValueError(f"the query has no variable {', '.join(sorted(unknown))}: {query}")
    names = " ".join(f"?{name}" for name in bindings)
    values = " ".join(_written(value) for value in bindings.values())
    return f"{head} VALUES ({names}) {{ ({values}) }} {tail}"


@lru_cache(maxsize=256)
def _outermost(query: str) -> tuple[str, str, frozenset[str]]:
    """The query up to and with the brace that opens its outermost group, the rest, and its variables."""
    brace, depth, variables = 0, 0, set()
    for token in _TOKEN.finditer(query):
        text = token.group()
        if token.lastgroup == "variable":
            variables.add(text[1:])
        elif text == "(":
            depth += 1
        elif text == ")":
            depth -= 1
        elif text == "{" and not depth and not brace:
            brace = token.end()
    if not brace:
        raise ValueError(f"the query has no group: {query}")
    return query[:brace], query[brace:], frozenset(variables)


def _written(term: Term) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return str(term)
    raise blank_node_met(str(term))


def update(change: Change) -> str:
    """The change as one update request; servers that run a request as one transaction make it all or nothing.

    Raises :class:`StoreError` when a blank node is met: its label would mean another node at every write.
    """
    refuse_blank_nodes(change.add)
    refuse_blank_nodes(change.remove)
    requests = [f"DROP SILENT GRAPH {NamedNode(name)}" for name in change.clear]
    if change.remove:
        requests.append(_data("DELETE", change.remove))
    if change.add:
        requests.append(_data("INSERT", change.add))
    return " ;\n".join(requests)


def _data(verb: str, quads: Sequence[Quad]) -> str:
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        graphs[str(quad.graph_name)].append(quad)
    groups = (f"GRAPH {name} {{\n{_lines(some)}}}" for name, some in graphs.items())
    return verb + " DATA {\n" + "\n".join(groups) + "\n}"


def _lines(quads: Sequence[Quad]) -> str:
    return serialise(quads, "application/n-triples").decode()


def refuse_blank_nodes(quads: Sequence[Quad]) -> None:
    """Raises :class:`StoreError` naming the first blank node."""
    for quad in quads:
        if type(quad.object) is BlankNode or type(quad.subject) is BlankNode:
            raise blank_node_met(str(quad))


def blank_node_met(where: str) -> StoreError:
    """What both stores say about a blank node."""
    return StoreError(
        "a blank node cannot be stored or asked for, its label means nothing elsewhere",
        where=where,
        remedy="give it an IRI with catalogue.graphs.Skolem",
    )


# --- foreign queries --------------------------------------------------------------------------------------------------


def form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE, of a foreign query that may be run.

    Raises :class:`QueryRefused` for an update, for SERVICE (we would be made to call any address) and for a query that
    is too long. Whether the syntax is right is for the engine to say.
    """
    if len(query) > LONGEST:
        raise QueryRefused(f"the query is longer than {LONGEST} characters", remedy="ask in several queries")
    texts = {query, _ESCAPE.sub(_unescaped, query)}  # servers differ in whether \u0053ERVICE is a keyword
    if any(_calls_service(text) for text in texts):
        raise QueryRefused(
            "SERVICE is not allowed here", where="query", remedy="ask the other endpoint yourself and join the answers"
        )
    form = _FORM.search(_blanked(query))
    word = form.group().upper() if form else "nothing"
    if word not in _QUERY_FORMS:
        raise QueryRefused(
            f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, this one with {word}",
            where="query",
            remedy="send a query; nothing can be changed through this endpoint",
        )
    return word


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape.group(1) or escape.group(2), 16))


def _blanked(query: str) -> str:
    return _TOKEN.sub(lambda token: _BLANKED.get(token.lastgroup or "", token.group()), query)


def _calls_service(query: str) -> bool:
    """Whether any reading of the text has a SERVICE pattern; a doubtful case counts as one.

    ``?a<?b#>`` may be an IRI or a comparison with a comment behind it; grammars need no blank before a keyword
    (``1SERVICE<x>{}``) and none behind (``SERVICE:x{}``). Hence no split into words: what counts is the word anywhere,
    then an IRI, name or variable, then a brace.
    """
    if "service" not in query.casefold():
        return False
    if any(_doubtful(token) for token in _TOKEN.finditer(query)):
        return True
    chunks = _CHUNK.findall(_blanked(query).casefold())
    return any("service" in chunk and _opens(chunk, chunks[i + 1 : i + 4]) for i, chunk in enumerate(chunks))


def _doubtful(token: re.Match[str]) -> bool:
    text = token.group()
    return token.lastgroup == "iri" and "#" in text and not _ABSOLUTE.match(text)


def _opens(chunk: str, following: Sequence[str]) -> bool:
    rest = [part for part in following if part != "silent"] + ["", ""]
    if ":" in chunk.partition("service")[2] and rest[0] == "{":
        return True
    ends = chunk.endswith(("service", "servicesilent"))
    return ends and (rest[0] in ("<>", "?_") or ":" in rest[0]) and rest[1] == "{"
