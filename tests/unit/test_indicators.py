"""What stands beside the label adds up: by hand on one dataset, never lower for more evidence, never there unseen."""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.assembly import open_beside
from catalogue.beside import Beside
from catalogue.beside_forms import as_json, as_text, summary
from catalogue.checklists import Checklist, Way, checklists, shapes
from catalogue.errors import ConfigurationError, RulebookError
from catalogue.graphs import BlankNode, Graph, NamedNode, Triple, parse
from catalogue.indicators import Material, Outcome, Result, Tally, tally
from catalogue.model import Finding, Report, Severity
from catalogue.names import CAT, DCT, EU
from catalogue.quality import Basis, Grade, Label, Mark, Scored, Standing, Status
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

TESTS = Path(__file__).resolve().parents[1]
DATASET = NamedNode("https://example.org/dataset")
ELEMENT = "https://w3id.org/ehds-catalogue/label/"
CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
KEPT = Report("profile", (), {"rule": 1})
BROKEN = Report("profile", (Finding("rule", DATASET, None, None, "component", Severity.VIOLATION),), {"rule": 1})
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> .
@prefix file: <http://publications.europa.eu/resource/authority/file-type/> .
@prefix right: <http://publications.europa.eu/resource/authority/access-right/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HAND = """
ex:dataset a dcat:Dataset ;
    dcat:keyword "lung"@en ; dcat:theme ex:health ; dct:temporal [ dcat:startDate "2020-01-01"^^xsd:date ] ;
    dct:accessRights right:PUBLIC ; dcat:contactPoint ex:us ; dct:issued "2026-01-01"^^xsd:date ;
    dcat:distribution ex:one , ex:two ; adms:sample ex:sample .
ex:one a dcat:Distribution ;
    dcat:accessURL <https://example.org/one> ; dcat:downloadURL <https://example.org/one.csv> ;
    dct:format file:CSV ; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ;
    dct:license <https://creativecommons.org/licenses/by/4.0/> .
ex:two a dcat:Distribution ;
    dcat:accessURL <https://example.org/two> ; dct:format file:XLS ; dcat:byteSize 17 ;
    dct:modified "2026-02-01"^^xsd:date .
ex:sample a dcat:Distribution ; dct:license <https://example.org/own> ; dct:rights "none" ; dcat:byteSize 1 .
"""
LINKS = {"https://example.org/one": True, "https://example.org/two": False, "https://example.org/one.csv": True}


@cache
def rules() -> Rulebook:
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


@cache
def beside() -> Beside:
    return open_beside(rules(), "compiled")


def checklist(name: str) -> Checklist:
    return next(one for one in beside().checklists if one.identifier == name)


def read(text: str) -> Graph:
    return Graph(parse((PREFIXES + text).encode(), "text/turtle"))


def looked(
    name: str,
    text: str = "ex:dataset a dcat:Dataset .",
    report: Report = KEPT,
    label: Label | None = None,
    links: Mapping[str, bool] | None = None,
) -> Tally:
    return beside().tallies(DATASET, read(text), report, label=label, links=links, only=name)[0]


def result(found: Tally, identifier: str) -> Result:
    return next(one for one in found.results if one.indicator.identifier == identifier)


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


# --- properties -------------------------------------------------------------------------------------------------------

ORDER = {Outcome.NOT_LOOKED_AT: 0, Outcome.ABSENT: 0, Outcome.PARTIAL: 1, Outcome.PRESENT: 2}


@cache
def pieces() -> list[Graph]:
    """What the passing examples say, without their access rights: stating these changes what applies."""
    paths = sorted((TESTS / "indicators").rglob("pass.ttl")) + sorted((TESTS / "rules" / "label").rglob("*.ttl"))
    found = []
    for number, path in enumerate(paths):
        graph = Graph(_apart(t, f"p{number}") for t in parse(path.read_bytes(), "text/turtle", where=str(path)))
        found.append(Graph(t for t in graph if t.predicate != DCT.accessRights))
    return found


def _apart(triple: Triple, name: str) -> Triple:
    subject, obj = (
        BlankNode(name + x.value) if isinstance(x, BlankNode) else x for x in (triple.subject, triple.object)
    )
    return Triple(subject, triple.predicate, obj)  # type: ignore[arg-type]


def together(chosen: set[int], extra: str = "") -> Graph:
    graph = read(
        "ex:dataset a dcat:Dataset ; dcat:distribution ex:file , ex:bare . ex:file a dcat:Distribution ." + extra
    )
    for number in sorted(chosen):
        graph.update(pieces()[number])
    return graph


def ranks(graph: Graph) -> list[tuple[str, int, float]]:
    return [
        (evidence.evidence.iri, ORDER[evidence.outcome], evidence.share)
        for found in beside().tallies(DATASET, graph, BROKEN)
        for one in found.results
        for evidence in one.looked
    ]


numbers = st.integers(0, len(list((TESTS / "indicators").iterdir())) + 20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(numbers, max_size=12), st.sets(numbers, min_size=1, max_size=4))
def test_more_evidence_never_lowers_a_result(some: set[int], more: set[int]) -> None:
    # The distributions must stay the same: a new one that lacks something is less, not more, evidence.
    known = {n for n in some | more if n < len(pieces()) and same_distributions(pieces()[n])}
    before, after = ranks(together(known & some)), ranks(together(known))
    assert [(a, b) for a, b in zip(before, after, strict=True) if b[1:] < a[1:]] == []


def same_distributions(graph: Graph) -> bool:
    predicate = NamedNode("http://www.w3.org/ns/dcat#distribution")
    return all(
        t.object in (NamedNode("https://example.org/file"), NamedNode("https://example.org/bare"))
        for t in graph
        if t.predicate == predicate
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(numbers, max_size=20), st.randoms(use_true_random=False))
def test_order_and_blank_node_names_do_not_matter(some: set[int], chance: random.Random) -> None:
    graph = together({n for n in some if n < len(pieces())})
    triples = [_apart(triple, "z") for triple in graph]
    chance.shuffle(triples)
    assert ranks(Graph(triples)) == ranks(graph)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(LINKS)), st.booleans()), st.sampled_from(sorted(LINKS)))
def test_an_answer_more_never_lowers_a_result(tried: dict[str, bool], address: str) -> None:
    before, after = (looked("mqa", HAND, links=links) for links in (tried, {**tried, address: True}))
    assert all(a.points <= b.points for a, b in zip(before.results, after.results, strict=True))
    assert after.points <= 405


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_forms_tell_everything(language: str) -> None:
    found = beside().tallies(DATASET, read(HAND), BROKEN, links=LINKS)
    text = as_text(found, rules(), (language,))
    for one in found:
        told = json.loads(json.dumps(as_json(one, rules(), (language,))))
        rows = [row for group in told["groups"] for row in group["indicators"]]
        assert [row["identifier"] for row in rows] == [each.indicator.identifier for each in one.results]
        assert all(row["words"] and row["name"] for row in rows)
        assert all(row["why"] for row in rows if row["outcome"] == "not-looked-at" and not row["note"])
        assert all(row["missing"] for row in rows if row["outcome"] in ("absent", "partial"))
        assert sum(told["counts"].values()) == len(rows)
        assert told["note"] in text
        assert (told["points"] is None) == (one.checklist.total is None)
        assert all(row["identifier"] in text for row in rows)
    assert "252.5/405" in text


def test_compiled_on_demand_and_once() -> None:
    made: list[int] = []

    def engine(shapes: Mapping[str, Graph]) -> object:
        made.append(len(shapes))
        return open_beside(rules(), "compiled").engine(shapes)

    lazy = Beside(rules(), engine)  # type: ignore[arg-type]
    assert len(lazy.checklists) == 4
    assert made == []
    for _ in range(2):
        lazy.tallies(DATASET, read(HAND), KEPT)
    assert made == [4]


def test_a_checklist_there_is_not() -> None:
    with pytest.raises(ConfigurationError, match="checklist 'stars'"):
        looked("stars")


def test_only_the_dataset_is_looked_at() -> None:
    """Another dataset in the description, such as its source, neither lends nor takes evidence."""
    other = "ex:source a dcat:Dataset ; dcat:distribution ex:three . ex:three a dcat:Distribution ."
    found, alone = looked("mqa", HAND + other, links=LINKS), looked("mqa", HAND, links=LINKS)
    assert [one.points for one in found.results] == [one.points for one in alone.results]


def test_tally_knows_the_dataset() -> None:
    found = looked("fair")
    material = Material(DATASET, read(HAND), KEPT)
    assert found.dataset == DATASET.value
    assert tally(found.checklist, material, replace(KEPT, tested={})).counts[Outcome.PRESENT] == 2
    assert EU + "access-right/NON_PUBLIC" in result(found, "RDA-R1.1-02M").indicator.pointless_for


# --- data that must be refused ----------------------------------------------------------------------------------------

BROKEN_DATA = [
    ("vocab/indicators/mqa.ttl", 'dct:identifier "keywordAvailability" ;', "", "one identifier"),
    ("vocab/indicators/mqa.ttl", 'skos:prefLabel "Keywords"@en', 'skos:prefLabel "Keywords"@sv', "no name in English"),
    ("vocab/indicators/mqa.ttl", "cat:points 30 ;", "", "has points"),
    ("vocab/indicators/mqa.ttl", "cat:looksFor evidence:theme", "skos:note 'x'", "has evidence"),
    ("vocab/indicators/mqa.ttl", "cat:looksFor evidence:theme", "cat:looksFor evidence:them", "Evidence is a declared"),
    ("vocab/indicators/mqa.ttl", "; cat:pointlessBecause reason:no-download", "", "says why"),
    ("vocab/indicators/fair.ttl", "reason:trait-of-catalogue", "reason:none", "one declared cat:Reason"),
    ("shapes/indicators/mqa.ttl", 'sh:message "The dataset has no theme."@en ;', "", "no message in English"),
    (
        "shapes/indicators/mqa.ttl",
        "evidence:theme a sh:PropertyShape , cat:Evidence",
        "evidence:theme a sh:PropertyShape",
        "A named property shape",
    ),
    ("shapes/indicators/mqa.ttl", "sh:path dcat:theme ;", "sh:path dcat:theme ; sh:maxCount 1 ;", "at least one value"),
    (
        "shapes/indicators/mqa.ttl",
        "sh:targetClass dcat:Dataset ;\n    sh:path dcat:theme",
        "sh:path dcat:theme",
        "one of: a shape",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"), BROKEN_DATA, ids=[row[3] + row[1][:20] for row in BROKEN_DATA]
)
def test_broken_data_are_refused(file: str, old: str, new: str, problem: str) -> None:
    files = read_files("shapes") | read_files("vocab")
    text = files[file].decode()
    assert old in text
    with pytest.raises(RulebookError) as caught:
        Rulebook.load(files | {file: text.replace(old, new, 1).encode()}, check)
    assert problem in caught.value.what
