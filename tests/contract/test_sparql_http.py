"""How the store over HTTP behaves towards servers that are dead, slow, in the wrong place or want a password."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from urllib.request import parse_http_list, parse_keqv_list

import pytest

from catalogue.errors import QueryTimeout, StoreError
from catalogue.graphs import Literal, NamedNode, Triple
from catalogue.model import Change
from catalogue.stores.sparql import RemoteEndpoint, SparqlStore

G = "https://example.org/g"
P = NamedNode("https://example.org/p")
TRIPLES = [Triple(P, P, Literal("DROP é +&="))]
CHANGE = Change.of(replace={G: TRIPLES}, fresh=True)
EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[]}}'


def md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Answers by path; ``seen`` keeps the decoded forms."""

    seen: list[dict[str, list[str]]]

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
        authorization = self.headers.get("Authorization", "")
        match self.path:
            case "/html":
                self.answer(200, b"<p>Welcome", "text/html")
            case "/slow":
                self.answer(200, b"", length=100)
                for _ in range(100):
                    time.sleep(0.1)
                    self.wfile.write(b" ")
            case "/silent":
                time.sleep(4)
            case "/basic" if authorization != "Basic dTpww6k=":  # u:pé
                self.answer(401, b"who?", challenge="Basic realm=SPARQL")
            case "/digest" if not self.digest_fits(authorization):
                self.answer(401, b"who?", challenge='Digest realm="SPARQL", nonce="n", qop="auth", algorithm="MD5"')
            case _:
                self.seen.append(form)
                self.answer(200, EMPTY)

    def digest_fits(self, authorization: str) -> bool:
        if not authorization.startswith("Digest "):
            return False
        given = parse_keqv_list(parse_http_list(authorization[7:]))
        secret, asked = md5("u", "SPARQL", "p"), md5("POST", "/digest")
        return given["response"] == md5(secret, "n", given["nc"], given["cnonce"], "auth", asked)

    def answer(
        self,
        status: int,
        body: bytes,
        media_type: str = "application/sparql-results+json",
        *,
        challenge: str = "",
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def http() -> Iterator[str]:
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that hang up are the point
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def store(url: str, **options: object) -> SparqlStore:
    return SparqlStore(url, url, **options)  # type: ignore[arg-type]


def test_a_dead_server_says_where_it_should_be() -> None:
    dead = store("http://127.0.0.1:9/sparql")
    for call in (lambda: dead.graph(G), lambda: dead.commit(CHANGE)):
        with pytest.raises(StoreError, match="refused") as caught:
            call()
        assert "127.0.0.1:9" in caught.value.where
        assert "store_query" in caught.value.remedy


def test_a_url_that_is_not_sparql_is_a_store_error(http: str, empty_server: str) -> None:
    with pytest.raises(StoreError, match="404"):
        store(f"{empty_server}/nothing").graph(G)
    with pytest.raises(StoreError, match="not SPARQL results"):
        store(f"{http}/html").graph(G)


def test_what_a_server_says_against_a_query_is_passed_on(empty_server: str) -> None:
    with pytest.raises(StoreError, match=r"HTTP 400 .*error at 1:21"):
        store(f"{empty_server}/query").select("SELECT * { ?s FILTER }")


@pytest.mark.parametrize("path", ["slow", "silent"])
def test_the_time_limit_holds_for_the_whole_answer(http: str, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(StoreError, match="longer than 1 seconds"):
        store(f"{http}/{path}", seconds=1).graph(G)
    with pytest.raises(QueryTimeout):
        RemoteEndpoint(f"{http}/{path}", seconds=1).query("ASK {}", "")
    assert time.monotonic() - begun < 4


def test_a_change_is_one_update_request(http: str) -> None:
    other = "https://example.org/h"
    store(f"{http}/any").commit(Change.of(replace={G: TRIPLES, other: []}, append={other: TRIPLES}))
    (form,) = Handler.seen
    (update,) = form["update"]
    assert update.startswith(f"DROP SILENT GRAPH <{G}> ;\nDROP SILENT GRAPH <{other}> ;\nINSERT DATA")
    assert update.count("DROP é +&=") == 2


@pytest.mark.parametrize("path", ["basic", "digest"])
def test_login(http: str, path: str) -> None:
    password = "pé" if path == "basic" else "p"
    store(f"{http}/{path}", user="u", password=password, digest=path == "digest").commit(CHANGE)
    assert len(Handler.seen) == 1
    with pytest.raises(StoreError, match="401"):
        store(f"{http}/{path}", user="u", password="wrong", digest=path == "digest").commit(CHANGE)
    with pytest.raises(StoreError, match="401"):
        store(f"{http}/{path}").commit(CHANGE)
