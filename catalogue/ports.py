"""What the core needs from outside, as interfaces: harvesters, web, store, index, validators, archive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, Term, Triple
from catalogue.model import Change, Harvested, Report, Source
from catalogue.profiling import Profile, ProfileOptions


@dataclass(frozen=True, slots=True)
class Response:
    """What a fetch brought."""

    content: bytes
    media_type: str
    """Content-Type without parameters, lower case; for a file guessed from its name; may be empty."""
    url: str
    """Where it finally came from, after redirects."""
    headers: Mapping[str, str] = field(default_factory=dict)
    next: str = ""
    """Where ``Link: <…>; rel="next"`` (RFC 8288) leads, or empty."""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """The files inside, by name, when ``content`` is a zip archive."""
    status: int = 200
    """Of HTTP."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a server said of the version of a document, so that it can be asked whether it changed (RFC 9110, 13)."""

    document: str
    """Digest of the content."""
    etag: str
    modified: str
    """Its Last-Modified."""
    media_type: str
    next: str = ""
    """As :attr:`Response.next`."""


def _forgotten(document: str) -> bytes | None:  # noqa: ARG001
    return None


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier visits left for the reader of the next one."""

    known: Collection[str] = frozenset()
    """Digests of documents that need no second reading."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    """By URL."""
    recall: Callable[[str], bytes | None] = _forgotten
    """The content of a document by its digest, where it was kept."""


class Web(Protocol):
    """Outbound reading, with limits on size, time and redirects."""

    @property
    def versions(self) -> Mapping[str, Version]:
        """What servers said of the versions of the documents read in this visit, by URL."""
        ...

    def get(self, url: str, *, accept: str = "*/*", params: Mapping[str, str] | None = None) -> Response:
        """Fetch a URL or read a file; what did not change since an earlier visit is not sent again, but given.

        Raises :class:`~catalogue.errors.SourceUnavailable` when it cannot be had,
        :class:`~catalogue.errors.TooLarge` when it is over the limit, before or after decompression.
        """
        ...

    def post(self, url: str, content: bytes, *, media_type: str, accept: str = "*/*") -> Response:
        """Ask by POST, where a protocol asks so; nothing may be changed by it. Raises the same as :meth:`get`."""
        ...

    def get_all(self, urls: Iterable[str], *, accept: str = "*/*") -> Iterator[Response | SourceUnavailable | BadInput]:
        """Fetch many URLs, some at once; what came of each, in their order."""
        ...

    def known(self, document: str) -> bool:
        """Whether a document of this digest was wholly harvested before by the same version of the rules."""
        ...


class Links(Protocol):
    """Looks whether something answers at an address."""

    def probe(self, url: str) -> str:
        """Why nothing answers at an http(s) address; empty when something does."""
        ...


class Harvester(Protocol):
    """Reads one kind of node."""

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset of the node; a bad record is yielded as ``Rejected``.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the node cannot be read at all or not to its end,
        so that nothing is taken for gone.
        """
        ...


class Profiler(Protocol):
    """Examines the data themselves, where they are. Nothing but aggregates leaves it."""

    def recognises(self, path: Path) -> bool:
        """Whether this is the kind of file or folder it examines."""
        ...

    def profile(self, path: Path, options: ProfileOptions) -> Profile:
        """Examine it.

        Raises :class:`~catalogue.errors.BadInput` for a source that cannot be read throughout, never quoting it, and
        :class:`~catalogue.errors.ConfigurationError` when a package is missing.
        """
        ...


class Validator(Protocol):
    """Checks descriptions against a profile."""

    def validate(self, graph: Graph, profile: str) -> Report:
        """``profile`` is the IRI of a profile of the rulebook; the vocabularies are context, never focus."""
        ...


Row = Mapping[str, Term]
"""Variable -> value; a variable without value is absent."""


def text(row: Row, name: str) -> str:
    """The value of a variable as text; empty when it has none."""
    return str(row[name].value) if name in row else ""


class Store(Protocol):
    """An RDF dataset with SPARQL 1.1."""

    def select(self, query: str, **bindings: Term) -> list[Row]:
        """Rows of a SELECT; ``bindings`` are values for variables of its outermost group.

        The query names its graphs (``GRAPH <g> {...}`` or ``GRAPH ?g {...}``): everything is in named graphs, and what
        a pattern outside of ``GRAPH`` matches differs between servers. ``bindings`` hold before anything else in the
        group is evaluated, as ``VALUES`` at its start would; a subselect sees them only for variables it projects.
        """
        ...

    def graph(self, name: str) -> list[Triple]:
        """The triples of one named graph; empty when there is none."""
        ...

    def graphs(self, names: Sequence[str]) -> list[list[Triple]]:
        """The triples of each of these named graphs; cheaper than one by one."""
        ...

    def commit(self, change: Change) -> None:
        """Apply a change, all or nothing, visible at once. The only way to write.

        Raises :class:`~catalogue.errors.StoreError`; then nothing was changed.
        """
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised SPARQL result."""

    content: bytes
    media_type: str
    truncated: bool = False
    """Cut at the row limit."""


class Endpoint(Protocol):
    """Answers foreign SPARQL queries: read-only, bounded in time and rows."""

    def query(self, query: str, accept: str) -> Answer:
        """Raises :class:`~catalogue.errors.QueryRefused` or :class:`~catalogue.errors.QueryTimeout`."""
        ...

    def close(self) -> None:
        """Stop what runs."""
        ...


class Archive(Protocol):
    """Bytes kept for ever under their digest."""

    def put(self, content: bytes) -> str:
        """Keep them; returns ``sha256:<hex>``. Keeping the same bytes twice is keeping them once."""
        ...

    def put_all(self, contents: Iterable[bytes]) -> None:
        """Keep many, all or nothing; cheaper than one by one."""
        ...

    def get(self, digest: str) -> bytes | None:
        """The bytes, or None."""
        ...

    def close(self) -> None:
        """Release files."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset as the search index sees it. Facet values are IRIs or plain names; labels are found elsewhere."""

    iri: str
    key: str
    title: Mapping[str, str]
    """By language."""
    description: Mapping[str, str]
    keywords: Sequence[str]
    terms: Sequence[str]
    """Labels of every concept used, in all languages, so that a query in one language finds data tagged in another."""
    facets: Mapping[str, Sequence[str]]
    """Facet name -> values; names are those of :data:`FACETS`."""
    modified: str
    """ISO date or empty."""
    individuals: int
    """Number of unique individuals, 0 when unknown."""
    stars: int
    """Label stars, 0 when none."""
    violations: int
    changed: datetime
    """When this catalogue first had the description as it is now."""
    breaks: Sequence[str] = ()
    """IRIs of the provisions in which the rules found faults."""
    meets: Sequence[str] = ()
    """IRIs of the provisions in which the rules found none."""


FACETS = (
    "category",
    "theme",
    "modality",
    "body_part",
    "disease",
    "cohort",
    "age",
    "access",
    "country",
    "publisher",
    "label",
    "source",
)


@dataclass(frozen=True, slots=True)
class Query:
    """A search: words, facet values that must all hold, order, page."""

    text: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Values of one facet are alternatives; different facets are joined by and."""
    sort: str = "relevance"
    """relevance | modified | oldest | changed | individuals | label | title"""
    page: int = 1
    size: int = 20
    before: str = ""
    """ISO date: only descriptions that state a last modification earlier than it."""
    breaks: str = ""
    """IRI of a provision: only descriptions in which the rules found faults against it."""
    languages: Sequence[str] = ()
    """Languages the reader prefers for snippets; the search itself is in all languages."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result."""

    iri: str
    key: str
    title: Mapping[str, str]
    snippet: str
    """HTML-escaped text of the description with ``<b>`` round the words found."""
    facets: Mapping[str, Sequence[str]]
    modified: str
    individuals: int
    stars: int
    violations: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits with counts."""

    total: int
    hits: Sequence[Hit]
    counts: Mapping[str, Sequence[tuple[str, int]]]
    """Facet name -> (value, number of datasets), most frequent first."""
    suggestion: str = ""
    """A spelling that finds something, when a word as written is in no dataset or nothing was found."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How old some descriptions are."""

    datasets: int
    old: int
    """Of them, descriptions that state a last modification earlier than a day."""
    undated: int
    """Of them, descriptions that state none."""


class Index(Protocol):
    """Full text and facets; always rebuildable from the store."""

    def begin(self) -> None:
        """Announce changes: a process that dies before :meth:`commit` leaves an index that asks to be rebuilt."""
        ...

    def put(self, entries: Iterable[Entry]) -> None:
        """Add or replace entries; visible after :meth:`commit`."""
        ...

    def remove(self, iris: Iterable[str]) -> None:
        """Drop entries; visible after :meth:`commit`."""
        ...

    def commit(self) -> None:
        """Make all changes visible at once."""
        ...

    def clear(self) -> None:
        """Drop everything; visible after :meth:`commit`."""
        ...

    def rollback(self) -> None:
        """Forget all changes since the last :meth:`commit`."""
        ...

    def search(self, query: Query) -> Results:
        """Raises :class:`~catalogue.errors.BadInput` for a query that cannot be understood."""
        ...

    def ages(self, before: str) -> tuple[Ages, Mapping[str, Ages]]:
        """Of all descriptions, and by name of the publisher, most datasets first; empty for those that state none.

        ``before`` is the ISO date that decides which are old. A dataset of several publishers counts for each.
        """
        ...

    def provisions(self) -> Mapping[str, tuple[int, int]]:
        """IRI of a provision -> number of descriptions in which rules found faults, and of those tested without any."""
        ...

    def close(self) -> None:
        """Release files."""
        ...
