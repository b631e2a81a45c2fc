"""What reading costs: parsing, cutting into datasets, older forms, digests; milliseconds of CPU a dataset.

python tests/bench/harvest.py [DATASETS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from generate import write

from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import Graph, parse
from catalogue.model import Description, Source
from catalogue.rewriting import normaliser
from catalogue.splitting import Splitter
from harvesters.dcat import DcatHarvester


def main(count: int) -> None:
    """Measure each step alone, then the harvester as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.nt"
        write(count, dump)
        content = dump.read_bytes()
        triples = content.count(b"\n")
        print(f"{count:,} datasets, {triples:,} triples, {len(content) / 1e6:.0f} MB of N-Triples")
        clock = time.process_time()
        graph = Graph(parse(content, "application/n-triples"))
        clock = lap("parse", clock, count)
        said = sum(len(part.graph) for part in Splitter(graph, normaliser(), "http://example.org/"))
        clock = lap("split", clock, count)
        for part in Splitter(graph, normaliser(), "http://example.org/"):
            normaliser().apply(part.graph, {})
        lap("split and older forms", clock, count)
        print(f"{said / count:.1f} triples a dataset")
        del graph
        clock = time.process_time()
        for description in harvest(dump):
            description.digest  # noqa: B018
        lap("harvest in all, with digests", clock, count)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def harvest(path: Path) -> Iterator[Description]:
    """All descriptions of one file."""
    source = Source("bench", "http://example.org/node", "Bench", "dcat", str(path), "http://example.org/")
    for harvested in DcatHarvester().harvest(source, Fetcher(Limits(max_bytes=2_000_000_000))):
        assert isinstance(harvested, Description), harvested
        yield harvested


def lap(step: str, since: float, count: int) -> float:
    """Print one line; returns the time now."""
    now = time.process_time()
    print(f"{step:28} {(now - since) / count * 1000:.3f} ms a dataset")
    return time.process_time()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
