"""Makes RDF of a dataset in a catalogue of a dataspace, and says in DCAT-AP what the protocol says in other ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from catalogue.graphs import Graph, Literal, NamedNode, Node, Term, parse
from catalogue.model import Note, NoteKind, Source
from catalogue.names import CAT, DCAT, DCT, HEALTH, ODRL, RDF, XSD
from catalogue.splitting import fit_for_path
from catalogue.upgrade import upgrader
from harvesters._crosswalk import AUTHORITY, table

LINKED = frozenset(
    {
        "dct:accessRights", "dct:conformsTo", "dct:language", "dct:license", "dct:type", "dct:accrualPeriodicity",
        "format", "dcat:theme", "dcat:landingPage", "dcat:mediaType", "dcatap:applicableLegislation",
        "foaf:page", "healthdcatap:healthCategory", "healthdcatap:healthTheme", "healthdcatap:hasCodingSystem",
        "dpv:hasLegalBasis", "dpv:hasPurpose", "dpv:hasPersonalData",
    }
)  # fmt: skip
"""Properties whose values are resources: an address written as text is meant as one."""
NAMED = frozenset({"action", "leftOperand", "operator", "format"})
"""Properties whose values are names: one that no context explains stays text, it is no address below our own."""
EDC = {"edc:name": "dct:title", "edc:description": "dct:description", "edc:version": "dcat:version",
    "edc:id": "dct:identifier", "edc:contenttype": "dcat:mediaType"}  # fmt: skip
"""How connectors of Eclipse (EDC) call properties of their assets."""
CODES = {
    DCT.accessRights: "access-right", DCT.language: "language", DCT.accrualPeriodicity: "frequency",
    DCT.spatial: "country", DCT.type: "dataset-type", DCT.format: "file-type", DCAT.theme: "data-theme",
    HEALTH.healthCategory: "healthcategories", HEALTH.healthTheme: "health-theme",
}  # fmt: skip
"""The list in ``vocab/authority`` of which a code or name written as text is read."""
COUNTS = (HEALTH.numberOfRecords, HEALTH.numberOfUniqueIndividuals, HEALTH.minTypicalAge, HEALTH.maxTypicalAge)
GENID = "/.well-known/genid/"
"""In the IRIs that stand for nodes without a name (RDF 1.1, section 3.5); here they are nameless again."""
TYPES = "http://www.iana.org/assignments/media-types/"
"""Where media types have their addresses."""


def described(record: Mapping[str, Any], source: Source, where: str) -> tuple[Graph, list[Note]]:
    """The graph of a record (a dataset, the services it names, the contexts it stands in) and what was decided.

    Raises :class:`~catalogue.errors.BadRdf` when it is no JSON-LD.
    """
    dataset, services = record["dataset"], record.get("service", [])
    inline = [*record.get("@context", []), *contexts(dataset)]
    iri = str(dataset["@id"])
    if not urlsplit(iri).scheme:
        iri = source.namespace + fit_for_path(iri)
    body = {name: value for name, value in dataset.items() if name not in ("@context", "@id", "@type")}
    kinds = [one for one in listed(dataset.get("@type")) if isinstance(one, str) and ":" in one]
    document = {
        "@context": [_terms(), *inline],
        "@graph": [
            {"@id": iri, "@type": ["Dataset", *kinds], **_meant(body)},
            *({"@type": "DataService", **_meant(one)} for one in services),
        ],
    }
    graph = Graph(parse(json.dumps(document).encode(), "application/ld+json", base=source.namespace, where=where))
    me = NamedNode(iri)
    if not graph.objects(me, DCT.identifier):
        graph.add(me, DCT.identifier, Literal(str(dataset["@id"])))
    graph, notes = upgrader().apply(graph)
    notes += [*_read_codes(graph, me), *_place_types(graph, me)]
    _count(graph, me)
    _unmark(graph, me)
    _complete(graph, me)
    known = set(_terms()) | {name for one in inline for name in one}
    return graph, [*notes, *(() if "@vocab" in known else _unknown(dataset, known))]


def _read_codes(graph: Graph, dataset: Node) -> Iterator[Note]:
    """Put concepts in the place of codes and names; of a text that is none a note."""
    for predicate, name in CODES.items():
        for node in (dataset, *_distributions(graph, dataset)):
            values = list(graph.objects(node, predicate))
            if any(isinstance(value, Literal) for value in values):
                graph.remove(node, predicate)
                for value in values:
                    yield from _read_code(graph, node, predicate, name, value)


def _distributions(graph: Graph, dataset: Node) -> list[Node]:
    return [node for node in graph.objects(dataset, DCAT.distribution) if not isinstance(node, Literal)]


def _read_code(graph: Graph, node: Node, predicate: NamedNode, name: str, value: Term) -> Iterator[Note]:
    if not isinstance(value, Literal):
        graph.add(node, predicate, value)
        return
    concepts, note = table(AUTHORITY + name).read(predicate.value, value.value)
    for concept in concepts:
        graph.add(node, predicate, NamedNode(concept))
    if not concepts and predicate == DCT.format:
        note = replace(note, reason="says how the connector hands the data over, and is no file format")
    elif not concepts:
        graph.add(node, predicate, value)
    yield note


def _place_types(graph: Graph, dataset: Node) -> Iterator[Note]:
    """Give the media type that a connector names for the data to their distributions."""
    types = list(graph.objects(dataset, DCAT.mediaType))
    distributions = _distributions(graph, dataset)
    graph.remove(dataset, DCAT.mediaType)
    for stated in types:
        meant = NamedNode(TYPES + stated.value) if isinstance(stated, Literal) else stated
        for node in distributions:
            if not graph.objects(node, DCAT.mediaType):
                graph.add(node, DCAT.mediaType, meant)
        if not distributions:
            reason = "there is no distribution to say it of"
            yield Note(NoteKind.UNMAPPED, DCAT.mediaType.value, str(stated.value), reason=reason)


def _count(graph: Graph, dataset: Node) -> None:
    """Numbers of JSON are integers; what counts is never negative."""
    for predicate in COUNTS:
        values = list(graph.objects(dataset, predicate))
        graph.remove(dataset, predicate)
        for value in values:
            plain = isinstance(value, Literal) and value.datatype == XSD.integer and value.value.isdecimal()
            graph.add(dataset, predicate, Literal(value.value, datatype=XSD.nonNegativeInteger) if plain else value)


def _unmark(graph: Graph, dataset: Node) -> None:
    """Take away what a catalogue of this software added because the protocol wants it, marked as such."""
    _keep(graph, dataset, ODRL.hasPolicy, lambda offer: CAT.DerivedOffer not in graph.objects(offer, DCT.type))
    for data in _distributions(graph, dataset):
        _keep(graph, data, DCT.format, lambda value: value != CAT.NoTransfer)
        for value in list(graph.objects(data, DCT.format)):
            if isinstance(value, NamedNode) and value.value.startswith(TYPES):
                _keep(graph, data, DCT.format, lambda one, value=value: one != value)  # type: ignore[misc]
                graph.add(data, DCAT.mediaType, value)
        _keep(graph, data, DCAT.accessService, lambda one: CAT.NoTransfer not in graph.objects(one, DCT.type))
    _keep(graph, dataset, DCAT.distribution, lambda data: bool(graph.outgoing(data).keys() - {RDF.type.value}))


def _keep(graph: Graph, node: Node, predicate: NamedNode, wanted: Callable[[Term], bool]) -> None:
    values = list(graph.objects(node, predicate))
    if not all(map(wanted, values)):
        graph.remove(node, predicate)
        for value in filter(wanted, values):
            graph.add(node, predicate, value)


def _complete(graph: Graph, dataset: Node) -> None:
    """A distribution is had where its service is, and an offer is a policy."""
    for data in _distributions(graph, dataset):
        for policy in graph.objects(data, ODRL.hasPolicy):
            if ODRL.Offer in graph.objects(policy, RDF.type) and not isinstance(policy, Literal):
                graph.add(policy, RDF.type, ODRL.Policy)
        for service in graph.objects(data, DCAT.accessService):
            for endpoint in graph.objects(service, DCAT.endpointURL):
                if not graph.objects(data, DCAT.accessURL):
                    graph.add(data, DCAT.accessURL, endpoint)


def _meant(value: Any, name: str = "") -> Any:
    """The same with the protocol's own names for properties, without contexts that would have to be fetched; what
    stands as text where a resource is meant, and as an address where it is none, made what it is."""
    if isinstance(value, list):
        return [_meant(one, name) for one in value]
    if isinstance(value, dict):
        if name in NAMED and value.keys() == {"@id"}:
            return _meant(value["@id"], name)
        said: dict[str, Any] = {"@context": contexts(value)} if contexts(value) else {}
        for key, one in value.items():
            meant = _names().get(key) or str(key)
            if key != "@context":
                said[meant] = _joined(said[meant], _meant(one, meant)) if meant in said else _meant(one, meant)
        return said
    if not isinstance(value, str):
        return value
    if GENID in value and name in ("@id", "accessService"):
        return "_:g" + sha256(value.encode()).hexdigest()[:20]
    if name in LINKED and value.startswith(("http://", "https://")):
        return {"@id": value}
    unexplained = name in NAMED and ":" not in value and value not in _terms()
    return {"@value": value} if unexplained else value


def _joined(one: Any, other: Any) -> list[Any]:
    """Both values of a property that stands there under two names."""
    return [*listed(one), *listed(other)]


def contexts(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The contexts that are written out in an object; those that are only named are not fetched."""
    return [one for one in listed(value.get("@context")) if isinstance(one, dict)]


def objects(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects that a property holds, with or without its prefix, alone or in a list."""
    return [one for one in listed(value.get(name, value.get(f"dcat:{name}"))) if isinstance(one, dict)]


def services_of(value: Any) -> set[str]:
    """The names of the services to which anything inside a dataset refers."""
    if isinstance(value, list):
        return {name for one in value for name in services_of(one)}
    if not isinstance(value, dict):
        return set()
    found = set[str]()
    for key, one in value.items():
        if key.removeprefix("dcat:") == "accessService":
            found |= {str(each.get("@id")) if isinstance(each, dict) else str(each) for each in listed(one)}
        else:
            found |= services_of(one)
    return found


def listed(value: Any) -> list[Any]:
    """A value, several, or none, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _unknown(value: Any, known: set[str], place: str = "") -> Iterator[Note]:
    """Notes on names that no context explains, so that nothing was made of them."""
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one, known, place)
    elif isinstance(value, dict):
        inner = known | {name for one in contexts(value) for name in one}
        for name, one in value.items():
            where = f"{place}.{name}".lstrip(".")
            if name.startswith("@") or name in inner or name.partition(":")[0] in inner or "://" in name:
                yield from _unknown(one, inner, where) if name != "@context" else ()
            else:
                raw = one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, sort_keys=True)
                yield Note(NoteKind.UNMAPPED, where, str(raw)[:500], reason="no context explains this name")


@cache
def _terms() -> dict[str, Any]:
    """What names of the protocol mean, in our own words: contexts are never fetched."""
    text = (files("harvesters") / "schemas" / "dspace.context.json").read_text("utf-8")
    terms: dict[str, Any] = json.loads(text)
    return terms


@cache
def _names() -> dict[str, str]:
    """The protocol's own name of a property by the one with a prefix, and by that of EDC."""
    meant = {name: str(said["@id"]) if isinstance(said, dict) else str(said) for name, said in _terms().items()}
    names = {iri: name for name, iri in meant.items() if iri.startswith(("dcat:", "odrl:")) or name == "format"}
    return {**{iri: name for iri, name in names.items() if iri not in LINKED}, **EDC}
