"""The harvester of the federated search of EUCAIM, through a Spot and at one provider."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import NamedNode
from catalogue.model import Description, Login, NoteKind, Rejected, Source
from catalogue.names import DCAT, DCT, EUCAIM, FOAF, HEALTH
from catalogue.ports import Past
from harvesters.eucaimsearch import EucaimSearchHarvester
from tests.contract.harvesting import harvested, only, texts
from tests.kinds.eucaimsearch import Spot, dataset, encoded, source
from tests.live.conftest import Site, running, send


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def provider(name: str, *datasets: dict[str, Any]) -> dict[str, Any]:
    return {"provider": name, "collections": list(datasets)}


def test_every_site_is_asked_for_everything(site: Site) -> None:
    spot = Spot(a=provider("A", dataset(1)), b=provider("B", dataset(2)))
    site.otherwise = spot.answer
    given = harvested(source(site.url, sites="a b"))
    assert [one.iri.rsplit("/", 2)[1:] for one in given if isinstance(one, Description)] == [
        ["a", dataset(1)["id"]],
        ["b", dataset(2)["id"]],
    ]
    [asked] = spot.tasks.values()
    assert asked["sites"] == ["a", "b"]
    question = json.loads(base64.b64decode(asked["query"]))
    assert question["lang"] == "ast"
    for form in ("query", "payload"):
        assert json.loads(base64.b64decode(question[form]))["ast"] == {"operand": "OR", "children": []}


def test_a_dataset_becomes_a_description_of_its_provider(site: Site) -> None:
    site.otherwise = Spot(a=provider("CHAIMELEON", dataset(1))).answer
    one = only(harvested(source(site.url, sites="a", page="https://catalogue.example/#/dataset/{}")))
    assert texts(one, DCT.title) == {"Prostate 1"}
    assert texts(one, EUCAIM.hasImageModality) == {EUCAIM.iri + "IMG1000022", EUCAIM.iri + "IMG1000026"}
    assert texts(one, EUCAIM.hasImageBodyPart) == {EUCAIM.iri + "BP1000021", EUCAIM.iri + "BP1000092"}
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.iri + "COM1001366"}
    assert (texts(one, HEALTH.numberOfUniqueIndividuals), texts(one, HEALTH.numberOfRecords)) == ({"1140"}, {"1149"})
    assert (texts(one, HEALTH.minTypicalAge), texts(one, HEALTH.maxTypicalAge)) == ({"46"}, {"96"})
    assert texts(one, DCAT.landingPage) == {f"https://catalogue.example/#/dataset/{dataset(1)['id']}"}
    [publisher] = one.graph.objects(NamedNode(one.iri), DCT.publisher)
    assert one.graph.text(publisher, FOAF.name) == "CHAIMELEON"


def test_modalities_is_another_name_of_modality(site: Site) -> None:
    record = dataset(1, modalities=["MR", "PT"])
    del record["modality"]
    site.otherwise = Spot(a=provider("P", record)).answer
    assert len(texts(only(harvested(source(site.url, sites="a"))), EUCAIM.hasImageModality)) == 2


@pytest.mark.parametrize(
    ("ages", "low", "high", "left"),
    [
        ({"min": 0, "max": 91}, set(), {"91"}, {"age_range.min"}),
        ({"min": 46, "max": 965}, {"46"}, set(), {"age_range.max"}),
        (0, set(), set(), {"age_range"}),
        (None, set(), set(), set()),
        ({"min": "46", "max": True}, set(), set(), {"age_range.min", "age_range.max"}),
    ],
)
def test_an_age_that_may_be_unknown_or_of_nobody_is_not_stated(
    site: Site, ages: Any, low: set[str], high: set[str], left: set[str]
) -> None:
    site.otherwise = Spot(a=provider("P", dataset(1, age_range=ages))).answer
    one = only(harvested(source(site.url, sites="a")))
    assert (texts(one, HEALTH.minTypicalAge), texts(one, HEALTH.maxTypicalAge)) == (low, high)
    assert {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED} == left


def test_small_numbers_are_neither_stated_nor_kept(site: Site) -> None:
    site.otherwise = Spot(a=provider("P", dataset(1, subjects_count=4, studies_count=9))).answer
    one = only(harvested(source(site.url, sites="a")))
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == texts(one, HEALTH.numberOfRecords) == set()
    assert b"_count" not in one.original.content


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("permfailed", "b: it failed (permfailed)"),
        ({"no": "collections"}, "b: not an answer of a search: "),
        ([], "b: not an answer of a search: "),
    ],
)
def test_a_site_that_fails_is_told_and_the_others_are_read(site: Site, said: Any, told: str) -> None:
    site.otherwise = Spot(a=provider("A", dataset(1)), b=said).answer
    node = source(site.url, sites="a b")
    web = Fetcher(Limits(attempts=1)).visit(node, Past())
    visit = EucaimSearchHarvester().harvest(node, web)
    assert isinstance(next(visit), Description)
    with pytest.raises(SourceUnavailable, match="the search is incomplete") as raised:
        next(visit)
    assert told in str(raised.value)


def test_a_site_that_never_answers_is_told(site: Site) -> None:
    site.otherwise = Spot(a=provider("A", dataset(1))).answer
    with pytest.raises(SourceUnavailable, match="b: it did not answer"):
        harvested(source(site.url, sites="a b"))


@pytest.mark.parametrize("body", ["no base64!", base64.b64encode(b"no json").decode(), encoded([[[]]]), None, 5])
def test_an_answer_that_cannot_be_read_is_no_fault(site: Site, body: Any) -> None:
    spot = Spot(a=provider("A"))
    site.otherwise = spot.answer

    def events(name: str, task: str) -> Iterator[str]:
        result = {"from": f"focus.{name}.broker", "task": task, "status": "succeeded", "body": body}
        yield f"event: new_result\ndata: {json.dumps(result)}\n\n"

    spot.events = events  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match="the search is incomplete: a: "):
        harvested(source(site.url, sites="a"))


def test_results_of_other_tasks_and_other_events_are_passed_over(site: Site) -> None:
    spot = Spot(a=provider("A", dataset(1)))
    own = spot.events
    site.otherwise = spot.answer

    def events(name: str, task: str) -> Iterator[str]:
        other = {
            "from": "focus.a.b",
            "task": "another",
            "status": "succeeded",
            "body": encoded(provider("X", dataset(9))),
        }
        yield f"event: new_result\ndata: {json.dumps(other)}\n\n"
        yield f"event: error\ndata: {json.dumps({**other, 'task': task})}\n\n"
        yield "event: new_result\ndata: no json\n\n"
        yield from own(name, task)
        yield from own(name, task)

    spot.events = events  # type: ignore[method-assign]
    assert texts(only(harvested(source(site.url, sites="a"))), DCT.title) == {"Prostate 1"}


def test_what_is_no_spot_is_told(site: Site) -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        send(handler, b"<html></html>", "text/html")

    site.otherwise = page
    with pytest.raises(SourceUnavailable, match="come as text/html") as raised:
        harvested(source(site.url, sites="a"))
    assert "address of the Spot" in raised.value.remedy


def at_provider(site: Site, answer: Any) -> list[Any]:
    """What the search of one provider is asked, which gives some answer."""
    asked: list[Any] = []

    def page(handler: BaseHTTPRequestHandler) -> None:
        content = handler.rfile.read(int(handler.headers["Content-Length"]))
        asked.append((json.loads(content), handler.headers["Authorization"]))
        send(handler, json.dumps(answer).encode())

    site.at("/api/datasets/eucaimSearch", page)
    return asked


def test_one_provider_can_be_asked_without_the_others(site: Site) -> None:
    asked = at_provider(site, {"collections": [dataset(1), dataset(2)]})
    node = source(site.url + "/api/datasets/eucaimSearch")
    web = Fetcher(Limits(attempts=1)).visit(_with_login(node), Past())
    given = list(EucaimSearchHarvester().harvest(node, web))
    assert [one.iri for one in given if isinstance(one, Description)] == [
        "http://127.0.0.1/dataset/search/" + dataset(number)["id"] for number in (1, 2)
    ]
    assert asked == [({"ast": {"operand": "OR", "children": []}}, "Secret s3cret")]


def _with_login(node: Source) -> Source:
    return Source(
        node.name, node.iri, node.title, node.kind, node.endpoint, node.namespace, options=node.options,
        login=Login(token="s3cret", scheme="Secret"),
    )  # fmt: skip


def test_an_answer_that_is_none_of_a_provider_ends_the_visit(site: Site) -> None:
    at_provider(site, {"datasets": []})
    with pytest.raises(SourceUnavailable, match="eucaimsearch-answer"):
        harvested(source(site.url + "/api/datasets/eucaimSearch"))


def test_a_bad_dataset_is_rejected_by_its_field_and_the_others_are_read(site: Site) -> None:
    at_provider(site, {"collections": [dataset(1, gender="Male"), dataset(2)]})
    first, second = harvested(source(site.url + "/api/datasets/eucaimSearch"))
    assert isinstance(first, Rejected)
    assert first.problem.startswith("gender: ")
    assert isinstance(second, Description)
