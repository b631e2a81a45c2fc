"""pySHACL behind the same interface as the compiled engine: slow, independent, the reference it must agree with."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

import rdflib
from pyshacl.errors import ReportableRuntimeError
from pyshacl.graph_abstraction import DataGraph
from pyshacl.validator import Validator as Pyshacl
from rdflib.namespace import RDFS
from rdflib.namespace import SH as R_SH

from catalogue.errors import BadInput, ConfigurationError
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term
from catalogue.model import Finding, Report, Severity
from catalogue.names import SH
from catalogue.shacl_compile import refuse_unknown
from catalogue.shacl_paths import compile_path, without_labels

# An ill-typed literal is a finding here, not a mishap that needs a traceback in the log.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


class PyshaclValidator:
    """A :class:`~catalogue.ports.Validator`; one validation at a time in each profile."""

    def __init__(self, profiles: Mapping[str, Graph], context: Graph) -> None:
        apart = without_labels(context)
        self._profiles = {iri: _Profile(shapes, apart) for iri, shapes in profiles.items()}

    def validate(self, graph: Graph, profile: str) -> Report:
        """Check a description.

        Raises :class:`~catalogue.errors.ConfigurationError` for a profile there is not, and
        :class:`~catalogue.errors.BadInput` where pySHACL gives up, as it does when asked to order blank nodes.
        """
        if profile not in self._profiles:
            raise ConfigurationError(f"there is no profile {profile}", remedy="use one of " + ", ".join(self._profiles))
        try:
            findings, tested = self._profiles[profile].validate(_to_rdflib(graph))
        except ReportableRuntimeError as error:
            raise BadInput(f"pySHACL gave up: {error.message}", remedy="use the compiled engine") from error
        return Report(profile, tuple(findings), tested)


class _Profile:
    """The shapes of one profile as pySHACL reads them, and the context, which takes in one description at a time."""

    def __init__(self, shapes: Graph, context: Graph) -> None:
        refuse_unknown(shapes)
        self._shapes = shapes
        graph = _to_rdflib(shapes)
        self._union = _to_rdflib(context)
        self._union += graph.triples((None, RDFS.subClassOf, None))
        self._hierarchy = list(self._union.triples((None, RDFS.subClassOf, None)))
        self._data = DataGraph.from_rdflib_graph(self._union)
        pyshacl = Pyshacl(self._data, shacl_graph=graph)
        self._executor = pyshacl.make_executor()
        self._compiled = list(pyshacl.shacl_graph.shapes)
        self._lock = Lock()

    def validate(self, description: rdflib.Graph) -> tuple[list[Finding], dict[str, int]]:
        """Focus nodes are sought in the description and the hierarchy of classes, values also in the context."""
        description += self._hierarchy
        with self._lock:
            added = [triple for triple in description if triple not in self._union]
            self._union += added
            try:
                return self._results(description)
            finally:
                self._union -= added

    def _results(self, description: rdflib.Graph) -> tuple[list[Finding], dict[str, int]]:
        found: list[Finding] = []
        tested: dict[str, int] = defaultdict(int)
        for shape in self._compiled:
            focus = shape.focus_nodes(description)
            if not focus or shape.deactivated:
                continue
            _, results = shape.validate(self._executor, self._data, focus=focus)
            found += [self._finding(result, triples) for _, result, triples in results]
            self._count(shape, focus, tested)
        return found, dict(tested)

    def _finding(self, result: Any, triples: Iterable[tuple[Any, Any, Any]]) -> Finding:
        said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == result}
        path = said.get(R_SH.resultPath)
        value = said.get(R_SH.value)
        return Finding(
            rule=self._cited_as(said[R_SH.sourceShape]),
            focus=_from_rdflib(said[R_SH.focusNode]),
            path=None if path is None else compile_path(self._shapes, _from_rdflib(path), "")[1],
            value=None if value is None else _from_rdflib(value),
            component=str(said[R_SH.sourceConstraintComponent]),
            severity=Severity(str(said[R_SH.resultSeverity])),
        )

    def _cited_as(self, shape: rdflib.term.Node) -> str:
        node = _from_rdflib(shape)
        while not isinstance(node, NamedNode):
            parents = self._shapes.subjects(SH.property, node)
            if not parents:
                return str(node)
            node = parents[0]
        return node.value

    def _count(self, shape: Any, focus: Iterable[Any], tested: dict[str, int]) -> None:
        """Walk the paths of a shape and its property shapes, as far as results are reported."""
        if shape.deactivated:
            return
        parameters = self._shapes.outgoing(_from_rdflib(shape.node))
        values = shape.value_nodes(self._data, focus)
        if _says(parameters, _OWN):
            presence = not shape.is_property_shape or _says(parameters, _PRESENCE)
            count = len(values) if presence else sum(len(reached) for reached in values.values())
            if count:
                tested[self._cited_as(shape.node)] += count
        for reached in values.values():
            for node in shape.property_shapes():
                if reached:
                    self._count(shape.get_other_shape(node), reached, tested)


_PRESENCE = ("minCount", "hasValue", "qualifiedMinCount", "equals")
_OWN = (
    *("minCount", "maxCount", "hasValue", "equals", "disjoint", "lessThan", "lessThanOrEquals", "uniqueLang", "closed"),
    *("nodeKind", "datatype", "class", "in", "pattern", "minLength", "maxLength", "languageIn"),
    *("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"),
    *("node", "and", "or", "not", "xone", "qualifiedValueShape"),
)


def _says(parameters: Mapping[str, list[Term]], names: Iterable[str]) -> bool:
    """Whether a shape has one of these parameters with a value that asks for something."""
    for name in names:
        values = parameters.get(SH[name].value)
        idle = ("0",) if name in ("minCount", "qualifiedMinCount") else ("false",)
        if values and values[0].value not in idle:
            return True
    return False


def _to_rdflib(graph: Graph) -> rdflib.Graph:
    copy = rdflib.Graph()
    for subject, predicate, obj in graph:
        copy.add((_term(subject), _term(predicate), _term(obj)))
    return copy


def _term(term: Term) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # normalize=False: rdflib would otherwise rewrite "05"^^xsd:integer to "5" and hide what was harvested.
    datatype = None if term.datatype.value.endswith("#string") else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def _from_rdflib(term: Any) -> Term:
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
