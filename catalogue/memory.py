"""What earlier visits left in the store: the known datasets, those that are missing, the documents already read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from catalogue.graphs import Graph, Literal, NamedNode
from catalogue.literals import moment
from catalogue.model import Known, Source
from catalogue.names import CAT
from catalogue.ports import Store, Version, text
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
        self._recall(store, source)
        self.documents = self._documents(source)

    def _recall(self, store: Store, source: Source) -> None:
        settings = ""
        for row in store.select(query("missing"), state=NamedNode(state_graph(source))):
            if "document" in row:
                self.read.add(row["document"].value)
            elif "dataset" in row:
                self.missing[row["dataset"].value] = datetime.fromisoformat(row["since"].value)
            elif "version" in row:
                said = (text(row, name) for name in ("version", "etag", "modified", "type", "next"))
                self.versions[row["url"].value] = Version(*said)
            else:
                settings = row["settings"].value
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


def state(
    source: Source, missing: Mapping[str, datetime], read: Iterable[str], versions: Mapping[str, Version]
) -> Graph:
    """What a visit leaves for the next one."""
    graph, node = Graph(), NamedNode(source.iri)
    graph.add(node, CAT.settingsDigest, Literal(source.digest))
    for dataset, since in missing.items():
        graph.add(NamedNode(dataset), CAT.missingSince, moment(since))
    for document in read:
        graph.add(node, CAT.read, Literal(document))
    for url, version in versions.items():
        said = {
            CAT.version: version.document,
            CAT.mediaType: version.media_type,
            CAT.etag: version.etag,
            CAT.lastModified: version.modified,
            CAT.next: version.next,
        }
        for predicate, value in said.items():
            if value or predicate in (CAT.version, CAT.mediaType):
                graph.add(NamedNode(url), predicate, Literal(value))
    return graph
