"""Reads elements, criteria and schemes of the label out of a graph that the rulebook's own shapes have accepted."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.graphs import Graph, NamedNode
from catalogue.names import CAT, DCT, DQV, RDF, SKOS
from catalogue.quality import Basis, Criterion, Dimension, Element, Level, Scheme
from catalogue.rulebook_reading import named, texts


def elements(graph: Graph) -> tuple[Element, ...]:
    """The elements of the label by letter."""
    found = [
        Element(
            node.value, graph.text(node, DCT.identifier) or "", _names(graph, node), _value(graph, node, DCT.source)
        )
        for node in named(graph, CAT.Element)
    ]
    return tuple(sorted(found, key=lambda element: element.letter))


def dimensions(graph: Graph) -> dict[str, Dimension]:
    """The dimensions by IRI, in the order of the file."""
    return {
        node.value: Dimension(node.value, _names(graph, node), _value(graph, node, DQV.inCategory))
        for node in named(graph, CAT.Dimension)
    }


def criteria(graph: Graph, within: Mapping[str, Dimension]) -> tuple[Criterion, ...]:
    """The criteria in the order of the file; ``within`` tells the element of a dimension."""
    return tuple(_criterion(graph, node, within) for node in named(graph, CAT.Criterion))


def _criterion(graph: Graph, node: NamedNode, within: Mapping[str, Dimension]) -> Criterion:
    dimension = _value(graph, node, DQV.inDimension)
    levels = (_level(graph, level) for level in graph.objects(node, CAT.level) if isinstance(level, NamedNode))
    return Criterion(
        iri=node.value,
        identifier=graph.text(node, DCT.identifier) or "",
        name=_names(graph, node),
        question=texts(graph, node, SKOS.definition),
        dimension=dimension,
        element=within[dimension].element,
        provision=_value(graph, node, DCT.source),
        levels=tuple(sorted(levels, key=lambda level: level.value)),
        obtained=frozenset(Basis(iri) for iri in _iris(graph, node, CAT.obtained)),
        evidence=texts(graph, node, CAT.evidence),
        effort=int(graph.text(node, CAT.effort) or 1),
        decisive=_is(graph, node, CAT.decisive),
        needs_link=_is(graph, node, CAT.needsLink),
        optional=_is(graph, node, CAT.optional),
        pointless_for=_iris(graph, node, CAT.pointlessFor),
        gate=_is(graph, node, CAT.gate),
    )


def _level(graph: Graph, node: NamedNode) -> Level:
    return Level(
        iri=node.value,
        value=int(graph.text(node, RDF.value) or 0),
        name=_names(graph, node),
        requires=_iris(graph, node, CAT.requires),
        respects=_iris(graph, node, CAT.respects),
        conformance=_is(graph, node, CAT.conforms),
    )


def schemes(graph: Graph) -> tuple[Scheme, ...]:
    """The schemes, the one that is used unasked first, then by name."""
    default = {node.value for node in named(graph, CAT.DefaultLabelScheme)}
    found = [_scheme(graph, node) for node in named(graph, CAT.LabelScheme)]
    return tuple(sorted(found, key=lambda scheme: (scheme.iri not in default, scheme.name)))


def _scheme(graph: Graph, node: NamedNode) -> Scheme:
    weights = [(graph.value(w, CAT.criterion), graph.text(w, CAT.weight)) for w in graph.objects(node, CAT.weighs)]
    limits = graph.value(node, CAT.starLimits)
    weight_of = {criterion.value: float(weight) for criterion, weight in weights if criterion and weight}
    return Scheme(
        iri=node.value,
        name=graph.text(node, DCT.identifier) or "",
        title=texts(graph, node, DCT.title),
        limits=tuple(float(limit.value) for limit in graph.items(limits)) if limits else (),
        total=float(graph.text(node, CAT.total) or sum(weight_of.values())),
        weights=weight_of,
    )


def _names(graph: Graph, node: NamedNode) -> Mapping[str, str]:
    return texts(graph, node, SKOS.prefLabel)


def _value(graph: Graph, node: NamedNode, predicate: NamedNode) -> str:
    found = graph.value(node, predicate)
    return found.value if found else ""


def _iris(graph: Graph, node: NamedNode, predicate: NamedNode) -> frozenset[str]:
    return frozenset(term.value for term in graph.objects(node, predicate))


def _is(graph: Graph, node: NamedNode, predicate: NamedNode) -> bool:
    return graph.text(node, predicate) == "true"
