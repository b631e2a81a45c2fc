# ruff: noqa: E501
"""A document with assessments: read and written without loss, and everything that is wrong with it told at once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.assessing import Assessment, Document, Ruled, assessment_graph, read_document, ruling_graph
from catalogue.assessing_template import template
from catalogue.errors import BadAssessment, BadRdf
from catalogue.graphs import FORMATS, Graph, NamedNode, parse, serialise
from catalogue.model import NoteKind
from catalogue.quality import Act, Answer, Basis, Ruling
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check
from catalogue.stated import stated

DATASET = "https://data.example.org/cohort"
BY = "https://holder.example/"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
HEAD = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix c: <https://w3id.org/ehds-catalogue/label/criterion/> .
"""
TARGET = f"oa:hasTarget <{DATASET}>"
DECLARED = f"{TARGET} ; cat:basis cat:Declared ; prov:wasAttributedTo <{BY}>"
GOOD = f'<#a> a cat:Assessment ; {DECLARED} ; dct:issued "2026-11-24"^^xsd:date'


@cache
def shapes() -> Graph:
    return Graph(parse(read_files("shapes")["shapes/assessment.ttl"], "text/turtle"))


def read(content: bytes, rulebook: Rulebook, media_type: str = "text/turtle", dataset: str = "") -> Document:
    base = "https://catalogue.example/assessment"
    return read_document(content, media_type, rulebook, shapes(), check, NOW, base=base, dataset=dataset)


# --- round trip -------------------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
days = st.dates(date(1990, 1, 1), NOW.date())
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 23), timezones=offsets)
links = st.lists(st.integers(0, 99).map(lambda n: f"https://holder.example/{n}"), unique=True, max_size=3)


@cache
def rules() -> Rulebook:
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    basis = draw(st.sampled_from([Basis.DECLARED, Basis.MEASURED, Basis.VERIFIED]))
    allowed = [one for one in rules().criteria if basis in one.obtained]
    answers = []
    for criterion in draw(st.lists(st.sampled_from(allowed), min_size=1, unique_by=lambda one: one.iri)):
        level: int | None = draw(st.sampled_from([one.value for one in criterion.levels]))
        note = draw(texts)
        if criterion.optional and draw(st.booleans()):
            level, note = None, note or "why"
        figure = draw(st.none() | st.floats(allow_nan=False, allow_infinity=False))
        answers.append(
            Answer(
                criterion.iri,
                level,
                basis,
                evidence=tuple(sorted(draw(links))),
                note=note,
                figure=figure,
                unit=draw(st.sampled_from(["", "%", "d"])),
                iri=f"https://a.example/1#{criterion.identifier}",
            )
        )
    given_on = draw(days | moments)
    return Assessment.of(
        DATASET,
        basis,
        tuple(answers),
        by=BY,
        name=draw(texts),
        given=given_on,
        valid_until=draw(st.none() | st.dates(NOW.date(), date(2100, 1, 1))),
        iri="https://a.example/1",
    )


@given(assessments(), st.sampled_from(sorted(FORMATS)))
@settings(deadline=None, max_examples=60)
def test_values_come_back_as_they_were(said: Assessment, syntax: str) -> None:
    content = serialise(assessment_graph(said), syntax)
    (found,) = read(content, rules(), syntax).assessments
    assert sorted(found.answers, key=lambda one: one.iri) == sorted(said.answers, key=lambda one: one.iri)
    for name in ("dataset", "basis", "by", "name", "given", "valid_until", "iri"):
        assert getattr(found, name) == getattr(said, name), name


@given(st.sampled_from(Act), days | moments, texts.filter(str.strip), texts)
@settings(deadline=None, max_examples=30)
def test_rulings_come_back_as_they_were(act: Act, at: date, reason: str, name: str) -> None:
    on = at.astimezone(UTC).date() if isinstance(at, datetime) else at
    said = Ruled(DATASET, Ruling(act, on, BY, reason, "https://a.example/r"), at, name)
    found = read(serialise(ruling_graph(said), "text/turtle"), rules())
    assert found == Document(DATASET, (), (said,))


def test_an_answer_without_a_name_is_named_after_its_criterion() -> None:
    said = Assessment.of(DATASET, Basis.DECLARED, (Answer(CRITERION + "M02", 3, Basis.DECLARED),), by=BY, given=NOW)
    graph = assessment_graph(said, "https://a.example/1")
    assert NamedNode("https://a.example/1#M02") in graph


# --- what is wrong ----------------------------------------------------------------------------------------------------

ONE = "dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ]"
WRONG = [
    ("no criterion", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q9.9 ; dqv:value 1 ] .", "no such criterion"),
    ("no level", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 3 ] .", "no level 3"),
    ("level as text", f'{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value "1" ] .', "whole number"),
    ("nothing said", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ] .", "It has no level"),
    ("never not applicable", f'{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; cat:notApplicable true ; rdfs:comment "x" ] .', "always applies"),
    ("not applicable, no reason", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q2.1.1 ; cat:notApplicable true ] .", "why it is not applicable"),
    ("both", f'{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q2.1.1 ; dqv:value 1 ; cat:notApplicable true ; rdfs:comment "x" ] .', "and yet is not applicable"),
    ("twice the same", f"{GOOD} ; {ONE} , [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; rdfs:comment 'b' ] .", "two answers to one criterion"),
    ("twice, differing", f"{GOOD} ; {ONE} , [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 2 ] .", "contradict each other"),
    ("future day", f'<#a> a cat:Assessment ; {DECLARED} ; dct:issued "2026-11-25"^^xsd:date ; {ONE} .', "dated in the future"),
    ("future moment", f'<#a> a cat:Assessment ; {DECLARED} ; prov:generatedAtTime "2026-11-24T09:06:00Z"^^xsd:dateTime ; {ONE} .', "dated in the future"),
    ("ended before", f'{GOOD} ; dcat:endDate "2026-11-23"^^xsd:date ; {ONE} .', "ceases to hold"),
    ("no such day", f'<#a> a cat:Assessment ; {DECLARED} ; dct:issued "2026-02-30"^^xsd:date ; {ONE} .', "not one date"),
    ("basis", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q3.3.1 ; dqv:value 1 ] .", "cannot be declared"),
    ("measured what cannot be", f"<#a> a cat:Assessment ; {TARGET} ; cat:basis cat:Measured ; {ONE} .".replace("Q4.1.1", "Q2.2.1"), "cannot be measured"),
    ("link", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; foaf:page <file:///etc/passwd> ] .", "no http or https link"),
    ("link as text", f'{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; foaf:page "https://a.example/" ] .', "no http or https link"),
    ("no giver", f'<#a> a cat:Assessment ; {TARGET} ; cat:basis cat:Declared ; dct:issued "2026-11-24"^^xsd:date ; {ONE} .', "who gave it"),
    ("no giver, verified", f'<#a> a cat:Assessment ; {TARGET} ; cat:basis cat:Verified ; dct:issued "2026-11-24"^^xsd:date ; {ONE} .', "who gave it"),
    ("no date", f"<#a> a cat:Assessment ; {DECLARED} ; {ONE} .", "It has no date"),
    ("no dataset", f'<#a> a cat:Assessment ; cat:basis cat:Declared ; prov:wasAttributedTo <{BY}> ; dct:issued "2026-11-24"^^xsd:date ; {ONE} .', "which one dataset"),
    ("two datasets", f"{GOOD} , <urn:b> ; {ONE} .".replace("^^xsd:date , <urn:b>", "^^xsd:date ; oa:hasTarget <urn:b>"), "which one dataset"),
    ("other dataset in an answer", f"{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; dqv:computedOn <urn:b> ] .", "another dataset"),
    ("no basis", f'<#a> a cat:Assessment ; {TARGET} ; prov:wasAttributedTo <{BY}> ; dct:issued "2026-11-24"^^xsd:date ; {ONE} .', "which one basis"),
    ("computed", f"{GOOD} ; {ONE} .".replace("cat:Declared", "cat:Computed"), "which one basis"),
    ("no answer", f"{GOOD} .", "gives no answer"),
    ("figure", f'{GOOD} ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; cat:figure "INF"^^xsd:double ] .', "no finite number"),
    ("nothing at all", f"<{DATASET}> a dcat:Dataset .", "neither an assessment nor a ruling"),
    ("ruling without reason", f'<#r> a cat:Ruling ; {TARGET} ; cat:act cat:Revoked ; prov:wasAttributedTo <{BY}> ; dct:issued "2026-11-24"^^xsd:date .', "needs its reason"),
    ("ruling without body", f'<#r> a cat:Ruling ; {TARGET} ; cat:act cat:Revoked ; rdfs:comment "x" ; dct:issued "2026-11-24"^^xsd:date .', "which one health data access body"),
    ("ruling without act", f'<#r> a cat:Ruling ; {TARGET} ; prov:wasAttributedTo <{BY}> ; rdfs:comment "x" ; dct:issued "2026-11-24"^^xsd:date .', "confirmed or revoked"),
    ("ruling in the future", f'<#r> a cat:Ruling ; {TARGET} ; cat:act cat:Revoked ; prov:wasAttributedTo <{BY}> ; rdfs:comment "x" ; dct:issued "2027-01-01"^^xsd:date .', "dated in the future"),
    ("about two datasets", f"{GOOD} ; {ONE} . {GOOD} ; {ONE} .".replace("<#a>", "<#b>", 1).replace(DATASET, "https://x.example/", 1), "about 2 datasets"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "told"), [pytest.param(d, told, id=name) for name, d, told in WRONG])
def test_what_is_wrong_is_told_with_place_and_remedy(rulebook: Rulebook, document: str, told: str) -> None:
    with pytest.raises(BadAssessment) as caught:
        read((HEAD + document).encode(), rulebook)
    (problem,) = [one for one in caught.value.problems if told in one[0]]
    what, _, remedy = problem
    assert what.endswith(".")
    assert remedy
    assert told in str(caught.value)
    assert caught.value.http_status == 422


def test_the_good_one_is_good(rulebook: Rulebook) -> None:
    found = read(f"{HEAD}{GOOD} ; {ONE} .".encode(), rulebook)
    assert [answer.criterion for answer in found.assessments[0].answers] == [CRITERION + "Q4.1.1"]
    assert found.assessments[0].answers[0].given == date(2026, 11, 24)


def test_everything_is_told_at_once(rulebook: Rulebook) -> None:
    answers = "[ dqv:isMeasurementOf c:Q9.9 ; dqv:value 1 ] , [ dqv:isMeasurementOf c:M02 ; dqv:value 0 ] , "
    answers += "[ dqv:isMeasurementOf c:Q4.1.1 ; dqv:value 1 ; foaf:page <mailto:a@b.example> ]"
    document = f"<#a> a cat:Assessment ; cat:basis cat:Declared ; dqv:hasQualityMeasurement {answers} ."
    with pytest.raises(BadAssessment) as caught:
        read((HEAD + document).encode(), rulebook)
    told = " ".join(what for what, _, _ in caught.value.problems)
    for part in ("no such criterion", "no level 0", "http", "which one dataset", "who gave it", "no date"):
        assert part in told
    assert len(caught.value.problems) == 6
    assert "answer on M02" in [where for _, where, _ in caught.value.problems]


def test_contradictions_name_both(rulebook: Rulebook) -> None:
    both = "<#one> , <#two> . <#one> dqv:isMeasurementOf c:M02 ; dqv:value 2 . "
    both += "<#two> dqv:isMeasurementOf c:M02 ; dqv:value 5"
    with pytest.raises(BadAssessment) as caught:
        read(f"{HEAD}{GOOD} ; dqv:hasQualityMeasurement {both} .".encode(), rulebook)
    (problem,) = caught.value.problems
    assert "<#one>: level 2" in problem[0]
    assert "<#two>: level 5" in problem[0]


def test_different_bases_may_differ(rulebook: Rulebook) -> None:
    one = GOOD + " ; dqv:hasQualityMeasurement [ dqv:isMeasurementOf c:Q4.3.1 ; dqv:value 1 ] ."
    two = f"<#m> a cat:Assessment ; {TARGET} ; cat:basis cat:Measured ; dqv:hasQualityMeasurement "
    two += "[ dqv:isMeasurementOf c:Q4.3.1 ; dqv:value 2 ; cat:figure 98.5 ; cat:unit '%' ] ."
    found = read((HEAD + one + two).encode(), rulebook)
    assert {answer.basis for said in found.assessments for answer in said.answers} == {Basis.DECLARED, Basis.MEASURED}
    assert [a.figure for said in found.assessments for a in said.answers if a.basis is Basis.MEASURED] == [98.5]


def test_only_the_dataset_that_was_meant(rulebook: Rulebook) -> None:
    content = f"{HEAD}{GOOD} ; {ONE} .".encode()
    assert read(content, rulebook, dataset=DATASET).dataset == DATASET
    with pytest.raises(BadAssessment, match=r"was to be about https://other\.example/"):
        read(content, rulebook, dataset="https://other.example/")


def test_what_is_no_rdf_is_told_with_its_place(rulebook: Rulebook) -> None:
    with pytest.raises(BadRdf):
        read(b"<#a> a ", rulebook)


# --- the skeleton -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_the_skeleton_is_a_document_once_its_signs_are_taken_away(rulebook: Rulebook, language: str) -> None:
    text = template(DATASET, rulebook, (language, "en"), BY)
    with pytest.raises(BadAssessment, match="gives no answer"):
        read(text.encode(), rulebook)
    filled = re.sub(r"^    # (dqv:|    foaf:|dct:issued|dcat:endDate)", r"    \1", text, flags=re.MULTILINE)
    (said,) = read(filled.encode(), rulebook).assessments
    declarable = {one.iri for one in rulebook.criteria if Basis.DECLARED in one.obtained}
    assert {answer.criterion for answer in said.answers} == declarable
    for criterion in rulebook.criteria:
        for level in criterion.levels if criterion.iri in declarable else ():
            words = (level.name.get(language) or level.name["en"]).split()
            assert re.search(rf"#   {level.value}  {re.escape(words[0])}", text), (criterion.identifier, level.value)


# --- in a description -------------------------------------------------------------------------------------------------


def test_a_description_is_read_leniently_and_never_verifies_itself(rulebook: Rulebook) -> None:
    answers = """[ dqv:isMeasurementOf c:M02 ; dqv:value 3 ; cat:basis cat:Verified ] ,
        [ dqv:isMeasurementOf c:M03 ; dqv:value 99 ; cat:basis cat:Declared ] , [ dqv:isMeasurementOf c:M04 ] ,
        [ dqv:isMeasurementOf c:Q4.3.1 ; dqv:value 1 ; cat:basis cat:Measured ] , "text" , [ dqv:value 1 ] ,
        [ dqv:isMeasurementOf <urn:other> ; dqv:value 1 ]"""
    graph = Graph(parse(f"{HEAD}<{DATASET}> dqv:hasQualityMeasurement {answers} .".encode(), "text/turtle"))
    found, notes = stated(NamedNode(DATASET), graph, rulebook)
    told = {(answer.criterion.rsplit("/", 1)[-1], answer.level, answer.basis) for answer in found}
    assert told == {("M02", 3, Basis.DECLARED), ("M03", 99, Basis.DECLARED), ("Q4.3.1", 1, Basis.MEASURED)}
    assert sorted(note.kind.value for note in notes) == [NoteKind.MAPPED.value, NoteKind.UNMAPPED.value]
