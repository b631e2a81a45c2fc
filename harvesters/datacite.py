"""Harvests DataCite metadata: files in JSON and XML, and the REST API of DataCite and of those who speak like it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.model import Harvested, Original, Rejected, Source
from catalogue.ports import Web
from catalogue.xml_check import check_xml
from harvesters._datacite_record import dataset, is_dataset
from harvesters._datacite_xml import record_of, resource_in
from harvesters._documents import is_url, next_address
from harvesters._files import File, files_of
from harvesters._json import dumped, loaded, require
from harvesters._once import Once

JSON_API = "application/vnd.api+json, application/json"
PAGES = 10_000
"""Most pages of one list."""
SUFFIXES = (".json", ".xml")


class DataCiteHarvester:
    """Records of DataCite kernel 4.

    The endpoint is a file, folder or zip archive, or the URL of one; or a list of the REST API, such as
    ``https://api.datacite.org/dois?client-id=…``. Options: ``types`` (kinds of resources that are taken; default
    ``Dataset Collection``), ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the datasets in the order of the list or of the files; other resources are passed over.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the list cannot be read to its end.
        """
        once = Once()
        for one in _records(source, web):
            yield from once.of(one)


def _records(source: Source, web: Web) -> Iterator[Harvested]:
    """The records, and what is wrong with others, wherever they come from."""
    if not is_url(source.endpoint):
        yield from _files(source, web)
        return
    response = web.get(source.endpoint, accept=JSON_API)
    if response.parts or not response.content.lstrip().startswith(b"{"):
        yield from _files(source, web)
        return
    answer = loaded(response)
    if "data" in answer:
        yield from _pages(source, web, answer)
    else:
        yield from _of_json(File(response.content, response.media_type, source.endpoint), source, web)


def _pages(source: Source, web: Web, answer: Any) -> Iterator[Harvested]:
    """The records of a list of the API, page by page (JSON:API 1.0, links.next)."""
    address = source.endpoint
    for _ in range(PAGES):
        require(answer, "datacite-list", address)
        data = answer["data"]
        for one in data if isinstance(data, list) else [data]:
            record = one.get("attributes") or {}
            if is_dataset(record, source):
                where = f"{source.endpoint}, record {one.get('id')}"
                yield dataset(record, Original(dumped(record), "application/json", where), source, web)
        following = (answer.get("links") or {}).get("next")
        if not following:
            return
        address = next_address({str(following)}, address, source.endpoint)
        answer = loaded(web.get(address, accept=JSON_API))
    raise SourceUnavailable("the list has no end", where=source.endpoint, remedy="ask whoever runs it")


def _files(source: Source, web: Web) -> Iterator[Harvested]:
    for file in files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "JSON or XML file"):
        if isinstance(file, Rejected):
            yield file
        elif file.content.lstrip()[:1] == b"<":
            yield from _of_xml(file, source, web)
        else:
            yield from _of_json(file, source, web)


def _of_json(file: File, source: Source, web: Web) -> Iterator[Harvested]:
    try:
        held = json.loads(file.content)
    except (ValueError, RecursionError):
        yield _none(file, "the file is neither JSON nor XML")
        return
    if isinstance(held, dict) and isinstance(held.get("data"), list):
        links = held.get("links")
        if isinstance(links, dict) and links.get("next"):
            problem, remedy = "this is one page of a list that goes on", "name the address of the list as the endpoint"
            yield Rejected(file.location, problem, remedy)
        held = held["data"]  # an answer of the API, saved
    found = False
    for number, record in enumerate(held if isinstance(held, list) else [held], start=1):
        if isinstance(record, dict):
            found = True
            attributes: Mapping[str, Any] = _attributes(record)
            if is_dataset(attributes, source):
                where = file.location if held is record else f"{file.location}, record {number}"
                yield dataset(attributes, Original(dumped(record), "application/json", where), source, web)
    if not found:
        yield _none(file, "the file holds no record")


def _attributes(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The metadata of a record, also where it is wrapped as the API does."""
    data = record.get("data", record)
    attributes = data.get("attributes", data) if isinstance(data, dict) else record
    return attributes if isinstance(attributes, dict) else record


def _of_xml(file: File, source: Source, web: Web) -> Iterator[Harvested]:
    try:
        check_xml(file.content, file.location)
        resource = resource_in(ElementTree.fromstring(file.content))
    except (BadInput, ElementTree.ParseError) as error:
        yield _none(file, error.what if isinstance(error, BadInput) else "the file is not well-formed XML")
        return
    if resource is None:
        yield _none(file, "the file holds no resource of DataCite")
        return
    record = record_of(resource)
    if is_dataset(record, source):
        yield dataset(record, Original(file.content, "application/xml", file.location), source, web)


def _none(file: File, problem: str) -> Rejected:
    original = Original(file.content, file.media_type or "application/octet-stream", file.location)
    return Rejected(file.location, problem, "give metadata of DataCite kernel 4 in JSON or XML", original)
