"""Reads DataCite metadata in XML (kernel 4) as the record that the same metadata are in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
LISTS = {
    "titles": "title",
    "subjects": "subject",
    "dates": "date",
    "sizes": "",
    "formats": "",
    "rightsList": "rights",
    "descriptions": "description",
    "alternateIdentifiers": "alternateIdentifier",
    "relatedIdentifiers": "relatedIdentifier",
}
"""Elements that hold a list of texts with attributes, and the name of the text in JSON; empty where it stands alone."""
AGENTS = {"creators": "creatorName", "contributors": "contributorName"}
NESTED = {"relatedItems", "fundingReferences", "geoLocations"}


def is_resource(element: Element) -> bool:
    """Whether an element is the root of DataCite metadata, of whatever version of kernel 2 to 4."""
    return element.tag.startswith("{http://datacite.org/schema/kernel-") and _name(element) == "resource"


def resource_in(element: Element) -> Element | None:
    """The resource that an element is, or holds somewhere, as the payload of ``oai_datacite`` does."""
    return next((one for one in element.iter() if is_resource(one)), None)


def record_of(resource: Element) -> dict[str, Any]:
    """The record, with the names of the JSON that DataCite makes of its XML."""
    record: dict[str, Any] = {}
    for element in resource:
        name = _name(element)
        if name in LISTS:
            record[name] = [_leaf(one, LISTS[name]) for one in element]
        elif name in AGENTS:
            record[name] = [_agent(one, AGENTS[name]) for one in element]
        elif name in NESTED:
            record[name] = [_object(one) for one in element]
        elif name == "identifier":
            record["doi" if element.get("identifierType") == "DOI" else "identifier"] = _text(element)
        elif name == "resourceType":
            general = {"resourceTypeGeneral": element.get("resourceTypeGeneral", "")}
            record["types"] = general | ({"resourceType": _text(element)} if _text(element) else {})
        elif name == "publisher":
            record["publisher"] = _leaf(element, "name")
        else:
            record[name] = _text(element) if not len(element) else _object(element)
    return record


def _agent(element: Element, naming: str) -> dict[str, Any]:
    agent: dict[str, Any] = dict(_attributes(element))
    for part in element:
        name = _name(part)
        if name == naming:
            agent |= _leaf(part, "name")
        elif name == "nameIdentifier":
            agent.setdefault("nameIdentifiers", []).append(_leaf(part, name))
        elif name == "affiliation":
            agent.setdefault(name, []).append(_leaf(part, "name"))
        else:
            agent[name] = _text(part)
    return agent


def _object(element: Element) -> dict[str, Any]:
    """An element whose parts have names of their own; one that comes again is a list."""
    found: dict[str, Any] = dict(_attributes(element))
    for part in element:
        name = _name(part)
        said: Any = _object(part) if len(part) else _text(part)
        if not len(part):
            found |= {key: value for key, value in _attributes(part) if key not in found}
        if name == "geoLocationPolygon" or name in found:
            found[name] = [*_list(found.get(name)), *(said["polygonPoint"] if name == "geoLocationPolygon" else [said])]
        else:
            found[name] = said
    return found


def _leaf(element: Element, name: str) -> Any:
    if not name:
        return _text(element)
    text = _text(element)
    return {**({name: text} if text else {}), **dict(_attributes(element))}


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if not name.startswith(XSI):
            yield "lang" if name == XML_LANG else name.replace("URI", "Uri"), value


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
