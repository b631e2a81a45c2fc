"""What the owner of a node is told about a visit: by report and by letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalogue.assembly import Services, open_services, read_source
from catalogue.cli import main
from catalogue.config import Settings
from catalogue.errors import SourceUnavailable
from catalogue.letters import letter
from catalogue.model import Source
from catalogue.visits import VisitReport
from tests.contract.dcat_files import PREFIXES

NODE = """@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a cat:Node ; dct:identifier "mine" ; dct:title "My hospital"@en ; cat:kind "dcat" ; cat:endpoint "FOLDER" ;
    cat:expectedMinimum 1 ; cat:gracePeriod "P3D"^^xsd:duration ; dcat:contactPoint <mailto:data@example.org> .
"""
DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Place:
    """An installation with one node, a folder of files."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.files = folder / "files"
        self.files.mkdir()
        nodes = folder / "nodes"
        nodes.mkdir()
        content = NODE.replace("FOLDER", str(self.files)).encode()
        (nodes / "mine.ttl").write_bytes(content)
        self.settings = Settings(data=self.data, nodes=nodes, base="http://127.0.0.1:8000/")
        self.source: Source = read_source(self.settings, "mine.ttl", content)

    def write(self, name: str, title: str = "") -> None:
        text = f'{PREFIXES} ex:{name} a dcat:Dataset ; dct:title "{title or name}"@en ; dct:identifier "{name}" .\n'
        (self.files / f"{name}.ttl").write_text(text, "utf-8")

    def visit(self, services: Services, days: int = 0) -> VisitReport:
        services = replace(services, clock=lambda: DAY + timedelta(days=days))
        list(services.harvest(self.source))
        report = services.visits.latest(self.source.iri)
        assert report is not None
        return report


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    for name in ("one", "two", "three"):
        place.write(name)
    return place


@pytest.fixture
def services(place: Place) -> Iterator[Services]:
    with open_services(place.settings) as services:
        yield services


def test_a_report_counts_what_came_and_what_is_wrong(place: Place, services: Services) -> None:
    (place.files / "bad.ttl").write_text("<a> <b>", "utf-8")
    report = place.visit(services)
    assert (report.complete, report.contact, report.node_title) == (True, "mailto:data@example.org", "My hospital")
    assert report.counts == {"stored": 3, "unchanged": 0, "missing": 0, "withdrawn": 0, "rejected": 1}
    assert [one.where for one in report.rejected] == [f"{place.files}/bad.ttl, line 1"] or report.rejected[0].remedy
    broken = {one.name.rsplit("/rule/", 1)[-1]: one.datasets for one in report.broken}
    assert broken["dataset/description"] == 3
    assert not report.calm


def test_a_second_visit_tells_of_itself_only(place: Place, services: Services) -> None:
    place.visit(services)
    place.write("two", "Changed")
    report = place.visit(services, days=1)
    assert report.counts["stored"] == 1
    assert {one.datasets for one in report.broken} == {1}


def test_what_is_missing_is_told_with_the_day_of_its_withdrawal(place: Place, services: Services) -> None:
    place.visit(services)
    (place.files / "two.ttl").unlink()
    report = place.visit(services, days=1)
    [absent] = report.absent
    assert absent.until - absent.since == timedelta(days=3)
    subject, body = letter(report, services.rulebook)
    assert "please look" in subject
    assert "(from 05 March 2026)" in body
    assert place.visit(services, days=5).absent == ()


def test_a_letter_says_what_is_wrong_and_what_to_do(place: Place, services: Services) -> None:
    (place.files / "bad.ttl").write_text("<a> <b>", "utf-8")
    report = place.visit(services)
    subject, body = letter(report, services.rulebook)
    assert subject == "My hospital: visit of 2026-03-01, please look"
    assert "3 new or changed" in body
    assert "bad.ttl" in body
    assert body.count("What to do:") >= 2
    assert "(3 datasets)" in body
    assert report.iri in body
    assert all(len(line) < 998 for line in body.splitlines()), "RFC 5322, 2.1.1"


def test_a_long_list_is_cut_and_counted(place: Place, services: Services) -> None:
    for number in range(25):
        (place.files / f"bad{number:02d}.ttl").write_text("<a> <b>", "utf-8")
    report = place.visit(services)
    assert len(report.rejected) == 25
    assert "- and 15 more" in letter(report, services.rulebook)[1]


def test_a_node_that_could_not_be_read_is_said(place: Place, services: Services) -> None:
    place.visit(services)
    for file in place.files.iterdir():
        file.unlink()
    with pytest.raises(SourceUnavailable):
        place.visit(services, days=1)
    report = services.visits.latest(place.source.iri)
    assert report is not None
    assert not report.complete
    assert "could not be read to its end" in letter(report, services.rulebook)[1]


def test_there_is_no_report_of_what_was_not_visited(place: Place, services: Services) -> None:
    assert services.visits.latest(place.source.iri) is None
    assert services.visits.find(place.source.iri) is None
    report = place.visit(services)
    assert services.visits.find(report.iri) == report
    assert services.visits.find(report.iri + "x") is None


def test_the_command_prints_a_mail(place: Place, tmp_path: Path) -> None:
    env = {"CATALOGUE_DATA": str(place.data), "CATALOGUE_NODES": str(tmp_path / "nodes")}
    result = CliRunner().invoke(main, ["node", "letter", "mine"], env=env)
    assert result.exit_code == 2
    assert "not visited yet" in result.output
    with open_services(place.settings) as services:
        place.visit(services)
    result = CliRunner().invoke(main, ["node", "letter", "mine"], env=env)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("To: data@example.org\nSubject: My hospital: visit of 2026-03-01, please look\n\n")
