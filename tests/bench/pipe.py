"""The whole pipe on generated datasets: parse, digest, validate, label, commit, index. Prints ratios of one run.

python tests/bench/pipe.py [DATASETS] [DATASETS FOR PYSHACL]
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyshacl
import rdflib
from generate import write

from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.graphs import Graph, parse, serialise
from catalogue.model import Report, Source
from catalogue.rewriting import normaliser
from catalogue.splitting import Splitter

BASE = "http://127.0.0.1:8000/"


class PlainPyshacl:
    """pySHACL as its documentation shows it: rdflib graphs, one call of ``pyshacl.validate`` for a description."""

    def __init__(self, services: Services) -> None:
        self._ours = services.validator
        self._shapes = {iri: _rdflib(profile.shapes) for iri, profile in services.rulebook.profiles.items()}
        self._context = _rdflib(services.rulebook.vocabulary)

    def validate(self, graph: Graph, profile: str) -> Report:
        """Validate for the cost of it; the result comes from our engine, so that the rest of the pipe can go on."""
        pyshacl.validate(_rdflib(graph) + self._context, shacl_graph=self._shapes[profile])
        return self._ours.validate(graph, profile)


def _rdflib(graph: Graph) -> rdflib.Graph:
    return rdflib.Graph().parse(serialise(graph, "text/turtle"), format="turtle")


def main(count: int, reference: int) -> None:
    """Run everything in a scratch folder."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        root = Path(folder)
        dump, few = root / "dump.nt", root / "few.nt"
        write(count, dump)
        write(reference, few)
        services = stack.enter_context(open_services(Settings(data=root / "fast", base=BASE)))
        size(dump)
        machine(dump)
        first = visit(services, dump, "first visit")
        same = visit(services, dump, "again, same bytes")
        machine(dump)
        shuffle(dump)
        other = visit(services, dump, "again, same graphs in other bytes")
        print(f"unchanged: {first / same:.0f}x faster with the same bytes, {first / other:.1f}x with other bytes")
        per_dataset = first / count
        tuned_settings = Settings(data=root / "tuned", base=BASE, engine="pyshacl")
        plain = stack.enter_context(open_services(Settings(data=root / "plain", base=BASE)))
        plain = replace(plain, validator=PlainPyshacl(plain))
        tuned = stack.enter_context(open_services(tuned_settings))
        for slow, what in ((plain, "pyshacl.validate"), (tuned, "--engine pyshacl")):
            taken = visit(slow, few, f"the same pipe with {what}") / reference
            print(f"whole pipe: {taken / per_dataset:.0f}x the pipe with {what}")
        single(services, few)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def machine(dump: Path) -> None:
    """How fast this machine is right now, by something everyone can run: plain parsing."""
    content, began = dump.read_bytes(), time.process_time()
    triples = sum(1 for _ in parse(content, "application/n-triples"))
    rate = triples / (time.process_time() - began) / 1000
    print(f"machine: pyoxigraph parses {rate:,.0f} thousand triples a CPU second")


def size(dump: Path) -> None:
    """Say how large the descriptions are."""
    parts = [len(part.graph) for part in _parts(dump)]
    print(f"{len(parts):,} datasets, {statistics.mean(parts):.1f} triples each, in {dump.stat().st_size / 1e6:.0f} MB")


def _parts(file: Path) -> Splitter:
    return Splitter(Graph(parse(file.read_bytes(), "application/n-triples")), normaliser())


def shuffle(dump: Path) -> None:
    """Write the lines in another order."""
    lines = dump.read_text("utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    dump.write_text("".join(lines), "utf-8")


def visit(services: Services, file: Path, what: str) -> float:
    """One visit; returns CPU seconds of this process with all its threads."""
    day = timedelta(days=1)
    source = Source("bench", BASE + "node/bench", "Bench", "dcat", str(file), BASE + "dataset/bench/", grace=day)
    wall, cpu = time.perf_counter(), time.process_time()
    outcomes = Counter(type(outcome).__name__ for outcome in services.harvest(source))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rate = sum(outcomes.values()) / cpu
    told = ", ".join(f"{number:,} {name}" for name, number in outcomes.items())
    print(f"{what}: {wall:.2f} s wall, {cpu:.2f} s CPU, {rate:,.0f} datasets a second per core ({told})")
    return cpu


def single(services: Services, file: Path) -> None:
    """Validation of one description in process, milliseconds."""
    graphs = [part.graph for part in _parts(file)]
    taken = []
    for graph in graphs:
        dataset = next(iter(graph.nodes))
        began = time.perf_counter()
        services.validator.validate(graph, services.rulebook.profile_for(graph, dataset).iri)
        taken.append((time.perf_counter() - began) * 1000)
    print(f"validation of one description: median {statistics.median(taken):.2f} ms, worst {max(taken):.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 100)
