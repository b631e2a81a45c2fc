"""``catalogue assess``, ``confirm`` and ``revoke`` on a real installation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main
from catalogue.graphs import digest

DATASET = "https://data.example.org/imaging-biobank"
HOLDER, HDAB = "https://holder.example/", "https://hdab.example/"
ACTORS = f"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<{HDAB}> a foaf:Agent ; foaf:name "Access body" ; cat:role cat:HealthDataAccessBody .
<{HOLDER}> a foaf:Agent ; foaf:name "Hospital" ; cat:role cat:HealthDataHolder ; cat:mayAssess <node/examples> .
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "actors.ttl").write_text(ACTORS, "utf-8")
    environment = {"CATALOGUE_DATA": str(tmp_path / "data"), "CATALOGUE_ACTORS": str(tmp_path / "actors.ttl")}

    def run(*arguments: object, code: int = 0, input: str | None = None, **more: str | None) -> Result:
        done = CliRunner().invoke(main, [str(one) for one in arguments], input=input, env=environment | more)
        assert done.exit_code == code, done.output
        return done

    run("harvest", "examples")
    return run


@pytest.fixture
def document(run: Run, tmp_path: Path) -> Path:
    """The skeleton, filled in: accuracy and public funding."""
    text = run("assess", "--template", DATASET, "--by", HOLDER).stdout
    text = text.replace('# dct:issued "2026-11-24"', 'dct:issued "2026-01-02"')
    for name in ("Q4.1.1", "L-v2"):
        before, after = text.split(f"    # dqv:hasQualityMeasurement [ dqv:isMeasurementOf criterion:{name} ;", 1)
        line, second, rest = after.split("\n", 2)
        value = line.replace("dqv:value 0", "dqv:value 1")
        first = f"    dqv:hasQualityMeasurement [ dqv:isMeasurementOf criterion:{name} ;{value}"
        text = "\n".join((f"{before}{first}", second.replace("#", "", 1), rest))
    path = tmp_path / "assessment.ttl"
    path.write_text(text, "utf-8")
    return path


def test_a_holder_declares_and_a_body_rules(run: Run, document: Path) -> None:
    assert "Nothing was stored" in run("assess", document, "--dry-run", "--no-check-links").output
    told = json.loads(run("assess", document, "--no-check-links", "--json").stdout)
    assert (told["status_before"], told["status"]) == ("computed", "declared")
    assert {one["criterion"].rsplit("/")[-1]: one["counts"] for one in told["answers"]} == {
        "Q4.1.1": True,
        "L-v2": True,
    }
    assert told["document"] == digest(document.read_bytes())
    assert "same document" in run("assess", document, "--no-check-links").output
    assert "verified by the health data access body" in run("confirm", DATASET, "--by", HDAB, "--reason", "seen").output
    done = json.loads(run("revoke", DATASET, "--by", HDAB, "--reason", "of another dataset", "--json").stdout)
    assert (done["status"], done["stars"]) == ("revoked", None)
    shown = run("label", DATASET).output
    assert "of another dataset" in shown
    assert "must have a label" in shown


def test_dead_links_are_told(run: Run, document: Path) -> None:
    document.write_text(document.read_text("utf-8").replace("https://holder.example/report", "http://127.0.0.1:9/r"))
    told = run("assess", document, "--language", "de").output
    assert "http://127.0.0.1:9/r" in told
    assert "kein erreichbarer" in told.replace("\n", " ")
    again = json.loads(run("assess", DATASET, "--json").stdout)
    assert list(again["dead_links"]) == ["http://127.0.0.1:9/r"]


def test_a_document_by_standard_input(run: Run, document: Path) -> None:
    done = run("assess", "-", "--no-check-links", "--json", input=document.read_text("utf-8"))
    assert json.loads(done.stdout)["status"] == "declared"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["confirm", DATASET, "--by", HOLDER, "--reason", "we say so"], "cat:HealthDataAccessBody"),
        (["confirm", DATASET, "--by", "https://x.example/", "--reason", "x"], "nobody here is called"),
        (["confirm", DATASET, "--by", HDAB, "--reason", " "], "needs its reason"),
        (["confirm", "nothing", "--by", HDAB, "--reason", "x"], "no dataset"),
        (["assess"], "nothing was given"),
        (["assess", "missing.ttl"], "cannot read the file"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, arguments: list[str], told: str) -> None:
    assert told in run(*arguments, code=2).output


def test_a_body_does_not_declare_and_the_document_is_kept(run: Run, document: Path) -> None:
    told = run("assess", document, "--by", HDAB, code=2).output
    assert "may not hand this in" in told
    assert digest(document.read_bytes()) in told


def test_every_problem_is_told(run: Run, document: Path) -> None:
    text = document.read_text("utf-8").replace("dqv:value 1", "dqv:value 7").replace("2026-01-02", "2999-01-01")
    document.write_text(text, "utf-8")
    told = run("assess", document, "--by", HOLDER, code=2).output
    assert told.count("has no level 7") == 2
    assert "in the future" in told


def test_without_a_file_of_actors_nobody_may(run: Run, document: Path) -> None:
    assert "set `actors`" in run("assess", document, code=2, CATALOGUE_ACTORS=None).output.replace("\n", " ")


def test_a_wrong_file_of_actors_stops_the_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "actors.ttl").write_text(ACTORS.replace("cat:Health", "cat:Wealth"), "utf-8")
    assert "needs a cat:role" in run("search", code=2).output
