"""What a finding means, told for people: the value, the place, the reason, the remedy, and what was probably meant."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.allowed import Lists
from catalogue.explain import FEW, LONGEST, Explainer, Explanation
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, parse
from catalogue.model import Finding, Severity
from catalogue.names import DCT, EU, PREFIXES, SH, XSD
from catalogue.nearest import Likeness
from catalogue.rulebook import Rulebook

RULE = "https://w3id.org/ehds-catalogue/rule/"
RIGHT = EU + "access-right/"
DATASET = NamedNode("https://example.org/d")
GRAPH = """
<https://example.org/d> a dcat:Dataset ; dct:title "Chest CT"@en , "Thorax-CT"@de ;
    dcat:contactPoint <https://example.org/desk> , [ a vcard:Kind ] ; dct:accessRights <https://example.org/r> ;
    dcat:distribution <https://example.org/t1> ; dct:relation [ ] ; dct:temporal [ ] .
<https://example.org/desk> a vcard:Kind .
<https://example.org/t1> a dcat:Distribution ; dct:title "Table 1"@en ; spdx:checksum <https://example.org/sum> .
<https://example.org/sum> a spdx:Checksum .
<https://example.org/r> rdfs:label "non public"@fr .
"""
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(parse((HEAD + GRAPH).encode(), "text/turtle"))


def finding(rule: str, value: object = None, path: str = DCT.accessRights.value, focus: object = DATASET) -> Finding:
    return Finding(RULE + rule, focus, path, value, SH.InConstraintComponent.value, Severity.VIOLATION)  # type: ignore[arg-type]


@pytest.fixture
def told(rulebook: Rulebook, graph: Graph):  # type: ignore[no-untyped-def]
    def tell(*args: object, language: str = "en", **kwargs: object) -> Explanation:
        return Explainer(rulebook, graph, (language,)).explain(finding(*args, **kwargs))  # type: ignore[arg-type]

    return tell


ACCESS = "dataset/access-rights-value"
HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/"


@pytest.mark.parametrize(
    ("rule", "value", "meant", "likeness"),
    [
        (ACCESS, NamedNode(RIGHT + "NON_PUBLC"), RIGHT + "NON_PUBLIC", Likeness.SPELLING),
        (ACCESS, NamedNode("https" + RIGHT[4:] + "PUBLIC"), RIGHT + "PUBLIC", Likeness.CODE),
        (ACCESS, NamedNode("http://id.who.int/right#restricted"), RIGHT + "RESTRICTED", Likeness.CODE),
        (ACCESS, Literal("Non-Public"), RIGHT + "NON_PUBLIC", Likeness.NAME),
        (ACCESS, Literal("öffentlich", language="de"), RIGHT + "PUBLIC", Likeness.NAME),
        (ACCESS, NamedNode("https://example.org/r"), RIGHT + "NON_PUBLIC", Likeness.NAME),
        ("dataset/health-category-value", NamedNode(HDEU + "ERHS"), HDEU + "EHRS", Likeness.SPELLING),
        ("distribution/language", Literal("en"), EU + "language/ENG", Likeness.NAME),
        ("distribution/language", Literal("Portugese"), EU + "language/POR", Likeness.SPELLING),
        ("distribution/format", Literal("text/csv"), EU + "file-type/CSV", Likeness.NAME),
    ],
)
def test_what_was_meant_is_found(told, rule: str, value: object, meant: str, likeness: Likeness) -> None:  # type: ignore[no-untyped-def]
    nearest = told(rule, value).nearest
    assert nearest is not None
    assert (nearest.choice.iri, nearest.likeness) == (meant, likeness)


@pytest.mark.parametrize(
    "value", ["xx", "SLX", "secret", "", "a" * 5000, "public or not, that is asked of a committee"]
)
def test_what_is_like_nothing_is_not_guessed(told, value: str) -> None:  # type: ignore[no-untyped-def]
    assert told(ACCESS, Literal(value)).nearest is None
    assert told("distribution/language", Literal(value)).nearest is None


def test_what_is_admitted_already_is_not_suggested_again(told) -> None:  # type: ignore[no-untyped-def]
    assert told(ACCESS, NamedNode(RIGHT + "PUBLIC")).nearest is None


def test_the_snippet_has_the_value_that_was_meant(told) -> None:  # type: ignore[no-untyped-def]
    assert told(ACCESS, NamedNode(RIGHT + "RESTRICED")).snippet == f"dct:accessRights <{RIGHT}RESTRICTED>"
    assert told(ACCESS, Literal("none")).snippet == f"dct:accessRights <{RIGHT}NON_PUBLIC>"


@pytest.mark.parametrize(
    ("rule", "number", "whole", "code"),
    [
        ("dataset/access-rights-value", 3, True, "NON_PUBLIC"),  # sh:in
        ("dataset/access-rights", 3, True, "NON_PUBLIC"),  # missing: what the other rule about it admits
        ("dataset/health-category-value", 17, True, "EHRS"),  # in a scheme
        ("distribution/language", 33, False, "ENG"),  # an IRI like the pattern
        ("dataset-values/spatial", 45, False, "BEL"),  # one of several ways
        ("dataset/title", 0, False, ""),
        ("concept/name", 0, False, ""),  # any list will do
    ],
)
def test_what_a_rule_admits_is_read_from_its_constraints(
    rulebook: Rulebook,
    told,
    rule: str,
    number: int,
    whole: bool,
    code: str,  # type: ignore[no-untyped-def]
) -> None:
    if RULE + rule not in rulebook.rules:
        pytest.fail(f"no rule {rule}")
    allowed = told(rule).advice.allowed
    if not number:
        assert allowed is None
        return
    assert allowed is not None
    assert (len(allowed.values), allowed.whole) == (number, whole)
    assert code in {choice.code for choice in allowed.values}


def test_a_shape_that_refers_to_itself_is_read_once(rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        Lists(rulebook).of(rule)


@pytest.mark.parametrize(
    ("thing", "english", "french"),
    [
        (DATASET, "dataset “Chest CT”", "jeu de données « Chest CT »"),
        (NamedNode("https://example.org/desk"), "contact point of the dataset", "point de contact (jeu de données)"),
        (NamedNode("https://example.org/t1"), "distribution “Table 1”", "distribution « Table 1 »"),
        (
            NamedNode("https://example.org/sum"),
            "checksum of the distribution “Table 1”",
            "somme de contrôle (distribution « Table 1 »)",
        ),
        (NamedNode("https://example.org/else"), "part of the description", "partie de la description"),
    ],
)
def test_where_it_is_in_words(told, thing: object, english: str, french: str) -> None:  # type: ignore[no-untyped-def]
    assert told("dataset/title", focus=thing).where.text == english
    said = told("dataset/title", focus=thing, language="fr").where
    assert (said.text, said.language, said.iri) == (french, "fr", thing.value)  # type: ignore[attr-defined]


def test_a_thing_without_class_is_told_by_what_leads_to_it(rulebook: Rulebook, graph: Graph) -> None:
    (period,) = graph.objects(DATASET, DCT.temporal)
    (other,) = graph.objects(DATASET, DCT.relation)
    explainer = Explainer(rulebook, graph)
    assert explainer.where(period).text == "period of the dataset"
    assert explainer.where(other).text == "part of the description of the dataset"
    assert explainer.where(period).iri == ""


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (Literal("about 85"), "about 85", "text"),
        (Literal("about 85", language="en"), "about 85", "text with its language"),
        (Literal("5", datatype=XSD.integer), "5", "whole number"),
        (Literal("5", datatype=NamedNode("urn:kind")), "5", ""),
        (DCT.title, "dct:title", "link"),
        (Literal("a\nb\t\x1b[31mc\u202ed\u2066\x00"), "a b �[31mc�d��", "text"),
        (Literal("שלום"), "שלום", "text"),
        (Literal("می\u200cخواهم"), "می\u200cخواهم", "text"),
        (NamedNode("https://example.org/\u202egpj.exe"), "https://example.org/�gpj.exe", "link"),
        (Literal("x" * 5000), "x" * (LONGEST - 1) + "…", "text"),
        (None, None, None),
        (DATASET, None, None),
        (BlankNode("unknown"), "part of the description", ""),
    ],
)
def test_a_value_is_fit_to_be_shown(told, value: object, text: str | None, kind: str | None) -> None:  # type: ignore[no-untyped-def]
    shown = told("dataset/title", value).value
    assert (shown and shown.text, shown and shown.kind) == (text, kind)


def test_why_is_the_law_in_words_with_its_day_then_the_specification(told) -> None:  # type: ignore[no-untyped-def]
    law, *_, section = told(ACCESS).advice.why
    assert law.citation == "Art. 77(1) EHDS"
    assert law.text.text.startswith("Health data access bodies")
    assert law.applies_from == date(2029, 3, 26)
    assert section.citation == "HealthDCAT-AP Release 8, dataset"
    assert "catalogues of HealthData@EU" in section.text.text
    assert told(ACCESS, language="de").advice.why[0].text.language == "de"


def test_what_is_not_translated_is_told_in_english(told) -> None:  # type: ignore[no-untyped-def]
    advice = told(ACCESS, language="mt").advice
    assert (advice.message.language, advice.fix.language) == ("en", "en")


def test_the_same_fault_at_many_places_is_one_group(rulebook: Rulebook, graph: Graph) -> None:
    many = [finding("distribution/access-url", focus=NamedNode(f"https://example.org/{n}")) for n in range(40)]
    may = Finding(RULE + "label/spatial", DATASET, None, None, "", Severity.INFO)
    groups = Explainer(rulebook, graph).groups([may, finding(ACCESS), *many])
    assert [group.advice.rule.removeprefix(RULE) for group in groups] == [
        "distribution/access-url",
        ACCESS,
        "label/spatial",
    ]
    assert (groups[0].count, len(groups[0].places)) == (40, FEW)
