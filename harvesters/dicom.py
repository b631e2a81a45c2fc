"""Harvests a folder of DICOM files as one dataset: headers only, aggregates only, small counts withheld."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

from catalogue.errors import SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._common import folder_of, settings_digest
from harvesters._dicom_describe import describe
from harvesters._dicom_summary import summarise
from harvesters._dicom_tally import READ, Tally, tally
from harvesters._suppression import threshold

PROCESSES = 2
CHUNK = 500
"""Files a process takes at a time."""


class DicomHarvester:
    """One folder, with everything below it, is one dataset.

    Options: ``suppress`` (lowest count of persons stated, default 10, never below 5), ``identifier`` (last part of the
    dataset IRI; the name of the node when absent). Title, description, access rights, distribution and whatever else
    headers cannot say come from ``cat:defaults`` of the node file.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset; nothing is read when no file and no setting changed since the last visit."""
        least = threshold(source.options)
        files = list(_files(folder_of(source.endpoint)))
        container = digest("\n".join([settings_digest(source), *(entry for _, entry in files)]).encode())
        if web.known(container):
            yield Untouched(container)
            return
        counted = count([path for path, _ in files])
        if not counted.files[READ]:
            skipped = ", ".join(f"{number} {reason}" for reason, number in sorted(counted.files.items()))
            problem = f"no file could be read as DICOM: {skipped or 'the folder is empty'}"
            yield Rejected(source.iri, problem, "point cat:endpoint of the node file to a folder of DICOM files")
            return
        summary = summarise(counted, least)
        content = json.dumps(summary.facts, sort_keys=True, indent=1).encode()
        identifier = source.options.get("identifier", source.name)
        graph, notes = describe(summary.facts, source.namespace + identifier, identifier, source)
        original = Original(content, "application/json", source.iri, container)
        yield Description(source.namespace + identifier, graph, original, (*summary.notes, *notes))


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every regular file below a folder with a line that changes when the file does; links are not followed."""

    def refuse(error: OSError) -> NoReturn:
        raise SourceUnavailable(
            f"a file or folder cannot be looked at: {error.strerror}",
            where="DICOM node",
            remedy="give the program the right to read it",
        )

    found = []
    for place, _, names in os.walk(folder, onerror=refuse):
        for name in names:
            path = Path(place, name)
            try:
                facts = path.lstat()
            except OSError as error:
                refuse(error)
            if stat.S_ISREG(facts.st_mode):
                found.append((path, f"{path.relative_to(folder)}\t{facts.st_size}\t{facts.st_mtime_ns}"))
    yield from sorted(found, key=lambda item: item[1])


def count(paths: Sequence[Path]) -> Tally:
    """Count the headers of files; with more than one chunk of them in two processes."""
    key = secrets.token_bytes(32)
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    if len(chunks) < 2:
        return tally(paths, key)
    total = Tally()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for part in pool.map(tally, chunks, [key] * len(chunks)):
            total.merge(part)
    return total
