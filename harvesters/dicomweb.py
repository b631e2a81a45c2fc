"""Harvests a PACS over DICOMweb as one dataset: QIDO-RS finds the series, WADO-RS gives a header of each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydicom.dataset import Dataset
from pydicom.uid import UID

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from harvesters._dicom_describe import describe
from harvesters._dicom_header import FAILURES, INCOMPLETE, UNREADABLE, Header, header_of, quiet
from harvesters._dicom_summary import summarise
from harvesters._dicom_tally import READ, Tally
from harvesters._suppression import threshold

PAGE = 1000
"""Series asked for at once."""
ACCEPT = "application/dicom+json, application/json;q=0.9"
STUDY, SERIES, INSTANCE, INSTANCES, SYNTAX = "0020000D", "0020000E", "00080018", "00201209", "00083002"
GONE = {404, 410}
REMEDY = "check that cat:endpoint is the root of the DICOMweb service, below which /studies lies"


class DicomWebHarvester:
    """What a DICOMweb service holds, or what of it a query finds, is one dataset; the endpoint is its root.

    Options: ``query`` (attributes that QIDO-RS matches, such as ``ModalitiesInStudy=CT&StudyDate=20200101-``),
    ``suppress`` and ``identifier`` as for a DICOM folder. One instance of each series is looked at; counts of instances
    are those that the service states. Nothing but aggregates is stated, kept or told.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset; no header is read when the series and their numbers of instances are those of last time.

        Raises :class:`~catalogue.errors.SourceUnavailable`, which names no UID, when the service cannot be read.
        """
        least = threshold(source.options)
        service = _Service(source, web)
        series = sorted(service.series())
        marks = [source.digest, *(f"{one.study}\n{one.uid}\n{one.instances}" for one in series)]
        container = digest("\n".join(marks).encode())
        if web.known(container):
            yield Untouched(container)
            return
        tally = service.tally(series)
        if not tally.files[READ]:
            problem = "the service holds no series" if not series else "no header could be read as DICOM"
            yield Rejected(source.iri, problem, "check the query of the node file, or ask whoever runs the PACS")
            return
        summary = summarise(tally, least)
        if "counts" in summary.facts:
            summary.facts["counts"]["instances"] = sum(one.instances for one in series)
        content = json.dumps(summary.facts, sort_keys=True, indent=1).encode()
        identifier = source.options.get("identifier", source.name)
        graph, notes = describe(summary.facts, source.namespace + identifier, identifier, source)
        original = Original(content, "application/json", source.iri, container)
        yield Description(source.namespace + identifier, graph, original, (*summary.notes, *notes))


@dataclass(frozen=True, slots=True, order=True)
class _Series:
    """One series; never leaves the harvester."""

    study: str
    uid: str
    instances: int


class _Service:
    """One DICOMweb service during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._root = source.endpoint.rstrip("/")
        self._matching = parse_qsl(source.options.get("query", ""))
        self._web = web

    def series(self) -> Iterator[_Series]:
        """Every series that the query finds (QIDO-RS, PS3.18 section 10.6)."""
        offset, seen = 0, set[str]()
        while True:
            asked = [*self._matching, ("includefield", INSTANCES), ("limit", str(PAGE)), ("offset", str(offset))]
            found = self._objects(self._get(f"{self._root}/series?{urlencode(asked)}"))
            fresh = [one for one in map(self._one, found) if one.uid not in seen]
            seen.update(one.uid for one in fresh)
            yield from fresh
            offset += len(found)
            if len(found) < PAGE or not fresh:
                return

    def _one(self, item: Mapping[str, Any]) -> _Series:
        study, uid = _value(item, STUDY), _value(item, SERIES)
        if not UID(study).is_valid or not UID(uid).is_valid:
            raise self._unavailable("the service lists a series without its UIDs", REMEDY)
        count = _value(item, INSTANCES)
        return _Series(study, uid, int(count) if count.isdecimal() else 1)

    def tally(self, series: Sequence[_Series]) -> Tally:
        """Count one instance of each series; what the service no longer holds meanwhile is not counted."""
        key, tally = secrets.token_bytes(32), Tally()
        first = (f"{self._at(one)}/instances?limit=1" for one in series)
        with quiet():
            listed = [self._first(answer) for answer in self._web.get_all(first, accept=ACCEPT)]
            pairs = zip(series, listed, strict=True)
            addresses = [f"{self._at(one)}/instances/{uid}/metadata" for one, uid in pairs if uid]
            for answer in self._web.get_all(addresses, accept=ACCEPT):
                header = self._header(answer, key)
                if isinstance(header, Header):
                    tally.add(header)
                else:
                    tally.files[header] += 1
        if len(addresses) < len(series):
            tally.files[INCOMPLETE] += len(series) - len(addresses)
        return tally

    def _first(self, answer: Response | SourceUnavailable | BadInput) -> str:
        items = self._still(answer)
        uid = _value(items[0], INSTANCE) if items else ""
        return uid if UID(uid).is_valid else ""

    def _header(self, answer: Response | SourceUnavailable | BadInput, key: bytes) -> Header | str:
        items = self._still(answer)
        try:
            dataset = Dataset.from_json(items[0], lambda *_: b"") if items else Dataset()
        except FAILURES:
            return UNREADABLE
        return header_of(dataset, key)

    def _at(self, one: _Series) -> str:
        return f"{self._root}/studies/{one.study}/series/{one.uid}"

    def _get(self, url: str) -> Response | SourceUnavailable | BadInput:
        try:
            return self._web.get(url, accept=ACCEPT)
        except (SourceUnavailable, BadInput) as error:
            return error

    def _still(self, answer: Response | SourceUnavailable | BadInput) -> list[dict[str, Any]]:
        """The data sets of an answer about one series; none where it is gone since it was listed."""
        gone = isinstance(answer, SourceUnavailable) and answer.status in GONE
        return [] if gone else self._objects(answer)

    def _objects(self, answer: Response | SourceUnavailable | BadInput) -> list[dict[str, Any]]:
        """The data sets of an answer; none for "no content". No error names an address, for it holds UIDs."""
        if not isinstance(answer, Response):
            raise self._unavailable(answer.what, answer.remedy) from None
        if answer.status == 204 or not answer.content.strip():
            return []
        try:
            items = json.loads(answer.content)
        except (ValueError, RecursionError):
            items = None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self._unavailable("the service does not answer with DICOM JSON (PS3.18 annex F)", REMEDY)
        return items

    def _unavailable(self, what: str, remedy: str) -> SourceUnavailable:
        return SourceUnavailable(what, where=self._root, remedy=remedy)


def _value(item: Mapping[str, Any], tag: str) -> str:
    """The first value of an attribute in DICOM JSON, as text; empty when there is none."""
    element = item.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    return str(values[0]) if isinstance(values, list) and values else ""
