"""Sorts DataCite records by what their values are, dates by type and the like, for ``vocab/mappings/datacite.ttl``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalogue.graphs import digest
from catalogue.model import Description, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._json import refused
from harvesters._mapping import describe

DOI = "https://doi.org/"
RESOLVERS = {
    "DOI": DOI,
    "Handle": "https://hdl.handle.net/",
    "ARK": "https://n2t.net/",
    "arXiv": "https://arxiv.org/abs/",
    "bibcode": "https://ui.adsabs.harvard.edu/abs/",
    "CSTR": "https://cstr.cn/",
    "IGSN": "https://igsn.org/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
    "RRID": "https://identifiers.org/",
    "ISBN": "urn:isbn:",
    "ISSN": "urn:issn:",
    "EISSN": "urn:issn:",
    "LISSN": "urn:issn:",
    "ORCID": "https://orcid.org/",
    "ROR": "https://ror.org/",
    "ISNI": "https://isni.org/isni/",
    "GRID": "https://www.grid.ac/institutes/",
    "Crossref Funder ID": DOI,
}
"""Before what an identifier of a type becomes an address."""
EU_REPO = "info:eu-repo/semantics/"
RELATIONS = {
    "IsPartOf": "part of",
    "IsPublishedIn": "part of",
    "HasPart": "parts",
    "IsNewVersionOf": "previous versions",
    "Obsoletes": "previous versions",
    "HasVersion": "versions",
    "IsPreviousVersionOf": "versions",
    "IsVersionOf": "version of",
    "IsCitedBy": "referenced by",
    "IsReferencedBy": "referenced by",
    "IsSupplementTo": "referenced by",
    "Cites": "references",
    "References": "references",
    "IsDocumentedBy": "documentation",
    "IsDescribedBy": "documentation",
    "IsDerivedFrom": "sources",
}
"""Relation types of DataCite that a property says; the others are relations without more."""
SAID = {"ContactPerson": "contacts", "RightsHolder": "holders"}
"""Contributor types that a property says."""
PERIODS = ("Collected", "Coverage")
TYPES = ("Dataset", "Collection")
"""Kinds of resources that are datasets, unless the node says otherwise."""


def is_dataset(record: Mapping[str, Any], source: Source) -> bool:
    """Whether a resource is of a kind that the node takes: option ``types``, else :data:`TYPES`."""
    wanted = source.options.get("types", " ".join(TYPES)).replace(",", " ").split()
    types = record.get("types")
    general = types.get("resourceTypeGeneral") if isinstance(types, dict) else None
    return general is None or general in wanted


def dataset(
    record: Mapping[str, Any], original: Original, source: Source, web: Web
) -> Description | Rejected | Untouched:
    """What becomes of one record, unless it is known."""
    container = digest(f"{source.digest}\n".encode() + original.content)
    return (
        Untouched(container)
        if web.known(container)
        else described(record, replace(original, container=container), source)
    )


def described(record: Mapping[str, Any], original: Original, source: Source) -> Description | Rejected:
    """The dataset that a record describes, unless the record is not as it should be."""
    problem = refused(record, "datacite", original)
    if problem is not None:
        return problem
    doi = doi_of(record)
    identifier = doi or _first(record.get("identifiers"), "identifier") or str(record.get("identifier") or "")
    if not identifier:
        remedy = "give it a DOI, or another identifier that stays the same"
        return Rejected(original.location, "the record has no identifier", remedy, original)
    iri = DOI + doi if doi else source.namespace + fit_for_path(identifier)
    graph, notes = describe("datacite", arranged(record), iri, source)
    return Description(iri, graph, original, tuple(notes))


def doi_of(record: Mapping[str, Any]) -> str:
    """The DOI without resolver, lower case (DOI handbook, 3.2.1: DOI names do not depend on case)."""
    said = str(record.get("doi") or "")
    if not said:
        found = [one for one in _list(record.get("identifiers")) if one.get("identifierType") == "DOI"]
        said = str(found[0].get("identifier") or "") if found else ""
    return said.lower().removeprefix("http://dx.doi.org/").removeprefix(DOI).removeprefix("doi:")


def arranged(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record in the form of the table; what is moved is taken out of its old place, and nothing else is lost."""
    result = {name: value for name, value in record.items() if value not in (None, "", [], {})}
    doi = doi_of(record)
    if doi:
        result["doi"] = doi
        if "url" not in result:
            result["page"] = DOI + doi
        result["identifiers"] = [one for one in _list(result.get("identifiers")) if doi not in str(one).lower()]
        if doi in str(result.get("id", "")).lower():
            del result["id"]
    for name, text, kind in (("titles", "title", "titleType"), ("descriptions", "description", "descriptionType")):
        _by_kind(result, name, text, kind)
    _subjects(result)
    _dates(result)
    _agents(result)
    _relations(result)
    _places(result)
    _distribution(result)
    for one in _list(result.get("fundingReferences")):
        _identify(one, "funderIdentifier", "funderIdentifierType", "funder_uri")
    if isinstance(result.get("language"), str):
        result["language"] = result["language"].partition("-")[0]
    return result


def _by_kind(result: dict[str, Any], name: str, text: str, kind: str) -> None:
    """Texts by their kind, ``Main`` without one, each by its language where that is known."""
    groups: dict[str, list[Any]] = {}
    for one in map(dict, _list(result.pop(name, None))):
        said, language = one.pop(text, ""), one.pop("lang", "")
        group = one.pop(kind, "") or "Main"
        groups.setdefault(group, []).append({text: {language: said} if language else said, **one})
    if groups:
        result[name] = groups


def _subjects(result: dict[str, Any]) -> None:
    for one in (subjects := [dict(one) for one in _list(result.get("subjects"))]):
        language = one.pop("lang", "")
        if language and one.get("subject"):
            one["subject"] = {language: one["subject"]}
    if subjects:
        result["subjects"] = subjects


def _dates(result: dict[str, Any]) -> None:
    days: dict[str, list[Any]] = {}
    rest = []
    for one in map(dict, _list(result.pop("dates", None))):
        kind, said = one.pop("dateType", "Other"), str(one.pop("date", ""))
        start, slash, end = said.partition("/")
        days.setdefault(kind, []).append({"start": start, "end": end if slash else start} if kind in PERIODS else said)
        rest += [one] if one else []
    for kind in ("Issued", "Updated"):
        days[kind] = sorted(days.get(kind, []))[-1:]
    result |= {"date": days} | ({"dates": rest} if rest else {})
    if days["Issued"]:
        year = str(result.pop("publicationYear", ""))
        result["year of issue"] = "" if days["Issued"][0].startswith(year) else year


def _agents(result: dict[str, Any]) -> None:
    publisher = result.get("publisher")
    if isinstance(publisher, str):
        result["publisher"] = {"name": publisher}
    elif isinstance(publisher, dict):
        result["publisher"] = _with_language(publisher)
        _identify(result["publisher"], "publisherIdentifier", "publisherIdentifierScheme", "uri")
    result["creators"] = [_agent(one) for one in _list(result.get("creators"))]
    contributors: dict[str, list[Any]] = {}
    for one in _list(result.pop("contributors", None)):
        kind = one.get("contributorType")
        contributors.setdefault(SAID.get(str(kind), "others"), []).append(_agent(one))
    result["contributors"] = contributors


def _agent(given: Mapping[str, Any]) -> dict[str, Any]:
    agent = _with_language(given)
    parts = {name: str(agent[name]) for name in ("givenName", "familyName") if agent.get(name)}
    if all(part in str(agent.get("name", "")) for part in parts.values()):
        agent = {name: said for name, said in agent.items() if name not in parts}
    if agent.get("contributorType") in SAID:
        del agent["contributorType"]
    for one in (identifiers := [dict(one) for one in _list(agent.get("nameIdentifiers"))]):
        _identify(one, "nameIdentifier", "nameIdentifierScheme", "uri")
    if identifiers:
        agent["nameIdentifiers"] = identifiers
    places = [{"name": one} if isinstance(one, str) else dict(one) for one in _list(agent.get("affiliation"))]
    for place in places:
        _identify(place, "affiliationIdentifier", "affiliationIdentifierScheme", "uri")
    if places:
        agent["affiliation"] = places
    return agent


def _with_language(given: Mapping[str, Any]) -> dict[str, Any]:
    one = dict(given)
    language = one.pop("lang", "")
    if language and one.get("name"):
        one["name"] = {language: one["name"]}
    return one


def _relations(result: dict[str, Any]) -> None:
    links: dict[str, list[str]] = {}
    for name, identifier in (("relatedIdentifiers", "relatedIdentifier"), ("relatedItems", "relatedItemIdentifier")):
        rest = [dict(one) for one in _list(result.get(name))]
        for one in rest:
            said, kind = one.pop(identifier, ""), one.get(f"{identifier}Type", "")
            if isinstance(said, dict):
                said, kind = said.get(identifier, ""), said.get(f"{identifier}Type", kind)
            if not said:
                continue
            group = RELATIONS.get(str(one.get("relationType")), "")
            address = _address(str(said), str(kind))
            links.setdefault(group or "relations", []).append(address)
            if group:
                del one["relationType"]
            if address.startswith(("http://", "https://", "urn:")):
                one.pop(f"{identifier}Type", None)
        if rest:
            result[name] = rest
    if links:
        result["related"] = links


def _places(result: dict[str, Any]) -> None:
    """Places with their geometry as well-known text (OGC 06-103r4), longitude first."""
    places = []
    for one in map(dict, _list(result.pop("geoLocations", None))):
        point, box, polygon = (one.pop(f"geoLocation{name}", None) for name in ("Point", "Box", "Polygon"))
        if isinstance(point, dict):
            one["point"] = f"POINT({_at(point)})"
        if isinstance(box, dict):
            west, east, south, north = (
                box.get(f"{side}Bound{axis}", "")
                for side, axis in (
                    ("west", "Longitude"),
                    ("east", "Longitude"),
                    ("south", "Latitude"),
                    ("north", "Latitude"),
                )
            )
            corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
            one["box"] = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
        if isinstance(polygon, list):
            points = [corner.get("polygonPoint", corner) for corner in polygon]
            one["polygon"] = f"POLYGON(({', '.join(_at(corner) for corner in points)}))"
        places.append(one)
    if places:
        result["geoLocations"] = places


def _at(point: Mapping[str, Any]) -> str:
    return f"{point.get('pointLongitude', '')} {point.get('pointLatitude', '')}"


def _distribution(result: dict[str, Any]) -> None:
    """Formats, licences and where the data are belong to a distribution."""
    address = result.get("url") or result.get("page")
    if not address:
        return
    formats = [str(one) for one in _list(result.pop("formats", None))]
    rights = [dict(one) for one in _list(result.pop("rightsList", None))]
    result["access"] = [one.pop("rightsUri") for one in rights if str(one.get("rightsUri")).startswith(EU_REPO)]
    for one in rights:
        language = one.pop("lang", "")
        if language and one.get("rights"):
            one["rights"] = {language: one["rights"]}
    result["distribution"] = {
        "access_url": address,
        "media_types": [one for one in formats if "/" in one],
        "formats": [one for one in formats if "/" not in one],
        "sizes": _list(result.pop("sizes", None)),
        "rights": rights,
    }


def _identify(one: dict[str, Any], identifier: str, scheme: str, name: str) -> None:
    """Give a part the address that its identifier stands for, where there is one; it says the scheme, too."""
    address = _address(str(one.get(identifier) or ""), str(one.get(scheme) or ""))
    if address.startswith(("http://", "https://")):
        one[name] = address
        for said in (scheme, "schemeUri"):
            one.pop(said, None)


def _address(identifier: str, kind: str) -> str:
    if identifier.startswith(("http://", "https://", "urn:")) or kind not in RESOLVERS:
        return identifier
    return RESOLVERS[kind] + identifier.removeprefix("arXiv:").removeprefix("doi:").replace(" ", "")


def _first(values: Any, name: str) -> str:
    return next((str(one[name]) for one in _list(values) if one.get(name)), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
