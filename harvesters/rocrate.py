"""Harvests RO-Crates: the root data entity of ``ro-crate-metadata.json`` is the dataset."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from catalogue.graphs import digest
from catalogue.model import Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._documents import is_url
from harvesters._files import File, files_of
from harvesters._json import dumped, shallow
from harvesters._json_ld_pages import decoded
from harvesters._linked_record import Document, listed, types_of
from harvesters._once import Once
from harvesters._schemaorg_agents import publishable
from harvesters._schemaorg_record import described, is_read
from harvesters._schemaorg_values import identifiers

NAMES = ("ro-crate-metadata.json", "ro-crate-metadata.jsonld")
"""Of the descriptor: since RO-Crate 1.1, and in 1.0; RO-Crate 1.2 has ``<prefix>-`` before it in detached crates."""
SPECIFICATION = "https://w3id.org/ro/crate"
BEYOND = ("hasPart", "mentions", "mainEntity")
"""Properties of the root that lead to what is no dataset."""
REMEDY = "see RO-Crate 1.2, section Root Data Entity"


class RoCrateHarvester:
    """RO-Crates 1.0 to 1.2: a descriptor file, a folder with crates in it, a zip archive, or the URL of one.

    Option ``language`` (of texts that name none). The original that is kept is what is said of the dataset, because the
    metadata name every file, which may tell of persons.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every crate; one that did not change is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is no crate.
        """
        once = Once()
        for file in files_of(source, web, _is_descriptor, "ro-crate-metadata.json"):
            yield from once.of(file if isinstance(file, Rejected) else _crate(file, source, web))


def _is_descriptor(path: PurePosixPath) -> bool:
    return path.name in NAMES or path.name.endswith(tuple(f"-{name}" for name in NAMES))


def _crate(file: File, source: Source, web: Web) -> Harvested:
    container = digest(f"{source.digest}\n{file.location}\n".encode() + file.content)
    if web.known(container):
        return Untouched(container)
    original = Original(file.content, "application/ld+json", file.location, container)
    try:
        held = json.loads(decoded(file.content))
    except (ValueError, RecursionError):
        return Rejected(file.location, "the metadata are not whole JSON in UTF-8", "write the file anew", original)
    document = Document(held if shallow(held) else {})
    root = _root(document)
    if root is None:
        problem = "there is no root data entity: the Dataset that `about` of the descriptor names"
        return Rejected(file.location, problem, REMEDY, original)
    record = _record(document, root) | _named(root, file, source)
    original = Original(dumped(publishable(record)[0]), "application/json", file.location, container)
    known = str(next(iter(identifiers(record.get("identifier"))), ""))
    alone = is_url(file.location) and not file.archive
    place = file.location if alone else source.namespace + fit_for_path(known) if known else ""
    return described(record, original, source, place, language=document.language)


def _root(document: Document) -> Mapping[str, Any] | None:
    """The Dataset that the descriptor is about (RO-Crate 1.2, Finding the Root Data Entity).

    The descriptor has the name of the file; with a whole address it is known by the specification it conforms to.
    """
    found = [
        document.entities[name] for name in (*NAMES, *(f"./{name}" for name in NAMES)) if name in document.entities
    ]
    for iri, entity in document.entities.items():
        if is_url(iri) and PurePosixPath(iri).name in NAMES and _conforms(entity):
            found.append(entity)
    for about in (one for entity in found for one in listed(entity.get("about"))):
        named = str(about.get("@id") if isinstance(about, dict) else about)
        for iri in (named, "./" if named in (".", "") else named.removesuffix("/")):
            if "Dataset" in types_of(document.entities.get(iri, {})):
                return document.entities[iri]
    return None


def _conforms(entity: Mapping[str, Any]) -> bool:
    standards = (one.get("@id") if isinstance(one, dict) else one for one in listed(entity.get("conformsTo")))
    return any(str(one).startswith(SPECIFICATION) for one in standards)


def _record(document: Document, root: Mapping[str, Any]) -> dict[str, Any]:
    """The root with its references resolved.

    Of its parts only datasets with an address are parts of the dataset. Of properties that nothing is made of the
    entities are counted, because they may be persons.
    """
    parts = [one.get("@id") if isinstance(one, dict) else one for one in listed(root.get("hasPart"))]
    entities = [document.entities.get(str(part), {"@id": part}) for part in parts]
    sets = [one["@id"] for one in entities if "Dataset" in types_of(one) and is_url(str(one["@id"]))]
    counts = {name: len(listed(root.get(name))) for name in ("mentions", "mainEntity")}
    counts["files"] = len(entities) - len(sets)
    said = {name: value for name, value in root.items() if name not in BEYOND}
    record = document.resolved({name: value for name, value in said.items() if is_read(name)})
    unread = {name: _counted(value, document) for name, value in said.items() if not is_read(name)}
    return record | unread | {"hasPart": sets} | {name: count for name, count in counts.items() if count}


def _counted(value: Any, document: Document) -> Any:
    if isinstance(value, list | dict) or str(value) in document.entities:
        return f"{len(listed(value))} values"
    return value


def _named(root: Mapping[str, Any], file: File, source: Source) -> dict[str, str]:
    """By what a crate without identifier is known: where it lies in the node."""
    if root.get("identifier") or is_url(str(root.get("@id"))):
        return {}
    outer, _, inner = file.location.partition("#") if file.archive else ("", "", "")
    path = PurePosixPath(inner or file.name)
    prefix = next((path.name.removesuffix(f"-{name}") for name in NAMES if path.name.endswith(f"-{name}")), "")
    if inner:
        within = _within(outer, source)
        steps = [*within[:-1], PurePosixPath(outer).stem] if within else []
        steps += path.parent.parts
    else:
        steps = list(_within(file.location, source)[:-1])
    steps += [prefix] if prefix else []
    return {"identifier": "/".join(steps) or path.parent.name or PurePosixPath(outer or file.name).stem}


def _within(location: str, source: Source) -> tuple[str, ...]:
    """The steps from the endpoint to a file below it; none for the endpoint itself."""
    start = source.endpoint.rstrip("/") + "/"
    return PurePosixPath(location.removeprefix(start)).parts if location.startswith(start) else ()
