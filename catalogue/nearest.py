"""The admitted value that a wrong one most likely stands for: the same code elsewhere, a name, or a misspelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import DCT, RDFS, SKOS
from catalogue.plain import local_name
from catalogue.words import fold

LIKE_ENOUGH = 0.8
"""Lowest likeness, 0 to 1, of a misspelt word to the right one."""
EXCHANGED = 0.9
"""Likeness of two words that differ only in two neighbouring letters that changed places."""
SHORTEST = 4
"""Letters of the longer of two words from which they may count as alike: with fewer, every code is like another."""
LONGEST = 80
"""Letters of a text beyond which it is prose, not the name of a value."""
NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, DCT.identifier, DCT.title, RDFS.label)
"""Properties by which a value is called."""

_PARTS = re.compile(r"[\W_]+")


class Likeness(Enum):
    """Why a value is thought to be meant."""

    CODE = "same code"
    """The code is right, the address before it is not."""
    NAME = "same name"
    """It is the value's code or name, written as text."""
    SPELLING = "similar spelling"
    """It reads like the value's code or one of its names."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The value most likely meant, and why."""

    value: Term
    likeness: Likeness


class Names:
    """The codes and names of a choice of values, ready to be compared with."""

    def __init__(self, vocabulary: Graph, values: Iterable[Term]) -> None:
        self._codes: dict[str, Term] = {}
        self._names: dict[str, Term] = {}
        for value in values:
            self._codes.setdefault(_folded(local_name(value.value)), value)
            for text in _names(vocabulary, value):
                self._names.setdefault(_folded(text), value)

    def nearest(self, value: Term, said: Graph) -> Nearest | None:
        """What ``value`` most likely stands for; ``said`` may name it. None when nothing is like enough."""
        words = [_folded(word) for word in (_word(value), *_names(said, value)) if len(word) <= LONGEST]
        words = [word for word in words if word]
        for word in words:
            if word in self._codes:
                same = isinstance(value, NamedNode) and _folded(local_name(value.value)) == word
                return Nearest(self._codes[word], Likeness.CODE if same else Likeness.NAME)
            if word in self._names:
                return Nearest(self._names[word], Likeness.NAME)
        return _most_like(words, {**self._names, **self._codes})


def _most_like(words: Sequence[str], known: Mapping[str, Term]) -> Nearest | None:
    best, found = 0.0, None
    for word in words:
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(word)
        for other, value in known.items():
            if max(len(word), len(other)) >= SHORTEST:
                matcher.set_seq1(other)
                like = EXCHANGED if _exchanged(word, other) else _likeness(matcher, max(best, LIKE_ENOUGH))
                if like > best:
                    best, found = like, value
    return Nearest(found, Likeness.SPELLING) if found is not None else None


def _exchanged(word: str, other: str) -> bool:
    """Whether two neighbouring letters changed places; in a short code that alone makes a word unlike."""
    if len(word) != len(other):
        return False
    places = [n for n, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return word[first] == other[second] and word[second] == other[first]


def _likeness(matcher: SequenceMatcher[str], least: float) -> float:
    """The likeness of two words if it is at least ``least``, else 0; bounds that cost little are tried first."""
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    like = matcher.ratio()
    return like if like >= least else 0.0


def _word(value: Term) -> str:
    """The part of a value that people would call it by."""
    if isinstance(value, NamedNode):
        return local_name(value.value)
    return str(value.value) if isinstance(value, Literal) else ""


def _names(graph: Graph, value: Term) -> list[str]:
    return [str(o.value) for name in NAMES for o in graph.objects(value, name) if isinstance(o, Literal)]


def _folded(text: str) -> str:
    """Small letters without accents; whatever stands between words is a space."""
    return _PARTS.sub(" ", fold(text)).strip()
