"""Makes descriptions of the datasets that RDF documents describe: cut apart, upgraded, each given once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.errors import BadInput, BadRdf
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode
from catalogue.model import Description, Original, Rejected, Source
from catalogue.names import DCT
from catalogue.splitting import Part, Splitter
from catalogue.upgrade import upgrader
from harvesters._common import apply_defaults


class Descriptions:
    """What one visit remembers from document to document."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._upgrader = upgrader()
        self._described: dict[str, tuple[str, str]] = {}
        """IRI -> digest of the description, and where it stood."""

    def of(self, graph: Graph, original: Original) -> Iterator[Description | Rejected]:
        """The datasets that a graph describes, in the terms of the current release, with the defaults of the node.

        A dataset that several documents describe alike is given once; one they describe differently is rejected.
        """
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
            yield rejected(original, iri, error.what, error.remedy)
            return
        earlier = self._described.get(iri)
        if earlier is None:
            self._described[iri] = (digest, original.location)
            yield description
        elif earlier[0] != digest:
            problem = f"this dataset is described twice, and differently in {earlier[1]}"
            yield rejected(original, iri, problem, "describe it in one place only")

    def _description(
        self, part: Part, names: Mapping[BlankNode, NamedNode], original: Original
    ) -> Description | Rejected:
        try:
            graph, notes = self._upgrader.apply(part.graph, names)
        except BadRdf as error:
            return rejected(original, str(part.node), error.what, error.remedy)
        node = names.get(part.node, part.node) if isinstance(part.node, BlankNode) else part.node
        if isinstance(node, BlankNode):
            return rejected(
                original,
                graph.text(node, DCT.title) or "without a name",
                "the dataset has neither an IRI nor a dct:identifier, so it cannot be told from others",
                "give it an IRI, or at least a dct:identifier that stays the same",
            )
        iri = self._upgrader.iri(node)
        if graph.outgoing(NamedNode(iri)).keys() <= {RDF_TYPE}:
            return rejected(
                original,
                iri,
                "nothing is said about this dataset except that it is one",
                "describe it: at least title, description, access rights",
            )
        notes += apply_defaults(graph, NamedNode(iri), self._source)
        return Description(iri, graph, original, tuple(notes))


def rejected(original: Original, dataset: str, problem: str, remedy: str) -> Rejected:
    """The rejection of one dataset of a document."""
    return Rejected(f"{original.location}, dataset {dataset}", problem, remedy, original)
