"""Harvests DCAT in any RDF syntax from a file, a folder or a URL whose pages are linked by Hydra or Link headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from catalogue.errors import BadInput, BadRdf, SourceUnavailable
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode, Quad, Triple, parse
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.names import DCT, HYDRA
from catalogue.ports import Web
from catalogue.splitting import Part, Splitter
from catalogue.upgrade import upgrader
from harvesters._common import apply_defaults
from harvesters._documents import PAGES, Document, is_url, local_documents, next_address, page

NEXT = frozenset({HYDRA.next.value, HYDRA.nextPage.value})
"""Hydra's link to the next page: of a PartialCollectionView, and of the older PagedCollection."""


class DcatHarvester:
    """Yields every ``dcat:Dataset`` of a node; a document is taken whole or not at all."""

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the datasets of all documents; one that cannot be parsed is ``Rejected`` and the others go on.

        Nothing said about a catalogue is copied to its datasets. Raises
        :class:`~catalogue.errors.SourceUnavailable` when the node cannot be read to its end: dead, no RDF,
        pages in a loop, a page that cannot be parsed so that the next is unknown.
        """
        visit = _Visit(source, web)
        if is_url(source.endpoint):
            yield from visit.pages(source.endpoint)
            return
        for document in local_documents(source.endpoint, web):
            yield from visit.take(document)


class _Visit:
    """What one visit remembers from document to document."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._upgrader = upgrader()
        self._described: dict[str, tuple[str, str]] = {}
        """IRI -> digest of the description, and where it stood."""
        self._untouched: set[str] = set()
        self._links: set[str] = set()
        """Links to the next page found on the current one."""
        self._onward = False
        """The current page is not the first."""
        self._lost = False
        """The current page could not be parsed, though it may well link to a next one."""

    def pages(self, first: str) -> Iterator[Harvested]:
        """The datasets of a URL and of all pages that follow."""
        visited: set[str] = set()
        address = first
        while address:
            if address in visited:
                raise SourceUnavailable(
                    f"the pages form a loop: page {len(visited)} leads back to {address}",
                    where=first,
                    remedy="ask whoever runs the node to correct its links; nothing was removed",
                )
            if len(visited) >= PAGES:
                raise SourceUnavailable(
                    f"there are more than {PAGES} pages", where=first, remedy="ask for larger pages in the address"
                )
            self._links, self._lost, self._onward = set(), False, bool(visited)
            visited.add(address)
            documents, here = page(address, self._web)
            for document in documents:
                yield from self.take(document)
            if not self._links and self._lost:
                raise SourceUnavailable(
                    f"page {len(visited)} cannot be read, so the pages after it are unknown",
                    where=address,
                    remedy="ask whoever runs the node to mend that page; nothing was removed",
                )
            address = next_address(self._links, here, first)

    def take(self, document: Document | Rejected) -> Iterator[Harvested]:
        """The datasets of one document."""
        if isinstance(document, Rejected):
            yield document
            return
        original = document.original
        self._links |= {document.link} if document.link else set()
        paged = HYDRA.iri.encode() in original.content
        if self._web.known(original.container or original.digest):
            self._links |= _links(_quads(document, self._source)) if paged else set()
            yield from self._still(original.container or original.digest)
            return
        try:
            graph = Graph(_quads(document, self._source))
        except BadRdf as error:
            self._lost = self._lost or paged or self._onward
            yield _unparsable(error, original)
            return
        if paged:
            self._links |= _links(graph)
        yield from self._datasets(graph, original)

    def _still(self, document: str) -> Iterator[Untouched]:
        """Say once that a document, or the archive it came in, is what it was."""
        if document not in self._untouched:
            self._untouched.add(document)
            yield Untouched(document)

    def _datasets(self, graph: Graph, original: Original) -> Iterator[Description | Rejected]:
        parts = Splitter(graph, self._upgrader.rewriter, self._source.namespace)
        for part in parts:
            harvested = self._description(part, parts.names, original)
            yield from [harvested] if isinstance(harvested, Rejected) else self._once(harvested)

    def _once(self, description: Description) -> Iterator[Description | Rejected]:
        """A dataset that several documents describe alike is given once; one they describe differently is not."""
        iri, original = description.iri, description.original
        try:
            digest = description.digest
        except BadInput as error:
            yield _rejected(original, iri, error.what, error.remedy)
            return
        earlier = self._described.get(iri)
        if earlier is None:
            self._described[iri] = (digest, original.location)
            yield description
        elif earlier[0] != digest:
            problem = f"this dataset is described twice, and differently in {earlier[1]}"
            yield _rejected(original, iri, problem, "describe it in one place only")

    def _description(
        self, part: Part, names: Mapping[BlankNode, NamedNode], original: Original
    ) -> Description | Rejected:
        try:
            graph, notes = self._upgrader.apply(part.graph, names)
        except BadRdf as error:
            return _rejected(original, str(part.node), error.what, error.remedy)
        node = names.get(part.node, part.node) if isinstance(part.node, BlankNode) else part.node
        if isinstance(node, BlankNode):
            return _rejected(
                original,
                graph.text(node, DCT.title) or "without a name",
                "the dataset has neither an IRI nor a dct:identifier, so it cannot be told from others",
                "give it an IRI, or at least a dct:identifier that stays the same",
            )
        iri = self._upgrader.iri(node)
        if graph.outgoing(NamedNode(iri)).keys() <= {RDF_TYPE}:
            return _rejected(
                original,
                iri,
                "nothing is said about this dataset except that it is one",
                "describe it: at least title, description, access rights",
            )
        notes += apply_defaults(graph, NamedNode(iri), self._source)
        return Description(iri, graph, original, tuple(notes))


def _quads(document: Document, source: Source) -> Iterator[Quad]:
    original = document.original
    return parse(original.content, original.media_type, base=document.base or source.namespace, where=original.location)


def _links(triples: Iterable[Quad | Triple]) -> set[str]:
    """Where a page says the next one is; some write the address as text."""
    return {str(t.object.value) for t in triples if t.predicate.value in NEXT and not isinstance(t.object, Triple)}


def _unparsable(error: BadRdf, original: Original) -> Rejected:
    if "LoadDocumentCallback" in error.what:
        return Rejected(
            original.location,
            "the JSON-LD refers to a context on the web, and contexts are never fetched",
            'put the context itself into the document: "@context": { ... }',
            original,
        )
    return Rejected(error.where or original.location, error.what, error.remedy, original)


def _rejected(original: Original, dataset: str, problem: str, remedy: str) -> Rejected:
    return Rejected(f"{original.location}, dataset {dataset}", problem, remedy, original)
