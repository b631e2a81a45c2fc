"""The Dataspace Protocol: its own examples and schemas, offers, services, catalogues inside catalogues, EDC names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator
from referencing import Registry, Resource

from catalogue.graphs import BlankNode, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import DCAT, DCT, HEALTH, Namespace
from harvesters.dsp import REQUEST
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.dsp import CONTEXT, Provider, dataset, source
from tests.live.conftest import Site, running

SPACES = Path("nodes/simpl_dsp")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")


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


def schema(official: Path, name: str) -> Draft201909Validator:
    found = [json.loads(path.read_text("utf-8")) for path in official.rglob("*-schema.json")]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found)
    [wanted] = [one for one in found if one["$id"].endswith(f"/{name}-schema.json")]
    return Draft201909Validator(wanted, registry=registry)


def test_what_we_ask_and_what_the_contract_server_answers_is_as_the_protocol_says(site: Site, official: Path) -> None:
    schema(official, "catalog-request-message").validate(json.loads(REQUEST))
    provider = serve(site, *(dataset(name) for name in "abc"))
    assert len(harvest(site)) == 3
    assert provider.asked == [json.loads(REQUEST)]
    answer = {"@context": CONTEXT, "@id": "urn:catalogue", "@type": "Catalog", "participantId": "urn:provider"}
    schema(official, "catalog").validate(answer | {"dataset": provider.datasets})


@pytest.mark.parametrize("name", ["catalog", "nested-catalog"])
def test_the_official_examples_are_read(site: Site, official: Path, name: str) -> None:
    example = (official / "catalog" / "example" / f"{name}.json").read_text("utf-8")
    site.page("/catalog/request", example, "application/json")
    found = harvest(site)
    assert len(found) == example.count('"Dataset"')
    for one in found:
        assert isinstance(one, Description)
        assert one.iri == "urn:uuid:3dd1add8-4d2d-569e-d634-8394a8836a88"
        assert not [note for note in one.notes if note.kind is NoteKind.UNMAPPED]


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
    assert one.iri == "http://127.0.0.1/dataset/space/" + asset["@id"]
    assert texts(one, DCT.identifier) == {asset["@id"]}
    assert "Synthea OMOP CDM Analytics" in texts(one, DCT.title)
    standard = NamedNode("https://ohdsi.github.io/CommonDataModel/cdm54.html")
    assert one.graph.objects(NamedNode(one.iri), DCT.conformsTo) == [standard]
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"167"}, "the older namespace is that of Release 8"


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
