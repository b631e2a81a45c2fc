"""What goes wrong with a node during a visit: nothing is lost, it is said clearly, and the next visit goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Source
from catalogue.outcomes import Missing, Stored, Unchanged, Withdrawn
from tests.contract.place import Clock
from tests.kinds.ckan import Portal, package, source
from tests.live.conftest import Site, running

pytestmark = pytest.mark.live
NUMBER = 120
"""Datasets of the portal; they are fetched by 50."""


class Node:
    """A portal, an installation that harvests it, and a fault that a test may set."""

    def __init__(self, site: Site, services: Services, clock: Clock) -> None:
        self.site, self.services, self.clock = site, services, clock
        self.portal = Portal([package(number) for number in range(NUMBER)])
        self.source: Source = source(site.url)
        self.fault: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False
        site.otherwise = self._answer

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        if not self.fault(handler):
            self.portal.answer(handler)

    def visit(self) -> tuple[list[object], str]:
        """The outcomes, and what is said when the node could not be read to its end."""
        outcomes: list[object] = []
        try:
            for outcome in self.services.harvest(self.source):
                outcomes.append(outcome)
        except SourceUnavailable as error:
            return outcomes, str(error)
        return outcomes, ""

    def held(self) -> int:
        return self.services.publisher.facts().datasets


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    clock = Clock()
    settings = Settings(data=tmp_path / "data", base="http://127.0.0.1:8000/")
    with running() as site, open_services(settings, clock) as services:
        limits = Limits(max_bytes=5_000_000, max_seconds=1.5, attempts=3, backoff_seconds=0.01)
        yield Node(site, replace(services, fetcher=Fetcher(limits)), clock)


def after(number: int, fault: Callable[[BaseHTTPRequestHandler], None]) -> Callable[[BaseHTTPRequestHandler], bool]:
    """A fault of every request but the first ones."""
    seen = []

    def maybe(handler: BaseHTTPRequestHandler) -> bool:
        seen.append(handler.path)
        if len(seen) <= number:
            return False
        fault(handler)
        return True

    return maybe


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def answer(status: int, content: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return write


def test_a_node_that_dies_in_the_middle_is_resumed(node: Node) -> None:
    node.fault = after(2, hang_up)
    outcomes, problem = node.visit()
    assert "connection" in problem
    assert "remedy" in problem
    assert sum(isinstance(one, Stored) for one in outcomes) + node.held() >= 50
    assert node.held() == 50
    node.fault = lambda _: False
    node.portal.fetched.clear()
    outcomes, problem = node.visit()
    assert problem == ""
    assert node.held() == NUMBER
    assert len(node.portal.fetched) <= NUMBER - 49, "what the first visit had read was fetched again"
    assert [visit.complete for visit in node.services.publisher.visits()] == [True, False]


def test_a_busy_node_is_asked_again(node: Node) -> None:
    busy = iter([True, False, True, True, False])

    def fault(handler: BaseHTTPRequestHandler) -> bool:
        if next(busy, False):
            answer(429, Retry_After="0")(handler)
            return True
        return False

    node.fault = fault
    outcomes, problem = node.visit()
    assert problem == ""
    assert sum(isinstance(one, Stored) for one in outcomes) == NUMBER


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (answer(200, b"<!DOCTYPE html><p>Maintenance", Content_Type="text/html"), "does not answer as CKAN does"),
        (answer(503), "503"),
        (answer(429, Retry_After="3600"), "busy"),
        (hang_up, "connection"),
    ],
)
def test_a_node_that_fails_removes_nothing(
    node: Node, fault: Callable[[BaseHTTPRequestHandler], None], words: str
) -> None:
    node.visit()
    node.fault = after(0, fault)
    node.clock.now += timedelta(days=60)
    outcomes, problem = node.visit()
    assert words in problem
    assert outcomes == []
    assert node.held() == NUMBER


def test_a_node_that_drips_is_given_up_in_time(node: Node) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not node.site.stop.wait(0.1):
            handler.wfile.write(b" ")

    node.fault = after(1, drip)
    _, problem = node.visit()
    assert "longer than 1.5 seconds" in problem


def test_a_certificate_that_nobody_vouches_for_is_said(node: Node, secure_site: Site) -> None:
    node.source = replace(node.source, endpoint=secure_site.url)
    _, problem = node.visit()
    assert "TLS certificate" in problem


def test_when_half_of_the_datasets_vanish_nothing_is_removed_before_the_grace_period(node: Node) -> None:
    node.visit()
    for name in list(node.portal.packages)[::2]:
        del node.portal.packages[name]
    outcomes, _ = node.visit()
    assert sum(isinstance(one, Missing) for one in outcomes) == NUMBER // 2
    assert node.held() == NUMBER
    node.clock.now += node.source.grace + timedelta(days=1)
    outcomes, _ = node.visit()
    assert sum(isinstance(one, Withdrawn) for one in outcomes) == NUMBER // 2
    assert sum(isinstance(one, Unchanged) for one in outcomes) == NUMBER // 2


def test_when_too_few_are_left_nothing_is_missing_at_all(node: Node) -> None:
    node.source = replace(node.source, expected_minimum=100)
    node.visit()
    for name in list(node.portal.packages)[::2]:
        del node.portal.packages[name]
    node.clock.now += timedelta(days=60)
    outcomes, problem = node.visit()
    assert not any(isinstance(one, (Missing, Withdrawn)) for one in outcomes)
    assert "expected at least 100" in node.services.publisher.visits()[0].problem
    assert problem == ""
    assert node.held() == NUMBER


def test_a_change_of_the_node_file_is_a_reason_to_read_anew(node: Node) -> None:
    node.visit()
    node.portal.fetched.clear()
    node.source = replace(node.source, options={"language": "fr"})
    outcomes, _ = node.visit()
    assert sum(isinstance(one, Stored) for one in outcomes) == len(node.portal.fetched) == NUMBER
