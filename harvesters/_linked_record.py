"""Reads JSON-LD in the terms of schema.org as records: references resolved, names without prefix, values plain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from harvesters._linked_names import Names

LOCAL = ("#", "_:")
"""How names begin that mean something in their document only: one that nothing is said about is no value."""
DEEPEST = 4
"""References that are followed from one entity to the next."""
LARGEST = 20_000
"""Entities that references of one description are replaced by; what is beyond stays a reference."""
FOREMOST = ("@graph", "@included", "mainEntity", "about", "subjectOf")
"""Properties that lead from a document or page to what it is about."""
LISTING = ("dataset", "hasPart", "itemListElement", "item")
"""Properties that lead to what has a place of its own, as a rule, and is only listed here."""
REFERRING = ("creator", "author", "publisher", "provider", "maintainer", "contributor", "editor", "funder",
    "copyrightHolder", "sourceOrganization", "affiliation")  # fmt: skip
"""Properties whose values are entities even when they are written as text, as contexts may lay down."""


class Document:
    """The entities of one document by their ``@id``."""

    def __init__(self, held: Any, *, apart: bool = False) -> None:
        """``held`` is JSON, at most :data:`~harvesters._json.DEEPEST` deep, or a list of such documents.

        With ``apart`` a blank node (``_:``) of one of them is none of the others.
        """
        self.entities: dict[str, dict[str, Any]] = {}
        self.language = ""
        """Of texts that name none, where a context says it."""
        self._foremost: dict[int, dict[str, Any]] = {}
        self._listed: dict[int, dict[str, Any]] = {}
        self._parts: dict[int, dict[str, Any]] = {}
        """Of datasets."""
        self._left = LARGEST
        several = listed(held)
        for number, one in enumerate(several):
            names = Names(one, f"{number}." if apart and len(several) > 1 else "")
            self.language = self.language or names.language
            self._take(names.plain(one))

    def of_type(self, name: str) -> Iterator[dict[str, Any]]:
        """The entities of a class of schema.org that the document is about, in its order."""
        yield from self._of_type(self._foremost, name)

    def listed_of_type(self, name: str) -> Iterator[dict[str, Any]]:
        """Those of a class that it lists: the datasets of a catalogue, parts of a dataset that are described."""
        yield from self._of_type(self._listed, name)
        yield from (one for one in self._of_type(self._parts, name) if one.get("description"))

    def resolved(self, entity: Mapping[str, Any], deep: int = DEEPEST) -> dict[str, Any]:
        """The entity with what its references lead to in the document put in their place."""
        self._left = LARGEST
        way = (str(entity.get("@id") or ""),)
        return {name: self._value(value, deep, way, name) for name, value in entity.items()}

    def _value(self, value: Any, deep: int, way: tuple[str, ...], name: str) -> Any:
        if isinstance(value, list):
            return [self._value(one, deep, way, name) for one in value]
        if isinstance(value, str) and name in REFERRING and value in self.entities:
            value = {"@id": value}
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            language = value.get("@language")
            return {str(language): value["@value"]} if language else value["@value"]
        for container in ("@list", "@set"):
            if container in value:
                return self._value(listed(value[container]), deep, way, name)
        return self._entity(value, deep, way)

    def _entity(self, value: dict[str, Any], deep: int, way: tuple[str, ...]) -> Any:
        iri = str(value.get("@id") or "")
        known = self.entities.get(iri, {}) if deep > 0 and self._left > 0 and iri not in way else {}
        if known:
            self._left -= 1
        inner = {**known, **value}
        if not inner.keys() - {"@id"}:
            return iri if ":" in iri and not iri.startswith(LOCAL) else {"@id": iri} if iri else {}
        further = deep - 1 if known else deep
        return {name: self._value(one, further, (*way, iri), name) for name, one in inner.items()}

    def _of_type(self, found: Mapping[int, dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
        given = set()
        for one in found.values():
            entity = self.entities.get(str(one.get("@id") or ""), one)
            if name not in types_of(entity):
                continue
            nameless = str(entity.get("@id") or "").startswith("_:")
            said = json.dumps({key: value for key, value in entity.items() if not (nameless and key == "@id")})
            if said not in given:
                given.add(said)
                yield entity

    def _take(self, held: Any) -> None:
        """Note every entity of the document, also those inside others, and how it came to be there."""
        waiting: list[tuple[Any, dict[int, dict[str, Any]] | None]] = [(held, self._foremost)]
        while waiting:
            one, place = waiting.pop()
            if isinstance(one, list):
                waiting += [(inner, place) for inner in reversed(one)]
            elif isinstance(one, dict):
                waiting += [(inner, self._place(one, name, place)) for name, inner in reversed(one.items())]
                if "@type" in one:
                    self._note(one, place)

    def _place(
        self, entity: dict[str, Any], name: str, place: dict[int, dict[str, Any]] | None
    ) -> dict[int, dict[str, Any]] | None:
        """Where the values of a property belong: what a dataset names is not what the document is about."""
        if place is None or name in ("@list", "@set"):
            return place
        if "Dataset" in types_of(entity):
            return self._parts if name == "hasPart" else None
        if name in FOREMOST:
            return place
        return (self._listed if place is self._foremost else place) if name in LISTING else None

    def _note(self, entity: dict[str, Any], place: dict[int, dict[str, Any]] | None) -> None:
        iri = entity.get("@id")
        if isinstance(iri, str) and iri:
            held = self.entities.get(iri, {})
            self.entities[iri] = {**held, **entity} if place is self._foremost else {**entity, **held}
        if place is not None:
            place[id(entity)] = entity


def types_of(entity: Mapping[str, Any]) -> set[str]:
    """The local names of the classes of an entity of a :class:`Document`."""
    return {str(one) for one in listed(entity.get("@type"))}


def listed(value: Any) -> list[Any]:
    """A value, several, or none, as a list."""
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]
