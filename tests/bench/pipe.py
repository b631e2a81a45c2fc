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

from generate import write

from catalogue.assembly import Services, open_services
from catalogue.config import Settings
from catalogue.graphs import Graph, parse
from catalogue.model import Source, datasets_in

BASE = "http://127.0.0.1:8000/"


def main(count: int, reference: int) -> None:
    """Run everything in a scratch folder."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        root = Path(folder)
        dump, few = root / "dump.nt", root / "few.nt"
        write(count, dump)
        write(reference, few)
        triples = sum(1 for _ in dump.open("rb"))
        print(f"{count:,} datasets, {triples:,} lines, {triples / count:.1f} lines a dataset")
        services = stack.enter_context(open_services(Settings(data=root / "fast", base=BASE)))
        first = visit(services, dump, "first visit")
        same = visit(services, dump, "second visit, same bytes")
        lines = dump.read_text("utf-8").splitlines(keepends=True)
        random.Random(1).shuffle(lines)
        dump.write_text("".join(lines), "utf-8")
        other = visit(services, dump, "third visit, same graphs in other bytes")
        print(f"unchanged: {first / same:.0f}x faster with the same bytes, {first / other:.1f}x with other bytes")
        quick = visit(stack.enter_context(open_services(Settings(data=root / "few", base=BASE))), few, "compiled")
        slow_settings = Settings(data=root / "slow", base=BASE, engine="pyshacl")
        slow = visit(stack.enter_context(open_services(slow_settings)), few, "pySHACL in the same pipe")
        print(f"whole pipe: {slow / reference / (first / count):.0f}x a pipe with pySHACL ({quick:.2f} s and {slow:.2f} s CPU for {reference})")
        single(services, few)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def visit(services: Services, file: Path, what: str) -> float:
    """One visit; returns CPU seconds of this process with all its threads."""
    source = Source("bench", BASE + "node/bench", "Bench", "dcat", str(file), BASE + "dataset/bench/", grace=timedelta(days=1))
    wall, cpu = time.perf_counter(), time.process_time()
    outcomes = Counter(type(outcome).__name__ for outcome in services.harvest(replace(source)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done = sum(outcomes.values())
    told = ", ".join(f"{number:,} {name}" for name, number in outcomes.items())
    print(f"{what}: {wall:.2f} s wall, {cpu:.2f} s CPU, {done / cpu:,.0f} datasets a second per core ({told})")
    return cpu


def single(services: Services, file: Path) -> None:
    """Validation of one description in process, milliseconds."""
    graphs = [part for _, part in datasets_in(Graph(parse(file.read_bytes(), "application/n-triples")))]
    taken = []
    for graph in graphs:
        dataset = next(iter(graph.nodes))
        began = time.perf_counter()
        services.validator.validate(graph, services.rulebook.profile_for(graph, dataset).iri)
        taken.append((time.perf_counter() - began) * 1000)
    print(f"validation of one description: median {statistics.median(taken):.2f} ms, worst {max(taken):.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 100)
