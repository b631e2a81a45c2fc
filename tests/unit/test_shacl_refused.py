"""Shapes the compiled engine refuses to load, because it would otherwise pass over them in silence."""

from __future__ import annotations

import pytest

from catalogue.errors import RulebookError
from catalogue.graphs import Graph, parse
from catalogue.shacl import Compiled, check

PREFIXES = (
    "@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
)


def turtle(text: str) -> Graph:
    return Graph(parse((PREFIXES + text).encode(), "text/turtle"))


@pytest.mark.parametrize(
    ("statement", "construct"),
    [
        ("sh:sparql [ sh:select 'SELECT' ]", "sh:sparql"),
        ("sh:js [ sh:jsFunctionName 'f' ]", "sh:js"),
        ("sh:rule [ a sh:TripleRule ]", "sh:rule"),
        ("sh:target [ a sh:SPARQLTarget ]", "sh:target "),
        ("sh:targetQuery 'q'", "sh:targetQuery"),
        ("sh:expression [ ]", "sh:expression"),
        ("sh:minCount 1", "sh:minCount on a shape without sh:path"),
        ("sh:property [ sh:minCount 1 ]", "has no sh:path"),
        ("sh:property :nowhere", "has no sh:path"),
        ("sh:node :nowhere", "not there"),
        ("sh:node :P . :P sh:path :p", "is a property shape"),
        ("sh:in :l . :l rdf:first 1 ; rdf:rest :l", "not a list"),
        ("sh:node :S", "refers to itself"),
        ("sh:or ( [ sh:property [ sh:path :p ; sh:node :S ] ] )", "refers to itself"),
        ("sh:or ( )", "empty"),
        ("sh:in :nolist", "not a list"),
        ("sh:flags 'i'", "sh:flags without sh:pattern"),
        ("sh:ignoredProperties ( :p )", "sh:ignoredProperties without sh:closed"),
        ("sh:pattern '\\\\p{L}'", "sh:pattern"),
        ("sh:severity :mine", "sh:severity"),
        ("sh:datatype rdfs:Literal", "rdfs:Literal"),
        ("sh:datatype xsd:date, xsd:dateTime", "sh:datatype has 2 values"),
        ("sh:nodeKind sh:Iri", "sh:nodeKind"),
        ("sh:minLength 'x'", "sh:minLength"),
        ("sh:minInclusive 'P1D'^^xsd:duration", "sh:minInclusive"),
        ("sh:deactivated '1'^^xsd:boolean", "sh:deactivated"),
        ("a sh:SPARQLFunction", "sh:SPARQLFunction"),
        ("sh:property [ sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :q ] ]", "property path"),
        ("sh:property [ sh:path :p ; sh:qualifiedMinCount 1 ]", "sh:qualifiedMinCount without"),
        ("sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :C ] ]", "qualified count"),
    ],
)
def test_refused_naming_shape_and_construct(statement: str, construct: str) -> None:
    shapes = turtle(f":S a sh:NodeShape ; sh:targetNode :n ; {statement} .")
    with pytest.raises(RulebookError) as caught:
        Compiled(shapes, Graph())
    assert construct in caught.value.what
    assert caught.value.where
    assert caught.value.remedy


def test_an_unused_shape_is_checked_too() -> None:
    with pytest.raises(RulebookError, match="sh:minLength"):
        check(turtle(":Unused a sh:NodeShape ; sh:minLength -1 ."), Graph())
