"""Servers for tests: a web site on loopback whose pages a test writes, and real ones that all tests of a run share."""

from __future__ import annotations

import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.live.servers.ckan import Ckan
from tests.live.servers.ckan import ckan as a_ckan
from tests.live.servers.fdp import Fdp
from tests.live.servers.fdp import fdp as an_fdp
from tests.live.servers.orthanc import Orthanc
from tests.live.servers.orthanc import orthanc as an_orthanc
from tests.live.servers.postgres import postgres as a_postgres
from tests.live.servers.running import available
from tests.live.servers.virtuoso import Virtuoso
from tests.live.servers.virtuoso import virtuoso as a_virtuoso

Page = Callable[[BaseHTTPRequestHandler], None]
Server = TypeVar("Server")


def send(handler: BaseHTTPRequestHandler, body: bytes, media_type: str = "application/json", **headers: str) -> None:
    """Answer a request with some bytes."""
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Site:
    """Pages by path; a page is what a handler does. Every request is remembered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self.headers: list[Any] = []
        self.otherwise: Page | None = None
        """Serves what no page is for."""
        self.stop = threading.Event()
        """Set at the end of the test: pages that would wait for ever wait for this."""

    def page(self, path: str, content: bytes | str, media_type: str = "text/turtle", **headers: str) -> str:
        """Serve some bytes at a path; returns the URL."""
        body = content.encode() if isinstance(content, str) else content

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", media_type)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        return self.at(path, answer)

    def at(self, path: str, page: Page) -> str:
        """Serve at a path whatever ``page`` does; returns the URL."""
        self.pages[path] = page
        return self.url + path


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site on a free port, with TLS if a context is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(self.path)
            site.headers.append(self.headers)
            page = site.pages.get(self.path, site.otherwise)
            if page is None:
                self.send_error(404)
                return
            try:
                page(self)
            except OSError:
                self.close_connection = True  # the client has had enough

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.stop.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site."""
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    """An empty site behind TLS that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running(context) as made:
        yield made


@contextmanager
def live(server: Callable[[Path], AbstractContextManager[Server]]) -> Iterator[Server]:
    """A server that is :func:`available`, with a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="live-") as folder, available(server(Path(folder))) as made:
        yield made


@pytest.fixture(scope="session")
def orthanc() -> Iterator[Orthanc]:
    """Orthanc with DICOMweb; a test begins and ends with ``clear()``, or counts only what is its own."""
    with live(an_orthanc) as made:
        yield made


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL database; a test makes a database or a schema of its own."""
    with live(lambda _: a_postgres()) as made:
        yield made


@pytest.fixture(scope="session")
def virtuoso() -> Iterator[Virtuoso]:
    """Virtuoso; a test loads into graphs of its own."""
    with live(a_virtuoso) as made:
        yield made


@pytest.fixture(scope="session")
def ckan() -> Iterator[Ckan]:
    """CKAN with ckanext-dcat; a test begins and ends with ``clear()``, or counts only what is its own."""
    with live(a_ckan) as made:
        yield made


@pytest.fixture(scope="session")
def fdp() -> Iterator[Fdp]:
    """A FAIR Data Point; a test makes catalogues of its own."""
    with live(an_fdp) as made:
        yield made
