"""``/label/<key>.svg`` and the figure that embeds it."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.names import key
from catalogue.publish import DatasetPage, Publisher, Tombstone
from catalogue.quality import Label, Status
from catalogue.web import create_app
from tests.unit.labels import made
from tests.web.page import HOSTILE, ONCOLOGY, Page

PATH = f"/label/{key(ONCOLOGY)}.svg"
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Labelled(Publisher):
    """The catalogue with one and the same label, made by hand, on every dataset."""

    given: Label = field(kw_only=True)

    def dataset(self, path: str) -> DatasetPage | Tombstone | None:
        found = Publisher.dataset(self, path)
        return replace(found, label=self.given) if isinstance(found, DatasetPage) else found


def labelled(services: Services, given: Label) -> Flask:
    """The application over a catalogue in which every dataset has that label, its marks on criteria there are."""
    own = services.publisher
    first = {one.element: one.iri for one in reversed(own.rulebook.criteria)}
    grades = [
        replace(
            grade, scored=[replace(one, mark=replace(one.mark, criterion=first[grade.element])) for one in grade.scored]
        )
        for grade in given.grades
    ]
    given = replace(given, grades=grades)
    publisher = Labelled(
        own.validator, own.rulebook, own.minted, own.store, own.archive, own.title, own.name, given=given
    )
    return create_app(replace(services, publisher=publisher))


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return labelled(services, made(Status.DECLARED, 3))


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def odd_app(odd_services: Services) -> Iterator[Flask]:
    return labelled(odd_services, made(Status.COMPUTED, 1))


def test_the_graphic_may_be_shown_anywhere_and_does_nothing(client: FlaskClient) -> None:
    response = client.get(PATH, headers={"Accept": "image/avif,image/webp,*/*"})
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
    root = ET.fromstring(response.data)
    assert "3 of 5 stars" in root.find(SVG + "desc").text
    headers = response.headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline")
    assert re.fullmatch(r"public, max-age=\d+", headers["Cache-Control"])
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert not any(word in headers["Content-Security-Policy"] for word in ("unsafe", "frame-ancestors", "*"))
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("size", ["", "badge"])
def test_its_own_style_sheet_is_the_only_one_that_is_allowed(client: FlaskClient, size: str) -> None:
    response = client.get(PATH, query_string={"size": size})
    style = ET.fromstring(response.data).find(SVG + "style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_it_is_not_fetched_twice(client: FlaskClient, services: Services) -> None:
    first = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    changed = labelled(services, made(Status.DECLARED, 4)).test_client().get(PATH)
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_language_and_size(client: FlaskClient) -> None:
    french = client.get(PATH, headers={"Accept-Language": "fr-BE"})
    assert "3 sur 5 étoiles" in french.text
    assert french.headers["Content-Language"] == "fr"
    assert "Accept-Language" in french.headers["Vary"]
    german = client.get(PATH + "?lang=de&size=badge", headers={"Accept-Language": "fr"})
    assert ET.fromstring(german.data).get("width") == "120"
    assert "3 von 5" in german.text
    assert "Vary" not in german.headers
    assert client.get(PATH + "?lang=pl").headers["Content-Language"] == "en"


def test_what_there_is_not(client: FlaskClient) -> None:
    assert client.get("/label/00000000000000000000.svg").status_code == 404
    for wrong in ("size=poster", "scheme=nobodys"):
        refused = client.get(f"{PATH}?{wrong}", headers={"Accept": "application/json"})
        assert refused.status_code == 422
        assert wrong.partition("=")[2] in refused.json["detail"]
        assert refused.json["remedy"]
    assert client.get(PATH + "?scheme=art78").data == client.get(PATH).data


def test_a_withdrawn_dataset_says_so(odd_app: Flask) -> None:
    gone = key("http://127.0.0.1:8000/dataset/odd/gone")
    response = odd_app.test_client().get(f"/label/{gone}.svg")
    assert (response.status_code, response.mimetype) == (410, "image/svg+xml")
    said = ET.fromstring(response.data).find(SVG + "desc").text
    assert "Leaves soon" in said
    assert "withdrawn" in said
    assert "star" not in response.text.partition("</style>")[2]


def figure(app: Flask, iri: str, address: str = "/") -> Page:
    """The figure as a page has it."""
    with app.test_request_context(address):
        page = app.extensions["catalogue"].publisher.dataset(key(iri))
        source = '{% from "_label_graphic.html" import label_embed with context %}{{ label_embed(page) }}'
        return Page(render_template_string("{% autoescape true %}" + source + "{% endautoescape %}", page=page))


def test_the_figure_says_in_words_what_the_picture_shows(app: Flask) -> None:
    page = figure(app, ONCOLOGY)
    (picture,) = page.all("img")
    assert picture["src"] == PATH
    assert picture["alt"].startswith("Data quality and utility label: 3 of 5 stars.")
    assert (picture["width"], picture["height"]) == ("800", "600")
    for words in (
        "a)",
        "Technical quality: 3 of 5 stars",
        "Data modifications: not assessed",
        "4 of 6 criteria assessed",
    ):
        assert words in page.words
    assert page.words.count("of 5 stars") == 6, "five grades and the whole"
    assert PATH + "?lang=fr" in figure(app, ONCOLOGY, "/?lang=fr").text
    assert not [name for _, attributes in page.tags for name in attributes if name == "style" or name.startswith("on")]


def test_the_snippets_stay_true_when_the_grade_changes(app: Flask, services: Services) -> None:
    page = figure(app, ONCOLOGY)
    html, markdown = re.findall("<code>(.*?)</code>", page.text, re.DOTALL)
    pasted = Page(html.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&"))
    assert pasted.all("a")[0]["href"] == f"http://127.0.0.1:8000/dataset/{key(ONCOLOGY)}#label"
    assert pasted.all("img")[0]["src"] == f"http://127.0.0.1:8000{PATH}"
    assert "3 of 5" not in html + markdown
    assert markdown.startswith("[![EHDS data quality and utility label of ")
    assert markdown.count(f"http://127.0.0.1:8000{PATH}") == 1
    other = figure(labelled(services, made(Status.REVOKED, None)), ONCOLOGY)
    assert re.findall("<code>(.*?)</code>", other.text, re.DOTALL) == [html, markdown]
    assert "revoked, no stars" in other.words


def test_hostile_descriptions_stay_words(odd_app: Flask) -> None:
    response = odd_app.test_client().get(f"/label/{key(HOSTILE)}.svg")
    root = ET.fromstring(response.data)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "<script>alert('title')</script>" in root.find(SVG + "desc").text
    page = figure(odd_app, HOSTILE)
    assert not page.all("script")
    html, markdown = re.findall("<code>(.*?)</code>", page.text, re.DOTALL)
    pasted = html.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&")
    assert not Page(pasted).all("script")
    assert r"\&lt;script\&gt;" in markdown, "a reader of Markdown takes no element from it"
