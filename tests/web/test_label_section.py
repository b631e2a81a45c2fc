"""The label on pages: how each criterion is known, what is open, what would raise it."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from catalogue.assembly import Services
from catalogue.label import gains
from catalogue.names import key
from catalogue.publish import DatasetPage
from catalogue.quality import Basis, Standing
from catalogue.web.labels import OPEN, UNUSED, VOID
from tests.web.actors import HOLDER, HOLDER_TOKEN
from tests.web.page import ONCOLOGY, Page, path_of, read

MEASURED = f"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#assessment> a cat:Assessment ; oa:hasTarget <{ONCOLOGY}> ; cat:basis cat:Measured ;
    prov:wasAttributedTo <{HOLDER}> ; dct:issued "2026-01-02"^^xsd:date ; dqv:hasQualityMeasurement <#m> .
<#m> a dqv:QualityMeasurement ; dqv:isMeasurementOf <https://w3id.org/ehds-catalogue/label/criterion/Q2.1.1> ;
    dqv:value 2 ; cat:figure 93.5 ; cat:unit "%" .
"""


def found(services: Services) -> DatasetPage:
    page = services.publisher.dataset(key(ONCOLOGY))
    assert isinstance(page, DatasetPage)
    return page


def kinds(page: Page, tag: str) -> list[str]:
    """How things are known, by the classes of elements of that name."""
    classes = [one.get("class", "").split() for one in page.all(tag)]
    return [names[1] for names in classes if names[:1] == ["known"]]


def plain(page: Page) -> str:
    return " ".join(page.words.split())


def test_every_criterion_is_there_with_how_it_is_known(client: FlaskClient, services: Services) -> None:
    label = found(services).label
    page = read(client.get(path_of(ONCOLOGY)))
    shown = kinds(page, "span")
    marks = [one.mark for grade in label.grades for one in grade.scored]
    assert len(shown) == len(marks) + len(label.gates)
    assert shown.count("computed") == sum(mark.basis is Basis.COMPUTED for mark in marks)
    silent = sum(mark.basis is Basis.COMPUTED and mark.level == 0 for mark in label.gates)
    open_marks = [mark for mark in (*marks, *label.gates) if mark.standing is Standing.OPEN]
    assert shown.count(OPEN) == len(open_marks) + silent > 0
    assert page.text.count("Nobody answered this") == shown.count(OPEN)
    tallied = re.search(r"(\d+) computed (\d+) not answered", plain(page))
    assert tallied is not None
    assert int(tallied[1]) + int(tallied[2]) == len(marks), "the overview counts all that weigh"


def test_basis_is_told_by_word_and_pattern(client: FlaskClient) -> None:
    page = read(client.get(path_of(ONCOLOGY)))
    patterns = {one["id"] for one in page.all("pattern")}
    assert patterns == {"known-verified", "known-measured", "known-computed", "known-declared"}
    used = set(re.findall(r"url\(#([a-z-]+)\)", page.text))
    assert used <= patterns
    assert all(one.get("aria-hidden") == "true" for one in page.all("svg") if "swatch" in one.get("class", ""))
    assert all(word in page.words for word in ("computed", "not answered", "Looked for, fault not found"))


def test_silence_about_funding_is_no_denial(client: FlaskClient) -> None:
    page = read(client.get(path_of(ONCOLOGY)))
    tail = page.text.partition("Beside the score")[2].partition("Public funding")[2][:400]
    assert "known open" in tail
    assert ">No<" not in tail


def test_ways_lead_to_the_form_and_the_best_comes_first(client: FlaskClient, services: Services) -> None:
    page = read(client.get(path_of(ONCOLOGY)))
    wanted = gains(found(services).label, services.rulebook)
    assert f"{len(wanted) - 3} further ways" in page.words
    order = [services.rulebook.criteria_by_iri[gain.criterion].name["en"] for gain in wanted[:3]]
    listed = re.findall(r"<strong><bdi[^>]*>([^<]+)", page.text.partition('class="gains"')[2])[:3]
    assert listed == order
    declarable = {one.identifier for one in services.rulebook.criteria if Basis.DECLARED in one.obtained}
    targets = {link.partition("#")[2] for link in page.links if link.startswith(path_of(ONCOLOGY) + "/assess#")}
    assert targets
    assert targets <= declarable
    ids = {one.get("id") for _, one in read(client.get(path_of(ONCOLOGY) + "/assess")).tags}
    assert targets <= ids


def test_what_has_no_weight_in_a_scheme_says_so(client: FlaskClient, services: Services) -> None:
    weights = next(one for one in services.rulebook.schemes if one.name == "quantum").weights
    page = read(client.get(path_of(ONCOLOGY) + "?scheme=quantum"))
    unused = sum(one.iri not in weights for one in services.rulebook.criteria if not one.gate)
    assert kinds(page, "span").count(UNUSED) == unused > 0
    assert "without weight in this scheme" in page.words
    assert "scheme=quantum" in next(one["src"] for one in page.all("img"))


def test_what_does_not_apply_is_neither_good_nor_open(client: FlaskClient, services: Services) -> None:
    open_data = next(
        page
        for row in services.store.select("SELECT ?d WHERE { GRAPH ?g { ?d a <http://www.w3.org/ns/dcat#Dataset> } }")
        if isinstance(page := services.publisher.dataset(key(row["d"].value)), DatasetPage)
        and any(mark.standing is Standing.NOT_APPLICABLE for mark in page.label.marks)
    )
    page = read(client.get(path_of(open_data.iri)))
    assert VOID in kinds(page, "span")
    assert "not applicable" in page.words


def test_check_shows_overview_and_ways(client: FlaskClient) -> None:
    turtle = client.get(path_of(ONCOLOGY) + ".ttl").get_data(as_text=True)
    page = read(client.post("/validate", data={"rdf": turtle}, headers={"Accept": "text/html"}))
    for words in ("not answered", "What would raise it most, for the least effort", "further ways", "of 8 known"):
        assert words in plain(page), words
    assert len(page.all("pattern")) == 4


def test_measured_figure_is_shown_as_measured(web: FlaskClient) -> None:
    done = web.post("/api/assessments", data=MEASURED, headers={"Authorization": f"Bearer {HOLDER_TOKEN}"})
    assert done.status_code == 201, done.get_json()
    page = read(web.get(path_of(ONCOLOGY)))
    assert "measured" in kinds(page, "span")
    assert "measured on the data" in page.words
    for shown in (page, read(web.get(path_of(ONCOLOGY) + "/assessments"))):
        assert "93.5 %" in plain(shown)
