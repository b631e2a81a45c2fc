"""The rulebook loads, says no to a broken one with every reason, and its data agree with the published facts."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from catalogue.errors import RulebookError
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Severity
from catalogue.names import CAT, DCT, ELI, EU, HDEU, RDFS, SH, SKOS
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

ROOT = Path(__file__).resolve().parents[2]
PROFILE = "https://w3id.org/ehds-catalogue/profile/healthdcat-ap-8-"
PREFIXES = """
@prefix : <https://w3id.org/ehds-catalogue/rule/small/> .
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix ex: <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = """
ex:profile a cat:Profile ; dct:title "Small"@en ; dct:isVersionOf ex:small ; dct:hasVersion "1" ; cat:uses ex:Dataset .
ex:Dataset a sh:NodeShape, cat:Grouping ; sh:targetClass dcat:Dataset ; sh:property :title .
:title a sh:PropertyShape, cat:Rule ;
    sh:path dct:title ;
    sh:minCount 1 ;
    sh:severity sh:Violation ;
    sh:message "The dataset has no title."@en ;
    cat:fix "Add a title in one language."@en ;
    dct:source ex:article ;
    dqv:inDimension ex:metadata ;
    cat:appliesFrom "2029-03-26"^^xsd:date .
"""
VOCAB = """
ex:small a cat:Specification, cat:DefaultSpecification .
ex:act a eli:LegalResource ; eli:title_short "Act"@en .
ex:article a eli:LegalResourceSubdivision ; eli:is_part_of ex:act ; eli:number "Art. 1" ;
    skos:definition "Datasets have titles."@en ; cat:appliesFrom "2029-03-26"^^xsd:date .
ex:documentation a cat:Element ; dct:identifier "a" ; skos:prefLabel "Documentation"@en ; dct:source ex:article .
ex:metadata a cat:Dimension ; dqv:inCategory ex:documentation ; skos:prefLabel "Metadata"@en .
ex:titled a cat:Criterion ; dct:identifier "T1" ; dqv:inDimension ex:metadata ; dct:source ex:article ;
    skos:prefLabel "Title"@en ; skos:definition "Has it a title?"@en ; cat:evidence "The title."@en ;
    cat:obtained cat:Computed, cat:Verified ; cat:effort 1 ; cat:decisive true ; cat:level ex:no, ex:yes .
ex:no a cat:Level ; rdf:value 0 ; skos:prefLabel "No"@en .
ex:yes a cat:Level ; rdf:value 2 ; skos:prefLabel "Yes"@en ; cat:requires :title .
ex:funded a cat:Criterion ; dct:identifier "T2" ; dqv:inDimension ex:metadata ; dct:source ex:article ;
    skos:prefLabel "Funding"@en ; skos:definition "Who paid?"@en ; cat:evidence "The grant."@en ;
    cat:obtained cat:Declared ; cat:effort 3 ; cat:gate true ; cat:level ex:nobody, ex:union .
ex:nobody a cat:Level ; rdf:value 0 ; skos:prefLabel "Nobody"@en .
ex:union a cat:Level ; rdf:value 1 ; skos:prefLabel "The Union"@en .
ex:stars a cat:LabelScheme, cat:DefaultLabelScheme ; dct:identifier "stars" ; dct:title "Stars"@en ;
    cat:starLimits ( 25 45 60 80 90 ) ; cat:weighs [ cat:criterion ex:titled ; cat:weight 7.5 ] .
ex:scheme a skos:ConceptScheme .
ex:concept a skos:Concept ; skos:inScheme ex:scheme ; skos:prefLabel "Concept"@en .
"""


def small(shapes: str = SHAPES, vocab: str = VOCAB) -> dict[str, bytes]:
    """The files of a rulebook with one rule."""
    return {
        "shapes/rulebook.ttl": (ROOT / "shapes" / "rulebook.ttl").read_bytes(),
        "shapes/small/dataset.ttl": (PREFIXES + shapes).encode(),
        "vocab/small.ttl": (PREFIXES + vocab).encode(),
    }


def refused(files: dict[str, bytes]) -> str:
    with pytest.raises(RulebookError) as caught:
        Rulebook.load(files, check)
    return caught.value.what


def test_small_rulebook_is_read() -> None:
    rulebook = Rulebook.load(small(), check)
    (rule,) = rulebook.rules.values()
    assert rule.message == {"en": "The dataset has no title."}
    assert (rule.severity, rule.path) == (Severity.VIOLATION, DCT.title.value)
    assert rule.provisions == ("https://example.org/article",)
    assert rule.applies_from is not None
    assert rule.applies_from.isoformat() == "2029-03-26"
    assert rulebook.cite("https://example.org/article") == "Art. 1 Act"
    assert rulebook.concepts("https://example.org/scheme") == ["https://example.org/concept"]


BROKEN = [
    ('sh:message "The dataset has no title."@en ;', "", "no message in English"),
    ('"The dataset has no title."@en', '"Der Titel fehlt."@de', "no message in English"),
    ('cat:fix "Add a title in one language."@en ;', "", "no remedy in English"),
    ("sh:severity sh:Violation", "sh:severity sh:Fatal", "one severity"),
    ("sh:severity sh:Violation ;", "", "one severity"),
    ("dct:source ex:article ;\n    dqv", "dqv", "names no provision"),
    ("dct:source ex:article ;\n    dqv", "dct:source ex:other ;\n    dqv", "not declared in vocab/law"),
    ("dqv:inDimension ex:metadata ;\n    cat", "dqv:inDimension ex:article ;\n    cat", "not a label dimension"),
    ('"2029-03-26"^^xsd:date', '"spring"', "one xsd:date"),
    ("sh:property :title", "sh:property :title, ex:other", "declared with a cat:Rule"),
    ("sh:property :title", "sh:minCount 1 ; sh:property :title", "a constraint belongs into a rule"),
    ("sh:PropertyShape, cat:Rule", "sh:PropertyShape", "A named property shape is a cat:Rule"),
    ("sh:NodeShape, cat:Grouping", "sh:NodeShape", "A named node shape is"),
    (":title", ":Title_1", "A rule is named"),
    (
        "cat:uses ex:Dataset",
        "cat:uses ex:Small . ex:Small a sh:NodeShape, cat:ValueShape",
        "no profile reaches this rule",
    ),
    ('dct:hasVersion "1"', 'dct:hasVersion "one"', "release number"),
    ("cat:uses ex:Dataset", "cat:uses ex:Nothing", "node shapes (cat:uses) that exist"),
    ("cat:uses ex:Dataset", "dct:accessRights ex:concept ; cat:uses ex:Dataset", "without dct:accessRights"),
    ('eli:number "Art. 1" ;', "", "one number"),
    ("eli:is_part_of ex:act ;", "", "part of one declared act"),
    ('skos:definition "Datasets have titles."@en ;', "", "not told in English"),
    ('skos:prefLabel "Concept"@en', 'skos:prefLabel "Begriff"@de', "no name in English"),
    ("skos:inScheme ex:scheme", "skos:inScheme ex:nowhere", "scheme of the concept"),
    ('dct:identifier "a"', 'dct:identifier "first"', "letter of its point"),
]


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN, ids=[problem for _, _, problem in BROKEN])
def test_broken_rulebook_is_refused(old: str, new: str, problem: str) -> None:
    assert old in SHAPES + VOCAB
    said = refused(small(SHAPES.replace(old, new), VOCAB.replace(old, new)))
    assert problem in said
    if "no profile" not in problem and "without" not in problem:
        assert re.search(r"^(shapes/small/dataset|vocab/small)\.ttl.*https?://", said, re.MULTILINE)


def test_every_problem_is_listed() -> None:
    shapes, vocab = SHAPES, VOCAB
    chosen = [BROKEN[0], BROKEN[2], BROKEN[3], BROKEN[7], BROKEN[18]]
    for old, new, _ in chosen:
        shapes, vocab = shapes.replace(old, new), vocab.replace(old, new)
    said = refused(small(shapes, vocab))
    assert [problem for _, _, problem in chosen if problem not in said] == []


def test_syntax_error_names_the_place() -> None:
    said = refused(small(SHAPES + "\n:title a ; ."))
    assert re.search(r"shapes/small/dataset\.ttl line \d+", said)


def test_without_its_own_shapes_nothing_is_accepted() -> None:
    files = small()
    del files["shapes/rulebook.ttl"]
    assert "shapes/rulebook.ttl" in refused(files)


def test_digest_is_that_of_the_meaning() -> None:
    files = small()
    digest = Rulebook.load(files, check).digest
    rewritten = {path: b"# a comment\n" + content for path, content in reversed(files.items())}
    assert Rulebook.load(rewritten, check).digest == digest
    assert Rulebook.load(small(SHAPES.replace("no title.", "no name.")), check).digest != digest


def test_blank_nodes_of_two_files_stay_apart() -> None:
    files = small()
    files["vocab/other.ttl"] = (PREFIXES + "_:x skos:note 'a' . ex:one skos:related _:x .").encode()
    files["vocab/third.ttl"] = (PREFIXES + "_:x skos:note 'b' . ex:two skos:related _:x .").encode()
    graph = Rulebook.load(files, check).graph
    (one,) = graph.objects(NamedNode("https://example.org/one"), SKOS.related)
    assert [note.value for note in graph.objects(one, SKOS.note)] == ["a"]


# --- the rulebook that is shipped -----------------------------------------------------------------------------------


def dataset(said: str) -> tuple[Graph, NamedNode]:
    text = f"{PREFIXES} ex:d a dcat:Dataset{said} ."
    return Graph(parse(text.encode(), "text/turtle")), NamedNode("https://example.org/d")


@pytest.mark.parametrize(
    ("said", "profile"),
    [
        (f" ; dct:accessRights <{EU}access-right/PUBLIC>", "public"),
        (f" ; dct:accessRights <{EU}access-right/RESTRICTED>", "restricted"),
        (f" ; dct:accessRights <{EU}access-right/NON_PUBLIC>", "non-public"),
        (f" ; dct:accessRights <{EU}access-right/CONFIDENTIAL>", "unknown"),
        (f" ; dct:accessRights <{EU}access-right/PUBLIC>, <{EU}access-right/NON_PUBLIC>", "unknown"),
        (" ; dct:accessRights [ ]", "unknown"),
        ("", "unknown"),
    ],
)
def test_profile_is_chosen_by_access_right(rulebook: Rulebook, said: str, profile: str) -> None:
    assert rulebook.profile_for(*dataset(said)).iri == PROFILE + profile


def test_profiles_hold_their_own_shapes_and_those_of_all(rulebook: Rulebook) -> None:
    shape = "https://w3id.org/ehds-catalogue/shape/"
    for level in ("public", "restricted", "non-public", "unknown"):
        shapes = rulebook.profiles[PROFILE + level].shapes
        assert NamedNode(shape + "label/Documentation") in shapes
        assert (NamedNode(shape + "label/AccessProvisionPermit") in shapes) == (level in ("restricted", "non-public"))
        assert (NamedNode(shape + "DatasetNonPublic") in shapes) == (level == "non-public")
        assert not shapes.instances(CAT.Profile)
        for grouping in shapes.instances(CAT.Grouping):
            assert all(rule in shapes for rule in shapes.objects(grouping, SH.property))


def test_vocabulary_is_context_only(rulebook: Rulebook) -> None:
    assert not rulebook.vocabulary.instances(CAT.Rule)
    assert not rulebook.vocabulary.instances(CAT.Mapping)
    assert rulebook.vocabulary.objects(NamedNode("http://xmlns.com/foaf/0.1/Organization"), RDFS.subClassOf)
    assert NamedNode("http://data.europa.eu/eli/reg/2025/327/oj") in rulebook.vocabulary


def test_names_in_the_language_asked_for(rulebook: Rulebook) -> None:
    assert rulebook.label_of(EU + "access-right/NON_PUBLIC", "de", "en") == "nicht öffentlich"
    assert rulebook.label_of(EU + "access-right/NON_PUBLIC", "fi") == "non-public"
    assert rulebook.label_of("https://example.org/terms#Unheard_of", "de") == "Unheard_of"
    assert rulebook.cite("http://data.europa.eu/eli/reg/2025/327/art_77/par_1/oj") == "Art. 77(1) EHDS"
    assert (
        rulebook.cite("https://w3id.org/ehds-catalogue/spec/healthdcat-ap-8#Dataset")
        == "HealthDCAT-AP Release 8, dataset"
    )


def test_law_agrees_with_the_published_facts(rulebook: Rulebook, shared: Path) -> None:
    with (shared / "law" / "ehds_provisions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 89
    for row in rows:
        provision = rulebook.provisions[row["eli"]]
        assert provision.number == row["provision"]
        assert provision.applies_from is not None
        assert provision.applies_from.isoformat() == row["applies_from"]
        assert bool(provision.actor) == (row["actor"] != "-")
        code = re.search(r"code (\w+)$", row["note"])
        subjects = rulebook.graph.objects(NamedNode(row["eli"]), DCT.subject)
        assert [s.value for s in subjects] == ([HDEU + "healthcategories/" + code[1]] if code else [])


def test_minimum_elements_agree_with_the_published_facts(rulebook: Rulebook, shared: Path) -> None:
    with (shared / "spec" / "reg-2026-2098-elements.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    act = "http://data.europa.eu/eli/reg_impl/2026/2098/oj"
    assert len(rulebook.graph.instances(CAT.MinimumElement)) == len(rows) == 27
    for row in rows:
        element = NamedNode(f"{act}#element-{row['nr']}")
        assert rulebook.label_of(element.value, "en") == row["element"]
        assert rulebook.graph.text(element, CAT.conditional) == ("false" if row["conditional"] == "no" else "true")
        assert rulebook.graph.value(element, ELI.is_part_of) == NamedNode(act)


LISTS = ["healthcategories", "health-theme", "health-activity", "coding-system", "standard", "publisher-type"]


@pytest.mark.parametrize("name", LISTS)
def test_code_list_is_complete(rulebook: Rulebook, shared: Path, name: str) -> None:
    path = shared / "spec" / "healthdcat-ap-r8" / "catalogue" / f"{name}.codes.ttl"
    official = Graph(parse(path.read_bytes(), "text/turtle"))
    ours = rulebook.vocabulary
    assert set(rulebook.concepts(HDEU + name)) == {node.value for node in official.instances(SKOS.Concept)}
    for concept in official.instances(SKOS.Concept):
        assert ours.text(concept, SKOS.prefLabel, "en") == official.text(concept, SKOS.prefLabel, "en")
        assert set(ours.objects(concept, SKOS.broader)) == set(official.objects(concept, SKOS.broader))
        assert (DCT.Standard in ours.instances(DCT.Standard)) == (DCT.Standard in official.instances(DCT.Standard))
        assert {"en", "fr", "de"} - languages(ours, concept) in (set(), {"fr", "de"})


def languages(graph: Graph, concept: NamedNode) -> set[str]:
    return {getattr(name, "language", "") for name in graph.objects(concept, SKOS.prefLabel)}


@pytest.mark.parametrize("name", ["access-right", "data-theme", "frequency", "language", "country"])
def test_authority_table_speaks_eight_languages(rulebook: Rulebook, name: str) -> None:
    concepts = rulebook.concepts(EU + name)
    assert concepts
    for concept in concepts:
        assert languages(rulebook.vocabulary, NamedNode(concept)) == {"en", "fr", "de", "es", "it", "nl", "pl", "pt"}


def test_own_terms_are_defined_and_used() -> None:
    files = read_files("shapes") | read_files("vocab")
    defined = Graph(t for path in files if path.count("/") == 1 for t in parse(files[path], "text/turtle", where=path))
    known = {
        node.value.removeprefix(CAT.iri)
        for node in defined.nodes
        if node.value.startswith(CAT.iri)
        and (defined.text(node, RDFS.label) or defined.text(node, SKOS.prefLabel))
        and (defined.text(node, RDFS.comment) or defined.text(node, SKOS.definition))
    }
    twice = [node.value for node in defined.nodes if len(defined.objects(node, RDFS.comment)) > 1]
    assert not [iri for iri in twice if iri.startswith(CAT.iri)], "defined twice"
    used: set[str] = set()
    for folder in ("catalogue", "harvesters", "shapes", "vocab"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".rq", ".ttl") and path.name not in ("catalogue.ttl", "imaging.ttl"):
                used |= set(re.findall(r"\b(?:CAT\.|CAT\[\"|cat:)([A-Za-z]+)", path.read_text(encoding="utf-8")))
    assert used - known - {"iri"} == set(), "used but not defined"
    assert known - used == set(), "defined but not used"
