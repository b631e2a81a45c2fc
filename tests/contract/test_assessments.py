"""What holders declare and access bodies verify: kept apart, dated, never lost; embedded and on a SPARQL server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from catalogue.actors import Actor
from catalogue.assembly import LINK_LIMITS, open_services
from catalogue.assessing import Assessment
from catalogue.assessments import Submitted, fates
from catalogue.config import Settings
from catalogue.errors import BadAssessment, BadInput, NotAllowed
from catalogue.fetch import Fetcher
from catalogue.graphs import NamedNode, digest, parse
from catalogue.model import Source
from catalogue.outcomes import Stored, Unchanged, Withdrawn
from catalogue.ports import Query
from catalogue.publish import DatasetPage
from catalogue.quality import Act, Answer, Basis, Doubt, Label, Mark, Owed, Standing, Status
from catalogue.web.sparql import examples
from catalogue.workers import Here

BASE = "http://127.0.0.1:8000/"
DATA = "https://data.example.org/"
COHORT, OTHER = DATA + "cohort", DATA + "other"
HDAB, HOLDER, STRANGER, CURATOR = (f"https://{name}.example/" for name in ("hdab", "holder", "stranger", "curator"))
CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
LEVEL = "https://w3id.org/ehds-catalogue/label/level/"
REPORT = "https://holder.example/report"
ACTORS = f"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<{HDAB}> a foaf:Agent ; foaf:name "Access body"@en ; cat:role cat:HealthDataAccessBody ;
    cat:tokenDigest "{digest(b"secret of the body")}" .
<{HOLDER}> a foaf:Agent ; foaf:name "Hospital" ; cat:role cat:HealthDataHolder ; cat:mayAssess <node/hospital> ;
    cat:tokenDigest "{digest(b"secret of the holder")}" , "{digest(b"another")}" .
<{STRANGER}> a foaf:Agent ; foaf:name "Another hospital" ; cat:role cat:HealthDataHolder ; cat:mayAssess <node/other> .
<{CURATOR}> a foaf:Agent ; foaf:name "Curator" ; cat:role cat:Curator .
"""
TURTLE = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
<https://data.example.org/{name}> a dcat:Dataset ; dct:title "{title}"@en ; dct:identifier "{name}" ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> {more} .
"""
NAMES = """
PREFIX cat: <https://w3id.org/ehds-catalogue/ns#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dqv: <http://www.w3.org/ns/dqv#> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX prov: <http://www.w3.org/ns/prov#>
"""


class Clock:
    """A clock that the test moves; it also goes on by itself."""

    def __init__(self, hour: int = 9) -> None:
        self.now = datetime(2026, 11, 24, hour, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Links:
    """Answers for links without any network."""

    def __init__(self, dead: set[str]) -> None:
        self.dead, self.asked = dead, []

    def probe(self, url: str) -> str:
        self.asked.append(url)
        return "the server answered 404 Not Found" if url in self.dead else ""


class Place:
    """An installation with a folder that is harvested into it."""

    def __init__(self, folder: Path, settings: Settings, clock: Clock, stack: ExitStack) -> None:
        self.folder, self.clock, self.dead = folder / "node", clock, set[str]()
        self.folder.mkdir(exist_ok=True)
        opened = stack.enter_context(open_services(settings, clock))
        self.services = replace(opened, assessments=replace(opened.assessments, links=lambda: Links(self.dead)))
        self.source = Source(
            "hospital", BASE + "node/hospital", "Hospital", "dcat", str(self.folder), BASE + "dataset/hospital/",
            grace=timedelta(days=1),
        )  # fmt: skip

    def write(self, name: str = "cohort", title: str = "A cohort", more: str = "") -> None:
        (self.folder / f"{name}.ttl").write_text(TURTLE.format(name=name, title=title, more=more), "utf-8")

    def visit(self) -> list[object]:
        return list(self.services.harvest(self.source))

    def actor(self, iri: str) -> Actor:
        return self.services.actors.named(iri)

    def hand_in(self, *levels: tuple[str, int | None], by: str = HOLDER, **more: object) -> Submitted:
        return self.submit(self.document(*levels, by=by, **more), by)  # type: ignore[arg-type]

    def submit(self, content: bytes, by: str = HOLDER, **more: bool) -> Submitted:
        return self.services.assessments.submit(content, "text/turtle", self.actor(by), **more)  # type: ignore[arg-type]

    def document(
        self,
        *levels: tuple[str, int | None],
        by: str = HOLDER,
        basis: Basis = Basis.DECLARED,
        given: date | datetime | None = None,
        until: date | None = None,
        dataset: str = COHORT,
        links: tuple[str, ...] = (REPORT,),
    ) -> bytes:
        answers = tuple(Answer(CRITERION + name, level, basis, evidence=links, note="why") for name, level in levels)
        said = Assessment.of(dataset, basis, answers, by=by, given=given or self.clock(), valid_until=until)
        return self.services.assessments.written(said)

    def page(self, dataset: str = COHORT) -> DatasetPage:
        page = self.services.publisher.find(dataset)
        assert isinstance(page, DatasetPage)
        return page

    def stored(self, dataset: str = COHORT) -> tuple[str, str, str]:
        """Stars and status in the store, and stars in the index."""
        ask = NAMES + (
            "SELECT ?stars ?basis WHERE { GRAPH ?g { ?label a dqv:QualityCertificate ; oa:hasTarget ?dataset ; "
            "cat:basis ?basis OPTIONAL { ?label cat:stars ?stars } } }"
        )
        (row,) = self.services.store.select(ask, dataset=NamedNode(dataset))
        stars = row["stars"].value if "stars" in row else "none"
        (hit,) = (hit for hit in self.services.search.find(Query(size=100), "en").hits if hit.iri == dataset)
        return stars, row["basis"].value.rsplit("#")[-1], hit.facets["label"][0]

    def consistent(self, dataset: str = COHORT) -> Label:
        """What the store says is what a fresh computation says; gives the label."""
        page = self.page(dataset)
        shown = "none" if page.label.stars is None else str(page.label.stars)
        assert self.stored(dataset) == (shown, page.label.status.name.title(), shown)
        return page.label


def mark(given: Label, name: str) -> Mark:
    return next(one for one in (*given.marks, *given.gates) if one.criterion == CRITERION + name)


@contextmanager
def opened(folder: Path, clock: Clock, **settings: object) -> Iterator[Place]:
    (folder / "actors.ttl").write_text(ACTORS, "utf-8")
    with ExitStack() as stack:
        known = Settings(data=folder / "data", base=BASE, actors=folder / "actors.ttl", **settings)  # type: ignore[arg-type]
        yield Place(folder, known, clock, stack)


@pytest.fixture(params=["embedded", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    urls = {}
    if request.param == "server":
        server = request.getfixturevalue("empty_server")
        urls = {"store_query": f"{server}/query", "store_update": f"{server}/update"}
    with opened(tmp_path, Clock(), **urls) as place:
        place.write()
        place.visit()
        yield place


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Place]:
    """The embedded store alone, where the store makes no difference."""
    with opened(tmp_path, Clock()) as place:
        place.write()
        place.visit()
        yield place


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


# --- bad input ------------------------------------------------------------------------------------------------------


def state(place: Place) -> list[str]:
    return sorted(str(row) for row in place.services.store.select("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }"))


def test_contradictory_declarations_are_refused_whole_and_kept_as_bytes(local: Place) -> None:
    one = local.document(("Q4.1.1", 2), ("M02", 3)).decode()
    two = local.document(("Q4.1.1", 1)).decode().replace("assessment#assessment", "assessment#again")
    content, before = f"{one}\n{two}".encode(), state(local)
    with pytest.raises(BadAssessment) as caught:
        local.submit(content)
    (problem,) = caught.value.problems
    assert "contradict" in problem[0]
    assert "<#assessment-Q4.1.1>: level 2" in problem[0]
    assert "<#again-Q4.1.1>: level 1" in problem[0]
    assert state(local) == before
    assert local.services.archive.get(digest(content)) == content


def test_newer_takes_the_place_of_older_and_both_stay(local: Place) -> None:
    local.hand_in(("Q4.1.1", 2))
    done = local.hand_in(("Q4.1.1", 1))
    (fate,) = fates(done)
    assert fate.counts
    given = local.consistent()
    assert mark(given, "Q4.1.1").level == 1
    assert [(one.answer.level, one.doubt) for one in mark(given, "Q4.1.1").doubted] == [(2, Doubt.SUPERSEDED)]
    assert [fate.counts for fate in fates(local.hand_in(("Q4.1.1", 2)))] == [True], (
        "of one day the one that came in last"
    )
    late = local.hand_in(("Q4.1.1", 1), given=date(2026, 1, 1))
    assert [fate.doubt for fate in fates(late)] == [Doubt.SUPERSEDED]
    assert len(local.services.assessments.history(COHORT).received) == 4


def test_the_same_document_twice_is_one(local: Place) -> None:
    content = local.document(("Q4.1.1", 2))
    first = local.submit(content)
    before = state(local)
    second = local.submit(content)
    assert (first.earlier, second.received) == (None, ())
    assert second.earlier is not None
    assert state(local) == before


@pytest.mark.parametrize(
    ("by", "basis", "given_by"),
    [
        (HOLDER, Basis.VERIFIED, HOLDER),
        (STRANGER, Basis.DECLARED, STRANGER),
        (HOLDER, Basis.DECLARED, STRANGER),
        (HDAB, Basis.DECLARED, HDAB),
        (HDAB, Basis.VERIFIED, HOLDER),
        (CURATOR, Basis.VERIFIED, CURATOR),
        (STRANGER, Basis.MEASURED, STRANGER),
    ],
)
def test_who_may_not_is_told_so_and_nothing_is_lost(local: Place, by: str, basis: Basis, given_by: str) -> None:
    content, before = local.document(("Q4.3.1", 2), by=given_by, basis=basis), state(local)
    with pytest.raises(NotAllowed) as caught:
        local.submit(content, by)
    assert (caught.value.http_status, caught.value.exit_code) == (403, 2)
    assert digest(content) in str(caught.value)
    assert state(local) == before
    assert local.services.archive.get(digest(content)) == content


def test_only_an_access_body_rules(local: Place) -> None:
    before = state(local)
    with pytest.raises(NotAllowed, match="HealthDataAccessBody"):
        local.services.assessments.rule(COHORT, Act.REVOKED, local.actor(HOLDER), "we do not like it")
    assert state(local) == before


def test_a_curator_hands_in_what_a_holder_declared(local: Place) -> None:
    local.submit(local.document(("Q4.1.1", 2), by=HOLDER), CURATOR)
    (one,) = local.services.assessments.history(COHORT).received
    assert isinstance(one.said, Assessment)
    assert (one.said.by, one.submitted_by) == (HOLDER, CURATOR)


def test_a_date_in_the_future_is_refused(local: Place) -> None:
    for given in (date(2026, 11, 25), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)):
        with pytest.raises(BadAssessment, match="future"):
            local.hand_in(("Q4.1.1", 2), given=given)


def test_a_dataset_that_is_not_here(local: Place) -> None:
    with pytest.raises(BadInput, match="no such dataset"):
        local.hand_in(("Q4.1.1", 2), dataset="https://data.example.org/nothing")


def test_a_dry_run_keeps_nothing(local: Place) -> None:
    content, before = local.document(("Q4.1.1", 2)), state(local)
    told = local.submit(content, dry=True)
    assert (state(local), local.services.archive.get(digest(content))) == (before, None)
    done = local.submit(content)
    assert (told.after.stars, told.after.points) == (done.after.stars, done.after.points)
    assert [fate.counts for fate in fates(told)] == [True]


# --- links ----------------------------------------------------------------------------------------------------------


def test_an_answer_behind_a_dead_link_is_kept_and_does_not_count(place: Place) -> None:
    place.dead.add(REPORT)
    done = place.hand_in(("Q4.1.1", 2), ("Q4.2.1", 2), links=(REPORT,))
    assert done.dead == ((REPORT, "the server answered 404 Not Found"),)
    assert [(fate.counts, fate.doubt) for fate in fates(done)] == [(False, Doubt.WITHOUT_EVIDENCE)] * 2
    given = place.consistent()
    assert mark(given, "Q4.1.1").standing is Standing.OPEN
    assert mark(given, "Q4.1.1").doubted[0].answer.dead == (REPORT,)
    place.dead.clear()
    place.clock.now += timedelta(days=1)
    again = place.services.assessments.check_links(COHORT)
    assert again.dead == ()
    assert mark(place.consistent(), "Q4.1.1").level == 2
    looks = place.services.assessments.history(COHORT).looks
    assert [(look.link, bool(look.problem)) for look in looks] == [(REPORT, True), (REPORT, False)]
    assert looks[0].when.date() < looks[1].when.date()


def test_another_link_that_answers_is_enough(local: Place) -> None:
    local.dead.add(REPORT)
    done = local.hand_in(("Q4.1.1", 2), links=(REPORT, REPORT + "/2"))
    assert [fate.counts for fate in fates(done)] == [True]


def test_nobody_need_look(local: Place) -> None:
    local.dead.add(REPORT)
    done = local.submit(local.document(("Q4.1.1", 2)), look=False)
    assert (done.dead, [fate.counts for fate in fates(done)]) == ((), [True])
    assert local.services.assessments.history(COHORT).looks == ()


ANSWERS = {"/there": 200, "/login": 401, "/gone": 410, "/broken": 500}


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/there")
        elif self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
        else:
            self.send_response(ANSWERS.get(self.path, 404))
        self.end_headers()
        if self.path == "/there":
            self.wfile.write(b"x" * 100_000)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Server) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.mark.parametrize(
    ("path", "dead"),
    [
        ("/there", ""),
        ("/away", ""),
        ("/login", ""),
        ("/gone", "410"),
        ("/no", "404"),
        ("/file", "not http"),
        ("/broken", "500"),
    ],
)
def test_links_are_really_looked_at(tmp_path: Path, server: str, path: str, dead: str) -> None:
    with opened(tmp_path, Clock()) as place:
        place.write()
        place.visit()
        assessments = replace(place.services.assessments, links=lambda: Fetcher(LINK_LIMITS))
        place.services = replace(place.services, assessments=assessments)
        done = place.hand_in(("Q4.1.1", 2), links=(server + path,))
        assert [fate.counts for fate in fates(done)] == [not dead]
        assert all(dead in why for _, why in done.dead)
        assert len(done.dead) == bool(dead)


def test_a_host_that_nobody_runs_is_dead() -> None:
    assert "refuses" in Fetcher(LINK_LIMITS).probe("http://127.0.0.1:9/")
    assert "http" in Fetcher(LINK_LIMITS).probe("file:///etc/passwd")


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
