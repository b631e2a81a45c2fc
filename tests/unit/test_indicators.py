"""What stands beside the label adds up: by hand on one dataset, never lower for more evidence, never there unseen."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catalogue.beside_forms import summary
from catalogue.checklists import Way, checklists, shapes
from catalogue.graphs import BlankNode, Graph, NamedNode
from catalogue.indicators import Outcome
from catalogue.names import CAT
from catalogue.quality import Basis, Grade, Label, Mark, Scored, Standing, Status
from tests.unit.indicating import (
    BROKEN,
    CRITERION,
    DATASET,
    ELEMENT,
    HAND,
    KEPT,
    LINKS,
    beside,
    checklist,
    looked,
    read,
    result,
    rules,
)

# --- the data and the published facts ---------------------------------------------------------------------------------


def test_metadata_quality_has_the_published_metrics(shared: Path) -> None:
    with (shared / "law" / "mqa_indicators.csv").open(encoding="utf-8") as file:
        published = {
            (row["piveau_metric (https://piveau.eu/ns/voc#)"], row["dimension"], int(row["points"]))
            for row in csv.DictReader(file)
        }
    mqa = checklist("mqa")
    names = {group.iri: group.name["en"] for group in mqa.groups}
    assert {(one.identifier, names[one.group], one.points) for one in mqa.indicators} == published
    assert len(mqa.indicators) == 23
    assert mqa.total == sum(one.points for one in mqa.indicators) == 405


def test_pathway_has_all_its_checks(shared: Path) -> None:
    with (shared / "law" / "ai_pathway_checks.csv").open(encoding="utf-8") as file:
        wanted = [row["id"] for row in csv.DictReader(file)]
    assert sorted(one.identifier for one in checklist("ai-pathway").indicators) == sorted(wanted)
    assert len(wanted) == 20


def test_fair_indicators_are_all_there() -> None:
    fair = checklist("fair").indicators
    assert Counter(one.priority for one in fair) == {"essential": 20, "important": 14, "useful": 7}
    assert len({one.identifier for one in fair}) == 41
    assert all(re.fullmatch(r"RDA-[FAIR][1-4](\.[1-3])?-0[1-5][MD]", one.identifier) for one in fair)


def test_every_tier_of_eucaim_is_looked_at() -> None:
    groups = checklist("eucaim-tiers").groups
    found = {
        group.iri: [one for one in checklist("eucaim-tiers").indicators if one.group == group.iri] for group in groups
    }
    assert [len(group.iri) > 0 and any(one.evidence for one in found[group.iri]) for group in groups] == [True] * 3


def test_provisions_of_indicators_are_told() -> None:
    for one in checklist("ai-pathway").indicators:
        assert one.identifier == "GDPR-9" or one.provisions, one.identifier
        assert all(iri in rules().provisions for iri in one.provisions), one.identifier


def test_no_profile_tests_evidence() -> None:
    for profile in rules().profiles.values():
        assert not profile.shapes.instances(CAT.Evidence)
    assert not rules().vocabulary.instances(CAT.Indicator)


def test_pathway_never_says_that_a_duty_is_met() -> None:
    said = re.compile("complian|conform|konform", re.IGNORECASE)
    pathway = checklist("ai-pathway")
    texts = [*pathway.note.values(), *pathway.title.values()]
    texts += [text for one in pathway.indicators for text in (*one.name.values(), *one.note.values())]
    texts += [rules().label_of(outcome.value, language) for outcome in Outcome for language in ("en", "fr", "de")]
    assert [text for text in texts if said.search(text)] == []


def test_indicators_come_in_the_order_of_their_groups() -> None:
    """Whatever the order of the file."""
    graph = Graph(reversed([t for t in rules().graph if not isinstance(t.subject, BlankNode)]))
    graph.update(t for t in rules().graph if isinstance(t.subject, BlankNode))
    for one in checklists(graph):
        places = [[group.iri for group in one.groups].index(each.group) for each in one.indicators]
        assert places == sorted(places)


def test_only_what_is_looked_for_in_the_description_is_compiled() -> None:
    for one in beside().checklists:
        named = {node.value for node in shapes(rules().graph, one).nodes if isinstance(node, NamedNode)}
        assert named == {iri for iri, evidence in one.evidence.items() if evidence.way is Way.SHAPE}


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_metadata_quality_by_hand() -> None:
    found = looked("mqa", HAND, BROKEN, links=LINKS)
    points = {one.indicator.identifier: one.points for one in found.results if one.points}
    assert points == {
        "keywordAvailability": 30,
        "categoryAvailability": 30,
        "temporalAvailability": 20,
        "accessUrlStatusCode": 25,
        "downloadUrlAvailability": 10,
        "downloadUrlStatusCode": 15,
        "formatAvailability": 20,
        "mediaTypeAvailability": 5,
        "formatMediaTypeVocabularyAlignment": 5,
        "formatMediaTypeNonProprietary": 10,
        "formatMediaTypeMachineInterpretable": 20,
        "licenceAvailability": 10,
        "knownLicence": 5,
        "accessRightsAvailability": 10,
        "accessRightsVocabularyAlignment": 5,
        "contactPointAvailability": 20,
        "byteSizeAvailability": 2.5,
        "dateIssuedAvailability": 5,
        "dateModifiedAvailability": 5,
    }
    assert (found.points, found.applicable_points, found.applicable_maximum) == (252.5, 252.5, 405)
    assert looked("mqa", HAND, KEPT, links=LINKS).points == 282.5


def test_data_under_permit_have_an_own_maximum() -> None:
    found = looked("mqa", HAND.replace("right:PUBLIC", "right:NON_PUBLIC"), BROKEN, links=LINKS)
    apart = {one.indicator.identifier for one in found.results if one.outcome is Outcome.NOT_APPLICABLE}
    assert apart == {"downloadUrlAvailability", "downloadUrlStatusCode", "licenceAvailability", "knownLicence"}
    assert (found.points, found.applicable_points, found.applicable_maximum) == (252.5, 212.5, 325)
    assert all(not one.missing for one in found.results if not one.applies)
    assert summary(found, rules()).startswith("212.5/325; 252.5/405 (")


@pytest.mark.parametrize("other", ["right:PUBLIC", "right:CONFIDENTIAL"])
def test_contradicting_access_rights_excuse_nothing(other: str) -> None:
    found = looked("mqa", HAND.replace("right:PUBLIC", f"{other} , right:NON_PUBLIC"))
    assert found.applicable_maximum == 405


# --- what nobody looked at is never there -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "outcome", "points"),
    [
        ({}, Outcome.NOT_LOOKED_AT, 0),
        ({"https://example.org/one": False}, Outcome.NOT_LOOKED_AT, 0),
        ({"https://example.org/one": False, "https://example.org/two": False}, Outcome.ABSENT, 0),
        ({"https://example.org/one": True}, Outcome.PARTIAL, 25),
        ({"https://example.org/one": True, "https://example.org/two": True}, Outcome.PRESENT, 50),
    ],
)
def test_addresses_count_when_they_were_tried(links: dict[str, bool], outcome: Outcome, points: float) -> None:
    found = result(looked("mqa", HAND, links=links), "accessUrlStatusCode")
    assert (found.outcome, found.points) == (outcome, points)


def test_without_an_address_there_is_nothing_to_try() -> None:
    found = looked("mqa", "ex:dataset a dcat:Dataset ; dcat:distribution ex:one . ex:one a dcat:Distribution .")
    assert result(found, "accessUrlStatusCode").outcome is Outcome.ABSENT


def test_nothing_is_there_in_an_empty_description() -> None:
    for found in beside().tallies(DATASET, read("ex:dataset a dcat:Dataset ."), BROKEN):
        assert found.counts[Outcome.PRESENT] == found.counts[Outcome.PARTIAL] == found.points == 0


def test_what_is_no_focus_is_not_there() -> None:
    """A dataset without its class is tested by no shape, so nothing is missing in it; a distribution without is."""
    untyped = HAND.replace("a dcat:Dataset", "a ex:Thing") + "ex:other a dcat:Dataset ."
    found = looked("mqa", untyped, BROKEN)
    assert found.counts[Outcome.PRESENT] == 0
    untyped = HAND.replace("ex:two a dcat:Distribution ;", "ex:two")
    assert result(looked("mqa", untyped), "licenceAvailability").points == 10


def test_a_literal_distribution_lacks_everything() -> None:
    found = looked("mqa", HAND.replace("ex:one , ex:two", 'ex:one , "two"'))
    assert result(found, "licenceAvailability").points == 10


def label(
    marks: Mapping[str, tuple[Standing, int | None]], earned: float = 0, status: Status = Status.DECLARED
) -> Label:
    grades = tuple(
        Grade(ELEMENT + name, None, earned, 10, tuple(Scored(mark, 0, 0) for mark in of))
        for name, of in (
            ("quality-management", [Mark(CRITERION + c, s, n, Basis.DECLARED) for c, (s, n) in marks.items()]),
            ("technical-quality", []),
            ("coverage", []),
        )
    )
    return Label(DATASET.value, "scheme", status, None, 0, 0, grades)


ASSESSED, OPEN, APART = Standing.ASSESSED, Standing.OPEN, Standing.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("given_label", "outcome"),
    [
        (None, Outcome.NOT_LOOKED_AT),
        (label({}), Outcome.NOT_LOOKED_AT),
        (label({"L-c2": (OPEN, None)}), Outcome.ABSENT),
        (label({"L-c2": (ASSESSED, 0)}), Outcome.ABSENT),
        (label({"L-c2": (ASSESSED, 1)}), Outcome.PARTIAL),
        (label({"L-c2": (ASSESSED, 2)}), Outcome.PRESENT),
        (label({"L-c2": (ASSESSED, 2)}, status=Status.REVOKED), Outcome.ABSENT),
        (label({"L-c2": (APART, None)}), Outcome.NOT_APPLICABLE),
    ],
)
def test_bias_rests_on_the_label(given_label: Label | None, outcome: Outcome) -> None:
    assert result(looked("ai-pathway", label=given_label), "AIA-10-2-f").outcome is outcome


@pytest.mark.parametrize(("earned", "outcome"), [(0, Outcome.ABSENT), (4, Outcome.PARTIAL), (10, Outcome.PRESENT)])
def test_quality_rests_on_the_grades(earned: float, outcome: Outcome) -> None:
    assert result(looked("ai-pathway", label=label({}, earned)), "AIA-10-3").outcome is outcome
    revoked = label({}, earned, Status.REVOKED)
    assert result(looked("ai-pathway", label=revoked), "AIA-10-3").outcome is Outcome.ABSENT


def test_what_was_not_looked_at_leaves_the_rest_partial() -> None:
    text = """ex:dataset a dcat:Dataset ; <http://healthdataportal.eu/ns/health#populationCoverage> "all"@en ;
        <http://healthdataportal.eu/ns/health#numberOfUniqueIndividuals> 5 ."""
    whole = label({"Q2.2.1": (ASSESSED, 2), "Q4.1.1": (ASSESSED, 1)})
    assert result(looked("ai-pathway", text), "MDR-61").outcome is Outcome.PARTIAL
    assert result(looked("ai-pathway", text, label=whole), "MDR-61").outcome is Outcome.PRESENT


OUTSIDE: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "conformance": ({"report": KEPT}, {"report": BROKEN}),
    "access-url-answers": ({"links": dict.fromkeys(LINKS, True)}, {"links": dict.fromkeys(LINKS, False)}),
    "download-url-answers": ({"links": dict.fromkeys(LINKS, True)}, {"links": dict.fromkeys(LINKS, False)}),
    **{
        name: ({"label": label({criterion: (ASSESSED, least)})}, {"label": label({criterion: (ASSESSED, least - 1)})})
        for name, criterion, least in (
            ("bias-examined", "L-c2", 1),
            ("bias-documented", "L-c2", 2),
            ("accuracy-documented", "Q4.1.1", 1),
            ("representativity", "Q2.2.1", 2),
            ("secure-environment", "M06", 3),
        )
    },
    **dict.fromkeys(("label-technical-quality", "label-coverage"), ({"label": label({}, 10)}, {"label": label({})})),
}
"""What else than the description makes each evidence be there, and not be there."""


def outside() -> list[tuple[str, str]]:
    """All evidence that is no shape, each with a checklist that looks at it."""
    found = {e.iri: one for one in beside().checklists for e in one.evidence.values() if e.way is not Way.SHAPE}
    return [(iri, one.identifier) for iri, one in sorted(found.items())]


@pytest.mark.parametrize(("iri", "name"), outside())
def test_evidence_outside_the_description(iri: str, name: str) -> None:
    text = HAND.replace("dct:format file:XLS", "dcat:downloadURL <https://example.org/one.csv>")
    for known, outcome in zip(OUTSIDE[iri.rsplit("/", 1)[1]], (Outcome.PRESENT, Outcome.ABSENT), strict=True):
        found = looked(name, text, **known)
        assert {each.outcome for one in found.results for each in one.looked if each.evidence.iri == iri} == {outcome}


@pytest.mark.parametrize(("level", "outcome"), [(2, Outcome.ABSENT), (3, Outcome.PRESENT), (5, Outcome.PRESENT)])
def test_a_secure_environment_is_declared(level: int, outcome: Outcome) -> None:
    found = looked("ai-pathway", label=label({"M06": (ASSESSED, level)}))
    assert result(found, "EHDS-73").outcome is outcome
