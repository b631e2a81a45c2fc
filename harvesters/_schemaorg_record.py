"""Sorts datasets of schema.org by what their values are, for ``vocab/mappings/schemaorg.ttl``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.model import Description, Original, Rejected, Source
from catalogue.splitting import fit_for_path
from harvesters._json import refused
from harvesters._linked_record import listed
from harvesters._mapping import describe

AGENTS = ("creator", "author", "publisher", "provider", "maintainer", "contributor", "editor", "funder", "sponsor",
    "sourceOrganization", "copyrightHolder")  # fmt: skip
LEAST_CORNERS = 3
"""A polygon has more corners, because it ends where it begins."""
_COORDINATE = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")
LINKS = ("license", "isBasedOn", "citation", "isPartOf", "hasPart", "sameAs", "subjectOf", "includedInDataCatalog",
    "usageInfo", "documentation", "mainEntityOfPage", "conditionsOfAccess")  # fmt: skip
"""Properties whose value may be an address or an entity with one."""


def described(entity: Mapping[str, Any], original: Original, source: Source, place: str) -> Description | Rejected:
    """The dataset that an entity describes; ``place`` is its address where it has no other, or empty."""
    record = arranged(entity)
    problem = refused(record, "schemaorg", original)
    if problem is not None:
        return problem
    iri = _address(record, place)
    if not iri:
        name = str((record.get("identifiers") or [""])[0]) or _plain(record.get("name"))
        iri = source.namespace + fit_for_path(name)
        record.setdefault("identifiers", [name])
    else:
        record.setdefault("identifiers", [iri])
    graph, notes = describe("schemaorg", record, iri, source)
    return Description(iri, graph, original, tuple(notes))


def arranged(entity: Mapping[str, Any]) -> dict[str, Any]:
    """The entity in the form of the table; nothing is taken out that is not put elsewhere."""
    result = {name: value for name, value in entity.items() if value not in (None, "", [], {})}
    for name in AGENTS:
        if name in result:
            result[name] = [_agent(one) for one in listed(result[name])]
    for name in LINKS:
        if name in result:
            result[name] = [_link(one) for one in listed(result[name])]
    _keywords(result)
    _identifiers(result)
    for old, new, sort in (
        ("temporalCoverage", "period", _period),
        ("spatialCoverage", "place", _place),
        ("distribution", "distribution", _distribution),
        ("inLanguage", "inLanguage", _language),
        ("variableMeasured", "variable", _variable),
    ):
        if old in result:
            result[new] = [sort(one) for one in listed(result.pop(old))]
    return result


def _address(record: Mapping[str, Any], place: str) -> str:
    """The dataset's own IRI: its ``@id``, else a DOI or another address among its identifiers, else its page."""
    addresses = [one for one in record.get("identifiers", []) if _is_address(one)]
    dois = [one for one in addresses if one.startswith("https://doi.org/")]
    own = record.get("@id")
    return next((str(one) for one in (own, *dois, *addresses) if _is_address(one)), place)


def _agent(value: Any) -> Any:
    if isinstance(value, str):
        return {"@id": value} if value.startswith(("http://", "https://")) else {"name": value}
    if isinstance(value, dict) and not value.get("name"):
        parts = [str(value[name]) for name in ("givenName", "familyName") if value.get(name)]
        return value | ({"name": " ".join(parts)} if parts else {})
    return value


def _link(value: Any) -> Any:
    """An address, of an entity that has one; else the entity as it is."""
    if not isinstance(value, dict):
        return value
    address = next((str(value[name]) for name in ("@id", "url", "contentUrl") if _is_address(value.get(name))), "")
    return address or value


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _keywords(result: dict[str, Any]) -> None:
    words: list[Any] = []
    for one in listed(result.pop("keywords", None)):
        if isinstance(one, str):
            words += [word.strip() for word in one.split(",")]
        elif isinstance(one, dict) and "name" in one:
            words.append(one["name"])
            concept = one.get("@id") or one.get("url")
            result.setdefault("concepts", []).extend([concept] if concept else [])
        else:
            words.append(one)
    if words:
        result["keywords"] = words


def _identifiers(result: dict[str, Any]) -> None:
    found = []
    for one in listed(result.pop("identifier", None)):
        if isinstance(one, dict):
            one = one.get("url") or one.get("value") or one.get("@id") or ""
        said = str(one).replace("http://dx.doi.org/", "https://doi.org/").replace("http://doi.org/", "https://doi.org/")
        found.append("https://doi.org/" + said[4:].strip() if said.lower().startswith("doi:") else said)
    if found:
        result["identifiers"] = found


def _period(value: Any) -> Any:
    """ISO 8601 intervals (``2012-01/2012-12``, ``2015/..``); a single date begins and ends it."""
    if not isinstance(value, str):
        return value
    start, slash, end = value.partition("/")
    return {"start": start.strip(". "), "end": (end if slash else start).strip(". ")}


def _place(value: Any) -> Any:
    if isinstance(value, str):
        return {"@id": value} if _is_address(value) else {"name": value}
    if not isinstance(value, dict):
        return value
    place = dict(value)
    found: dict[str, list[Any]] = {"point": [], "box": [], "polygon": [], "geo": []}
    for shape in listed(place.pop("geo", None)):
        parts = dict(shape) if isinstance(shape, dict) else {"geo": shape}
        for name, geometry in _geometries(parts):
            found[name].append(geometry)
        if parts:
            found["geo"].append(parts)
    return place | {name: shapes for name, shapes in found.items() if shapes}


def _geometries(shape: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The geometries of a shape as well-known text (OGC 06-103r4), longitude first; each is taken out of it.

    schema.org writes latitude first: a point as two values, a box as its lower and upper corner, a polygon as corners.
    """
    for point in _pairs(f"{shape.get('latitude')} {shape.get('longitude')}", 1):
        del shape["latitude"], shape["longitude"]
        yield "point", f"POINT({point})"
    box = _pairs(shape.get("box"), 2)
    if box:
        del shape["box"]
        (west, south), (east, north) = (corner.split() for corner in box)
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        yield "box", f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
    polygon = _pairs(shape.get("polygon"))
    if len(polygon) > LEAST_CORNERS:
        del shape["polygon"]
        yield "polygon", f"POLYGON(({', '.join(polygon)}))"


def _pairs(said: Any, number: int | None = None) -> list[str]:
    """Pairs of coordinates, longitude first; none for what is not made of as many."""
    values = re.split(r"[\s,]+", said.strip()) if isinstance(said, str) else []
    whole = len(values) % 2 == 0 and all(_COORDINATE.fullmatch(value) for value in values)
    pairs = [f"{x} {y}" for y, x in zip(values[::2], values[1::2], strict=True)] if whole else []
    return pairs if number in (None, len(pairs)) else []


def _distribution(value: Any) -> Any:
    if isinstance(value, str):
        return {"contentUrl": value}
    if not isinstance(value, dict):
        return value
    found = dict(value)
    formats = [str(one) for one in listed(found.pop("encodingFormat", found.pop("fileFormat", None))) if one]
    found["mediaTypes"] = [one for one in formats if "/" in one and not _is_address(one)]
    found["formats"] = [one for one in formats if "/" not in one or _is_address(one)]
    if "license" in found:
        found["license"] = [_link(one) for one in listed(found["license"])]
    return found


def _variable(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _language(value: Any) -> Any:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name") or value.get("@id")
    return value.partition("-")[0] if isinstance(value, str) else value


def _plain(value: Any) -> str:
    while isinstance(value, (dict, list)) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return str(value or "")
