"""``catalogue profile``: what a data holder sees, and the assessment that is written."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.names import CAT, DCT, DQV, FOAF, OA, PROV
from catalogue.profiling import CRITERION

ROOT = Path(__file__).resolve().parents[2]
DATASET = "https://holder.example/dataset/1"
DESCRIPTION = f"""
@prefix csvw: <http://www.w3.org/ns/csvw#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix h: <http://healthdataportal.eu/ns/health#> .
<{DATASET}> a dcat:Dataset ;
  dct:temporal [ dcat:startDate "2022-01-01" ; dcat:endDate "2022-12-31" ] ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
  h:hasVariables [ a csvw:TableGroup ; csvw:table [ a csvw:Table ; csvw:column
    [ csvw:name "person" ; csvw:datatype "string" ] , [ csvw:name "seen" ; csvw:datatype "date" ] ] ] .
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text("person,seen\n" + "".join(f"P{n % 30},2022-0{1 + n % 9}-11\n" for n in range(60)))
    (tmp_path / "description.ttl").write_text(DESCRIPTION)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["profile", *map(str, arguments)])


def test_the_entry_points_are_those_of_pyproject() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    found = {point.name: point.value for point in entry_points(group="ehds_catalogue.profilers")}
    assert found == wanted["ehds_catalogue.profilers"]


def test_what_was_examined_earned_and_could_not_be_told(table: Path) -> None:
    result = run(table, "--today", "2023-01-15")
    assert result.exit_code == 0, result.output
    assert "Examined: 60 records with 2 variables" in result.output
    assert re.search(r"Q4\.3\.1 +Completeness +1 +100 %", result.output)
    assert "L-d2: no column with the date of events is known (name it by --event COLUMN)" in result.output


def test_the_description_is_held_against_the_data(table: Path) -> None:
    given = ("--description", table.with_name("description.ttl"), "--person", "person", "--event", "seen")
    result = run(table, *given, "--today", "2023-01-15", "--json")
    said = json.loads(result.output)
    levels = {answer["criterion"]: answer["level"] for answer in said["answers"]}
    assert levels == {"Q4.3.1": 2, "Q4.6.1": 2, "Q4.5.1": 2, "L-b1": 1, "L-d1": 2, "L-b2": 2, "L-d2": 2}
    assert said["dataset"] == DATASET


def test_a_dictionary_file_does_not_hide_other_tables_of_the_description(table: Path, tmp_path: Path) -> None:
    schema = tmp_path / "visits.json"
    schema.write_text('{"fields": [{"name": "person"}, {"name": "seen", "type": "date"}]}')
    description = tmp_path / "description.ttl"
    other = 'csvw:table [ a csvw:Table ; csvw:column [ csvw:name "weight" ; csvw:datatype "number" ] ] , ['
    for text, level in ((DESCRIPTION, 2), (DESCRIPTION.replace("csvw:table [", other), 1)):
        description.write_text(text)
        said = json.loads(run(table, "--description", description, "--dictionary", schema, "--json").output)
        assert {one["level"] for one in said["answers"] if one["criterion"] == "Q4.3.1"} == {level}


def test_the_assessment_is_as_agreed(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "assessment.ttl"
    given = (
        "--description",
        table.with_name("description.ttl"),
        "--by",
        "https://holder.example/",
        "--person",
        "person",
    )
    more = ("--report", "https://holder.example/report", "--valid-until", "2024-01-15", "--today", "2023-01-15")
    result = run(table, *given, *more, "--event", "seen", "--out", out)
    assert result.exit_code == 0, result.output
    graph = Graph(parse(out.read_bytes(), "text/turtle", base="https://x.example/a"))
    [root] = graph.instances(CAT.Assessment)
    assert root == NamedNode("https://x.example/a#assessment")
    assert graph.objects(root, OA.hasTarget) == [NamedNode(DATASET)]
    assert graph.objects(root, CAT.basis) == [CAT.Measured]
    assert graph.objects(root, PROV.wasAttributedTo) == [NamedNode("https://holder.example/")]
    assert graph.text(root, DCT.issued) == "2023-01-15"
    nodes = graph.objects(root, DQV.hasQualityMeasurement)
    assert set(nodes) == set(graph.instances(DQV.QualityMeasurement))
    [mean] = graph.subjects(DQV.isMeasurementOf, NamedNode(CRITERION + "L-d2"))
    assert mean == NamedNode("https://x.example/a#L-d2")
    assert (graph.text(mean, DQV.value), graph.text(mean, CAT.unit)) == ("2", "d")
    assert graph.objects(mean, FOAF.page) == [NamedNode("https://holder.example/report")]
    assert graph.objects(mean, DQV.computedOn) == [NamedNode(DATASET)]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--out", "OUT"), "it is not known which dataset"),
        (("--dataset", "no iri", "--out", "OUT"), "not an IRI"),
        (("--dataset", DATASET, "--out", "OUT", "--key", "nr"), "no column 'nr'"),
        (("--rule", "seen before person"), "not a rule"),
        (("--dictionary", "TABLE"), "the data dictionary is not JSON"),
        (("--dataset", "https://other.example/", "--description", "DESCRIPTION"), "does not describe"),
    ],
)
def test_what_cannot_be_done_writes_nothing(table: Path, tmp_path: Path, arguments: tuple[str, ...], what: str) -> None:
    out = tmp_path / "out.ttl"
    names = {"OUT": str(out), "TABLE": str(table), "DESCRIPTION": str(table.with_name("description.ttl"))}
    result = run(table, *(names.get(one, one) for one in arguments))
    assert result.exit_code == 2
    assert what in result.output
    assert "Remedy" in result.output
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_an_older_assessment_stays_when_the_table_is_broken(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ttl"
    out.write_text("before")
    table.write_text(table.read_text() + "one,two,three\n")
    assert run(table, "--dataset", DATASET, "--out", out).exit_code == 2
    assert out.read_text() == "before"


def test_a_source_nobody_knows(tmp_path: Path) -> None:
    assert "holds no DICOM file" in run(tmp_path).output
    (tmp_path / "a.xlsx").write_text("")
    assert "no profiler knows this kind of file" in run(tmp_path / "a.xlsx").output
    assert "there is no such file" in run(tmp_path / "gone.csv").output


def test_the_floor_is_hard(table: Path) -> None:
    assert run(table, "--suppress", "4").exit_code == 2


def test_every_option_is_documented() -> None:
    told = set(re.findall(r"^\| `(--[\w-]+)", (ROOT / "docs" / "profile.md").read_text("utf-8"), re.MULTILINE))
    assert told == {
        option for parameter in main.commands["profile"].params for option in parameter.opts if "--" in option
    }
