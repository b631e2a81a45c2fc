"""A stored catalogue is judged again after a change of the rulebook: time, memory, what was written.

    python tests/bench/revalidate.py [--change rules|criteria] [--datasets 100000] [--folder DIR] [--jobs N]

The change of rules makes a recommended property mandatory and a mandatory one recommended; that of criteria gives two
criteria of the label other weights and levels other rules, so that every label is another. A folder given is filled
once (which takes much longer than what is measured) and used again by the next run, back and forth between the two.
"""

from __future__ import annotations

import argparse
import re
import resource
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from generate import write

from catalogue import assembly, shacl
from catalogue.assembly import load_rulebook, open_services
from catalogue.config import Settings
from catalogue.model import Rejected, Source
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.workers import processors

BASE = "https://catalogue.example.org/"
DATASET, NON_PUBLIC = "shapes/healthdcat-ap/8/dataset.ttl", "shapes/healthdcat-ap/8/dataset-non-public.ttl"
LABEL = "vocab/label.ttl"
Files: TypeAlias = dict[str, bytes]


def another(change: str) -> Rulebook:
    """The shipped rulebook with two severities swapped, or with other criteria of the label."""
    files = read_files("shapes") | read_files("vocab")
    if change == "rules":
        swap(files, DATASET, "theme", "sh:Violation", "sh:Warning")
        swap(files, NON_PUBLIC, "source", "sh:Warning", "sh:Violation")
    else:
        put(files, "cat:criterion criterion:Q3.2.1 ; cat:weight 3.98", "cat:criterion criterion:Q3.2.1 ; cat:weight 80")
        put(files, "cat:requires rule:access-rights , rule:access-url", "cat:requires rule:access-rights")
        put(files, "cat:requires rule:individuals", "cat:requires rule:individuals , rule:records")
    return Rulebook.load(files, shacl.check)


def put(files: Files, before: str, after: str) -> None:
    """Replace a text in the criteria of the label."""
    text = files[LABEL].decode()
    assert before in text, before
    files[LABEL] = text.replace(before, after).encode()


def swap(files: Files, path: str, rule: str, before: str, after: str) -> None:
    """Give a rule another severity."""
    pattern = rf"(:{rule} a (?:[^\n]+\n)+?.*){before}"
    text, count = re.subn(pattern, rf"\1{after}", files[path].decode(), count=1)
    assert count == 1, rule
    files[path] = text.encode()


def fill(settings: Settings, count: int, root: Path) -> None:
    """Harvest generated datasets, unless the store holds them already."""
    dump = root / "dump.nt"
    with open_services(settings) as services:
        if services.publisher.facts().datasets == count:
            return
        write(count, dump)
        began = time.perf_counter()
        endpoint, day = str(dump), timedelta(days=1)
        source = Source("bench", BASE + "node/bench", "Bench", "dcat", endpoint, BASE + "dataset/bench/", grace=day)
        stored = Counter(type(outcome).__name__ for outcome in services.harvest(source))
        print(
            f"harvested {dict(stored)} in {time.perf_counter() - began:.0f} s (not what is measured here)", flush=True
        )
    dump.unlink()


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--change", choices=["rules", "criteria"], default="rules")
    options.add_argument("--datasets", type=int, default=100_000)
    options.add_argument("--folder", type=Path, help="keep the store here for the next run")
    options.add_argument("--jobs", type=int, default=processors())
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = chosen.folder or Path(scratch)
        settings = Settings(data=root / "data", base=BASE, fetch_bytes=4_000_000_000)
        fill(settings, chosen.datasets, root)
        shipped, other = load_rulebook(), another(chosen.change)
        with open_services(settings) as services:
            outdated = services.revalidation.outstanding()
        rulebook = shipped if outdated == chosen.datasets else other
        assembly.load_rulebook = lambda: rulebook
        with open_services(settings) as services:
            began, cpu = time.perf_counter(), time.process_time()
            counts: Counter[str] = Counter()
            for outcome in services.revalidate(chosen.jobs):
                counts["rejected" if isinstance(outcome, Rejected) else "judged"] += 1
                counts["changed"] += not isinstance(outcome, Rejected) and outcome.changed
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{dict(counts)} in {wall:.1f} s by the clock, {chosen.jobs} processes beside the one that writes")
    print(f"{60 * counts['judged'] / wall:,.0f} labels a minute")
    print(f"CPU: {cpu:.1f} s in the writer, {workers.ru_utime + workers.ru_stime:.1f} s in the others")
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the writer {largest:.0f} MB, with the harvest if there was one")


if __name__ == "__main__":
    main()
