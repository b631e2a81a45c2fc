"""Harvests a folder of DICOM files as one dataset: headers only, aggregates only, small counts withheld."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._common import folder_of
from harvesters._dicom_describe import describe
from harvesters._dicom_files import CHUNK, PROCESSES, files, spread
from harvesters._dicom_summary import summarise
from harvesters._dicom_tally import READ, Tally, tally
from harvesters._suppression import threshold

__all__ = ["CHUNK", "PROCESSES", "DicomHarvester", "count"]


class DicomHarvester:
    """One folder, with everything below it, is one dataset.

    Options: ``suppress`` (lowest count of persons stated, default 10, never below 5), ``identifier`` (last part of the
    dataset IRI; the name of the node when absent). Title, description, access rights, distribution and whatever else
    headers cannot say come from ``cat:defaults`` of the node file.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset; nothing is read when no file and no setting changed since the last visit."""
        least = threshold(source.options)
        found = list(files(folder_of(source.endpoint)))
        container = digest("\n".join([source.digest, *(entry for _, entry in found)]).encode())
        if web.known(container):
            yield Untouched(container)
            return
        counted = count([path for path, _ in found])
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


def count(paths: Sequence[Path]) -> Tally:
    """Count the headers of files; with more than one chunk of them in two processes."""
    key, total = secrets.token_bytes(32), Tally()
    for part in spread(partial(tally, key=key), paths, CHUNK):
        total.merge(part)
    return total
