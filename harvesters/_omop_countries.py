"""Reads countries as OMOP databases name them: by their name in any language, or by a code of ISO 3166-1."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from catalogue.graphs import Graph, Literal, parse
from catalogue.names import EU, SKOS
from catalogue.resources import read_files
from harvesters._crosswalk import authority, folded

_CODES = "vocab/authority/other-codes.ttl"


def country(said: object) -> str:
    """The IRI in the EU authority table of countries; empty for what it does not have."""
    if not isinstance(said, str) or not said.strip():
        return ""
    reading = authority("country").find(said)
    return reading.concepts[0] if reading is not None else _short().get(folded(said), "")


@cache
def _short() -> Mapping[str, str]:
    """By codes of two letters."""
    graph = Graph(parse(read_files("vocab/authority")[_CODES], "text/turtle", where=_CODES))
    return {
        folded(code.value): str(node.value)
        for code, nodes in graph.inverse(SKOS.hiddenLabel.value).items()
        for node in nodes
        if isinstance(code, Literal) and str(node.value).startswith(EU + "country/")
    }
