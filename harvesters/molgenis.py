"""Harvests the collections of the catalogue of EUCAIM, or another one like it, out of the RDF of MOLGENIS EMX2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Description, Gone, Harvested, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from catalogue.splitting import fit_for_path
from harvesters._common import NOT_PUBLISHED
from harvesters._eucaim_record import kept
from harvesters._json import original_of, refused
from harvesters._mapping import Line, describe, mapping
from harvesters._molgenis_rows import contact, meaning, reference_of, rows, values
from harvesters._suppression import threshold
from harvesters._syntax import ACCEPT, syntax_of

NAME = "molgenis"
TABLE = "Collections"
SINGLE = (
    "id", "name", "acronym", "provider", "number_of_subjects", "number_of_studies", "number_of_series",
    "number_of_records", "age_low", "age_high", "age_median", "version", "withdrawn", "image_size", "commercial_use",
)  # fmt: skip
"""Columns with one value."""
COUNTS = ("number_of_subjects", "number_of_studies", "number_of_series", "number_of_records")
PERSON = "contact"
ACCESS = ("image_access_uri", "image_access_type", "image_access_description")
"""Columns about the images, not the collection: the distribution."""
Row = Mapping[str, list[str]]


class MolgenisHarvester:
    """Collections with their contacts; the endpoint is the address of the schema (``…/Eucaim``).

    Options: ``table`` (``Collections``), ``page`` (where people find a collection, with ``{}`` for its id),
    ``suppress``, ``language``.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every collection; one that did not change is not described again, a withdrawn one is gone.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the table, or the lists it refers to, cannot be read.
        """
        table = source.options.get("table", TABLE)
        address = f"{source.endpoint.rstrip('/')}/api/rdf/{quote(table)}"
        graph = _graph(web.get(address, accept=ACCEPT))
        found = list(rows(graph, table))
        others = _others([row for _, row in found], source, web)
        least = threshold(source.options)
        for where, row in found:
            yield _collection(where, row, others, source, web, least)


def _graph(response: Response) -> Graph:
    try:
        media_type = syntax_of(response.content, response.media_type, response.url)
        return Graph(parse(response.content, media_type, base=response.url, where=response.url))
    except BadRdf as error:
        raise SourceUnavailable(error.what, where=error.where or response.url, remedy=error.remedy) from error


def _others(found: Sequence[Row], source: Source, web: Web) -> dict[str, Row]:
    """The rows that collections refer to, by address; those that nobody may see are not there."""
    host = urlsplit(source.endpoint).netloc
    said = {one for row in found for values_of in row.values() for one in values_of}
    addresses = sorted(one for one in said if reference_of(one) is not None and urlsplit(one).netloc == host)
    others: dict[str, Row] = {}
    for address, answer in zip(addresses, web.get_all(addresses, accept=ACCEPT), strict=True):
        if isinstance(answer, Response):
            others[address] = values(_graph(answer), NamedNode(address))
        elif isinstance(answer, SourceUnavailable) and answer.status in NOT_PUBLISHED:
            continue
        else:
            raise answer
    return others


def _collection(where: str, row: Row, others: Mapping[str, Row], source: Source, web: Web, least: int) -> Harvested:
    identifier = next(iter(row.get("id", ())), "")
    if not identifier:
        return Rejected(where, "the collection has no id", "give it one in the catalogue")
    iri = source.namespace + fit_for_path(identifier)
    if row.get("withdrawn") == ["true"]:
        return Gone(iri)
    record, notes = kept(_record(row, others), least, counts=COUNTS)
    original = original_of(record, where, source)
    if web.known(original.container):
        return Untouched(original.container)
    problem = refused(record, NAME, original)
    if problem is not None:
        return problem
    page = source.options.get("page", "").replace("{}", quote(identifier, safe=""))
    graph, found = describe(NAME, _arranged(record, page), iri, source)
    return Description(iri, graph, original, (*found, *notes))


def _record(row: Row, others: Mapping[str, Row]) -> dict[str, Any]:
    """A collection with words and concepts in the place of references."""
    crosswalks = {line.path[-1]: line.how.crosswalk for line in _terms(mapping(NAME).lines)}
    record: dict[str, Any] = {}
    for name, said in row.items():
        if name == PERSON:
            told: Any = [contact(others.get(one, {"name": [one]} if reference_of(one) is None else {})) for one in said]
        else:
            told = [meaning(one, others, crosswalks.get(name)) for one in said]
        record[name] = told[0] if name in SINGLE and len(told) == 1 else told
    for name in COUNTS:
        if isinstance(record.get(name), str) and record[name].isdecimal():
            record[name] = int(record[name])
    return record


def _terms(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a mapping, and of its parts, that read concepts."""
    for line in lines:
        if line.form == "Term":
            yield line
        yield from _terms(line.lines)


def _arranged(record: Mapping[str, Any], page: str) -> dict[str, Any]:
    """A collection in the form of ``vocab/mappings/molgenis.ttl``: what is about the images is its distribution."""
    pages = {"page": page} if page else {}
    rest = {name: value for name, value in record.items() if name not in ACCESS}
    return rest | pages | {"distribution": {name: record[name] for name in ACCESS if name in record} | pages}
