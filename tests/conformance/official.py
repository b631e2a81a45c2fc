"""The official verdict: pySHACL with the files that the validator of HealthDCAT-AP Release 8 loads, for one level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyshacl
import rdflib
from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.namespace import SH as R_SH

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term, Triple
from catalogue.names import EU, SH
from catalogue.shacl_paths import compile_path

LEVELS = ("public", "restricted", "non-public")
EXAMPLES = {
    "oncology": "spec/healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl",
    "arca": "spec/healthdcat-ap-r8/examples/EPRDR/ARCA.ttl",
}

# What validator_config.json lists. Not here: graph-guard.ttl, which only asks that a document has a dataset (ours
# refuses one that has none), and the files of names that were given up, which are not among what is to be had.
DCAT_AP = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "shapes_recommended.ttl")
R8 = (
    "ranges/range.ttl",
    "shapes/{}-shapes.ttl",
    "controlled-vocabularies/mdr-vocabularies.shape.ttl",
    "recommended/{}-shapes_recommended.ttl",
)

HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
ADMS = ("http://purl.org/adms/licencetype/", "http://purl.org/adms/publishertype/")
CLASSES = {
    EU + "language/": "LinguisticSystem",
    EU + "frequency/": "Frequency",
    EU + "country/": "Location",
    EU + "access-right/": "RightsStatement",
    EU + "file-type/": "MediaTypeOrExtent",
    EU + "licence/": "LicenseDocument",
}
"""Classes of the terms of a list, beside skos:Concept: a description need not say what the list says."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing said of one node, by either set of shapes."""

    focus: Term
    path: str
    """IRI of the property, SPARQL path syntax for a complex one, empty for the node as a whole."""
    severity: str
    component: str
    value: Term | None
    rule: str
    """Our rule; empty for an official result, whose shapes have no names."""

    @property
    def place(self) -> Place:
        return str(self.focus), self.path, self.severity


Place: TypeAlias = tuple[str, str, str]
"""Focus node, property and severity: what the two verdicts are compared on."""


def in_order(path: str) -> str:
    """A path whose alternatives, if it has any, are in alphabetical order."""
    return "|".join(sorted(path.split("|")))


def local(iri: str) -> str:
    return iri.replace("#", "/").rstrip("/").rsplit("/", 1)[-1]


class Official:
    """The official shapes of all levels, and the vocabularies they look their values up in."""

    def __init__(self, shared: Path, vocabulary: Iterable[Triple]) -> None:
        self._shapes = {level: _shapes(shared, level) for level in LEVELS}
        self._vocabulary: dict[Any, list[Any]] = {}
        for triple in vocabulary:
            subject, predicate, obj = map(to_rdflib, triple)
            self._vocabulary.setdefault(subject, []).append((subject, predicate, obj))

    def results(self, level: str, description: Graph) -> list[Result]:
        """What the official shapes of a level say of the nodes that are described."""
        union = rdflib.Graph()
        for triple in description:
            union.add(tuple(map(to_rdflib, triple)))
        own = set(union.subjects())
        for triple in self._context({*own, *union.objects()}):
            union.add(triple)
        _, report, _ = pyshacl.validate(union, shacl_graph=self._shapes[level], inference="none", advanced=False)
        if not isinstance(report, rdflib.Graph):
            raise AssertionError(report)
        paths = Graph(Triple(*map(from_rdflib, triple)) for triple in report)  # type: ignore[arg-type]
        nodes = [node for node in report.objects(None, R_SH.result) if report.value(node, R_SH.focusNode) in own]
        return [_result(paths, from_rdflib(node)) for node in nodes]

    def _context(self, mentioned: set[Any]) -> Iterable[Any]:
        schemes: set[Any] = set()
        for term in mentioned:
            known = self._vocabulary.get(term, [])
            yield from known
            schemes.update(obj for _, predicate, obj in known if predicate == SKOS.inScheme)
            for prefix, name in CLASSES.items():
                if isinstance(term, rdflib.URIRef) and known and term.startswith(prefix):
                    yield term, RDF.type, DCTERMS[name]
            if isinstance(term, rdflib.URIRef) and str(term).startswith(ADMS):
                yield term, RDF.type, SKOS.Concept
                yield term, SKOS.inScheme, rdflib.URIRef(str(term).rpartition("/")[0] + "/1.0")
        for scheme in schemes | mentioned:
            known = self._vocabulary.get(scheme, [])
            yield from known
            if any(obj == SKOS.ConceptScheme for _, _, obj in known):
                yield scheme, DCTERMS.title, rdflib.Literal("title where the list is published")


def _shapes(shared: Path, level: str) -> rdflib.Graph:
    shapes = rdflib.Graph()
    for name in DCAT_AP:
        shapes.parse(shared / "spec/dcat-ap/releases/3.0.0/html/shacl" / name)
    for name in R8:
        shapes.parse(shared / "spec/healthdcat-ap-r8" / name.format(level))
    for node in list(shapes.objects(None, R_SH.property)):
        if (node, R_SH.path, None) not in shapes:  # the rule about variables; pySHACL refuses it
            shapes.remove((None, R_SH.property, node))
    return shapes


def _result(report: Graph, node: Term) -> Result:
    path = report.value(node, SH.resultPath)
    focus, component = report.value(node, SH.focusNode), report.value(node, SH.sourceConstraintComponent)
    severity = report.value(node, SH.resultSeverity)
    if focus is None or not isinstance(component, NamedNode) or not isinstance(severity, NamedNode):
        raise AssertionError(node)
    where = "" if path is None else in_order(compile_path(report, path, "")[1])
    name = local(component.value).removesuffix("ConstraintComponent")
    return Result(focus, where, local(severity.value), name, report.value(node, SH.value), "")


def to_rdflib(term: Term) -> Any:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    datatype = None if term.language or local(term.datatype.value) == "string" else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def from_rdflib(term: Any) -> Term:
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
