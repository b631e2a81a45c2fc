"""What harvesters that write descriptions share: a short way to state triples, node defaults, where packages lie."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from catalogue.errors import SourceUnavailable
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term
from catalogue.model import Note, NoteKind, Source
from catalogue.names import RDF, XSD

PACKAGE = "package:"
NOT_PUBLISHED = {401, 403, 404, 410}
"""How a server answers for what it names and does not show to everyone, or no longer has."""


class Subject:
    """One node of a graph under construction."""

    def __init__(self, graph: Graph, node: Node, *types: NamedNode) -> None:
        self.graph = graph
        self.node = node
        self.add(RDF.type, *types)

    def add(self, predicate: NamedNode, *objects: Term) -> Subject:
        """State one or more values."""
        for obj in objects:
            self.graph.add(self.node, predicate, obj)
        return self

    def text(self, predicate: NamedNode, *values: str, language: str = "en") -> Subject:
        """State text in one language; empty text is not stated."""
        return self.add(predicate, *(Literal(value, language=language) for value in values if value))

    def count(self, predicate: NamedNode, value: int) -> Subject:
        """State a number as ``xsd:nonNegativeInteger``."""
        return self.add(predicate, Literal(str(value), datatype=XSD.nonNegativeInteger))

    def part(self, predicate: NamedNode, *types: NamedNode) -> Subject:
        """A new blank node that is a value of this one."""
        node = BlankNode()
        self.add(predicate, node)
        return Subject(self.graph, node, *types)


def apply_defaults(graph: Graph, dataset: Node, source: Source) -> list[Note]:
    """State about the dataset what the node file states about all of them and the source left open.

    A property with any value from the source is left as it is. The graph is changed; each property added is noted.
    """
    if source.template is None:
        return []
    stated, notes = graph.outgoing(dataset), []
    missing = {
        predicate: values
        for predicate, values in source.defaults.outgoing(source.template).items()
        if predicate != RDF.type.value and predicate not in stated
    }
    for predicate, values in missing.items():
        for value in values:
            graph.add(dataset, NamedNode(predicate), value)
            if isinstance(value, (NamedNode, BlankNode)) and value in source.defaults:
                graph.update(source.defaults.described(value))
        result = " ".join(str(value.value) for value in values if not isinstance(value, BlankNode))
        notes.append(Note(NoteKind.DEFAULTED, predicate, result=result, reason=f"cat:defaults of {source.iri}"))
    return notes


def folder_of(endpoint: str) -> Path:
    """The folder an endpoint names: a path, or ``package:<distribution>[/<folder>]`` for files of an installed package.

    Raises :class:`~catalogue.errors.SourceUnavailable` when there is no such folder or package.
    """
    if not endpoint.startswith(PACKAGE):
        folder = Path(endpoint.removeprefix("file://"))
        if not folder.is_dir():
            raise SourceUnavailable(
                "there is no such folder", where=endpoint, remedy="correct cat:endpoint in the node file"
            )
        return folder
    name, _, inside = endpoint.removeprefix(PACKAGE).partition("/")
    try:
        files = distribution(name).files or []
    except PackageNotFoundError as error:
        raise SourceUnavailable(
            f"the package {name} is not installed", where=endpoint, remedy=f"pip install {name}"
        ) from error
    tops = {file.parts[0] for file in files if file.name == "__init__.py" and len(file.parts) == 2}
    specs = [spec for top in sorted(tops) if (spec := find_spec(top)) is not None]
    for folder in (Path(place, inside) for spec in specs for place in spec.submodule_search_locations or ()):
        if folder.is_dir():
            return folder
    raise SourceUnavailable("the package ships no such folder", where=endpoint, remedy="correct cat:endpoint")
