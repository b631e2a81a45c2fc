"""The HTTP session of a visit: patient up to a deadline, with a login for one host only, cut off from outside."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3 import BaseHTTPResponse, Retry

from catalogue.errors import SourceUnavailable
from catalogue.manners import AGENT
from catalogue.model import Login


class Session(requests.Session):
    """Leaves redirects alone: requests itself would read their bodies whole, however large."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class Adapter(HTTPAdapter):
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


class Patience(Retry):
    """Repeats as urllib3 does, but never waits past a deadline."""

    deadline = float("inf")
    where = ""

    @classmethod
    def until(cls, deadline: float, where: str, attempts: int, backoff_seconds: float) -> Patience:
        """``attempts`` in all; the wait before the second repetition is ``backoff_seconds``, then doubled each time."""
        patience = cls(
            total=attempts - 1,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET", "POST"),
            backoff_factor=backoff_seconds,
            raise_on_status=False,
        )
        patience.deadline, patience.where = deadline, where
        return patience

    def new(self, **kw: Any) -> Patience:
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


def user_agent() -> str:
    """Who we say we are."""
    try:
        return f"{AGENT}/{version('ehds-catalogue')}"
    except PackageNotFoundError:  # run from the source tree
        return AGENT


class Credentials(AuthBase):
    """Sends a login to the host it is for and to no other; what stands in a .netrc file is never sent."""

    def __init__(self, login: Login | None = None, endpoint: str = "") -> None:
        self._login = login
        self._place = _place(endpoint)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """What requests calls before it sends anything."""
        login = self._login
        if login is None or not self._place[0] or _place(request.url or "") != self._place:
            return request
        if login.token:
            request.headers["Authorization"] = f"{login.scheme} {login.token}"
            return request
        HTTPBasicAuth(login.user, login.password)(request)  # which sets the header of the request itself
        return request


def _place(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port of an address; nothing of what is none, which whoever reads it will say."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return "", None, None
