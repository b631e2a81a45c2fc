"""Makes descriptions of the datasets that RDF documents describe: cut apart, upgraded, each given once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.errors import BadRdf
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, NamedNode
from catalogue.model import Description, Original, Rejected, Source
from catalogue.names import DCT
from catalogue.splitting import Part, Splitter
from catalogue.upgrade import upgrader
from harvesters._common import apply_defaults
from harvesters._once import Once, rejected


class Descriptions:
    """What one visit remembers from document to document."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._upgrader = upgrader()
        self._once = Once()

    def of(self, graph: Graph, original: Original) -> Iterator[Description | Rejected]:
        """The datasets that a graph describes, in the terms of the current release, with the defaults of the node.

        A dataset that several documents describe alike is given once; one they describe differently is rejected.
        """
        parts = Splitter(graph, self._upgrader.rewriter, self._source.namespace)
        for part in parts:
            yield from self._once.of(self._description(part, parts.names, original))

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
