"""Harvests folders of BIDS datasets: their description, how many participants they have, which modalities."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, digest
from catalogue.model import Description, Harvested, Note, NoteKind, Original, Rejected, Source, Untouched
from catalogue.names import DCAT, EUCAIM
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._ages import MOST_YEARS
from harvesters._common import Subject, apply_defaults, folder_of
from harvesters._crosswalk import crosswalk
from harvesters._json import dumped, refused
from harvesters._mapping import fill
from harvesters._once import Once
from harvesters._persons import age_bin, state_persons
from harvesters._suppression import of_partition, threshold

DESCRIPTION, PARTICIPANTS = "dataset_description.json", "participants.tsv"
DOI = "https://doi.org/"
SUBJECT, SESSION = "sub-", "ses-"
"""How the names of folders of participants and of their sessions begin (BIDS, Common principles)."""


class BidsHarvester:
    """Every folder below the endpoint that holds ``dataset_description.json``.

    Options: ``suppress`` (lowest number of participants that is stated), ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield a dataset for each description, in the order of the folders; one that did not change is not described.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is no such folder, or nothing in it.
        """
        root, least, once = folder_of(source.endpoint), threshold(source.options), Once()
        found = sorted(path.parent for path in root.rglob(DESCRIPTION) if path.is_file() and not _personal(path, root))
        if not found:
            remedy = "give a folder that holds BIDS datasets"
            raise SourceUnavailable(f"there is no {DESCRIPTION}", where=source.endpoint, remedy=remedy)
        for folder in found:
            yield from once.of(_dataset(folder, root, source, web, least))


def _personal(path: Path, root: Path) -> bool:
    """Whether a file lies in the folder of a participant, the name of which must not be told."""
    return any(part.startswith(SUBJECT) for part in path.relative_to(root).parts)


def _dataset(folder: Path, root: Path, source: Source, web: Web, least: int) -> Harvested:
    place = folder.relative_to(root).as_posix()
    where = f"{source.endpoint.rstrip('/')}/{place}".removesuffix("/.")
    try:
        record = json.loads(web.get(str(folder / DESCRIPTION)).content.decode("utf-8-sig"))
        counted, notes = _counted(folder, web, least)
    except (ValueError, RecursionError):
        return Rejected(where, f"{DESCRIPTION} is not whole JSON in UTF-8", "mend it; bids-validator tells the place")
    except BadInput as error:
        return Rejected(where, error.what, error.remedy)
    content = dumped({"description": record, "counted": counted})
    container = digest(f"{source.digest}\n{place}\n".encode() + content)
    if web.known(container):
        return Untouched(container)
    original = Original(content, "application/json", where, container)
    problem = refused(record, "bids", original)
    if problem is not None:
        return problem
    doi = str(record.get("DatasetDOI") or "").removeprefix("doi:").removeprefix(DOI).strip().lower()
    identifier = DOI + doi if doi else root.name if place == "." else place
    iri = identifier if doi else source.namespace + fit_for_path(identifier)
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    arranged = _arranged(record) | {"identifier": identifier}
    notes = [*fill(dataset, "bids", arranged, language=source.options.get("language", "en")), *notes]
    state_persons(dataset, counted)
    notes += _modalities(dataset, counted["datatypes"])
    notes += apply_defaults(graph, dataset.node, source)
    return Description(iri, graph, original, tuple(notes))


def _arranged(record: Mapping[str, Any]) -> dict[str, Any]:
    """References by whether they are addresses."""
    result = dict(record)
    references = [str(one) for one in record.get("ReferencesAndLinks") or ()]
    links = [one for one in references if one.startswith(("http://", "https://", "ftp://"))]
    result["ReferencesAndLinks"] = {"links": links, "texts": [one for one in references if one not in links]}
    return result


def _modalities(dataset: Subject, datatypes: list[str]) -> Iterator[Note]:
    table = crosswalk("bids-datatype")
    for name in datatypes:
        concepts, note = table.read("datatype", name)
        dataset.add(EUCAIM.hasImageModality, *(NamedNode(concept) for concept in concepts))
        yield note


def _counted(folder: Path, web: Web, least: int) -> tuple[dict[str, Any], list[Note]]:
    """Publishable counts of participants, and the names of the kinds of data."""
    subjects = [one for one in folder.iterdir() if one.is_dir() and one.name.startswith(SUBJECT)]
    facts: dict[str, Any] = {"threshold": least, "datatypes": sorted(_datatypes(subjects))}
    rows = _participants(folder / PARTICIPANTS, web)
    persons = len(rows) or len({one.name for one in subjects})
    if not persons:
        return facts, []
    if persons < least:
        return facts, [_withheld("participants", f"fewer than {least} participants, so no count is stated")]
    facts["counts"] = {"persons": persons}
    notes = []
    for name, cells in (("sex", Counter(map(_sex, rows))), ("age", Counter(map(_age, rows)))):
        shown = of_partition(cells, least)
        if shown.keys() != cells.keys():
            notes.append(_withheld(name, f"cells of fewer than {least}, and those they follow from, are not stated"))
        shown.pop("", None)
        facts[name] = dict(sorted(shown.items()))
    return facts, notes


def _datatypes(subjects: list[Path]) -> Iterator[str]:
    for subject in subjects:
        for one in subject.iterdir():
            if one.is_dir():
                inner = one.iterdir() if one.name.startswith(SESSION) else (one,)
                yield from {each.name for each in inner if each.is_dir()}


def _participants(path: Path, web: Web) -> list[dict[str, str]]:
    """A row for each participant, with sex and age only; none where there is no table.

    Raises :class:`~catalogue.errors.BadInput`, which quotes nothing, for what is no such table.
    """
    if not path.is_file():
        return []
    try:
        reader = csv.DictReader(io.StringIO(web.get(str(path)).content.decode("utf-8-sig")), delimiter="\t")
        if "participant_id" not in (reader.fieldnames or ()):
            raise KeyError
        rows = {row["participant_id"]: {name: row.get(name) or "" for name in ("sex", "age")} for row in reader}
    except (UnicodeDecodeError, csv.Error, KeyError):
        remedy = "mend it: tabs between columns, one of which is participant_id"
        raise BadInput(f"{PARTICIPANTS} is no table of participants", where=PARTICIPANTS, remedy=remedy) from None
    return list(rows.values())


def _sex(row: Mapping[str, str]) -> str:
    reading = crosswalk("dicom-sex").find(row["sex"])
    return reading.concepts[0] if reading is not None and reading.concepts else ""


def _age(row: Mapping[str, str]) -> str:
    """Years, as BIDS counts them; ``89+`` is the oldest that may be told in some countries."""
    try:
        age = int(float(row["age"].removesuffix("+")))
    except (ValueError, OverflowError):
        return ""
    return age_bin(age) if 0 <= age <= MOST_YEARS else ""


def _withheld(name: str, reason: str) -> Note:
    return Note(NoteKind.SUPPRESSED, name, reason=reason)
