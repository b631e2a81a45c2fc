"""Harvests folders of BIDS datasets: their description, how many participants they have, which modalities."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, digest
from catalogue.model import Description, Harvested, Note, Original, Rejected, Source, Untouched
from catalogue.names import DCAT, EUCAIM
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._bids_participants import SUBJECT, counted
from harvesters._bids_record import arranged, doi_of
from harvesters._common import Subject, apply_defaults, folder_of
from harvesters._crosswalk import crosswalk
from harvesters._json import dumped, refused, shallow
from harvesters._mapping import fill
from harvesters._once import Once
from harvesters._persons import state_persons
from harvesters._suppression import threshold

DESCRIPTION = "dataset_description.json"


class BidsHarvester:
    """Every folder below the endpoint that holds ``dataset_description.json``.

    Options: ``suppress`` (lowest number of participants that is stated), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield a dataset for each description, in the order of the folders; one that did not change is not described.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is no such folder, or nothing in it.
        """
        root, least, once = folder_of(source.endpoint), threshold(source.options), Once()
        folders, unreadable = _folders(root)
        if not folders and not unreadable:
            remedy = "give a folder that holds BIDS datasets"
            raise SourceUnavailable(f"there is no {DESCRIPTION}", where=source.endpoint, remedy=remedy)
        for folder, reason in unreadable:
            yield _unreadable(_where(folder, root, source), reason)
        for folder in folders:
            yield from once.of(_dataset(folder, root, source, web, least))


def _folders(root: Path) -> tuple[list[Path], list[tuple[Path, OSError]]]:
    """The folders with a description, and those that cannot be listed. Folders of participants are not looked into:
    nothing below them is a dataset, their names must not be told, and most files lie there."""
    found, failed = [], list[OSError]()
    for folder, inner, files in os.walk(root, onerror=failed.append):
        inner[:] = [name for name in inner if not name.startswith((SUBJECT, "."))]
        if DESCRIPTION in files:
            found.append(Path(folder))
    return sorted(found), [(Path(os.fsdecode(error.filename)), error) for error in failed]


def _where(folder: Path, root: Path, source: Source) -> str:
    return f"{source.endpoint.rstrip('/')}/{folder.relative_to(root).as_posix()}".removesuffix("/.")


def _unreadable(where: str, error: OSError) -> Rejected:
    return Rejected(where, f"the folder cannot be read: {error.strerror}", "check its permissions, and those below it")


def _read(folder: Path, web: Web) -> Any:
    """The description as JSON.

    Raises :class:`~catalogue.errors.BadInput` when it is none, or not there.
    """
    path = folder / DESCRIPTION
    if path.is_symlink() and not path.exists():
        remedy = "fetch it, as by `datalad get`"
        raise BadInput(f"{DESCRIPTION} points to content that is not here", where=DESCRIPTION, remedy=remedy)
    try:
        record = json.loads(web.get(str(path)).content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        record = None
    if record is None or not shallow(record):
        remedy = "mend it; bids-validator tells the place"
        raise BadInput(f"{DESCRIPTION} is not whole JSON in UTF-8", where=DESCRIPTION, remedy=remedy)
    return record


def _dataset(folder: Path, root: Path, source: Source, web: Web, least: int) -> Harvested:
    place, where = folder.relative_to(root).as_posix(), _where(folder, root, source)
    try:
        record = _read(folder, web)
        facts, notes = counted(folder, web, least)
    except BadInput as error:
        return Rejected(where, error.what, error.remedy)
    except OSError as error:
        return _unreadable(where, error)
    content = dumped({"description": record, "counted": facts})
    container = digest(f"{source.digest}\n{place}\n".encode() + content)
    if web.known(container):
        return Untouched(container)
    original = Original(content, "application/json", where, container)
    problem = refused(record, "bids", original)
    if problem is not None:
        return problem
    filled_in, told = arranged(record)
    if "Name" not in filled_in:
        remedy = f"write the name of the dataset into {DESCRIPTION}"
        return Rejected(where, "Name is a placeholder that nobody replaced", remedy, original)
    doi = doi_of(record.get("DatasetDOI"))
    identifier = doi or (root.resolve().name if place == "." else place)
    iri = doi or source.namespace + fit_for_path(identifier)
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    filled_in["identifier"] = identifier
    notes += [*told, *fill(dataset, "bids", filled_in, language=source.options.get("language", "en"))]
    state_persons(dataset, facts)
    notes += _modalities(dataset, facts["datatypes"])
    notes += apply_defaults(graph, dataset.node, source)
    return Description(iri, graph, original, tuple(notes))


def _modalities(dataset: Subject, datatypes: list[str]) -> Iterator[Note]:
    table = crosswalk("bids-datatype")
    for name in datatypes:
        concepts, note = table.read("datatype", name)
        dataset.add(EUCAIM.hasImageModality, *(NamedNode(concept) for concept in concepts))
        yield note
