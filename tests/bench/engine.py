"""Validation alone, compiled engine against pySHACL, over the shipped rules and vocabularies: CPU time and ratios.

    python tests/bench/engine.py [DATASETS]

Three ways: one description again and again (warm), each description by itself as the pipe does it, and all of them as
one graph, which is how pySHACL is at its best.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from generate import agents, dataset

from catalogue.assembly import load_rulebook
from catalogue.graphs import Graph, parse
from catalogue.model import Report
from catalogue.names import DCAT
from catalogue.ports import Validator
from catalogue.shacl import CompiledValidator, PyshaclValidator

T = TypeVar("T")
Job = tuple[Graph, str]
"""A description and the profile it is checked against."""


def main(count: int) -> None:
    """Compile, time, compare."""
    rulebook = load_rulebook()
    lines = [*agents(), *(line for number in range(count) for line in dataset(number))]
    whole = Graph(parse("".join(lines).encode(), "application/n-triples"))
    parts = [(whole.described(node), node) for node in whole.instances(DCAT.Dataset)]
    jobs = [(part, rulebook.profile_for(part, node).iri) for part, node in parts]
    shapes = {iri: profile.shapes for iri, profile in rulebook.profiles.items()}
    print(
        f"{len(rulebook.rules)} rules in {len(shapes)} profiles, {len(rulebook.vocabulary):,} triples of vocabulary, "
        f"{count:,} descriptions of {sum(len(part) for part, _ in jobs) / count:.0f} triples"
    )
    compiled = timed("compiled: load", lambda: CompiledValidator(shapes, rulebook.vocabulary))[0]
    reference = timed("pySHACL: load", lambda: PyshaclValidator(shapes, rulebook.vocabulary))[0]
    compare("one description", compiled, reference, jobs[:1], repeat=20)
    compare("each by itself", compiled, reference, jobs)
    compare("all as one graph", compiled, reference, [(whole, jobs[0][1])], datasets=count)


def compare(
    what: str, compiled: Validator, reference: Validator, jobs: Sequence[Job], *, repeat: int = 1, datasets: int = 0
) -> None:
    """Time both engines on the same work; fails when they do not find the same."""
    fast, fast_seconds = best(compiled, jobs, max(repeat, 5))
    slow, slow_seconds = best(reference, jobs, max(repeat // 5, 1))
    for one, other in zip(fast, slow, strict=True):
        assert Counter(one.findings) == Counter(other.findings)
        assert one.tested == other.tested
    each = 1000 / (datasets or len(jobs))
    print(
        f"{what}: compiled {fast_seconds * each:.3f} ms, pySHACL {slow_seconds * each:.2f} ms a description, "
        f"{slow_seconds / fast_seconds:.0f} times; {sum(len(report.findings) for report in fast):,} equal findings"
    )


def best(validator: Validator, jobs: Sequence[Job], repeat: int) -> tuple[list[Report], float]:
    """Reports, and the least CPU seconds of several runs."""
    runs = [timed("", lambda: [validator.validate(graph, profile) for graph, profile in jobs]) for _ in range(repeat)]
    return runs[0][0], min(seconds for _, seconds in runs)


def timed(what: str, work: Callable[[], T]) -> tuple[T, float]:
    """The result of some work and the CPU seconds it took."""
    began = time.process_time()
    result = work()
    seconds = time.process_time() - began
    if what:
        print(f"{what}: {seconds * 1000:.0f} ms")
    return result, seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
