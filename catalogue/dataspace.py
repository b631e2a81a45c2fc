"""Writes descriptions as datasets and a catalogue of the Dataspace Protocol 2025-1, losing nothing of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalogue.embedding import BLANK, embedded, tidied
from catalogue.errors import BadInput
from catalogue.graphs import RDF_TYPE, Graph, NamedNode
from catalogue.names import CAT, DCAT, DCT, ODRL, XSD, Minted, key
from catalogue.offers import derived_terms

CONTEXT = "https://w3id.org/dspace/2025/1/context.jsonld"
PREFIXES = {"dct": DCT.iri, "dcat": DCAT.iri, "odrl": ODRL.iri, "xsd": XSD.iri}
"""Those the protocol's context defines. It allows no other context of ours, so other names are written in full."""
FIRST = (DCAT.distribution, ODRL.hasPolicy, DCAT.accessService)
"""What the protocol wants written out in its place."""
OPERATORS = frozenset(
    {"eq", "gt", "gteq", "lteq", "hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf", "lt", "neq"}
)
LOGICAL = ("odrl:and", "odrl:andSequence", "odrl:or", "odrl:xone")
RULES = ("permission", "prohibition", "obligation")


@dataclass(frozen=True, slots=True)
class Participant:
    """Who offers the datasets, as the dataspace knows them."""

    base: str
    """Of the installation; what the protocol wants named and the description leaves nameless gets IRIs below it."""
    endpoint: str
    """Where the catalogue is asked; the protocol's paths lie below it. Nothing is negotiated or transferred there."""
    identifier: str = ""
    """The participant's identifier in the dataspace (a DID, for example); empty for ``base``."""

    @property
    def service(self) -> dict[str, Any]:
        """The service where datasets are listed, for those that name none of their own."""
        return {
            "@id": self.base + "dataspace",
            "@type": "DataService",
            "endpointURL": self.endpoint,
            "dct:type": {"@id": CAT.NoTransfer.value},
        }


@dataclass(frozen=True, slots=True)
class Written:
    """A catalogue, and what is not in it."""

    document: dict[str, Any]
    left_out: tuple[tuple[str, str, str], ...]
    """IRI, why it could not be offered, and what to do."""


def catalogue(datasets: Iterable[tuple[str, Graph]], participant: Participant) -> Written:
    """The ``Catalog`` of some datasets (IRI and description); one that says nothing of its use is left out, and told.

    Source: Dataspace Protocol 2025-1, Catalog Protocol, "ACK - Catalog".
    """
    held: list[dict[str, Any]] = []
    left_out: list[tuple[str, str, str]] = []
    for iri, graph in datasets:
        try:
            held.append(_dataset(graph, iri, participant))
        except BadInput as error:
            left_out.append((iri, error.what, error.remedy))
    document = {
        "@context": [CONTEXT],
        "@id": participant.base + "dataspace/catalogue",
        "@type": "Catalog",
        "participantId": participant.identifier or participant.base,
        "service": [participant.service],
        **({"dataset": held} if held else {}),
    }
    return Written(document, tuple(left_out))


def dataset(graph: Graph, iri: str, participant: Participant) -> dict[str, Any]:
    """The ``Dataset`` that a description is about.

    The protocol wants an offer and a distribution with a format and a service; what of these the description has not is
    added, and marked: ``dct:type`` of the offer is ``cat:DerivedOffer``, format and ``dct:type`` of the service are
    ``cat:NoTransfer``. Raises :class:`~catalogue.errors.BadInput` for a description that says nothing of its use.
    Source: Dataspace Protocol 2025-1, Catalog Protocol, "ACK - Dataset".
    """
    return {"@context": [CONTEXT], **_dataset(graph, iri, participant)}


def _dataset(graph: Graph, iri: str, participant: Participant) -> dict[str, Any]:
    me, blank = NamedNode(iri), BLANK + key(iri)
    tree = embedded(graph, me, PREFIXES, FIRST, blank)
    _typed(tree, "Dataset", "dcat:Dataset")
    data = tree.pop("dcat:distribution", [])
    bare = {"@type": "Distribution", "format": CAT.NoTransfer.value, "accessService": participant.service}
    written_out = [one for one in data if _is_node(one)]
    tree["distribution"] = [_distribution(one, graph, participant) for one in written_out] or [bare]
    tree.update({"dcat:distribution": rest} if (rest := [one for one in data if not _is_node(one)]) else {})
    _offered(tree)
    if "hasPolicy" not in tree:
        offer = {"@id": f"{participant.base}dataspace/offer/{key(iri)}", "@type": "Offer"}
        marked = {"dct:type": {"@id": CAT.DerivedOffer.value}}
        tree["hasPolicy"] = [{**offer, **derived_terms(graph, me), **marked}]
    genid = Minted(participant.base).genid(iri)
    wanted = {name for one in (tree, *tree["distribution"]) for name in _wanted(one)}
    labels = {name: genid + name.removeprefix(blank) for name in wanted if name.startswith(blank)}
    written: dict[str, Any] = tidied(tree, labels)
    return written


def _distribution(tree: dict[str, Any], graph: Graph, participant: Participant) -> dict[str, Any]:
    _typed(tree, "Distribution", "dcat:Distribution")
    _offered(tree)
    formats = tree.pop("dct:format", [])
    names = [one["@id"] for one in formats if _is_node(one) and not _is_blank(one)]
    media = [one["@id"] for one in tree.get("dcat:mediaType", []) if _is_node(one) and not _is_blank(one)]
    tree["format"] = next(iter([*names, *media]), CAT.NoTransfer.value)
    rest = [one for one in formats if one != {"@id": tree["format"]}]
    services = tree.pop("dcat:accessService", [])
    found = [_service(one, graph) if _is_node(one) else None for one in services]
    used = next((number for number, one in enumerate(found) if one is not None), None)
    tree["accessService"] = participant.service if used is None else found[used]
    others = [one for number, one in enumerate(services) if number != used]
    more = {"dct:format": rest, "dcat:accessService": others}
    return {**tree, **{name: values for name, values in more.items() if values}}


def _service(tree: dict[str, Any], graph: Graph) -> dict[str, Any] | None:
    """A service as the protocol writes it; None for one without an endpoint. Of one met before, what is needed."""
    name = tree["@id"]
    endpoints = tree.get("dcat:endpointURL")
    if endpoints is None:
        stated = graph.objects(NamedNode(name), DCAT.endpointURL) if not _is_blank(tree) else ()
        endpoints = [{"@id": str(value.value)} for value in stated]
    address = next((one["@id"] for one in endpoints if _is_node(one) and not _is_blank(one)), None)
    if address is None:
        return None
    service = {name: value for name, value in tree.items() if name != "dcat:endpointURL"}
    _typed(service, "DataService", "dcat:DataService", only=True)
    more = [one for one in endpoints if one != {"@id": address}]
    return {**service, "endpointURL": address, **({"dcat:endpointURL": more} if more else {})}


def _offered(tree: dict[str, Any]) -> None:
    """Put policies that are offers as the protocol writes them under its name; others stay under that of ODRL."""
    policies = tree.pop("odrl:hasPolicy", [])
    offers = [(one, _offer(one)) for one in policies]
    found = [offer for _, offer in offers if offer is not None]
    rest = [one for one, offer in offers if offer is None]
    tree.update({name: values for name, values in (("hasPolicy", found), ("odrl:hasPolicy", rest)) if values})


def _offer(tree: Any) -> dict[str, Any] | None:
    """An offer with the terms of the protocol; None for what is none, or says what they cannot say."""
    if not isinstance(tree, dict) or "odrl:Offer" not in tree.get("@type", ()):
        return None
    offer = dict(tree)
    for name in RULES:
        rules = [_rule(one) for one in offer.pop(f"odrl:{name}", [])]
        if None in rules:
            return None
        offer.update({name: rules} if rules else {})
    _typed(offer, "Offer", "odrl:Offer", only=True)
    return offer if "permission" in offer or "prohibition" in offer else None


def _rule(tree: Any) -> dict[str, Any] | None:
    if not isinstance(tree, dict):
        return None
    rule = dict(tree)
    action = _only_name(rule.pop("odrl:action", []))
    constraints = [_constraint(one) for one in rule.pop("odrl:constraint", [])]
    if action is None or None in constraints:
        return None
    return {**rule, "action": "use" if action == "odrl:use" else action} | (
        {"constraint": constraints} if constraints else {}
    )


def _constraint(tree: Any) -> dict[str, Any] | None:
    if not isinstance(tree, dict):
        return None
    rest = dict(tree)
    logical = [name for name in LOGICAL if name in rest]
    if logical:
        parts = [_constraint(one) for one in rest.pop(logical[0])]
        whole = len(logical) == 1 and None not in parts and "odrl:leftOperand" not in rest
        return {**rest, logical[0].removeprefix("odrl:"): parts} if whole else None
    left, operator = _only_name(rest.pop("odrl:leftOperand", [])), _only_name(rest.pop("odrl:operator", []))
    right = rest.pop("odrl:rightOperand", [])
    operator = (operator or "").removeprefix("odrl:")
    if left is None or operator not in OPERATORS or not right:
        return None
    return {**rest, "leftOperand": left, "operator": operator, "rightOperand": right[0] if len(right) == 1 else right}


def _only_name(values: list[Any]) -> str | None:
    """The one IRI that a property has and of which nothing more is said, shortened where it is a term of ODRL."""
    if len(values) != 1 or not isinstance(values[0], dict) or values[0].keys() != {"@id"} or _is_blank(values[0]):
        return None
    iri = str(values[0]["@id"])
    return f"odrl:{iri.removeprefix(ODRL.iri)}" if iri.startswith(ODRL.iri) else iri


def _typed(tree: dict[str, Any], name: str, meant: str, *, only: bool = False) -> None:
    """Give an object its class by the protocol's name, which may have to be the ``only`` one."""
    others = [kind for kind in tree.get("@type", []) if kind != meant]
    tree["@type"] = name if only else [name, *others]
    if only and others:
        tree[RDF_TYPE] = [{"@id": _long(kind)} for kind in others]


def _long(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES else name


def _wanted(tree: dict[str, Any]) -> list[str]:
    """The offers and services of an object, which the protocol wants named."""
    services = [tree["accessService"]] if "accessService" in tree else []
    return [str(one["@id"]) for one in (*tree.get("hasPolicy", ()), *services) if "@id" in one]


def _is_node(value: Any) -> bool:
    return isinstance(value, dict) and "@id" in value


def _is_blank(tree: dict[str, Any]) -> bool:
    return str(tree.get("@id", "")).startswith(BLANK)
