"""Reads JSON-LD in the terms of schema.org as records: references resolved, names without prefix, values plain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PREFIXES = ("http://schema.org/", "https://schema.org/", "schema:", "sdo:")
LOCAL = ("#", "_:")
"""How names begin that mean something in their document only: one that nothing is said about is no value."""
DEEPEST = 4
"""References that are followed from one entity to the next."""
LARGEST = 200_000
"""Entities of one document that are looked at."""


class Document:
    """The entities of one document by their ``@id``."""

    def __init__(self, held: Any) -> None:
        self.entities: dict[str, dict[str, Any]] = {}
        self.nameless: list[dict[str, Any]] = []
        self._left = LARGEST
        self._take(held)

    def of_type(self, name: str) -> Iterator[dict[str, Any]]:
        """The entities of a class of schema.org, in the order of the document."""
        for entity in (*self.entities.values(), *self.nameless):
            if name in types_of(entity):
                yield entity

    def resolved(self, entity: Mapping[str, Any], deep: int = DEEPEST) -> dict[str, Any]:
        """The entity with what its references lead to in the document put in their place."""
        return {name: self._value(value, deep, (str(entity.get("@id")),)) for name, value in entity.items()}

    def _value(self, value: Any, deep: int, way: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self._value(one, deep, way) for one in value]
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            language = value.get("@language")
            return {str(language): value["@value"]} if language else value["@value"]
        iri = str(value.get("@id", ""))
        inner = {**self.entities.get(iri, {}), **value} if iri not in way else value
        if not inner.keys() - {"@id"} or deep == 0:
            return {"@id": iri} if iri.startswith(LOCAL) else iri
        return {name: self._value(one, deep - 1, (*way, iri)) for name, one in inner.items()}

    def _take(self, held: Any) -> None:
        """Note every entity of the document, also those inside others."""
        waiting = [held]
        while waiting and self._left > 0:
            one = waiting.pop(0)
            if isinstance(one, list):
                waiting += one
            elif isinstance(one, dict):
                self._left -= 1
                named = {_named(name): value for name, value in one.items() if name != "@context"}
                graph = named.pop("@graph", None)
                waiting += [graph] if graph is not None else []
                waiting += list(named.values())
                if "@type" in named:
                    self._note(named)

    def _note(self, entity: dict[str, Any]) -> None:
        entity = {name: _unprefixed(value) for name, value in entity.items()}
        iri = entity.get("@id")
        if isinstance(iri, str):
            self.entities[iri] = {**self.entities.get(iri, {}), **entity}
        else:
            self.nameless.append(entity)


def types_of(entity: Mapping[str, Any]) -> set[str]:
    """The local names of the classes of an entity."""
    given = entity.get("@type")
    return {_named(str(one)) for one in (given if isinstance(given, list) else [given])}


def listed(value: Any) -> list[Any]:
    """A value, several, or none, as a list."""
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]


def _unprefixed(value: Any) -> Any:
    """The same value with names of schema.org without prefix throughout."""
    if isinstance(value, list):
        return [_unprefixed(one) for one in value]
    if isinstance(value, dict):
        return {_named(name): _unprefixed(one) for name, one in value.items() if name != "@context"}
    return value


def _named(name: str) -> str:
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return {"id": "@id", "type": "@type"}.get(name, name)
