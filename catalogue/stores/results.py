"""Query results as text: SPARQL 1.1 JSON, XML, CSV and TSV, and which of them a caller accepts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from catalogue.errors import NotAcceptable
from catalogue.graphs import BlankNode, Literal, NamedNode, Term, Triple

Solutions: TypeAlias = Iterable[Sequence[Term | Triple | None]]

RESULTS = (
    "application/sparql-results+json",
    "application/json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""Media types of SELECT and ASK, the default first."""

GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
"""Media types of CONSTRUCT and DESCRIBE, the default first."""

STRING = "http://www.w3.org/2001/XMLSchema#string"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def table(variables: Sequence[str], solutions: Solutions, media_type: str) -> bytes:
    """The solutions of a SELECT in one of :data:`RESULTS`.

    Raises :class:`NotAcceptable` when XML is asked for and a value has a control character XML cannot hold.
    """
    match media_type:
        case "text/csv":
            return _csv(variables, solutions)
        case "text/tab-separated-values":
            return _tsv(variables, solutions)
        case "application/sparql-results+xml":
            return _xml(variables, solutions)
        case _:
            bindings = [
                {name: _json(value) for name, value in zip(variables, solution, strict=True) if value is not None}
                for solution in solutions
            ]
            return _dumped({"head": {"vars": list(variables)}, "results": {"bindings": bindings}})


def boolean(value: bool, media_type: str) -> bytes:
    """The answer of an ASK in one of :data:`RESULTS`; CSV and TSV, which the standard leaves open, hold the word."""
    word = "true" if value else "false"
    match media_type:
        case "text/csv" | "text/tab-separated-values":
            return word.encode()
        case "application/sparql-results+xml":
            return f"{_XML_HEAD}<head></head><boolean>{word}</boolean></sparql>".encode()
        case _:
            return _dumped({"head": {}, "boolean": value})


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _json(term: Term | Triple) -> dict[str, object]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    literal: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        literal["xml:lang"] = term.language
    elif term.datatype.value != STRING:
        literal["datatype"] = term.datatype.value
    return literal


_XML_HEAD = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'


def _xml(variables: Sequence[str], solutions: Solutions) -> bytes:
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    body = [f"{_XML_HEAD}<head>{head}</head><results>"]
    for solution in solutions:
        bound = [(name, value) for name, value in zip(variables, solution, strict=True) if value is not None]
        inner = "".join(f"<binding name={quoteattr(name)}>{_xml_term(value)}</binding>" for name, value in bound)
        body.append(f"<result>{inner}</result>")
    body.append("</results></sparql>")
    text = "".join(body)
    if _NOT_XML.search(text):
        raise NotAcceptable(
            "a value holds a control character that XML cannot carry", where="result", remedy="ask for JSON"
        )
    return text.encode()


def _xml_term(term: Term | Triple) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return "<triple>" + "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts) + "</triple>"
    kind = ""
    if term.language:
        kind = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != STRING:
        kind = f" datatype={quoteattr(term.datatype.value)}"
    text = escape(term.value, {"\r": "&#13;"})
    return f"<literal{kind}>{text}</literal>"


def _csv(variables: Sequence[str], solutions: Solutions) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(variables)
    writer.writerows([_plain(value) for value in solution] for solution in solutions)
    return out.getvalue().encode()


def _plain(term: Term | Triple | None) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return term.value
    return "" if term is None else str(term)


def _tsv(variables: Sequence[str], solutions: Solutions) -> bytes:
    lines = ["\t".join("?" + name for name in variables)]
    lines += ["\t".join("" if value is None else str(value) for value in solution) for solution in solutions]
    return ("\n".join(lines) + "\n").encode()
