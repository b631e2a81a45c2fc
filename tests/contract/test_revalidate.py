"""After a change of the rulebook the stored catalogue says what a fresh harvest with the new rulebook would say."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue import assembly, shacl
from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.model import Rejected, Source
from catalogue.names import AS, DCT, PROV
from catalogue.ports import Query
from catalogue.resources import read_files
from catalogue.revalidate import Revalidated
from catalogue.rulebook import Rulebook

BASE = "http://127.0.0.1:8000/"
ROOT = Path(__file__).resolve().parents[2]
COUNT = 60
TIMES = {predicate.value for predicate in (DCT.issued, DCT.modified, PROV.wasGeneratedBy)}
DATASET, NON_PUBLIC = "shapes/healthdcat-ap/8/dataset.ttl", "shapes/healthdcat-ap/8/dataset-non-public.ttl"


def another_rulebook() -> Rulebook:
    """The shipped one, but the theme is recommended and no more mandatory, the source mandatory and not recommended."""
    files = read_files("shapes") | read_files("vocab")
    files[DATASET] = swapped(files[DATASET], "theme", "sh:Violation", "sh:Warning")
    files[NON_PUBLIC] = swapped(files[NON_PUBLIC], "source", "sh:Warning", "sh:Violation")
    return Rulebook.load(files, shacl.check)


def swapped(content: bytes, rule: str, before: str, after: str) -> bytes:
    text, count = re.subn(rf"(:{rule} a (?:[^\n]+\n)+?.*){before}", rf"\1{after}", content.decode(), count=1)
    assert count == 1
    return text.encode()


@contextmanager
def opened(settings: Settings, rulebook: Rulebook, patch: pytest.MonkeyPatch) -> Iterator[Services]:
    patch.setattr(assembly, "load_rulebook", lambda: rulebook)
    with open_services(settings) as services:
        yield services


def source(path: Path) -> Source:
    return Source("bench", BASE + "node/bench", "Bench", "dcat", str(path), BASE + "dataset/bench/")


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "dump.nt"
    subprocess.run([sys.executable, ROOT / "tests" / "bench" / "generate.py", str(COUNT), path], check=True)
    blank = "_:h <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Agent> .\n"
    with path.open("a", encoding="utf-8") as out:
        for number in range(COUNT):  # in an older form, so that every record has a note about it
            dataset = f"<https://data.example.org/dataset/{number}>"
            out.write(f'{dataset} <https://purl.org/dc/terms/alternative> "A"@en .\n')
        out.write(f"<https://data.example.org/dataset/1> <http://purl.org/dc/terms/creator> _:h .\n{blank}")
    return path


def state(services: Services) -> dict[str, object]:
    """All that is stored about datasets, without times; what the index says; what is asked of the law."""
    datasets = [row["dataset"].value for row in services.store.select(assembly.query("known"))]
    graphs = {
        name: {str(t) for t in services.store.graph(name) if t.predicate.value not in TIMES}
        for dataset in datasets
        for name in (services.minted.record(dataset), services.minted.description(dataset))
    }
    hits = services.search.find(Query(size=100), "en").hits
    return {"graphs": graphs, "hits": {hit.iri: (hit.stars, hit.violations, hit.facets["label"]) for hit in hits}}


def times(services: Services) -> list[tuple[str, ...]]:
    rows = services.store.select("SELECT ?s ?p ?o { GRAPH ?s { ?s ?p ?o } }")
    return sorted((r["s"].value, r["p"].value, r["o"].value) for r in rows if r["p"].value in TIMES)


def history(services: Services) -> int:
    return len(services.store.select("SELECT ?e { GRAPH ?g { ?e <" + AS.published.value + "> ?when } }"))


@pytest.mark.parametrize("place", ["embedded", "server"])
def test_records_are_those_of_a_fresh_harvest(
    tmp_path: Path, dump: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch, empty_server: str, place: str
) -> None:
    new = another_rulebook()
    settings = Settings(data=tmp_path / "old", base=BASE)
    if place == "server":
        urls = {"store_query": f"{empty_server}/query", "store_update": f"{empty_server}/update"}
        settings = replace(settings, **urls)
    with opened(Settings(data=tmp_path / "fresh", base=BASE), new, monkeypatch) as services:
        assert Counter(type(o).__name__ for o in services.harvest(source(dump))) == Counter(Stored=COUNT)
        expected = state(services)
    with opened(settings, rulebook, monkeypatch) as services:
        list(services.harvest(source(dump)))
        before, written, entries = state(services), times(services), history(services)
    with opened(settings, new, monkeypatch) as services:
        assert services.revalidation.outstanding() == COUNT
        outcomes = list(services.revalidate(2))
        assert state(services) == expected != before
        assert (times(services), history(services)) == (written, entries)
        assert services.revalidation.outstanding() == 0
        assert list(services.revalidate(1)) == []
        assert all(type(outcome).__name__ == "Unchanged" for outcome in services.harvest(source(dump)))
    told = [outcome for outcome in outcomes if isinstance(outcome, Revalidated)]
    assert len(told) == len(outcomes) == COUNT
    assert Counter(one.conformed for one in told) != Counter(one.conforms for one in told)
    assert sum(one.changed for one in told) > 0


def test_only_the_difference_is_written(
    tmp_path: Path, dump: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = replace(rulebook, digest="sha256:" + "0" * 64)
    settings = Settings(data=tmp_path, base=BASE)
    with opened(settings, rulebook, monkeypatch) as services:
        list(services.harvest(source(dump)))
    with opened(settings, same, monkeypatch) as services:
        changes = []
        commit = services.store.commit
        monkeypatch.setattr(services.store, "commit", lambda change: changes.append(change) or commit(change))
        outcomes = list(services.revalidate(1))
        assert not any(isinstance(one, Rejected) or one.changed for one in outcomes)
    assert sum(len(change.add) for change in changes) == sum(len(change.remove) for change in changes) == COUNT


def test_a_description_that_the_archive_lost_is_told_and_left(
    tmp_path: Path, dump: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path, base=BASE)
    with opened(settings, rulebook, monkeypatch) as services:
        list(services.harvest(source(dump)))
    with opened(settings, another_rulebook(), monkeypatch) as services:
        (lost, *_) = services.store.select(assembly.query("outdated"), current=assembly.Literal("none"))
        get = services.archive.get
        monkeypatch.setattr(
            services.archive, "get", lambda digest: None if digest == lost["digest"].value else get(digest)
        )
        (rejected,) = (one for one in services.revalidate(1) if isinstance(one, Rejected))
        assert (rejected.where, services.revalidation.outstanding()) == (lost["dataset"].value, 1)
        assert "harvest" in rejected.remedy


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import test_revalidate as t
from catalogue import assembly, revalidate
from catalogue.config import Settings
new = t.another_rulebook()
assembly.load_rulebook = lambda: new
revalidate.GROUP = revalidate.TASK = 7
if __name__ == "__main__":
    with assembly.open_services(Settings(data=Path({data!r}), base=t.BASE)) as services:
        for number, _ in enumerate(services.revalidate(2)):
            if number == 20:
                os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_midway_it_is_completed_by_the_next(
    tmp_path: Path, dump: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, settings = another_rulebook(), Settings(data=tmp_path / "old", base=BASE)
    with opened(Settings(data=tmp_path / "fresh", base=BASE), new, monkeypatch) as services:
        list(services.harvest(source(dump)))
        expected = state(services)
    with opened(settings, rulebook, monkeypatch) as services:
        list(services.harvest(source(dump)))
    script = tmp_path / "killed.py"
    script.write_text(KILLED.format(folder=str(Path(__file__).parent), data=str(settings.data)), "utf-8")
    done = subprocess.run([sys.executable, str(script)], timeout=120, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with opened(settings, new, monkeypatch) as services:
        assert 0 < services.revalidation.outstanding() < COUNT
        list(services.revalidate(1))
        assert state(services) == expected


def test_a_change_of_names_alone_reaches_the_search(
    tmp_path: Path, dump: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_files("shapes") | read_files("vocab")
    theme = b"<http://publications.europa.eu/resource/authority/data-theme/HEAL>"
    files["vocab/authority/more.ttl"] = theme + b' <http://www.w3.org/2004/02/skos/core#altLabel> "Xanthippe"@en .'
    settings = Settings(data=tmp_path, base=BASE)
    with opened(settings, rulebook, monkeypatch) as services:
        list(services.harvest(source(dump)))
        assert services.search.find(Query("Xanthippe"), "en").total == 0
    with opened(settings, Rulebook.load(files, shacl.check), monkeypatch) as services:
        outcomes = [one for one in services.revalidate(1) if isinstance(one, Revalidated)]
        assert len(outcomes) == COUNT
        assert not any(one.changed for one in outcomes)
        assert services.search.find(Query("Xanthippe"), "en").total > COUNT / 2
