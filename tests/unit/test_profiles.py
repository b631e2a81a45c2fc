"""Profiles as data: a folder brings a specification, extends another, replaces its rules, and is chosen by name."""

from __future__ import annotations

import pytest

from catalogue.errors import ConfigurationError, RulebookError
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Severity
from catalogue.names import EU, SH, Minted
from catalogue.publish import Checker
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator, check

SPEC = "https://w3id.org/ehds-catalogue/spec/"
PROFILE = "https://w3id.org/ehds-catalogue/profile/"
RULE = "https://w3id.org/ehds-catalogue/rule/"
PREFIXES = f"""
@prefix : <{RULE}xx-dataset/> .
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prof: <http://www.w3.org/ns/dx/prof/> .
@prefix profile: <{PROFILE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/ehds-catalogue/shape/> .
@prefix spec: <{SPEC}> .
"""
NATIONAL = """
spec:xx a cat:Specification ; rdfs:label "National profile"@en ; rdfs:seeAlso <https://xx.example.org/profile/> .
spec:xx-1-section a cat:SpecificationSection ; rdfs:label "National profile 1"@en ; dct:isPartOf spec:xx .
profile:xx-1 a cat:Profile ;
    dct:title "National profile 1"@en ; dct:isVersionOf spec:xx ; dct:hasVersion "1" ;
    prof:isProfileOf profile:eucaim-2-unknown ;
    cat:uses shape:NationalDataset .
shape:NationalDataset a sh:NodeShape, cat:Grouping ; sh:targetClass dcat:Dataset ; sh:property :version .
:version a sh:PropertyShape, cat:Rule ;
    sh:path dcat:version ; sh:minCount 1 ; sh:severity sh:Info ;
    sh:message "The dataset does not say which version it is."@en ; cat:fix "Say it in your own way."@en ;
    dct:replaces <https://w3id.org/ehds-catalogue/rule/eucaim-identification/version> ;
    dct:source spec:xx-1-section .
"""


def with_folder(turtle: str) -> Rulebook:
    """The shipped rulebook and one more folder."""
    files = read_files("shapes") | read_files("vocab")
    return Rulebook.load(files | {"shapes/xx/1/all.ttl": (PREFIXES + turtle).encode()}, check)


@pytest.fixture(scope="module")
def national() -> Rulebook:
    return with_folder(NATIONAL)


def described(said: str = "") -> Graph:
    return Graph(parse(f"{PREFIXES} ex:d a dcat:Dataset {said} .".encode(), "text/turtle"))


DATASET = NamedNode("https://example.org/d")


def test_a_national_profile_is_one_folder(national: Rulebook) -> None:
    assert national.specifications == (SPEC + "healthdcat-ap", SPEC + "eucaim", SPEC + "xx")
    profile = national.profile_for(described(), DATASET, "xx")
    validator = CompiledValidator({profile.iri: profile.shapes}, national.vocabulary)
    found = {f.rule.removeprefix(RULE): f.severity for f in validator.validate(described(), profile.iri).findings}
    assert found["xx-dataset/version"] is Severity.INFO
    assert "eucaim-identification/version" not in found
    assert found["eucaim-population/unique-individuals"] is Severity.VIOLATION
    assert "dataset-recommended/number-of-unique-individuals" not in found, "replaced two profiles further down"
    assert found["dataset/title"] is Severity.VIOLATION


def test_the_profiles_that_are_extended_stay_what_they_were(national: Rulebook, rulebook: Rulebook) -> None:
    for iri, profile in rulebook.profiles.items():
        before, after = set(map(str, profile.shapes.nodes)), set(map(str, national.profiles[iri].shapes.nodes))
        assert {node for node in before ^ after if node.startswith("<")} == set(), iri


def test_an_extended_profile_has_all_rules_but_the_replaced(rulebook: Rulebook) -> None:
    for level in ("public", "restricted", "non-public", "unknown"):
        base, own = (rulebook.profiles[PROFILE + name + level] for name in ("healthdcat-ap-8-", "eucaim-2-"))
        rules = {iri: [iri in map(str_of, p.shapes.nodes) for p in (base, own)] for iri in rulebook.rules}
        lost = {iri.removeprefix(RULE) for iri, held in rules.items() if held == [True, False]}
        gained = {iri.removeprefix(RULE) for iri, held in rules.items() if held == [False, True]}
        assert all(name.startswith("eucaim-") for name in gained)
        assert "dataset-roles/hdab" in lost
        assert ("dataset-non-public/type" in lost) == (level == "non-public")
        assert len(lost) < 25
        uses = [o for t in own.shapes for o in [t.object] if t.predicate == SH.property]
        assert all(rule in own.shapes for rule in uses), "a replaced rule is still used"
        assert own.access_right == base.access_right


def str_of(node: object) -> str:
    return str(getattr(node, "value", ""))


def test_a_specification_has_several_names(rulebook: Rulebook) -> None:
    assert rulebook.specification(None) == rulebook.specification("healthdcat-ap") == SPEC + "healthdcat-ap"
    assert rulebook.specification(SPEC + "eucaim") == rulebook.specification("eucaim")
    with pytest.raises(ConfigurationError) as caught:
        rulebook.profile_for(described(), DATASET, "eucam")
    assert "healthdcat-ap, eucaim" in str(caught.value)


def test_access_right_decides_within_the_specification(rulebook: Rulebook) -> None:
    public = described(f"; dct:accessRights <{EU}access-right/PUBLIC>")
    assert rulebook.profile_for(public, DATASET, "eucaim").iri == PROFILE + "eucaim-2-public"
    assert rulebook.profile_for(described(), DATASET, "eucaim").iri == PROFILE + "eucaim-2-unknown"
    assert rulebook.profile_for(public, DATASET).iri == PROFILE + "healthdcat-ap-8-public"


RECORD = " . ex:r{n} foaf:primaryTopic ex:d ; dct:conformsTo {what}"


@pytest.mark.parametrize(
    ("said", "stated"),
    [
        ("", None),
        (RECORD.format(n=1, what="spec:eucaim"), "eucaim"),
        (RECORD.format(n=1, what="spec:eucaim-2"), "eucaim"),
        (RECORD.format(n=1, what="<https://xx.example.org/profile>"), "xx"),
        (RECORD.format(n=1, what="spec:healthdcat-ap-8, ex:other"), "healthdcat-ap"),
        (RECORD.format(n=1, what="spec:dcat-ap-3"), None),
        (RECORD.format(n=1, what="spec:eucaim") + RECORD.format(n=2, what="spec:eucaim-2"), "eucaim"),
        (RECORD.format(n=1, what="spec:eucaim") + RECORD.format(n=2, what="spec:xx"), None),
        ("; dct:conformsTo spec:eucaim", None),
        (". ex:r foaf:primaryTopic ex:other ; dct:conformsTo spec:eucaim", None),
    ],
)
def test_the_catalogue_record_may_name_the_specification(national: Rulebook, said: str, stated: str | None) -> None:
    graph = described(said)
    assert national.specification_stated(graph, DATASET) == (stated and SPEC + stated)


def test_whoever_asks_decides_before_the_record(national: Rulebook) -> None:
    unknown = {iri: profile.shapes for iri, profile in national.profiles.items() if "unknown" in iri}
    checker = Checker(CompiledValidator(unknown, national.vocabulary), national, Minted("https://example.org/"))
    text = (PREFIXES + "ex:d a dcat:Dataset" + RECORD.format(n=1, what="spec:eucaim") + " .").encode()
    for asked, used in ((None, "eucaim-2-unknown"), ("healthdcat-ap", "healthdcat-ap-8-unknown")):
        (checked,) = checker.check(text, "text/turtle", "here", asked)
        assert checked.report.profile == PROFILE + used


BROKEN = [
    ("prof:isProfileOf profile:eucaim-2-unknown", "prof:isProfileOf profile:nothing", "extends profiles that exist"),
    ("dct:isVersionOf spec:xx ;", "", "of one declared specification"),
    ("dct:isVersionOf spec:xx ;", "dct:isVersionOf spec:nothing ;", "of one declared specification"),
    ("rule/eucaim-identification/version>", "rule/eucaim-identification/nothing>", "replaces rules that exist"),
    ("spec:xx a cat:Specification", "spec:xx a cat:Specification, cat:DefaultSpecification", "exactly one"),
    (
        'dct:hasVersion "1" ;',
        f'dct:hasVersion "1" ; dct:accessRights <{EU}access-right/PUBLIC> ;',
        "spec/xx: no profile",
    ),
]


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN)
def test_a_broken_folder_is_refused(old: str, new: str, problem: str) -> None:
    assert old in NATIONAL
    with pytest.raises(RulebookError) as caught:
        with_folder(NATIONAL.replace(old, new))
    assert problem in caught.value.what
