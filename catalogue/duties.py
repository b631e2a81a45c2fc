"""Who must do what: the obligations of the law, and the provisions among them that no rule looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from catalogue.graphs import Graph, NamedNode
from catalogue.model import Provision
from catalogue.names import CAT, DCT, DPV, RDFS
from catalogue.rulebook import Rulebook
from catalogue.rulebook_reading import texts

FIRST = (CAT.HealthDataHolder.value, "https://w3id.org/dpv/legal/eu/ehds#HealthDataAccessBody")
"""Whom a catalogue of dataset descriptions is for."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """What somebody must do under one or more provisions (``dpv:Obligation``)."""

    iri: str
    text: Mapping[str, str]
    """In a few words, by language; "en" is always there."""
    entity: str
    """IRI of the kind of actor it binds."""
    actor: Mapping[str, str]
    """The name of that kind of actor by language."""
    provisions: tuple[str, ...]
    applies_from: date


@dataclass(frozen=True, slots=True)
class Silent:
    """A provision that obliges somebody and that no rule looks at."""

    provision: Provision
    obligation: Obligation
    reason: Mapping[str, str]
    """Why there is no rule, by language."""


def obligations(graph: Graph) -> tuple[Obligation, ...]:
    """Every obligation of the law graph: first those of holders, then of health data access bodies, then all others."""
    found = (_obligation(graph, node) for node in graph.instances(DPV.Obligation) if isinstance(node, NamedNode))
    first = {entity: number for number, entity in enumerate(FIRST)}
    return tuple(sorted(found, key=lambda one: (first.get(one.entity, len(FIRST)), one.applies_from)))


def _obligation(graph: Graph, node: NamedNode) -> Obligation:
    entity = graph.value(node, DPV.hasEntity) or node
    return Obligation(
        iri=node.value,
        text=texts(graph, node, RDFS.label),
        entity=entity.value,
        actor=texts(graph, entity, RDFS.label),
        provisions=tuple(source.value for source in graph.objects(node, DCT.source)),
        applies_from=date.fromisoformat(graph.text(node, CAT.appliesFrom) or ""),
    )


def silences(rulebook: Rulebook) -> Mapping[str, Mapping[str, str]]:
    """The reason why no rule looks at a provision, by the IRI of the provision."""
    graph = rulebook.graph
    stated = ((iri, graph.value(NamedNode(iri), CAT.silence)) for iri in rulebook.provisions)
    return {iri: texts(graph, reason, RDFS.label) for iri, reason in stated if reason is not None}


def silent(rulebook: Rulebook) -> Iterator[Silent]:
    """The provisions that oblige somebody and that no rule looks at, in the order of :func:`obligations`."""
    covered = {iri for rule in rulebook.rules.values() for iri in rule.provisions}
    reasons = silences(rulebook)
    for obligation in obligations(rulebook.graph):
        for iri in obligation.provisions:
            if iri not in covered:
                yield Silent(rulebook.provisions[iri], obligation, reasons[iri])
