"""What earlier visits left in the store: the known datasets, those that are missing, the documents already read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.literals import moment
from catalogue.model import Known, Source
from catalogue.names import CAT
from catalogue.ports import Store, Version
from catalogue.queries import query


class Memory:
    """What earlier visits left: every known dataset, what is missing, which documents need no second reading."""

    def __init__(self, store: Store, source: Source, rulebook_digest: str, profiles: Collection[str]) -> None:
        """``profiles`` are those a description may have been checked against to be up to date."""
        self._rulebook_digest, self._profiles = rulebook_digest, profiles
        self.datasets: dict[str, Known] = {}
        for row in store.select(query("known")):
            self.datasets[row["dataset"].value] = Known(
                node=row["node"].value,
                digest=row["digest"].value,
                rulebook=row["rulebook"].value,
                original=row["original"].value,
                location=row["location"].value if "location" in row else "",
                container=row["container"].value if "container" in row else "",
                profile=row["profile"].value if "profile" in row else "",
                first_seen=datetime.fromisoformat(row["issued"].value),
                withdrawn="deleted" in row,
            )
        self.missing: dict[str, datetime] = {}
        self.read: set[str] = set()
        self.versions: dict[str, Version] = {}
        self.state = frozenset(store.graph(state_graph(source)))
        """What the store holds of all this."""
        self._recall(source)
        self.documents = self._documents(source)

    def _recall(self, source: Source) -> None:
        settings = ""
        said: dict[str, dict[str, str]] = {}
        for triple in self.state:
            subject, predicate, value = str(triple.subject.value), triple.predicate, str(triple.object.value)  # type: ignore[union-attr]
            if predicate == CAT.read:
                self.read.add(value)
            elif predicate == CAT.missingSince:
                self.missing[subject] = datetime.fromisoformat(value)
            elif predicate == CAT.settingsDigest:
                settings = value
            else:
                said.setdefault(subject, {})[predicate.value] = value
        for url, parts in said.items():
            self.versions[url] = Version(*(parts.get(predicate.value, "") for predicate in _VERSION))
        if settings != source.digest:
            self.read.clear()

    def _documents(self, source: Source) -> dict[str, list[str]]:
        """The datasets of each document that need no second reading: read to its end, by the rules in force."""
        documents: dict[str, list[str]] = {document: [] for document in self.read}
        stale: set[str] = set()
        for dataset, known in self.of(source).items():
            for document in filter(None, (known.original, known.container)):
                if document in documents:
                    documents[document].append(dataset)
                if not self.current(known):
                    stale.add(document)
        return {document: datasets for document, datasets in documents.items() if document not in stale}

    def current(self, known: Known) -> bool:
        """Whether a dataset is there and was checked by the rules in force."""
        in_force = known.rulebook == self._rulebook_digest and known.profile in self._profiles
        return in_force and not known.withdrawn

    def of(self, source: Source) -> dict[str, Known]:
        """The datasets of one node."""
        return {dataset: known for dataset, known in self.datasets.items() if known.node == source.iri}


def state_graph(source: Source) -> str:
    """The named graph with what a node is waiting for: missing datasets, documents read to their end."""
    return source.iri + "/state"


_VERSION = (CAT.version, CAT.etag, CAT.lastModified, CAT.mediaType, CAT.next)
"""What is kept of a :class:`~catalogue.ports.Version`, in the order of its fields."""


def state(
    source: Source, missing: Mapping[str, datetime], read: Iterable[str], versions: Mapping[str, Version]
) -> Iterator[Triple]:
    """What a visit leaves for the next one."""
    node = NamedNode(source.iri)
    yield Triple(node, CAT.settingsDigest, Literal(source.digest))
    yield from (Triple(NamedNode(dataset), CAT.missingSince, moment(since)) for dataset, since in missing.items())
    yield from (Triple(node, CAT.read, Literal(document)) for document in read)
    for url, one in versions.items():
        values = (one.document, one.etag, one.modified, one.media_type, one.next)
        for predicate, value in zip(_VERSION, values, strict=True):
            if value:
                yield Triple(NamedNode(url), predicate, Literal(value))
