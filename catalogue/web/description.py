"""What a dataset page says about the data, as the description has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.citing import Citation, cite
from catalogue.graphs import Graph, Literal, NamedNode
from catalogue.names import DCAT, DCT
from catalogue.web.facts import TERMS, Row, facts, figures, measurements, rows
from catalogue.web.holders import Agent, bodies, holders
from catalogue.web.parts import Distribution, Table, distributions, tables
from catalogue.web.phrases import ACCESS, ACCESS_UNKNOWN
from catalogue.web.reading import Said, languages, said


@dataclass(frozen=True, slots=True)
class About:
    """The description of a dataset, ready for the page."""

    title: Said
    note: Said | None
    figures: Sequence[Row]
    """The few numbers everyone asks for."""
    facts: Sequence[Row]
    measurements: Sequence[Row]
    access: tuple[str, str]
    """Access rights in a few words and in a sentence."""
    terms: Sequence[Row]
    """Purpose, legal basis, personal data."""
    holders: Sequence[Agent]
    bodies: Sequence[Agent]
    distributions: Sequence[Distribution]
    tables: Sequence[Table]
    keywords: Sequence[Said]
    citation: Citation


def about(graph: Graph, dataset: NamedNode) -> About:
    """Everything the page says about the data of one dataset."""
    title = said(graph, dataset, DCT.title) or Said(dataset.value)
    rights = next((str(o.value) for o in graph.objects(dataset, DCT.accessRights)), "")
    keywords = [o for o in graph.objects(dataset, DCAT.keyword) if isinstance(o, Literal)]
    return About(
        title=title,
        note=said(graph, dataset, DCT.description),
        figures=figures(graph, dataset),
        facts=facts(graph, dataset),
        measurements=measurements(graph, dataset),
        access=ACCESS.get(rights, ACCESS_UNKNOWN),
        terms=rows(graph, dataset, TERMS),
        holders=holders(graph, dataset),
        bodies=bodies(graph, dataset),
        distributions=distributions(graph, dataset),
        tables=tables(graph, dataset),
        keywords=[Said(keyword.value, (keyword.language or "").split("-")[0]) for keyword in keywords],
        citation=cite(graph, dataset, *languages()),
    )
