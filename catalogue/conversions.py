"""What can be done with a statement of an earlier release; which statements is in ``vocab/crosswalks/releases.ttl``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalogue.editing import Edit, Statement, link, replacing
from catalogue.graphs import RDF_TYPE, BlankNode, Graph, Literal, NamedNode, Node, Term
from catalogue.model import Note, NoteKind
from catalogue.names import CAT, CV, RDF, SH, SKOS, VCARD

Forms = Callable[[NamedNode], list[NamedNode]]
"""A term and every older form of it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which statements a conversion speaks."""

    entry: str
    reason: str
    """Why, in words."""
    properties: tuple[NamedNode, ...]
    """In every form."""
    subjects: tuple[NamedNode, ...]
    """Classes of the subject, in every form; empty for any."""
    kind: Term | None
    """sh:Literal or sh:IRI, or any value."""
    forms: Forms

    @classmethod
    def read(cls, table: Graph, entry: Term, forms: Forms) -> Scope:
        """What an entry of the table says."""

        def every(name: str) -> tuple[NamedNode, ...]:
            found = table.objects(entry, CAT[name])
            return tuple(form for term in found if isinstance(term, NamedNode) for form in forms(term))

        words = table.text(entry, SKOS.scopeNote, "en") or ""
        return cls(
            str(entry.value), words, every("ofProperty"), every("ofClass"), table.value(entry, CAT.valueKind), forms
        )

    def statements(self, graph: Graph) -> Iterator[Statement]:
        """The statements of a graph; a whole triple as a value (RDF 1.2) is no value here."""
        for predicate in self.properties:
            for value, subjects in list(graph.inverse(predicate.value).items()):
                fits = self.kind is None or (self.kind == SH.Literal) == isinstance(value, Literal)
                if fits and isinstance(value, NamedNode | BlankNode | Literal):
                    yield from (Statement(node, predicate, value) for node in subjects if self.holds(graph, node))

    def holds(self, graph: Graph, node: Node) -> bool:
        """Whether a subject is of one of the classes."""
        return not self.subjects or any(kind in self.subjects for kind in graph.objects(node, RDF.type))

    def why(self) -> str:
        """Words and entry, for the note."""
        return f"{self.reason}: {self.entry}"


class Conversion(ABC):
    """One entry of the table."""

    def __init__(self, scope: Scope, table: Graph, entry: Node) -> None:
        self._scope = scope
        self._forms = scope.forms
        self._watched = frozenset(name.value for name in scope.properties)
        becomes = table.value(entry, CAT.becomes)
        self._becomes = becomes if isinstance(becomes, NamedNode) else scope.properties[0]

    @property
    def watched(self) -> frozenset[str]:
        """Properties without which there is nothing to do."""
        return self._watched

    @abstractmethod
    def edits(self, graph: Graph) -> Iterator[Edit]:
        """What has to be changed."""

    def _values(self, graph: Graph, node: Term, predicate: NamedNode) -> list[Term]:
        """The values of a property in every form."""
        return [value for form in self._forms(predicate) for value in graph.objects(node, form)]


class Rename(Conversion):
    """The same value under another property."""

    def __init__(self, scope: Scope, table: Graph, entry: Node) -> None:
        super().__init__(scope, table, entry)
        self._single = table.text(entry, CAT.single) == "true"

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """Every statement, unless its new place is taken or it shares it with others."""
        for found in self._scope.statements(graph):
            taken = self._single and (
                self._values(graph, found.subject, self._becomes)
                or len(graph.objects(found.subject, found.predicate)) > 1
            )
            if not taken:
                yield replacing(found, Statement(found.subject, self._becomes, found.object), self._scope.why())


class Carry(Conversion):
    """The same value, said of a neighbour; nothing is carried when there is not exactly one."""

    def __init__(self, scope: Scope, table: Graph, entry: Node) -> None:
        super().__init__(scope, table, entry)
        self._along, self._against = table.value(entry, CAT.along), table.value(entry, CAT.against)

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """Every statement whose subject has one such neighbour."""
        for found in self._scope.statements(graph):
            neighbours = self._neighbours(graph, found.subject)
            if len(neighbours) == 1:
                yield replacing(found, Statement(neighbours.pop(), self._becomes, found.object), self._scope.why())

    def _neighbours(self, graph: Graph, node: Node) -> set[Node]:
        if isinstance(self._along, NamedNode):
            return {value for value in self._values(graph, node, self._along) if not isinstance(value, Literal)}
        against = self._against if isinstance(self._against, NamedNode) else self._becomes
        return {other for form in self._forms(against) for other in graph.subjects(form, node)}


class AsText(Conversion):
    """A link becomes the one notation of what it points to, else the text of the link."""

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """Every link; a blank node without one notation stays."""
        for found in self._scope.statements(graph):
            codes = self._values(graph, found.object, SKOS.notation)
            text = codes[0] if len(codes) == 1 else None
            if not isinstance(text, Literal) and isinstance(found.object, NamedNode):
                text = Literal(found.object.value)
            if isinstance(text, Literal):
                yield replacing(found, Statement(found.subject, self._becomes, text), self._scope.why())


class Unlist(Conversion):
    """The members of an RDF list become values of their own."""

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """Every list; its cells go with it."""
        for found in self._scope.statements(graph):
            members = graph.items(found.object)
            if members:
                values = [Statement(found.subject, found.predicate, member) for member in members]
                told = Note(
                    NoteKind.REPAIRED, found.predicate.value, "a list", f"{len(members)} values", self._scope.why()
                )
                yield Edit(found.subject, told, (found, *_cells(graph, found.object)), tuple(values))


class Recode(Conversion):
    """A value of an older list becomes that of the current one."""

    def __init__(self, scope: Scope, table: Graph, entry: Node) -> None:
        super().__init__(scope, table, entry)
        self._codes: dict[str, Term] = {}
        for mapping in table.objects(entry, CAT.mapping):
            concept = table.value(mapping, SKOS.exactMatch)
            if concept is not None:
                self._codes[table.text(mapping, CAT.local) or ""] = concept

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """Every value that the table knows."""
        for found in self._scope.statements(graph):
            concept = self._codes.get(str(found.object.value))
            if concept is not None:
                yield replacing(found, Statement(found.subject, found.predicate, concept), self._scope.why())


class Contact(Conversion):
    """Contact details of an organisation in a role become its contact point."""

    def __init__(self, scope: Scope, table: Graph, entry: Node) -> None:
        super().__init__(scope, table, entry)
        roles = table.objects(entry, CAT.inRole)
        self._roles = tuple(form for role in roles if isinstance(role, NamedNode) for form in scope.forms(role))
        self._details = [
            (Scope.read(table, detail, scope.forms), table.value(detail, CAT.becomes))
            for detail in table.objects(entry, CAT.detail)
        ]

    def edits(self, graph: Graph) -> Iterator[Edit]:
        """One contact point for each organisation that has details of one contact, and no contact point."""
        agents = dict.fromkeys(
            agent
            for role in self._roles
            for agent, holders in graph.inverse(role.value).items()
            if isinstance(agent, NamedNode | BlankNode) and any(self._scope.holds(graph, holder) for holder in holders)
        )
        for agent in agents:
            if self._values(graph, agent, self._becomes):
                continue
            links = [
                Statement(agent, predicate, value)
                for predicate in self._scope.properties
                for value in graph.objects(agent, predicate)
            ]
            nodes = [link for link in links if link.object in graph]
            if len(nodes) == 1:
                yield from self._of_node(graph, agent, nodes[0])
            elif len(links) == 1:
                yield from self._of_agent(graph, agent, links[0])

    def _of_node(self, graph: Graph, agent: Node, link: Statement) -> Iterator[Edit]:
        contact: Node = link.object  # type: ignore[assignment]
        details = self._stated(graph, contact, contact)
        if details:
            kind = (
                ()
                if CV.ContactPoint in graph.objects(contact, RDF.type)
                else (Statement(contact, RDF.type, CV.ContactPoint),)
            )
            becomes = Statement(agent, self._becomes, contact)
            yield replacing(link, becomes, self._scope.why(), *kind, *details)

    def _of_agent(self, graph: Graph, agent: Node, link: Statement) -> Iterator[Edit]:
        contact = BlankNode()
        details = self._stated(graph, agent, contact)
        if details:
            added = (Statement(agent, self._becomes, contact), Statement(contact, RDF.type, CV.ContactPoint), *details)
            text = ", ".join(str(detail.object.value) for detail in details)
            told = Note(NoteKind.REPAIRED, link.predicate.value, text, self._becomes.value, self._scope.why())
            yield Edit(agent, told, (), added)

    def _stated(self, graph: Graph, holder: Node, contact: Node) -> list[Statement]:
        """The details of ``holder`` as those of a contact point."""
        found = []
        for scope, becomes in self._details:
            for predicate in scope.properties:
                for value in graph.objects(holder, predicate):
                    detail = self._detail(graph, value, scope.kind == SH.Literal)
                    if detail is not None and isinstance(becomes, NamedNode):
                        found.append(Statement(contact, becomes, detail))
        return list(dict.fromkeys(found))

    def _detail(self, graph: Graph, value: Term, as_text: bool) -> Term | None:
        inner = [one for name in (VCARD.hasValue, VCARD.value) for one in self._values(graph, value, name)]
        if inner:
            value = inner[0]
        if isinstance(value, BlankNode):
            return None
        text = value.value.removeprefix("mailto:").removeprefix("tel:").strip()
        if as_text:
            return Literal(text) if text else None
        return link(text) if text.startswith(("http://", "https://")) else None


def _cells(graph: Graph, head: Term) -> list[Statement]:
    """The statements that make a list."""
    cells: list[Statement] = []
    while not isinstance(head, Literal) and graph.objects(head, RDF.first):
        for predicate in (RDF_TYPE, RDF.first.value, RDF.rest.value):
            cells += [Statement(head, NamedNode(predicate), value) for value in graph.outgoing(head).get(predicate, ())]
        if len(cells) > 30_000:
            break
        head = graph.objects(head, RDF.rest)[0] if graph.objects(head, RDF.rest) else RDF.nil
    return cells


CONVERSIONS: dict[str, type[Conversion]] = {
    kind.__name__: kind for kind in (Rename, Carry, AsText, Unlist, Recode, Contact)
}
"""By their name in the table."""
