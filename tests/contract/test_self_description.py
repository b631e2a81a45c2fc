"""Descriptions as self-descriptions of Simpl: by its own shape but for what a marketplace adds, and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyshacl import validate

from catalogue.graphs import Canonical, Graph, NamedNode, parse
from catalogue.model import Description
from catalogue.names import DCAT, DCT, FOAF, SH, VCARD
from catalogue.self_description import SelfDescription, self_description
from tests.contract.harvesting import harvested, only
from tests.kinds.simpl import source

EXAMPLE = "spec/healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl"
SHAPE = (
    "nodes/simpl_dsp/ForumViriumHelsinki__TFDS-SIMPL-open-applications/apps/sd-ui/test/fixtures/data-offeringShape.ttl"
)
PAGE = "https://catalogue.example.org/datasets/1"
NEVER = {
    "assetProperties", "edcConnector.providerEndpointURL", "edcRegistration.assetId", "edcRegistration.accessPolicyId",
    "edcRegistration.servicePolicyId", "edcRegistration.contractDefinitionId", "providerInformation.signature",
    "offeringPrice.price", "offeringPrice.priceType", "offeringPrice.currency", "servicePolicy.access-policy",
    "contractTemplate.contractTemplateDocument", "contractTemplate.contractTemplateURL",
    "contractTemplate.contractTemplateHashAlg", "contractTemplate.contractTemplateHashValue",
}  # fmt: skip
"""What no description says."""
SMALL = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
<https://example.org/a> a dcat:Dataset ; dct:identifier "a" ; dct:title "Herz"@de , "Heart"@en ;
    dct:description "Über Herzen"@de , "About hearts"@en ; dcat:keyword "Herz"@de , "heart"@en , "MRI"@en ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dct:publisher [ a foaf:Agent ; foaf:name "Hospital"@en ] ; dct:creator <https://example.org/lab> ;
    dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:data@hospital.eu> ] ;
    dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://hospital.eu/api> ;
        dct:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> ;
        dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ] .
"""


def small(text: str = SMALL, **options: Any) -> SelfDescription:
    graph = Graph(parse(text.encode(), "text/turtle"))
    issued = datetime(2026, 11, 26, 12, tzinfo=UTC)
    return self_description(graph, "https://example.org/a", "did:web:example.org", issued, PAGE, **options)


def back(written: SelfDescription, folder: Path) -> Description:
    (folder / "a.json").write_text(json.dumps(written.document), "utf-8")
    return only(harvested(source(folder)))


def test_a_description_is_a_credential_without_a_proof() -> None:
    document = small().document
    assert document["type"] == ["VerifiableCredential"]
    assert document["issuer"] == "did:web:example.org"
    assert document["issuanceDate"] == "2026-11-26T12:00:00Z"
    assert "proof" not in document
    assert document["credentialSubject"]["@id"] == "https://example.org/a"


def test_what_a_credential_holds_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = back(small(), tmp_path)
    graph, me = one.graph, NamedNode(one.iri)
    assert one.iri == "https://example.org/a"
    assert graph.text(me, DCT.title, "en") == "Heart"
    assert graph.text(me, DCT.description, "en") == "About hearts"
    assert {str(word.value) for word in graph.objects(me, DCAT.keyword)} == {"heart", "MRI"}
    publisher, contact = graph.value(me, DCT.publisher), graph.value(me, DCAT.contactPoint)
    data = graph.value(me, DCAT.distribution)
    assert publisher is not None
    assert graph.text(publisher, FOAF.name) == "Hospital"
    assert contact is not None
    assert graph.objects(contact, VCARD.hasEmail) == [NamedNode("mailto:data@hospital.eu")]
    assert data is not None
    assert graph.objects(data, DCAT.accessURL) == [NamedNode("https://hospital.eu/api")]
    said = set(Canonical(Graph(parse(SMALL.encode(), "text/turtle"))).content.splitlines())
    kept = said & set(Canonical(graph).content.splitlines())
    with capsys.disabled():
        print(f"\nself-description: at least {len(kept)} of {len(said)} triples kept")
    assert not [note for note in one.notes if note.reason.startswith("no line")]


def test_the_text_of_another_language_is_told_as_such() -> None:
    general = small(languages=("de",)).document["credentialSubject"]["simpl:generalServiceProperties"]
    assert (general["simpl:name"], general["simpl:inLanguage"]) == ("Herz", "de")
    assert general["simpl:keywords"] == ["Herz"]


def test_what_the_description_does_not_say_is_missing_and_nothing_stands_for_it() -> None:
    assert set(small().missing) == NEVER
    bare = small("<https://example.org/a> <http://purl.org/dc/terms/title> 'a' .")
    assert set(bare.missing) == NEVER | {
        "generalServiceProperties.description", "generalServiceProperties.inLanguage", "dataProperties.format",
        "providerInformation.providedBy", "providerInformation.contact", "offeringPrice.license",
        "servicePolicy.usage-policy",
    }  # fmt: skip


def test_long_texts_and_addresses_that_are_no_mail_are_kept_out() -> None:
    text = SMALL.replace("About hearts", "x" * 1_200).replace("data@hospital.eu", "no mail")
    subject = small(text.replace("mailto:no mail", "https://hospital.eu/form")).document["credentialSubject"]
    assert len(subject["simpl:generalServiceProperties"]["simpl:description"]) == 1_000
    assert "simpl:contact" not in subject["simpl:providerInformation"]


def broken(written: SelfDescription, shape: Path) -> set[str]:
    """Names of properties that the shape of Simpl finds fault with."""
    content = json.dumps(written.document["credentialSubject"]).encode()
    nquads = Canonical(Graph(parse(content, "application/ld+json"))).content.decode()
    data = rdflib.Graph().parse(data=nquads, format="nt")
    _, report, _ = validate(data, shacl_graph=rdflib.Graph().parse(shape, format="turtle"))
    assert isinstance(report, rdflib.Graph)
    return {str(path).rpartition("#")[2] for path in report.objects(None, rdflib.URIRef(SH.resultPath.value))}


def test_the_shape_of_simpl_finds_only_what_is_told_to_be_missing(shared: Path) -> None:
    graph = Graph(parse((shared / EXAMPLE).read_bytes(), "text/turtle"))
    [me] = [node for node in graph.instances(DCAT.Dataset) if graph.objects(node, DCT.identifier)]
    official = self_description(graph, str(me.value), "did:web:e", datetime(2026, 1, 1, tzinfo=UTC), PAGE)
    for written in (small(), official):
        faults = broken(written, shared / SHAPE)
        sections = {name.partition(".")[0] for name in written.missing}
        assert {"price", "signature", "contractTemplate"} <= faults
        assert faults <= sections | {name.rpartition(".")[2] for name in written.missing}
