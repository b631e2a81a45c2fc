"""The label part of a rulebook is read as it stands, and a broken one is refused with every reason."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from catalogue.model import Severity
from catalogue.quality import Basis, Criterion
from catalogue.rulebook import Rulebook
from catalogue.shacl import check
from tests.unit.test_rulebook import VOCAB, refused, small

EX = "https://example.org/"
TITLE = "https://w3id.org/ehds-catalogue/rule/small/title"


def test_small_label_is_read() -> None:
    rulebook = Rulebook.load(small(), check)
    titled, funded = rulebook.criteria
    assert (titled.identifier, titled.dimension, titled.element) == ("T1", EX + "metadata", EX + "documentation")
    assert (titled.provision, titled.effort) == (EX + "article", 1)
    assert [(level.value, level.requires) for level in titled.levels] == [(0, set()), (2, {TITLE})]
    assert titled.obtained == {Basis.COMPUTED, Basis.VERIFIED}
    assert (titled.decisive, titled.gate, titled.computable) == (True, False, True)
    assert (funded.decisive, funded.gate, funded.computable, funded.effort) == (False, True, False, 3)
    (scheme,) = rulebook.schemes
    assert (scheme.name, scheme.limits, scheme.total) == ("stars", (25, 45, 60, 80, 90), 7.5)
    assert scheme.weights == {EX + "titled": 7.5}
    assert rulebook.worth(TITLE) == 7.5


def test_levels_and_schemes_come_in_order() -> None:
    second = (
        VOCAB
        + """
        ex:all a cat:LabelScheme ; dct:identifier "all" ; dct:title "All"@en ; cat:total 100 ;
            cat:starLimits ( 1 2 3 4 5 ) ; cat:weighs [ cat:criterion ex:titled ; cat:weight 1 ] .
    """
    )
    rulebook = Rulebook.load(small(vocab=second.replace("cat:level ex:no, ex:yes", "cat:level ex:yes, ex:no")), check)
    assert [level.value for level in rulebook.criteria[0].levels] == [0, 2]
    assert [(scheme.name, scheme.total) for scheme in rulebook.schemes] == [("stars", 7.5), ("all", 100)]


SECOND = 'ex:all a cat:LabelScheme, cat:DefaultLabelScheme ; dct:identifier "all" ; dct:title "All"@en ; '
SECOND += "cat:starLimits ( 1 2 3 4 5 ) ; cat:weighs [ cat:criterion ex:titled ; cat:weight 1 ] . ex:stars a"
BROKEN = [
    ('skos:prefLabel "Documentation"@en', 'skos:prefLabel "Dokumentation"@de', "element has no name in English"),
    ('"Documentation"@en ; dct:source ex:article', '"Documentation"@en', "element has one declared provision"),
    ('"Documentation"@en ; dct:source ex:article', '"Documentation"@en ; dct:source ex:act', "one declared provision"),
    ("dqv:inCategory ex:documentation", "dqv:inCategory ex:article", "belongs to one label element"),
    ("dqv:inCategory ex:documentation ;", "", "belongs to one label element"),
    ('dct:identifier "T1" ;', "", "has one identifier"),
    ('skos:prefLabel "Title"@en', 'skos:prefLabel "Titel"@de', "criterion has no name in English"),
    ('"Has it a title?"@en', '"Hat sie einen Titel?"@de', "does not ask its question in English"),
    ('"T1" ; dqv:inDimension ex:metadata', '"T1" ; dqv:inDimension ex:unknown', "belongs to one label dimension"),
    ('"T1" ; dqv:inDimension ex:metadata ;', '"T1" ;', "belongs to one label dimension"),
    (
        'ex:metadata ; dct:source ex:article ;\n    skos:prefLabel "Title"',
        'ex:metadata ; skos:prefLabel "Title"',
        "one declared provision",
    ),
    (
        'dct:source ex:article ;\n    skos:prefLabel "Title"',
        'dct:source ex:act ;\n    skos:prefLabel "Title"',
        "one declared provision",
    ),
    ("cat:obtained cat:Computed, cat:Verified ;", "", "how an answer can be had"),
    ("cat:obtained cat:Computed, cat:Verified", "cat:obtained cat:Guessed", "how an answer can be had"),
    ('cat:evidence "The title."@en ;', "", "what an answer rests on"),
    ("cat:effort 1", "cat:effort 4", "effort of a label criterion is 1, 2 or 3"),
    ("cat:effort 1 ;", "", "effort of a label criterion is 1, 2 or 3"),
    ("cat:level ex:no, ex:yes", "cat:level ex:yes", "at least two levels (cat:level)"),
    ("cat:level ex:no, ex:yes", "cat:level ex:yes, ex:article", "at least two levels (cat:level)"),
    ("rdf:value 2", "rdf:value 0", "at least two levels of different value"),
    ("cat:decisive true", 'cat:decisive "perhaps"', "are true or false"),
    ("cat:gate true", "cat:gate 1", "are true or false"),
    ("rdf:value 2", "rdf:value 2.5", "one whole number"),
    ("rdf:value 2 ;", "", "one whole number"),
    ('skos:prefLabel "Yes"@en', 'skos:prefLabel "Ja"@de', "level has no name in English"),
    ("cat:level ex:nobody, ex:union", "cat:level ex:nobody, ex:union, ex:yes", "A level belongs to one criterion"),
    ("ex:no a cat:Level", "ex:lost a cat:Level ; rdf:value 3 . ex:no a cat:Level", "A level belongs to one criterion"),
    ("cat:requires :title", "cat:requires :titel", "requires and respects rules that exist"),
    ("cat:requires :title", "cat:requires :title ; cat:respects :name", "requires and respects rules that exist"),
    ('dct:identifier "stars"', 'dct:identifier "My Stars"', "one short name"),
    ('dct:title "Stars"@en', 'dct:title "Sterne"@de', "scheme has no title in English"),
    ("cat:starLimits", "cat:total 0 ; cat:starLimits", "at most one total, above 0"),
    ("60 80 90", "60 80", "five limits"),
    ("60 80 90", "60 80 90 95", "five limits"),
    ("cat:starLimits ( 25 45 60 80 90 ) ;", "", "five limits"),
    ("cat:weight 7.5", "cat:weight 0", "names one criterion and is above 0"),
    ("; cat:weight 7.5", "", "names one criterion and is above 0"),
    ("cat:criterion ex:titled", "cat:criterion ex:unknown", "names one criterion and is above 0"),
    ("; cat:weighs [ cat:criterion ex:titled ; cat:weight 7.5 ]", "", "names one criterion and is above 0"),
    ("cat:criterion ex:titled", "cat:criterion ex:funded", "A gate is no part of a score"),
    ("cat:LabelScheme, cat:DefaultLabelScheme", "cat:LabelScheme", "exactly one cat:DefaultLabelScheme"),
    ("ex:stars a", SECOND, "exactly one cat:DefaultLabelScheme"),
]


@pytest.mark.parametrize(("old", "new", "problem"), BROKEN)
def test_broken_label_is_refused(old: str, new: str, problem: str) -> None:
    assert VOCAB.count(old) == 1
    said = refused(small(vocab=VOCAB.replace(old, new)))
    assert problem in said
    if "exactly one" not in problem:
        assert re.search(r"^vocab/small\.ttl.*https?://", said, re.MULTILINE)


# --- the label that is shipped: from every level to the law -----------------------------------------------------------


def computable(rulebook: Rulebook) -> list[Criterion]:
    return [criterion for criterion in rulebook.criteria if criterion.computable]


def test_every_level_that_rules_reach_names_its_rules_and_each_rule_its_provision(rulebook: Rulebook) -> None:
    assert computable(rulebook)
    for criterion in computable(rulebook):
        assert criterion.provision in rulebook.provisions
        for level in criterion.levels[1:]:
            assert bool(level.requires) != level.conformance or not level.computable, level.iri
            for iri in (*level.requires, *level.respects):
                rule = rulebook.rules[iri]
                assert rule.provisions, iri
                assert all(rulebook.cite(provision) for provision in rule.provisions)
                assert any("/eli/" in p or "/spec/" in p for p in rule.provisions)


def test_levels_reached_by_rules_have_no_gap_below(rulebook: Rulebook) -> None:
    for criterion in computable(rulebook):
        reach = [level.computable for level in criterion.levels[1:]]
        assert reach == sorted(reach, reverse=True), criterion.identifier
        assert not criterion.levels[0].computable


def test_every_label_rule_serves_a_level_and_its_dimension_the_same_element(rulebook: Rulebook) -> None:
    used = {rule for criterion in rulebook.criteria for rule in criterion.rules}
    label = {iri for iri in rulebook.rules if "/rule/label/" in iri}
    assert label
    assert label - used == set()
    for criterion in computable(rulebook):
        for iri in set(criterion.rules) & label:
            assert rulebook.rules[iri].severity is Severity.INFO, "a label rule breaks no law"


def test_every_criterion_counts_in_the_first_scheme_unless_it_is_a_gate(rulebook: Rulebook) -> None:
    assert set(rulebook.schemes[0].weights) == {one.iri for one in rulebook.criteria if not one.gate}
    for criterion in rulebook.criteria:
        values = [level.value for level in criterion.levels]
        assert all(a + 1 == b for a, b in pairwise(values)), criterion.identifier
        assert criterion.levels[0].iri.endswith(f"/{criterion.identifier}-{criterion.lowest}")
    identifiers = [criterion.identifier for criterion in rulebook.criteria]
    assert len(identifiers) == len(set(identifiers))


def test_criteria_agree_with_the_published_facts(rulebook: Rulebook, shared: Path) -> None:
    with (shared / "law" / "label_criteria.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    ours = {criterion.identifier: criterion for criterion in rulebook.criteria}
    assert set(rows) <= set(ours)
    weights = rulebook.scheme("quantum").weights
    assert set(weights) == {ours[name].iri for name in rows if name.startswith("Q")}
    for name, row in rows.items():
        criterion = ours[name]
        assert criterion.provision == row["provision"]
        if name.startswith("Q"):
            steps = re.findall(r"(?:^|; )(\d) ", row["scale"])
            assert [str(level.value) for level in criterion.levels] == steps
            whole, share = (re.search(r"[\d.]+", text) for text in (row["dimension"], row["weight"]))
            assert whole is not None
            assert share is not None
            assert weights[criterion.iri] == pytest.approx(float(whole[0]) * float(share[0]) / 100)
        elif name.startswith("M"):
            assert (criterion.lowest, criterion.highest) == (1, 5)
