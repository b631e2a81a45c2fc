"""Harvests a folder of DICOM files as one dataset: headers only, aggregates only, small counts withheld."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._common import folder_of
from harvesters._dicom_describe import describe
from harvesters._dicom_files import CHUNK, PROCESSES, Found, chunked, files, spread
from harvesters._dicom_progress import Progress, part_of, progress_in
from harvesters._dicom_summary import summarise
from harvesters._dicom_tally import READ, Tally, tally
from harvesters._suppression import threshold

__all__ = ["CHUNK", "PROCESSES", "DicomHarvester", "count"]


class DicomHarvester:
    """One folder, with everything below it, is one dataset.

    Options: ``suppress`` (lowest count of persons stated, default 10, never below 5), ``identifier`` (last part of the
    dataset IRI; the name of the node when absent), ``progress`` (a file in which counts of parts of the folder are
    kept, so that a visit that broke off goes on, and a changed folder is read where it changed).

    Title, description, access rights, distribution and whatever else headers cannot say come from ``cat:defaults`` of
    the node file.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset; nothing is read when no file and no setting changed since the last visit."""
        least = threshold(source.options)
        found = list(files(folder_of(source.endpoint)))
        container = digest("\n".join([source.digest, *(entry for _, entry in found)]).encode())
        if web.known(container):
            yield Untouched(container)
            return
        counted = _counted(found, source.options.get("progress", ""))
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


def _counted(found: Sequence[Found], file: str) -> Tally:
    if not file:
        return count(found)
    with progress_in(file) as progress:
        return count_on(found, progress)


def count(found: Sequence[Found]) -> Tally:
    """Count the headers of files; with more than one chunk of them in two processes."""
    total = Tally()
    chunks = [[path for path, _ in chunk] for chunk in chunked(found, CHUNK)]
    for counted in spread(partial(tally, key=secrets.token_bytes(32)), chunks):
        total.merge(counted)
    return total


def count_on(found: Sequence[Found], progress: Progress) -> Tally:
    """The same as :func:`count`, reading only the chunks that a progress does not know, and telling it of each."""
    total = Tally()
    chunks = {part_of(entry for _, entry in chunk): [path for path, _ in chunk] for chunk in chunked(found, CHUNK)}
    known = {part: counted for part in chunks if (counted := progress.recalled(part)) is not None}
    unread = [paths for part, paths in chunks.items() if part not in known]
    read = spread(partial(tally, key=progress.key), unread)
    for part in chunks:
        counted = known.pop(part, None)
        if counted is None:
            counted = next(read)
            progress.keep(part, counted)
        total.merge(counted)
    progress.forget_others(chunks)
    return total
