"""One search in the tantivy index: hits with snippets, counts of facets, another spelling."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import tantivy
from tantivy import Occur

from catalogue.errors import BadInput
from catalogue.index_query import PLAIN, Reader, stems_anyhow
from catalogue.ports import FACETS, Hit, Query, Results
from catalogue.words import Wanted, clean, pattern, preferred, read, snippet

MAX_VALUES = 50
"""Values counted per facet."""
MAX_TEXT = 10_000
"""Characters of a query beyond this are not looked at."""
MAX_SIZE = 1000
"""Largest page."""
MAX_DEPTH = 100_000
"""Results beyond this many cannot be paged to."""
SORTS = ("relevance", "modified", "oldest", "changed", "individuals", "label", "title")
_FIELDS = {"oldest": "modified"}
"""Fields of orders that have none of their own name."""
_EXACT = 20_000
"""Distinct values of a facet up to which counts are exact."""


class Search:
    """One search against one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, query: Query) -> None:
        self.schema = schema
        self.searcher = searcher
        self.query = query
        self.reader = Reader(schema, searcher)
        self.text = clean(query.text[:MAX_TEXT]).strip()
        self.wanted = read(self.text, PLAIN.analyze)
        self.filters = {
            facet: tantivy.Query.term_set_query(schema, f"facet_{facet}", [clean(value) for value in values])
            for facet, values in query.facets.items()
            if values
        }
        self.conditions = list(self._conditions())

    def _conditions(self) -> Iterator[tantivy.Query]:
        """What must hold beside words and facets."""
        if self.query.before:
            last = as_number(self.query.before)
            kind = tantivy.FieldType.Integer
            yield tantivy.Query.range_query(self.schema, "by_modified", kind, 1, last, True, False)
        if self.query.breaks:
            yield tantivy.Query.term_query(self.schema, "breaks", clean(self.query.breaks))

    def results(self) -> Results:
        total, found = self._found()
        misspelt = self.reader.misspelt(self.wanted)
        spellings = {one.words[0]: self.reader.spellings(one.words[0]) for one in misspelt}
        hits = self._hits(found, [spelling for others in spellings.values() for spelling in others])
        suggestion = self._suggestion(spellings) if misspelt or not total else ""
        return Results(total, hits, self._counts(), suggestion)

    def _matching(self, wanted: Sequence[Wanted], *, ranked: bool = False, without: str = "") -> tantivy.Query:
        words = self.reader.matching(wanted, self.text, ranked=ranked)
        chosen = [*(only for facet, only in self.filters.items() if facet != without), *self.conditions]
        filters = [(Occur.Must, tantivy.Query.const_score_query(only, 0.0)) for only in chosen]
        return tantivy.Query.boolean_query([(Occur.Must, words), *filters]) if filters else words

    def _found(self) -> tuple[int, list[tantivy.DocAddress]]:
        query = self.query
        order = query.sort
        if order == "relevance" and not any(not one.excluded for one in self.wanted):
            order = "modified"
        result: Any = self.searcher.search(  # the stub of tantivy forgets `count`
            self._matching(self.wanted, ranked=order == "relevance"),
            limit=query.size,
            offset=(query.page - 1) * query.size,
            order_by_field=None if order == "relevance" else f"by_{_FIELDS.get(order, order)}",
            order=tantivy.Order.Asc if order in ("title", "oldest") else tantivy.Order.Desc,
        )
        return result.count, [address for _, address in result.hits]

    def _hits(self, found: Sequence[tantivy.DocAddress], spellings: Sequence[str]) -> list[Hit]:
        typed = [one.typed for one in self.wanted if not one.excluded and not one.optional and len(one.words) == 1]
        words = pattern(self.wanted, {*spellings, *(stem for word in typed for stem in stems_anyhow(word))})
        hits = []
        for address in found:
            hit = json.loads(self.searcher.doc(address)["hit"][0])
            texts, changed = hit.pop("description"), datetime.fromisoformat(hit.pop("changed"))
            chosen = [texts[code] for code in preferred(texts, self.query.languages)]
            hits.append(Hit(snippet=snippet(chosen, words), changed=changed, **hit))
        return hits

    def _counts(self) -> dict[str, list[tuple[str, int]]]:
        open_facets = [facet for facet in FACETS if facet not in self.filters]
        counts = self._count(self._matching(self.wanted), open_facets)
        for facet in self.filters:
            matching = self._matching(self.wanted, without=facet)
            counts |= self._count(matching, [facet])
            counted = {value for value, _ in counts[facet]}
            for value in dict.fromkeys(self.query.facets[facet]):
                if value not in counted:
                    counts[facet].append((value, self._count_one(matching, facet, value)))
        return {facet: counts[facet] for facet in FACETS}

    def _count(self, query: tantivy.Query, facets: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        if not facets:
            return {}
        wish: dict[str, Any] = {
            facet: {"terms": {"field": f"facet_{facet}", "size": MAX_VALUES, "segment_size": _EXACT}}
            for facet in facets
        }
        answer = self.searcher.aggregate(query, wish)
        counted = {
            facet: [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"]]
            for facet in facets
        }
        return {facet: sorted(pairs, key=lambda pair: (-pair[1], pair[0])) for facet, pairs in counted.items()}

    def _count_one(self, query: tantivy.Query, facet: str, value: str) -> int:
        only = tantivy.Query.term_query(self.schema, f"facet_{facet}", clean(value))
        return self._total(tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, only)]))

    def _total(self, query: tantivy.Query) -> int:
        result: Any = self.searcher.search(query, limit=1)
        return int(result.count)

    def _suggestion(self, spellings: Mapping[str, Sequence[str]]) -> str:
        """The text as typed with other spellings of words nobody has, or of one word, when that finds something."""
        text = self.text
        plain = [one for one in self.wanted if len(one.words) == 1 and not one.excluded and not one.optional]
        if spellings:
            for one in plain:
                for spelling in spellings.get(one.words[0], [])[:1]:
                    text = _replaced(text, one.typed, spelling)
            tries = [text]
        else:
            tries = [
                _replaced(text, one.typed, spelling)
                for one in plain
                for spelling in self.reader.spellings(one.words[0])[:1]
            ]
        for changed in tries:
            wanted = read(changed, PLAIN.analyze)
            if changed != self.text and not self.reader.misspelt(wanted) and self._total(self._matching(wanted)):
                return changed
        return ""


def _replaced(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", other, text)


def as_number(modified: str) -> int:
    """An ISO date, date and time, month or year as YYYYMMDD; 0 for none."""
    parts = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", modified)
    return int("".join((part or "00") for part in parts.groups())) if parts else 0


def check(query: Query) -> None:
    unknown = sorted(query.facets.keys() - set(FACETS))
    problem, remedy = "", ""
    if unknown:
        problem, remedy = f"there is no facet {', '.join(unknown)!r}", "use one of " + ", ".join(FACETS)
    elif query.sort not in SORTS:
        problem, remedy = f"results cannot be sorted by {query.sort!r}", "use one of " + ", ".join(SORTS)
    elif not 1 <= query.size <= MAX_SIZE:
        problem, remedy = f"a page cannot have {query.size} results", f"ask for 1 to {MAX_SIZE}"
    elif query.page < 1 or query.page * query.size > MAX_DEPTH:
        problem = f"there is no page {query.page}"
        remedy = f"pages count from 1 and end with result {MAX_DEPTH}; narrow the search instead"
    if problem:
        raise BadInput(problem, where="search", remedy=remedy)
