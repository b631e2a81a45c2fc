"""What holders declare and access bodies verify: kept apart, dated, never lost; embedded and on a SPARQL server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.assessments import fates
from catalogue.errors import BadInput
from catalogue.graphs import digest, parse
from catalogue.outcomes import Stored, Unchanged, Withdrawn
from catalogue.ports import Query
from catalogue.quality import Act, Basis, Doubt, Owed, Status
from catalogue.web.sparql import examples
from catalogue.workers import Here
from tests.contract.place import COHORT, CRITERION, HDAB, HOLDER, OTHER, Clock, Place, mark, opened, state

DECLARED = (("Q3.1.1", 2), ("Q4.1.1", 2), ("Q4.2.1", 2), ("Q4.3.1", 2), ("Q4.4.1", 2), ("M02", 4), ("L-v2", 1))


def test_from_declared_to_verified_to_revoked_and_back(place: Place) -> None:
    assert place.consistent().status is Status.COMPUTED
    first = place.hand_in(*DECLARED)
    assert all(fate.counts for fate in fates(first))
    assert len(fates(first)) == len(DECLARED)
    given = place.consistent()
    assert (given.status, given.owed, given.evidenced) == (Status.DECLARED, Owed.YES, True)
    assert given.points > first.before.points
    assert given == first.after

    verified = place.hand_in(("Q4.1.1", 1), by=HDAB, basis=Basis.VERIFIED)
    given = place.consistent()
    assert (mark(given, "Q4.1.1").level, mark(given, "Q4.1.1").basis) == (1, Basis.VERIFIED)
    assert [answer.basis for answer in mark(given, "Q4.1.1").answers] == [Basis.VERIFIED, Basis.DECLARED]
    assert given.status is Status.DECLARED

    rule = place.services.assessments.rule
    body = place.actor(HDAB)
    rule(COHORT, Act.CONFIRMED, body, "seen on site")
    given = place.consistent()
    assert given.status is Status.VERIFIED
    assert given.ruling is not None
    assert given.ruling.reason == "seen on site"
    rule(COHORT, Act.REVOKED, body, "the report is of another dataset")
    given = place.consistent()
    assert (given.status, given.stars) == (Status.REVOKED, None)
    rule(COHORT, Act.CONFIRMED, body, "seen on site")
    assert place.consistent().status is Status.VERIFIED
    again = place.hand_in(("Q4.5.1", 2))
    assert place.consistent().status is Status.DECLARED, "the body has not seen what was declared after it ruled"

    history = place.services.assessments.history(COHORT)
    assert [one.iri for one in history.received][:2] == [*first.received, *verified.received]
    assert [one.submitted_by for one in history.received] == [HOLDER, HDAB, HDAB, HDAB, HDAB, HOLDER]
    assert history.received[-1].iri == again.received[0]
    for one in history.received:
        original = place.services.archive.get(one.original)
        assert original is not None
        assert list(parse(original, one.media_type))
    entries = place.page().history
    assert [entry.kind for entry in entries] == ["update"] * 6 + ["create"]
    assert [iri for entry in reversed(entries) for iri in entry.assessments] == [one.iri for one in history.received]
    assert [entry.visit == "" for entry in entries] == [True] * 6 + [False]


def test_a_changed_description_keeps_the_answers(place: Place) -> None:
    place.hand_in(*DECLARED)
    before = place.page().label
    place.write(title="The cohort, renamed", more="; dct:provenance [ a dct:ProvenanceStatement ]")
    (outcome,) = place.visit()
    assert isinstance(outcome, Stored)
    assert outcome.label.status is Status.DECLARED
    given = place.consistent()
    assert [mark(given, name).level for name, _ in DECLARED] == [mark(before, name).level for name, _ in DECLARED]


def test_a_withdrawn_dataset_that_comes_back_keeps_them_too(place: Place) -> None:
    place.hand_in(*DECLARED)
    place.write("other")
    place.visit()
    (place.folder / "cohort.ttl").unlink()
    place.visit()
    place.clock.now += timedelta(days=2)
    assert any(isinstance(one, Withdrawn) for one in place.visit())
    with pytest.raises(BadInput, match="withdrawn"):
        place.hand_in(("Q4.5.1", 1))
    place.write()
    place.visit()
    assert place.consistent().status is Status.DECLARED
    assert len(place.services.assessments.history(COHORT).received) == 1


def test_datasets_about_which_nobody_spoke_cost_no_query(local: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    local.hand_in(("Q4.1.1", 2))
    for number in range(30):
        local.write(f"d{number}")
    asked: list[str] = []
    select, graphs = local.services.store.select, local.services.store.graphs
    monkeypatch.setattr(local.services.store, "select", lambda q, **b: asked.append(q) or select(q, **b))
    monkeypatch.setattr(local.services.store, "graphs", lambda names: asked.extend(names) or graphs(names))
    assert sum(isinstance(one, Stored) for one in local.visit()) == 30
    assert len([one for one in asked if "cat:received" in one]) <= 2
    assert not [one for one in asked if one.endswith("/assessments")]
    assert all(isinstance(one, Unchanged) for one in local.visit())


def test_revalidation_says_what_a_fresh_computation_says(place: Place) -> None:
    place.hand_in(*DECLARED, until=date(2026, 12, 31))
    place.write("other")
    place.visit()
    place.services.assessments.rule(OTHER, Act.REVOKED, place.actor(HDAB), "it is a test")
    before = {name: place.services.store.graph(place.services.minted.record(name)) for name in (COHORT, OTHER)}
    other = replace(place.services.rulebook, digest="sha256:" + "0" * 64)
    revalidation = replace(place.services.revalidation, rulebook=other)
    assert revalidation.outstanding() == 2
    checker = place.services.publisher
    outcomes = list(revalidation.run(Here(replace(checker, rulebook=other))))
    assert [one.changed for one in outcomes] == [False, False]  # type: ignore[union-attr]
    after = {name: place.services.store.graph(place.services.minted.record(name)) for name in (COHORT, OTHER)}
    for name in before:
        changed = set(map(str, before[name])) ^ set(map(str, after[name]))
        assert all("ns#rulebook" in one for one in changed), changed
    place.consistent()
    place.consistent(OTHER)


def test_an_answer_that_expired_is_taken_out_by_revalidation(place: Place) -> None:
    place.hand_in(*DECLARED, until=date(2026, 12, 31))
    assert place.page().label.review_by == date(2027, 1, 1)
    assert place.services.revalidation.outstanding() == 0
    place.clock.now = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert place.services.revalidation.outstanding() == 0
    place.clock.now = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)
    assert place.services.revalidation.outstanding() == 1
    assert place.page().label.status is Status.COMPUTED, "the page does not wait for it"
    assert place.stored()[1] == "Declared"
    (outcome,) = place.services.revalidate(1)
    assert outcome.changed  # type: ignore[union-attr]
    assert place.consistent().status is Status.COMPUTED
    assert mark(place.page().label, "Q4.1.1").doubted[0].doubt is Doubt.EXPIRED
    assert place.services.revalidation.outstanding() == 0


def test_the_index_can_be_built_anew(place: Place) -> None:
    place.hand_in(*DECLARED)
    given = place.consistent()
    place.services.reindex()
    assert place.consistent() == given


# --- in a description -----------------------------------------------------------------------------------------------

IN_DESCRIPTION = """; dqv:hasQualityMeasurement
    [ dqv:isMeasurementOf <%(c)sM02> ; dqv:value 4 ; prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ] ,
    [ dqv:isMeasurementOf <%(c)sQ4.3.1> ; dqv:value 2 ; cat:basis cat:Measured ; cat:figure 98.5 ; cat:unit "%%" ] ,
    [ dqv:isMeasurementOf <%(c)sM03> ; dqv:value 5 ; cat:basis cat:Verified ] ,
    [ dqv:isMeasurementOf <%(c)sM04> ; dqv:value "high" ] ,
    [ dqv:isMeasurementOf <https://metrics.example/mine> ; dqv:value 7 ]""" % {"c": CRITERION}  # noqa: UP031


def test_answers_in_a_description_count_as_what_they_are(place: Place) -> None:
    place.write(more=IN_DESCRIPTION)
    (stored,) = place.visit()
    given = place.consistent()
    assert (mark(given, "M02").level, mark(given, "M02").basis) == (4, Basis.DECLARED)
    assert (mark(given, "Q4.3.1").basis, mark(given, "Q4.3.1").answers[0].figure) == (Basis.MEASURED, 98.5)
    assert (mark(given, "M03").level, mark(given, "M03").basis) == (5, Basis.DECLARED)
    assert given.status is Status.DECLARED
    place.services.assessments.rule(COHORT, Act.CONFIRMED, place.actor(HDAB), "seen")
    assert place.consistent().status is Status.VERIFIED
    notes = [(note.raw.rsplit("#")[-1], note.result.rsplit("#")[-1]) for note in place.page().notes]
    assert sorted(notes) == [("Verified", "Declared"), ("high", "")]
    assert isinstance(stored, Stored)
    assert stored.label == given
    place.write(title="Changed after the ruling", more=IN_DESCRIPTION)
    place.visit()
    assert place.consistent().status is Status.DECLARED
    place.hand_in(("M05", 2), by=HDAB, basis=Basis.VERIFIED)
    assert place.consistent().status is Status.DECLARED
    assert [place.services.revalidation.outstanding(), len(place.visit())] == [0, 1]
    files = place.services.publisher.check((place.folder / "cohort.ttl").read_bytes(), "text/turtle", "cohort.ttl")
    assert [(one.level, one.basis) for one in files[0].label.marks] == [(one.level, one.basis) for one in given.marks]
    assert len(files[0].label_notes) == 2


@pytest.mark.parametrize(
    ("described", "declared", "owed"),
    [
        ("", None, Owed.UNKNOWN),
        ("; cat:publiclyFunded true", None, Owed.YES),
        ("; cat:publiclyFunded false", None, Owed.NO),
        ("", 1, Owed.YES),
        ("", 0, Owed.NO),
        ("; cat:publiclyFunded true", 0, Owed.YES),
        ("; cat:publiclyFunded false", 1, Owed.YES),
    ],
)
def test_who_must_have_a_label(local: Place, described: str, declared: int | None, owed: Owed) -> None:
    local.write(more=described)
    local.visit()
    if declared is not None:
        local.hand_in(("L-v2", declared))
    assert local.consistent().owed is owed


def test_a_poor_label_blocks_nothing(local: Place) -> None:
    local.hand_in(("L-v2", 1))
    local.services.assessments.rule(COHORT, Act.REVOKED, local.actor(HDAB), "nothing in it is true")
    assert local.page().label.stars is None
    assert local.services.search.find(Query(), "en").total == 1
    assert local.services.publisher.dump("text/turtle").count(b"A cohort") == 1


# --- a process that dies ----------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import test_assessments as t
with t.opened(Path({place!r}), t.Clock(10)) as place:
    content = Path({document!r}).read_bytes()
    die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    commit = place.services.store.commit
    target, name, what = {{
        "before the store": (place.services.store, "commit", die),
        "after the store": (place.services.store, "commit", lambda change: die(commit(change))),
        "before the index": (place.services.index, "put", die),
        "in the index": (place.services.index, "commit", die),
    }}[{where!r}]
    setattr(target, name, what)
    place.submit(content)
"""


@pytest.mark.parametrize("where", ["before the store", "after the store", "before the index", "in the index"])
def test_killed_between_two_steps_nothing_is_half_written(tmp_path: Path, where: str) -> None:
    with opened(tmp_path, Clock()) as place:
        place.write()
        place.visit()
        content, before = place.document(*DECLARED), state(place)
    (tmp_path / "document.ttl").write_bytes(content)
    script = tmp_path / "killed.py"
    values = {"folder": str(Path(__file__).parent), "place": str(tmp_path), "where": where}
    script.write_text(KILLED.format(document=str(tmp_path / "document.ttl"), **values), "utf-8")
    done = subprocess.run([sys.executable, str(script)], timeout=120, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with opened(tmp_path, Clock(11)) as place:
        assert place.services.archive.get(digest(content)) == content
        if where == "before the store":
            assert state(place) == before
            assert place.submit(content).earlier is None
        else:
            assert place.submit(content).earlier is not None
        assert place.consistent().status is Status.DECLARED
        assert len(place.services.assessments.history(COHORT).received) == 1


# --- from the label to the law ----------------------------------------------------------------------------------------


def test_one_query_leads_from_the_certificate_to_the_provision(place: Place) -> None:
    place.write(more="; dct:source <https://data.example.org/registry> ; dct:description 'Who'@en")
    place.visit()
    place.hand_in(("Q4.1.1", 2))
    (chain,) = (one.query for one in examples() if one.name == "chain")
    answer = place.services.endpoint.query(chain, "application/sparql-results+json")
    rows = json.loads(answer.content)["results"]["bindings"]
    found = {
        (row["measurement"]["value"].rsplit("-label-")[-1].split("#label-")[-1], row["provision"]["value"])
        for row in rows
        if row["dataset"]["value"] == COHORT
    }
    law = "http://data.europa.eu/eli/reg/2025/327/art_78/par_3/pnt_"
    assert ("Q4.1.1", law + "b/oj") in found, "declared: certificate, measurement, answer, criterion, provision"
    rulebook = place.services.rulebook
    computed = [one for one in place.page().label.marks if one.basis is Basis.COMPUTED and one.level]
    assert "Q3.2.1" in {rulebook.criteria_by_iri[one.criterion].identifier for one in computed}
    for one in computed:
        criterion = rulebook.criteria_by_iri[one.criterion]
        level = criterion.level(one.level or 0)
        wanted = {source for rule in level.requires for source in rulebook.rules[rule].provisions} if level else set()
        assert {(criterion.identifier, provision) for provision in wanted} <= found, criterion.identifier
    answers = {row["because"]["value"] for row in rows}
    assert place.services.assessments.history(COHORT).received[0].iri + "-Q4.1.1" in answers
