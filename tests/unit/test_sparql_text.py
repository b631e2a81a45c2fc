"""What a foreign query may not do is refused in whatever spelling; everything else passes."""

from __future__ import annotations

import pytest

from catalogue.errors import QueryRefused
from catalogue.graphs import Literal, NamedNode
from catalogue.stores.text import LONGEST, bind, form_of

E = "http://198.51.100.7/sparql"
BODY = "{ ?s ?p ?o }"

SERVICES = {
    "plain": f"SELECT * {{ SERVICE <{E}> {BODY} }}",
    "lower case, silent": f"select * {{ service silent <{E}> {BODY} }}",
    "variable": f"SELECT * {{ VALUES ?u {{ <{E}> }} SERVICE ?u {BODY} }}",
    "prefixed name": f"PREFIX e: <{E}> SELECT * {{ SERVICE e: {BODY} }}",
    "no blanks": f"PREFIX : <{E}> SELECT*{{?s ?p ?o.SERVICE:{BODY}}}",
    "silent glued to the name": f"PREFIX e: <{E}> SELECT * {{ SERVICESILENTe:a {BODY} }}",
    "behind a number": f"SELECT * {{ ?s ?p 1SERVICE<{E}>{BODY} }}",
    "behind a word": f"SELECT * {{ ?s ?p trueSERVICE<{E}>{BODY} }}",
    "behind a string": f"SELECT * {{ ?s ?p 'x'SERVICE<{E}>{BODY} }}",
    "nested": f"SELECT * {{ {{ SELECT ?s {{ {{ SERVICE <{E}> {BODY} }} UNION {BODY} }} }} }}",
    "in a filter": f"ASK {{ ?s ?p ?o FILTER NOT EXISTS {{ SERVICE <{E}> {BODY} }} }}",
    "in a construct": f"CONSTRUCT {BODY} WHERE {{ SERVICE <{E}> {BODY} }}",
    "broken by a comment": f"SELECT * {{ SERVICE # <x> {{\n <{E}> # }}\n {BODY} }}",
    "a comment ends at a carriage return": f"SELECT * {{ ?s ?p ?o . # \r SERVICE <{E}> {BODY} }}",
    "comparison that looks like an IRI": f"PREFIX e: <{E}> SELECT * {{ ?s ?p ?o FILTER(?s<?o)SERVICE#>\n e: {BODY} }}",
    "comment that looks like a string": f'SELECT * {{ ?s ?p ?o FILTER(?s<?o#>"""\n) SERVICE <{E}> {BODY} #"""\n }}',
    "the same with a prefix": (
        f'PREFIX urn: <x:> SELECT * {{ ?s ?p ?o FILTER(?s<urn:b#>"""\n) SERVICE <{E}> {BODY} #"""\n }}'
    ),
    "escaped quote in a name": f"PREFIX e: <x:> SELECT * {{ ?s ?p e:\\' . SERVICE <{E}> {BODY} # '\n }}",
    "escaped letter": f"SELECT * {{ \\u0053ERVICE <{E}> {BODY} }}",
    "escaped long": f"SELECT * {{ SERV\\U00000049CE <{E}> {BODY} }}",
    "escaped quote": f"SELECT * {{ ?s ?p \\u0022x\\u0022 . SERVICE <{E}> {BODY} }}",
    "name that is no IRI, so read as keyword": (
        f"PREFIX e: <http://[::1]:80> SELECT * {{ ?s ?p e:SERVICE<{E}>{BODY} }}"
    ),
    "keyword glued to a name with the word": f"PREFIX e: <{E}> SELECT * {{ {BODY}SERVICEe:SERVICE{BODY} }}",
    "letter that folds to s": f"SELECT * {{ \u017fERVICE <{E}> {BODY} }}",
}

HARMLESS = {
    "in strings": 'SELECT * { ?s ?p "SERVICE <x> {" , \'a\' , \'\'\'SERVICE <x> { \'\'\' , """a"" service ?x {""" }',
    "in an escaped string": r"""SELECT * { ?s ?p "\" SERVICE <x> { \\" }""",
    "in a comment": "SELECT * { # SERVICE <x> { }\n ?s ?p ?o }",
    "in an IRI": "SELECT * { ?s <http://example.org/service#SERVICE> ?o }",
    "as property": "PREFIX dcat: <http://www.w3.org/ns/dcat#> ASK { ?d dcat:accessService ?s ; dcat:service ?t }",
    "as variable": "SELECT ?service { ?service ?p ?o { ?s ?service ?o } }",
    "as prefix": "PREFIX service: <http://example.org/> SELECT * { ?s service:a ?o ; service:b 1 }",
    "comparisons": "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>3) }",
    "fragment without the word": "BASE <http://example.org/> SELECT * { ?s <#p> ?o }",
}


@pytest.mark.parametrize("query", SERVICES.values(), ids=SERVICES.keys())
def test_service_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        form_of(query)


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS.keys())
def test_the_word_service_elsewhere_is_no_harm(query: str) -> None:
    assert form_of(query) in ("SELECT", "ASK")


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX select: <x:> # select\n construct { ?s ?p ?o } where { ?s ?p ?o }", "CONSTRUCT"),
        ("BASE <http://example.org/insert> ASK { ?s ?p 'delete' }", "ASK"),
        ("describe <x:insert>", "DESCRIBE"),
        ("SELECT ?insert { ?drop ?clear ?insert }", "SELECT"),
    ],
)
def test_the_form_is_the_first_keyword(query: str, form: str) -> None:
    assert form_of(query) == form


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <x:x> <x:x> 1 }",
        "# SELECT\nprefix select: <x:> delete where { ?s ?p ?o }",
        "BASE <x:select> drop all",
        "LOAD <http://198.51.100.7/>",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
        "",
        "?",
    ],
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(QueryRefused, match="begins with"):
        form_of(update)


def test_the_check_takes_no_longer_than_the_query_deserves() -> None:
    for part in ("service", "service ", "service:", "<a#", "'''", "\\u0053ERVICE", '"\\'):
        text = "SELECT * { " + part * (LONGEST // len(part) - 10)
        try:
            form_of(text)
        except QueryRefused:
            continue
    with pytest.raises(QueryRefused, match="longer"):
        form_of("SELECT * { }" + " " * LONGEST)


def test_values_stand_at_the_start_of_the_outermost_group() -> None:
    query = "# {\nPREFIX e: <http://e/> SELECT ?s (EXISTS { ?s ?p 1 } AS ?x) WHERE { { SELECT ?s { ?s ?p '{' } } }"
    bound = bind(query, {"s": NamedNode("x:s"), "p": Literal('"\n')})
    assert bound == query.replace("WHERE {", 'WHERE { VALUES (?s ?p) { (<x:s> "\\"\\n") } ', 1)
    assert bind(query, {}) == query
