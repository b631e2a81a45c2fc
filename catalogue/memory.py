"""What earlier visits left in the store: the known datasets, those that are missing, the documents already read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from catalogue.graphs import Graph, Literal, NamedNode, Triple, digest
from catalogue.literals import moment
from catalogue.model import Known, Source
from catalogue.names import AS, CAT, DCT, Minted
from catalogue.ports import Store, Version
from catalogue.queries import query


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dataset stands."""

    document: str
    """Digest of the document."""
    location: str


class Memory:
    """What earlier visits left. What a visit without changes does not ask for is not read from the store."""

    def __init__(
        self,
        store: Store,
        minted: Minted,
        source: Source,
        rulebook_digest: str,
        profiles: Collection[str],
        register: str,
    ) -> None:
        """``profiles`` are those a description may have been checked against to be up to date.

        ``register`` is the digest of the registers by which descriptions are completed.
        """
        self._store, self._minted, self._node = store, minted, NamedNode(source.iri)
        self._rulebook_digest, self._profiles = rulebook_digest, profiles
        self.settings = digest(f"{source.digest}\n{rulebook_digest}\n{register}".encode())
        self.missing: dict[str, datetime] = {}
        self.read: set[str] = set()
        self.versions: dict[str, Version] = {}
        self.places: dict[str, Place] = {}
        """Of the datasets that were found unchanged elsewhere than where their records were made from."""
        self.state = frozenset(store.graph(state_graph(source)))
        """What the store holds of the node file, documents and missing datasets."""
        self._recall()
        self.digests: dict[str, str] = {}
        """Of the descriptions of this node by dataset, also of withdrawn ones."""
        self.standing: dict[str, str] = {}
        """Digest of the document that each dataset stands in."""
        self.documents: dict[str, list[str]] = {document: [] for document in self.read}
        """The datasets of each document that needs no second reading: read to its end under the present settings."""
        for row in store.select(query("known"), node=self._node):
            dataset = row["dataset"].value
            self.digests[dataset] = row["digest"].value
            place = self.places.get(dataset)
            document = self.standing[dataset] = place.document if place else row["document"].value
            if document in self.documents:
                self.documents[document].append(dataset)

    def _recall(self) -> None:
        settings = ""
        said: dict[str, dict[str, str]] = {}
        standing: dict[str, dict[str, str]] = {}
        for triple in self.state:
            subject, predicate, value = str(triple.subject.value), triple.predicate, str(triple.object.value)  # type: ignore[union-attr]
            if predicate == CAT.read:
                self.read.add(value)
            elif predicate == CAT.missingSince:
                self.missing[subject] = datetime.fromisoformat(value)
            elif predicate == CAT.settingsDigest:
                settings = value
            elif predicate in _PLACE:
                standing.setdefault(subject, {})[predicate.value] = value
            else:
                said.setdefault(subject, {})[predicate.value] = value
        for dataset, parts in standing.items():
            self.places[dataset] = Place(*(parts.get(predicate.value, "") for predicate in _PLACE))
        for url, parts in said.items():
            self.versions[url] = Version(*(parts.get(predicate.value, "") for predicate in _VERSION))
        if settings != self.settings:
            self.read.clear()

    @cached_property
    def _current(self) -> frozenset[str]:
        rows = self._store.select(query("judged"), node=self._node)
        return frozenset(
            row["dataset"].value
            for row in rows
            if row["rulebook"].value == self._rulebook_digest and row["profile"].value in self._profiles
        )

    @cached_property
    def _elsewhere(self) -> dict[str, str]:
        """Node by dataset; empty for what another node withdrew."""
        rows = self._store.select(query("elsewhere"), node=self._node)
        return {row["dataset"].value: "" if "deleted" in row else row["other"].value for row in rows}

    def unchanged(self, dataset: str, digest: str) -> bool:
        """Whether a description of this digest is there and was checked by the rules in force."""
        return self.digests.get(dataset) == digest and dataset in self._current

    def owner(self, dataset: str) -> str:
        """The other node that describes a dataset; empty when none does."""
        return "" if dataset in self.digests else self._elsewhere.get(dataset, "")

    def known(self, datasets: Iterable[str]) -> dict[str, Known]:
        """What the store says about those of some datasets that it knows, also withdrawn ones."""
        names = {self._minted.record(one): one for one in datasets if one in self.digests or one in self._elsewhere}
        if not names:
            return {}
        held = zip(names.items(), self._store.graphs(list(names)), strict=True)
        found = {dataset: _known(triples, NamedNode(name)) for (name, dataset), triples in held}
        moved = {dataset: self.places[dataset].location for dataset in found.keys() & self.places.keys()}
        return found | {dataset: replace(found[dataset], location=location) for dataset, location in moved.items()}


def _known(triples: Sequence[Triple], me: NamedNode) -> Known:
    record = Graph(triples)
    digest, original, rulebook, location = (
        record.text(me, predicate) or "" for predicate in (CAT.digest, CAT.original, CAT.rulebook, CAT.location)
    )
    first_seen = datetime.fromisoformat(record.text(me, DCT.issued) or "")
    return Known(digest, rulebook, original, location, first_seen, record.value(me, AS.deleted) is not None, triples)


def state_graph(source: Source) -> str:
    """The named graph with what a node is waiting for: missing datasets, documents read to their end."""
    return source.iri + "/state"


_VERSION = (CAT.version, CAT.etag, CAT.lastModified, CAT.mediaType, CAT.next)
"""What is kept of a :class:`~catalogue.ports.Version`, in the order of its fields."""


_PLACE = (CAT.container, CAT.location)
"""What is kept of a :class:`Place`, in the order of its fields."""


def state(
    source: Source,
    settings: str,
    missing: Mapping[str, datetime],
    read: Iterable[str],
    versions: Mapping[str, Version],
    places: Mapping[str, Place],
) -> Iterator[Triple]:
    """What a visit leaves for the next one; ``settings`` as :attr:`Memory.settings`, ``places`` as its own."""
    node = NamedNode(source.iri)
    yield Triple(node, CAT.settingsDigest, Literal(settings))
    yield from (Triple(NamedNode(dataset), CAT.missingSince, moment(since)) for dataset, since in missing.items())
    yield from (Triple(node, CAT.read, Literal(document)) for document in read)
    for dataset, place in places.items():
        yield Triple(NamedNode(dataset), CAT.container, Literal(place.document))
        yield Triple(NamedNode(dataset), CAT.location, Literal(place.location))
    for url, one in versions.items():
        values = (one.document, one.etag, one.modified, one.media_type, one.next)
        for predicate, value in zip(_VERSION, values, strict=True):
            if value:
                yield Triple(NamedNode(url), predicate, Literal(value))
