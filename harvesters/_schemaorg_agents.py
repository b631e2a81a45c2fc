"""Reads who made and published a dataset of schema.org, and keeps back what persons may be known by otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue.model import Note, NoteKind
from harvesters._linked_record import listed, types_of
from harvesters._schemaorg_values import address_of, identifiers, texts

AGENTS = ("creator", "author", "publisher", "provider", "maintainer", "contributor", "editor", "funder", "sponsor",
    "sourceOrganization", "copyrightHolder")  # fmt: skip
PUBLIC = frozenset({
    "@id", "@type", "name", "givenName", "familyName", "additionalName", "alternateName", "honorificPrefix",
    "honorificSuffix", "jobTitle", "affiliation", "worksFor", "memberOf", "identifier", "sameAs", "url", "contactPoint",
    "roleName",
})  # fmt: skip
"""What may be said of a person who made or published the data; addresses only where they are a stated contact."""
REGISTERS = ("https://orcid.org/", "https://ror.org/")
"""Addresses by which persons and organisations are known."""
MEASURED = frozenset({"value", "minValue", "maxValue"})
"""Of a variable: counts and extremes that may be those of a few persons."""
_ORCID = re.compile(r"(?:orcid:)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.IGNORECASE)
_PERSONS = frozenset({"Person", "Patient"})
_PERSONAL = frozenset({"givenName", "familyName", "birthDate"})


def publishable(record: Mapping[str, Any]) -> tuple[dict[str, Any], list[Note]]:
    """A record without persons in other roles than :data:`AGENTS`, of these only what is :data:`PUBLIC`, and without
    what is :data:`MEASURED`; with a note on each."""
    notes: dict[str, Note] = {}
    kept = {name: _kept(value, (name,), notes) for name, value in record.items()}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}, list(notes.values())


def _kept(value: Any, place: tuple[str, ...], notes: dict[str, Note]) -> Any:
    if isinstance(value, list):
        return [kept for one in value if (kept := _kept(one, place, notes)) is not None]
    if not isinstance(value, dict):
        return value
    named = types_of(value) & _PERSONS or value.keys() & _PERSONAL
    person = bool(named) and place[-1] != "contactPoint"
    if person and place[-1] not in AGENTS:
        _withhold(place, "a person who neither made nor published the data", notes)
        return None
    result = {}
    for name, inner in value.items():
        if place[0] == "variableMeasured" and name in MEASURED:
            _withhold((*place, name), "a measured value, which may be that of a few persons", notes)
        elif person and name not in PUBLIC:
            _withhold((*place, name), "what is said of a person beyond name, register and affiliation", notes)
        elif (kept := _kept(inner, (*place, name), notes)) is not None:
            result[name] = kept
    return result


def _withhold(place: tuple[str, ...], reason: str, notes: dict[str, Note]) -> None:
    field = ".".join(place)
    notes[field] = Note(NoteKind.SUPPRESSED, field, reason=reason)


def agents(value: Any, name: str) -> list[Any]:
    """The agents of a role; ``name`` is that of its property, which a ``Role`` repeats."""
    found: list[Any] = []
    for one in listed(value):
        if isinstance(one, dict) and "Role" in types_of(one) and one.get(name):
            around = {key: inner for key, inner in one.items() if key not in ("@type", "@id", name)}
            found += [around | agent for agent in agents(one[name], name) if isinstance(agent, dict)]
        else:
            found.append(_agent(one))
    return found


def _agent(value: Any) -> Any:
    if isinstance(value, str):
        address = address_of(value)
        return {"@id": address} if address else {"name": texts(value)}
    if not isinstance(value, dict):
        return value
    result = dict(value)
    names = [result.get(name) for name in ("name", "legalName", "alternateName")]
    parts = " ".join(str(value[name]) for name in ("givenName", "familyName") if value.get(name))
    result["name"] = texts(next((one for one in (names[0], parts, *names[1:]) if one), None))
    known = [one for name in ("@id", "identifier", "sameAs") for one in listed(value.get(name))]
    written = [
        (_ORCID.sub(r"https://orcid.org/\1", one) if _ORCID.fullmatch(one) else one) for one in identifiers(known)
    ]
    register = next((one for one in written if one.startswith(REGISTERS)), "")
    if register and not address_of(value.get("@id")):
        result["@id"] = register
    if "identifier" in value:
        result["identifier"] = identifiers(value["identifier"])
    if isinstance(value.get("email"), str):
        result["email"] = value["email"].strip().removeprefix("mailto:")
    if "affiliation" in value:
        result["affiliation"] = [_agent(one) for one in listed(value["affiliation"])]
    return {name: inner for name, inner in result.items() if inner not in (None, "", [], {})}
