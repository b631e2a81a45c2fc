"""Which RDF syntax a document is in, by what its sender or its file name says."""

from __future__ import annotations

from collections.abc import Mapping

SUFFIXES: Mapping[str, str] = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".owl": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
}
ALIASES: Mapping[str, str] = {
    "application/x-turtle": "text/turtle",
    "text/n3": "text/turtle",
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
    "text/plain": "application/n-triples",
}


def media_type_of(name: str, declared: str | None = None) -> str | None:
    """The RDF media type of a document from its Content-Type or else its file name; None when neither says RDF."""
    if declared:
        bare = declared.split(";")[0].strip().lower()
        if bare in SUFFIXES.values():
            return bare
        if bare in ALIASES and bare != "text/plain":
            return ALIASES[bare]
    lowered = name.lower().split("?")[0].split("#")[0].removesuffix(".gz")
    for suffix, media_type in SUFFIXES.items():
        if lowered.endswith(suffix):
            return media_type
    return ALIASES.get((declared or "").split(";")[0].strip().lower())
