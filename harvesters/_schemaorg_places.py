"""Reads what schema.org says of the places and periods of a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from harvesters._linked_record import listed
from harvesters._schemaorg_values import address_of, identifiers

LEAST_CORNERS = 3
"""A polygon has more corners, because it ends where it begins."""
NORTH, EAST = 90, 180
"""Degrees, largest."""
SHAPES = ("latitude", "longitude", "elevation", "box", "circle", "line", "polygon")
"""Properties of shapes; on a place itself they are those of its shape."""
_COORDINATE = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")
_YEARS = re.compile(r"(\d{4})\s*[-\u2013]\s*(\d{4})")


def period(value: Any) -> Any:
    """ISO 8601 intervals (``2012-01/2012-12``, ``2015/..``), two years; a single date begins and ends it."""
    if isinstance(value, dict):
        names = {"startDate": "start", "endDate": "end"}
        return {names.get(name, name): inner for name, inner in value.items()}
    if not isinstance(value, str):
        return value
    years = _YEARS.fullmatch(value.strip())
    start, slash, end = (years[1], "/", years[2]) if years else value.partition("/")
    return {"start": start.strip(". "), "end": (end if slash else start).strip(". ")}


def place(value: Any) -> Any:
    """A place with its geometries as well-known text; a name or address alone is one, too."""
    if isinstance(value, str):
        address = address_of(value)
        return {"@id": address} if address else {"name": value}
    if not isinstance(value, dict):
        return value
    result = {name: inner for name, inner in value.items() if name not in (*SHAPES, "point", "geo")}
    own = {name: value[name] for name in SHAPES if name in value}
    found: dict[str, list[Any]] = {"point": [], "box": [], "polygon": [], "geo": []}
    for shape in [*listed(value.get("geo")), *([own] if own else [])]:
        parts = dict(shape) if isinstance(shape, dict) else {"geo": shape}
        for name, geometry in _geometries(parts):
            found[name].append(geometry)
        if parts:
            found["geo"].append(parts)
    if "identifier" in result:
        result["identifier"] = identifiers(result["identifier"])
    return result | {name: shapes for name, shapes in found.items() if shapes}


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
    """Pairs of coordinates, longitude first; none for what is not made of as many, or lies beyond the poles."""
    values = re.split(r"[\s,]+", said.strip()) if isinstance(said, str) else []
    whole = len(values) % 2 == 0 and all(_COORDINATE.fullmatch(value) for value in values)
    degrees = list(zip(values[::2], values[1::2], strict=True)) if whole else []
    if any(abs(float(y)) > NORTH or abs(float(x)) > EAST for y, x in degrees):
        return []
    return [f"{x} {y}" for y, x in degrees] if number in (None, len(degrees)) else []
