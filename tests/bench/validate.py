"""Bulk validation of files against pySHACL: speed, whether it is linear, memory, equality of findings.

    python tests/bench/validate.py [--sizes 1000 10000 100000] [--sample 200] [--whole]

Ours is the whole command in a process of its own, from its start to its summary: reading, cutting into datasets,
converting, validating, label, verdicts. pySHACL is validation alone, on a sample and scaled to the number of datasets
unless --whole asks for all of them; both ways to use it are measured, dataset by dataset and all as one graph.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from generate import agents, dataset, write

from catalogue.assembly import load_rulebook, open_checker
from catalogue.bounds import datasets_in
from catalogue.graphs import Graph, parse
from catalogue.publish import Checker
from catalogue.rulebook import Rulebook
from catalogue.shacl import PyshaclValidator

BASE = "https://catalogue.example.org/"
BULK = "import sys; from catalogue.cli import main; sys.exit(main())"
MEASURED = """
import json, os, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(done.stdout)]))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command."""

    datasets: int
    wall: float
    cpu: float
    """Seconds of all its processes."""
    peak: float
    """MB of the largest of its processes."""

    def __str__(self) -> str:
        rate = self.datasets / self.wall
        return (
            f"{self.datasets:>7,} datasets: {self.wall:.1f} s by the clock, {self.cpu:.1f} s CPU, "
            f"{rate:,.0f} datasets a second, largest process {self.peak:.0f} MB"
        )


def bulk(file: Path, *options: str) -> Run:
    """``catalogue validate --summary`` on a file."""
    command = [sys.executable, "-c", BULK, "validate", "--summary", "--json", *options, str(file)]
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], stdout=subprocess.PIPE, check=True)
    wall, cpu, peak, summary = json.loads(done.stdout)
    return Run(summary["datasets"], wall, cpu, peak)


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def reference(rulebook: Rulebook, checker: Checker, count: int) -> float:
    """CPU seconds for each dataset with pySHACL in the better of two ways; fails when findings are not equal."""
    shapes = {iri: profile.shapes for iri, profile in rulebook.profiles.items()}
    slow = PyshaclValidator(shapes, rulebook.vocabulary)
    lines = [*agents(), *(line for number in range(count) for line in dataset(number))]
    whole = Graph(parse("".join(lines).encode(), "application/n-triples"))
    parts = [(graph, rulebook.profile_for(graph, node).iri) for node, graph in datasets_in(whole)]
    began = time.process_time()
    theirs = [slow.validate(graph, profile) for graph, profile in parts]
    each = (time.process_time() - began) / count
    ours = [checker.validator.validate(graph, profile) for graph, profile in parts]
    found = 0
    for one, other in zip(ours, theirs, strict=True):
        assert Counter(one.findings) == Counter(other.findings)
        found += len(one.findings)
    print(f"{count:,} datasets: {found:,} findings, equal to those of pySHACL one by one")
    began = time.process_time()
    slow.validate(whole, parts[0][1])
    at_once = (time.process_time() - began) / count
    print(f"pySHACL: {each * 1000:.1f} ms CPU a dataset one by one, {at_once * 1000:.1f} ms all as one graph")
    began = time.process_time()
    for graph, profile in parts:
        checker.validator.validate(graph, profile)
    mine = (time.process_time() - began) / count
    print(f"compiled engine, validation alone: {mine * 1000:.2f} ms CPU, {min(each, at_once) / mine:.0f} times as fast")
    return min(each, at_once)


def single(checker: Checker) -> None:
    """One dataset, everything loaded."""
    contents = ["".join([*agents(), *dataset(number)]).encode() for number in range(50)]
    checker.check(contents[0], "application/n-triples", "warm")
    taken = [timed(lambda c=content: checker.check(c, "application/n-triples", "bench")) for content in contents]  # type: ignore[misc]
    print(f"one dataset, warm, with parsing and label: median {statistics.median(taken) * 1000:.1f} ms")


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    options.add_argument("--sample", type=int, default=200, help="datasets for pySHACL")
    options.add_argument("--whole", action="store_true", help="pySHACL on all 10,000: takes minutes to hours")
    chosen = options.parse_args()
    rulebook = load_rulebook()
    checker = open_checker(rulebook, "compiled", BASE)
    print(f"{len(rulebook.rules)} rules in {len(rulebook.profiles)} profiles")
    single(checker)
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for size in chosen.sizes:
            file = Path(folder) / f"{size}.nt"
            write(size, file)
            runs.append(bulk(file))
            print(runs[-1])
            file.unlink()
    for one, other in pairwise(runs):
        growth = (other.wall / one.wall) / (other.datasets / one.datasets)
        print(f"{one.datasets:,} to {other.datasets:,}: {growth:.2f} times the time for each dataset")
    sample = 10_000 if chosen.whole else chosen.sample
    each = reference(rulebook, checker, sample)
    scaled = "" if sample == 10_000 else f" (pySHACL scaled linearly from {sample:,})"
    for run in runs:
        theirs = each * run.datasets
        print(
            f"{run.datasets:,} datasets, the whole command against validation by pySHACL{scaled}: "
            f"{theirs / run.wall:.0f} times as fast by the clock, {theirs / run.cpu:.0f} times less CPU"
        )
    print(f"peak memory of this process, pySHACL included: {peak():.0f} MB")


def peak() -> float:
    """MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
