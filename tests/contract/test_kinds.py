"""The contract that every kind of harvester keeps, on a sample node of each (tests/kinds)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from catalogue.assembly import HARVESTERS, Services, harvester, open_services
from catalogue.config import Settings
from catalogue.errors import SourceUnavailable
from catalogue.graphs import Canonical, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected, Untouched
from catalogue.names import DCAT, RDF
from catalogue.outcomes import Missing, Stored, Unchanged, Withdrawn
from catalogue.ports import Past, Response
from tests.kinds.sample import Faulty, Sample

KINDS = sorted(point.name for point in entry_points(group=HARVESTERS))
DEEPEST = 12
"""Answers of a node that are spoilt one after the other."""


@pytest.fixture(params=KINDS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    folder = tmp_path / "node"
    folder.mkdir()
    with importlib.import_module(f"tests.kinds.{request.param}").sample(folder) as sample:
        assert sample.source.kind == request.param
        yield sample


def visit(node: Sample, past: Past | None = None) -> list[Harvested]:
    return list(harvester(node.source.kind).harvest(node.source, node.web(node.source, past or Past())))


def described(harvested: list[Harvested]) -> list[Description]:
    return [one for one in harvested if isinstance(one, Description)]


def left_by(harvested: list[Harvested]) -> Past:
    """What a visit leaves for the next one."""
    given = described(harvested)
    originals = {one.original.digest: one.original.content for one in given}
    documents = {digest for one in given for digest in (one.original.digest, one.original.container) if digest}
    return Past(frozenset(documents), recall=originals.get)


def test_a_node_gives_whole_descriptions_each_under_one_iri(node: Sample) -> None:
    given = described(visit(node))
    assert len(given) >= node.least
    assert len({one.iri for one in given}) == len(given)
    for one in given:
        assert DCAT.Dataset in one.graph.objects(NamedNode(one.iri), RDF.type)
        assert len(one.graph.outgoing(NamedNode(one.iri))) > 2


def test_two_visits_give_the_same_in_the_same_order(node: Sample) -> None:
    first, second = visit(node), visit(node)
    assert [(one.iri, one.digest, one.notes) for one in described(first)] == [
        (one.iri, one.digest, one.notes) for one in described(second)
    ]
    assert [one for one in first if isinstance(one, Rejected)] == [one for one in second if isinstance(one, Rejected)]


def test_the_original_of_every_description_is_kept_with_its_place(node: Sample) -> None:
    for one in described(visit(node)):
        assert one.original.content
        assert one.original.location
        assert one.original.media_type


def test_what_did_not_change_is_untouched(node: Sample) -> None:
    first = visit(node)
    second = visit(node, left_by(first))
    assert described(second) == []
    assert any(isinstance(one, Untouched) for one in second)


def test_a_change_touches_what_changed_only(node: Sample) -> None:
    if node.change is None:
        assert node.source.kind == "idc", "only what a package ships cannot be changed"
        return
    before = visit(node)
    node.change()
    after = described(visit(node, left_by(before)))
    old = {one.iri: one.digest for one in described(before)}
    assert [one for one in after if old.get(one.iri) != one.digest]
    if node.apart:
        assert len(after) == 1
        assert len(old) > 1 or node.least == 1


def test_what_nobody_knows_is_noted(node: Sample) -> None:
    noted = {note.field for one in described(visit(node)) for note in one.notes if note.kind is NoteKind.UNMAPPED}
    for field in node.leftovers:
        assert any(field in name for name in noted), f"{field} was swallowed; noted: {sorted(noted)}"


def test_nothing_about_a_person_comes_out(node: Sample) -> None:
    harvested = visit(node)
    said = [repr(one) for one in harvested if not isinstance(one, Description)]
    for one in described(harvested):
        said += [
            Canonical(one.graph).content.decode(),
            repr(one.notes),
            one.original.content.decode("utf-8", "replace"),
        ]
        said += [one.original.location, one.iri]
    for canary in node.canaries:
        assert not any(canary in text for text in said), canary


# --- faults ----------------------------------------------------------------------------------------------------------


def _with(content: bytes, media_type: str) -> Callable[[Response], Response]:
    return lambda response: replace(response, content=content, media_type=media_type, parts={}, next="")


def _half(response: Response) -> Response:
    return replace(response, content=response.content[: len(response.content) // 2], parts={})


def _gone(response: Response) -> Response:
    raise SourceUnavailable("the connection broke before the document was complete", where=response.url)


FAULTS: dict[str, Callable[[Response], Response]] = {
    "gone": _gone,
    "half": _half,
    "empty": _with(b"", "text/plain"),
    "a web page": _with(b"<!DOCTYPE html><html><body>Sign in</body></html>", "text/html"),
    "null": _with(b"null", "application/json"),
    "a list": _with(b"[]", "application/json"),
    "an object": _with(b"{}", "application/json"),
    "wrong types": _with(
        b'{"results": 5, "result": [1], "response": "x", "ResultSet": [], "@graph": 7}', "application/json"
    ),
    "deep": _with(b"[" * 100_000, "application/json"),
    "other XML": _with(b'<?xml version="1.0"?><a><b/></a>', "application/xml"),
    "entities": _with(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "application/xml"),
    "other RDF": _with(b"<http://a.example/> a <http://a.example/B> .", "text/turtle"),
    "bytes": _with(bytes(range(256)), "application/octet-stream"),
}


def _as_far_as_it_goes(node: Sample, web: Faulty) -> tuple[list[Harvested], SourceUnavailable | None]:
    given: list[Harvested] = []
    try:
        given.extend(harvester(node.source.kind).harvest(node.source, web))
    except SourceUnavailable as error:
        return given, error
    return given, None


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_node_answers_nothing_but_unavailable_is_raised(node: Sample, fault: str) -> None:
    whole = {one.iri for one in described(visit(node))}
    for number in range(1, DEEPEST + 1):
        web = Faulty(node.web(node.source, Past()), number, FAULTS[fault])
        given, refusal = _as_far_as_it_goes(node, web)
        if refusal is not None:
            assert refusal.what
            assert refusal.where
            assert not any(canary in str(refusal) for canary in node.canaries)
        elif web.asked >= number and fault in ("gone", "half", "a web page", "bytes"):
            lost = whole - {one.iri for one in described(given)}
            told = any(isinstance(one, Rejected) for one in given)
            assert not lost or told, f"answer {number}: {lost} went missing without a word"
        if web.asked < number:
            return


# --- the whole pipe --------------------------------------------------------------------------------------------------


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Services]:
    with open_services(Settings(data=tmp_path / "data", base="http://127.0.0.1:8000/")) as services:
        yield services


def test_everything_is_stored_once_and_found_unchanged_at_the_next_visit(node: Sample, installation: Services) -> None:
    installation = replace(installation, fetcher=_Reader(node))
    first = list(installation.harvest(node.source))
    stored = {one.dataset for one in first if isinstance(one, Stored)}
    assert len(stored) >= node.least
    second = list(installation.harvest(node.source))
    assert {one.dataset for one in second if isinstance(one, Unchanged)} == stored
    assert not [one for one in second if isinstance(one, Stored)]
    for iri in stored:
        page = installation.publisher.find(iri)
        assert page is not None
        assert installation.archive.get(page.record.original_digest)  # type: ignore[union-attr]


def test_nothing_is_lost_at_the_visits_after_a_change(node: Sample, installation: Services) -> None:
    if node.change is None:
        return
    installation = replace(installation, fetcher=_Reader(node))
    stored = {one.dataset for one in installation.harvest(node.source) if isinstance(one, Stored)}
    node.change()
    second = [one for one in installation.harvest(node.source) if isinstance(one, Stored | Unchanged)]
    assert stored <= {one.dataset for one in second}
    for _ in range(2):
        later = list(installation.harvest(node.source))
        assert {one.dataset for one in later if isinstance(one, Unchanged)} == {one.dataset for one in second}
        assert not [one for one in later if isinstance(one, Missing | Stored | Withdrawn)]


class _Reader:
    """In place of the fetcher of an installation."""

    def __init__(self, node: Sample) -> None:
        self.visit = node.web
