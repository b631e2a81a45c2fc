"""CKAN with ckanext-dcat and its HealthDCAT-AP schema, on PostgreSQL, Redis and a stand-in for Solr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.live.servers.postgres import postgres
from tests.live.servers.running import CACHE, NotInstalled, free_port, listening, program, run, started

VENV = CACHE / "ckan"
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Ckan:
    """A running portal."""

    url: str
    token: str
    command: tuple[str, ...]
    """The command line of this portal."""

    def action(self, name: str, /, **data: Any) -> Any:
        """Call the action API as administrator."""
        headers = {"Authorization": self.token, "Content-Type": "application/json"}
        request = Request(f"{self.url}/api/3/action/{name}", json.dumps(data).encode(), headers)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["result"]
        except HTTPError as error:
            raise RuntimeError(error.read().decode("utf-8", "replace")[:2000]) from error


@contextmanager
def ckan(folder: Path) -> Iterator[Ckan]:
    """A portal with one organisation, ``hospital``, and no datasets; everything it writes goes below ``folder``."""
    command = VENV / "bin" / "ckan"
    if not command.exists():
        raise NotInstalled("CKAN is not installed: run `sh tests/live/install.sh`")
    redis = program("redis-server")
    [schema] = VENV.glob("lib/*/site-packages/ckan/config/solr/schema.xml")
    port, redis_port, solr_port = free_port(), free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        own = [redis, "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--dir", str(folder)]
        stack.enter_context(started(own, folder / "redis.log", lambda: listening(redis_port)))
        stub = [sys.executable, "-m", "tests.live.servers.solr", str(solr_port), str(schema)]
        paths = {"PYTHONPATH": str(ROOT)}
        stack.enter_context(started(stub, folder / "solr.log", lambda: listening(solr_port), env=paths))
        settings = folder / "ckan.ini"
        run([str(command), "generate", "config", str(settings)])
        given = {
            "sqlalchemy.url": database,
            "solr_url": f"http://127.0.0.1:{solr_port}/solr/ckan",
            "ckan.redis.url": f"redis://127.0.0.1:{redis_port}/0",
            "ckan.site_url": url,
            "ckan.site_id": "test",
            "ckan.storage_path": str(folder / "files"),
            "ckan.plugins": "dcat scheming_datasets",
            "scheming.dataset_schemas": "ckanext.dcat.schemas:health_dcat_ap.yaml",
            "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
            "ckanext.dcat.rdf.profiles": "euro_health_dcat_ap",
        }
        run([str(command), "config-tool", str(settings), *(f"{name}={value}" for name, value in given.items())])
        ckan = [str(command), "-c", str(settings)]
        run([*ckan, "db", "init"])
        run([*ckan, "user", "add", "admin", "email=admin@example.org", "password=not-a-secret"])
        run([*ckan, "sysadmin", "add", "admin"])
        token = run([*ckan, "user", "token", "add", "admin", "test", "-q"]).strip().split()[-1]
        serve = [*ckan, "run", "-H", "127.0.0.1", "-p", str(port), "--disable-reloader"]
        stack.enter_context(started(serve, folder / "ckan.log", lambda: _answers(url)))
        portal = Ckan(url, token, tuple(ckan))
        portal.action("organization_create", name="hospital", title="Hospital")
        yield portal
    shutil.rmtree(folder / "files", ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/api/3/action/status_show", timeout=20) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
