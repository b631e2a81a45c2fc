"""How a dataset is cited: in words, as BibTeX and as RIS, after the DataCite recommendation for citing data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import rispy
from pybtex.database import BibliographyData, Entry, Person

from catalogue.doi import doi_name
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.names import ADMS, DCAT, DCT, FOAF, RDF, SKOS, key
from catalogue.words import preferred

_YEAR = re.compile(r"\d{4}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
"""Line breaks would begin another field."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who is named as author or publisher."""

    name: str
    person: bool
    """Persons are sorted by family name, organisations never."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says; what the description does not state is empty."""

    iri: str
    title: str
    makers: Sequence[Maker]
    """Creators, else publishers."""
    publishers: Sequence[Maker]
    year: str
    version: str
    doi: str
    """Without the address of the resolver."""

    @property
    def text(self) -> str:
        """Who (year): title. Version. Publisher. Address."""
        names = ", ".join(maker.name for maker in self.makers)
        first = f"{names} ({self.year})" if names and self.year else names or self.year
        publishers = "" if self.publishers == self.makers else ", ".join(one.name for one in self.publishers)
        parts = [f"{first}: {self.title}" if first else self.title, f"Version {self.version}" if self.version else ""]
        return ". ".join(part for part in (*parts, publishers, self.address) if part)

    @property
    def address(self) -> str:
        """Where the dataset is found: its DOI, else its IRI."""
        return f"https://doi.org/{self.doi}" if self.doi else self.iri


def cite(graph: Graph, dataset: NamedNode, *languages: str) -> Citation:
    """The citation of a dataset; title and names are in the first of ``languages`` that there is, else English."""
    publishers = _makers(graph, dataset, DCT.publisher, languages)
    issued = _YEAR.match(graph.text(dataset, DCT.issued) or graph.text(dataset, DCT.modified) or "")
    return Citation(
        iri=dataset.value,
        title=_best(graph.objects(dataset, DCT.title), languages) or dataset.value,
        makers=_makers(graph, dataset, DCT.creator, languages) or publishers,
        publishers=publishers,
        year=issued[0] if issued is not None else "",
        version=_one_line(graph.text(dataset, DCAT.version) or ""),
        doi=_doi(graph, dataset),
    )


def bibtex(citations: Iterable[Citation]) -> str:
    """The citations as a BibTeX database."""
    entries = {f"dataset-{key(one.iri)[:12]}": _entry(one) for one in citations}
    return str(BibliographyData(entries).to_string("bibtex"))


def _entry(one: Citation) -> Entry:
    said = {
        "title": f"{{{_braced(one.title)}}}",
        "year": one.year,
        "version": _braced(one.version),
        "publisher": _braced(" and ".join(maker.name for maker in one.publishers)),
        "doi": one.doi,
        "url": one.address,
        "note": "Dataset",
    }
    fields = {name: value for name, value in said.items() if value}
    makers = [Person(_braced(m.name) if m.person else f"{{{_braced(m.name)}}}") for m in one.makers]
    return Entry("misc", fields=fields, persons={"author": makers} if makers else {})


def ris(citations: Iterable[Citation]) -> str:
    """The citations in the format of Research Information Systems, one after another, of type DATA."""
    return str(rispy.dumps([_reference(one) for one in citations], implementation=_Writer)).lstrip()


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Numbers before records are no part of the format."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


def _reference(one: Citation) -> dict[str, object]:
    said: dict[str, object] = {
        "type_of_reference": "DATA",
        "title": one.title,
        "authors": [_sorted_name(maker) for maker in one.makers],
        "year": one.year,
        "edition": one.version,
        "publisher": " and ".join(maker.name for maker in one.publishers),
        "doi": one.doi,
        "urls": [one.address],
    }
    return {name: value for name, value in said.items() if value}


def _sorted_name(maker: Maker) -> str:
    """As RIS wants it: family name first for persons."""
    if not maker.person:
        return maker.name
    person = Person(maker.name)
    family, given = " ".join([*person.prelast_names, *person.last_names]), " ".join(person.first_names)
    return f"{family}, {given}" if given else family


def _makers(graph: Graph, dataset: NamedNode, role: NamedNode, languages: Sequence[str]) -> list[Maker]:
    found = {}
    for agent in graph.objects(dataset, role):
        name = _best([agent, *graph.objects(agent, FOAF.name)], languages)
        if name:
            found[name] = Maker(name, FOAF.Person in graph.objects(agent, RDF.type))
    return sorted(found.values(), key=lambda maker: maker.name)


def _best(terms: Iterable[Term], languages: Sequence[str]) -> str:
    """The text in the best language; of several, the first in the order of letters."""
    texts: dict[str, str] = {}
    for term in sorted((t for t in terms if isinstance(t, Literal)), key=lambda t: t.value):
        texts.setdefault((term.language or "").lower(), term.value)
    return next((_one_line(texts[code]) for code in preferred(texts, languages)), "")


def _doi(graph: Graph, dataset: NamedNode) -> str:
    others = [*graph.objects(dataset, DCT.identifier), *graph.objects(dataset, ADMS.identifier)]
    others += [value for one in graph.objects(dataset, ADMS.identifier) for value in graph.objects(one, SKOS.notation)]
    said = [dataset.value, *(str(one.value) for one in others if isinstance(one, (NamedNode, Literal)))]
    return next(filter(None, map(doi_name, said)), "")


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _braced(text: str) -> str:
    """Without braces, which BibTeX would pair."""
    return text.replace("{", "(").replace("}", ")").replace("\\", "/")
