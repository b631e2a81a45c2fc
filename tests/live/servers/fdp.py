"""A FAIR Data Point (fdpneo) on PostgreSQL and Oxigraph, with an issuer of the one token that may write to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.live.servers.oxigraph import Oxigraph, oxigraph
from tests.live.servers.postgres import postgres
from tests.live.servers.running import CACHE, NotInstalled, answers, free_port, listening, run, started

PROGRAMS = CACHE / "fdp" / "bin"
AUDIENCE = "fdp"
PART_OF = "http://purl.org/dc/terms/isPartOf"


@dataclass(frozen=True)
class Fdp:
    """A running FAIR Data Point; ``url`` is its root, which anybody may read."""

    url: str
    token: str

    def create_catalog(self, turtle: str, *, published: bool = True) -> str:
        """Add a catalogue, described about ``<>``; gives its IRI. Only its maker sees one that is not published."""
        return self._create("catalog", turtle, self.url, published)

    def create_dataset(self, turtle: str, catalog: str, *, published: bool = True) -> str:
        """Add a dataset, described about ``<>``, to a catalogue; gives its IRI."""
        return self._create("dataset", turtle, catalog, published)

    def create_distribution(self, turtle: str, dataset: str, *, published: bool = True) -> str:
        """Add a distribution, described about ``<>``, to a dataset; gives its IRI."""
        return self._create("distribution", turtle, dataset, published)

    def publish(self, iri: str) -> None:
        """Let everybody see a record."""
        path = iri.removeprefix(self.url)
        self._ask("POST", f"{self.url}/fdp-api{path}/state", b'{"to": "PUBLISHED"}', "application/json")

    def replace(self, iri: str, turtle: str) -> None:
        """Describe a record anew; ``turtle`` says of what it is a part."""
        self._ask("PUT", iri, turtle.encode(), "text/turtle", {"If-Match": self._etag(iri)})

    def delete(self, iri: str) -> None:
        """Remove a record."""
        self._ask("DELETE", iri, more={"If-Match": self._etag(iri)})

    def _create(self, kind: str, turtle: str, parent: str, published: bool) -> str:
        content = f"{turtle}\n<> <{PART_OF}> <{parent}> .\n".encode()
        state = {"Prefer": "publication-state=PUBLISHED"} if published else {}
        return self._ask("POST", f"{self.url}/{kind}", content, "text/turtle", state)["Location"]

    def _etag(self, iri: str) -> str:
        return self._ask("GET", iri, more={"Accept": "text/turtle"})["ETag"]

    def _ask(
        self, method: str, url: str, content: bytes | None = None, kind: str = "", more: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}", **({"Content-Type": kind} if kind else {}), **(more or {})}
        try:
            with urlopen(Request(url, content, headers, method=method), timeout=60) as answer:
                return {"Location": answer.headers.get("Location", ""), "ETag": answer.headers.get("ETag", "")}
        except HTTPError as error:
            raise RuntimeError(f"{method} {url}: {error.code} {error.read().decode()[:2000]}") from error


@contextmanager
def fdp(folder: Path) -> Iterator[Fdp]:
    """A FAIR Data Point with no catalogues; everything it writes goes below ``folder``."""
    if not PROGRAMS.is_dir():
        raise NotInstalled("fdpneo", "run `sh tests/live/install.sh` where there is Python 3.12 or newer")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        triples = stack.enter_context(oxigraph(folder))
        issuer, token = stack.enter_context(_issuer(folder))
        settings = _settings(url, database, triples, issuer)
        run([str(PROGRAMS / "fdp"), "db", "migrate"], cwd=folder, env=settings)
        server = [str(PROGRAMS / "uvicorn"), "fdpneo_server.main:app", "--host", "127.0.0.1", "--port", str(port)]
        health = f"{url}/fdp-api/healthz"
        stack.enter_context(started(server, folder / "fdp.log", lambda: answers(health), env=settings))
        yield Fdp(url, token)


@contextmanager
def _issuer(folder: Path) -> Iterator[tuple[str, str]]:
    """The address of an OpenID Connect issuer, and a token of its with all roles."""
    port, documents = free_port(), folder / "issuer"
    url = f"http://127.0.0.1:{port}"
    writing = [str(PROGRAMS / "python"), str(Path(__file__).with_name("issuer.py")), url, AUDIENCE, str(documents)]
    token = run([*writing, "admin", "steward"]).strip()
    serving = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(documents)]
    with started(serving, folder / "issuer.log", lambda: listening(port)):
        yield url, token


def _settings(url: str, database: str, triples: Oxigraph, issuer: str) -> dict[str, str]:
    return {
        "POSTGRES_DSN": database.replace("postgresql:", "postgresql+asyncpg:"),
        "FDP_TRIPLESTORE_QUERY_ENDPOINT": triples.query,
        "FDP_TRIPLESTORE_UPDATE_ENDPOINT": f"{triples.url}/update",
        "FDP_TRIPLESTORE_GRAPH_STORE_ENDPOINT": f"{triples.url}/store",
        "FDP_OIDC_ISSUER": issuer,
        "FDP_OIDC_AUDIENCE": AUDIENCE,
        "FDP_OIDC_ROLES_CLAIM": "roles",
        "BASE_URL": url,
        "IDENTIFIER_BASE": url,
        "FDP_INDEX_PING_IN_PROCESS": "false",
        "FDP_RATELIMIT_ENABLED": "false",
        "FDP_PROFILE_AUTO_APPLY": "true",
        "ENVIRONMENT": "production",
        "LOG_LEVEL": "WARNING",
    }
