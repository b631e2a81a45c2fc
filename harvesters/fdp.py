"""Harvests FAIR Data Points: from the data point to its catalogues, their datasets, and the distributions of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

from catalogue.editing import label_blank_nodes
from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode, digest, parse
from catalogue.model import Harvested, Original, Rejected, Source, Untouched
from catalogue.names import ADMS, DCAT, HEALTH, HYDRA, LDP
from catalogue.ports import Response, Web
from harvesters._bundle import bundled
from harvesters._common import NOT_PUBLISHED
from harvesters._descriptions import Descriptions
from harvesters._syntax import ACCEPT, syntax_of

FDP = "https://w3id.org/fdp/fdp-o#"
R3D = "http://www.re3data.org/schema/3-0#"
TO_CATALOGUES = tuple(
    NamedNode(iri) for iri in (FDP + "metadataCatalog", FDP + "servesMetadata", R3D + "dataCatalog", DCAT.catalog.value)
)
TO_MEMBERS = LDP.contains
"""From a catalogue to its datasets, from any other document to catalogues."""
TO_PARTS = (DCAT.distribution, ADMS.sample, HEALTH.analytics)
ONWARD = (HYDRA.next, HYDRA.nextPage)
MOST = 1_000_000
"""Documents that are read in one visit."""


class FdpHarvester:
    """The published datasets of a FAIR Data Point; its endpoint is the address of the data point itself."""

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset, with what the documents of its distributions say.

        What is not published (401, 403, 404, 410) is not there: real data points link their drafts, catalogues too. A
        dataset or distribution that cannot be parsed is ``Rejected``. Raises
        :class:`~catalogue.errors.SourceUnavailable` when the data point, or a catalogue that is published, cannot be
        read: then it is unknown which datasets there are.
        """
        visit = _Visit(source, web)
        holders = list(visit.catalogues([source.endpoint]))
        while holders:
            for document in visit.level(visit.to_datasets(holders)):
                yield from [document] if isinstance(document, Rejected) else visit.dataset(document)
            found = list(visit.catalogues(visit.to_catalogues(holders)))
            for document in found:
                yield from visit.dataset(document)
            holders = [document for document in found if not document.is_dataset]


@dataclass(frozen=True)
class _Document:
    """One document of a data point."""

    url: str
    original: Original
    graph: Graph
    next: str = field(default="")

    @property
    def is_catalogue(self) -> bool:
        """Whether it says so."""
        return bool(self.graph.instances(DCAT.Catalog))

    @property
    def is_dataset(self) -> bool:
        """Whether it describes a dataset and no catalogue; catalogues often list their datasets with a type."""
        return bool(self.graph.instances(DCAT.Dataset)) and not self.is_catalogue


class _Visit:
    """What one visit remembers."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._descriptions = Descriptions(source)
        self._read: set[str] = set()

    def catalogues(self, urls: Iterable[str]) -> Iterator[_Document]:
        """As :meth:`level`, for documents without which it is unknown what there is."""
        return (document for document in self.level(urls, strict=True) if isinstance(document, _Document))

    def to_catalogues(self, documents: Iterable[_Document]) -> list[str]:
        """Where the catalogues are that documents speak of."""
        documents = list(documents)
        others = [document for document in documents if not document.is_catalogue]
        return [*self.links(documents, TO_CATALOGUES), *self.links(others, (TO_MEMBERS,))]

    def to_datasets(self, documents: Iterable[_Document]) -> list[str]:
        """Where the datasets are that documents speak of."""
        documents = list(documents)
        lists = [document for document in documents if document.is_catalogue]
        return [*self.links(documents, (DCAT.dataset,)), *self.links(lists, (TO_MEMBERS,))]

    def level(self, urls: Iterable[str], *, strict: bool = False) -> Iterator[_Document | Rejected]:
        """The documents at some addresses and the pages that follow them, each once, several read at a time."""
        waiting = self._new(urls)
        while waiting:
            onward: list[str] = []
            for url, answer in zip(waiting, self._web.get_all(waiting, accept=ACCEPT), strict=True):
                document = self._document(url, answer, strict)
                if isinstance(document, _Document):
                    onward += [*self.links([document], ONWARD), *([document.next] if document.next else [])]
                if document is not None:
                    yield document
            waiting = self._new(onward)

    def _new(self, urls: Iterable[str]) -> list[str]:
        found = [url for url in dict.fromkeys(urldefrag(url).url for url in urls) if url not in self._read]
        self._read.update(found)
        if len(self._read) > MOST:
            problem = f"there are more than {MOST} documents"
            raise SourceUnavailable(problem, where=self._source.endpoint, remedy="name one catalogue as the endpoint")
        return found

    def _document(
        self, url: str, answer: Response | SourceUnavailable | BadInput, strict: bool
    ) -> _Document | Rejected | None:
        """None for what is not published."""
        if isinstance(answer, SourceUnavailable):
            if url != self._source.endpoint and answer.status in NOT_PUBLISHED:
                return None
            raise answer
        try:
            if not isinstance(answer, Response):
                raise answer
            media_type = syntax_of(answer.content, answer.media_type, answer.url)
            original = Original(answer.content, media_type, answer.url)
            graph = Graph(parse(answer.content, media_type, base=answer.url, where=answer.url))
        except BadInput as error:
            if strict:
                raise SourceUnavailable(error.what, where=error.where or url, remedy=error.remedy) from error
            return Rejected(error.where or url, error.what, error.remedy)
        return _Document(url, original, graph, answer.next)

    def links(self, documents: Iterable[_Document], predicates: Sequence[NamedNode]) -> list[str]:
        """Where documents point to by some properties, on the host of the data point."""
        host = urlsplit(self._source.endpoint).netloc
        found = (
            term.value
            for document in documents
            for predicate in predicates
            for node in document.graph.nodes
            for term in document.graph.objects(node, predicate)
            if isinstance(term, NamedNode)
        )
        return sorted(url for url in dict.fromkeys(found) if urlsplit(url).netloc == host)

    def dataset(self, document: _Document) -> Iterator[Harvested]:
        """The dataset of a document, if it describes one, whole: with the documents of its distributions."""
        if not document.is_dataset:
            return
        parts = []
        for part in self.level(self.links([document], TO_PARTS)):
            if isinstance(part, Rejected):
                problem = f"a distribution cannot be read: {part.problem}"
                yield Rejected(document.url, problem, part.remedy, document.original)
                return
            parts.append(part)
        documents = [document, *parts]
        marks = [self._source.digest, *(one.original.digest for one in documents)]
        container = digest("\n".join(marks).encode())
        if self._web.known(container):
            yield Untouched(container)
            return
        graph = Graph(
            label_blank_nodes(triple, str(number)) for number, one in enumerate(documents) for triple in one.graph
        )
        original = bundled([one.original for one in documents], container)
        yield from self._descriptions.of(graph, original)
