"""What the DCAT harvester makes of files: whole descriptions, older forms read as current ones, bad input refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Triple, parse, serialise
from catalogue.model import Description, NoteKind, Rejected
from catalogue.names import DCAT, DCT, HDEU, HEALTH, RDF
from catalogue.rewriting import normaliser
from catalogue.splitting import Splitter, fit_for_path
from tests.contract.dcat_files import NAMESPACE, PREFIXES, harvest, only, taken, write

# --- what is shipped and what is published ---------------------------------------------------------------------------


def test_the_examples_are_three_descriptions_without_repairs() -> None:
    found = harvest("package:harvesters/examples/healthdcat-ap-8")
    assert [(d.iri, d.notes) for d in found if isinstance(d, Description)] == [
        ("https://data.example.org/imaging-biobank", ()),
        ("https://data.example.org/oncology-cohort", ()),
        ("https://data.example.org/rare-disease-registry", ()),
    ]
    assert {d.original.location for d in found if isinstance(d, Description)} == {
        f"package:harvesters/examples/healthdcat-ap-8/{name}.ttl"
        for name in ("imaging-biobank", "oncology-cohort", "rare-disease-registry")
    }


def test_official_examples_are_taken_whole_in_every_syntax(shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "spec/healthdcat-ap-r8/examples").rglob("*.ttl")):
        published = only(harvest(path))
        triples = list(parse(path.read_bytes(), "text/turtle"))
        for suffix, media_type in {
            "nt": "application/n-triples",
            "rdf": "application/rdf+xml",
            "jsonld": "application/ld+json",
        }.items():
            other = tmp_path / f"x.{suffix}"
            other.write_bytes(serialise(triples, media_type))
            assert only(harvest(other)).digest == published.digest, suffix
        assert published.original.content == path.read_bytes()


def test_an_example_of_eucaim_is_read_in_current_forms(shared: Path) -> None:
    description = only(harvest(shared / "nodes/eucaim/eucaim_dcat_ap/prefixes_and_examples.ttl"))
    dataset = NamedNode(description.iri)
    assert description.graph.objects(dataset, HEALTH.healthTheme) == [NamedNode(HDEU + "health-theme/CANCER")]
    old = ("https://w3id.org/healthdcat-ap#", "http://13.81.34.152", "https://w3id.org/dpv/pd#")
    assert not [t for t in description.graph if any(form in str(t) for form in old)]
    assert {note.kind for note in description.notes} == {NoteKind.REPAIRED}
    assert len(description.notes) == 12
    assert b"https://w3id.org/healthdcat-ap#" in description.original.content


# --- splitting -------------------------------------------------------------------------------------------------------


def test_each_dataset_has_its_own_and_the_catalogue_gives_nothing_away(tmp_path: Path) -> None:
    a, b = taken(
        tmp_path,
        """
        ex:catalogue a dcat:Catalog ; dct:publisher ex:them ; dcat:dataset ex:a , ex:b ; dcat:record ex:record .
        ex:record a dcat:CatalogRecord ; dct:modified "2026" ; foaf:primaryTopic ex:a .
        ex:a a dcat:Dataset ; dct:title "a" ; dct:isPartOf ex:catalogue ; dct:relation ex:b ; dct:creator ex:me ;
            dcat:inSeries ex:series ; dcat:distribution [ dcat:accessService [ dcat:servesDataset ex:b ] ] .
        ex:b a dcat:Dataset ; dct:title "b" ; dct:creator ex:me .
        ex:series a dcat:DatasetSeries , dcat:Dataset ; dct:title "series" ; dcat:seriesMember ex:a , ex:b .
        ex:me foaf:name "me" . ex:them foaf:name "them" .
        """,
    )
    assert isinstance(a, Description)
    assert isinstance(b, Description)
    assert len(a.graph) == 15
    assert {str(node) for node in a.graph.nodes if isinstance(node, NamedNode)} == {
        f"<http://data.example.org/{name}>" for name in ("a", "me", "series")
    }
    assert len(b.graph) == 4


nodes = st.sampled_from([*(NamedNode(f"http://e.org/{i}") for i in range(6)), *(BlankNode(f"b{i}") for i in range(3))])
classes = st.sampled_from(
    [DCAT.Dataset, DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord, DCAT.DatasetSeries, DCAT.Distribution]
)
typings = st.builds(Triple, nodes, st.just(RDF.type), classes)
links = st.builds(Triple, nodes, st.sampled_from([DCT.relation, DCT.hasPart]), nodes)
values = st.builds(Triple, nodes, st.just(DCT.title), st.sampled_from([Literal("x"), Literal("x", language="en")]))


@given(st.lists(typings | links | values, max_size=30))
def test_splitting_loses_nothing_that_a_dataset_reaches(triples: list[Triple]) -> None:
    kinds = {
        node: {t.object for t in triples if t.subject == node and t.predicate == RDF.type}
        for t in triples
        for node in [t.subject]
    }
    series_or_catalogue = {node for node, kind in kinds.items() if kind & {DCAT.Catalog, DCAT.DatasetSeries}}
    datasets = {node for node, kind in kinds.items() if DCAT.Dataset in kind} - series_or_catalogue
    ends = datasets | {node for node, kind in kinds.items() if kind & {DCAT.Catalog, DCAT.CatalogRecord}}
    parts = {part.node: part.graph for part in Splitter(Graph(triples), normaliser(), NAMESPACE)}
    assert parts.keys() == datasets
    for dataset, part in parts.items():
        reached, more = {dataset}, True
        while more:
            step = {t.object for t in triples if t.subject in reached and t.object not in ends} - reached
            reached, more = reached | step, bool(step)
        assert set(part) == {t for t in triples if t.subject in reached}
        assert len(part) == len(set(part))


# --- datasets without an IRI, twice, empty ----------------------------------------------------------------------------


def test_a_dataset_without_iri_is_named_by_its_identifier_wherever_it_occurs(tmp_path: Path) -> None:
    a, b = taken(
        tmp_path,
        """
        _:a a dcat:Dataset ; dct:identifier "b" , "A-1" ; dct:relation _:b , _:a .
        _:b a dcat:Dataset ; dct:identifier "https://doi.org/10.5555/x?y" .
        """,
    )
    assert isinstance(a, Description)
    assert isinstance(b, Description)
    assert a.iri == NAMESPACE + "A-1"
    assert b.iri == NAMESPACE + fit_for_path("https://doi.org/10.5555/x?y")
    assert set(a.graph.objects(NamedNode(a.iri), DCT.relation)) == {NamedNode(a.iri), NamedNode(b.iri)}
    assert not [t for d in (a, b) for t in d.graph if isinstance(t.subject, BlankNode)]


@given(st.sets(st.text(min_size=1), max_size=20))
def test_identifiers_stay_apart_and_fit_into_a_path(identifiers: set[str]) -> None:
    segments = {fit_for_path(identifier) for identifier in identifiers}
    assert len(segments) == len(identifiers)
    assert all(segment.isascii() and not set(segment) & set("/?#% ") for segment in segments)


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        ('[] a dcat:Dataset ; dct:title "nameless" .', "neither an IRI nor a dct:identifier"),
        ("ex:stub a dcat:Dataset .", "nothing is said about this dataset"),
        (
            '_:a a dcat:Dataset ; dct:identifier "1" ; dct:title "a" . _:b a dcat:Dataset ; dct:identifier "1" .',
            "twice",
        ),
        ("ex:d a dcat:Dataset ; ex:p <<( ex:a ex:b ex:c )>> .", "whole triple"),
        (
            "ex:d a dcat:Dataset ; dct:relation _:a . "
            + " ".join(f"_:{a} ex:p _:{b} ." for a in "abcdefghij" for b in "abcdefghij" if a != b),
            "too alike",
        ),
    ],
)
def test_a_dataset_that_cannot_be_used_is_rejected_with_a_remedy(turtle: str, words: str, tmp_path: Path) -> None:
    *_, rejected = taken(tmp_path, turtle)
    assert isinstance(rejected, Rejected)
    assert words in rejected.problem
    assert rejected.remedy
    assert "a.ttl, dataset " in rejected.where
    assert rejected.original is not None


def test_the_same_dataset_in_two_files_is_taken_once_or_rejected(tmp_path: Path) -> None:
    same = PREFIXES + 'ex:d a dcat:Dataset ; dct:title "d" ; dct:creator [ foaf:name "x" ] .'
    folder = write(tmp_path, a_ttl=same, b_ttl=same, c_ttl=same.replace('"d"', '"e"'))
    first, second = harvest(folder)
    assert isinstance(first, Description)
    assert isinstance(second, Rejected)
    assert "described twice" in second.problem
    assert "/a.ttl" in second.problem
    assert "/c.ttl" in second.where
