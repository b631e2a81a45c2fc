"""Descriptions as datasets of the Dataspace Protocol: as its schemas and contexts say, and back again without loss."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from catalogue.dataspace import PREFIXES, Participant, catalogue, dataset
from catalogue.embedding import DEEPEST, embedded, tidied
from catalogue.errors import BadInput
from catalogue.graphs import BlankNode, Canonical, Graph, Literal, NamedNode, Triple, parse
from catalogue.model import Description
from catalogue.names import CAT, DCAT, DCT, EU, ODRL, RDF, XSD
from catalogue.offers import law
from tests.contract.harvesting import harvested
from tests.contract.official import official_schema
from tests.kinds.dsp import source
from tests.live.conftest import running

EXAMPLE = "spec/healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl"
RESOURCES = "nodes/simpl_dsp/eclipse-dataspace-protocol-base__DataspaceProtocol/artifacts/src/main/resources"
WE = Participant("https://catalogue.example.org/", "https://catalogue.example.org/dsp", "did:web:example.org")
ME = "https://example.org/a"
EHDS_LAW = "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj> ;"
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcatap: <http://data.europa.eu/r5r/> . @prefix odrl: <http://www.w3.org/ns/odrl/2/> .
@prefix right: <http://publications.europa.eu/resource/authority/access-right/> .
@prefix healthdcatap: <http://healthdataportal.eu/ns/health#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix category: <https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/> .
@prefix type: <http://publications.europa.eu/resource/authority/file-type/> .
@prefix media: <http://www.iana.org/assignments/media-types/text/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix ex: <https://example.org/> .
"""
RICH = """
ex:a a dcat:Dataset ; dct:identifier "a" ; dct:title "Herz"@de , "Heart"@en ; dct:accessRights right:PUBLIC ;
    dct:issued "2020"^^xsd:gYear ; healthdcatap:numberOfRecords "05"^^xsd:nonNegativeInteger ;
    foaf:page <https://example.org/p> ; dct:conformsTo "https://example.org/text" ;
    dct:publisher _:p ; dct:creator _:p ; <https://example.org/x-y_z> "odd name" ;
    dct:relation ( 1 2 ) ; dct:isReferencedBy ex:b ; dcat:sample _:d ;
    dcat:distribution _:d , ex:d2 ,
        [ a dcat:Distribution ; dcat:accessURL ex:three ; dcat:mediaType media:csv ] ;
    odrl:hasPolicy [ a odrl:Offer , odrl:Policy ; dct:title "Terms"@en ;
        odrl:permission [ odrl:action odrl:use , ex:more ] ] ;
    odrl:hasPolicy [ a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:constraint
        [ odrl:leftOperand odrl:spatial ; odrl:operator odrl:unknown ; odrl:rightOperand "EU" ] ] ] ;
    odrl:hasPolicy [ a odrl:Offer , odrl:Policy ; odrl:permission [ odrl:action odrl:use ; odrl:constraint
        [ odrl:or [ odrl:leftOperand odrl:spatial ; odrl:operator odrl:eq ; odrl:rightOperand "EU" , ex:EU ] ,
                  [ odrl:leftOperand ex:own ; odrl:operator odrl:lt ; odrl:rightOperand "2"^^xsd:integer ] ] ] ;
        odrl:prohibition [ odrl:action odrl:sell ] ; odrl:obligation [ odrl:action odrl:delete ] ] .
_:p a foaf:Agent ; foaf:name "Hospital"@en .
_:d a dcat:Distribution ; dcat:accessURL ex:one ; dct:format type:CSV ;
    odrl:hasPolicy [ a odrl:Policy ; odrl:permission [ odrl:action odrl:read ] ] ;
    dcat:accessService [ a dcat:DataService ; dct:title "API" ; dcat:endpointURL ex:api , ex:api2 ] ,
        [ a dcat:DataService ; dct:title "none" ] .
ex:d2 a dcat:Distribution ; dcat:accessURL ex:two ; dcat:accessService ex:service .
ex:service a dcat:DataService , ex:Other ; dcat:endpointURL ex:api ; dcat:servesDataset ex:a .
"""


def graph_of(turtle: str) -> Graph:
    return Canonical(Graph(parse((TURTLE + turtle).encode(), "text/turtle"))).graph


def example(shared: Path) -> tuple[str, Graph]:
    found = Graph(parse((shared / EXAMPLE).read_bytes(), "text/turtle"))
    [me] = [node for node in found.instances(DCAT.Dataset) if found.objects(node, DCT.identifier)]
    return str(me.value), Canonical(found.described(me)).graph


def back(document: Mapping[str, Any]) -> dict[str, Graph]:
    """What our own harvester makes of a catalogue, by IRI of the dataset."""
    with running() as site:
        site.page("/catalog/request", json.dumps(document), "application/json")
        found = harvested(source(site.url))
    assert all(isinstance(one, Description) for one in found), found
    return {one.iri: one.graph for one in found if isinstance(one, Description)}


def lines(graph: Graph) -> set[bytes]:
    return set(Canonical(graph).content.splitlines())


def described(kind: str, folder: Path) -> Iterator[tuple[str, Graph]]:
    with importlib.import_module(f"tests.kinds.{kind}").sample(folder) as node:
        for one in harvested(node.source):
            if isinstance(one, Description):
                yield one.iri, Canonical(one.graph).graph


KINDS = ["dcat", "table", "datacite", "miabis", "omop", "xnat", "beacon", "dsp", "simpl"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_kinds_of_nodes_give_goes_out_and_comes_back_without_loss(
    kind: str, tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = dict(described(kind, tmp_path))
    assert held
    for iri, graph in held.items():
        if not graph.objects(NamedNode(iri), DCT.accessRights):
            graph.add(NamedNode(iri), DCT.accessRights, NamedNode(EU + "access-right/RESTRICTED"))
    written = catalogue(held.items(), WE)
    assert not written.left_out
    official_schema(shared / RESOURCES, "catalog").validate(written.document)
    again = back(written.document)
    kept = sum(len(lines(graph) & lines(again[iri])) for iri, graph in held.items())
    total = sum(map(len, held.values()))
    with capsys.disabled():
        print(f"\n{kind}: {kept} of {total} triples kept ({kept / total:.1%})")
    assert {iri: lines(graph) for iri, graph in again.items()} == {iri: lines(graph) for iri, graph in held.items()}


def test_the_official_example_goes_out_and_comes_back_without_loss(shared: Path) -> None:
    iri, graph = example(shared)
    assert len(graph) > 200
    assert lines(back(catalogue([(iri, graph)], WE).document)[iri]) == lines(graph)


def test_a_description_with_everything_in_it_goes_out_and_comes_back_without_loss(shared: Path) -> None:
    graph = graph_of(RICH)
    document = catalogue([(ME, graph)], WE).document
    official_schema(shared / RESOURCES, "catalog").validate(document)
    assert lines(back(document)[ME]) == lines(graph)
    [offer] = document["dataset"][0]["hasPolicy"]
    assert offer["@id"].startswith("https://catalogue.example.org/.well-known/genid/")
    spatial, own = sorted(offer["permission"][0]["constraint"][0]["or"], key=lambda part: part["operator"])
    right = ["EU", {"@id": "https://example.org/EU"}]
    assert spatial == {"leftOperand": "odrl:spatial", "operator": "eq", "rightOperand": right}
    two = {"@value": "2", "@type": "xsd:integer"}
    assert own == {"leftOperand": "https://example.org/own", "operator": "lt", "rightOperand": two}


@pytest.mark.parametrize("turtle", [RICH, "ex:a dct:accessRights right:RESTRICTED ."])
def test_by_the_official_contexts_a_dataset_says_the_same(turtle: str, shared: Path) -> None:
    folder = shared / RESOURCES / "context"

    def load(url: str, _options: Mapping[str, Any]) -> dict[str, Any]:
        name = "odrl.jsonld" if url.endswith("odrl-profile.jsonld") else "dspace.jsonld"
        assert url.startswith("https://w3id.org/dspace/2025/1/")
        return {"contextUrl": None, "documentUrl": url, "document": json.loads((folder / name).read_text("utf-8"))}

    document = dataset(graph_of(turtle), ME, WE)
    official_schema(shared / RESOURCES, "dataset").validate(document)
    expanded = json.dumps(jsonld.expand(document, {"documentLoader": load})).encode()
    ours = json.loads((Path(__file__).parents[2] / "harvesters/schemas/dspace.context.json").read_text("utf-8"))
    read = json.dumps(document | {"@context": ours}).encode()
    theirs, mine = (with_resources(Graph(parse(content, "application/ld+json"))) for content in (expanded, read))
    assert len(theirs) > 10
    assert lines(theirs) == lines(mine)


def with_resources(graph: Graph) -> Graph:
    """Addresses as resources, as DCAT has them: one context takes those of services for text, the other formats."""
    address = (DCAT.endpointURL, DCT.format)
    return Graph(
        Triple(one.subject, one.predicate, NamedNode(one.object.value))
        if one.predicate in address and isinstance(one.object, Literal)
        else one
        for one in graph
    )


@pytest.mark.parametrize(
    ("turtle", "permitted", "prohibited"),
    [
        ("ex:a dct:accessRights right:PUBLIC .", ["use"], []),
        (f"ex:a {EHDS_LAW} dct:accessRights right:PUBLIC .", ["use"], []),
        ("ex:a dct:accessRights right:RESTRICTED .", ["use if odrl:obtainConsent"], []),
        ("ex:a dct:accessRights right:NON_PUBLIC .", [], ["use"]),
        (f"ex:a {EHDS_LAW} dct:accessRights right:NON_PUBLIC .", [f"use if {CAT.obtainDataPermit.value}"],
            ["use", CAT.reIdentify.value]),
        (f"ex:a {EHDS_LAW} dct:title 'a' .", [f"use if {CAT.obtainDataPermit.value}"], ["use", CAT.reIdentify.value]),
    ],
)  # fmt: skip
def test_an_offer_is_derived_from_access_rights_and_law(
    turtle: str, permitted: list[str], prohibited: list[str], shared: Path
) -> None:
    document = dataset(graph_of(turtle), ME, WE)
    official_schema(shared / RESOURCES, "dataset").validate(document)
    [offer] = document["hasPolicy"]
    said = [
        " if ".join([rule["action"], *(duty["action"] for duty in rule.get("duty", ()))])
        for rule in offer.get("permission", ())
    ]
    assert said == permitted
    assert [rule["action"] for rule in offer.get("prohibition", ())] == prohibited
    assert offer["dct:type"] == {"@id": CAT.DerivedOffer.value}


@pytest.mark.parametrize(
    ("categories", "start"),
    [("category:EHRS", "2029-03-26"), ("category:HGPD , category:RQSH", "2031-03-26"),
        ("category:HGPD , category:EHRS", "2029-03-26")],
)  # fmt: skip
def test_a_permit_is_told_for_when_the_law_applies(categories: str, start: str) -> None:
    document = dataset(graph_of(f"ex:a {EHDS_LAW} healthdcatap:healthCategory {categories} ."), ME, WE)
    purposes, when = document["hasPolicy"][0]["permission"][0]["constraint"]
    assert when["rightOperand"]["@value"] == start
    assert len(purposes["rightOperand"]) == 6


def test_a_dataset_of_whose_use_nothing_is_said_is_left_out_and_told() -> None:
    silent, public = graph_of("ex:b dct:title 'b' ."), graph_of("ex:a dct:accessRights right:PUBLIC .")
    written = catalogue([("https://example.org/b", silent), (ME, public)], WE)
    assert [one["@id"] for one in written.document["dataset"]] == [ME]
    [(iri, why, remedy)] = written.left_out
    assert iri == "https://example.org/b"
    assert "who may use" in why
    assert "dct:accessRights" in remedy
    with pytest.raises(BadInput):
        dataset(silent, "https://example.org/b", WE)


def test_a_catalogue_of_nothing_is_a_catalogue(shared: Path) -> None:
    document = catalogue([], WE).document
    official_schema(shared / RESOURCES, "catalog").validate(document)
    assert document["participantId"] == "did:web:example.org"
    assert back(document) == {}


def test_what_is_added_for_the_protocol_is_marked_and_taken_away_again() -> None:
    bare = graph_of("ex:a a dcat:Dataset ; dct:identifier 'a' ; dct:accessRights right:RESTRICTED .")
    document = catalogue([(ME, bare)], WE).document
    [distribution] = document["dataset"][0]["distribution"]
    assert distribution["format"] == CAT.NoTransfer.value
    assert distribution["accessService"]["dct:type"] == {"@id": CAT.NoTransfer.value}
    assert lines(back(document)[ME]) == lines(bare)


def test_nameless_nodes_of_two_datasets_stay_two() -> None:
    turtle = """{} a dcat:Dataset ; dct:identifier "x" ; dct:accessRights right:PUBLIC ;
        dct:publisher _:p ; dct:creator _:p . _:p dct:title "{}" ."""
    held = {f"https://example.org/{name}": graph_of(turtle.format(f"ex:{name}", name)) for name in "ab"}
    document = catalogue(held.items(), WE).document
    one, other = (set(re.findall(r"_:\w+", json.dumps(each))) for each in document["dataset"])
    assert len(one) == len(other) == 1
    assert not one & other
    again = back(document)
    assert {iri: lines(graph) for iri, graph in again.items()} == {iri: lines(graph) for iri, graph in held.items()}


# --- embedding -------------------------------------------------------------------------------------------------------

ROOT = NamedNode("https://example.org/root")
NODES = [ROOT, *(NamedNode(f"https://example.org/{name}") for name in "ab"), *(BlankNode(name) for name in "cdef")]
PROPERTIES = [RDF.type, DCT.title, DCT.relation, DCAT.distribution, ODRL.hasPolicy, NamedNode("urn:x:y")]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=5)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="de-at")),
    TEXTS.map(lambda text: Literal(text, datatype=XSD.integer)),
    st.just(Literal("https://example.org/a")),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            Triple, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.one_of(st.sampled_from(NODES), LITERALS)
        ),
        max_size=25,
    )
)
def test_every_graph_is_written_as_one_object_without_loss(triples: list[Triple]) -> None:
    sensible = (one for one in triples if one.predicate != RDF.type or not isinstance(one.object, Literal))
    graph = Graph(sensible).described(ROOT)  # a class that is text cannot be said in JSON-LD
    tree = tidied(embedded(graph, ROOT, PREFIXES), {})
    content = json.dumps({"@context": PREFIXES, **tree}).encode()
    assert lines(Graph(parse(content, "application/ld+json"))) == lines(graph)


def test_a_long_way_is_written_beside_and_not_ever_deeper() -> None:
    way = [ROOT, *(BlankNode(f"n{number}") for number in range(2_000))]
    graph = Graph(Triple(one, DCT.relation, other) for one, other in pairwise(way))
    tree = tidied(embedded(graph, ROOT, PREFIXES), {})
    assert len(tree["@included"]) > 2_000 / (DEEPEST + 1)
    content = json.dumps({"@context": PREFIXES, **tree}).encode()
    assert len(Graph(parse(content, "application/ld+json"))) == 2_000


def test_offers_rest_on_what_the_law_part_holds() -> None:
    """Art. 53(1) has six points, 54 five, 51(1) seventeen, of which Art. 105 puts off (b), (f), (g), (m) and (p)."""
    act = law()
    assert (len(act.purposes), len(act.prohibited), len(act.starts)) == (6, 5, 17)
    assert act.start == "2029-03-26"
    later = {category.rsplit("/", 1)[1] for category, day in act.starts.items() if day == "2031-03-26"}
    assert later == {"DIOH", "HGPD", "HPML", "EHCT", "RQSH"}
