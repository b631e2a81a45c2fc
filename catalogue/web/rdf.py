"""Writes RDF for readers: what it is about comes first, only the prefixes that are used, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.graphs import NamedNode, Quad, Triple, digest, serialise
from catalogue.names import PREFIXES
from catalogue.web import jsonld


def written(triples: Iterable[Triple | Quad], media_type: str, first: str = "") -> bytes:
    """Triples in an RDF syntax; the node ``first`` leads."""
    ordered = sorted(triples, key=lambda triple: triple.subject.value != first)  # type: ignore[union-attr]
    prefixes = _used(ordered)
    if media_type == "application/ld+json":
        return jsonld.write(ordered, prefixes, first)
    content = serialise(ordered, media_type, prefixes)
    return _tidy(content) if media_type == "text/turtle" else content


def state(triples: Iterable[Triple | Quad]) -> str:
    """Names the content, however it is written: a digest over the sorted statements."""
    return digest("\n".join(sorted(map(str, triples))).encode())


def _used(triples: Iterable[Triple | Quad]) -> dict[str, str]:
    iris = set[str]()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            iri = term.value if isinstance(term, NamedNode) else getattr(getattr(term, "datatype", None), "value", "")
            iris.add(iri.rpartition("#")[0] + "#" if "#" in iri else iri.rpartition("/")[0] + "/")
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in iris}


def _tidy(turtle: bytes) -> bytes:
    """The prefixes sorted (the serialiser's order is that of a hash) and set apart."""
    lines = turtle.splitlines(keepends=True)
    count = next((n for n, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
    return b"".join([*sorted(lines[:count]), b"\n" if count else b"", *lines[count:]])
