"""Our rules on broken descriptions: the compiled engine and pySHACL find the same, result by result.

Every description among the examples of the rules is a starting point; each round breaks one in up to three places.
``SHACL_MUTATIONS`` is the number of rounds (150 when not set).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term, Triple, parse, serialise
from catalogue.names import DCAT, RDF, SKOS, XSD
from catalogue.ports import Validator
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator, PyshaclValidator
from tests.conformance.incomparable import Incomparable

EXAMPLES = sorted((Path(__file__).resolve().parents[1] / "rules").rglob("*.ttl"))
ROUNDS = int(os.environ.get("SHACL_MUTATIONS", "150"))
NUMBERS = {XSD[name] for name in ("integer", "decimal", "nonNegativeInteger", "positiveInteger", "double")}
DATES = {
    XSD.date: ("1890-01-01", "2031-12-31", "2024-02-30", "soon"),
    XSD.dateTime: ("1890-01-01T00:00:00", "2031-12-31T00:00:00", "2024-02-30T00:00:00", "soon"),
    XSD.gYear: ("1890", "2031", "soon"),
}
CLASSES = (DCAT.Dataset, DCAT.Distribution, SKOS.Concept, DCAT.Catalog)


def numbers(draw: st.DrawFn, term: Literal) -> Term:
    return Literal(draw(st.sampled_from(["0", "-1", "07", "3.5", "1e3", "99999999999", "x"])), datatype=term.datatype)


def retyped(draw: st.DrawFn, term: Literal) -> Term:
    types = [XSD.string, XSD.integer, XSD.boolean, XSD.anyURI]
    return Literal(term.value, datatype=draw(st.sampled_from(types)))


def retagged(draw: st.DrawFn, term: Literal) -> Term:
    return Literal(term.value, language=draw(st.sampled_from(["en", "fr", "de-at", "zz"])))


def redated(draw: st.DrawFn, term: Literal) -> Term:
    return Literal(draw(st.sampled_from(DATES[term.datatype])), datatype=term.datatype)


def emptied(_draw: st.DrawFn, term: Literal) -> Term:
    return Literal("", language=term.language) if term.language else Literal("", datatype=term.datatype)


def misspelt(_draw: st.DrawFn, term: NamedNode) -> Term:
    return NamedNode(term.value + "x")


def as_text(_draw: st.DrawFn, term: NamedNode | BlankNode) -> Term:
    return Literal(term.value)


def as_node(draw: st.DrawFn, _term: Term) -> Term:
    others: Sequence[Term] = (NamedNode("http://example.org/other"), BlankNode("other"))
    return draw(st.sampled_from(others))


def damaged(draw: st.DrawFn, term: Term) -> Term:
    """A value in place of another: of a wrong type, kind, language, range, or a wrong one of its own kind."""
    ways: list[Callable[..., Term]] = [as_node]
    if isinstance(term, Literal):
        ways += [retyped, retagged, emptied]
        if term.datatype in NUMBERS:
            ways.append(numbers)
        if term.datatype in DATES:
            ways.append(redated)
    else:
        ways += [as_text, misspelt] if isinstance(term, NamedNode) else [as_text]
    changed: Term = draw(st.sampled_from(ways))(draw, term)
    return changed


@st.composite
def broken(draw: st.DrawFn) -> Graph:
    """One of the examples with up to three statements dropped, damaged, doubled or moved to another class."""
    path = draw(st.sampled_from(EXAMPLES))
    triples = list(Graph(parse(path.read_bytes(), "text/turtle", where=str(path))))
    for _ in range(draw(st.integers(1, 3))):
        index = draw(st.integers(0, len(triples) - 1))
        subject, predicate, obj = triples[index]
        change = draw(st.sampled_from(["drop", "damage", "damage", "damage", "double"]))
        if change == "drop" and len(triples) > 1:
            del triples[index]
        elif predicate == RDF.type:
            triples[index] = Triple(subject, predicate, draw(st.sampled_from(CLASSES)))
        elif change == "double":
            triples.append(Triple(subject, predicate, damaged(draw, obj)))
        else:
            triples[index] = Triple(subject, predicate, damaged(draw, obj))
    return Graph(triples)


class Engines:
    """Both engines over all profiles."""

    def __init__(self, rulebook: Rulebook) -> None:
        shapes = {iri: profile.shapes for iri, profile in rulebook.profiles.items()}
        self.profile_for = rulebook.profile_for
        self.compiled: Validator = CompiledValidator(shapes, rulebook.vocabulary)
        self.reference: Validator = PyshaclValidator(shapes, rulebook.vocabulary)
        self.incomparable = Incomparable(rulebook)


@pytest.fixture(scope="module")
def engines(rulebook: Rulebook) -> Engines:
    return Engines(rulebook)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=broken())
def test_broken_descriptions(graph: Graph, engines: Engines) -> None:
    assume(not engines.incomparable.in_graph(graph))
    dataset = next(iter(graph.instances(DCAT.Dataset)), NamedNode("http://example.org/none"))
    profile = engines.profile_for(graph, dataset).iri
    compiled, reference = engines.compiled.validate(graph, profile), engines.reference.validate(graph, profile)
    missing = Counter(reference.findings) - Counter(compiled.findings)
    extra = Counter(compiled.findings) - Counter(reference.findings)
    if missing or extra or compiled.tested != reference.tested:
        pytest.fail(f"missing {missing}\nextra {extra}\n{serialise(graph, 'text/turtle').decode()}")
