"""Writes a description as a self-description of Simpl and Gaia-X: an unsigned credential of a data offering."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalogue.errors import BadInput
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.literals import moment
from catalogue.names import CV, DCAT, DCT, FOAF, RDF, VCARD, XSD
from catalogue.offers import derived_terms
from catalogue.plain import cut, local_name, name

SIMPL = "http://w3id.org/gaia-x/simpl#"
REQUIRED = (
    "generalServiceProperties.name", "generalServiceProperties.description",
    "generalServiceProperties.serviceAccessPoint", "generalServiceProperties.inLanguage",
    "generalServiceProperties.offeringType", "dataProperties.format", "assetProperties",
    "edcConnector.providerEndpointURL", "edcRegistration.assetId", "edcRegistration.accessPolicyId",
    "edcRegistration.servicePolicyId", "edcRegistration.contractDefinitionId", "providerInformation.providedBy",
    "providerInformation.contact", "providerInformation.signature", "offeringPrice.license", "offeringPrice.price",
    "offeringPrice.priceType", "offeringPrice.currency", "servicePolicy.access-policy", "servicePolicy.usage-policy",
    "contractTemplate.contractTemplateDocument", "contractTemplate.contractTemplateURL",
    "contractTemplate.contractTemplateHashAlg", "contractTemplate.contractTemplateHashValue",
)  # fmt: skip
"""What the shape of a data offering asks for (Simpl Open, 2025)."""
LONGEST_NAME, LONGEST_DESCRIPTION, MOST_KEYWORDS = 255, 1000, 16
"""Of the same shape."""
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
"""The shape knows only short top-level domains, here and in web addresses; an address is written as it is."""
FORMAT = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\s]*")


@dataclass(frozen=True, slots=True)
class SelfDescription:
    """A credential, and what a marketplace still has to be told."""

    document: dict[str, Any]
    missing: tuple[str, ...]
    """Names out of :data:`REQUIRED` that the description has not; nothing stands in their place."""


def self_description(
    graph: Graph, iri: str, issuer: str, issued: datetime, page: str, languages: Sequence[str] = ("en",)
) -> SelfDescription:
    """The credential (W3C data model 1.1) of a dataset, without a proof: who publishes it signs it.

    ``issuer`` is an IRI (a DID, for example), ``issued`` in UTC, ``page`` the address of the whole description, to
    which a credential that holds a part of it leads. Texts are in the first of ``languages`` that there is.
    """
    me = NamedNode(iri)
    sections = {
        "generalServiceProperties": _general(graph, me, page, languages),
        "dataProperties": _data(graph, me, page),
        "providerInformation": _provider(graph, me, languages),
        "offeringPrice": {"license": _address(next(_links(graph, me, DCT.license), ""))},
        "servicePolicy": {"usage-policy": _policy(graph, me)},
    }
    given = {
        section: {field: value for field, value in fields.items() if value} for section, fields in sections.items()
    }
    subject = {
        "@context": {"simpl": SIMPL, "rdf": RDF.iri, "xsd": XSD.iri},
        "@id": iri,
        "rdf:type": {"@id": "simpl:DataOffering"},
        **{f"simpl:{section}": _section(section, fields) for section, fields in given.items() if fields},
    }
    document = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "issuanceDate": moment(issued).value,
        "credentialSubject": subject,
    }
    there = {f"{section}.{field}" for section, fields in given.items() for field in fields}
    return SelfDescription(document, tuple(one for one in REQUIRED if one not in there))


def _general(graph: Graph, me: NamedNode, page: str, languages: Sequence[str]) -> dict[str, Any]:
    title = name(graph, me, (DCT.title,), languages)
    text = name(graph, me, (DCT.description,), (title.language, *languages))
    words = [one for one in graph.objects(me, DCAT.keyword) if isinstance(one, Literal)]
    own = [one.value for one in words if (one.language or "").split("-")[0].lower() == title.language]
    places = (*_links(graph, me, DCAT.landingPage), *_links(graph, me, DCAT.accessURL), page)
    return {
        "name": cut(title.text, LONGEST_NAME),
        "description": cut(text.text, LONGEST_DESCRIPTION),
        "keywords": own[:MOST_KEYWORDS],
        "inLanguage": title.language,
        "offeringType": "data",
        "serviceAccessPoint": _address(places[0]),
    }


def _data(graph: Graph, me: NamedNode, page: str) -> dict[str, Any]:
    formats = (local_name(one).replace("_", " ") for one in _links(graph, me, DCT.format))
    return {
        "format": next((one for one in formats if FORMAT.fullmatch(one)), ""),
        "producedBy": _address(next(_links(graph, me, DCT.creator), "")),
        "additionalInfo": _address(page),
    }


def _provider(graph: Graph, me: NamedNode, languages: Sequence[str]) -> dict[str, Any]:
    publisher = graph.value(me, DCT.publisher)
    called = name(graph, publisher, (FOAF.name,), languages).text if publisher is not None else ""
    mails = (str(value.value).removeprefix("mailto:") for value in _mails(graph, me, publisher))
    return {
        "providedBy": called or (publisher.value if isinstance(publisher, NamedNode) else ""),
        "contact": next((mail for mail in mails if MAIL.fullmatch(mail)), ""),
    }


def _mails(graph: Graph, me: NamedNode, publisher: Term | None) -> Iterator[Term]:
    for contact in graph.objects(me, DCAT.contactPoint):
        yield from graph.objects(contact, VCARD.hasEmail)
    if publisher is not None:
        yield from graph.objects(publisher, FOAF.mbox)
        for contact in graph.objects(publisher, CV.contactPoint):
            yield from graph.objects(contact, CV.email)


def _links(graph: Graph, me: NamedNode, predicate: NamedNode) -> Iterator[str]:
    """The web addresses that a property has, of the dataset first, then of its distributions."""
    for node in (me, *graph.objects(me, DCAT.distribution)):
        for value in graph.objects(node, predicate):
            if isinstance(value, NamedNode) and value.value.startswith(("http://", "https://")):
                yield value.value


def _address(url: str) -> dict[str, str] | None:
    return {"@type": "xsd:anyURI", "@value": url} if url else None


def _policy(graph: Graph, me: NamedNode) -> str:
    """The conditions of use as the text of an ODRL policy; empty where the description does not tell them."""
    try:
        terms = derived_terms(graph, me)
    except BadInput:
        return ""
    head = {"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Set", "target": me.value}
    return json.dumps({**head, **terms}, sort_keys=True)


def _section(section: str, fields: dict[str, Any]) -> dict[str, Any]:
    kind = f"simpl:{section[0].upper()}{section[1:]}"
    return {"rdf:type": {"@id": kind}, **{f"simpl:{field}": value for field, value in fields.items()}}
