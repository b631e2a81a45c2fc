"""Checking much input: the same findings as in memory, whatever the processes, files and syntaxes, and how it fails."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue import bulk
from catalogue.assembly import checkers, open_checker
from catalogue.bulk import answers, files
from catalogue.cli import main
from catalogue.errors import WorkerDied
from catalogue.graphs import Graph, parse, serialise
from catalogue.model import Finding, Rejected
from catalogue.names import Minted
from catalogue.publish import Checked, Checker
from catalogue.rulebook import Rulebook
from catalogue.workers import Processes

BASE = "http://127.0.0.1:8000/"
ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {"text/turtle": ".ttl", "application/rdf+xml": ".rdf", "application/ld+json": ".jsonld"}


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 generated datasets, one in five with faults, as N-Triples."""
    path = tmp_path_factory.mktemp("dump") / "dump.nt"
    subprocess.run([sys.executable, ROOT / "tests" / "bench" / "generate.py", "300", path], check=True)
    return path


def keep(_checker: Checker, one: Checked) -> tuple[str, list[Finding]]:
    return one.iri, list(one.report.findings)


def told(rulebook: Rulebook, path: Path, jobs: int) -> list[tuple[str, list[Finding]] | Rejected]:
    with files([str(path)], None) as found, checkers(rulebook, "compiled", BASE, jobs) as workers:
        return list(answers(found, workers, keep, Minted(BASE)))


def comparable(findings: list[tuple[str, list[Finding]] | Rejected]) -> list[object]:
    """Blank nodes have labels of their own in every reading of some syntaxes."""
    return [
        one
        if isinstance(one, Rejected)
        else (one[0], sorted((f.rule, str(f.path), f.component, str(f.value)) for f in one[1]))
        for one in findings
    ]


@pytest.mark.parametrize("media_type", SUFFIXES)
def test_in_pieces_and_processes_the_findings_are_those_of_one_document(
    rulebook: Rulebook, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media_type: str
) -> None:
    content = serialise(parse(dump.read_bytes(), "application/n-triples"), media_type)
    path = tmp_path / f"dump{SUFFIXES[media_type]}.gz"
    path.write_bytes(gzip.compress(content))
    checker = open_checker(rulebook, "compiled", BASE)
    expected = comparable([keep(checker, one) for one in checker.check(content, media_type, "dump")])
    assert len(expected) == 300
    monkeypatch.setattr(bulk, "MOST_PACKED", 100)
    monkeypatch.setattr(bulk, "TOGETHER", 40)
    assert comparable(told(rulebook, path, 1)) == expected
    assert comparable(told(rulebook, path, 2)) == expected


def test_documents_are_never_merged_and_a_bad_one_does_not_stop_the_others(rulebook: Rulebook, tmp_path: Path) -> None:
    text = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    (tmp_path / "1.ttl").write_text(
        text + "<d> a dcat:Dataset ; dcat:contactPoint _:b . _:b dct:title 'one' .", "utf-8"
    )
    (tmp_path / "2.ttl").write_text("<d> a .", "utf-8")
    (tmp_path / "3.ttl.gz").write_bytes(b"\x1f\x8b\x08 not gzip")
    (tmp_path / "4.ttl").write_text(text + "<d> a dcat:Dataset ; dcat:contactPoint _:b .", "utf-8")
    (tmp_path / "notes.txt").write_text("not RDF", "utf-8")
    with files([str(tmp_path)], None) as found, checkers(rulebook, "compiled", BASE, 1) as workers:
        first, broken, packed, last = answers(found, workers, lambda _, one: one, Minted(BASE))
    assert isinstance(first, Checked)
    assert isinstance(last, Checked)
    assert (len(first.graph), len(last.graph)) == (3, 2)
    assert isinstance(broken, Rejected)
    assert "2.ttl line 1" in broken.where
    assert isinstance(packed, Rejected)
    assert "3.ttl.gz" in packed.where


@pytest.fixture
def run() -> partial[Result]:
    return partial(CliRunner().invoke, main, catch_exceptions=False)


def test_the_summary_counts_what_the_list_says(run: partial[Result], dump: Path) -> None:
    listed = json.loads(run(["validate", str(dump), "--json"]).stdout)
    result = run(["validate", str(dump), "--summary", "--json", "--jobs", "2"])
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    bad = {f["dataset"] for f in listed if f["severity"] == "violation"}
    assert (summary["datasets"], summary["conforming"]) == (300, 300 - len(bad))
    for rule in summary["rules"]:
        mine = [f["dataset"] for f in listed if f["rule"] == rule["rule"]]
        assert (rule["findings"], rule["datasets"]) == (len(mine), len(set(mine)))
        assert rule["first"] == list(dict.fromkeys(mine))[:3]
    assert {rule["rule"] for rule in summary["rules"]} == {f["rule"] for f in listed}
    assert f"300 datasets: {300 - len(bad)} have all" in run(["validate", str(dump), "--summary"]).stdout


def test_what_can_be_read_is_told_and_the_exit_code_says_that_something_could_not(
    run: partial[Result], tmp_path: Path, dump: Path
) -> None:
    (tmp_path / "bad.ttl").write_text("<d> a .", "utf-8")
    result = run(["validate", "--json", str(tmp_path / "bad.ttl"), str(dump)])
    assert result.exit_code == 2
    assert len({finding["dataset"] for finding in json.loads(result.stdout)}) > 100
    assert "bad.ttl line 1" in result.stderr


def die(_checker: Checker, task: int) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def no_checker() -> None:
    return None


def test_a_killed_process_is_told_of_and_not_waited_for() -> None:
    pool: Processes[None] = Processes(no_checker, 2)
    with pytest.raises(WorkerDied) as error:
        list(pool.map(die, range(10)))  # type: ignore[arg-type]
    pool.close()
    assert "--jobs" in error.value.remedy


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_process_and_no_traceback_is_left_behind_by_ctrl_c_or_kill(tmp_path: Path, dump: Path, end: int) -> None:
    source = tmp_path / "large.nt"
    source.write_bytes(dump.read_bytes() * 60)
    command = [sys.executable, "-m", "catalogue.cli", "validate", "--jobs", "2", "--json", *[str(source)] * 9]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, cwd=tmp_path
    )
    assert child.stdout is not None
    child.stdout.read(1)
    os.killpg(child.pid, end) if end == signal.SIGINT else child.kill()
    _, said = child.communicate(timeout=30)
    assert b"Traceback" not in said
    until = time.monotonic() + 20
    while alive(child.pid):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(group: int) -> bool:
    """Whether a process of the group is there that is not only waiting to be collected."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text("utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def test_memory_does_not_grow_with_the_document(tmp_path: Path, dump: Path) -> None:
    peaks = []
    for times in (24, 48):  # below, the buffers of fixed size are not full yet: 197 MB with 4, 269 MB with 24 to 72
        source = tmp_path / f"{times}.nt"
        lines = dump.read_text("utf-8")
        with source.open("w", encoding="utf-8") as out:
            for copy in range(times):
                out.write(lines.replace("data.example.org", f"data{copy}.example.org").replace("_:", f"_:c{copy}x"))
        code = (
            "from catalogue.cli import main\n"
            "from tests.peak import megabytes\n"
            "try:\n"
            f"    main(['validate', '--summary', '--jobs', '1', {str(source)!r}], standalone_mode=False)\n"
            "except SystemExit:\n"
            "    pass\n"
            "print(megabytes())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
        peaks.append(int(done.stdout.split()[-1]))
    in_memory = len(Graph(parse(dump.read_bytes(), "application/n-triples"))) * 20 * 250 / 1e6
    assert peaks[1] - peaks[0] < in_memory / 2, peaks
