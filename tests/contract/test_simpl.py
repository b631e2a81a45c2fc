"""Self-descriptions of Simpl and Gaia-X, however they are wrapped."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import BlankNode, NamedNode
from catalogue.model import Description, Harvested, Rejected, Untouched
from catalogue.names import CV, DCAT, DCT, EU, FOAF
from catalogue.ports import Past
from tests.contract.harvesting import harvested, texts
from tests.kinds.simpl import credential, source
from tests.live.conftest import Site, running, send

XFSC = "nodes/simpl_dsp/eclipse-xfsc__federated-catalogue/examples"
FORM = (
    "nodes/simpl_dsp/ForumViriumHelsinki__TFDS-SIMPL-open-applications/apps/sd-ui/test/fixtures/"
    "data-offeringShape-default.json"
)
MOCK = (
    "nodes/simpl_dsp/ForumViriumHelsinki__TFDS-SIMPL-open-applications/apps/catalogue-ui/src/services/mock/fixtures/"
    "mockSDdata.json"
)


def harvest(endpoint: Path) -> list[Harvested]:
    return harvested(source(endpoint))


def token(claims: Any) -> str:
    """A token with these claims and a signature that is none."""
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": "ES256"}, claims))
    return ".".join((*parts, "c2ln"))


def test_a_data_offering_of_simpl_is_a_dataset(shared: Path) -> None:
    [one] = harvest(shared / MOCK)
    assert isinstance(one, Description)
    assert texts(one, DCT.title) == {"test eng 2025"}
    assert texts(one, DCT.language) == {EU + "language/ENG"}
    assert not texts(one, DCT.issued), "the day of the credential is not that of the data"
    publisher = one.graph.value(NamedNode(one.iri), DCT.publisher)
    assert isinstance(publisher, BlankNode)
    assert one.graph.text(publisher, FOAF.name, "en") == "test"
    contact = one.graph.value(publisher, CV.contactPoint)
    assert isinstance(contact, BlankNode)
    assert one.graph.text(contact, CV.email) == "test@test.com"
    assert one.graph.objects(NamedNode(one.iri), DCAT.distribution)
    assert not [note for note in one.notes if note.reason.startswith("no line")]
    assert b'"proof"' in one.original.content, "the credential is kept whole"
    assert [note.reason for note in one.notes if note.field == "proof"] == ["signatures are not verified"]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"type": "VerifiablePresentation", "verifiableCredential": [one]},
        lambda one: {"type": "VerifiablePresentation", "verifiableCredential": one},
        lambda one: {"totalCount": 1, "items": [{"meta": {"sdHash": "x", "content": json.dumps(one)}}]},
        lambda one: {"totalCount": 1, "items": [{"content": one}]},
        lambda one: {"totalCount": 1, "items": [{"content": token(one)}]},
        lambda one: {"type": "VerifiablePresentation", "verifiableCredential": [token({"vc": one})]},
        lambda one: {
            "type": "VerifiablePresentation",
            "verifiableCredential": [
                {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + token(one)}
            ],
        },
    ],
)
def test_a_credential_is_found_in_every_wrapping(tmp_path: Path, wrapped: Callable[[Any], Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(wrapped(credential("a"))), "utf-8")
    [one] = harvest(tmp_path / "a.json")
    assert isinstance(one, Description)
    assert texts(one, DCT.title) == {"a"}


def test_other_offerings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([credential("a", kind="InfrastructureOffering")]), "utf-8")
    assert harvest(tmp_path / "a.json") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not whole JSON"),
        ("{}", "no credential"),
        ("eyJhbGciOiJub25lIn0.x.y", "not whole JSON"),
        ('{"a":' * 400 + "1" + "}" * 400, "not whole JSON"),
        (json.dumps(credential("a")).replace("simpl:name", "simpl:other"), "generalServiceProperties"),
        (json.dumps(credential("a")).replace("did:web:registry.example.org:DataOffering:a", ""), "id"),
    ],
)
def test_what_is_no_data_offering_is_rejected(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    [one] = harvest(tmp_path / "a.json")
    assert isinstance(one, Rejected)
    assert words in one.problem


def test_every_field_of_the_shape_of_simpl_is_known(tmp_path: Path, shared: Path) -> None:
    shape = json.loads((shared / FORM).read_text("utf-8"))["DataOfferingShape"]["properties"]
    offering: dict[str, Any] = {
        section: dict.fromkeys(fields.get("properties", ()), "https://x.example/1") for section, fields in shape.items()
    }
    (tmp_path / "a.json").write_text(json.dumps(credential("a", **offering)), "utf-8")
    [one] = harvest(tmp_path)
    assert isinstance(one, Description)
    assert len(offering) == 9
    assert not [note for note in one.notes if note.reason.startswith("no line")]


def test_a_token_in_a_file_is_a_credential(tmp_path: Path) -> None:
    (tmp_path / "a.jwt").write_text(token(credential("a")), "utf-8")
    [one] = harvest(tmp_path)
    assert isinstance(one, Description)
    assert "signatures are not verified" in {note.reason for note in one.notes}


def test_a_data_product_of_gaia_x_is_published_by_the_participant_beside_it(tmp_path: Path) -> None:
    product = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/gaia-x/2511#"],
        "type": ["VerifiableCredential", "gx:DataProduct"], "issuer": "did:web:example.org",
        "validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://example.org/products/heart", "type": "gx:DataProduct", "schema:name": "Heart",
            "schema:description": "MRI", "gx:keyword": ["heart", "MRI"],
            "gx:providedBy": {"id": "https://example.org/participants/1"},
        },
    }  # fmt: skip
    person = {"id": "https://example.org/participants/1", "type": "gx:LegalPerson", "gx:legalName": "Hospital"}
    held = {"verifiableCredential": [product, {"type": "VerifiableCredential", "credentialSubject": person}]}
    (tmp_path / "a.json").write_text(json.dumps(held), "utf-8")
    [one] = harvest(tmp_path)
    assert isinstance(one, Description)
    assert one.iri == "https://example.org/products/heart"
    assert texts(one, DCAT.keyword) == {"heart", "MRI"}
    assert texts(one, DCT.publisher) == {"https://example.org/participants/1"}
    assert one.graph.text(NamedNode("https://example.org/participants/1"), FOAF.name) == "Hospital"
    assert {note.field for note in one.notes if note.field.startswith("credential.")} == {
        "credential.issuer", "credential.validFrom", "credential.validUntil"
    }  # fmt: skip
    person["gx:legalName"] = "Clinic"
    (tmp_path / "a.json").write_text(json.dumps(held), "utf-8")
    known = Past(frozenset({one.original.container}))
    assert isinstance(harvested(source(tmp_path), known)[0], Description), "the name of its publisher changed"


@pytest.mark.parametrize("name", ["resource.jsonld", "serviceOffering.jsonld", "queries/serviceElasticSearch.jsonld"])
def test_services_of_a_federated_catalogue_are_no_datasets(shared: Path, name: str) -> None:
    assert harvest(shared / XFSC / name) == []


class Catalogue:
    """The list of a federated catalogue, some items a page."""

    def __init__(self, site: Site, items: list[dict[str, Any]], size: int, total: int | None = None) -> None:
        self.items, self.size = items, size
        self.total = len(items) if total is None else total
        site.otherwise = self.answer

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        start = int(asked["offset"][0])
        some = self.items[start : start + min(self.size, int(asked["limit"][0]))]
        assert asked["withContent"] == ["true"]
        send(handler, json.dumps({"totalCount": self.total, "items": some}).encode())


def item(name: str, status: str = "active", media_type: str = "application/ld+json", **more: Any) -> dict[str, Any]:
    meta = {"assetHash": name, "status": status, "contentType": media_type}
    return {"meta": meta, "content": json.dumps(credential(name, **more))}


def test_the_list_of_a_federated_catalogue_is_read_to_its_end() -> None:
    with running() as site:
        items = [item(name) for name in "abcde"]
        items += [item("r", "revoked"), item("pdf", media_type="application/pdf"), item("s", kind="ServiceOffering")]
        Catalogue(site, items, 3)
        found = harvested(source(site.url + "/self-descriptions"))
        assert [texts(one, DCT.title) for one in found if isinstance(one, Description)] == [{name} for name in "abcde"]
        assert len(found) == 5, "what is revoked, no credential, or no data is passed over"
        assert len(site.requests) == 3
        visited = [one.original.container for one in found if isinstance(one, Description)]
        again = harvested(source(site.url + "/self-descriptions"), Past(frozenset(visited)))
        assert [type(one) for one in again] == [Untouched] * 5


def test_a_list_that_ends_early_ends_the_visit() -> None:
    with running() as site:
        Catalogue(site, [item("a")], 3, total=7)
        with pytest.raises(SourceUnavailable, match="1 of 7"):
            harvested(source(site.url + "/assets"))


def test_an_item_without_its_content_is_rejected_and_the_others_go_on() -> None:
    with running() as site:
        Catalogue(site, [{"meta": {"id": "x", "status": "active"}}, item("b")], 3)
        one, two = harvested(source(site.url + "/assets"))
        assert isinstance(one, Rejected)
        assert isinstance(two, Description)
