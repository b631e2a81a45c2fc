"""The command line as its users meet it: what it prints, what it returns, how it fails."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.cli import main
from catalogue.graphs import Graph, parse
from catalogue.names import DCAT
from tests.contract.official import official_schema

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "harvesters" / "examples" / "healthdcat-ap-8"
GOOD, FAULTY = EXAMPLES / "oncology-cohort.ttl", EXAMPLES / "imaging-biobank.ttl"
Run = Callable[..., Result]
BLANK = re.compile(r"\b[0-9a-f]{30,32}\b")
"""Blank nodes have other names at every reading."""
KEYS = {
    "dataset", "rule", "focus", "path", "value", "severity", "message", "where", "fix", "snippet", "nearest", "allowed",
    "provision", "why", "applies_from",
}  # fmt: skip
WRONG = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/%d> a dcat:Dataset ; dct:title "Chest CT"@en ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLC> ;
    dcat:distribution [ a dcat:Distribution ] , [ a dcat:Distribution ] , [ a dcat:Distribution ] ,
        [ a dcat:Distribution ] , [ a dcat:Distribution ] , [ a dcat:Distribution ] , [ a dcat:Distribution ] .
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the example set harvested into it by the command itself."""
    folder = tmp_path_factory.mktemp("data")
    result = CliRunner().invoke(main, ["--store", str(folder), "harvest", "examples", "--json"])
    assert result.exit_code == 0, result.output
    (summary,) = json.loads(result.stdout)
    assert (summary["new"], summary["rejected"], summary["problem"]) == (3, [], "")
    return folder


@pytest.fixture
def run(installation: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, ["--store", str(installation), *map(str, arguments)], input=stdin)

    return invoke


def test_validate_tells_what_is_wrong_why_and_how_to_mend_it(run: Run) -> None:
    result = run("validate", FAULTY)
    assert result.exit_code == 1
    finding = result.stdout.split("\n\n")[1].splitlines()
    assert finding[0] == "  1. MUST: The highest typical age is not one whole number of years."
    assert [line[5:14].strip() for line in finding[1:]] == ["found:", "where:", "remedy:", "", "why:"]
    assert "about 85 (text)" in finding[1]
    assert 'healthdcatap:maxTypicalAge "85"^^xsd:nonNegativeInteger' in finding[4]
    assert "1 that must be mended, 7 that should be." in result.stdout
    last = result.stdout.split("What to do first:\n")[1].splitlines()
    assert last[0] == "  1. The highest typical age is not one whole number of years."
    assert len(last) == 2


def test_validate_gathers_places_suggests_and_lists_what_is_allowed(run: Run) -> None:
    told = run("validate", "-", stdin=WRONG % 1).stdout
    (address,) = [part for part in told.split("\n\n") if "MUST: The distribution has no address" in part]
    assert "where:   7 places" in address
    assert address.count("- distribution") == 5
    assert "and 2 more" in address
    (right,) = [part for part in told.split("\n\n") if "did you mean" in part]
    assert "did you mean non-public (NON_PUBLIC) <http" in right
    assert "the code is right" not in right
    assert "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC>" in right
    assert "allowed: 3 values: public (PUBLIC), restricted (RESTRICTED), non-public (NON_PUBLIC)" in right
    assert "(applies from 2029-03-26): Health data access bodies" in right


def test_validate_in_another_language_and_for_many_datasets(run: Run, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.ttl").write_bytes(WRONG % number)
    told = run("validate", "1.ttl", "2.ttl", "--language", "fr").stdout
    assert "OBLIGATOIRE: La distribution n’a pas d’adresse" in told
    assert "distribution (jeu de données)" in told
    assert "2 jeux de données vérifiés : 0 sans défaut obligatoire, 2 avec." in told
    assert "(dans 2 jeux de données)" in told.split("À faire d’abord :")[1]
    assert "MUST: " in run("validate", "1.ttl", "--language", "xx").stdout
    assert "Beschreibung" in run("rules", "--language", "de").stdout


def test_validate_json_is_a_list_of_whole_findings(run: Run) -> None:
    result = run("validate", FAULTY, "--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert all(set(finding) == KEYS and finding["message"] and finding["fix"] for finding in findings)
    assert all(finding["provision"] for finding in findings)
    assert "2029-03-26" in {finding["applies_from"] for finding in findings}
    (violation,) = [finding for finding in findings if finding["severity"] == "violation"]
    assert violation["value"] == "about 85"
    assert violation["where"] == "dataset “Magnetic resonance images of the prostate with biopsy results”"
    assert violation["snippet"] == 'healthdcatap:maxTypicalAge "85"^^xsd:nonNegativeInteger'
    assert {why["provision"] for why in violation["why"]} == set(violation["provision"])
    assert (violation["nearest"], violation["allowed"]) == (None, None)
    assert violation["path"].endswith("maxTypicalAge")


def test_validate_against_another_profile(run: Run) -> None:
    assert "MUST" not in run("validate", GOOD).stdout
    result = run("validate", GOOD, "--profile", "eucaim")
    assert result.exit_code == 1
    assert "checked as: EUCAIM DCAT-AP 2.0, non-public data" in result.stdout
    refused = run("validate", GOOD, "--profile", "eucam")
    assert (refused.exit_code, "healthdcat-ap, eucaim" in refused.stderr) == (2, True)


def test_both_engines_say_the_same(run: Run) -> None:
    said = [
        json.loads(BLANK.sub("blank node", run("validate", FAULTY, "--json", "--all", "--engine", engine).stdout))
        for engine in ("compiled", "pyshacl")
    ]
    assert sorted(map(str, said[0])) == sorted(map(str, said[1]))


def test_a_good_description_exits_with_0_also_from_standard_input(run: Run) -> None:
    assert run("validate", GOOD).exit_code == 0
    assert run("validate", "-", stdin=GOOD.read_bytes()).exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.ttl", b"<http://a> <http://b> .", "broken.ttl line 1"),
        ("unbound.ttl", b"<http://a> b:c <http://d> .", "unbound.ttl line 1"),
        ("page.html", b"<!doctype html><html></html>", "Where: page.html"),
        ("nothing.ttl", b"", "describes no dataset"),
        ("latin.ttl", "<http://a> <http://b> 'é' .".encode("latin-1"), "Remedy:"),
    ],
)
def test_unreadable_files_say_what_where_and_what_to_do(
    run: Run, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("validate", name)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Remedy:" in result.stderr
    assert not result.stdout


def test_a_missing_file_and_a_wrong_setting_exit_with_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("validate", "no-such-file.ttl").exit_code == 2
    assert "unknown node" in run("harvest", "no-such-node").stderr
    monkeypatch.setenv("CATALOGUE_BASE", "not an IRI")
    result = run("config")
    assert result.exit_code == 2
    assert "base must be an http IRI" in result.stderr


def test_label_of_a_file_and_of_a_stored_dataset_agree(run: Run) -> None:
    (from_file,) = json.loads(run("label", GOOD, "--json").stdout)
    (from_store,) = json.loads(run("label", from_file["dataset"], "--json").stdout)
    assert from_file == from_store
    assert from_file["elements"][0]["name"] == "Data documentation"
    assert "What would raise it most" in run("label", FAULTY).stdout
    assert run("label", "https://nobody.example.org/").exit_code == 2


def test_search_finds_in_another_language_and_filters(run: Run) -> None:
    hits = json.loads(run("search", "Krebs", "--json").stdout)
    assert "https://data.example.org/oncology-cohort" in [hit["iri"] for hit in hits["hits"]]
    none = json.loads(run("search", "--facet", "source=elsewhere", "--json").stdout)
    assert none["total"] == 0
    assert run("search", "--facet", "colour=red").exit_code == 2


def test_export_gives_every_dataset_with_its_exact_datatypes(run: Run, tmp_path: Path) -> None:
    for syntax, media_type in (
        ("turtle", "text/turtle"),
        ("nt", "application/n-triples"),
        ("rdfxml", "application/rdf+xml"),
    ):
        graph = Graph(parse(run("export", "--format", syntax).stdout_bytes, media_type))
        assert len(graph.instances(DCAT.Dataset)) == 3
        assert any("nonNegativeInteger" in str(triple.object) for triple in graph)
    assert run("export", "--output", "all.ttl").exit_code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["all.ttl"]


def test_export_of_one_specification(run: Run) -> None:
    graph = Graph(parse(run("export", "--specification", "healthdcat-ap").stdout_bytes, "text/turtle"))
    assert len(graph.instances(DCAT.CatalogRecord)) == len(graph.instances(DCAT.Dataset)) == 3
    assert not Graph(parse(run("export", "--specification", "eucaim").stdout_bytes, "text/turtle")).instances(
        DCAT.Dataset
    )
    unknown = run("export", "--specification", "nonsense")
    assert unknown.exit_code != 0
    assert "use one of: healthdcat-ap, eucaim" in unknown.stderr
    assert run("export", "--specification", "eucaim", "--format", "dsp").exit_code == 2


def test_export_as_a_catalogue_of_a_dataspace_is_as_the_protocol_says(run: Run, shared: Path) -> None:
    catalogue = json.loads(run("export", "--format", "dsp").stdout)
    resources = "eclipse-dataspace-protocol-base__DataspaceProtocol/artifacts/src/main/resources"
    official_schema(shared / "nodes" / "simpl_dsp" / resources, "catalog").validate(catalogue)
    assert len(catalogue["dataset"]) == 3


def test_rules_reindex_and_config_answer_in_json(run: Run, installation: Path) -> None:
    rules = json.loads(run("rules", "--json").stdout)
    assert len(rules) > 200
    assert all(rule["message"] and rule["fix"] and rule["provision"] for rule in rules)
    assert json.loads(run("reindex", "--json").stdout) == {"datasets": 3}
    assert json.loads(run("config", "--json").stdout)["data"] == str(installation)


def test_rules_silent_tells_what_no_rule_looks_at_and_why(run: Run) -> None:
    told = {one["cited"]: one for one in json.loads(run("rules", "--silent", "--json").stdout)}
    looked_at = {iri for rule in json.loads(run("rules", "--json").stdout) for iri in rule["provision"]}
    assert not looked_at & {one["provision"] for one in told.values()}
    assert {one["actor"] for one in told.values()} >= {"health data holder", "health data access body"}
    assert told["Art. 60(2) EHDS"]["applies_from"] == "2029-03-26"
    assert told["Art. 51(1)(f) EHDS"]["applies_from"] == "2031-03-26"
    assert "never shows that the duty is met" in told["Art. 10(3) AI Act"]["why_no_rule"]
    assert "Art. 77(1) EHDS" not in told
    table = run("rules", "--silent").stdout
    assert "Art. 73(1) EHDS" in table
    assert f"{len(told)} provisions" in table


def test_a_second_process_is_told_that_the_store_is_open(installation: Path) -> None:
    command = [sys.executable, "-m", "catalogue.cli", "--store", str(installation)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen(
        [*command, "serve", "--port", port], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            assert f"Open http://127.0.0.1:{port}/" in server.stdout.readline()
            second = subprocess.run([*command, "harvest"], cwd=ROOT, capture_output=True, text=True, check=False)
        finally:
            server.terminate()
    assert second.returncode == 2
    assert "the store is open already" in second.stderr
    assert "Remedy" in second.stderr


NODE = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dct: <http://purl.org/dc/terms/> .
<> a cat:Node ; dct:identifier "{name}" ; dct:title "Node"@en ; cat:kind "{kind}" ;
    cat:endpoint "{endpoint}" ; cat:expectedMinimum 1 .
"""


def test_bad_records_and_dead_nodes_do_not_stop_the_others_and_the_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, images, nodes = tmp_path / "files", tmp_path / "images", tmp_path / "nodes"
    for folder in (files, images, nodes):
        folder.mkdir()
    (files / "good.ttl").write_bytes(GOOD.read_bytes())
    (files / "broken.ttl").write_text("<a> <b> .", "utf-8")
    (images / "notes.txt").write_text("no image", "utf-8")
    endpoints = {
        "mixed": ("dcat", files),
        "dead": ("dcat", "http://127.0.0.1:9/catalog.ttl"),
        "text": ("dicom", images),
    }
    for name, (kind, endpoint) in endpoints.items():
        (nodes / f"{name}.ttl").write_text(NODE.format(name=name, kind=kind, endpoint=endpoint), "utf-8")
    monkeypatch.setenv("CATALOGUE_NODES", str(nodes))

    def harvest(*names: str) -> Result:
        return CliRunner().invoke(main, ["--store", str(tmp_path / "data"), "harvest", *names])

    mixed = harvest("mixed")
    assert mixed.exit_code == 1
    assert "1 new" in mixed.stdout
    assert "broken.ttl line 1" in mixed.stdout
    assert harvest("text").exit_code == 1
    everything = harvest()
    assert everything.exit_code == 2
    assert "dead: nothing yet" in everything.stdout
    assert "could not be read" in everything.stdout
    assert (
        "mixed: 1 rejected, 1 unchanged" in everything.stdout or "mixed: 1 unchanged, 1 rejected" in everything.stdout
    )
