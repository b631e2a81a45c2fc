"""EUCAIM DCAT-AP 2.0: each line of its published tables is held to by a rule, or named here with the reason why not."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term, Triple, parse
from catalogue.model import Finding, Severity
from catalogue.names import DCAT, DCT, EUCAIM, HEALTH, PREFIXES, RDF, SH, SKOS, Minted
from catalogue.publish import Checker
from catalogue.rulebook import Profile, Rulebook
from catalogue.shacl import Compiled, CompiledValidator, PyshaclValidator

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "harvesters/examples/eucaim-2"
EXAMPLE = FOLDER / "prostate-mri.ttl"
DATASET = NamedNode("https://data.example.org/prostate-mri")
LISTS = "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/"
SOFTER = {
    "healthdcatap:hdab": "mandatory, but it may be empty as long as no body is designated: a warning",
    "healthdcatap:hasVariables": "conditional on structured data",
}
"""Lines whose absence is told with less than a violation, and why."""
NO_RULE = {
    "dct:creator/foaf:homepage": "any number of any kind",
    "healthdcatap:hdab/foaf:name": "asked of every foaf:Agent, see agent/name",
}
"""Lines that no rule need look at, and why."""
COMPARED = (HEALTH.minTypicalAge, HEALTH.maxTypicalAge, HEALTH.numberOfRecords, EUCAIM.nbrOfSegmentations)
TABLES = {"dataset_v2.0_properties.tsv": 78, "distribution_v2.0_properties.tsv": 24}


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "nodes/eucaim/eucaim_dcat_ap" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def iri(name: str) -> NamedNode:
    prefix, local = name.split(":")
    return NamedNode(PREFIXES[prefix] + local)


def path_of(row: dict[str, str]) -> list[NamedNode]:
    return [iri(name) for name in row["path"].split("/")]


def example() -> Graph:
    """The shipped example with what it leaves out on purpose."""
    text = (
        EXAMPLE.read_text("utf-8")
        + """
        @prefix healthdcatap: <http://healthdataportal.eu/ns/health#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        @prefix cv: <http://data.europa.eu/m8g/> .
        <https://data.example.org/prostate-mri> healthdcatap:hdab [ a foaf:Agent ; foaf:name "Access Body"@en ;
            cv:contactPoint [ a cv:ContactPoint ; cv:email "hdab@example.org" ] ] ."""
    )
    return Graph(parse(text.encode(), "text/turtle"))


@pytest.fixture(scope="module")
def profile(rulebook: Rulebook) -> Profile:
    return rulebook.profile_for(example(), DATASET, "eucaim")


@pytest.fixture(scope="module")
def findings(rulebook: Rulebook, profile: Profile) -> Callable[[Graph], list[Finding]]:
    compiled = Compiled(profile.shapes, rulebook.vocabulary)
    return lambda graph: compiled.validate(graph)[0]


def reached(graph: Graph, start: Term, steps: list[NamedNode]) -> list[Term]:
    nodes = [start]
    for step in steps:
        nodes = [value for node in nodes for value in graph.objects(node, step)]
    return nodes


def without(graph: Graph, start: Term, path: list[NamedNode]) -> Graph:
    """The graph without the values at the end of a path."""
    ends = reached(graph, start, path[:-1])
    return Graph(t for t in graph if not (t.subject in ends and t.predicate == path[-1]))


def start_of(table: str) -> NamedNode:
    return DATASET if table.startswith("dataset") else NamedNode(DATASET.value + "/images")


def told(found: list[Finding], before: list[Finding], last: NamedNode, severity: Severity) -> list[Finding]:
    """New findings of a severity that are about a property, or about a node that lacks it."""
    old = {(f.rule, f.focus, f.value) for f in before}
    new = [f for f in found if f.severity is severity and (f.rule, f.focus, f.value) not in old]
    return [
        f
        for f in new
        if f.path is None or last.value in f.path or f.component.endswith(("Node", "NodeConstraintComponent"))
    ]


def test_tables_are_whole(shared: Path) -> None:
    assert {name: len(rows(shared, name)) for name in TABLES} == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_absence_is_told_as_hard_as_the_table_says(
    table: str, shared: Path, findings: Callable[[Graph], list[Finding]]
) -> None:
    whole, silent = example(), []
    before = findings(whole)
    for row in rows(shared, table):
        path, start = path_of(row), start_of(table)
        if row["req"] not in "MR":
            continue
        severity = Severity.VIOLATION if row["req"] == "M" and row["path"] not in SOFTER else Severity.WARNING
        if not reached(whole, start, path):
            absent = [f for f in before if f.severity is severity and f.path == path[-1].value]
            silent += [] if absent else [row["path"]]
        elif not told(findings(without(whole, start, path)), before, path[-1], severity):
            silent.append(row["path"])
    assert silent == []


@pytest.mark.parametrize("table", TABLES)
def test_a_second_value_is_told_where_one_is_allowed(
    table: str, shared: Path, findings: Callable[[Graph], list[Finding]]
) -> None:
    silent = []
    for row in rows(shared, table):
        path, start = path_of(row), start_of(table)
        if not row["card"].endswith("..1"):
            continue
        graph = example()
        for node in reached(graph, start, path[:-1]):
            for number in (1, 2):
                graph.add(node, path[-1], NamedNode(f"https://example.org/second/{number}"))
        counted = ("MaxCountConstraintComponent", "NodeConstraintComponent")[: min(len(path), 2)]
        if not [f for f in told(findings(graph), [], path[-1], Severity.VIOLATION) if f.component.endswith(counted)]:
            silent.append(row["path"])
    assert silent == []


@pytest.mark.parametrize("table", TABLES)
def test_every_line_is_looked_at(table: str, shared: Path, profile: Profile) -> None:
    looked = {o.value for t in profile.shapes for o in [t.object] if t.predicate in (SH.path, RDF.first)}
    unseen = [row["path"] for row in rows(shared, table) if path_of(row)[-1].value not in looked]
    assert [path for path in unseen if path not in NO_RULE] == []


def test_example_has_no_violation_and_names_its_specification(rulebook: Rulebook) -> None:
    shapes = {iri: profile.shapes for iri, profile in rulebook.profiles.items() if "non-public" in iri}
    checker = Checker(CompiledValidator(shapes, rulebook.vocabulary), rulebook, Minted("https://example.org/"))
    (checked,) = checker.check(EXAMPLE.read_bytes(), "text/turtle", "example")
    assert checked.report.profile == "https://w3id.org/ehds-catalogue/profile/eucaim-2-non-public"
    assert checked.report.conforms
    assert HEALTH.hdab.value in [f.path for f in checked.report.of(Severity.WARNING)]
    (other,) = checker.check(EXAMPLE.read_bytes(), "text/turtle", "example", "healthdcat-ap")
    assert [f.path for f in other.report.of(Severity.VIOLATION)] == [HEALTH.hdab.value]


def test_pyshacl_finds_the_same(rulebook: Rulebook) -> None:
    """On the example as it is, with everything in it wrong, and with almost nothing in it."""
    whole = example()
    profile = rulebook.profile_for(whole, DATASET, "eucaim")
    used = {term for triple in whole for term in (triple.subject, triple.object)}
    context = Graph(t for t in rulebook.vocabulary if t.subject in used)
    engines = [engine({"p": profile.shapes}, context) for engine in (CompiledValidator, PyshaclValidator)]
    for graph in (whole, *worsened(whole)):
        ours, theirs = (engine.validate(graph, "p").findings for engine in engines)
        assert counted(ours) == counted(theirs)


def worsened(graph: Graph) -> Iterator[Graph]:
    """The dataset and its distribution with all values wrong, and with none.

    Numbers that rules compare stay: pySHACL compares a link with a number, and gives up at a blank node.
    """
    ours = (DATASET, start_of("distribution"))
    kept = (RDF.type, DCAT.distribution, DCT.accessRights, *COMPARED)
    for wrong in (Literal("?"), NamedNode("https://example.org/?"), BlankNode("wrong")):
        yield Graph(
            Triple(t.subject, t.predicate, wrong) if t.subject in ours and t.predicate not in kept else t for t in graph
        )
    yield Graph(t for t in graph if t.subject not in ours or t.predicate in kept)


def counted(findings: Iterable[Finding]) -> Counter[tuple[str, str, str | None, str]]:
    return Counter((f.rule, str(f.focus), f.path, str(f.value)) for f in findings)


# --- vocabularies ---------------------------------------------------------------------------------------------------


def test_condition_lists_agree_with_the_published_facts(rulebook: Rulebook, shared: Path) -> None:
    folder = shared / "nodes/eucaim/eucaim_dcat_ap"
    with (folder / "access-conditions.tsv").open(encoding="utf-8") as file:
        access = {row["iri"]: row["prefLabel"] for row in csv.DictReader(file, delimiter="\t")}
    with (folder / "data-use-conditions.csv").open(encoding="utf-8") as file:
        use = {row["conceptIRI"]: (row["label"], row["duoIRI"]) for row in csv.DictReader(file)}
    ours = {iri: rulebook.label_of(iri, "en") for iri in rulebook.concepts(LISTS + "access-conditions/")}
    assert ours == access
    told = {
        iri: (rulebook.label_of(iri, "en"), rulebook.vocabulary.objects(NamedNode(iri), SKOS.exactMatch)[0].value)
        for iri in rulebook.concepts(LISTS + "data-use-conditions/")
    }
    assert told == use


@pytest.mark.parametrize("name", ["interoperability-level", "collection-method", "dataset-type", "segmentation-method"])
def test_hyper_ontology_lists_agree_with_the_published_facts(name: str, rulebook: Rulebook, shared: Path) -> None:
    with (shared / "nodes/eucaim/hyperontology_concepts.tsv").open(encoding="utf-8") as file:
        labels = {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    concepts = rulebook.concepts(f"https://w3id.org/ehds-catalogue/authority/eucaim-{name}")
    assert concepts
    assert {iri: rulebook.label_of(iri, "en") for iri in concepts} == {iri: labels[iri] for iri in concepts}
    for concept in concepts:
        names = rulebook.vocabulary.objects(NamedNode(concept), SKOS.prefLabel)
        assert {getattr(name, "language", "") for name in names} >= {"en", "fr", "de"}


def test_every_rule_speaks_three_languages(rulebook: Rulebook) -> None:
    ours = [rule for iri, rule in rulebook.rules.items() if "/rule/eucaim-" in iri]
    assert ours
    for rule in ours:
        assert set(rule.message) == set(rule.fix) == {"en", "fr", "de"}, rule.iri
        snippets = {text.split(" : " if language == "fr" else ": ", 1)[1] for language, text in rule.fix.items()}
        assert len(snippets) == 1, rule.iri
