"""How politely hosts are asked: no oftener than allowed, and not what their robots.txt forbids (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from urllib.parse import urlsplit

from protego import Protego
from pyrate_limiter import Limiter, Rate

from catalogue.errors import SourceUnavailable

AGENT = "ehds-catalogue"
"""The name a robots.txt may address us by."""
SECOND = 1000
"""Milliseconds."""


class Manners:
    """What several readers of one visit share. It is for several threads."""

    def __init__(self, per_second: float | None = None, robots: bool = False) -> None:
        """``per_second`` requests go to one host at most; None for as many as come. ``robots``: obey robots.txt."""
        self._per_second = per_second
        self._robots = robots
        self._rules: dict[str, Protego] = {}
        self._limiters: dict[str, Limiter] = {}
        self._lock = RLock()

    def wait(self, url: str) -> None:
        """Return when the host of a URL may be asked again."""
        host = urlsplit(url).netloc
        with self._lock:
            if host not in self._limiters and self._per_second:
                self._limiters[host] = _limiter(self._per_second)
            limiter = self._limiters.get(host)
        if limiter is not None:
            limiter.try_acquire(host, blocking=True)

    def check(self, url: str, read: Callable[[str], str]) -> None:
        """Look whether the host allows that a URL is read; ``read`` gives the text of a robots.txt, "" for none.

        Its Crawl-delay is kept from then on. Raises :class:`~catalogue.errors.SourceUnavailable` when it does not.
        """
        if not self._robots:
            return
        parts = urlsplit(url)
        with self._lock:
            rules = self._rules.get(parts.netloc)
            if rules is None:
                rules = self._rules[parts.netloc] = Protego.parse(read(f"{parts.scheme}://{parts.netloc}/robots.txt"))
                delay = rules.crawl_delay(AGENT)
                if delay and delay > 1 / (self._per_second or float("inf")):
                    self._limiters[parts.netloc] = _limiter(1 / delay)
        if not rules.can_fetch(url, AGENT):
            raise SourceUnavailable(
                "the robots.txt of the host forbids programs to read this",
                where=url,
                remedy=f"ask whoever runs it to allow the agent {AGENT!r}; where they agreed to be harvested, "
                'state `cat:option [ cat:name "robots" ; cat:value "ignore" ]` in the node file',
            )


def _limiter(per_second: float) -> Limiter:
    rate = Rate(int(per_second), SECOND) if per_second >= 1 else Rate(1, int(SECOND / per_second))
    return Limiter(rate, buffer_ms=0)
