"""What earlier visits left in the store: the known datasets, those that are missing, the documents already read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from catalogue.graphs import NamedNode
from catalogue.model import Known, Source
from catalogue.ports import Store
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
        for row in store.select(query("missing"), state=NamedNode(state_graph(source))):
            if "document" in row:
                self.read.add(row["document"].value)
            else:
                self.missing[row["dataset"].value] = datetime.fromisoformat(row["since"].value)
        self.documents: dict[str, list[str]] = {document: [] for document in self.read}
        stale: set[str] = set()
        for dataset, known in self.of(source).items():
            for document in filter(None, (known.original, known.container)):
                if document in self.documents:
                    self.documents[document].append(dataset)
                if not self.current(known):
                    stale.add(document)
        for document in stale:
            self.documents.pop(document, None)

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
