"""Outbound reading: URLs by HTTP, files by path, with limits on bytes, time and redirects, packed and unpacked."""

from __future__ import annotations

import socket
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import HTTPError

from catalogue.errors import SourceUnavailable
from catalogue.graphs import media_type_of
from catalogue.ports import Response
from catalogue.unpack import BLOCK, bounded, gunzipped, sliced, too_large, unzipped


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost."""

    max_bytes: int = 256_000_000
    """Bytes, counted on the wire and again after unpacking."""
    max_seconds: float = 120.0
    """Seconds from the first connection to the last byte, waits and redirects included."""
    max_redirects: int = 5
    connect_seconds: float = 10.0
    """Longest wait for a connection."""
    silence_seconds: float = 30.0
    """Longest wait for the next byte."""
    attempts: int = 4
    """How often a busy (429, 502, 503, 504) or unreachable server is asked in all."""
    backoff_seconds: float = 0.5
    """Wait before the second repetition, doubled each time, unless the server names its own with Retry-After."""


class Fetcher:
    """Reads documents. Use one per visit: it keeps connections and is not for several threads at once."""

    def __init__(self, limits: Limits | None = None, known: Collection[str] = frozenset()) -> None:
        self._limits = limits or Limits()
        self._known = known
        self._session = _Session()
        self._session.auth = _no_credentials
        self._session.headers.update({"User-Agent": _user_agent(), "Accept-Encoding": "gzip"})
        self._adapter = _Adapter()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def visit(self, known: Collection[str]) -> Fetcher:
        """One with the same limits for one visit; ``known`` are the digests of documents wholly harvested before."""
        return Fetcher(self._limits, known)

    def known(self, document: str) -> bool:
        """Whether a document of this digest was wholly harvested before by the same version of the rules."""
        return document in self._known

    def get(self, url: str, *, accept: str = "*/*", params: Mapping[str, str] | None = None) -> Response:
        """Fetch a URL or read a file (path or ``file:``); gzip is unpacked, a zip archive is opened into ``parts``.

        A redirect leads to http and https only, never to a file. Raises
        :class:`~catalogue.errors.SourceUnavailable` when it cannot be had, :class:`~catalogue.errors.TooLarge`
        when it is over the limit, :class:`~catalogue.errors.BadInput` when its compression is broken.
        """
        scheme, separator, _ = url.partition("://")
        if not separator:
            return self._file(Path(url).expanduser(), url)
        match scheme.lower():
            case "file":
                return self._file(Path(unquote(urlsplit(url).path)), url)
            case "http" | "https":
                with self._patience(url) as deadline, _plain_words(url, deadline, self._limits):
                    return self._http(url, accept, params, deadline)
            case _:
                raise SourceUnavailable(
                    f"{scheme} addresses cannot be read", where=url, remedy="give an http(s) address or a path"
                )

    def probe(self, url: str) -> str:
        """Why nothing answers at an http(s) address; empty when something does. The body is not read.

        Something that wants a login (401, 403) answers: whoever verifies may have one.
        """
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            return "only http and https addresses are looked at"
        try:
            with (
                self._patience(url) as deadline,
                _plain_words(url, deadline, self._limits),
                self._final(url, "*/*", None) as answer,
            ):
                good = 200 <= answer.status_code < 300 or answer.status_code in (401, 403)
                return "" if good else _refusal(answer).what
        except SourceUnavailable as error:
            return error.what

    def _file(self, path: Path, where: str) -> Response:
        try:
            if not path.is_file():
                raise SourceUnavailable("there is no such file", where=where, remedy="check the path in the node file")
            if path.stat().st_size > self._limits.max_bytes:
                raise too_large(where, self._limits.max_bytes)
            content = path.read_bytes()
        except OSError as error:
            raise SourceUnavailable(
                f"the file cannot be read: {error.strerror}", where=where, remedy="check its permissions"
            ) from error
        return self._unpacked(Response(content, "", where), path.name)

    def _http(self, url: str, accept: str, params: Mapping[str, str] | None, deadline: float) -> Response:
        with self._final(url, accept, params) as answer:
            if not 200 <= answer.status_code < 300:
                raise _refusal(answer)
            limit = self._limits.max_bytes
            if int(answer.headers.get("Content-Length", "0")) > limit:
                raise too_large(answer.url, limit)
            body = bounded(_wire(answer, deadline), answer.url, limit)
            match answer.headers.get("Content-Encoding", "").strip().lower():
                case "" | "identity":
                    content = b"".join(body)
                case "gzip" | "x-gzip":
                    content = gunzipped(body, answer.url, limit)
                case other:
                    raise SourceUnavailable(
                        f"the server compresses with {other!r}, which was not asked for",
                        where=answer.url,
                        remedy="ask whoever runs it to answer plainly or with gzip",
                    )
        media_type = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
        following = answer.links.get("next", {}).get("url")
        following = urljoin(answer.url, following) if following else ""
        response = Response(content, media_type, answer.url, answer.headers, next=following)
        return self._unpacked(response, urlsplit(answer.url).path)

    def _final(self, url: str, accept: str, params: Mapping[str, str] | None) -> requests.Response:
        """Follow redirects, whose bodies are never read."""
        limits = self._limits
        for _ in range(limits.max_redirects + 1):
            answer = self._session.get(
                url,
                params=params,
                headers={"Accept": accept},
                timeout=(limits.connect_seconds, limits.silence_seconds),
                stream=True,
            )
            if not answer.is_redirect:
                return answer
            answer.close()
            url, params = urljoin(answer.url, answer.headers["Location"]), None
            if urlsplit(url).scheme not in ("http", "https"):
                raise SourceUnavailable(
                    f"the address redirects to {url!r}, which is not http or https",
                    where=answer.url,
                    remedy="check the address in the node file",
                )
        raise SourceUnavailable(
            f"the address redirects more than {limits.max_redirects} times",
            where=url,
            remedy="give the final address in the node file",
        )

    def _unpacked(self, response: Response, name: str) -> Response:
        """Open what is packed; guess the media type from the name where nothing better is known."""
        limit = self._limits.max_bytes
        if response.content[:2] == b"\x1f\x8b":
            plain = gunzipped(sliced(response.content), response.url, limit)
            return replace(response, content=plain, media_type=media_type_of(name) or "")
        if response.content[:4] == b"PK\x03\x04":
            parts = unzipped(response.content, response.url, limit)
            return replace(response, media_type="application/zip", parts=parts)
        return replace(response, media_type=response.media_type or media_type_of(name) or "")

    @contextmanager
    def _patience(self, url: str) -> Iterator[float]:
        """Cut every connection at the deadline, even one that keeps sending a byte now and then."""
        limits = self._limits
        deadline = time.monotonic() + limits.max_seconds
        self._adapter.max_retries = _Patience.until(deadline, url, limits)
        watchdog = Timer(limits.max_seconds, self._adapter.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield deadline
        finally:
            watchdog.cancel()


class _Session(requests.Session):
    """Leaves redirects alone: requests itself would read their bodies whole, however large."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class _Adapter(HTTPAdapter):
    """Remembers its connections so that they can be cut from outside, also while the server drips its headers."""

    def __init__(self) -> None:
        super().__init__()
        self._open: WeakSet[Any] = WeakSet()

    def get_connection_with_tls_context(self, *args: Any, **named: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **named)
        plain = type(pool).ConnectionCls

        def connection(*a: Any, **kw: Any) -> Any:
            made = plain(*a, **kw)
            self._open.add(made)
            connect = made.connect

            def connected() -> None:
                connect()
                self._open.add(made.sock)

            made.connect = connected
            return made

        pool.ConnectionCls = connection
        return pool

    def cut(self) -> None:
        """Shut every socket; a connection gives its socket away to the answer and then has none itself."""
        for opened in list(self._open):
            one = getattr(opened, "sock", opened)
            if one is not None:
                with suppress(OSError):  # the other side was faster
                    one.shutdown(socket.SHUT_RDWR)


class _Patience(Retry):
    """Repeats as urllib3 does, but never waits past a deadline."""

    deadline = float("inf")
    where = ""

    @classmethod
    def until(cls, deadline: float, where: str, limits: Limits) -> _Patience:
        patience = cls(
            total=limits.attempts - 1,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET",),
            backoff_factor=limits.backoff_seconds,
            raise_on_status=False,
        )
        patience.deadline, patience.where = deadline, where
        return patience

    def new(self, **kw: Any) -> _Patience:
        fresh = super().new(**kw)
        fresh.deadline, fresh.where = self.deadline, self.where
        return fresh

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        asked = None if response is None else self.get_retry_after(response)
        wait = asked or self.get_backoff_time()
        if time.monotonic() + wait > self.deadline:
            busy = "the server is busy and asks us to wait longer than the time limit"
            raise SourceUnavailable(
                busy if asked else "the server does not answer in time",
                where=self.where,
                remedy="try later, or raise the time limit of a document",
            )
        time.sleep(wait)


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what stands in a .netrc file."""
    return request


def _user_agent() -> str:
    try:
        return "ehds-catalogue/" + version("ehds-catalogue")
    except PackageNotFoundError:  # run from the source tree
        return "ehds-catalogue"


def _wire(answer: requests.Response, deadline: float) -> Iterator[bytes]:
    """The body as it is on the wire, as it comes; a connection cut at the deadline is no end of the document."""
    while True:
        block = answer.raw.read1(BLOCK, decode_content=False)
        if time.monotonic() >= deadline:
            raise TimeoutError
        if not block:
            return
        yield block


_REMEDIES = {
    401: "the node wants credentials; ask whoever runs it for a public address",
    403: "the node forbids reading; ask whoever runs it",
    404: "check the address in the node file",
    406: "the node offers no RDF syntax we read; ask whoever runs it",
    410: "this address is gone for good; ask whoever runs the node for the new one",
    429: "the node is asked too often; visit it less often",
}


def _refusal(answer: requests.Response) -> SourceUnavailable:
    remedy = _REMEDIES.get(answer.status_code, "try later; if it stays so, tell whoever runs the node")
    said = f"{answer.status_code} {answer.reason or ''}".rstrip()
    return SourceUnavailable(f"the server answered {said}", where=answer.url, remedy=remedy)


@contextmanager
def _plain_words(url: str, deadline: float, limits: Limits) -> Iterator[None]:
    """Say what requests and urllib3 raise in words an operator understands."""
    try:
        yield
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        if time.monotonic() >= deadline:
            what = f"the document took longer than {limits.max_seconds:g} seconds"
            remedy = "try later, or raise the time limit of a document"
        else:
            what, remedy = _explained(error)
        raise SourceUnavailable(what, where=url, remedy=remedy) from error


def _explained(error: Exception) -> tuple[str, str]:
    said = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "the TLS certificate of the server cannot be trusted", (
            "have it renewed; for an authority of your own set REQUESTS_CA_BUNDLE to its certificate"
        )
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError)):
        return "this is no valid address", "check the address in the node file"
    for words, what, remedy in _SYMPTOMS:
        if any(word in said for word in words):
            return what, remedy
    return "the server cannot be reached", "check the address and the network"


_SYMPTOMS = (
    (("NameResolution", "getaddrinfo", "Name or service"), "no host has this name", "check the address"),
    (("refused",), "the host refuses the connection: nothing listens there", "check the port, or try later"),
    (("timed out",), "the server does not answer in time", "try later; if it stays so, tell whoever runs the node"),
    (
        ("IncompleteRead", "Connection broken", "closed connection", "aborted", "reset"),
        "the connection broke before the document was complete",
        "try later; if it stays so, tell whoever runs the node",
    ),
)
