"""Reads local terms as concepts, by the tables in ``vocab/crosswalks`` that say who decided and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Note, NoteKind
from catalogue.names import CAT, DCT, SKOS
from catalogue.resources import read_files

BASE = "https://w3id.org/ehds-catalogue/crosswalk/"
AUTHORITY = "https://w3id.org/ehds-catalogue/authority/"
_MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)
_NAMES = (DCT.identifier, SKOS.notation, SKOS.prefLabel, SKOS.altLabel)
_NOISE = re.compile(r"[\W_]+")


def folded(term: str) -> str:
    """What two spellings of one term share: letters and digits, without case."""
    return _NOISE.sub("", term).casefold()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a crosswalk makes of one local term."""

    concepts: tuple[str, ...]
    """Concept IRIs that hold together; none when the term is known to mean nothing ("UNKNOWN")."""
    match: str
    """exactMatch, closeMatch or broadMatch; empty without concepts."""


@dataclass(frozen=True)
class Crosswalk:
    """One table of local terms."""

    iri: str
    readings: Mapping[str, Reading]

    def find(self, term: str) -> Reading | None:
        """The reading of a term whatever its case, spaces and punctuation; None for an unknown one."""
        return self.readings.get(folded(term))

    def read(self, field: str, term: str) -> tuple[tuple[str, ...], Note]:
        """The concepts of a term and the note that says how they were found.

        Only for public sources: the note of an unknown term quotes it.
        """
        reading = self.find(term)
        if reading is None:
            return (), Note(NoteKind.UNMAPPED, field, raw=term, reason=f"not in {self.iri}")
        if not reading.concepts:
            return (), Note(NoteKind.MAPPED, field, raw=term, reason=f"{self.iri}: means nothing")
        result = " ".join(reading.concepts)
        return reading.concepts, Note(NoteKind.MAPPED, field, term, result, f"{self.iri} skos:{reading.match}")


@cache
def crosswalk(name: str) -> Crosswalk:
    """The table ``vocab/crosswalks/<name>.ttl``.

    Raises :class:`~catalogue.errors.ConfigurationError` when the installation lacks the folder.
    """
    path = f"vocab/crosswalks/{name}.ttl"
    graph = Graph(parse(_files()[path], "text/turtle", where=path))
    readings: dict[str, Reading] = {}
    for mapping in graph.objects(NamedNode(BASE + name), CAT.mapping):
        reading = Reading((), "")
        for match in _MATCHES:
            concepts = tuple(str(concept.value) for concept in graph.objects(mapping, match))
            if concepts:
                reading = Reading(concepts, match.value.removeprefix(SKOS.iri))
                break
        for local in graph.objects(mapping, CAT.local):
            readings[folded(str(local.value))] = reading
    return Crosswalk(BASE + name, readings)


@cache
def authority(name: str) -> Crosswalk:
    """The concepts of ``vocab/authority/<name>.ttl`` by code, by the end of their IRI and by every name they have.

    A spelling that two concepts share stands for neither. Raises
    :class:`~catalogue.errors.ConfigurationError` when the installation lacks the folder.
    """
    content = read_files("vocab/authority")[f"vocab/authority/{name}.ttl"]
    graph = Graph(parse(content, "text/turtle", where=name))
    spellings: dict[str, set[str]] = {}
    for concept in graph.instances(SKOS.Concept):
        iri = str(concept.value)
        names = [str(term.value) for label in _NAMES for term in graph.objects(concept, label)]
        for spelling in (iri, re.split(r"[/#]", iri)[-1], *names):
            spellings.setdefault(folded(spelling), set()).add(iri)
    readings = {spelling: Reading(tuple(iris), "exactMatch") for spelling, iris in spellings.items() if len(iris) == 1}
    return Crosswalk(AUTHORITY + name, readings)


def table(iri: str) -> Crosswalk:
    """The crosswalk or authority list of that IRI.

    Raises :class:`KeyError` for one that is not installed.
    """
    return authority(iri.removeprefix(AUTHORITY)) if iri.startswith(AUTHORITY) else crosswalk(iri.removeprefix(BASE))


@cache
def members(scheme: str) -> frozenset[str]:
    """The concepts of ``vocab/authority/<scheme>.ttl``."""
    content = read_files("vocab/authority")[f"vocab/authority/{scheme}.ttl"]
    graph = Graph(parse(content, "text/turtle", where=scheme))
    return frozenset(str(node.value) for node in graph.subjects(SKOS.inScheme, NamedNode(AUTHORITY + scheme)))


@cache
def _files() -> Mapping[str, bytes]:
    return read_files("vocab/crosswalks")
