"""Assessing a dataset by form and by program: preview, download, submit; roles, hostile values, history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.assembly import Services
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.names import CAT, key
from catalogue.publish import DatasetPage
from catalogue.quality import Basis, Status
from catalogue.web.datasets import changed
from tests.web.actors import BODY, BODY_TOKEN, HOLDER, HOLDER_TOKEN
from tests.web.page import ONCOLOGY, Page, path_of, read

ADDRESS, HISTORY = path_of(ONCOLOGY) + "/assess", path_of(ONCOLOGY) + "/assessments"
GOOD = {"level-Q4.1.1": "2", "evidence-Q4.1.1": "http://127.0.0.1:9/report", "by": HOLDER, "name": "Registry"}
PLAIN = "level-Q2.1.1"
"""A criterion that counts without a link."""
HOSTILE = "</textarea><script>alert(1)</script>\u202e"


def post(client: FlaskClient, do: str, **typed: str) -> TestResponse:
    return client.post(ADDRESS, data={"do": do, **typed})


def values(page: Page) -> dict[str, str]:
    """What the fields of the form hold."""
    found = {one["name"]: one.get("value", "") for one in page.all("input") if one.get("type") not in ("radio", None)}
    return found | {one["name"]: one["value"] for one in page.all("input") if "checked" in one}


def nothing_stored(services: Services) -> bool:
    return not services.assessments.history(ONCOLOGY).received


def label_status(services: Services) -> Status:
    return services.publisher.dataset(key(ONCOLOGY)).label.status  # type: ignore[union-attr]


# --- the form -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "basis"), [("", Basis.DECLARED), ("?as=verify", Basis.VERIFIED)])
def test_form_asks_for_every_criterion_on_its_basis(
    client: FlaskClient, services: Services, query: str, basis: Basis
) -> None:
    page = read(client.get(ADDRESS + query))
    radios = [one for one in page.all("input") if one.get("type") == "radio" and one["name"].startswith("level-")]
    wanted = [one for one in services.rulebook.criteria if basis in one.obtained]
    assert {one["name"] for one in radios} == {f"level-{one.identifier}" for one in wanted}
    for one in wanted:
        options = {radio["value"] for radio in radios if radio["name"] == f"level-{one.identifier}"}
        assert options == {"", *(str(level.value) for level in one.levels), *(["na"] if one.optional else [])}
    assert all(radio["value"] == "" for radio in radios if "checked" in radio), "not answered unless somebody answers"
    assert {one["name"] for one in radios if "checked" in one} == {one["name"] for one in radios}
    assert ("Decision on the label as a whole" in page.words) is (basis is Basis.VERIFIED)
    assert ADDRESS in read(client.get(path_of(ONCOLOGY))).links


def test_preview_tells_before_and_after_and_stores_nothing(web: FlaskClient, assessed: Services) -> None:
    page = read(post(web, "preview", **GOOD))
    words = " ".join(page.words.split())
    assert "The label would be" in words
    assert "declared by the holder, not verified" in words
    assert "– counts" in words
    assert values(page)["level-Q4.1.1"] == "2", "what was typed stays"
    assert nothing_stored(assessed)
    assert label_status(assessed) is Status.COMPUTED


def test_preview_tells_what_would_not_count_and_why(web: FlaskClient, assessed: Services) -> None:
    wants_link = next(one for one in assessed.rulebook.criteria if one.needs_link and Basis.DECLARED in one.obtained)
    page = read(post(web, "preview", **{f"level-{wants_link.identifier}": str(wants_link.highest)}))
    assert "would not count: no evidence that answers" in " ".join(page.words.split())


def test_download_is_a_document_that_can_be_handed_in(web: FlaskClient, assessed: Services) -> None:
    until = (date.today() + timedelta(days=30)).isoformat()
    response = post(web, "download", until=until, **GOOD)
    assert response.mimetype == "text/turtle"
    assert "attachment" in response.headers["Content-Disposition"]
    document = assessed.assessments.read(response.data, "text/turtle", dataset=ONCOLOGY)
    [answer] = document.assessments[0].answers
    assert (answer.level, answer.basis, answer.by) == (2, Basis.DECLARED, HOLDER)
    assert answer.evidence == (GOOD["evidence-Q4.1.1"],)
    assert answer.valid_until is not None
    assert answer.valid_until.isoformat() == until
    assert nothing_stored(assessed)


def test_holder_submits_and_the_label_shows_it(web: FlaskClient, assessed: Services) -> None:
    typed = {PLAIN: "2", "by": HOLDER, "name": "Registry"}
    response = post(web, "submit", token=HOLDER_TOKEN, **typed)
    assert response.status_code == 303
    told = read(web.get(response.headers["Location"]))
    assert "Taken in." in told.words
    assert "counts today" in told.words
    assert label_status(assessed) is Status.DECLARED
    page = read(web.get(path_of(ONCOLOGY)))
    assert "declared by the holder, not verified" in page.words
    assert "Quality assessed" in page.words
    assert HOLDER_TOKEN not in page.text + told.text
    again = post(web, "submit", token=HOLDER_TOKEN, **typed)
    assert again.status_code == 303
    assert len(assessed.assessments.history(ONCOLOGY).received) == 1, "the same once more is once"


def test_evidence_that_does_not_answer_does_not_count(web: FlaskClient, assessed: Services) -> None:
    response = post(web, "submit", token=HOLDER_TOKEN, **GOOD)
    assert response.status_code == 303
    assert "Does not count: no evidence that answers" in " ".join(read(web.get(HISTORY)).words.split())
    assert label_status(assessed) is Status.COMPUTED


def test_who_is_taken_from_the_token_when_left_empty(web: FlaskClient, assessed: Services) -> None:
    assert post(web, "submit", token=HOLDER_TOKEN, **{PLAIN: "1"}).status_code == 303
    [one] = assessed.assessments.history(ONCOLOGY).received
    assert one.said.answers[0].by == HOLDER  # type: ignore[union-attr]


# --- what cannot be taken -------------------------------------------------------------------------------------------

TOMORROW = (date.today() + timedelta(days=2)).isoformat()
BAD = {
    "link": ({"evidence-Q4.1.1": "javascript:alert(1)"}, "evidence-Q4.1.1", "This is no web address"),
    "link without scheme": ({"evidence-Q4.1.1": "report.pdf"}, "evidence-Q4.1.1", "This is no web address"),
    "link no IRI": ({"evidence-Q4.1.1": "https://a.example/<b>"}, "evidence-Q4.1.1", "This is no web address"),
    "many links": (
        {"evidence-Q4.1.1": "\n".join(f"https://a.example/{n}" for n in range(11))}, "evidence-Q4.1.1", "too many"),
    "past": ({"until": "2020-01-01"}, "until", "This day is past"),
    "no date": ({"until": "soon"}, "until", "This is no date"),
    "future": ({"given": TOMORROW}, "given", "in the future"),
    "no reason": ({"level-Q1.1.2": "na"}, "note-Q1.1.2", "Say why it does not apply"),
    "always applies": ({"level-Q1.1.1": "na"}, "level-Q1.1.1", "This always applies"),
    "no level": ({"level-Q4.1.1": "7"}, "level-Q4.1.1", "no such level"),
    "huge level": ({"level-Q4.1.1": "9" * 5000}, "level-Q4.1.1", "no such level"),
    "evidence alone": ({"level-Q4.1.1": ""}, "level-Q4.1.1", "no level is chosen"),
    "nobody": ({"by": ""}, "by", "Say who gives it"),
    "no IRI": ({"by": "me and you"}, "by", "no IRI"),
    "long name": ({"name": "n" * 301}, "name", "too long"),
    "long note": ({"note-Q4.1.1": "n" * 4001}, "note-Q4.1.1", "too long"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_at_the_field_and_on_top(client: FlaskClient, case: str) -> None:
    change, field, words = BAD[case]
    response = post(client, "download", **GOOD | change)
    assert response.status_code == 422
    page = read(response)
    assert page.text.index("cannot be taken") < page.text.index('<form method="post"')
    assert f"#{field}" in page.links, "the list on top leads to the field"
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert {field, f"{field}-wrong"} <= ids
    pointing = [one for _, one in page.tags if f"{field}-wrong" in one.get("aria-describedby", "").split()]
    assert pointing, "a screen reader reads it with the field"
    assert words in page.text.partition(f'id="{field}-wrong"')[2][:300]
    assert "autofocus" in next(one for tag, one in page.tags if tag == "div" and one.get("role") == "alert")
    kept = values(page)
    for name, value in (GOOD | change).items():
        if not name.startswith(("evidence", "note", "level")):
            assert kept[name] == value


def test_nothing_answered(client: FlaskClient) -> None:
    page = read(post(client, "preview"))
    assert "Nothing was answered" in page.words
    assert "#criteria" in page.links


def test_problems_come_in_the_order_of_the_page(client: FlaskClient) -> None:
    page = read(
        post(client, "download", **{"by": "", "until": "x", "level-M05": "9", "level-Q1.1.1": "9", "level-Q3.1.1": "9"})
    )
    listed = [link[1:] for link in page.links if link.startswith("#")][1:]
    targets = [link for link in listed if link in {"level-Q3.1.1", "level-M05", "level-Q1.1.1", "by", "until"}]
    assert targets == ["level-Q3.1.1", "level-M05", "level-Q1.1.1", "by", "until"]
    places = [page.text.index(f'id="{target}"') for target in targets]
    assert places == sorted(places)


def test_hostile_values_stay_text(client: FlaskClient) -> None:
    typed = GOOD | {"note-Q4.1.1": HOSTILE, "name": '"><script>alert(2)</script>', "until": "<b>", "by": "x:<script>"}
    page = read(post(client, "submit", token="<script>", **typed))
    assert "<script" not in page.text.lower()
    assert HOSTILE.strip() in page.words
    assert "&lt;script&gt;" in page.text
    assert 'value="&lt;script&gt;"' not in page.text.partition('name="token"')[2][:200], "a token is never sent back"


def test_hostile_values_stay_text_when_stored(web: FlaskClient) -> None:
    typed = {"level-Q4.1.1": "1", "note-Q4.1.1": HOSTILE, "name": "<script>alert(2)</script>"}
    assert post(web, "submit", token=HOLDER_TOKEN, **typed).status_code == 303
    for address in (HISTORY, path_of(ONCOLOGY)):
        page = read(web.get(address))
        assert page.text.lower().count("<script") == len(page.all("script")), "one that is no description"
    assert "<script>alert(1)</script>" in read(web.get(HISTORY)).words


# --- roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "extra", "status", "words"),
    [
        ("", {}, 422, "type the access token"),
        ("no-such-token", {}, 403, "Nobody here has this access token"),
        (BODY_TOKEN, {}, 403, "declaring needs the role"),
        (HOLDER_TOKEN, {"by": BODY}, 403, "in the name of"),
        (HOLDER_TOKEN, {"as": "verify"}, 403, "verifying needs the role"),
        (HOLDER_TOKEN, {"as": "verify", "ruling": "revoke", "reason": "No."}, 403, "ruling on a label needs the role"),
    ],
)
def test_role_decides(
    web: FlaskClient, assessed: Services, token: str, extra: dict[str, str], status: int, words: str
) -> None:
    response = post(web, "submit", token=token, **GOOD | extra)
    assert response.status_code == status
    page = read(response)
    assert words in page.words
    assert values(page)["level-Q4.1.1"] == "2", "what was typed stays"
    assert GOOD["evidence-Q4.1.1"] in page.words
    assert token == "" or token not in page.text
    assert nothing_stored(assessed)


def test_other_pages_cannot_send_the_form(web: FlaskClient, assessed: Services) -> None:
    typed = GOOD | {"do": "submit", "token": HOLDER_TOKEN}
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert web.post(ADDRESS, data=typed, headers=header).status_code == 403
    assert nothing_stored(assessed)
    assert web.post(ADDRESS, data=typed, headers={"Origin": "http://127.0.0.1:8000"}).status_code == 303
    assert "Set-Cookie" not in web.get(ADDRESS).headers


def test_access_body_verifies_confirms_and_revokes(web: FlaskClient, assessed: Services) -> None:
    assert post(web, "submit", token=HOLDER_TOKEN, **{PLAIN: "1"}).status_code == 303
    verify = {"as": "verify", "token": BODY_TOKEN}
    done = post(web, "submit", **verify, **{PLAIN: "2", "ruling": "confirm", "reason": "Seen on site."})
    assert done.status_code == 303
    assert label_status(assessed) is Status.VERIFIED
    assert "Seen on site." in read(web.get(path_of(ONCOLOGY))).words
    without = post(web, "submit", **verify, ruling="revoke")
    assert without.status_code == 422
    assert "#reason" in read(without).links
    assert label_status(assessed) is Status.VERIFIED
    preview = read(post(web, "preview", **{"as": "verify", "ruling": "revoke", "reason": "Wrong.", "by": BODY}))
    assert "revoked by the health data access body" in preview.words
    assert label_status(assessed) is Status.VERIFIED
    assert post(web, "submit", **verify, ruling="revoke", reason="The report is of other data.").status_code == 303
    assert label_status(assessed) is Status.REVOKED
    words = read(web.get(path_of(ONCOLOGY))).words
    assert "Revoked by the health data access body" in words
    assert "The report is of other data." in words
    history = read(web.get(HISTORY)).words
    for kept in ("Seen on site.", "The report is of other data.", "label confirmed", "label revoked", "verified",
                 "declared"):  # fmt: skip
        assert kept in history, "nothing is ever overwritten"


# --- history and programs -------------------------------------------------------------------------------------------


def test_history_is_there_before_anything_was_said(client: FlaskClient) -> None:
    assert "Nothing was handed in yet" in read(client.get(HISTORY)).words
    assert client.get(HISTORY + ".ttl").status_code == 200
    assert client.get(HISTORY + ".exe").status_code == 404
    assert client.get("/dataset/no-such/assessments").status_code == 404
    assert client.get("/dataset/no-such/assess").status_code == 404


def test_withdrawn_dataset_is_not_assessed(odd: FlaskClient) -> None:
    for what in ("assess", "assessments"):
        assert odd.get(f"/dataset/odd/gone/{what}").status_code == 410
    assert odd.post("/dataset/odd/gone/assess", data=GOOD | {"do": "preview"}).status_code == 410


def turtle(web: FlaskClient, **change: str) -> bytes:
    typed = {PLAIN: "1", "by": HOLDER} | change
    response = post(web, "download", **typed)
    assert response.mimetype == "text/turtle"
    return response.data


def bearer(token: str, content_type: str = "text/turtle") -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": content_type}


def test_program_hands_in_what_the_form_writes(web: FlaskClient, assessed: Services) -> None:
    document = turtle(web)
    dry = web.post("/api/assessments?dry=1", data=document, headers=bearer(HOLDER_TOKEN))
    assert (dry.status_code, dry.get_json()["stored"]) == (200, False)
    assert nothing_stored(assessed)
    done = web.post("/api/assessments", data=document, headers=bearer(HOLDER_TOKEN))
    assert done.status_code == 201
    told = done.get_json()
    assert (told["stored"], told["status"], told["dataset"]) == (True, "declared", ONCOLOGY)
    assert [(one["counts"], one["level"]) for one in told["answers"]] == [(True, 1)]
    again = web.post("/api/assessments", data=document, headers=bearer(HOLDER_TOKEN))
    assert (again.status_code, again.get_json()["stored"]) == (200, False)
    assert len(assessed.assessments.history(ONCOLOGY).received) == 1
    history = Graph(parse(web.get(HISTORY + ".nt").data, "application/n-triples"))
    [one] = history.instances(CAT.Assessment)
    assert history.value(one, CAT.submittedBy) == NamedNode(HOLDER)
    leading = web.get(f"/record/{key(ONCOLOGY)}/assessments", headers={"Accept": "text/html"})
    assert leading.headers["Location"].endswith(HISTORY)


def test_program_hands_in_json_ld(web: FlaskClient) -> None:
    document = {
        "@context": {"@vocab": "https://w3id.org/ehds-catalogue/ns#", "dqv": "http://www.w3.org/ns/dqv#"},
        "@id": "https://registry.example.org/a1",
        "@type": "Assessment",
        "http://www.w3.org/ns/oa#hasTarget": {"@id": ONCOLOGY},
        "basis": {"@id": "https://w3id.org/ehds-catalogue/ns#Declared"},
        "http://www.w3.org/ns/prov#wasAttributedTo": {"@id": HOLDER},
        "http://purl.org/dc/terms/issued": {
            "@value": date.today().isoformat(),
            "@type": "http://www.w3.org/2001/XMLSchema#date",
        },
        "dqv:hasQualityMeasurement": {
            "@type": "dqv:QualityMeasurement",
            "dqv:isMeasurementOf": {"@id": "https://w3id.org/ehds-catalogue/label/criterion/Q4.1.1"},
            "dqv:value": 1,
        },
    }
    response = web.post("/api/assessments", json=document, headers=bearer(HOLDER_TOKEN, "application/ld+json"))
    assert response.status_code == 201, response.get_json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Basic {HOLDER_TOKEN}"}, 401),
        (bearer(BODY_TOKEN), 403),
        (bearer(HOLDER_TOKEN, "text/x-foo"), 422),
    ],
)
def test_program_without_the_role(web: FlaskClient, assessed: Services, headers: dict[str, str], status: int) -> None:
    response = web.post("/api/assessments", data=turtle(web), headers=headers)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert ("WWW-Authenticate" in response.headers) is (status == 401)
    assert response.get_json()["remedy"]
    assert nothing_stored(assessed)


def test_program_is_told_every_problem(web: FlaskClient, assessed: Services) -> None:
    document = turtle(web).replace(b"dqv:value 1", b"dqv:value 77").replace(b"dct:issued", b"dct:created")
    response = web.post("/api/assessments", data=document, headers=bearer(HOLDER_TOKEN))
    assert response.status_code == 422
    problems = response.get_json()["problems"]
    assert len(problems) >= 2
    assert all(one["what"] and one["remedy"] for one in problems)
    assert nothing_stored(assessed)
    broken = web.post("/api/assessments", data=b"<urn:a> .", headers=bearer(HOLDER_TOKEN))
    assert broken.status_code == 422
    unknown = turtle(web).replace(ONCOLOGY.encode(), b"https://nowhere.example/x")
    assert web.post("/api/assessments", data=unknown, headers=bearer(HOLDER_TOKEN)).status_code == 422


def test_scripts_of_others_may_bring_a_token_of_their_own(client: FlaskClient) -> None:
    response = client.options("/api/assessments")
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_page_that_was_kept_is_not_taken_for_current(web: FlaskClient, assessed: Services) -> None:
    before = web.get(path_of(ONCOLOGY))
    assert post(web, "submit", token=HOLDER_TOKEN, **{PLAIN: "1"}).status_code == 303
    assert web.get(path_of(ONCOLOGY), headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    page = assessed.publisher.dataset(key(ONCOLOGY))
    assert isinstance(page, DatasetPage)
    [one] = assessed.assessments.history(ONCOLOGY).received
    assert changed(page) == one.received > page.record.changed
