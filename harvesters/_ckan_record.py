"""Puts what CKAN packages say in several places into one: extras, publishers, licences, checksums."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PARTS: Mapping[str, tuple[str, str]] = {
    f"{prefix}_{name}": (field, name)
    for prefix, field in (("publisher", "publisher"), ("contact", "contact"), ("creator", "creator"), ("hdab", "hdab"))
    for name in ("uri", "name", "email", "url", "identifier")
} | {
    "publisher_type": ("publisher", "type"),
    "temporal_start": ("temporal_coverage", "start"),
    "temporal_end": ("temporal_coverage", "end"),
    "spatial_uri": ("spatial_coverage", "uri"),
    "spatial_text": ("spatial_coverage", "text"),
    "spatial": ("spatial_coverage", "geom"),
}
"""Extras that ckanext-dcat writes apart, and the field and the part of it that they are."""
SPOKEN = {"author": ("creator", "name"), "author_email": ("creator", "email")}
SPOKEN |= {"maintainer": ("contact", "name"), "maintainer_email": ("contact", "email")}
"""Fields of CKAN itself that say the same."""


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with extras beside its other fields, in the form of ``vocab/mappings/ckan.ttl``.

    Nothing that the record says already is replaced by an extra; such an extra stays as ``extras.<key>``.
    """
    result = {name: value for name, value in record.items() if name != "extras"}
    left: dict[str, Any] = {}
    apart: dict[str, dict[str, Any]] = {}
    for extra in record.get("extras") or ():
        name, value = str(extra["key"]), _decoded(extra.get("value"))
        if name in PARTS:
            field, part = PARTS[name]
            apart.setdefault(field, {})[part] = value
        elif not result.get(name):
            result[name] = value
        else:
            left[name] = value
    for name, (field, part) in SPOKEN.items():
        value = result.pop(name, None)
        if value:
            apart.setdefault(field, {}).setdefault(part, value)
    for field, parts in apart.items():
        result[field] = [*_list(result.get(field)), parts]
    if left:
        result["extras"] = left
    _publisher(result)
    _resources(result)
    return result


def _publisher(result: dict[str, Any]) -> None:
    """The organisation that owns a package publishes it, unless another is named."""
    owner = result.get("organization")
    if isinstance(owner, dict) and not result.get("publisher"):
        owner = dict(owner)
        name = owner.pop("title", None) or owner.get("name")
        result["publisher"] = [{"name": name, "description": owner.pop("description", None)}]
        result["organization"] = owner


def _resources(result: dict[str, Any]) -> None:
    """CKAN states licences for packages and DCAT-AP for distributions; a hash and its algorithm are one checksum."""
    licence = result.pop("license_url", None) or result.get("license_id")
    resources = []
    for resource in result.get("resources") or ():
        one = dict(resource)
        one.setdefault("access_url", one.get("url"))
        if one.pop("url", None) != one["access_url"]:
            one.setdefault("download_url", resource.get("url"))
        if licence and not one.get("license"):
            one["license"] = licence
        if one.get("hash"):
            one["checksum"] = {"hash": one.pop("hash"), "hash_algorithm": one.pop("hash_algorithm", None)}
        resources.append(one)
    result["resources"] = resources


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _decoded(value: Any) -> Any:
    """Extras hold lists and objects as JSON text."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
