"""``catalogue validate --fix``: a repaired file, what was changed, and what only its owner can mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main
from catalogue.graphs import Canonical, Graph, Literal, NamedNode, media_type_of, parse
from catalogue.names import DCAT, EU, HEALTH, XSD

EXAMPLES = Path(__file__).parents[2] / "harvesters/examples/healthdcat-ap-8"
GOOD, FAULTY = EXAMPLES / "oncology-cohort.ttl", EXAMPLES / "imaging-biobank.ttl"
Run = Callable[..., Result]
OLD = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://data.example.org/> .
@prefix hd: <https://w3id.org/healthdcat-ap#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<#all> a dcat:Catalog ; dct:title "All"@en ; dcat:dataset <#d> ; ex:count "05"^^xsd:integer .
<#d> a dcat:Dataset ; dct:title "A title"@en ;
    dct:language "en" ; dct:accessRights "restricted" ; dct:issued "2024" ;
    hd:healthTheme <http://13.81.34.152:1101/resource/authority/health-theme/NO_SUCH> ;
    hd:numberOfRecords 12 ; ex:note [ ex:by [ ex:name "N" ] ] .
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.ttl").write_text(OLD, "utf-8")

    def invoke(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, ["validate", *map(str, arguments)], input=stdin)

    return invoke


def read(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), media_type_of(path.name) or "", base="http://e.org/"))


def violations(run: Run, file: object) -> int:
    return sum(finding["severity"] == "violation" for finding in json.loads(run(file, "--json").stdout))


def test_an_old_and_faulty_file_is_mended_as_far_as_it_can_be(run: Run, tmp_path: Path) -> None:
    result = run("old.ttl", "--fix", "new.ttl")
    assert result.exit_code == 1
    assert "was written for Release 7 or earlier" in result.stdout
    converted, repaired, rest = (
        result.stdout.index(words)
        for words in ("Converted to Release 8", "Repaired, because", "because only you can know it")
    )
    assert converted < result.stdout.index("Address of the first server") < repaired
    assert repaired < result.stdout.index(f"#d  dct:language: en -> {EU}language/ENG") < rest
    assert rest < result.stdout.index("The dataset has no description.")
    assert rest < result.stdout.index("health-theme/NO_SUCH", rest)
    assert violations(run, "new.ttl") < violations(run, "old.ttl")
    assert f"{violations(run, 'new.ttl')} now" in result.stdout
    assert (tmp_path / "old.ttl").read_text("utf-8") == OLD


def test_the_rest_of_the_document_stays(run: Run, tmp_path: Path) -> None:
    run("old.ttl", "--fix", "new.ttl")
    text = (tmp_path / "new.ttl").read_text("utf-8")
    assert "@prefix hd: <http://healthdataportal.eu/ns/health#> ." in text
    assert "<#all> a dcat:Catalog" in text
    assert "relative:" not in text
    graph = read(tmp_path / "new.ttl")
    (catalogue,) = graph.instances(DCAT.Catalog)
    assert graph.objects(catalogue, NamedNode("https://data.example.org/count")) == [
        Literal("05", datatype=XSD.integer)
    ]
    assert len([t for t in graph if not isinstance(t.subject, NamedNode)]) == 2
    assert len(graph) == len(read(tmp_path / "old.ttl"))


def test_mending_again_changes_no_byte(run: Run, tmp_path: Path) -> None:
    run("old.ttl", "--fix", "new.ttl")
    result = run("new.ttl", "--fix", "again.ttl")
    assert "Nothing could be repaired" in result.stdout
    assert (tmp_path / "again.ttl").read_bytes() == (tmp_path / "new.ttl").read_bytes()


def test_a_good_file_is_copied_as_it_is(run: Run, tmp_path: Path) -> None:
    result = run(GOOD, "--fix", "new.ttl")
    assert result.exit_code == 0
    assert (tmp_path / "new.ttl").read_bytes() == GOOD.read_bytes()


def test_json_has_every_change_and_what_remains(run: Run, tmp_path: Path) -> None:
    result = run("old.ttl", "--fix", "new.ttl", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["release"] == "7 or earlier"
    assert {change["property"] for change in told["converted"]} >= {"https://w3id.org/healthdcat-ap#healthTheme"}
    records = next(one for one in told["repaired"] if one["property"] == HEALTH.numberOfRecords.value)
    assert records["where"] == "#d"
    assert "nonNegativeInteger" in records["after"]
    assert records["why"]
    left = [one for one in told["remaining"] if one["severity"] == "violation"]
    assert len(left) == told["after"]["violation"] == violations(run, "new.ttl")
    assert told["after"]["violation"] < told["before"]["violation"]
    assert (tmp_path / "new.ttl").exists()


def test_a_nameless_node_is_called_as_in_the_file(run: Run, tmp_path: Path) -> None:
    more = (
        "<#d> ex:v [ <http://www.w3.org/ns/csvw#column> ( [ ex:n 1 ] [ ex:n 2 ] ) ] ; "
        'dcat:distribution [ a dcat:Distribution ; dcat:accessURL "https://e.org/a" ] .'
    )
    (tmp_path / "old.ttl").write_text(OLD + more, "utf-8")
    told = json.loads(run("old.ttl", "--fix", "new.ttl", "--json").stdout)
    (where,) = [one["where"] for one in told["repaired"] if one["property"] == DCAT.accessURL.value]
    (distribution,) = read(tmp_path / "new.ttl").instances(DCAT.Distribution)
    assert where == str(distribution)


def test_a_write_that_fails_leaves_what_was_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self), None, str(target))

    (tmp_path / "new.ttl").write_text("precious", "utf-8")
    monkeypatch.setattr(Path, "replace", full)
    result = run("old.ttl", "--fix", "new.ttl")
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert (tmp_path / "new.ttl").read_text("utf-8") == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.ttl", "old.ttl"]


@pytest.mark.parametrize("suffix", ["nt", "rdf", "jsonld", "trig", "nq"])
def test_every_syntax_is_written(suffix: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "whole.ttl").write_text(OLD.replace("<#", "<http://e.org/"), "utf-8")
    run("whole.ttl", "--fix", "new.ttl")
    run("whole.ttl", "--fix", f"other.{suffix}")
    assert Canonical(read(tmp_path / f"other.{suffix}")).content == Canonical(read(tmp_path / "new.ttl")).content


def test_a_name_without_suffix_keeps_the_syntax(run: Run, tmp_path: Path) -> None:
    run("-", "--media-type", "text/turtle", "--fix", "new", stdin=OLD.encode())
    assert b"@prefix hd:" in (tmp_path / "new").read_bytes()


def test_named_graphs_are_kept(run: Run, tmp_path: Path) -> None:
    head, body = OLD.split("<#all>", 1)
    (tmp_path / "old.trig").write_text(f"{head} <http://e.org/g> {{ <#all>{body} }}", "utf-8")
    run("old.trig", "--fix", "new.trig")
    quads = list(parse((tmp_path / "new.trig").read_bytes(), "application/trig", base="http://e.org/"))
    assert {str(quad.graph_name) for quad in quads} == {"<http://e.org/g>"}
    assert NamedNode(EU + "language/ENG") in {quad.object for quad in quads}


def test_the_file_itself_is_replaced_only_by_its_own_path(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.ttl").symlink_to("old.ttl")
    refused = run("old.ttl", "--fix", "link.ttl")
    assert refused.exit_code == 2
    assert "under another name" in refused.stderr
    assert (tmp_path / "old.ttl").read_text("utf-8") == OLD
    run("old.ttl", "--fix", "old.ttl")
    assert "@prefix hd: <http://healthdataportal.eu/ns/health#>" in (tmp_path / "old.ttl").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ("", ["x.ttl", "--fix", "out.ttl"], "describes no dataset"),
        ("<#c> a <http://www.w3.org/ns/dcat#Catalog> .", ["x.ttl", "--fix", "out.ttl"], "describes no dataset"),
        ("<#c> a ; .", ["x.ttl", "--fix", "out.ttl"], "not valid Turtle"),
        (OLD, ["x.ttl", "--fix", "missing/out.ttl"], "cannot write the file"),
        (OLD, ["x.ttl", "--fix", "out.csv"], "no RDF syntax has files that end in '.csv'"),
        (OLD, ["x.ttl", "--fix", "out.ttl.gz"], "end in '.gz'"),
        (OLD, ["x.ttl", "--fix", "out.nt"], "relative IRIs"),
        (OLD, ["x.ttl", "old.ttl", "--fix", "out.ttl"], "only one file"),
        (OLD, ["no-such.ttl", "--fix", "out.ttl"], "cannot read the file"),
        (OLD, ["x.ttl", "--media-type", "text/html", "--fix", "out.ttl"], "not an RDF syntax"),
        (
            "GRAPH <http://e.org/g> { <#d> a <http://www.w3.org/ns/dcat#Dataset> }",
            ["x.ttl", "--media-type", "application/trig", "--fix", "out.ttl"],
            "named graphs",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    content: str, arguments: list[str], said: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "x.ttl").write_text(content, "utf-8")
    before = sorted(tmp_path.rglob("*"))
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Remedy" in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_converted_is_said_without_fix_too(run: Run) -> None:
    result = run("old.ttl")
    assert "written for Release 7 or earlier, converted to Release 8 in 3 places" in result.stdout
    assert "as written" in result.stdout
    assert "converted" not in run(FAULTY).stdout
