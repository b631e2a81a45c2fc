"""Writes what a profile answers as an assessment document: DQV measurements of one dataset, in Turtle."""

from __future__ import annotations

from datetime import date

from catalogue.errors import BadInput
from catalogue.graphs import Graph, Literal, NamedNode, serialise
from catalogue.names import CAT, DCAT, DCT, DQV, FOAF, OA, PREFIXES, PROV, RDF, RDFS, XSD
from catalogue.profiling import Profile, ProfileOptions, identifier
from catalogue.quality import Answer

_HERE = "urn:x-assessment-document:#"
"""Stands for the document while it is built; written as a relative IRI, for nobody knows where it will be put."""
_PREFIXES = ("cat", "dcat", "dct", "dqv", "foaf", "oa", "prov", "rdfs", "xsd")


def assessment(profile: Profile, options: ProfileOptions) -> bytes:
    """The answers of a profile as ``cat:Assessment`` (basis: measured).

    Raises :class:`~catalogue.errors.BadInput` without the IRI of the dataset, or when nothing was answered.
    """
    if not options.dataset:
        raise BadInput(
            "it is not known which dataset was profiled",
            where="--dataset",
            remedy="give its IRI, or its description by --description FILE",
        )
    if not profile.answers:
        raise BadInput("the profile answers nothing", where=profile.examined, remedy="see what it could not tell")
    graph = Graph()
    root, dataset = NamedNode(_HERE + "assessment"), NamedNode(options.dataset)
    graph.add(root, RDF.type, CAT.Assessment)
    graph.add(root, RDF.type, PROV.Entity)
    graph.add(root, OA.hasTarget, dataset)
    graph.add(root, CAT.basis, CAT.Measured)
    graph.add(root, DCT.issued, _date(options.today))
    if options.by:
        graph.add(root, PROV.wasAttributedTo, NamedNode(options.by))
    if options.valid_until:
        graph.add(root, DCAT.endDate, _date(options.valid_until))
    for answer in profile.answers:
        graph.add(root, DQV.hasQualityMeasurement, _node(answer))
    for answer in profile.answers:
        _measurement(graph, answer, dataset)
    prefixes = {prefix: PREFIXES[prefix] for prefix in _PREFIXES}
    return serialise(graph, "text/turtle", prefixes).replace(b"<" + _HERE.encode(), b"<#")


def _node(answer: Answer) -> NamedNode:
    return NamedNode(_HERE + identifier(answer.criterion))


def _measurement(graph: Graph, answer: Answer, dataset: NamedNode) -> None:
    node = _node(answer)
    graph.add(node, RDF.type, DQV.QualityMeasurement)
    graph.add(node, DQV.computedOn, dataset)
    graph.add(node, DQV.isMeasurementOf, NamedNode(answer.criterion))
    graph.add(node, DQV.value, Literal(str(answer.level), datatype=XSD.integer))
    if answer.figure is not None:
        graph.add(node, CAT.figure, Literal(f"{answer.figure:.1f}", datatype=XSD.decimal))
        graph.add(node, CAT.unit, Literal(answer.unit))
    for link in answer.evidence:
        graph.add(node, FOAF.page, NamedNode(link))
    graph.add(node, RDFS.comment, Literal(answer.note, language="en"))


def _date(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)
