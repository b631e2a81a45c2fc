"""What the graphic of a label says besides the label, taken from the description and the rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from catalogue.graphic.telling import GraphicFacts
from catalogue.graphs import Graph, Literal, NamedNode, Node
from catalogue.label_words import steps
from catalogue.names import DCT, FOAF, RDFS, SKOS, VCARD
from catalogue.plain import name, pick
from catalogue.quality import Label
from catalogue.rulebook import Rulebook

NAMES = (FOAF.name, DCT.title, RDFS.label, SKOS.prefLabel, VCARD.fn, VCARD["organization-name"])


def facts(
    dataset: Node,
    graph: Graph,
    label: Label,
    rulebook: Rulebook,
    languages: Sequence[str],
    *,
    day: date | None = None,
    link: str = "",
    body: str = "",
) -> GraphicFacts:
    """Title, conditions of use, scheme and what would raise each element most, in the reader's language.

    ``link`` is the page with the reasons, ``body`` the name of the health data access body that ruled, where the
    description does not tell it.
    """
    right = next(iter(graph.objects(dataset, DCT.accessRights)), None)
    access = "" if right is None else str(right.value)
    named = ""
    if right is not None and not isinstance(right, Literal):
        known = name(rulebook.vocabulary, right, (SKOS.prefLabel,), languages)
        named = known.text or name(graph, right, NAMES, languages).text
    ruler = label.ruling.by if label.ruling else ""
    return GraphicFacts(
        title=name(graph, dataset, (DCT.title,), languages).text or str(dataset.value),
        elements=rulebook.elements,
        access=access,
        access_name=named or access,
        scheme=rulebook.scheme(label.scheme).title,
        day=day or date.today(),
        link=link,
        body=body or (name(graph, NamedNode(ruler), NAMES, languages).text if ":" in ruler else ruler),
        gains=_gains(label, rulebook, languages),
    )


def _gains(label: Label, rulebook: Rulebook, languages: Sequence[str]) -> dict[str, str]:
    """By element: the step that earns most for its effort."""
    found: dict[str, str] = {}
    for step in steps(label, rulebook, languages):
        words = f"{pick(step.criterion.name, languages).text}: {pick(step.level.name, languages).text}"
        found.setdefault(step.criterion.element, words)
    return found
