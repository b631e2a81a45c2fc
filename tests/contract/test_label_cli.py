"""``catalogue label``: schemes, every criterion, links that were tried, what stands beside, and the graphic."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main

GOOD = Path(__file__).resolve().parents[2] / "harvesters" / "examples" / "healthdcat-ap-8" / "oncology-cohort.ttl"
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://data.example.org/d> a dcat:Dataset ; dct:title "Lungs"@en ; foaf:page <{site}/here> {more} ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{site}/here> ] .
"""
Run = Callable[..., Result]


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/here" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["label", *map(str, arguments)])


def label_of(run: Run, *arguments: object) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    return found


def criterion(label: dict[str, object], identifier: str) -> dict[str, object]:
    found = [one for element in label["elements"] for one in element["criteria"] if one["identifier"] == identifier]
    return found[0]


def test_schemes_weigh_the_same_levels(run: Run) -> None:
    ours, quantum = label_of(run, GOOD), label_of(run, GOOD, "--scheme", "quantum")
    assert (ours["scheme"], quantum["scheme"]) == ("art78", "quantum")
    levels = [
        [(c["identifier"], c["level"]) for e in one["elements"] for c in e["criteria"]] for one in (ours, quantum)
    ]
    assert levels[0] == levels[1]
    assert quantum["possible"] < ours["possible"]
    assert criterion(quantum, "L-d3")["possible"] == 0 < criterion(ours, "L-d3")["possible"]
    refused = run(GOOD, "--scheme", "stars")
    assert (refused.exit_code, "use one of: art78, quantum" in refused.output) == (2, True)


def test_explain_tells_every_criterion_and_what_stands_in_the_way(run: Run, site: str, tmp_path: Path) -> None:
    file = tmp_path / "d.ttl"
    file.write_text(TURTLE.format(site=site, more=""), "utf-8")
    brief, whole = run(file), run(file, "--explain")
    told = {c["identifier"] for element in label_of(run, file)["elements"] for c in element["criteria"]}
    assert len(told) == 39
    assert all(identifier in whole.stdout for identifier in told)
    assert "M07" not in brief.stdout
    assert "not answered" in whole.stdout
    assert "L-f1: Nothing says which version" in whole.stdout
    assert "Nichts sagt" not in whole.stdout
    assert "berechnet" in run(file, "--explain", "--language", "de").stdout


def test_documents_that_answer_count_and_dead_links_do_not(run: Run, site: str, tmp_path: Path) -> None:
    file = tmp_path / "d.ttl"
    file.write_text(TURTLE.format(site=site, more=""), "utf-8")
    assert criterion(label_of(run, file), "L-a1")["level"] == 1
    tried = criterion(label_of(run, file, "--check-links"), "L-a1")
    assert (tried["level"], tried["basis"]) == (2, "measured")
    file.write_text(TURTLE.format(site=site, more=f", <{site}/gone>"), "utf-8")
    assert criterion(label_of(run, file, "--check-links"), "L-a1")["level"] == 1
    result = run(file, "--check-links")
    assert "2 addresses tried, 1 answer" in result.stdout
    assert f"{site}/gone" in result.stdout


def test_beside_the_label_links_count_for_the_portal_score(run: Run, site: str, tmp_path: Path) -> None:
    file = tmp_path / "d.ttl"
    file.write_text(TURTLE.format(site=site, more=""), "utf-8")

    def answers(*options: str) -> dict[str, object]:
        beside = label_of(run, file, "--beside", *options)["beside"]
        mqa = next(one for one in beside if one["name"] == "mqa")
        listed = [one for group in mqa["groups"] for one in group["indicators"]]
        return next(one for one in listed if one["identifier"] == "accessUrlStatusCode")

    assert (answers()["outcome"], answers("--check-links")["outcome"]) == ("not-looked-at", "present")
    assert "beside" not in label_of(run, file)


def test_graphic_is_written_whole_for_one_dataset(run: Run, site: str, tmp_path: Path) -> None:
    file, out = tmp_path / "d.ttl", tmp_path / "label.svg"
    file.write_text(TURTLE.format(site=site, more=""), "utf-8")
    assert run(file, "--svg", out).exit_code == 0
    text = " ".join(ET.parse(out).getroot().itertext())
    assert "Lungs" in text
    before = out.read_bytes()
    file.write_text(TURTLE.format(site=site, more="") + "<https://data.example.org/e> a dcat:Dataset .", "utf-8")
    refused = run(file, "--svg", out)
    assert (refused.exit_code, "one graphic shows one" in refused.output) == (2, True)
    assert out.read_bytes() == before
