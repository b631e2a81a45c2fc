"""How servers are asked: whether something changed, by whom, how often, several at once, by POST."""

from __future__ import annotations

import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, TypeAlias

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import digest
from catalogue.model import Login
from catalogue.ports import Past, Version
from tests.live.conftest import running
from tests.live.test_fetch import NODE, TURTLE, fetcher, redirect

if TYPE_CHECKING:
    from conftest import Site as _Site

    Site: TypeAlias = _Site

pytestmark = pytest.mark.live


def versioned(handler: BaseHTTPRequestHandler) -> None:
    """A page that knows conditional requests."""
    same = handler.headers.get("If-None-Match") == '"v1"'
    handler.send_response(304 if same else 200)
    handler.send_header("ETag", '"v1"')
    if not same:
        handler.send_header("Content-Type", "text/turtle")
        handler.send_header("Link", '</next>; rel="next"')
        handler.send_header("Content-Length", str(len(TURTLE)))
    handler.end_headers()
    if not same:
        handler.wfile.write(TURTLE)


def test_what_did_not_change_comes_out_of_the_archive(site: Site) -> None:
    url = site.at("/doc", versioned)
    first = fetcher()
    given = first.get(url)
    assert first.versions == {url: Version(digest(TURTLE), '"v1"', "", "text/turtle", site.url + "/next")}
    kept = {digest(TURTLE): TURTLE}
    second = fetcher().visit(NODE, Past(versions=first.versions, recall=kept.get))
    again = second.get(url)
    assert site.headers[-1]["If-None-Match"] == '"v1"'
    assert (again.content, again.media_type, again.next) == (given.content, given.media_type, given.next)
    assert second.versions == first.versions


def test_what_the_archive_does_not_hold_is_asked_for_anew(site: Site) -> None:
    url = site.at("/doc", versioned)
    visit = fetcher().visit(NODE, Past(versions={url: Version(digest(TURTLE), '"v1"', "", "text/turtle")}))
    assert visit.get(url).content == TURTLE
    assert "If-None-Match" not in site.headers[-1]


def test_a_new_version_is_taken(site: Site) -> None:
    url = site.at("/doc", versioned)
    old = Past(versions={url: Version(digest(b"old"), '"v0"', "", "text/turtle")}, recall={digest(b"old"): b"old"}.get)
    visit = fetcher().visit(NODE, old)
    assert visit.get(url).content == TURTLE
    assert visit.versions[url].etag == '"v1"'


def test_a_login_is_sent_to_the_host_of_the_node_only(site: Site) -> None:
    with running() as other:
        url = other.page("/doc", TURTLE)
        site.at("/moved", lambda handler: redirect(handler, url))
        site.page("/here", TURTLE)
        visit = fetcher().visit(replace(NODE, endpoint=site.url + "/", login=Login(token="secret")), Past())
        visit.get(site.url + "/here")
        assert site.headers[-1]["Authorization"] == "Bearer secret"
        visit.get(site.url + "/moved")
        assert "Authorization" not in other.headers[-1]
        fetcher().visit(replace(NODE, endpoint=site.url, login=Login("me", "word")), Past()).get(site.url + "/here")
        assert site.headers[-1]["Authorization"] == "Basic bWU6d29yZA=="
    assert "secret" not in repr(Login(token="secret"))
    assert "word" not in repr(Login("me", "word"))


@pytest.mark.parametrize("endpoint", ["postgresql://h:port/db", "http://[::1", "http://h:99999/"])
def test_an_endpoint_that_is_no_address_gets_no_login_and_breaks_nothing(site: Site, endpoint: str) -> None:
    site.page("/here", TURTLE)
    visit = fetcher().visit(replace(NODE, endpoint=endpoint, login=Login(token="secret")), Past())
    visit.get(site.url + "/here")
    assert "Authorization" not in site.headers[-1]


def test_robots_are_heeded_and_may_be_overruled_by_the_owner(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    site.page("/private/doc", TURTLE)
    site.page("/public/doc", TURTLE)
    visit = Fetcher(Limits(robots=True)).visit(NODE, Past())
    assert visit.get(site.url + "/public/doc").content == TURTLE
    with pytest.raises(SourceUnavailable, match=r"robots\.txt.*allow the agent"):
        visit.get(site.url + "/private/doc")
    with pytest.raises(SourceUnavailable, match=r"robots\.txt"):
        visit.post(site.url + "/private/doc", b"", media_type="text/plain")
    assert site.requests.count("/robots.txt") == 1
    agreed = Fetcher(Limits(robots=True)).visit(replace(NODE, options={"robots": "ignore"}), Past())
    assert agreed.get(site.url + "/private/doc").content == TURTLE


def test_the_pace_of_a_node_and_its_crawl_delay_are_kept(site: Site) -> None:
    for path in ("/a", "/b", "/c"):
        site.page(path, TURTLE)
    slow = fetcher().visit(replace(NODE, options={"requests-per-second": "10"}), Past())
    began = time.monotonic()
    for _ in range(7):
        for path in ("/a", "/b"):
            slow.get(site.url + path)
    assert time.monotonic() - began > 0.9
    site.page("/robots.txt", "User-agent: ehds-catalogue\nCrawl-delay: 0.4\n", "text/plain")
    began, asked = time.monotonic(), Fetcher(Limits(robots=True)).visit(NODE, Past())
    for path in ("/a", "/b", "/c"):
        asked.get(site.url + path)
    assert time.monotonic() - began > 0.75


def test_many_are_read_at_once_and_given_in_order(site: Site) -> None:
    for number in range(20):
        site.page(f"/{number}", str(number), "text/plain")
    urls = [f"{site.url}/{number}" for number in range(20)]
    urls.insert(3, site.url + "/missing")
    given = list(fetcher().get_all(urls))
    assert isinstance(given[3], SourceUnavailable)
    assert "404" in str(given.pop(3))
    assert [one.content for one in given if not isinstance(one, Exception)] == [str(n).encode() for n in range(20)]


def test_questions_are_posted(site: Site) -> None:
    seen = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    url = site.at("/ask", answer)
    given = fetcher().post(url, b'{"a": 1}', media_type="application/json", accept="application/json")
    assert (given.content, given.media_type, seen) == (b"{}", "application/json", [b'{"a": 1}'])
    assert site.headers[-1]["Content-Type"] == "application/json"
