"""How names and values are written for people: short forms of IRIs, cut texts, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import PREFIXES
from catalogue.words import clean, preferred

_EXAMPLE = re.compile(r"(.*?:) (?=<|\[|[a-z][a-z-]*:[A-Za-z])(.+)", re.DOTALL)
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how Persian or Hindi is spelt."""
_WRONG = "\ufffd"


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is in; empty when that is not known."""

    text: str
    language: str = ""


def pick(texts: Mapping[str, str], languages: Sequence[str]) -> Words:
    """The best of several translations: a language asked for, else English, else any."""
    for tag in preferred(texts, languages):
        return Words(texts[tag], tag.split("-")[0].lower())
    return Words("")


def name(graph: Graph, node: Term, predicates: Iterable[NamedNode], languages: Sequence[str]) -> Words:
    """The best literal of the first of ``predicates`` that has one."""
    for predicate in predicates:
        texts: dict[str, str] = {}
        for value in graph.objects(node, predicate):
            if isinstance(value, Literal) and value.value.strip():
                texts.setdefault(value.language or "", value.value)
        if texts:
            return pick(texts, languages)
    return Words("")


def visible(text: str) -> str:
    """The text on one line; control characters and those that turn the direction of writing become ``�``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, " ".join(clean(text).split())))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") and character not in _JOINERS
    return _WRONG if hidden else character


def cut(text: str, length: int) -> str:
    """A text of at most that many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def curie(iri: str) -> str:
    """An IRI in the short form people know (``dct:title``), else whole."""
    for prefix, namespace in PREFIXES.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and "/" not in rest and "#" not in rest:
            return f"{prefix}:{rest}"
    return iri


def short_path(path: str) -> str:
    """A property path with every IRI in it in short form."""
    if "<" not in path:
        return curie(path)
    return re.sub("<([^>]*)>", lambda found: curie(found[1]), path)


def local_name(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def remedy(text: str) -> tuple[str, str]:
    """The words of a remedy and the example in Turtle at its end, if there is one."""
    found = _EXAMPLE.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def points(value: float) -> str:
    """Points as people write them: at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
