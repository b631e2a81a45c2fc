"""Reads node files: one Turtle file a source, checked by ``shapes/node.ttl``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import isodate

from catalogue.errors import BadRdf, ConfigurationError
from catalogue.graphs import BlankNode, Graph, NamedNode, Node, parse
from catalogue.model import Check, Finding, Source
from catalogue.names import CAT, DCAT, DCT, SH, Minted


def read_node(content: bytes, where: str, minted: Minted, shapes: Graph, check: Check) -> Source:
    """One node file as a :class:`Source`.

    Raises :class:`~catalogue.errors.ConfigurationError` naming every setting that is missing or wrong.
    """
    base = minted.base + "node/"
    try:
        graph = Graph(parse(content, "text/turtle", base=base + "this", where=where))
    except BadRdf as error:
        raise ConfigurationError(error.what, where=error.where, remedy=error.remedy) from error
    nodes = graph.instances(CAT.Node)
    if len(nodes) != 1:
        raise ConfigurationError(
            f"a node file describes one cat:Node, this one {len(nodes)}",
            where=where,
            remedy="begin the file with `<> a cat:Node ;`",
        )
    problems = [_sentence(finding, shapes) for finding in check(shapes, graph)]
    if problems:
        raise ConfigurationError(
            "; ".join(sorted(problems)), where=where, remedy="compare with the node files in harvesters/nodes"
        )
    return _source(graph, nodes[0], minted)


def _sentence(finding: Finding, shapes: Graph) -> str:
    message = shapes.text(NamedNode(finding.rule), SH.message, "en") or finding.rule
    return f"{message} ({finding.value})" if finding.value is not None else message


def _source(graph: Graph, node: Node, minted: Minted) -> Source:
    name = graph.text(node, DCT.identifier) or ""
    grace = graph.text(node, CAT.gracePeriod)
    contact = graph.value(node, DCAT.contactPoint)
    template = graph.value(node, CAT.defaults)
    specification = graph.value(node, CAT.specification)
    return Source(
        name=name,
        iri=minted.node(name),
        title=graph.text(node, DCT.title, "en") or name,
        kind=graph.text(node, CAT.kind) or "",
        endpoint=graph.text(node, CAT.endpoint) or "",
        namespace=graph.text(node, CAT.namespace) or minted.dataset_namespace(name),
        expected_minimum=int(graph.text(node, CAT.expectedMinimum) or 1),
        grace=_duration(grace) if grace else timedelta(days=14),
        contact=str(contact.value).removeprefix("mailto:") if contact is not None else "",
        specification=specification.value if specification is not None else None,
        defaults=graph.described(template) if isinstance(template, BlankNode) else Graph(),
        template=template,
        options=_options(graph, node),
        registers=tuple(sorted(str(one.value) for one in graph.objects(node, CAT.register))),
        schedule=graph.text(node, CAT.schedule) or "",
    )


def _duration(text: str) -> timedelta:
    duration = isodate.parse_duration(text)
    return duration if isinstance(duration, timedelta) else duration.totimedelta(start=isodate.parse_date("2000-01-01"))


def _options(graph: Graph, node: Node) -> Mapping[str, str]:
    pairs = ((graph.text(o, CAT.name), graph.text(o, CAT.value)) for o in graph.objects(node, CAT.option))
    return {name: value for name, value in pairs if name and value is not None}


def node_graph(content: bytes, minted: Minted, name: str) -> Graph:
    """The node file as RDF about ``<base>node/<name>``, for the store."""
    return Graph(parse(content, "text/turtle", base=minted.node(name)))
