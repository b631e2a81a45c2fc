"""What the contract of harvesters needs to know about a sample node, and readers that go wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Source
from catalogue.ports import Past, Response, Version, Web

LIMITS = Limits(max_bytes=50_000_000, max_seconds=20, attempts=1)


def read(source: Source, past: Past) -> Web:
    """The usual reader."""
    return Fetcher(LIMITS).visit(source, past)


@dataclass(frozen=True)
class Sample:
    """A node to harvest."""

    source: Source
    least: int = 1
    """Datasets it gives at least."""
    canaries: tuple[str, ...] = ()
    """Texts about persons that stand in the source and must not come out anywhere."""
    leftovers: tuple[str, ...] = ()
    """Fields planted in a record that no harvester knows; each must be noted."""
    change: Callable[[], object] | None = None
    """Changes one dataset at the source."""
    apart: bool = True
    """Each dataset is a record of its own, so that one change leaves the others untouched."""
    web: Callable[[Source, Past], Web] = field(default=read)


class Faulty:
    """A reader whose n-th answer is spoilt."""

    def __init__(self, web: Web, number: int, spoil: Callable[[Response], Response]) -> None:
        self._web, self._number, self._spoil = web, number, spoil
        self.asked = 0

    @property
    def versions(self) -> Mapping[str, Version]:
        return self._web.versions

    def known(self, document: str) -> bool:
        return self._web.known(document)

    def get(self, url: str, *, accept: str = "*/*", params: Mapping[str, str] | None = None) -> Response:
        return self._maybe(self._web.get(url, accept=accept, params=params))

    def post(self, url: str, content: bytes, *, media_type: str, accept: str = "*/*") -> Response:
        return self._maybe(self._web.post(url, content, media_type=media_type, accept=accept))

    def get_all(self, urls: Iterable[str], *, accept: str = "*/*") -> Iterator[Response | SourceUnavailable | BadInput]:
        for answer in self._web.get_all(urls, accept=accept):
            try:
                yield self._maybe(answer) if isinstance(answer, Response) else answer
            except (SourceUnavailable, BadInput) as error:
                yield error

    def _maybe(self, response: Response) -> Response:
        self.asked += 1
        return self._spoil(response) if self.asked == self._number else response
