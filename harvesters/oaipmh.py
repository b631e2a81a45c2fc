"""Harvests repositories over OAI-PMH 2.0, in RDF (DCAT-AP) or Dublin Core: the headers first, then what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from catalogue.errors import BadInput, BadRdf, SourceUnavailable
from catalogue.graphs import Graph, digest, parse
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from catalogue.splitting import fit_for_path
from harvesters._datacite_record import described as datacite
from harvesters._datacite_record import is_dataset
from harvesters._datacite_xml import record_of, resource_in
from harvesters._descriptions import Descriptions
from harvesters._mapping import describe
from harvesters._oai_xml import Answer, Record, answer_of, dublin_core_of, rdf_of

FEW = 0.2
"""Up to this share of changed records they are fetched one by one, else the whole list is."""
DUBLIN_CORE = "oai_dc"
MOST = 100_000
"""Answers that make one list."""


class OaiPmhHarvester:
    """The records of a repository; the endpoint is its base URL.

    Options: ``prefix`` (metadataPrefix, default ``oai_dc``; any format that holds ``rdf:RDF``, such as ``dcat_ap``, is
    read as RDF, any that holds a resource of DataCite, such as ``oai_datacite``, as that), ``types`` (kinds of those
    resources that are taken; default ``Dataset Collection``), ``set``, ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the datasets of every record that is not deleted; one with the datestamp of last time is not fetched.

        A record that cannot be read is ``Rejected``. Raises :class:`~catalogue.errors.SourceUnavailable` when the
        list cannot be read to its end, also where a resumption token expired.
        """
        repository = _Repository(source, web)
        headers = [record for record in repository.listed("ListIdentifiers") if not record.deleted]
        wanted: dict[str, str] = {}
        for header in headers:
            container = repository.container(header)
            if web.known(container):
                yield Untouched(container)
            else:
                wanted[header.identifier] = container
        for record in repository.whole(wanted, len(headers)):
            if record.identifier in wanted and not record.deleted:
                yield from repository.datasets(record, wanted[record.identifier])


class _Repository:
    """One repository during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._descriptions = Descriptions(source)
        self._prefix = source.options.get("prefix", DUBLIN_CORE)

    def listed(self, verb: str) -> Iterator[Record]:
        """All headers, or records, of a list, following its resumption tokens."""
        asked = {"metadataPrefix": self._prefix}
        if "set" in self._source.options:
            asked["set"] = self._source.options["set"]
        tokens: set[str] = set()
        while True:
            answer = answer_of(self._web.get(self._address(verb=verb, **asked), accept="text/xml, application/xml"))
            yield from answer.records
            if not answer.token:
                return
            if answer.token in tokens or len(tokens) > MOST:
                raise SourceUnavailable(
                    "the list has no end: a resumption token comes again",
                    where=self._source.endpoint,
                    remedy="ask whoever runs the repository",
                )
            tokens.add(answer.token)
            asked = {"resumptionToken": answer.token}

    def whole(self, wanted: dict[str, str], total: int) -> Iterator[Record]:
        """The wanted records with their metadata: each by itself when they are few, else out of the whole list."""
        if not wanted:
            return iter(())
        if len(wanted) > FEW * total:
            return self.listed("ListRecords")
        addresses = (self._address(verb="GetRecord", metadataPrefix=self._prefix, identifier=one) for one in wanted)
        answers = self._web.get_all(addresses, accept="text/xml, application/xml")
        return chain.from_iterable(self._read(answer).records for answer in answers)

    def datasets(self, record: Record, container: str) -> Iterator[Description | Rejected]:
        """The datasets of one record."""
        where = self._address(verb="GetRecord", metadataPrefix=self._prefix, identifier=record.identifier)
        if record.metadata is None:
            yield Rejected(where, "the record has no metadata", "ask whoever runs the repository")
            return
        resource = resource_in(record.metadata)
        if resource is not None:
            yield from self._datacite(resource, where, container)
            return
        rdf = rdf_of(record.metadata)
        if rdf is None:
            yield self._dublin_core(record, where, container)
            return
        original = Original(rdf, "application/rdf+xml", where, container)
        try:
            graph = Graph(parse(rdf, "application/rdf+xml", base=self._source.namespace, where=where))
        except BadRdf as error:
            yield Rejected(error.where or where, error.what, error.remedy, original)
            return
        for one in self._descriptions.of(graph, original):
            yield replace(one, original=original)

    def _datacite(self, resource: ElementTree.Element, where: str, container: str) -> Iterator[Description | Rejected]:
        said = record_of(resource)
        if is_dataset(said, self._source):
            content = ElementTree.tostring(resource, encoding="utf-8", xml_declaration=True)
            yield datacite(said, Original(content, "application/xml", where, container), self._source)

    def _dublin_core(self, record: Record, where: str, container: str) -> Description | Rejected:
        metadata = record.metadata if record.metadata is not None else ElementTree.Element("none")
        content = ElementTree.tostring(metadata, encoding="utf-8", xml_declaration=True)
        original = Original(content, "application/xml", where, container)
        fields: dict[str, Any] = dict(dublin_core_of(metadata))
        if not fields.get("title"):
            remedy = "give it one, or set the option `prefix` to a format that this record has"
            return Rejected(where, "the record has no title in Dublin Core", remedy, original)
        names = [str(name) for name in fields.get("identifier", ())]
        fields["page"] = [name for name in names if name.startswith(("http://", "https://"))][:1]
        fields["identifier"] = [*names, record.identifier]
        iri = self._source.namespace + fit_for_path(record.identifier)
        graph, notes = describe("oai-dc", fields, iri, self._source)
        return Description(iri, graph, original, tuple(notes))

    def container(self, header: Record) -> str:
        """Changes with the datestamp of a record, which the protocol sets at every change."""
        return digest(f"{self._source.digest}\n{self._prefix}\n{header.identifier}\n{header.datestamp}".encode())

    def _address(self, **asked: str) -> str:
        joint = "&" if "?" in self._source.endpoint else "?"
        return f"{self._source.endpoint}{joint}{urlencode(asked)}"

    def _read(self, answer: Response | SourceUnavailable | BadInput) -> Answer:
        if isinstance(answer, Response):
            return answer_of(answer)
        raise SourceUnavailable(answer.what, where=answer.where, remedy=answer.remedy) from None
