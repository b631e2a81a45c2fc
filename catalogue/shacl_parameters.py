"""Reads the parameters of one shape strictly: what is ill-formed is an error when shapes are loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from catalogue.errors import RulebookError
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import RDF, SH, XSD
from catalogue.shacl_paths import View

Test: TypeAlias = Callable[[View, Term], bool]
"""Whether one value node is as it should be."""
Nested: TypeAlias = Callable[[Term], Test]
"""Compiles a shape that another refers to; the test is whether a node conforms to it."""

_TRUE, _FALSE = Literal(True), Literal(False)


class Parameters:
    """The statements of one shape, read strictly."""

    def __init__(self, shapes: Graph, shape: Term) -> None:
        self.shapes = shapes
        self.shape = shape
        self._values = shapes.outgoing(shape)
        size = len(SH.iri)
        self._named = {iri[size:]: values for iri, values in self._values.items() if iri.startswith(SH.iri)}

    @property
    def where(self) -> str:
        """How error messages name the shape."""
        if isinstance(self.shape, NamedNode):
            return self.shape.value
        path = self._values.get(SH.path.value, ())
        return f"a shape without a name, sh:path {path[0]}" if path else "a shape without a name"

    def refusal(self, what: str, remedy: str) -> RulebookError:
        """An error that names this shape."""
        return RulebookError(what, where=self.where, remedy=remedy)

    def every(self, name: str) -> Sequence[Term]:
        """All values of one parameter, by local name."""
        return self._named.get(name, ())

    def one(self, name: str) -> Term | None:
        """The value of a parameter that may have only one."""
        values = self.every(name)
        if len(values) > 1:
            raise self.refusal(f"sh:{name} has {len(values)} values", "give it one")
        return values[0] if values else None

    def integer(self, name: str) -> int | None:
        """A count or length."""
        value = self.one(name)
        if value is None:
            return None
        if not isinstance(value, Literal) or value.datatype != XSD.integer or not value.value.isdecimal():
            raise self.refusal(f"sh:{name} {value} is not a count", "give a plain integer of 0 or more")
        return int(value.value)

    def boolean(self, name: str) -> bool:
        """A switch, off when not given."""
        value = self.one(name)
        if value is None:
            return False
        if value not in (_TRUE, _FALSE):
            raise self.refusal(f"sh:{name} {value} is not a truth value", "write true or false")
        return value == _TRUE

    def members(self, name: str, head: Term) -> list[Term]:
        """The members of a list that is a parameter's value."""
        members, seen = [], set()
        while head != RDF.nil:
            first, rest = self.shapes.objects(head, RDF.first), self.shapes.objects(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise self.refusal(f"the value of sh:{name} is not a list", "write the members in brackets: ( … )")
            seen.add(head)
            members.append(first[0])
            head = rest[0]
        return members

    def iri(self, name: str, value: Term) -> str:
        """A value that must be an IRI."""
        if not isinstance(value, NamedNode):
            raise self.refusal(f"the value {value} of sh:{name} is not an IRI", "give an IRI")
        return value.value


def component(name: str) -> str:
    """The IRI of a constraint component from the first part of its name."""
    return f"{SH.iri}{name}ConstraintComponent"
