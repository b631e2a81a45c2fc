"""The examples in tests/rules specify the rules: each is quiet on its pass*.ttl and speaks on its fail*.ttl."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Finding
from catalogue.names import CAT, DCAT, RDFS, SH
from catalogue.rulebook import Rulebook
from catalogue.shacl import Compiled

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "rules"
PREFIX = "https://w3id.org/ehds-catalogue/rule/"
NOT_CONSTRAINTS = {
    "path",
    "severity",
    "message",
    "flags",
    "targetClass",
    "targetObjectsOf",
    "qualifiedValueShape",
    "ignoredProperties",
    "property",
}


def read(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))


def declared() -> list[str]:
    """Names of all rules in the shapes folder, as ``<file>/<name>``."""
    rules = [node for path in (ROOT / "shapes").rglob("*.ttl") for node in read(path).instances(CAT.Rule)]
    return sorted(rule.value.removeprefix(PREFIX) for rule in rules)


RULES = declared()


class Bench:
    """Compiled profiles, whole or with one rule taken out."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.vocabulary = list(rulebook.vocabulary)
        self.whole = cache(lambda profile: Compiled(rulebook.profiles[profile].shapes, rulebook.vocabulary))

    def profile(self, graph: Graph, rule: str) -> str:
        """The profile of the first specification that has the rule, by the access right of the example."""
        dataset = graph.instances(DCAT.Dataset)[0]
        profiles = [self.rulebook.profile_for(graph, dataset, name) for name in self.rulebook.specifications]
        return next((p.iri for p in profiles if NamedNode(PREFIX + rule) in p.shapes), profiles[0].iri)

    def around(self, profile: str, rule: NamedNode, *, removed: bool) -> Graph:
        """The shapes that cite a rule, with it or with every statement about it taken out."""
        shapes = self.rulebook.profiles[profile].shapes
        part = shapes.described(rule)
        for shape in shapes.subjects(SH.property, rule):
            part.update(shapes.described(shape))
        return Graph(t for t in part if rule not in (t.subject, t.object)) if removed else part

    def mentioned(self, graph: Graph) -> Graph:
        """The part of the vocabulary that an example can reach; compiling with all of it takes long."""
        terms = {term for triple in graph for term in (triple.subject, triple.object)}
        return Graph(t for t in self.vocabulary if t.subject in terms or t.predicate == RDFS.subClassOf)


@pytest.fixture(scope="session")
def bench(rulebook: Rulebook) -> Bench:
    return Bench(rulebook)


def examples(rule: str, kind: str) -> list[Path]:
    return sorted((EXAMPLES / rule).glob(f"{kind}*.ttl"))


def test_every_example_belongs_to_a_rule() -> None:
    folders = {path.parent.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.ttl")}
    assert folders - set(RULES) == set()


def test_no_rule_is_declared_twice() -> None:
    assert len(RULES) == len(set(RULES))


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_quiet_on_what_keeps_it(rule: str, bench: Bench) -> None:
    paths = examples(rule, "pass")
    assert paths, f"tests/rules/{rule}/pass.ttl is missing"
    for path in paths:
        graph = read(path)
        findings, tested = bench.whole(bench.profile(graph, rule)).validate(graph)
        assert not [f for f in findings if f.rule == PREFIX + rule], path
        assert tested.get(PREFIX + rule), f"{path} does not test the rule"


@pytest.mark.parametrize("rule", RULES)
def test_rule_speaks_on_what_breaks_it(rule: str, bench: Bench) -> None:
    paths = examples(rule, "fail")
    assert paths, f"tests/rules/{rule}/fail.ttl is missing"
    node = NamedNode(PREFIX + rule)
    alone: set[str] = set()
    for path in paths:
        graph = read(path)
        profile = bench.profile(graph, rule)
        findings, _ = bench.whole(profile).validate(graph)
        own = [f for f in findings if f.rule == node.value]
        assert own, f"{path} does not break the rule"
        broken = {f.component for f in own}
        alone |= broken if len(broken) == 1 else set()
        context = bench.mentioned(graph)
        near, _ = Compiled(bench.around(profile, node, removed=False), context).validate(graph)
        without, tested = Compiled(bench.around(profile, node, removed=True), context).validate(graph)
        assert node.value not in tested
        assert counted(without) == counted([f for f in near if f.rule != node.value]), "others depend on this rule"
    missed = constraints(bench.rulebook, node) - alone
    assert not missed, "a constraint could be dropped and no example would notice: add one that breaks only it"


def counted(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((f.rule, str(f.focus), f.component) for f in findings)


def constraints(rulebook: Rulebook, rule: NamedNode) -> set[str]:
    """The constraint components a rule has itself."""
    names = {p.removeprefix(SH.iri) for p in rulebook.graph.outgoing(rule) if p.startswith(SH.iri)} - NOT_CONSTRAINTS
    return {f"{SH.iri}{name[0].upper()}{name[1:]}ConstraintComponent" for name in names}
