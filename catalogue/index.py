"""The search index on tantivy: words in all languages, facets with counts, sorting, snippets, spelling."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy

from catalogue.errors import StoreBusy, StoreError
from catalogue.index_query import ABOUT, IRI, PLAIN, STEMS, TEXT, TITLE, stems, stems_anyhow
from catalogue.index_search import Search, as_number, check
from catalogue.ports import FACETS, Ages, Entry, Query, Results
from catalogue.words import clean, fold, preferred

VERSION = "4"
"""Raise it with every change of the fields or of how words are split, folded or stemmed."""

HOLDERS = 10_000
"""Most holders that are counted."""
PROVISIONS = 1000
"""More provisions than the law has."""
_MARKER = "complete"
_LARGEST = 2**62


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(IRI, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TEXT, tokenizer_name="folded")
    builder.add_text_field(TITLE, tokenizer_name="folded")
    builder.add_text_field(ABOUT, tokenizer_name="folded")
    builder.add_text_field(STEMS, tokenizer_name="whitespace", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(f"facet_{facet}", tokenizer_name="raw", index_option="basic", fast=True)
    for verdict in ("breaks", "meets"):
        builder.add_text_field(verdict, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("by_title", tokenizer_name="raw", index_option="basic", fast=True)
    for order in ("by_modified", "by_changed", "by_individuals", "by_label"):
        builder.add_integer_field(order, fast=True)
    builder.add_bytes_field("hit", stored=True)
    return builder.build()


class TantivyIndex:
    """Implements :class:`catalogue.ports.Index`; without a path it lives in memory.

    Many threads may search while one changes. Opening an index that is damaged or of another version empties it;
    :attr:`needs_rebuild` then says so. Raises :class:`~catalogue.errors.StoreError` when the folder cannot be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._schema = _schema()
        self._lock = threading.RLock()
        self._writer: tantivy.IndexWriter | None = None
        self._pending: set[str] = set()
        self._cleared = False
        self._index = self._open()
        self._index.register_tokenizer("folded", PLAIN)
        self._complete = self._marked = path is not None and _read(path / _MARKER) == VERSION

    @property
    def needs_rebuild(self) -> bool:
        """The index may lack datasets of the store: it is new, was emptied, or a change was broken off."""
        return not self._complete

    # --- changing ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Announce changes: a process that dies before :meth:`commit` leaves an index that asks to be rebuilt."""
        with self._changing():
            self._unmark()

    def _unmark(self) -> None:
        if self._marked and self._path is not None:
            (self._path / _MARKER).unlink(missing_ok=True)
        self._marked = False

    def put(self, entries: Iterable[Entry]) -> None:
        """Add or replace entries; visible after :meth:`commit`."""
        for entry in entries:
            document = tantivy.Document.from_dict(_document(entry), self._schema)
            with self._changing():
                self._unmark()
                self._delete(clean(entry.iri))
                self._writing().add_document(document)
                self._pending.add(clean(entry.iri))

    def remove(self, iris: Iterable[str]) -> None:
        """Drop entries; visible after :meth:`commit`."""
        with self._changing():
            self._unmark()
            for iri in iris:
                self._delete(clean(iri))

    def _delete(self, iri: str) -> None:
        if iri in self._pending or (not self._cleared and self._index.searcher().doc_freq(IRI, iri)):
            self._writing().delete_documents_by_term(IRI, iri)

    def clear(self) -> None:
        """Drop everything; visible after :meth:`commit`."""
        with self._changing():
            self._writing().delete_all_documents()
            self._pending.clear()
            self._cleared = True

    def commit(self) -> None:
        """Make all changes visible at once."""
        with self._changing():
            if self._writer is not None:
                self._writer.commit()
                self._index.reload()
            self._pending.clear()
            self._complete = self._complete or self._cleared
            self._cleared = False
            if self._complete and self._path is not None:
                (self._path / _MARKER).write_text(VERSION, "utf-8")
            self._marked = self._complete

    def rollback(self) -> None:
        """Forget all changes since the last :meth:`commit`."""
        with self._changing():
            if self._writer is not None:
                self._writer.rollback()
            self._pending.clear()
            self._cleared = False

    def close(self) -> None:
        """Forget what was not committed and release files."""
        self.rollback()
        with self._changing():
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(128_000_000, 1)
            except ValueError as error:
                raise StoreBusy(
                    f"the search index cannot be changed: {error}",
                    where=str(self._path),
                    remedy="stop the other process that holds it",
                ) from error
        return self._writer

    # --- opening -------------------------------------------------------------------------------------------

    def _open(self) -> tantivy.Index:
        if self._path is None:
            return tantivy.Index(self._schema)
        with self._guarded():
            self._path.mkdir(parents=True, exist_ok=True)
            if _read(self._path / _MARKER) not in ("", VERSION) or not tantivy.Index.exists(str(self._path)):
                _empty(self._path)
            try:
                index = tantivy.Index(self._schema, str(self._path))
                index.searcher()
            except ValueError:
                _empty(self._path)
                index = tantivy.Index(self._schema, str(self._path))
            return index

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Failures of tantivy and of the disk as errors with a remedy."""
        try:
            yield
        except (ValueError, OSError) as error:
            raise StoreError(
                f"the search index failed: {error}",
                where=str(self._path or "memory"),
                remedy="see that the folder can be written and the disk is not full, then run `catalogue reindex`",
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One thread changes at a time; a writer that failed is of no more use."""
        with self._lock, self._guarded():
            try:
                yield
            except (ValueError, OSError):
                self._writer = None
                self._complete = self._cleared = False
                raise

    # --- searching -----------------------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """One page of results with the counts of all facets; the counts of a facet ignore what is chosen in it.

        Without words, "relevance" is newest first. Raises :class:`~catalogue.errors.BadInput` for an unknown facet or
        order and for a page that does not exist.
        """
        check(query)
        with self._guarded():
            return Search(self._schema, self._index.searcher(), query).results()

    def ages(self, before: str) -> tuple[Ages, dict[str, Ages]]:
        """See :meth:`catalogue.ports.Index.ages`; of more than :data:`HOLDERS` the smallest are left out."""
        last = float(as_number(before))
        ages = {"range": {"field": "by_modified", "ranges": [{"to": 1.0}, {"from": 1.0, "to": last}, {"from": last}]}}
        holders = {"terms": {"field": "facet_publisher", "size": HOLDERS, "missing": ""}, "aggs": {"ages": ages}}
        with self._guarded():
            answer: Any = self._index.searcher().aggregate(
                tantivy.Query.all_query(), {"ages": ages, "holders": holders}
            )
        found = sorted(answer["holders"]["buckets"], key=lambda one: (-int(one["doc_count"]), str(one["key"])))
        return _ages(answer), {str(one["key"]): _ages(one) for one in found}

    def provisions(self) -> dict[str, tuple[int, int]]:
        """See :meth:`catalogue.ports.Index.provisions`."""
        wish = {name: {"terms": {"field": name, "size": PROVISIONS}} for name in ("breaks", "meets")}
        with self._guarded():
            answer: Any = self._index.searcher().aggregate(tantivy.Query.all_query(), wish)
        breaks, meets = (
            {str(one["key"]): int(one["doc_count"]) for one in answer[name]["buckets"]} for name in ("breaks", "meets")
        )
        return {iri: (breaks.get(iri, 0), meets.get(iri, 0)) for iri in sorted(breaks.keys() | meets.keys())}


def _ages(answer: Any) -> Ages:
    undated, old, new = [int(one["doc_count"]) for one in answer["ages"]["buckets"]] or (0, 0, 0)
    return Ages(undated + old + new, old, undated)


def _document(entry: Entry) -> dict[str, Any]:
    """The fields of one entry."""
    title = {code: clean(text) for code, text in entry.title.items()}
    description = {code: clean(text) for code, text in entry.description.items()}
    about = [_prepared(text) for text in (*entry.keywords, *entry.terms)]
    stemmed: set[str] = set()
    for texts in (title, description):
        for code, text in texts.items():
            stemmed |= stems(text, code)
    stemmed = stemmed.union(*(found for _, found in about))
    facets = {facet: [clean(value) for value in dict.fromkeys(values)] for facet, values in entry.facets.items()}
    modified = as_number(entry.modified)
    hit = {
        "iri": clean(entry.iri),
        "key": entry.key,
        "title": title,
        "description": description,
        "facets": facets,
        "modified": entry.modified,
        "changed": entry.changed.isoformat(),
        "individuals": entry.individuals,
        "stars": entry.stars,
        "violations": entry.violations,
    }
    titles, abouts = [fold(text) for text in title.values()], [folded for folded, _ in about]
    return {
        IRI: clean(entry.iri),
        TITLE: titles,
        ABOUT: abouts,
        TEXT: [*titles, *abouts, *(fold(text) for text in description.values())],
        STEMS: " ".join(stemmed),
        **{f"facet_{facet}": values for facet, values in facets.items()},
        "breaks": [clean(one) for one in entry.breaks],
        "meets": [clean(one) for one in entry.meets],
        "by_title": fold(next((title[code] for code in preferred(title, ())), "\uffff"))[:200],
        "by_modified": modified,
        "by_changed": int(entry.changed.timestamp() * 1_000_000),
        "by_individuals": min(max(entry.individuals, 0), _LARGEST),
        "by_label": entry.stars * 100_000_000 + modified,
        "hit": json.dumps(hit, ensure_ascii=False).encode(),
    }


@lru_cache(maxsize=50_000)
def _prepared(text: str) -> tuple[str, frozenset[str]]:
    """A keyword or name of a concept, folded, and its stems; many datasets share them."""
    text = clean(text)
    return fold(text), stems_anyhow(text)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _empty(folder: Path) -> None:
    """Remove the files of an index; folders inside are not ours."""
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
