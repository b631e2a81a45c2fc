"""Harvests RO-Crates: the root data entity of ``ro-crate-metadata.json`` is the dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from catalogue.graphs import digest
from catalogue.model import Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._documents import is_url
from harvesters._files import File, files_of
from harvesters._linked_record import Document, listed, types_of
from harvesters._once import Once
from harvesters._schemaorg_record import described

NAMES = ("ro-crate-metadata.json", "ro-crate-metadata.jsonld")
"""Of the descriptor: RO-Crate 1.1 and 1.0."""
BEYOND = ("hasPart", "mentions", "mainEntity")
"""Properties of the root that lead to what is no dataset."""
REMEDY = "see RO-Crate 1.1, section Root Data Entity"


class RoCrateHarvester:
    """RO-Crates 1.0 to 1.2: a descriptor file, a folder with crates in it, a zip archive, or the URL of one.

    Option ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every crate; one that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is no crate.
        """
        once = Once()
        for file in files_of(source, web, lambda path: path.name in NAMES, "ro-crate-metadata.json"):
            yield from once.of(file if isinstance(file, Rejected) else _crate(file, source, web))


def _crate(file: File, source: Source, web: Web) -> Harvested:
    container = digest(f"{source.digest}\n{file.location}\n".encode() + file.content)
    if web.known(container):
        return Untouched(container)
    original = Original(file.content, "application/ld+json", file.location, container)
    try:
        document = Document(json.loads(file.content.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return Rejected(file.location, "the metadata are not whole JSON in UTF-8", "write the file anew", original)
    root = _root(document)
    if root is None:
        problem = "there is no root data entity: the Dataset that `about` of the descriptor names"
        return Rejected(file.location, problem, REMEDY, original)
    return described(_record(document, root, file), original, source, _place(file))


def _root(document: Document) -> Mapping[str, Any] | None:
    """The Dataset that the descriptor is about; by RO-Crate 1.1 the descriptor has the name of the file."""
    for iri, entity in document.entities.items():
        if PurePosixPath(iri).name in NAMES:
            about = entity.get("about")
            named = about.get("@id") if isinstance(about, dict) else about
            root = document.entities.get(str(named))
            return root if root is not None and "Dataset" in types_of(root) else None
    return None


def _record(document: Document, root: Mapping[str, Any], file: File) -> dict[str, Any]:
    """The root with its references resolved; of its parts only datasets with an address are parts of the dataset."""
    parts = [one.get("@id") if isinstance(one, dict) else one for one in listed(root.get("hasPart"))]
    entities = [document.entities.get(str(part), {"@id": part}) for part in parts]
    sets = [one["@id"] for one in entities if "Dataset" in types_of(one) and is_url(str(one["@id"]))]
    record = document.resolved({name: value for name, value in root.items() if name not in BEYOND})
    record |= {"hasPart": sets, "files": len(entities) - len(sets)}
    record["mentions"] = len(listed(root.get("mentions")))
    if "identifier" not in record and not is_url(str(root.get("@id"))):
        archive = PurePosixPath(file.location.partition("#")[0])
        record["identifier"] = PurePosixPath(file.name).parent.name or archive.stem
    return record


def _place(file: File) -> str:
    """A crate on the web is named by its address, unless it is one of several in an archive."""
    return file.location if is_url(file.location) and not file.archive else ""
