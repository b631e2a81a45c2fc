"""Outbound reading: URLs by HTTP, files by path, with limits on bytes, time and redirects, packed and unpacked."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Timer, local
from urllib.parse import unquote, urljoin, urlsplit

import requests

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.fetch_session import Adapter, Credentials, Patience, Session, user_agent
from catalogue.fetch_words import plain_words, refusal
from catalogue.graphs import digest, media_type_of
from catalogue.manners import Manners
from catalogue.model import Source
from catalogue.ports import Past, Response, Version
from catalogue.unpack import BLOCK, bounded, gunzipped, sliced, too_large, unzipped

READERS = 4
"""Documents of one node that are read at once."""
ROBOTS_BYTES = 500_000
"""As much of a robots.txt is heeded (RFC 9309, 2.5)."""


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
    per_second: float | None = None
    """Most requests to one host in a second; None for as many as come."""
    robots: bool = False
    """Whether visits obey robots.txt."""


@dataclass(frozen=True)
class _Asked:
    """One request; POST when it has content."""

    url: str
    accept: str = "*/*"
    params: Mapping[str, str] | None = None
    content: bytes | None = None
    media_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Reads documents. Use one per visit: it keeps connections and is not for several threads at once."""

    def __init__(
        self,
        limits: Limits | None = None,
        past: Past | None = None,
        manners: Manners | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._past = past or Past()
        self._manners = manners or Manners()
        self._credentials = credentials or Credentials()
        self.versions: dict[str, Version] = {}
        """What servers said of the versions of the documents that were read, by URL."""
        self._session = Session()
        self._session.auth = self._credentials
        self._session.headers.update({"User-Agent": user_agent(), "Accept-Encoding": "gzip"})
        self._adapter = Adapter()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def visit(self, source: Source, past: Past) -> Fetcher:
        """One with the same limits for one visit to a node, with its login and at the pace its file asks for.

        Options of the node: ``requests-per-second`` (a number), ``robots`` (``ignore`` where the owner agreed).
        """
        pace = source.options.get("requests-per-second")
        manners = Manners(
            float(pace) if pace else self._limits.per_second,
            self._limits.robots and source.options.get("robots") != "ignore",
        )
        return Fetcher(self._limits, past, manners, Credentials(source.login, source.endpoint))

    def _another(self) -> Fetcher:
        """One for another thread of the same visit."""
        other = Fetcher(self._limits, self._past, self._manners, self._credentials)
        other.versions = self.versions
        return other

    def known(self, document: str) -> bool:
        """Whether a document of this digest was wholly harvested before by the same version of the rules."""
        return document in self._past.known

    def get(self, url: str, *, accept: str = "*/*", params: Mapping[str, str] | None = None) -> Response:
        """Fetch a URL or read a file (path or ``file:``); gzip is unpacked, a zip archive is opened into ``parts``.

        A server that told the version of a document at an earlier visit is asked whether it changed; if not, the
        document comes out of the archive. A redirect leads to http and https only, never to a file. Raises
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
                return self._current(_Asked(url, accept, params))
            case _:
                raise SourceUnavailable(
                    f"{scheme} addresses cannot be read", where=url, remedy="give an http(s) address or a path"
                )

    def post(self, url: str, content: bytes, *, media_type: str, accept: str = "*/*") -> Response:
        """Ask by POST, for queries that have no other form; nothing may be changed by them, so they are repeated too.

        Raises the same as :meth:`get`.
        """
        self._manners.check(url, self._robots)
        return self._http(_Asked(url, accept, content=content, media_type=media_type))

    def get_all(self, urls: Iterable[str], *, accept: str = "*/*") -> Iterator[Response | SourceUnavailable | BadInput]:
        """Fetch many URLs, :data:`READERS` at once; what came of each, in their order."""
        mine = local()

        def read(url: str) -> Response | SourceUnavailable | BadInput:
            if not hasattr(mine, "fetcher"):
                mine.fetcher = self._another()
            try:
                answer: Response = mine.fetcher.get(url, accept=accept)
            except (SourceUnavailable, BadInput) as error:
                return error
            return answer

        with ThreadPoolExecutor(READERS) as pool:
            waiting: deque[Future[Response | SourceUnavailable | BadInput]] = deque()
            for url in urls:
                waiting.append(pool.submit(read, url))
                if len(waiting) > 2 * READERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def probe(self, url: str) -> str:
        """Why nothing answers at an http(s) address; empty when something does. The body is not read.

        Something that wants a login (401, 403) answers: whoever verifies may have one.
        """
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            return "only http and https addresses are looked at"
        try:
            with self._answer(_Asked(url)) as (answer, _):
                good = 200 <= answer.status_code < 300 or answer.status_code in (401, 403)
                return "" if good else refusal(answer).what
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

    def _current(self, asked: _Asked) -> Response:
        """The document as it is now, out of the archive when the server says that it is what it was."""
        with plain_words(asked.url, float("inf"), self._limits.max_seconds):
            address = requests.Request("GET", asked.url, params=asked.params).prepare().url or asked.url
        self._manners.check(address, self._robots)
        earlier = self._past.versions.get(address)
        kept = self._past.recall(earlier.document) if earlier is not None else None
        if earlier is None or kept is None:
            return self._noted(address, self._http(asked))
        conditions = {"If-None-Match": earlier.etag, "If-Modified-Since": earlier.modified}
        response = self._http(replace(asked, headers={name: value for name, value in conditions.items() if value}))
        if response.status != requests.codes.not_modified:
            return self._noted(address, response)
        self.versions[address] = earlier
        return Response(kept, earlier.media_type, response.url, response.headers, next=earlier.next)

    def _noted(self, address: str, response: Response) -> Response:
        etag, modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        if (etag or modified) and not response.parts:
            self.versions[address] = Version(
                digest(response.content), etag, modified, response.media_type, response.next
            )
        return response

    def _robots(self, url: str) -> str:
        """The text of a robots.txt; none is as good as one that allows everything, and so is one out of reach."""
        try:
            return self._http(_Asked(url, "text/plain")).content[:ROBOTS_BYTES].decode("utf-8", "replace")
        except (SourceUnavailable, BadInput):
            return ""

    def _http(self, asked: _Asked) -> Response:
        limit = self._limits.max_bytes
        with self._answer(asked) as (answer, deadline):
            if asked.headers and answer.status_code == requests.codes.not_modified:
                return Response(b"", "", answer.url, answer.headers, status=answer.status_code)
            if not 200 <= answer.status_code < 300:
                raise refusal(answer)
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

    @contextmanager
    def _answer(self, asked: _Asked) -> Iterator[tuple[requests.Response, float]]:
        """The answer, its body unread, and the moment by which that must be read."""
        limits = self._limits
        with (
            self._patience(asked.url) as deadline,
            plain_words(asked.url, deadline, limits.max_seconds),
            self._final(asked) as answer,
        ):
            yield answer, deadline

    def _final(self, asked: _Asked) -> requests.Response:
        """Follow redirects, whose bodies are never read."""
        limits, url, params = self._limits, asked.url, asked.params
        headers = {"Accept": asked.accept, **asked.headers}
        if asked.content is not None:
            headers["Content-Type"] = asked.media_type
        for _ in range(limits.max_redirects + 1):
            self._manners.wait(url)
            answer = self._session.request(
                "GET" if asked.content is None else "POST",
                url,
                params=params,
                data=asked.content,
                headers=headers,
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
        self._adapter.max_retries = Patience.until(deadline, url, limits.attempts, limits.backoff_seconds)
        watchdog = Timer(limits.max_seconds, self._adapter.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield deadline
        finally:
            watchdog.cancel()


def _wire(answer: requests.Response, deadline: float) -> Iterator[bytes]:
    """The body as it is on the wire, as it comes; a connection cut at the deadline is no end of the document."""
    while True:
        block = answer.raw.read1(BLOCK, decode_content=False)
        if time.monotonic() >= deadline:
            raise TimeoutError
        if not block:
            return
        yield block
