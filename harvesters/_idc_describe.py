"""Writes one Imaging Data Commons collection as a HealthDCAT-AP Release 8 dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from catalogue.graphs import Graph, Literal, NamedNode
from catalogue.model import Note, NoteKind, Source
from catalogue.names import ADMS, DCAT, DCT, EU, EUCAIM, FOAF, HDEU, HEALTH, RDF, RDFS, SKOS, XSD
from harvesters._ages import MOST_YEARS, years
from harvesters._common import Subject, apply_defaults
from harvesters._crosswalk import crosswalk, members

PORTAL = "https://portal.imaging.datacommons.cancer.gov/explore/filters/?collection_id="
DOI = "https://doi.org/"
MEDIA_TYPE = NamedNode("http://www.iana.org/assignments/media-types/application/dicom")
STANDARD = NamedNode(HDEU + "standard/DICOM")
VAGUE = {"various", "not otherwise specified"}
"""Values that say nothing, so no keyword."""
UNSAID = {None, "", "UNKNOWN", "NOT_APPLICABLE", "NOT_DOCUMENTED"}

EMRD = HDEU + "healthcategories/EMRD"
CATEGORY = Note(
    NoteKind.MAPPED,
    "Modality",
    result=EMRD,
    reason="images are other health data from medical devices, http://data.europa.eu/eli/reg/2025/327/art_51/par_1/pnt_n/oj",
)


def describe(
    record: Mapping[str, Any], iri: str, source: Source, schema: Mapping[str, Any]
) -> tuple[Graph, list[Note]]:
    """The description of one record of ``idc.schema.json`` and the decisions behind it."""
    graph = Graph()
    row, numbers = record["collection"], record["aggregates"]
    dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
    notes = [*_unknown(record, schema), CATEGORY]
    _general(dataset, row, numbers)
    _sources(dataset, row["sources"])
    notes += _disease(dataset, row)
    notes += _imaging(dataset, numbers)
    notes += _population(dataset, row, numbers)
    notes += _distributions(dataset, row, numbers)
    notes += apply_defaults(graph, dataset.node, source)
    return graph, notes


def _unknown(record: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Note]:
    for part in ("collection", "aggregates"):
        for name in sorted(record[part].keys() - schema["properties"][part]["properties"].keys()):
            yield Note(NoteKind.UNMAPPED, name, str(record[part][name]), reason="not a field of idc.schema.json")


def _general(dataset: Subject, row: Mapping[str, Any], numbers: Mapping[str, Any]) -> None:
    dataset.text(DCT.title, row["collection_name"]).text(DCT.description, plain(row["description"]))
    dataset.add(DCT.identifier, Literal(row["collection_id"]))
    dataset.add(DCAT.theme, NamedNode(EU + "data-theme/HEAL"))
    dataset.add(HEALTH.healthCategory, NamedNode(EMRD))
    dataset.add(DCT.conformsTo, STANDARD)
    page = Subject(dataset.graph, NamedNode(PORTAL + row["collection_id"]), FOAF.Document)
    dataset.add(DCAT.landingPage, page.node)
    dataset.add(DCAT.version, Literal(f"v{numbers['last_release']}"))
    for predicate, day in ((DCT.issued, numbers["first_release_date"]), (DCT.modified, row["updated"])):
        if day:
            dataset.add(predicate, Literal(day, datatype=XSD.date))
    structured = "Clinical" in _values(row["supporting_data"])
    dataset.add(HEALTH.hasStructuredData, Literal("true" if structured else "false", datatype=XSD.boolean))


def _sources(dataset: Subject, sources: Iterable[Mapping[str, Any]]) -> None:
    for entry in sources:
        page = Subject(dataset.graph, NamedNode(DOI + entry["source_doi"]))
        if entry["source_type"] == "original_data":
            dataset.part(ADMS.identifier, ADMS.Identifier).add(SKOS.notation, Literal(page.node.value))
            dataset.add(FOAF.page, page.add(RDF.type, FOAF.Document).node)
        else:
            dataset.add(DCT.relation, page.text(DCT.title, plain(entry["source_title"])).node)
        if entry["citation"]:
            dataset.text(DCT.bibliographicCitation, plain(entry["citation"]))
        statement = _provenance(entry)
        if statement:
            dataset.part(DCT.provenance, DCT.ProvenanceStatement).text(RDFS.label, statement)


def _provenance(entry: Mapping[str, Any]) -> str:
    roles = {
        "data_contributor": "contributed to Imaging Data Commons by",
        "source_data_provider": "source material provided by",
        "deidentification_party": "de-identified by",
        "dicom_conversion_by": "converted to DICOM by",
    }
    parties = entry["provenance"] or {}
    said = [f"{words} {parties[role]}" for role, words in roles.items() if parties.get(role) not in UNSAID]
    return f"{plain(entry['source_title'])}: {', '.join(said)}." if said else ""


def _disease(dataset: Subject, row: Mapping[str, Any]) -> Iterator[Note]:
    words: dict[str, str] = {}
    readings = (
        ("cancer_types", "idc-cancer-type", EUCAIM.hasCondition),
        ("cancer_types", "idc-health-theme", HEALTH.healthTheme),
        ("tumor_locations", "idc-tumour-location", DCT.subject),
    )
    for field, table, predicate in readings:
        for value in _values(row[field]):
            words.setdefault(value.casefold(), value)
            yield from _mapped(dataset, field, table, value, predicate)
    for value in _values(row["species"]):
        if value != "Human":
            words.setdefault(value.casefold(), value)
    dataset.text(DCAT.keyword, *(word for folded, word in words.items() if folded not in VAGUE))


def _mapped(dataset: Subject, field: str, table: str, value: str, predicate: NamedNode) -> Iterator[Note]:
    concepts, note = crosswalk(table).read(field, value)
    dataset.add(predicate, *(NamedNode(concept) for concept in concepts))
    yield note


def _imaging(dataset: Subject, numbers: Mapping[str, Any]) -> Iterator[Note]:
    acquisitions = members("modality")
    imaging = set()
    for value in sorted(numbers["modalities"] or {}):
        concepts, note = crosswalk("dicom-modality").read("Modality", value)
        yield note
        for concept in concepts:
            if concept in acquisitions:
                imaging.add(value)
                dataset.add(EUCAIM.hasImageModality, NamedNode(concept))
    for value in sorted(numbers["body_parts"] or {}):
        yield from _mapped(dataset, "BodyPartExamined", "dicom-body-part", value, EUCAIM.hasImageBodyPart)
    equipment = members("manufacturer")
    for value in sorted({pair["manufacturer"] for pair in numbers["manufacturers"] if pair["modality"] in imaging}):
        concepts, note = crosswalk("dicom-manufacturer").read("Manufacturer", value)
        yield note
        for concept in equipment.intersection(concepts):
            dataset.add(EUCAIM.hasEquipmentManufacturer, NamedNode(concept))
    if numbers["annotated_studies"]:
        dataset.count(EUCAIM.nbrOfSegmentations, numbers["annotated_studies"])
    yield Note(
        NoteKind.UNMAPPED,
        "StudyDate",
        f"{numbers['first_study_date']}/{numbers['last_study_date']}",
        reason="de-identification shifted the dates of this source, so no dct:temporal is stated",
    )


def _population(dataset: Subject, row: Mapping[str, Any], numbers: Mapping[str, Any]) -> Iterator[Note]:
    species, kinds = _values(row["species"]), _values(row["cancer_types"])
    about = [f"{row['subjects']} subjects", f"species: {', '.join(species)}"]
    about += [f"{name}: {row[field]}" for name, field in (("disease", "cancer_types"), ("site", "tumor_locations"))]
    dataset.text(HEALTH.populationCoverage, "; ".join(about) + ".")
    dataset.count(HEALTH.numberOfRecords, numbers["studies"])
    if species != ["Human"] or kinds == ["Phantom"]:
        said = row["species"] if species != ["Human"] else "Phantom"
        yield Note(NoteKind.UNMAPPED, "subjects", str(row["subjects"]), reason=f"not (only) persons: {said}")
        return
    dataset.count(HEALTH.numberOfUniqueIndividuals, numbers["patients"])
    for value in sorted(numbers["sexes"] or {}):
        yield from _mapped(dataset, "PatientSex", "dicom-sex", value, EUCAIM.hasBirthSex)
    yield from _ages(dataset, numbers["ages"] or {})


def _ages(dataset: Subject, ages: Mapping[str, int]) -> Iterator[Note]:
    known = {value: age for value in ages if (age := years(value)) is not None}
    if known:
        dataset.count(HEALTH.minTypicalAge, min(known.values()))
        dataset.count(HEALTH.maxTypicalAge, max(known.values()))
    refused = sorted(ages.keys() - known.keys())
    if refused:
        reason = f"not an age in DICOM form between 1 day and {MOST_YEARS} years"
        yield Note(NoteKind.UNMAPPED, "PatientAge", ", ".join(refused), reason=reason)


def _distributions(dataset: Subject, row: Mapping[str, Any], numbers: Mapping[str, Any]) -> Iterator[Note]:
    licences = numbers["licences"]
    for entry in licences:
        part = dataset.part(DCAT.distribution, DCAT.Distribution)
        name = entry["licence"] or "no stated licence"
        part.text(DCT.title, f"DICOM files, {name}")
        part.text(DCT.description, f"{entry['series']} DICOM series of this collection, {name}.")
        part.add(DCAT.accessURL, NamedNode(PORTAL + row["collection_id"]))
        part.add(DCAT.mediaType, Subject(dataset.graph, MEDIA_TYPE, DCT.MediaType).node).add(DCT.conformsTo, STANDARD)
        part.count(DCAT.byteSize, entry["bytes"])
        if row["status"] == "Complete":
            part.add(ADMS.status, NamedNode(EU + "distribution-status/COMPLETED"))
        if entry["licence"]:
            concepts, note = crosswalk("licence").read("license_short_name", entry["licence"])
            for concept in concepts:
                part.add(DCT.license, Subject(dataset.graph, NamedNode(concept), DCT.LicenseDocument).node)
            yield note
    if all(entry["Access"] == "Public" for entry in row["sources"]):
        dataset.add(DCT.accessRights, NamedNode(EU + "access-right/PUBLIC"))


def _values(text: str | None) -> list[str]:
    return [value.strip() for value in (text or "").split(",") if value.strip()]


def plain(text: str) -> str:
    """Text without markup, entities and line breaks."""
    return " ".join(unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text)).split())
