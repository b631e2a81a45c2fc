"""The catalogue in a real browser: Chromium, driven by Playwright, which sees nothing but this machine."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from catalogue.assembly import Services, open_services, sources
from catalogue.config import Settings
from catalogue.web import create_app
from tests.live.servers.running import free_port
from tests.web.actors import ACTORS
from tests.web.odd import harvest_odd

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
HOW = "run `sh tests/live/install.sh` as root on Debian"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def missing(what: str) -> None:
    """Skip the test; in CI, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not there: {HOW}")
    pytest.skip(f"{what} is not there: {HOW}")


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which finds what people with disabilities stumble over."""
    if not AXE.is_file():
        missing("axe-core")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An installation with the examples, the DICOM test folder, and hostile, foreign and withdrawn datasets."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "odd").mkdir()
    settings = Settings(data=folder / "data", base=f"http://127.0.0.1:{free_port()}/", actors=_actors(folder))
    with open_services(settings) as opened:
        known = sources(opened.settings)
        for name in ("examples", "dicom-demo"):
            for _ in opened.harvest(known[name]):
                pass
        harvest_odd(opened, folder / "odd")
        yield opened


def _actors(folder: Path) -> Path:
    path = folder / "actors.ttl"
    path.write_text(ACTORS, "utf-8")
    return path


@pytest.fixture(scope="session")
def site(installation: Services) -> Iterator[str]:
    """The address of the served catalogue."""
    base = installation.settings.base
    server = create_server(create_app(installation), host="127.0.0.1", port=int(base.rstrip("/").rsplit(":", 1)[1]))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield base
    server.close()
    thread.join(5)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a new reader; whatever the policy refuses or a script throws fails the test."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not [one for one in faults if "Failed to load resource" not in one]
