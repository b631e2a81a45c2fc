"""Mending a description: seen first, taken along after, nothing stored, nothing invented."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.graphs import Canonical, Graph, parse
from catalogue.mending import mend
from catalogue.mending_words import mended_json
from catalogue.web import validate
from tests.web.page import ONCOLOGY, Page, path_of, read

HTML = {"Accept": "text/html"}


EXAMPLE = Path(__file__).parents[2] / "harvesters" / "examples" / "healthdcat-ap-8" / "oncology-cohort.ttl"


@pytest.fixture
def faulty() -> str:
    """The good example with a form spoilt of which its rule tells the right one."""
    text = EXAMPLE.read_text("utf-8")
    spoilt = text.replace("dct:accessRights access:NON_PUBLIC", 'dct:accessRights "NON_PUBLIC"')
    assert spoilt != text
    return spoilt


def test_a_preview_tells_every_change_and_how_much_is_left(client: FlaskClient, faulty: str) -> None:
    page = read(client.post("/repair", data={"rdf": faulty}, headers=HTML))
    assert page.problems() == []
    assert "What was repaired" in page.words
    assert "NON_PUBLIC" in page.words
    assert "access-right/NON_PUBLIC" in page.words
    assert "Download the mended file" in page.words


def test_the_mended_file_is_what_the_preview_showed(client: FlaskClient, services: Services, faulty: str) -> None:
    mended = mend(services.publisher, faulty.encode(), "text/turtle", "x")
    shown = Page(client.post("/repair", data={"rdf": faulty, "syntax": "text/turtle"}, headers=HTML).text)
    start = shown.text.index(">", shown.text.index("<textarea")) + 1
    assert shown.text[start : start + 7] == "@prefix"
    answer = client.post("/repair", data={"rdf": faulty, "syntax": "text/turtle", "do": "download"}, headers=HTML)
    assert "mended.ttl" in answer.headers["Content-Disposition"]
    ours, theirs = (Canonical(Graph(parse(one, "text/turtle"))).content for one in (mended.content, answer.data))
    assert ours == theirs
    again = client.post("/repair", data={"rdf": answer.text, "syntax": "text/turtle", "do": "download"}, headers=HTML)
    assert again.data == answer.data, "what is whole stays as it is, byte by byte"


def test_programs_get_the_document_or_what_was_done(client: FlaskClient, services: Services, faulty: str) -> None:
    mended = mend(services.publisher, faulty.encode(), "text/turtle", "body")
    whole = client.post("/repair", data=faulty, content_type="text/turtle")
    assert (whole.mimetype, whole.data) == ("text/turtle", mended.content)
    told = client.post("/repair", data=faulty, content_type="text/turtle", headers={"Accept": "application/json"})
    assert told.get_json() == mended_json(mended, services.rulebook, "en")
    assert told.get_json()["before"]["violation"] > told.get_json()["after"]["violation"] == 0


def test_an_upload_comes_back_to_be_edited(client: FlaskClient, faulty: str) -> None:
    sent = {"file": (io.BytesIO(faulty.encode()), "mine.ttl")}
    page = read(client.post("/validate", data=sent, headers=HTML))
    assert "NON_PUBLIC" in page.text.partition("<textarea")[2]
    assert "Repair what can be repaired" in page.words
    good = {"file": (io.BytesIO(client.get(path_of(ONCOLOGY) + ".ttl").data), "mine.ttl")}
    assert "Repair what can be repaired" not in read(client.post("/validate", data=good, headers=HTML)).words


def test_a_long_document_is_not_sent_back(client: FlaskClient, faulty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "EDITED", 100)
    page = read(client.post("/repair", data={"rdf": faulty}, headers=HTML))
    assert "too long to be shown" in page.words
    assert "Download the mended file" not in page.words


def test_what_cannot_be_repaired_is_said(client: FlaskClient) -> None:
    bare = "<urn:x> a <http://www.w3.org/ns/dcat#Dataset> ."
    page = read(client.post("/repair", data={"rdf": bare}, headers=HTML))
    assert "Nothing could be repaired without inventing facts" in page.words
    assert "Must be mended" in page.words


@pytest.mark.parametrize("rdf", ["", "<urn:x> a", "<urn:x> <urn:y> 5 ."])
def test_what_cannot_be_read_is_told_as_when_checking(client: FlaskClient, rdf: str) -> None:
    answer = client.post("/repair", data={"rdf": rdf}, headers=HTML)
    assert answer.status_code == 422
    assert read(answer).problems() == []
    program = client.post("/repair", data=rdf or " ", content_type="text/turtle")
    assert program.status_code == 422
    assert program.mimetype == "application/problem+json"


def test_too_much_is_refused(odd: FlaskClient) -> None:
    assert odd.post("/repair", data=b"#" * 60_000, content_type="text/turtle").status_code == 413


def test_nothing_is_stored(client: FlaskClient, services: Services, faulty: str) -> None:
    before = services.publisher.facts()
    client.post("/repair", data=faulty.replace(ONCOLOGY, "urn:new"), content_type="text/turtle")
    assert services.publisher.facts() == before
