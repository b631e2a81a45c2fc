"""The documentation tells all there is: every command, route and setting, and no file that is not there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from catalogue.assembly import Services
from catalogue.cli import main
from catalogue.config import Settings
from catalogue.web import create_app

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.name: path.read_text("utf-8") for path in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md")}


def test_every_command_is_in_the_readme() -> None:
    told = set(re.findall(r"^\| `catalogue (\w+)", PAGES["README.md"], re.MULTILINE))
    assert told == set(main.commands)


def test_every_route_is_documented(services: Services) -> None:
    told = set(re.findall(r"`(/[^` ?]*)`", PAGES["web.md"]))
    routes = {
        re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"<\1>", rule.rule)
        for rule in create_app(services).url_map.iter_rules()
    }
    routes = {re.sub(r"<(?:filename|label)>", "<path>", route) for route in routes}
    assert routes <= told
    assert {route for route in told if route.count("/") == 1 or "<" in route} <= routes


def test_every_setting_is_documented() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", PAGES["settings.md"], re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {field.name for field in fields(Settings)}


def test_links_between_documents_lead_somewhere() -> None:
    for name, text in PAGES.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (folder / target).exists(), f"{name} links to {target}"


def test_every_dependency_has_its_reason() -> None:
    wanted = re.findall(r'^  "([a-z-]+)[><=]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    for package in wanted:
        assert re.search(rf"\b{package}\b", PAGES["dependencies.md"]), package
