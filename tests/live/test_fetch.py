"""Reading from real servers on loopback: what is had, what is refused, and in which words."""

from __future__ import annotations

import gzip
import io
import socket
import time
import zipfile
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from catalogue.errors import BadInput, SourceUnavailable, TooLarge
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Source
from catalogue.ports import Past

if TYPE_CHECKING:
    from conftest import Site as _Site

    Site: TypeAlias = _Site

pytestmark = pytest.mark.live

MEGABYTE = 1_000_000
NODE = Source("n", "http://c.example.org/node/n", "N", "dcat", "http://127.0.0.1/", "http://c.example.org/dataset/n/")
TURTLE = b"<http://example.org/a> <http://example.org/b> <http://example.org/c> ."


def fetcher(**limits: float) -> Fetcher:
    given = {"max_bytes": MEGABYTE, "max_seconds": 5.0, "backoff_seconds": 0.01, **limits}
    return Fetcher(Limits(**given))  # type: ignore[arg-type]


def gzip_bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


def archive(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/"), content)
    return written.getvalue()


# --- what is had -----------------------------------------------------------------------------------------------------


def test_a_document_comes_with_its_type_its_final_address_and_its_next_link(site: Site) -> None:
    url = site.page("/a/doc", TURTLE, "Text/Turtle; charset=utf-8", Link='<page?2>; rel="next", </x>; rel="prev"')
    site.at("/old", lambda handler: redirect(handler, "/a/doc"))
    response = fetcher().get(site.url + "/old", accept="text/turtle")
    assert (response.content, response.media_type, response.url) == (TURTLE, "text/turtle", url)
    assert response.next == site.url + "/a/page?2"
    assert site.headers[-1]["Accept"] == "text/turtle"
    assert site.headers[-1]["User-Agent"].startswith("ehds-catalogue")


def redirect(handler: BaseHTTPRequestHandler, to: str) -> None:
    handler.send_response(302)
    handler.send_header("Location", to)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def test_parameters_are_sent(site: Site) -> None:
    site.page("/doc?q=a+b", TURTLE)
    fetcher().get(site.url + "/doc", params={"q": "a b"})
    assert site.requests == ["/doc?q=a+b"]


def test_gzip_is_unpacked_on_the_wire_and_as_a_file(site: Site) -> None:
    packed = gzip.compress(TURTLE[:9]) + gzip.compress(TURTLE[9:]) + b"\0" * 7
    wire = fetcher().get(site.page("/wire", packed, Content_Encoding="gzip"))
    file = fetcher().get(site.page("/file.nt.gz", packed, "application/gzip"))
    twice = fetcher().get(site.page("/twice.nt.gz", gzip.compress(packed), "application/gzip", Content_Encoding="gzip"))
    assert wire.content == file.content == twice.content == TURTLE
    assert (wire.media_type, file.media_type) == ("text/turtle", "application/n-triples")


def test_a_zip_archive_is_opened(site: Site) -> None:
    response = fetcher().get(site.page("/all.zip", archive(one=b"1", folder__two=b"2"), "application/octet-stream"))
    assert response.parts == {"one": b"1", "folder/two": b"2"}
    assert response.media_type == "application/zip"


def test_files_are_read_by_path_and_by_file_url(tmp_path: Path) -> None:
    path = tmp_path / "a b.ttl.gz"
    path.write_bytes(gzip.compress(TURTLE))
    for where in (str(path), path.as_uri()):
        response = fetcher().get(where)
        assert (response.content, response.media_type, response.url) == (TURTLE, "text/turtle", where)


def test_a_busy_server_is_asked_again_when_it_says_so(site: Site) -> None:
    asked: list[float] = []

    def busy(handler: BaseHTTPRequestHandler) -> None:
        asked.append(time.monotonic())
        handler.send_response(429 if len(asked) == 1 else 503 if len(asked) == 2 else 200)
        if len(asked) == 1:
            handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")

    assert fetcher().get(site.at("/busy", busy)).content == b"ok"
    assert 0.9 < asked[1] - asked[0] < 2
    assert asked[2] - asked[1] < 0.5


def test_known_documents_are_those_of_the_visit() -> None:
    visit = fetcher().visit(NODE, Past(frozenset({"sha256:1"})))
    assert visit.known("sha256:1")
    assert not visit.known("sha256:2")
    assert not fetcher().known("sha256:1")


def test_a_private_authority_can_be_trusted(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.parent / "cert.pem"))
    assert fetcher().get(secure_site.page("/doc", TURTLE)).content == TURTLE


def test_no_password_of_the_user_leaves_the_house(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    fetcher().get(site.page("/doc", TURTLE))
    assert site.headers[-1]["Authorization"] is None


# --- what is too large -----------------------------------------------------------------------------------------------


def endless(site: Site) -> str:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not site.stop.is_set():
            handler.wfile.write(b" " * 65536)

    return site.at("/endless", pour)


def announced(site: Site) -> str:
    def promise(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(10 * MEGABYTE))
        handler.end_headers()
        site.stop.wait(10)

    return site.at("/announced", promise)


def redirect_with_a_body(site: Site) -> str:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/endless")
        handler.end_headers()
        while not site.stop.is_set():
            handler.wfile.write(b" " * 65536)

    endless(site)
    return site.at("/redirect", pour)


TOO_LARGE = {
    "announced": announced,
    "never ending": endless,
    "never ending redirect": redirect_with_a_body,
    "gzip bomb on the wire": lambda site: site.page("/wire", gzip_bomb(50 * MEGABYTE), Content_Encoding="gzip"),
    "gzip bomb in a file": lambda site: site.page("/bomb.ttl.gz", gzip_bomb(50 * MEGABYTE), "application/gzip"),
    "bomb in a bomb": lambda site: site.page(
        "/bomb.gz", gzip.compress(gzip_bomb(50 * MEGABYTE)), "application/gzip", Content_Encoding="gzip"
    ),
    "zip bomb": lambda site: site.page("/bomb.zip", archive(a=bytes(MEGABYTE), b=bytes(MEGABYTE)), "application/zip"),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_what_is_too_large_is_refused_before_it_is_in_memory(what: str, site: Site) -> None:
    began = time.monotonic()
    with pytest.raises(TooLarge) as raised:
        fetcher().get(TOO_LARGE[what](site))
    assert "1 MB" in raised.value.what
    assert raised.value.where.startswith(site.url)
    assert raised.value.remedy
    assert time.monotonic() - began < 4


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    honest = archive(a=bytes(2 * MEGABYTE))
    path = tmp_path / "lies.zip"
    path.write_bytes(honest.replace((2 * MEGABYTE).to_bytes(4, "little"), (5).to_bytes(4, "little")))
    with pytest.raises(BadInput):
        fetcher().get(str(path))


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.ttl"
    path.write_bytes(bytes(MEGABYTE + 1))
    with pytest.raises(TooLarge):
        fetcher().get(str(path))


@pytest.mark.parametrize("broken", [gzip.compress(TURTLE * 99)[:-9], b"\x1f\x8b not gzip at all", b"PK\x03\x04 no zip"])
def test_broken_compression_is_bad_input(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl.gz"
    path.write_bytes(broken)
    with pytest.raises(BadInput) as raised:
        fetcher().get(str(path))
    assert not isinstance(raised.value, TooLarge)
    assert raised.value.where == str(path)


# --- what cannot be had ----------------------------------------------------------------------------------------------


def dead_port(_: Site) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def silent(site: Site) -> str:
    return site.at("/silent", lambda _: bool(site.stop.wait(10)) and None)


def drip(site: Site) -> str:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not site.stop.wait(0.05):
            handler.wfile.write(b"#")

    return site.at("/drip", page)


def stalls(site: Site) -> str:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(TURTLE)
        site.stop.wait(10)

    return site.at("/stalls", page)


def drip_of_headers(site: Site) -> str:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not site.stop.wait(0.05):
            handler.wfile.write(b"x")

    return site.at("/headers", page)


def cut_short(site: Site) -> str:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(TURTLE[:50])

    return site.at("/short", page)


def comes_back_tomorrow(site: Site) -> str:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", "86400")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return site.at("/tomorrow", page)


def always(status: int) -> object:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return lambda site: site.at(f"/{status}", page)


def loop(site: Site) -> str:
    site.at("/there", lambda handler: redirect(handler, "/back"))
    return site.at("/back", lambda handler: redirect(handler, "/there"))


UNAVAILABLE = {
    "dead host": (dead_port, "nothing listens"),
    "no such name": (lambda _: "http://nobody.invalid/", "no host has this name"),
    "no name": (lambda _: "http:///x", "no valid address"),
    "other scheme": (lambda _: "ftp://example.org/x", "ftp addresses"),
    "missing page": (lambda site: site.url + "/nowhere", "404"),
    "forbidden": (always(403), "403"),
    "server error": (always(500), "500"),
    "busy for ever": (always(503), "503"),
    "comes back tomorrow": (comes_back_tomorrow, "asks us to wait longer"),
    "redirects in a loop": (loop, "redirects more than 5 times"),
    "redirects to a file": (
        lambda site: site.at("/passwd", lambda handler: redirect(handler, "file:///etc/passwd")),
        "not http",
    ),
    "says nothing": (silent, "does not answer in time"),
    "drips": (drip, "took longer than 1 seconds"),
    "stalls": (stalls, "took longer than 1 seconds"),
    "drips headers": (drip_of_headers, "took longer than 1 seconds"),
    "ends early": (cut_short, "before the document was complete"),
    "unknown compression": (lambda site: site.page("/br", b"x", Content_Encoding="br"), "'br'"),
    "missing file": (lambda _: "/no/such/file.ttl", "no such file"),
    "device": (lambda _: "/dev/zero", "no such file"),
}


@pytest.mark.parametrize("what", UNAVAILABLE)
def test_what_cannot_be_had_is_said_in_plain_words(what: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    make, words = UNAVAILABLE[what]
    if what == "no such name":
        monkeypatch.setattr(socket, "getaddrinfo", _no_name)
    began = time.monotonic()
    with pytest.raises(SourceUnavailable, match=words) as raised:
        fetcher(max_seconds=1).get(make(site))
    assert raised.value.where
    assert raised.value.remedy
    assert "Pool" not in raised.value.what
    assert time.monotonic() - began < 3


def _no_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_certificate_nobody_vouches_for_is_refused(secure_site: Site) -> None:
    with pytest.raises(SourceUnavailable, match="certificate"):
        fetcher().get(secure_site.page("/doc", TURTLE))
    assert secure_site.requests == []


def test_a_quiet_server_is_given_up_after_the_silence_limit(site: Site) -> None:
    began = time.monotonic()
    with pytest.raises(SourceUnavailable, match="does not answer in time"):
        fetcher(silence_seconds=0.2, attempts=2, max_seconds=20).get(silent(site))
    assert time.monotonic() - began < 3
