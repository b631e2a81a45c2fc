"""Checking a description: by form and by program, right, wrong, unreadable, too large."""

from __future__ import annotations

import gzip
import io
import json
import re

import pytest
from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.findings import findings_json
from tests.web.page import ONCOLOGY, path_of, read

BARE = b"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<urn:x> a dcat:Dataset ; dct:title 5 ."""
BROKEN = b'@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<urn:x> a dcat:Dataset ;;; dcat:keyword "open .\n'
SAME = {
    "application/ld+json": b'{"@id": "urn:x", "@type": "http://www.w3.org/ns/dcat#Dataset"}',
    "application/rdf+xml": b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<d:Dataset xmlns:d="http://www.w3.org/ns/dcat#" rdf:about="urn:x"/></rdf:RDF>',
    "application/n-triples": b"<urn:x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    b"<http://www.w3.org/ns/dcat#Dataset> .",
    "text/turtle": b"[] a <http://www.w3.org/ns/dcat#Dataset> .",
}
HTML = {"Accept": "text/html"}


def test_program_gets_findings_as_from_the_command_line(client: FlaskClient, services: Services) -> None:
    response = client.post("/validate", data=BARE, content_type="text/turtle")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    found = response.get_json()
    [checked] = services.publisher.check(BARE, "text/turtle", "body")
    told = findings_json("urn:x", checked.graph, checked.report, services.rulebook)
    assert found == json.loads(json.dumps(told))
    assert {"rule", "focus", "path", "value", "severity", "message", "fix", "provision"} <= found[0].keys()
    everything = client.post("/validate?all=1", data=BARE, content_type="text/turtle").get_json()
    assert len(everything) == len(checked.report.findings) > len(found)


def test_one_may_choose_the_profile(client: FlaskClient) -> None:
    rules = {
        profile: {found["rule"] for found in client.post(f"/validate?profile={profile}", data=BARE).get_json()}
        for profile in ("", "healthdcat-ap", "eucaim")
    }
    assert rules[""] == rules["healthdcat-ap"]
    assert any("/rule/eucaim-" in rule for rule in rules["eucaim"] - rules[""])
    page = read(client.post("/validate", data={"rdf": BARE.decode(), "profile": "eucaim"}, headers=HTML))
    assert "EUCAIM DCAT-AP 2.0, access right not known" in page.words
    unknown = client.post("/validate?profile=nonsense", data=BARE)
    assert unknown.status_code == 422
    assert "eucaim" in unknown.get_json()["remedy"]


def test_nothing_is_stored(client: FlaskClient, services: Services) -> None:
    before = services.publisher.facts()
    client.post("/validate", data=BARE, content_type="text/turtle")
    assert services.publisher.facts() == before
    assert client.get("/dataset/x").status_code == 404


def test_what_the_catalogue_holds_is_judged_alike(client: FlaskClient) -> None:
    turtle = client.get(path_of(ONCOLOGY) + ".ttl").data
    page = read(client.post("/validate", data={"rdf": turtle.decode()}, headers=HTML))
    assert "1 without a mandatory fault" in page.words
    assert "Nothing mandatory is missing or wrong" in page.words


def test_person_gets_words_place_remedy_and_label(client: FlaskClient) -> None:
    response = client.post("/validate", data={"rdf": BARE.decode()}, headers=HTML)
    assert response.status_code == 200
    page = read(response)
    for words in ("1 dataset", "0 without a mandatory fault", "Must be mended", "Remedy", "dct:title",
                  "Data quality and utility label", "What would raise it most"):  # fmt: skip
        assert words in page.words, words
    assert BARE.decode() in page.words, "the text stays in the box"


WRONG = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<urn:x> a dcat:Dataset ; dct:title "\u202e<i>Chest</i>"@en ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLC> ;
    dct:language "english" , "<script>alert(1)</script>" ;
    dcat:distribution [ a dcat:Distribution ] , [ a dcat:Distribution ; dct:title "</q><b>CSV" ] .
"""


def test_person_gets_what_was_meant_and_all_allowed_values(client: FlaskClient) -> None:
    response = client.post("/validate", data={"rdf": WRONG}, headers=HTML)
    page, text = read(response), response.get_data(as_text=True)
    words = " ".join(page.words.split())
    assert "Did you mean non-public NON_PUBLIC ? It is spelt like that." in words
    assert "3 allowed values" in words
    assert "Did you mean English ENG ? It goes by that name" in words
    assert "distribution of the dataset" in words
    assert "Health data access bodies" in words, "why it matters, in words"
    assert "&lt;script&gt;alert(1)" in text
    assert "distribution “&lt;/q&gt;&lt;b&gt;CSV”" in text
    found = text.partition('<section id="result"')[2].partition("</section>")[0].partition("What would raise")[0]
    assert "\u202e" not in "".join(re.findall("<q>.*?</q>", found))


def test_person_gets_rules_in_the_language_asked_for(client: FlaskClient) -> None:
    response = client.post("/validate", data={"rdf": WRONG}, headers=HTML | {"Accept-Language": "fr"})
    text = response.get_data(as_text=True)
    assert '<bdi lang="fr">La distribution n’a pas d’adresse' in text
    assert '<bdi lang="fr">distribution (jeu de données)</bdi>' in text
    findings = client.post("/validate", data=WRONG.encode(), headers={"Accept-Language": "fr"}).get_json()
    assert "La distribution n’a pas d’adresse où l’accès est donné ou demandé." in {f["message"] for f in findings}


@pytest.mark.parametrize("media_type", SAME)
def test_every_syntax_by_declaration_and_by_itself(client: FlaskClient, media_type: str) -> None:
    content = SAME[media_type]
    assert client.post("/validate", data=content, content_type=media_type).status_code == 200
    assert client.post("/validate", data={"rdf": content.decode()}, headers=HTML).status_code == 200
    upload = {"file": (io.BytesIO(content), "some.unknown"), "syntax": media_type}
    assert client.post("/validate", data=upload, headers=HTML).status_code == 200


def test_upload_by_file_name(client: FlaskClient) -> None:
    upload = {"file": (io.BytesIO(SAME["application/n-triples"]), "C:\\dir\\<b>data.nt")}
    page = read(client.post("/validate", data=upload, headers=HTML))
    assert "<b>data.nt" in page.words


def test_form_may_answer_json(client: FlaskClient) -> None:
    response = client.post("/validate", data={"rdf": BARE.decode()}, headers={"Accept": "application/json"})
    assert response.mimetype == "application/json"
    assert response.get_json()[0]["dataset"] == "urn:x"


def test_unreadable_is_422_with_line_and_column(client: FlaskClient) -> None:
    answer = client.post("/validate", data=BROKEN, content_type="text/turtle")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "line 2 column" in answer.get_json()["where"]
    page = client.post("/validate", data={"rdf": BROKEN.decode()}, headers=HTML)
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert "This cannot be read" in read(page).words
    assert '<span class="ln here">    2  &lt;urn:x&gt;' in text
    assert '<span class="caret">' in text


@pytest.mark.parametrize(
    ("content", "content_type", "word"),
    [
        (b"", "text/turtle", "nothing was sent"),
        (b"<urn:a> <urn:b> <urn:c> .", "text/turtle", "dcat:Dataset"),
        (BARE, "text/x-foo", "not an RDF syntax"),
        (gzip.compress(BARE), "", "packed"),
        (b"\xff\xfe\x00", "text/turtle", "not valid"),
        (b'{"@context": "http://127.0.0.1:9/context", "@type": "Dataset"}', "application/ld+json", "not valid"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "application/rdf+xml", "not valid"),
    ],
)
def test_other_input_that_cannot_be_read(client: FlaskClient, content: bytes, content_type: str, word: str) -> None:
    response = client.post("/validate", data=content, content_type=content_type)
    assert response.status_code == 422
    assert word in response.get_data(as_text=True)
    assert "root:" not in response.get_data(as_text=True)


def test_empty_form(client: FlaskClient) -> None:
    response = client.post("/validate", data={"rdf": " "}, headers=HTML)
    assert response.status_code == 422
    assert "Remedy" in read(response).words
    wrong = client.post("/validate", data={"rdf": "x", "syntax": "text/evil"}, headers=HTML)
    assert wrong.status_code == 422


def test_too_large_is_413(odd: FlaskClient) -> None:
    large = BARE + b"#" * 60_000
    answer = odd.post("/validate", data=large, content_type="text/turtle")
    assert answer.status_code == 413
    assert answer.get_json()["status"] == 413
    page = odd.post("/validate", data={"rdf": large.decode()}, headers=HTML)
    assert page.status_code == 413
    assert "0.05 MB" in read(page).words


def test_limit_of_validate_is_its_own(client: FlaskClient) -> None:
    large = BARE + b"#" * 2_000_000
    assert client.post("/validate", data=large, content_type="text/turtle").status_code == 200
    form = client.post("/validate", data={"rdf": large.decode()}, headers=HTML, content_type="multipart/form-data")
    assert form.status_code == 200


def test_many_datasets(client: FlaskClient) -> None:
    many = b"\n".join(b"<urn:x:%d> a <http://www.w3.org/ns/dcat#Dataset> ." % n for n in range(30))
    page = read(client.post("/validate", data={"rdf": many.decode()}, headers=HTML))
    assert "30 datasets" in page.words
    assert "5 more datasets are not shown here" in page.words
    found = client.post("/validate", data=many, content_type="text/turtle").get_json()
    assert len({finding["dataset"] for finding in found}) == 30
