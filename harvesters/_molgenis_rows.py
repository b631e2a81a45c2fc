"""Reads rows of a table of MOLGENIS EMX2 out of its RDF as records, and the rows of other tables that they refer to.

A row is written with a property for each column (``…/api/rdf/TABLE/column/NAME``), or with what the column stands for
in a vocabulary; a reference is the address of a row, ``…/api/rdf/TABLE?name=CT`` or ``…/api/rdf/TABLE/name=CT``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from catalogue.graphs import Graph, NamedNode, Node
from catalogue.names import ADMS, DCAT, DCATAP, DCT, DQV, EUCAIM, FOAF, RDF, RDFS, VCARD
from harvesters._crosswalk import Crosswalk

_COLUMN = re.compile(r".*/api/rdf/[^/]+/column/([^/?#]+)")
_ROW = re.compile(r".*/api/rdf/(?P<table>[^/?#]+)(?:\?|/)(?P<key>[^/#]*=[^#]*)")
_CODE = re.compile(r"(?:EUCAIM[:_#]?)?((?:BP|CLIN|COM|IMG|SPEC)\d{7,8})")
HEALTH_OLD, EUCAIM_OLD = "http://www.healthdcatap.org/", "https:/www.eucaim.org/"
"""Namespaces as the catalogue of EUCAIM writes them; the second lacks a slash there."""
SEMANTICS: Mapping[str, str] = {
    DCT.title.value: "name", DCT.alternative.value: "acronym", DCT.description.value: "description",
    DCT.identifier.value: "id", DCT.publisher.value: "provider", DCAT.inSeries.value: "biobank",
    DCT.spatial.value: "geographical_coverage", DCT.type.value: "type", DCT.provenance.value: "provenance",
    DCT.modified.value: "last_modified", DCT.rights.value: "rights", DCAT.theme.value: "theme",
    DCAT.version.value: "version", DCAT.contactPoint.value: "contact", DCAT.landingPage.value: "url",
    ADMS.interoperabilityLevel.value: "interoperability_tier",
    DCATAP.applicableLegislation.value: "applicable_legislation",
    DQV.hasQualityAnnotation.value: "quality_label",
    "https://w3id.org/dpv/dpv-skos#hasPurpose": "intended_purpose",
    "https://w3id.org/dpv/dpv-skos#hasLegalBasis": "legal_basis", HEALTH_OLD + "healthCategory": "collection_method",
    HEALTH_OLD + "numberofUniqueIndividuals": "number_of_subjects", HEALTH_OLD + "numberofRecords": "number_of_records",
    HEALTH_OLD + "minTypicalAge": "age_low", HEALTH_OLD + "maxTypicalAge": "age_high",
    HEALTH_OLD + "retentionPeriod": "retention_period", HEALTH_OLD + "hasCodingSystem": "coding_systems",
    EUCAIM_OLD + "hasImageModality": "imaging_modality", EUCAIM_OLD + "hasImageBodyPart": "body_part_examined",
    EUCAIM_OLD + "hasImageVendor": "vendor", EUCAIM_OLD + "hasCondition": "condition",
    EUCAIM_OLD + "hasAssociatedSex": "sex",
    EUCAIM_OLD + "nbrofSeries": "number_of_series", EUCAIM_OLD + "ageMedian": "age_median",
    FOAF.mbox.value: "email", VCARD.hasEmail.value: "email", VCARD.fn.value: "name", FOAF.name.value: "name",
    FOAF.firstName.value: "first_name", FOAF.lastName.value: "last_name",
    RDFS.isDefinedBy.value: "ontologyTermURI", RDFS.label.value: "label",
}  # fmt: skip
"""What columns of the EUCAIM catalogue stand for, and of its lists."""
STRUCTURE = {
    RDF.type.value, "http://purl.org/linked-data/cube#dataSet", "https://w3id.org/fdp/fdp-o#metadataIdentifier",
    "https://w3id.org/fdp/fdp-o#metadataIssued", "https://w3id.org/fdp/fdp-o#metadataModified",
}  # fmt: skip
"""What MOLGENIS says of every row because it is one."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a row of another table."""

    address: str
    table: str
    key: str
    """The name or id of the row."""


def rows(graph: Graph, table: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The address and the values of every row of a table, in the order of the addresses; texts and addresses."""
    for node in sorted((node for node in graph.nodes if isinstance(node, NamedNode)), key=lambda one: one.value):
        reference = reference_of(node.value)
        if reference is not None and reference.table == table:
            yield node.value, values(graph, node)


def values(graph: Graph, row: Node) -> dict[str, list[str]]:
    """The values of one row by column; what is no column is under its property."""
    found: dict[str, list[str]] = {}
    for predicate, terms in sorted(graph.outgoing(row).items()):
        if predicate in STRUCTURE:
            continue
        column = _COLUMN.fullmatch(predicate)
        name = unquote(column[1]) if column else SEMANTICS.get(predicate, predicate)
        told = found.setdefault(name, [])
        told += [said for said in sorted(str(term.value) for term in terms) if said not in told]
    return found


def reference_of(address: str) -> Reference | None:
    """The row that an address stands for; None for what is no address of a row."""
    match = _ROW.fullmatch(address)
    if match is None:
        return None
    keys = parse_qsl(match["key"], keep_blank_values=True)
    return Reference(address, unquote(match["table"]), " ".join(value for _, value in keys)) if keys else None


def meaning(said: str, rows_by_address: Mapping[str, Mapping[str, list[str]]], crosswalk: Crosswalk | None) -> str:
    """What stands for a value in a description: a concept of EUCAIM, a word that the crosswalk knows, else a name."""
    reference = reference_of(said)
    row = rows_by_address.get(said, {})
    names = [reference.key] if reference is not None else [said]
    names += [name for column in ("name", "code", "label", "ontologyTermURI") for name in row.get(column, ())]
    for name in names:
        code = _CODE.fullmatch(name.removeprefix(EUCAIM.iri))
        if code is not None:
            return EUCAIM.iri + code[1]
    if crosswalk is not None:
        known = next((name for name in names if crosswalk.find(name) is not None), None)
        address = next((name for name in names if urlsplit(name).scheme in ("http", "https")), None)
        return known or (address if address and reference_of(address) is None else None) or names[0]
    return next(iter(row.get("label", ())), names[0])


def contact(row: Mapping[str, list[str]]) -> dict[str, Any]:
    """A person of the catalogue as a contact: the name and the e-mail address, nothing else of them."""
    names = [name for column in ("first_name", "last_name") for name in row.get(column, ())[:1]]
    name = " ".join(names) or next(iter(row.get("name", ())), "")
    email = next(iter(row.get("email", ())), "").removeprefix("mailto:")
    return {key: value for key, value in (("name", name), ("email", email)) if value}
