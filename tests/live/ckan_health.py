"""A dataset with every field of ckanext-dcat's HealthDCAT-AP schema, as its form would send it."""

from __future__ import annotations

from typing import Any

HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
EU = "http://publications.europa.eu/resource/authority/"


def agent(name: str) -> dict[str, str]:
    """An organisation with all that can be said of one."""
    return {
        "uri": f"https://{name}.example.org/",
        "name": name.title(),
        "email": f"info@{name}.example.org",
        "url": f"https://{name}.example.org/about",
        "type": HDEU + "publisher-type/Registry",
        "identifier": f"https://ror.org/{name}",
    }


def dataset(**more: Any) -> dict[str, Any]:
    """The dataset."""
    resource = {
        "url": "https://data.example.org/access",
        "name": "Extract",
        "description": "A yearly extract",
        "format": "CSV",
        "mimetype": "text/csv",
        "compress_format": "application/gzip",
        "package_format": "application/zip",
        "size": 12323,
        "hash": "4304cf2e751e6053c90b1804c89c0ebb758f395a",
        "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha1",
        "rights": "Some statement about rights",
        "availability": EU + "planned-availability/EXPERIMENTAL",
        "status": EU + "distribution-status/COMPLETED",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "access_url": "https://data.example.org/access",
        "download_url": "https://data.example.org/download.csv",
        "issued": "2023-05-11",
        "modified": "2024-12-31",
        "temporal_resolution": "PT15M",
        "spatial_resolution_in_meters": 1.5,
        "language": [EU + "language/ENG"],
        "documentation": ["https://data.example.org/manual"],
        "conforms_to": [HDEU + "standard/OMOP"],
        "applicable_legislation": ["http://data.europa.eu/eli/reg/2025/327/oj"],
        "access_services": [
            {
                "uri": "https://service.example.org/",
                "title": "Access service",
                "endpoint_description": "https://service.example.org/openapi",
                "endpoint_url": ["https://service.example.org/api"],
                "serves_dataset": ["https://data.example.org/1"],
            }
        ],
    }
    return {
        "name": "registry-extract",
        "title": "Cancer registry extract",
        "notes": "Cases of the cancer registry.",
        "owner_org": "hospital",
        "tags": [{"name": "cancer"}, {"name": "registry"}],
        "url": "https://data.example.org/landing",
        "identifier": "https://data.example.org/1",
        "issued": "2023-05-11",
        "modified": "2024-12-31",
        "version": "2.1",
        "version_notes": "Added the year 2023",
        "frequency": EU + "frequency/ANNUAL",
        "provenance": "Reported by hospitals",
        "dcat_type": EU + "dataset-type/STATISTICAL",
        "temporal_resolution": "P1D",
        "spatial_resolution_in_meters": 30,
        "access_rights": EU + "access-right/NON_PUBLIC",
        "alternate_identifier": ["doi:10.1234/5678"],
        "theme": [EU + "data-theme/HEAL"],
        "language": [EU + "language/ENG", EU + "language/FRA"],
        "documentation": ["https://data.example.org/doc"],
        "conforms_to": [HDEU + "standard/OMOP"],
        "is_referenced_by": ["https://doi.org/10.1038/sdata.2016.18"],
        "analytics": ["https://data.example.org/analytics"],
        "applicable_legislation": ["http://data.europa.eu/eli/reg/2025/327/oj"],
        "has_version": ["https://data.example.org/1/v2"],
        "code_values": ["ICD-O-3 C50"],
        "coding_system": [HDEU + "coding-system/ICD-O-3"],
        "purpose": ["https://w3id.org/dpv#AcademicResearch"],
        "health_category": [HDEU + "healthcategories/REGI"],
        "health_theme": [HDEU + "health-theme/CANCER"],
        "legal_basis": ["https://w3id.org/dpv#Consent"],
        "min_typical_age": 18,
        "max_typical_age": 99,
        "number_of_records": 123456,
        "number_of_unique_individuals": 98765,
        "personal_data": ["https://w3id.org/dpv/dpv-pd#Age", "https://w3id.org/dpv/dpv-pd#Gender"],
        "population_coverage": ["Adults with cancer in the region"],
        "contact": [{"name": "Data office", "email": "data@example.org", "uri": "https://office.example.org/"}],
        "publisher": [agent("registry")],
        "creator": [agent("creator")],
        "hdab": [agent("hdab")],
        "temporal_coverage": [{"start": "2010-01-01", "end": "2023-12-31"}],
        "retention_period": [{"start": "2020-01-01", "end": "2040-12-31"}],
        "spatial_coverage": [{"uri": EU + "country/BEL", "text": "Belgium"}],
        "qualified_relation": [
            {"relation": "https://data.example.org/2", "role": "http://www.iana.org/assignments/relation/related"}
        ],
        "qualified_attribution": [
            {"agent": [agent("processor")], "role": "https://standards.iso.org/iso/19115/resources/Codelists/processor"}
        ],
        "quality_annotation": [
            {
                "body": "https://certificate.example.org/",
                "target": "https://data.example.org/1",
                "motivated_by": "http://www.w3.org/ns/dqv#qualityAssessment",
            }
        ],
        "provenance_activity": [
            {
                "uri": "https://activity.example.org/",
                "label": "Linkage",
                "seeAlso": "https://activity.example.org/doc",
                "dct_type": HDEU + "health-activity/LINK",
                "startedAtTime": "2021-01-01T00:00:00",
                "wasAssociatedWith": [agent("linker")],
            }
        ],
        "resources": [resource],
        **more,
    }
