"""Writes the publishable facts of one DICOM folder as a HealthDCAT-AP Release 8 dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.graphs import Graph, Literal, NamedNode
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCAT, DCT, EU, EUCAIM, HDEU, HEALTH, RDFS, SKOS, XSD
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk
from harvesters._dicom_header import SCHEMES, meaning
from harvesters._persons import measure, number, state_persons

DCM = SCHEMES["DCM"]
METRICS = {
    "readable": CAT.readableShare,
    "identity_removed": CAT.identityRemovedShare,
    "burned_in": CAT.burnedInShare,
    "burned_in_unstated": CAT.burnedInUnstatedShare,
    "recognisable": CAT.recognisableShare,
    "recognisable_unstated": CAT.recognisableUnstatedShare,
}
STATEMENT = "Described from the headers of the DICOM files, where they are kept; only aggregates left that place."
EMRD = HDEU + "healthcategories/EMRD"
CATEGORY = Note(
    NoteKind.MAPPED,
    "Modality",
    result=EMRD,
    reason="images are other health data from medical devices, http://data.europa.eu/eli/reg/2025/327/art_51/par_1/pnt_n/oj",
)


def describe(facts: Mapping[str, Any], iri: str, identifier: str, source: Source) -> tuple[Graph, list[Note]]:
    """The description made of :class:`~harvesters._dicom_summary.Summary` facts and of what the node file states."""
    graph = Graph()
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    dataset.add(DCT.identifier, Literal(identifier))
    dataset.add(DCAT.theme, NamedNode(EU + "data-theme/HEAL"))
    dataset.add(HEALTH.healthCategory, NamedNode(EMRD))
    dataset.add(DCT.conformsTo, NamedNode(HDEU + "standard/DICOM"))
    dataset.add(HEALTH.hasStructuredData, Literal("false", datatype=XSD.boolean))
    state_counts(dataset, facts)
    state_imaging(dataset, facts)
    _quality(dataset, facts)
    notes = [CATEGORY, *apply_defaults(graph, dataset.node, source)]
    if not graph.objects(dataset.node, DCT.title):
        dataset.text(DCT.title, source.title)
        notes.append(Note(NoteKind.DEFAULTED, DCT.title.value, result=source.title, reason=f"title of {source.iri}"))
    if not graph.objects(dataset.node, DCT.provenance):
        dataset.part(DCT.provenance, DCT.ProvenanceStatement).text(RDFS.label, STATEMENT)
    return graph, notes


def state_counts(dataset: Subject, facts: Mapping[str, Any]) -> None:
    """State how many persons, studies, series and instances there are, by sex, age, modality and time."""
    counts = facts.get("counts", {})
    state_persons(dataset, facts)
    for name, predicate in (("studies", HEALTH.numberOfRecords), ("annotated_studies", EUCAIM.nbrOfSegmentations)):
        if name in counts:
            dataset.count(predicate, counts[name])
    for name, metric in (("series", CAT.seriesCount), ("instances", CAT.instanceCount)):
        if name in counts:
            measure(dataset, metric, number(counts[name]))
    for code, persons in facts.get("modality", {}).items():
        for concept in _modality(code):
            measure(dataset, CAT.personsByModality, number(persons), concept)


def state_imaging(dataset: Subject, facts: Mapping[str, Any]) -> None:
    """State modalities, body parts, manufacturers, labels of segments and the finest spacing."""
    for code in facts["modalities"]:
        dataset.add(EUCAIM.hasImageModality, *_modality(code))
    dataset.add(EUCAIM.hasImageBodyPart, *(NamedNode(part) for part in facts["body_parts"]))
    dataset.add(EUCAIM.hasEquipmentManufacturer, *(NamedNode(maker) for maker in facts["manufacturers"]))
    for label in facts["segment_labels"]:
        concept = Subject(dataset.graph, NamedNode(label), SKOS.Concept)
        dataset.add(EUCAIM.hasAnnotationLabel, concept.node)
        concept.text(SKOS.prefLabel, meaning("cid7151", label.rsplit("/", 1)[1]))
    if "spacing_millimetres" in facts:
        metres = f"{facts['spacing_millimetres'] / 1000:.6f}"
        dataset.add(DCAT.spatialResolutionInMeters, Literal(metres, datatype=XSD.decimal))


def _modality(code: str) -> Iterator[NamedNode]:
    reading = crosswalk("dicom-modality").find(code)
    yield from (NamedNode(concept) for concept in (reading.concepts if reading else ()))


def _quality(dataset: Subject, facts: Mapping[str, Any]) -> None:
    """State shares of instances, where instances were looked at."""
    for name, share in facts.get("shares", {}).items():
        measure(dataset, METRICS[name], _share(share))
    for code, share in facts.get("deidentification", {}).items():
        concept = Subject(dataset.graph, NamedNode(DCM + code), SKOS.Concept)
        concept.text(SKOS.prefLabel, meaning("cid7050", code))
        measure(dataset, CAT.deidentificationShare, _share(share), concept.node)


def _share(value: float) -> Literal:
    return Literal(f"{value:.2f}", datatype=XSD.decimal)
