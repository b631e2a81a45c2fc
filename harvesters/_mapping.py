"""Turns a source record into RDF by a table in ``vocab/mappings``, and says what the table made nothing of.

A record is JSON, or XML or a table row read as such: dictionaries, lists, texts and numbers. A list stands for several
values wherever it appears; ``{"en": "Heart", "de": "Herz"}`` for a text in several languages. ``docs/mappings.md``
explains the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias

from catalogue.errors import ConfigurationError
from catalogue.graphs import BlankNode, Graph, NamedNode, Node, Term, parse
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCAT, RDF
from catalogue.resources import read_files
from catalogue.words import clean
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import table as crosswalk
from harvesters._forms import FORMS, How, Unreadable

BASE = "https://w3id.org/ehds-catalogue/mapping/"
ITSELF = "."
"""The field of a line that reads the value which its part was made of."""

Path: TypeAlias = tuple[str, ...]
Place: TypeAlias = tuple[str | int, ...]
"""Where a value stands in one record: keys, and numbers of list items."""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one field."""

    path: Path
    """Keys from the record, or from the value that the part was made of; empty for that value itself."""
    property: NamedNode | None
    """None for a field that is left out on purpose."""
    form: str = "Plain"
    how: How = field(default_factory=How)
    types: tuple[NamedNode, ...] = ()
    """Classes of the node that the value is, or becomes."""
    name: Path = ()
    """The field with the IRI of the part."""
    lines: tuple[Line, ...] = ()
    """What becomes of the fields of the value; with them the value is a part, a node of its own."""
    constant: Term | None = None
    """Stated of every part, whatever the record says."""
    separator: str = ""
    """What stands between several values in one text."""
    left_out: str = ""
    """Why nothing is made of the field."""


@dataclass(frozen=True, slots=True)
class Table:
    """One mapping."""

    iri: str
    lines: tuple[Line, ...]


def describe(table: str, record: Any, iri: str, source: Source) -> tuple[Graph, list[Note]]:
    """The dataset that a record describes, with the defaults of its node, and every decision behind it.

    ``table`` is the name of a file in ``vocab/mappings``. Texts are in the language that the option ``language`` of the
    node names, else English. Only for sources without values of persons: notes quote what the table makes nothing of.
    """
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    notes = fill(dataset, table, record, language=source.options.get("language", "en"))
    notes += apply_defaults(graph, dataset.node, source)
    return graph, notes


def fill(subject: Subject, table: str, record: Any, *, language: str = "en") -> list[Note]:
    """State about a node what a table makes of a record; the same notes as :func:`describe`."""
    run = _Run(mapping(table), language)
    run.lines(run.table.lines, record, (), subject)
    return run.notes + run.left(record)


def facts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every single value of a record with its place; what is empty says nothing."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from facts(inner, (*place, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from facts(inner, (*place, number))
    elif (said := _said(value)) != "":
        yield place, said


def name_of(place: Place) -> str:
    """The name of the field at a place: ``resources.url``."""
    return ".".join(str(step) for step in place if not isinstance(step, int))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else clean(str(value)).strip()


class _Run:
    """One record on its way through a table."""

    def __init__(self, table: Table, language: str) -> None:
        self.table = table
        self.language = language
        self.notes: list[Note] = []
        self._seen: set[Place] = set()

    def lines(self, lines: tuple[Line, ...], value: Any, place: Place, subject: Subject) -> None:
        for line in lines:
            if line.constant is not None and line.property is not None:
                subject.add(line.property, line.constant)
                continue
            for at, found in _reach(value, line.path, place):
                self._take(line, found, at, subject)

    def _take(self, line: Line, value: Any, place: Place, subject: Subject) -> None:
        if line.property is None:
            for at, said in facts(value, place):
                self._seen.add(at)
                self._unmapped(at, said, line.left_out)
        elif line.lines:
            self._part(line, line.property, value, place, subject)
        elif not isinstance(value, dict):
            self._values(line, line.property, _said(value), place, subject, self.language)
        elif line.form == "Text":
            for language, said in value.items():
                self._values(line, line.property, _said(said), (*place, language), subject, language)

    def _values(
        self, line: Line, predicate: NamedNode, said: str, place: Place, subject: Subject, language: str
    ) -> None:
        for one in said.split(line.separator) if line.separator else (said,):
            self._value(line, predicate, one.strip(), place, subject, language)

    def _part(self, line: Line, predicate: NamedNode, value: Any, place: Place, subject: Subject) -> None:
        name = self._name(line, value, place)
        inner = Graph()
        part = Subject(inner, name or BlankNode())
        self.lines(line.lines, value, place, part)
        said = sum(len(values) for values in inner.outgoing(part.node).values())
        if name is not None or said > sum(one.constant is not None for one in line.lines):
            subject.add(predicate, part.node)
            part.add(RDF.type, *line.types)
            subject.graph.update(inner)

    def _name(self, line: Line, value: Any, place: Place) -> NamedNode | None:
        """The IRI that the record gives a part; what is none stays for other lines, or is left over."""
        for at, found in _reach(value, line.name, place) if line.name else ():
            try:
                [term] = FORMS["Link"](_said(found), line.how)
            except Unreadable:
                continue
            self._seen.add(at)
            return NamedNode(str(term.value))
        return None

    def _value(
        self, line: Line, predicate: NamedNode, said: str, place: Place, subject: Subject, language: str
    ) -> None:
        if not said:
            return
        self._seen.add(place)
        how = replace(line.how, language=language)
        try:
            terms = FORMS[line.form](said, how)
        except Unreadable as error:
            self._unmapped(place, said, str(error))
            return
        subject.add(predicate, *terms)
        for term in terms:
            if line.types and isinstance(term, NamedNode):
                Subject(subject.graph, term, *line.types)
        if line.form == "Term" and how.crosswalk is not None:
            result = " ".join(str(term.value) for term in terms)
            reason = how.crosswalk.iri if result else f"{how.crosswalk.iri}: means nothing"
            self.notes.append(Note(NoteKind.MAPPED, name_of(place), said, result, reason))

    def _unmapped(self, place: Place, said: str, reason: str) -> None:
        self.notes.append(Note(NoteKind.UNMAPPED, name_of(place), said, reason=reason))

    def left(self, record: Any) -> list[Note]:
        """A note on every value that no line looked at."""
        return [
            Note(NoteKind.UNMAPPED, name_of(at), said, reason=f"no line of {self.table.iri}")
            for at, said in facts(record)
            if at not in self._seen
        ]


def _reach(value: Any, path: Path, place: Place) -> Iterator[tuple[Place, Any]]:
    """The values at a path, each with its place; lists on the way, and at its end, are several values."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _reach(inner, path, (*place, number))
    elif not path:
        yield place, value
    elif isinstance(value, dict) and path[0] in value:
        yield from _reach(value[path[0]], path[1:], (*place, path[0]))


@cache
def mapping(name: str) -> Table:
    """The table ``vocab/mappings/<name>.ttl``; ``shapes/mapping.ttl`` says what is in one.

    Raises :class:`~catalogue.errors.ConfigurationError` when the installation lacks it.
    """
    path = f"vocab/mappings/{name}.ttl"
    content = read_files("vocab/mappings").get(path)
    if content is None:
        raise ConfigurationError("the installation lacks a mapping", where=path, remedy="install ehds-catalogue anew")
    graph = Graph(parse(content, "text/turtle", where=path))
    return Table(BASE + name, _lines(graph, NamedNode(BASE + name)))


def _lines(graph: Graph, node: Node) -> tuple[Line, ...]:
    return tuple(
        _line(graph, line) for line in graph.objects(node, CAT.line) if isinstance(line, (NamedNode, BlankNode))
    )


def _line(graph: Graph, node: Node) -> Line:
    prop, form = graph.value(node, CAT.target), graph.value(node, CAT.readAs)
    table = graph.value(node, CAT.crosswalk)
    return Line(
        path=_path(graph.text(node, CAT.sourceField) or ITSELF),
        property=prop if isinstance(prop, NamedNode) else None,
        form=form.value.removeprefix(CAT.iri) if isinstance(form, NamedNode) else "Plain",
        how=How(
            template=graph.text(node, CAT.template) or "",
            crosswalk=crosswalk(str(table.value)) if table is not None else None,
        ),
        types=tuple(kind for kind in graph.objects(node, CAT.nodeType) if isinstance(kind, NamedNode)),
        name=_path(graph.text(node, CAT.nodeName) or ITSELF),
        lines=_lines(graph, node),
        constant=graph.value(node, CAT.constant),
        separator=graph.text(node, CAT.separator) or "",
        left_out=graph.text(node, CAT.leftOut) or "",
    )


def _path(field: str) -> Path:
    return () if field == ITSELF else tuple(field.split("."))
