"""The law graph: what obliges has an obligation, and every obligation has a rule or a reason for having none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalogue.duties import obligations, silences, silent
from catalogue.errors import RulebookError
from catalogue.graphs import NamedNode
from catalogue.names import CAT, DPV, EARL, ELI, RDF, RDFS, SKOS
from catalogue.rulebook import Rulebook
from catalogue.shacl import check
from tests.unit.test_rulebook import VOCAB, small

ENTITIES = {
    "holder": CAT.HealthDataHolder,
    "HDAB": NamedNode("https://w3id.org/dpv/legal/eu/ehds#HealthDataAccessBody"),
    "user": CAT.HealthDataUser,
    "applicant": CAT.HealthDataApplicant,
    "Member State": CAT.MemberState,
    "Commission": CAT.EuropeanCommission,
    "all": CAT.CatalogueOperator,
}
"""How the published facts name whom a provision binds."""
AI_ACT = "http://data.europa.eu/eli/reg/2024/1689/"
MDR = "http://data.europa.eu/eli/reg/2017/745/"
SUPPORTED = {
    "AIA-10-2-a": AI_ACT + "art_10/par_2/pnt_a/oj",
    "AIA-10-2-b": AI_ACT + "art_10/par_2/pnt_b/oj",
    "AIA-10-2-c": AI_ACT + "art_10/par_2/pnt_c/oj",
    "AIA-10-2-d": AI_ACT + "art_10/par_2/pnt_d/oj",
    "AIA-10-2-e": AI_ACT + "art_10/par_2/pnt_e/oj",
    "AIA-10-2-f": AI_ACT + "art_10/par_2/pnt_f/oj",
    "AIA-10-2-h": AI_ACT + "art_10/par_2/pnt_h/oj",
    "AIA-10-3": AI_ACT + "art_10/par_3/oj",
    "AIA-10-4": AI_ACT + "art_10/par_4/oj",
    "AIA-A4-2d": AI_ACT + "anx_IV/pnt_2/pnt_d/oj",
    "AIA-A4-2g": AI_ACT + "anx_IV/pnt_2/pnt_g/oj",
    "AIA-11-2": AI_ACT + "art_11/par_2/oj",
    "AIA-53-1-d": AI_ACT + "art_53/par_1/pnt_d/oj",
    "MDR-I-17.2": MDR + "anx_I/pnt_17.2/oj",
    "MDR-II-6.1b": MDR + "anx_II/pnt_6.1/pnt_b/oj",
    "MDR-61": MDR + "art_61/oj",
    "MDR-XIV-B": MDR + "anx_XIV/prt_B/oj",
}
DUTY = """
@prefix dpv: <https://w3id.org/dpv#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:silent a eli:LegalResourceSubdivision ; eli:is_part_of ex:act ; eli:number "Art. 2" ;
    skos:definition "Holders are kind."@en ; cat:appliesFrom "2029-03-26"^^xsd:date ; cat:silence ex:conduct .
ex:conduct a cat:Silence ; rdfs:label "It is about conduct."@en .
ex:Holder rdfs:label "holder"@en .
ex:duty a dpv:Obligation ; rdfs:label "Give titles, kindly"@en ; dct:source ex:article , ex:silent ;
    cat:actor "holder"@en ; dpv:hasEntity ex:Holder ; cat:appliesFrom "2029-03-26"^^xsd:date .
"""


def test_small_law_is_read() -> None:
    rulebook = Rulebook.load(small(vocab=VOCAB + DUTY), check)
    (one,) = obligations(rulebook.graph)
    assert (one.text, one.actor, one.applies_from.isoformat()) == (
        {"en": "Give titles, kindly"},
        {"en": "holder"},
        "2029-03-26",
    )
    (found,) = silent(rulebook)
    assert (found.provision.number, found.reason) == ("Art. 2", {"en": "It is about conduct."})


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('rdfs:label "Give titles, kindly"@en', 'rdfs:label "Titel geben"@de', "not told in English"),
        ("dct:source ex:article , ex:silent ;", "", "follows from provisions"),
        ("dct:source ex:article , ex:silent", "dct:source ex:act", "follows from provisions"),
        ("dpv:hasEntity ex:Holder ;", "", "binds one kind of actor"),
        ("dpv:hasEntity ex:Holder", "dpv:hasEntity ex:Unnamed", "binds one kind of actor"),
        ('cat:actor "holder"@en', 'cat:actor "Inhaber"@de', "whom it binds"),
        ('ex:Holder ; cat:appliesFrom "2029-03-26"', 'ex:Holder ; cat:appliesFrom "2030-01-01"', "the same day"),
        ('ex:Holder ; cat:appliesFrom "2029-03-26"^^xsd:date', "ex:Holder", "An obligation has one day"),
        ("; cat:silence ex:conduct", "", "or a reason why there is none"),
        ("cat:silence ex:conduct", "cat:silence ex:Holder", "one cat:Silence"),
        ("ex:conduct a cat:Silence", "ex:article cat:silence ex:conduct . ex:conduct a cat:Silence", "never both"),
    ],
)
def test_law_that_does_not_hang_together_is_refused(old: str, new: str, problem: str) -> None:
    assert old in DUTY
    with pytest.raises(RulebookError) as caught:
        Rulebook.load(small(vocab=VOCAB + DUTY.replace(old, new)), check)
    assert problem in caught.value.what


# --- the law that is shipped ------------------------------------------------------------------------------------------


def test_every_provision_that_obliges_has_an_obligation(rulebook: Rulebook, shared: Path) -> None:
    with (shared / "law" / "ehds_provisions.csv").open(encoding="utf-8") as file:
        rows = {row["eli"]: row for row in csv.DictReader(file)}
    known = {iri: one for one in obligations(rulebook.graph) for iri in one.provisions}
    obliging = {eli for eli, row in rows.items() if row["kind"] == "obligation"}
    assert len(obliging) == 36
    assert obliging <= known.keys()
    for eli in obliging:
        assert known[eli].entity == ENTITIES[rows[eli]["actor"]].value
        assert known[eli].applies_from.isoformat() == rows[eli]["applies_from"]
    exempt = {eli for eli, row in rows.items() if row["kind"] not in ("obligation", "category")}
    assert not exempt & known.keys(), "powers, rights, prohibitions, definitions and label elements oblige to nothing"
    assert {n.value for n in rulebook.graph.instances(CAT.MinimumElement)} <= known.keys()


def test_ai_act_and_mdr_are_told_in_three_languages_and_no_rule_claims_them(rulebook: Rulebook, shared: Path) -> None:
    with (shared / "law" / "ai_pathway_checks.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["id"].startswith(("AIA", "MDR"))]
    assert {row["id"] for row in rows} == SUPPORTED.keys()
    claimed = {iri for rule in rulebook.rules.values() for iri in rule.provisions}
    reasons = silences(rulebook)
    support = {label.language: label.value for label in rulebook.graph.objects(CAT.SupportOnly, RDFS.label)}  # type: ignore[union-attr]
    for row in rows:
        iri = SUPPORTED[row["id"]]
        number = rulebook.provisions[iri].number
        assert number.split("(")[0].split(" point")[0] in row["provision"].replace(" (GSPR)", "")
        assert rulebook.provisions[iri].text.keys() == {"en", "fr", "de"}
    every = {iri for iri in rulebook.provisions if iri.startswith((AI_ACT, MDR))}
    assert set(SUPPORTED.values()) <= every
    assert not every & claimed
    assert all(reasons[iri] == support for iri in every)
    assert every <= {iri for one in obligations(rulebook.graph) for iri in one.provisions}


def test_verdicts_are_given_on_what_mandatory_rules_implement(rulebook: Rulebook) -> None:
    marked = {node.value for node in rulebook.graph.instances(EARL.TestRequirement)}
    assert marked == {requirement.provision for requirement in rulebook.requirements}
    for requirement in rulebook.requirements:
        for rule in requirement.rules:
            assert rulebook.rules[rule].mandatory
            assert requirement.provision in rulebook.rules[rule].provisions
    assert {RDF.type.value, ELI.number.value, SKOS.definition.value} <= rulebook.graph.outgoing(
        NamedNode(rulebook.requirements[0].provision)
    ).keys()


def test_results_of_verdicts_say_what_is_known(rulebook: Rulebook) -> None:
    said = {
        result: (rulebook.graph.value(result, EARL.outcome), rulebook.graph.value(result, DPV.hasComplianceStatus))
        for result in rulebook.graph.instances(EARL.TestResult)
    }
    assert said == {
        CAT.Failed: (EARL.failed, DPV.NonCompliant),
        CAT.Passed: (EARL.passed, DPV.ComplianceIndeterminate),
    }
