"""The Dataspace Protocol: its own examples and schemas, offers, services, catalogues inside catalogues, EDC names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import BlankNode, Literal, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import DCAT, DCT, EU, HEALTH, ODRL, RDF, XSD
from harvesters.dsp import REQUEST
from tests.contract.harvesting import harvested, only, texts
from tests.contract.official import official_schema
from tests.kinds.dsp import CONTEXT, Provider, dataset, source
from tests.live.conftest import Site, running

SPACES = Path("nodes/simpl_dsp")


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def official(shared: Path) -> Path:
    return shared / SPACES / "eclipse-dataspace-protocol-base__DataspaceProtocol/artifacts/src/main/resources"


def serve(site: Site, *datasets: dict[str, Any], size: int = 2) -> Provider:
    provider = Provider(list(datasets), size)
    provider.base, site.otherwise = site.url, provider.answer
    return provider


def harvest(site: Site) -> list[Harvested]:
    return harvested(source(site.url))


def described(site: Site) -> Description:
    return only(harvest(site))


def unmapped(one: Description) -> set[str]:
    return {note.raw for note in one.notes if note.kind is NoteKind.UNMAPPED}


def test_what_we_ask_and_what_the_contract_server_answers_is_as_the_protocol_says(site: Site, official: Path) -> None:
    official_schema(official, "catalog-request-message").validate(json.loads(REQUEST))
    provider = serve(site, *(dataset(name) for name in "abc"))
    assert len(harvest(site)) == 3
    assert provider.asked == [json.loads(REQUEST)]
    answer = {"@context": CONTEXT, "@id": "urn:catalogue", "@type": "Catalog", "participantId": "urn:provider"}
    official_schema(official, "catalog").validate(answer | {"dataset": provider.datasets})


@pytest.mark.parametrize("name", ["catalog", "nested-catalog"])
def test_the_official_examples_are_read(site: Site, official: Path, name: str) -> None:
    example = (official / "catalog" / "example" / f"{name}.json").read_text("utf-8")
    site.page("/catalog/request", example, "application/json")
    found = harvest(site)
    assert len(found) == example.count('"Dataset"')
    for one in found:
        assert isinstance(one, Description)
        assert one.iri == "urn:uuid:3dd1add8-4d2d-569e-d634-8394a8836a88"
        assert unmapped(one) == {"HttpData-PULL"}, "a way of transfer is no file format"


def test_offers_and_services_stay_with_their_dataset(site: Site) -> None:
    serve(site, dataset("a"))
    one = described(site)
    [offer] = one.graph.objects(NamedNode(one.iri), ODRL.hasPolicy)
    [permission] = one.graph.objects(offer, ODRL.permission)
    assert one.graph.objects(permission, ODRL.action) == [ODRL.use]
    [limit] = one.graph.objects(permission, ODRL.constraint)
    assert one.graph.value(limit, ODRL.operator) == ODRL.eq  # type: ignore[arg-type]
    data = one.graph.value(NamedNode(one.iri), DCAT.distribution)
    assert isinstance(data, BlankNode)
    assert one.graph.value(data, DCAT.accessURL) == NamedNode(site.url + "/protocol")
    assert one.graph.value(NamedNode("urn:service:1"), DCAT.endpointURL) == NamedNode(site.url + "/protocol")


def test_assets_of_edc_connectors_are_understood(site: Site, shared: Path) -> None:
    file = shared / SPACES / "ma3u__MinimumViableHealthDataspacev2/jad/edcv-assets/omop-analytics-asset.json"
    asset = json.loads(file.read_text("utf-8"))
    properties = {"@context": asset["@context"], **asset["edc:properties"]}
    serve(site, dataset("omop") | {"@id": asset["@id"]} | properties)
    one = described(site)
    assert texts(one, DCT.title) == {"omop", "Synthea OMOP CDM Analytics"}, "names and properties that mean the same"
    assert one.iri == "http://127.0.0.1/dataset/space/" + asset["@id"]
    assert texts(one, DCT.identifier) == {asset["@id"]}
    assert "Synthea OMOP CDM Analytics" in texts(one, DCT.title)
    standard = NamedNode("https://ohdsi.github.io/CommonDataModel/cdm54.html")
    assert one.graph.objects(NamedNode(one.iri), DCT.conformsTo) == [standard]
    individuals = Literal("167", datatype=XSD.nonNegativeInteger)
    assert one.graph.objects(NamedNode(one.iri), HEALTH.numberOfUniqueIndividuals) == [individuals]
    assert any(note.kind is NoteKind.REPAIRED for note in one.notes), "the older namespace is that of Release 8"
    assert unmapped(one) >= {"patient-summary", "laboratory-results"}


def test_health_properties_of_a_dataset_keep_their_types(site: Site) -> None:
    said = {
        "dct:title": {"@value": "Herz", "@language": "de"},
        "dct:accessRights": "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
        "healthdcatap:numberOfRecords": {"@value": "5", "@type": "xsd:nonNegativeInteger"},
    }
    serve(site, dataset("a") | said)
    one = described(site)
    assert isinstance(one.graph.value(NamedNode(one.iri), DCT.accessRights), NamedNode)
    assert one.graph.text(NamedNode(one.iri), DCT.title, "de") == "Herz"


def test_catalogues_inside_are_read_and_asked_for_on_their_host_only(site: Site) -> None:
    provider = serve(site, dataset("a"))
    inner = {
        "@id": "urn:inner", "@type": "Catalog",
        "distribution": [{"@type": "Distribution", "format": "Catalog", "accessService": "urn:s"}],
    }  # fmt: skip
    provider.inner = [
        inner | {"service": [{"@id": "urn:s", "@type": "DataService", "endpointURL": f"{site.url}/sub"}]},
        inner | {"service": [{"@id": "urn:s", "@type": "DataService", "endpointURL": "http://192.0.2.1/sub"}]},
        {"@id": "urn:written", "@type": "Catalog", "dataset": [dataset("b")]},
    ]
    site.page(
        "/sub/catalog/request",
        json.dumps({"@context": CONTEXT, "@id": "urn:x", "@type": "Catalog", "dataset": [dataset("c")]}),
        "application/json",
    )
    assert {one.iri[-1] for one in harvest(site) if isinstance(one, Description)} == {"a", "b", "c"}


def test_a_dataset_that_is_no_rdf_is_rejected_and_the_others_go_on(site: Site) -> None:
    broken = dataset("a") | {"@context": {"dct:title": 5}}
    serve(site, broken, dataset("b"))
    one, two = harvest(site)
    assert isinstance(one, Rejected)
    assert one.remedy
    assert isinstance(two, Description)


def test_a_dataset_without_a_name_is_rejected_and_the_others_go_on(site: Site) -> None:
    nameless = dataset("a")
    del nameless["@id"]
    serve(site, nameless, dataset("b"))
    one, two = harvest(site)
    assert isinstance(one, Rejected)
    assert "@id" in one.problem
    assert isinstance(two, Description)


def test_datasets_that_are_only_named_are_asked_for(site: Site) -> None:
    provider = serve(site, {"@id": "urn:a", "@type": "Dataset"}, {"@id": "urn:secret"}, {"@id": "urn:b"}, size=9)
    provider.datasets.append("urn:c")  # type: ignore[arg-type]
    for name in "abc":
        page = {"@context": CONTEXT, **dataset(name), "@id": f"urn:{name}"}
        site.page(f"/catalog/datasets/urn%3A{name}", json.dumps(page), "application/json")

    def refuse(handler: Any) -> None:
        handler.send_error(403)

    site.at("/catalog/datasets/urn%3Asecret", refuse)
    found = harvest(site)
    assert {one.iri for one in found if isinstance(one, Description)} == {"urn:a", "urn:b", "urn:c"}
    [rejected] = [one for one in found if isinstance(one, Rejected)]
    assert "not given" in rejected.problem
    assert rejected.where.endswith("urn%3Asecret")


def test_two_different_datasets_of_one_name_are_told(site: Site) -> None:
    serve(site, dataset("a"), dataset("a"), dataset("a", "Another"))
    one, two = harvest(site)
    assert isinstance(one, Description)
    assert isinstance(two, Rejected)
    assert "same @id" in two.problem


@pytest.mark.parametrize("link", ["/catalog?token=1", "http://192.0.2.1/catalog?token=1"])
def test_pages_without_end_or_on_another_host_end_the_visit(site: Site, link: str) -> None:
    page = json.dumps({"@context": CONTEXT, "@id": "urn:x", "@type": "Catalog", "dataset": [dataset("a")]})
    for path in ("/catalog/request", "/catalog?token=1"):
        site.page(path, page, "application/json", Link=f'<{link}>; rel="next"')
    with pytest.raises(SourceUnavailable):
        harvest(site)
    assert len(site.requests) <= 2


def test_catalogues_that_lead_to_each_other_are_read_once(site: Site) -> None:
    for name, other in (("", "/sub"), ("/sub", "")):
        inner = {
            "@id": f"urn:in{name}", "@type": "Catalog",
            "distribution": [{"@type": "Distribution", "format": "Catalog", "accessService": {
                "@id": "urn:s", "@type": "DataService", "endpointURL": site.url + other}}],
        }  # fmt: skip
        catalogue = {"@context": CONTEXT, "@id": f"urn:{name}", "@type": "Catalog", "catalog": [inner]}
        content = json.dumps(catalogue | {"dataset": [dataset(name.strip("/") or "top")]})
        site.page(f"{name}/catalog/request", content, "application/json")
    assert len(harvest(site)) == 2
    assert site.requests == ["/catalog/request", "/sub/catalog/request"]


def test_an_answer_of_endless_depth_ends_the_visit(site: Site) -> None:
    deep: Any = []
    for _ in range(400):
        deep = [{"dct:relation": deep}]
    serve(site, dataset("a") | {"dct:relation": deep})
    with pytest.raises(SourceUnavailable, match="deep"):
        harvest(site)


def test_the_contexts_of_a_catalogue_hold_for_its_datasets(site: Site) -> None:
    catalogue = {
        "@context": [*CONTEXT, {"@vocab": "https://w3id.org/edc/v0.0.1/ns/", "own": "https://example.org/own#"}],
        "@id": "urn:x", "@type": "dcat:Catalog",
        "dcat:dataset": {"@id": "asset-1", "@type": "dcat:Dataset", "name": "Heart", "contenttype": "text/csv",
            "own:colour": "red", "odrl:hasPolicy": {"@id": "urn:o", "@type": "odrl:Offer",
                "odrl:permission": {"odrl:action": {"@id": "odrl:use"}}},
            "dcat:distribution": {"@type": "dcat:Distribution", "dct:format": {"@id": "HttpData-PULL"},
                "dcat:accessService": {"@id": "urn:s", "@type": "dcat:DataService"}}},
        "dcat:service": {"@id": "urn:s", "@type": "dcat:DataService", "dcat:endpointURL": "https://edc.example.org/dsp"},
    }  # fmt: skip
    site.page("/catalog/request", json.dumps(catalogue), "application/json")
    one = described(site)
    assert texts(one, DCT.title) == {"Heart"}
    assert texts(one, NamedNode("https://example.org/own#colour")) == {"red"}
    data = one.graph.value(NamedNode(one.iri), DCAT.distribution)
    assert data is not None
    media = NamedNode("http://www.iana.org/assignments/media-types/text/csv")
    assert one.graph.objects(data, DCAT.mediaType) == [media]
    assert not one.graph.objects(NamedNode(one.iri), DCAT.mediaType)
    assert one.graph.value(data, DCAT.accessURL) == NamedNode("https://edc.example.org/dsp")
    assert not one.graph.objects(data, DCT.format), "a way of transfer is no file format"


def test_codes_that_stand_as_text_become_concepts_and_others_are_told(site: Site) -> None:
    said = {"dct:accessRights": "NON_PUBLIC", "healthdcatap:healthCategory": ["EHRS", "patient-summary"]}
    distribution = {"@type": "Distribution", "format": "CSV", "accessService": "urn:service:1"}
    serve(site, dataset("a", distribution=[distribution], **said))
    one = described(site)
    assert one.graph.objects(NamedNode(one.iri), DCT.accessRights) == [NamedNode(EU + "access-right/NON_PUBLIC")]
    categories = one.graph.objects(NamedNode(one.iri), HEALTH.healthCategory)
    assert {type(value) for value in categories} == {NamedNode, Literal}
    assert unmapped(one) == {"patient-summary"}
    data = one.graph.value(NamedNode(one.iri), DCAT.distribution)
    assert data is not None
    assert one.graph.objects(data, DCT.format) == [NamedNode(EU + "file-type/CSV")]


def test_names_that_no_context_explains_are_no_addresses_of_ours(site: Site) -> None:
    offer = {"@id": "urn:o", "@type": "Offer", "permission": [{"action": "fly"}]}
    serve(site, dataset("a", hasPolicy=[offer]))
    one = described(site)
    [policy] = one.graph.objects(NamedNode(one.iri), ODRL.hasPolicy)
    [permission] = one.graph.objects(policy, ODRL.permission)
    assert one.graph.objects(permission, ODRL.action) == [Literal("fly")]


def test_an_offer_of_a_distribution_is_a_policy_of_it(site: Site) -> None:
    offer = {"@id": "urn:o", "@type": "Offer", "permission": [{"action": "use"}]}
    distribution = {"@type": "Distribution", "format": "CSV", "accessService": "urn:service:1", "hasPolicy": [offer]}
    serve(site, dataset("a", distribution=[distribution]))
    assert ODRL.Policy in described(site).graph.objects(NamedNode("urn:o"), RDF.type)
