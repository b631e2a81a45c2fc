"""Terms keep their form, equal graphs have equal digests, hostile graphs are refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import BadInput, BadRdf
from catalogue.graphs import BlankNode, Canonical, Graph, Literal, NamedNode, Triple, media_type_of, parse, serialise
from catalogue.names import DCAT, DCT, XSD
from catalogue.rewriting import normaliser
from catalogue.splitting import Splitter

P = NamedNode("http://example.org/p")
S = NamedNode("http://example.org/s")


@pytest.mark.parametrize("text", ['"05"^^xsd:integer', '"1.50"^^xsd:decimal', '"1"^^xsd:boolean', '"x"@en'])
def test_lexical_forms_survive_parsing_and_writing(text: str) -> None:
    turtle = f"@prefix xsd: <{XSD.iri}> . <http://example.org/s> <http://example.org/p> {text} ."
    graph = Graph(parse(turtle.encode(), "text/turtle"))
    again = Graph(parse(serialise(graph, "application/n-triples"), "application/n-triples"))
    assert list(again) == list(graph)
    assert str(graph.value(S, P)).startswith(text.split("^^")[0])


nodes = st.sampled_from([S, NamedNode("http://example.org/o"), *(BlankNode(f"b{i}") for i in range(4))])
triples = st.builds(
    Triple, nodes, st.sampled_from([P, DCT.title]), nodes | st.sampled_from([Literal("1"), Literal("2")])
)


@given(st.lists(triples, max_size=12), st.randoms())
def test_order_and_blank_node_names_do_not_change_the_digest(given_triples: list[Triple], order: random.Random) -> None:
    names = {f"b{i}": BlankNode(f"x{9 - i}") for i in range(4)}

    def renamed(term: object) -> object:
        return names[term.value] if isinstance(term, BlankNode) else term

    other = [Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in given_triples]  # type: ignore[arg-type]
    order.shuffle(other)
    assert Canonical(Graph(given_triples)).content == Canonical(Graph(other)).content


def test_another_value_changes_the_digest() -> None:
    assert (
        Canonical(Graph([Triple(S, P, Literal("1"))])).content != Canonical(Graph([Triple(S, P, Literal("2"))])).content
    )


def test_blank_nodes_that_cannot_be_told_apart_are_refused_at_once() -> None:
    alike = [BlankNode(f"b{i}") for i in range(12)]
    with pytest.raises(BadInput, match="too alike"):
        Canonical(Graph(Triple(a, P, b) for a in alike for b in alike if a != b))


@pytest.mark.parametrize(
    ("turtle", "line"),
    [
        ("<http://a> <http://b> .", 1),
        ('\n"literal" <http://b> <http://c> .', 2),
        ("<http://a> <http://b> <http://c> .\n<http://a> unbound:b <http://c> .", 2),
    ],
)
def test_a_syntax_error_names_its_line(turtle: str, line: int) -> None:
    with pytest.raises(BadRdf) as error:
        list(parse(turtle.encode(), "text/turtle", where="file.ttl"))
    assert f"file.ttl line {line}" in error.value.where
    assert error.value.remedy


def test_a_document_is_split_where_the_next_dataset_begins() -> None:
    turtle = """
    @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix : <http://example.org/> .
    :catalogue a dcat:Catalog ; dcat:dataset :a , :b .
    :a a dcat:Dataset ; dct:relation :b ; dct:publisher :agent ; dct:isPartOf :catalogue .
    :b a dcat:Dataset ; dct:publisher :agent .
    :agent dct:title "Agent" .
    """
    graph = Graph(parse(turtle.encode(), "text/turtle"))
    parts = {str(part.node.value)[-1]: part.graph for part in Splitter(graph, normaliser())}
    assert {name: len(part) for name, part in parts.items()} == {"a": 5, "b": 3}
    parts["a"].add(NamedNode("http://example.org/agent"), DCT.title, Literal("changed"))
    assert len(parts["b"]) == 3


@pytest.mark.parametrize(
    ("name", "declared", "expected"),
    [
        ("a.ttl", None, "text/turtle"),
        ("a.rdf.gz", "application/octet-stream", "application/rdf+xml"),
        ("a", "application/ld+json; charset=utf-8", "application/ld+json"),
        ("a.ttl", "text/plain", "text/turtle"),
        ("a", "text/html", None),
    ],
)
def test_media_types(name: str, declared: str | None, expected: str | None) -> None:
    assert media_type_of(name, declared) == expected


def test_instances_are_found_after_a_change() -> None:
    graph = Graph([Triple(S, P, Literal("1"))])
    assert not graph.instances(DCAT.Dataset)
    graph.add(S, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), DCAT.Dataset)
    assert list(graph.instances(DCAT.Dataset)) == [S]
