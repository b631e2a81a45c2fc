"""Turns what a person typed into a tantivy query: every word must be found, in any language, misspelt if need be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from tantivy import Filter, Occur, Query, Schema, Searcher, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from catalogue.words import Wanted

TEXT, TITLE, ABOUT, STEMS, IRI = "text", "title", "about", "stems", "iri"
LONGEST_WORD = 100
"""Longer words, in bytes, are not indexed."""
SHORTEST_STEM = 4
"""Shorter stems would find unrelated words of other languages."""
SHORTEST_PART, LONGEST_COMPOUND = 4, 40
"""Letters of a part of a compound word, and of the whole."""
_JOINTS = ("", "s", "n", "en", "es", "er")
"""What stands between the parts of a compound word."""
LONGEST_LABEL = 200
"""Longer texts of unknown language, in characters, are taken for English."""

STEMMERS: Mapping[str, str] = {
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
}
"""Languages of Europe whose endings tantivy can strip; words in others are found as written or by their beginning."""
_NORWEGIAN = {"nb": "no", "nn": "no"}
_GREEK = range(0x370, 0x400)
_DIGIT = re.compile(r"\d")
_CYRILLIC = range(0x400, 0x460)


def _stemming(language: str) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer(language)).filter(Filter.ascii_fold()).build()


_ANALYZERS = {code: _stemming(name) for code, name in STEMMERS.items()}
PLAIN = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD)).build()
"""Splits folded text into words."""


def stems(text: str, language: str) -> set[str]:
    """The stems of all words of a text, stripped by the rules of its language; English when there are none for it."""
    code = language.split("-")[0].lower()
    analyzer = _ANALYZERS.get(_NORWEGIAN.get(code, code)) or _ANALYZERS["en"]
    return {stem for stem in analyzer.analyze(unicodedata.normalize("NFC", text)) if len(stem) >= SHORTEST_STEM}


def stems_anyhow(text: str) -> frozenset[str]:
    """The stems of a word or label of unknown language, by the rules of every language.

    Long texts and what has digits in it, such as an identifier, are stemmed once only.
    """
    if len(text) <= LONGEST_LABEL and not _DIGIT.search(text):
        return _stems_anyhow(text)
    return frozenset(stems(text, "en"))


@lru_cache(maxsize=50_000)
def _stems_anyhow(text: str) -> frozenset[str]:
    return frozenset().union(*(stems(text, language) for language in STEMMERS))


class Reader:
    """Builds queries against one state of the index, whose dictionary decides which words are misspelt."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher

    def matching(self, wanted: Sequence[Wanted], text: str, *, ranked: bool) -> Query:
        """Documents with everything that is wanted; ``ranked`` adds what only changes the order."""
        if not wanted:
            return Query.all_query()
        clauses: list[tuple[Occur, Query]] = []
        for one in wanted:
            if one.excluded:
                clauses.append((Occur.MustNot, self._together(one.words, TEXT)))
            elif not one.optional:
                clauses.append((Occur.Must, self._query(one, ranked)))
            elif ranked:
                clauses.append((Occur.Should, self._together(one.words, TEXT)))
        if all(occur is Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, Query.all_query()))
        query = Query.boolean_query(clauses)
        if ":" in text:
            query = any_of([query, Query.term_query(self.schema, IRI, text)])
        return query

    def _together(self, words: Sequence[str], field: str) -> Query:
        if len(words) == 1:
            return Query.term_query(self.schema, field, words[0])
        return Query.phrase_query(self.schema, field, list(words))

    def _query(self, one: Wanted, ranked: bool) -> Query:
        options = [self._together(one.words, TEXT)]
        if len(one.words) == 1:
            options += self._forms(one, ranked)
        else:
            if one.prefix:
                options.append(Query.phrase_prefix_query(self.schema, TEXT, list(one.words)))
            if not one.quoted:
                options += self._apart(one.words)
        if ranked:
            options.append(Query.boost_query(self._together(one.words, TITLE), 4.0))
            options.append(Query.boost_query(self._together(one.words, ABOUT), 2.0))
        return any_of(options)

    def _forms(self, one: Wanted, ranked: bool) -> Iterable[Query]:
        """Other forms of a word, each worth less than the word itself."""
        word = one.words[0]
        if stripped := stems_anyhow(one.typed):
            yield Query.boost_query(Query.term_set_query(self.schema, STEMS, sorted(stripped)), 0.5)
        if one.prefix:
            yield Query.boost_query(Query.fuzzy_term_query(self.schema, TEXT, word, 0, prefix=True), 0.3)
            if ranked:
                yield Query.boost_query(Query.fuzzy_term_query(self.schema, TITLE, word, 0, prefix=True), 0.5)
        if not self.known(one):
            for distance in range(1, tolerance(word) + 1):
                yield Query.boost_query(Query.fuzzy_term_query(self.schema, TEXT, word, distance), 0.1)
            for parts in self.parts(word):
                yield from self._apart(parts)

    def _apart(self, words: Sequence[str]) -> list[Query]:
        """All of these words, in any form and order; none when one of them is too short to say anything alone."""
        forms = [sorted(stems_anyhow(word)) for word in words]
        if not all(forms):
            return []
        each = [
            any_of([Query.term_query(self.schema, TEXT, word), Query.term_set_query(self.schema, STEMS, form)])
            for word, form in zip(words, forms, strict=True)
        ]
        return [Query.boost_query(Query.boolean_query([(Occur.Must, one) for one in each]), 0.1)]

    def parts(self, word: str) -> list[tuple[str, str]]:
        """The two known words that a compound unknown as a whole is made of, as in German, Dutch or Swedish."""
        if not word.isalpha() or len(word) > LONGEST_COMPOUND:
            return []
        splits = [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
        return [
            (first[: len(first) - len(joint)], second)
            for first, second in splits
            if self.frequency(second)
            for joint in _JOINTS
            if first.endswith(joint)
            and len(first) - len(joint) >= SHORTEST_PART
            and self.frequency(first[: len(first) - len(joint)])
        ]

    def known(self, one: Wanted) -> bool:
        """Whether some document has the word as written, in another form, or longer when it is a beginning."""
        word = one.words[0]
        return (
            self.frequency(word) > 0
            or any(self.searcher.doc_freq(STEMS, stem) for stem in stems_anyhow(one.typed))
            or (one.prefix and bool(self.searcher.terms_with_prefix(TEXT, word, limit=1)))
        )

    def frequency(self, word: str) -> int:
        """How many documents have the word."""
        return int(self.searcher.doc_freq(TEXT, word))

    def misspelt(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """The single words that no document has and that may be misspelt."""
        return [
            one
            for one in wanted
            if not (one.excluded or one.optional)
            and len(one.words) == 1
            and tolerance(one.words[0])
            and not self.known(one)
        ]

    def spellings(self, word: str) -> list[str]:
        """The most frequent words of the dictionary that are about as far from ``word`` as a slip of the pen."""
        near = {other: self.frequency(other) for other in _one_edit(word)} if tolerance(word) else {}
        found = [other for other, count in sorted(near.items(), key=lambda pair: (-pair[1], pair[0])) if count]
        if not found and tolerance(word) > 1:
            alike = self.searcher.terms_with_prefix(TEXT, word[:3])
            found = [
                other
                for other, _ in sorted(alike, key=lambda pair: (-pair[1], pair[0]))
                if abs(len(other) - len(word)) <= 2 and _distance(word, other) <= 2
            ]
        return found[:10]


def any_of(queries: Sequence[Query]) -> Query:
    """Documents that at least one of the queries finds."""
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def tolerance(word: str) -> int:
    """How many letters of a word may be wrong: 1 from four letters, 2 from eight; none in numbers and codes."""
    if not word.isalpha() or not 4 <= len(word) <= 40:
        return 0
    return 2 if len(word) >= 8 else 1


def _one_edit(word: str) -> set[str]:
    """All words that one letter dropped, swapped with the next, replaced or added makes of ``word``."""
    first = ord(word[0])
    script = next((block for block in (_GREEK, _CYRILLIC) if first in block), range(ord("a"), ord("z") + 1))
    letters = [chr(code) for code in script if chr(code).isalpha() and chr(code).islower()]
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    dropped = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    replaced = {left + letter + right[1:] for left, right in halves if right for letter in letters}
    added = {left + letter + right for left, right in halves for letter in letters}
    return (dropped | swapped | replaced | added) - {word}


def _distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != against)))
        above = line
    return above[-1]
