"""The compiled engine against pySHACL, result by result, on random shapes, vocabularies and data of every construct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Term, serialise
from catalogue.names import RDF, RDFS, SH, XSD, Namespace
from catalogue.shacl import CompiledValidator, PyshaclValidator

EX = Namespace("http://example.org/")
NODES: Sequence[Node] = (EX.n0, EX.n1, EX.n2, EX.n3, BlankNode("b0"), BlankNode("b1"))
CLASSES = (EX.C0, EX.C1, EX.C2)


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=XSD[name])


NUMBERS: Sequence[Term] = (
    *(typed(text, "integer") for text in ("1", "01", "-3")),
    *(typed("2.5", "decimal"), typed("1.0", "decimal"), typed("1e1", "double")),
)
DATES: Sequence[Term] = tuple(typed(text, "date") for text in ("2019-12-31", "2020-01-01", "2020-02-29", "2021-06-01"))
TEXTS: Sequence[Term] = (
    *(Literal(text) for text in ("abc", "ABC d", "")),
    *(Literal("abc", language=tag) for tag in ("en", "en-gb", "de")),
    Literal("cab", language="en"),
)
ODD: Sequence[Term] = (
    *(typed("x", "integer"), typed("2020-13-01", "date"), typed("true", "boolean"), typed("maybe", "boolean")),
    *(typed("-1", "nonNegativeInteger"), typed("7", "nonNegativeInteger"), Literal("q", datatype=EX.type)),
)
ANY: Sequence[Term] = (*NODES, *NUMBERS, *DATES, *TEXTS, *ODD)
VALUES: dict[NamedNode, Sequence[Term]] = {
    EX.number: NUMBERS,
    EX.limit: NUMBERS,
    EX.day: DATES,
    EX.last: DATES,
    EX.text: TEXTS,
    EX.link: NODES,
    EX.any: ANY,
}
PREDICATES = tuple(VALUES)
ORDERED: dict[Term, tuple[Term, Sequence[Term]]] = {EX.number: (EX.limit, NUMBERS), EX.day: (EX.last, DATES)}
"""Predicates with one whose values compare with theirs, and with bounds."""
SEVERITIES = (SH.Violation, SH.Warning, SH.Info)
KINDS = (SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral, SH.IRIOrLiteral)
DATATYPES = (
    XSD.string,
    XSD.integer,
    XSD.decimal,
    XSD.date,
    XSD.boolean,
    XSD.nonNegativeInteger,
    RDF.langString,
    EX.type,
)
DEEPEST = 3


@st.composite
def data_graphs(draw: st.DrawFn, nodes: Sequence[Node] = NODES) -> Graph:
    """Up to sixteen triples, some of them types and subclasses."""
    graph = Graph()
    for subject, kind in draw(st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(CLASSES)), max_size=6)):
        graph.add(subject, RDF.type, kind)
    for subject, predicate in draw(
        st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(PREDICATES)), max_size=16)
    ):
        pool = [term for term in VALUES[predicate] if not isinstance(term, BlankNode) or term in nodes]
        graph.add(subject, predicate, draw(st.sampled_from(pool)))
    for below, above in draw(st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)), max_size=2)):
        graph.add(below, RDFS.subClassOf, above)
    return graph


@dataclass
class Writer:
    """Writes one shapes graph; shapes refer only to later ones, so that none is recursive."""

    draw: st.DrawFn
    graph: Graph = field(default_factory=Graph)
    count: int = 0

    def choose(self, options: Sequence[Term]) -> Term:
        return self.draw(st.sampled_from(options))

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def say(self, subject: Node, name: str, value: Term) -> None:
        self.graph.add(subject, SH[name], value)

    def list_of(self, members: Sequence[Term]) -> Node:
        head: Node = RDF.nil
        for member in reversed(members):
            cell = BlankNode()
            self.graph.add(cell, RDF.first, member)
            self.graph.add(cell, RDF.rest, head)
            head = cell
        return head

    def sample(self, pool: Sequence[Term], most: int) -> list[Term]:
        return self.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=most, unique=True))

    def all(self) -> Graph:
        for index in range(self.number(1, 3)):
            self.count = index
            shape = EX[f"S{index}"]
            self.targets(shape)
            self.node_shape(shape, DEEPEST)
        return self.graph

    def targets(self, shape: NamedNode) -> None:
        if self.chance(4):
            self.graph.add(shape, RDF.type, RDFS.Class)
        for name, options in (
            ("targetClass", CLASSES),
            ("targetNode", (EX.n0, EX.n3, EX.absent)),
            ("targetSubjectsOf", PREDICATES),
            ("targetObjectsOf", PREDICATES),
        ):
            if self.chance(2):
                self.say(shape, name, self.choose(options))

    def node_shape(self, shape: Node, depth: int) -> None:
        self.graph.add(shape, RDF.type, SH.NodeShape)
        self.common(shape, depth)
        if self.chance(6):
            self.say(shape, "closed", Literal(True))
            if self.chance(2):
                self.say(shape, "ignoredProperties", self.list_of([RDF.type, *self.sample(PREDICATES, 2)]))

    def property_shape(self, shape: Node, depth: int) -> None:
        self.graph.add(shape, RDF.type, SH.PropertyShape)
        if self.chance(4):
            self.say(shape, "path", self.path(2))
        else:
            predicate = self.choose(PREDICATES)
            self.say(shape, "path", predicate)
            self.order(shape, predicate)
        if self.chance(2):
            self.say(shape, "minCount", Literal(self.number(0, 2)))
        if self.chance(3):
            self.say(shape, "maxCount", Literal(self.number(0, 2)))
        if self.chance(4):
            self.say(shape, "uniqueLang", Literal(True))
        if depth and self.chance(5):
            self.say(shape, "qualifiedValueShape", self.nested(depth))
            self.say(shape, "qualifiedMinCount", Literal(self.number(1, 2)))
            if self.chance(2):
                self.say(shape, "qualifiedMaxCount", Literal(self.number(0, 2)))
            self.say(shape, "qualifiedValueShapesDisjoint", Literal(self.chance(2)))
        self.common(shape, depth)

    def order(self, shape: Node, predicate: Term) -> None:
        """Comparisons, only of values that can be compared: elsewhere pySHACL goes its own way."""
        other, bounds = ORDERED.get(predicate, (None, ()))
        if other and self.chance(2):
            self.say(shape, "lessThan" if self.chance(2) else "lessThanOrEquals", other)
        if other and self.chance(2):
            name = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")[self.number(0, 3)]
            self.say(shape, name, self.choose(bounds))

    def path(self, depth: int) -> Term:
        form = self.number(0, 6) if depth else 0
        if form == 0:
            return self.choose(PREDICATES)
        node = BlankNode()
        if form == 1:
            return self.list_of([self.path(depth - 1), self.path(depth - 1)])
        if form == 2:
            self.say(node, "alternativePath", self.list_of([self.path(depth - 1), self.path(depth - 1)]))
        elif form == 3:
            self.say(node, "inversePath", self.choose(PREDICATES))
        else:
            name = ("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")[form - 4]
            self.say(node, name, self.choose(PREDICATES))
        return node

    def common(self, shape: Node, depth: int) -> None:
        """Constraints that both kinds of shape may have, a severity, property shapes."""
        self.say(shape, "severity", self.choose(SEVERITIES))
        if self.chance(15):
            self.say(shape, "deactivated", Literal(True))
        for _ in range(self.number(0, 2)):
            self.draw(st.sampled_from(SIMPLE))(self, shape)
        if depth and self.chance(3):
            self.draw(st.sampled_from(LOGICAL))(self, shape, depth)
        if depth:
            for index in range(self.number(0, 3 if depth == DEEPEST else 1)):
                inner = EX[f"P{self.count}-{index}"] if depth == DEEPEST and self.chance(2) else BlankNode()
                if not self.graph.outgoing(inner):
                    self.say(shape, "property", inner)
                    self.property_shape(inner, depth - 1)

    def nested(self, depth: int) -> Node:
        """A shape to refer to: a new one, or a named one that comes later and so cannot refer back."""
        shape = BlankNode()
        self.node_shape(shape, depth - 1)
        return shape


def once(name: str, value: Callable[[Writer], Term]) -> Callable[[Writer, Node], None]:
    """A constraint whose parameter may have one value only."""

    def write(writer: Writer, shape: Node) -> None:
        if SH[name].value not in writer.graph.outgoing(shape):
            writer.say(shape, name, value(writer))

    return write


def pattern(writer: Writer, shape: Node) -> None:
    if SH.pattern.value not in writer.graph.outgoing(shape):
        writer.say(
            shape, "pattern", writer.choose((Literal("^a"), Literal("[bc]+$"), Literal("n[0-2]"), Literal("^.{3}$")))
        )
        if writer.chance(2):
            writer.say(shape, "flags", Literal("i"))


SIMPLE: Sequence[Callable[[Writer, Node], None]] = (
    once("nodeKind", lambda w: w.choose(KINDS)),
    once("datatype", lambda w: w.choose(DATATYPES)),
    lambda w, shape: w.say(shape, "class", w.choose(CLASSES)),
    once("in", lambda w: w.list_of(w.sample(ANY, 4))),
    pattern,
    once("minLength", lambda w: Literal(w.number(1, 4))),
    once("maxLength", lambda w: Literal(w.number(0, 4))),
    once("languageIn", lambda w: w.list_of(w.sample((Literal("en"), Literal("DE"), Literal("en-GB")), 2))),
    lambda w, shape: w.say(shape, "hasValue", w.choose(ANY)),
    lambda w, shape: w.say(shape, "equals", w.choose(PREDICATES)),
    lambda w, shape: w.say(shape, "disjoint", w.choose(PREDICATES)),
)


def members(writer: Writer, depth: int) -> Node:
    return writer.list_of([writer.nested(depth) for _ in range(writer.number(1, 3))])


LOGICAL: Sequence[Callable[[Writer, Node, int], None]] = (
    lambda w, shape, depth: w.say(shape, "node", w.nested(depth)),
    lambda w, shape, depth: w.say(shape, "not", w.nested(depth)),
    lambda w, shape, depth: w.say(shape, "and", members(w, depth)),
    lambda w, shape, depth: w.say(shape, "or", members(w, depth)),
    lambda w, shape, depth: w.say(shape, "xone", members(w, depth)),
)


@st.composite
def shapes_graphs(draw: st.DrawFn) -> Graph:
    """One to three targeted node shapes with all they contain."""
    return Writer(draw).all()


CONTEXT_NODES = [node for node in NODES if not isinstance(node, BlankNode)]


def assert_equal_reports(shapes: Graph, context: Graph, data: Graph) -> int:
    compiled = CompiledValidator({"": shapes}, context).validate(data, "")
    reference = PyshaclValidator({"": shapes}, context).validate(data, "")
    missing = Counter(reference.findings) - Counter(compiled.findings)
    extra = Counter(compiled.findings) - Counter(reference.findings)
    if missing or extra or compiled.tested != reference.tested:
        texts = [serialise(graph, "text/turtle").decode() for graph in (shapes, context, data)]
        counts = Counter(compiled.tested)
        counts.subtract(reference.tested)
        pytest.fail("\n".join([f"missing {missing}", f"extra {extra}", f"tested too often {counts}", *texts]))
    return len(compiled.findings)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(shapes=shapes_graphs(), context=data_graphs(CONTEXT_NODES), data=data_graphs())
def test_random_shapes(shapes: Graph, context: Graph, data: Graph) -> None:
    event(f"findings: {min(assert_equal_reports(shapes, context, data), 5)}")
