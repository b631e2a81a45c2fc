"""The ways of those this is made for, each with a mouse and a keyboard in Chromium, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from catalogue.citing import cite
from catalogue.graphs import Graph, NamedNode, parse
from tests.web.page import ONCOLOGY

FAULTY = Path(__file__).parents[2] / "harvesters" / "examples" / "healthdcat-ap-8" / "oncology-cohort.ttl"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def reader(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a new reader, whose browser may run no scripts."""
    context = browser.new_context(base_url=site, java_script_enabled=request.param, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_a_researcher_finds_a_dataset_and_cites_it_in_four_clicks(reader: Page, tmp_path: Path) -> None:
    reader.goto("/")
    reader.get_by_role("searchbox").fill("Brustkrebs")
    reader.get_by_role("button", name="Search").click()  # 1
    reader.get_by_role("link", name="Lakeland cohort").first.click()  # 2
    reader.get_by_role("link", name="All formats, how to cite").click()  # 3
    with reader.expect_download() as started:
        reader.get_by_role("link", name="BibTeX").click()  # 4
    path = tmp_path / "cited.bib"
    started.value.save_as(path)
    graph = Graph(parse(FAULTY.read_bytes(), "text/turtle", base="http://x.example/"))
    assert cite(graph, NamedNode(ONCOLOGY)).title in path.read_text("utf-8")


def test_a_researcher_compares_two_datasets(reader: Page) -> None:
    reader.goto("/search")
    boxes = reader.get_by_role("checkbox", name="Compare")
    boxes.nth(0).check()
    boxes.nth(1).check()
    reader.get_by_role("button", name="Compare the chosen ones").click()
    assert reader.get_by_role("columnheader").count() == 3


def test_a_holder_repairs_a_file_and_takes_it_along(reader: Page, tmp_path: Path) -> None:
    text = FAULTY.read_text("utf-8")
    spoilt = text.replace("dct:accessRights access:NON_PUBLIC", 'dct:accessRights "NON_PUBLIC"')
    assert spoilt != text
    (tmp_path / "mine.ttl").write_text(spoilt, "utf-8")
    reader.goto("/validate")
    reader.get_by_label("or a file").set_input_files(tmp_path / "mine.ttl")
    reader.get_by_role("button", name="Check", exact=True).click()
    assert reader.get_by_text("Must be mended").count()
    reader.get_by_role("button", name="Repair what can be repaired").click()
    assert reader.get_by_text("0 now").count() == 1
    assert reader.get_by_text("Must be mended").count() == 0
    with reader.expect_download() as started:
        reader.get_by_role("button", name="Download the mended file").click()
    better = tmp_path / "better.ttl"
    started.value.save_as(better)
    reader.goto("/validate")
    reader.get_by_label("or a file").set_input_files(better)
    reader.get_by_role("button", name="Check", exact=True).click()
    assert reader.get_by_text("1 dataset, 1 without a mandatory fault").count() == 1


def test_a_health_data_access_body_finds_what_is_overdue(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("link", name="Supervision").click()
    reader.get_by_role("link", name="All that are due, oldest first").click()
    assert reader.get_by_text("Last modified before").count() == 1
    assert reader.locator("ol.results > li").count() >= 1
    reader.go_back()
    reader.get_by_role("link", name="with faults").first.click()
    reader.locator("ol.results a").first.click()
    assert reader.get_by_role("heading", name="What to mend").count() == 1
