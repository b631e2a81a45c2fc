"""Links to evidence are looked at; a dead one refuses nothing and does not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from catalogue.assembly import LINK_LIMITS
from catalogue.assessments import fates
from catalogue.fetch import Fetcher
from catalogue.quality import Doubt, Standing
from tests.contract.place import COHORT, REPORT, Clock, Place, mark, opened


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
