"""Completes descriptions by registers: RDF about the organisations and services that descriptions name by IRI only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue.errors import BadInput, BadRdf, SourceUnavailable
from catalogue.graphs import FORMATS, Canonical, Graph, NamedNode, digest, media_type_of, parse
from catalogue.model import Description, Harvested, Note, NoteKind, Source
from catalogue.names import DCAT, FOAF, RDF, VCARD
from catalogue.ports import Harvester, Web

ENTRIES = frozenset({FOAF.Agent, FOAF.Organization, FOAF.Person, VCARD.Kind, VCARD.Organization, DCAT.DataService})
"""Classes of what is taken out of a register."""


@dataclass(frozen=True, slots=True)
class Register:
    """What the registers of a node hold."""

    graph: Graph = field(default_factory=Graph)
    places: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of the content: a changed register is a reason to read its node anew."""
        return digest(Canonical(self.graph).content) if self.places else ""

    def complete(self, description: Description) -> Description:
        """The description with what the registers say about the agents and services it names and does not describe."""
        found = [(predicate, iri) for predicate, iri in sorted(set(_named(description.graph))) if self._tells(iri)]
        missing = [(predicate, iri) for predicate, iri in found if NamedNode(iri) not in description.graph]
        if not missing:
            return description
        graph, notes = Graph(description.graph), list(description.notes)
        for predicate, iri in missing:
            graph.update(self.graph.described(NamedNode(iri)))
            notes.append(Note(NoteKind.DEFAULTED, predicate, result=iri, reason=f"register {self.places[0]}"))
        return Description(description.iri, graph, description.original, tuple(notes))

    def _tells(self, iri: str) -> bool:
        return not ENTRIES.isdisjoint(self.graph.objects(NamedNode(iri), RDF.type))


@dataclass(frozen=True, slots=True)
class Completing:
    """A harvester whose descriptions are completed by registers."""

    harvester: Harvester
    register: Register

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """See :meth:`catalogue.ports.Harvester.harvest`."""
        if not self.register.places:
            yield from self.harvester.harvest(source, web)
            return
        for one in self.harvester.harvest(source, web):
            yield self.register.complete(one) if isinstance(one, Description) else one


def read_register(source: Source, web: Web) -> Register:
    """The registers that a node file names (``cat:register``), all together.

    Raises :class:`~catalogue.errors.SourceUnavailable` for one that cannot be had or is no RDF: without it, the
    descriptions would lose what it said.
    """
    graph = Graph()
    for place in source.registers:
        try:
            response = web.get(place)
            syntax = response.media_type if response.media_type in FORMATS else media_type_of(place) or "text/turtle"
            graph.update(parse(response.content, syntax, base=source.namespace, where=place))
        except (BadInput, BadRdf) as error:
            raise SourceUnavailable(
                f"the register cannot be read: {error.what}",
                where=place,
                remedy="correct cat:register in the node file",
            ) from error
    return Register(graph, source.registers)


def _named(graph: Graph) -> Iterator[tuple[str, str]]:
    for triple in graph:
        if isinstance(triple.object, NamedNode):
            yield triple.predicate.value, triple.object.value
