"""The partial page of what stands beside the label: a table for each checklist, in words, in any language."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string

from catalogue.assembly import Services
from catalogue.graphs import NamedNode
from catalogue.publish import DatasetPage
from catalogue.web import create_app
from catalogue.web.indicators import panels

PAGE = """{% import "_parts.html" as parts with context %}
{% from "_indicators.html" import beside with context %}{{ beside(panels) }}"""


def page(services: Services, language: str) -> str:
    with create_app(services).test_request_context(f"/?lang={language}"):
        row = services.store.select("SELECT ?d WHERE { GRAPH ?g { ?d a <http://www.w3.org/ns/dcat#Dataset> } } LIMIT 1")
        found = services.publisher.find(row[0]["d"].value)
        assert isinstance(found, DatasetPage)
        tallies = services.beside.tallies(NamedNode(found.iri), found.graph, found.report)
        shown = panels(tallies, services.rulebook)
        return render_template_string(PAGE, panels=shown)


@pytest.mark.parametrize(("language", "present"), [("en", "evidence present"), ("de", "Nachweis vorhanden")])
def test_every_checklist_is_a_table_with_words(services: Services, language: str, present: str) -> None:
    html = page(services, language)
    for one in services.beside.checklists:
        assert f'id="beside-{one.identifier}"' in html
        assert one.note[language] in html.replace("&#39;", "'")
        for indicator in one.indicators:
            assert indicator.identifier in html
    assert (
        html.count("<table>") == html.count("<caption>") == sum(len(one.groups) for one in services.beside.checklists)
    )
    cells = re.findall(r'<td class="outcome [a-z-]+"><span class="mark" aria-hidden="true">.</span> ([^<]+)</td>', html)
    assert len(cells) == sum(len(one.indicators) for one in services.beside.checklists)
    assert all(cell.strip() for cell in cells)
    assert present in cells
    assert html.count('<th scope="row">') == len(cells)
