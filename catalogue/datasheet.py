"""A datasheet of a dataset from its description alone (AI Act, Annex IV point 2(d)): facts as stated, gaps as gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term
from catalogue.names import CAT, CSVW, DCAT, DCT, FOAF, RDF, RDFS, SKOS, TIME, VCARD
from catalogue.plain import name, pick, visible
from catalogue.rulebook import Rulebook
from catalogue.rulebook_reading import named, texts

NAMES = (SKOS.prefLabel, DCT.title, RDFS.label, FOAF.name, VCARD.fn, CSVW.name, DCT.description)
"""Properties by which a thing in a description is called."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#!~&])")
_INSTANTS = (TIME.inXSDDate, TIME.inXSDDateTimeStamp, TIME.inXSDDateTime, TIME.inXSDgYearMonth, TIME.inXSDgYear)


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that the description states."""

    text: str
    iri: str = ""
    """Of what was stated, when it is a link."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the sheet; without values it is a gap."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the sheet."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Datasheet:
    """What a provider can put into the technical documentation; it never completes it."""

    dataset: str
    title: str
    note: str
    provision: str
    """As it is cited."""
    gap: str
    """What stands where the description says nothing."""
    sections: tuple[Section, ...]


def datasheet(dataset: Term, graph: Graph, rulebook: Rulebook, languages: Sequence[str] = ("en",)) -> Datasheet:
    """The datasheet of a dataset in the first language there is, from its description and the names of concepts."""
    whole = rulebook.graph
    (form,) = named(whole, CAT.Datasheet)
    source = whole.value(form, DCT.source)
    read = _Reader(graph, whole, languages)
    return Datasheet(
        dataset=str(dataset.value),
        title=pick(texts(whole, form, DCT.title), languages).text,
        note=pick(texts(whole, form, SKOS.note), languages).text,
        provision=rulebook.cite(source.value, *languages) if source else "",
        gap=pick(texts(whole, form, CAT.gap), languages).text,
        sections=tuple(
            Section(
                pick(texts(whole, section, SKOS.prefLabel), languages).text,
                tuple(read.field(dataset, field) for field in _listed(whole, section, CAT.fields)),
            )
            for section in _listed(whole, form, CAT.sections)
        ),
    )


def _listed(graph: Graph, node: Term, predicate: NamedNode) -> list[Term]:
    return graph.items(graph.value(node, predicate) or RDF.nil)


class _Reader:
    """Reads the fields of one description."""

    def __init__(self, graph: Graph, known: Graph, languages: Sequence[str]) -> None:
        self._graph, self._known, self._languages = graph, known, languages

    def field(self, dataset: Term, field: Term) -> Field:
        """What the description states for one field."""
        found: list[Term] = []
        for way in self._known.objects(field, CAT.reads):
            nodes: list[Term] = [dataset]
            for step in self._known.items(way):
                if isinstance(step, NamedNode):
                    nodes = [value for node in nodes for value in self._graph.objects(node, step)]
            found += nodes
        title = pick(texts(self._known, field, SKOS.prefLabel), self._languages).text
        return Field(title, tuple(dict.fromkeys(self._values(dict.fromkeys(found)))))

    def _values(self, terms: Iterable[Term]) -> Iterator[Value]:
        """Of translations only the best, of all else everything, in an order that does not depend on the file."""
        terms = list(terms)
        translated: Mapping[str, str] = {
            term.language: term.value for term in terms if isinstance(term, Literal) and term.language
        }
        if translated:
            yield Value(visible(pick(translated, self._languages).text))
        others = [self._value(term) for term in terms if not (isinstance(term, Literal) and term.language)]
        yield from sorted((one for one in others if one.text), key=lambda one: (one.text, one.iri))

    def _value(self, term: Term) -> Value:
        if isinstance(term, Literal):
            return Value(visible(term.value))
        text = name(self._graph, term, NAMES, self._languages).text or self._period(term)
        if isinstance(term, BlankNode):
            return Value(visible(text))
        text = text or name(self._known, term, NAMES, self._languages).text
        return Value(visible(text or term.value), term.value)

    def _period(self, term: Term) -> str:
        first = self._moment(term, DCAT.startDate, TIME.hasBeginning)
        last = self._moment(term, DCAT.endDate, TIME.hasEnd)
        return f"{first or '…'} – {last or '…'}" if first or last else ""

    def _moment(self, period: Term, plain: NamedNode, instant: NamedNode) -> str:
        moment = self._graph.value(period, instant)
        nested = (self._graph.text(moment, form) for form in _INSTANTS) if moment else ()
        return self._graph.text(period, plain) or next((text for text in nested if text), "")


# --- forms ------------------------------------------------------------------------------------------------------------


def as_markdown(sheet: Datasheet) -> str:
    """The sheet as CommonMark; what stands in a description cannot become mark-up."""
    lines = [f"# {_plain(sheet.title)}", "", _link(sheet.dataset), "", f"{_plain(sheet.note)} ({sheet.provision})", ""]
    for section in sheet.sections:
        lines += [f"## {_plain(section.name)}", ""]
        for field in section.fields:
            told = "; ".join(_told(value) for value in field.values) or f"*{sheet.gap}*"
            lines.append(f"- **{_plain(field.name)}:** {told}")
        lines.append("")
    return "\n".join(lines)


def as_json(sheet: Datasheet) -> dict[str, Any]:
    """The sheet as values that JSON knows; a gap is an empty list."""
    return {
        "dataset": sheet.dataset,
        "title": sheet.title,
        "note": sheet.note,
        "provision": sheet.provision,
        "sections": [
            {
                "name": section.name,
                "fields": [
                    {
                        "name": field.name,
                        "values": [{"text": one.text, "iri": one.iri or None} for one in field.values],
                    }
                    for field in section.fields
                ],
            }
            for section in sheet.sections
        ],
    }


def _told(value: Value) -> str:
    if not value.iri:
        return _plain(value.text)
    return _link(value.iri) if value.text == value.iri else f"{_plain(value.text)} ({_link(value.iri)})"


def _link(iri: str) -> str:
    return f"<{iri}>" if re.fullmatch(r"https?://[^\s<>\\]+", iri) else _plain(iri)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text))
