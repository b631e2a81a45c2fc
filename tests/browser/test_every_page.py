"""What is asked of every page: no fault that axe-core finds, no sideways scrolling, the same without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from catalogue.assembly import Services
from catalogue.web import create_app
from tests.browser.addresses import NO_PAGES, Address, addresses

WIDTHS = (360, 768, 1280)
"""Of a telephone, a tablet and a desk, in pixels."""
STATUS = {"dataset-withdrawn": 410, "not-found": 404, "sparql-error": 400}
"""Of pages that tell that something is not as asked."""
RUN = "axe.run(document, {resultTypes: ['violations']})"


def visit(page: Page, one: Address) -> None:
    """Go to a page, which is there unless it says itself that it is not."""
    answer = page.goto(one.path)
    assert answer is not None
    assert answer.status == STATUS.get(one.name, 200), one.name
    assert page.locator("main h1").count() == 1, one.name


def faults(page: Page) -> list[str]:
    """What axe-core finds on the page, each with its place."""
    found: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{one['id']}: {node['html'][:150]} ({node['failureSummary'][:300]})"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def test_no_page_is_left_out(installation: Services) -> None:
    rules = create_app(installation).url_map.iter_rules()
    all_of_them = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    visited = {one.endpoint for one in addresses(installation)}
    assert all_of_them - visited == set(NO_PAGES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, installation: Services, axe: str, theme: Any) -> None:
    page.emulate_media(color_scheme=theme)
    found = {}
    for one in addresses(installation):
        visit(page, one)
        page.evaluate(axe)
        if problems := faults(page):
            found[one.name] = problems
    assert not found


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out(page: Page, installation: Services, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wide = {}
    for one in addresses(installation):
        visit(page, one)
        if (reached := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[one.name] = reached
    assert not wide


def test_no_page_needs_scripts(browser: Browser, site: str, installation: Services) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    for one in addresses(installation):
        visit(page, one)
    context.close()
