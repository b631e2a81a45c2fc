"""Reads names of schema.org as JSON-LD writes them: plain, with a prefix or under another name of its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

VOCABULARY = ("http://schema.org/", "https://schema.org/")
PREFIXES = (*VOCABULARY, "schema:", "sdo:")
"""What stands before a name of schema.org whatever the context says."""
KEYWORDS = {"id": "@id", "type": "@type"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class Names:
    """The names of one document; contexts by their address, and those inside of it, are not looked at."""

    def __init__(self, document: Any, mark: str = "") -> None:
        """``mark`` is put into the names of blank nodes."""
        self._blank = f"_:{mark}"
        self.language = ""
        """Of texts that name none."""
        self._terms = dict(KEYWORDS)
        self._prefixes: tuple[str, ...] = PREFIXES
        found = [dict(one) for one in _contexts(document)]
        for context in found:
            spaces = [name for name, value in context.items() if value in VOCABULARY]
            self._prefixes += tuple(f"{name}:" for name in spaces)
        for context in found:
            self._terms |= {term: name for term, value in context.items() if (name := self._meant(value))}
            language = context.get("@language")
            if isinstance(language, str) and _LANGUAGE.fullmatch(language):
                self.language = self.language or language

    def plain(self, value: Any) -> Any:
        """The same value with names of schema.org without prefix throughout, and without contexts."""
        if isinstance(value, list):
            return [self.plain(one) for one in value]
        if not isinstance(value, dict):
            return value
        result = {self._name(name): self.plain(one) for name, one in value.items() if name != "@context"}
        iri = result.get("@id")
        if isinstance(iri, str) and iri.startswith("_:"):
            result["@id"] = self._blank + iri.removeprefix("_:")
        if "@type" in result:
            given = result["@type"]
            result["@type"] = [self._name(str(one)) for one in (given if isinstance(given, list) else [given]) if one]
        return result

    def _name(self, name: str) -> str:
        if name in self._terms:
            return self._terms[name]
        for prefix in self._prefixes:
            if name.startswith(prefix):
                return name.removeprefix(prefix)
        return name

    def _meant(self, value: Any) -> str:
        """The name of schema.org that a term stands for; empty when it stands for something else."""
        iri = value.get("@id") if isinstance(value, dict) else value
        if not isinstance(iri, str):
            return ""
        return next((iri.removeprefix(one) for one in self._prefixes if iri.startswith(one)), "")


def _contexts(document: Any) -> Iterator[dict[str, Any]]:
    for one in document if isinstance(document, list) else [document]:
        given = one.get("@context") if isinstance(one, dict) else None
        yield from (each for each in (given if isinstance(given, list) else [given]) if isinstance(each, dict))
