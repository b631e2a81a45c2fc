"""Harvests DCAT in any RDF syntax from a file, a folder or a URL whose pages are linked by Hydra or Link headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import Graph, Quad, Triple, parse
from catalogue.model import Harvested, Original, Rejected, Source, Untouched
from catalogue.names import HYDRA
from catalogue.ports import Web
from harvesters._descriptions import Descriptions
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
        self._descriptions = Descriptions(source)
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
        yield from self._descriptions.of(graph, original)

    def _still(self, document: str) -> Iterator[Untouched]:
        """Say once that a document, or the archive it came in, is what it was."""
        if document not in self._untouched:
            self._untouched.add(document)
            yield Untouched(document)


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
