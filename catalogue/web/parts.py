"""The parts of a dataset: distributions, samples, statistics, and the variables of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.graphs import Graph, NamedNode, Term
from catalogue.names import ADMS, CSVW, DCAT, DCATAP, DCT, HEALTH, ODRL
from catalogue.web.facts import Row, Spec, literal, rows
from catalogue.web.phrases import _
from catalogue.web.reading import Said, said
from catalogue.web.shown import Shown, safe, show, size

VARIABLES = 500
"""Most variables of one table on the page; the RDF holds them all."""

_DISTRIBUTION: Sequence[Spec] = (
    (_("Size"), DCAT.byteSize, size),
    (_("Format"), DCT["format"], None),
    (_("Media type"), DCAT.mediaType, None),
    (_("Compression"), DCAT.compressFormat, None),
    (_("Licence"), DCT.license, None),
    (_("Conditions"), DCT.rights, None),
    (_("Policy"), ODRL.hasPolicy, None),
    (_("Standard"), DCT.conformsTo, None),
    (_("Availability"), DCATAP.availability, None),
    (_("Status"), ADMS.status, None),
)
_KINDS = (
    (_("Data"), DCAT.distribution),
    (_("Sample"), ADMS.sample),
    (_("Statistics about the data"), HEALTH.analytics),
)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One form in which the data, a sample or statistics about them can be had."""

    kind: str
    title: Said
    note: Said | None
    rows: Sequence[Row]
    access: Sequence[Shown]
    downloads: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of a table in the data."""

    name: str
    title: Said | None
    kind: str
    note: Said | None
    concept: Shown | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the data."""

    title: Said
    variables: Sequence[Variable]
    more: int
    """Variables beyond :data:`VARIABLES`."""


def distributions(graph: Graph, dataset: NamedNode) -> list[Distribution]:
    """Everything that can be had, the data first."""
    return [
        Distribution(
            kind=kind,
            title=said(graph, term, DCT.title) or Said(kind),
            note=said(graph, term, DCT.description),
            rows=rows(graph, term, _DISTRIBUTION),
            access=[_address(o) for o in graph.objects(term, DCAT.accessURL)],
            downloads=[_address(o) for o in graph.objects(term, DCAT.downloadURL)],
        )
        for kind, predicate in _KINDS
        for term in graph.objects(dataset, predicate)
    ]


def licences(graph: Graph, dataset: NamedNode) -> list[str]:
    """The addresses of the licences of a dataset and its distributions."""
    places = (dataset, *graph.objects(dataset, DCAT.distribution))
    found = (str(one.value) for place in places for one in graph.objects(place, DCT.license))
    return list(dict.fromkeys(one for one in found if safe(one)))


def _address(term: Term) -> Shown:
    return Shown(Said(str(term.value)), safe(str(term.value)))


def tables(graph: Graph, dataset: NamedNode) -> list[Table]:
    """The data dictionary (CSV on the Web)."""
    return [
        _table(graph, group, table)
        for group in graph.objects(dataset, HEALTH.hasVariables)
        for table in _members(graph, group, CSVW.table) or [group]
    ]


def _table(graph: Graph, group: Term, table: Term) -> Table:
    schemas = graph.objects(table, CSVW.tableSchema)
    columns = [column for place in (table, *schemas) for column in _members(graph, place, CSVW.column)]
    title = said(graph, table, DCT.title, CSVW.title, CSVW.titles) or said(graph, group, DCT.title)
    return Table(
        title=title or Said(_("Variables")),
        variables=[_variable(graph, column) for column in columns[:VARIABLES]],
        more=max(0, len(columns) - VARIABLES),
    )


def _variable(graph: Graph, column: Term) -> Variable:
    concept = graph.value(column, CSVW.propertyUrl)
    kind = graph.value(column, CSVW.datatype)
    return Variable(
        name=literal(graph, column, CSVW.name),
        title=said(graph, column, CSVW.title, CSVW.titles, DCT.title),
        kind=str(kind.value).rsplit("#", 1)[-1] if kind is not None else "",
        note=said(graph, column, DCT.description),
        concept=show(concept, graph) if concept is not None else None,
    )


def _members(graph: Graph, subject: Term, predicate: NamedNode) -> list[Term]:
    """The values of a property, those of a list one by one."""
    return [member for term in graph.objects(subject, predicate) for member in (graph.items(term) or [term])]
