"""How many labels a second one process gives, and what of it is validation.

    python tests/bench/label.py [--datasets 3000]

Descriptions are parsed once; each is then validated, labelled from its report, and put into the second scheme.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from generate import write

from catalogue.assembly import calm_collector, load_rulebook, open_checker
from catalogue.graphs import Graph, parse
from catalogue.label import label, rescored
from catalogue.splitting import Splitter
from catalogue.upgrade import upgrader


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--datasets", type=int, default=3000)
    chosen = options.parse_args()
    rulebook = load_rulebook()
    checker = open_checker(rulebook, "compiled", "https://catalogue.example.org/")
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / "dump.nt"
        write(chosen.datasets, dump)
        graph = Graph(parse(dump.read_bytes(), "application/n-triples"))
    parts = [(part.node, part.graph) for part in Splitter(graph, upgrader().rewriter)]
    today = date.today()
    with calm_collector():
        began = time.perf_counter()
        reports = [(node, checker.validator.validate(one, rulebook.profile_for(one, node).iri)) for node, one in parts]
        validated = time.perf_counter()
        labels = [label(node, report, rulebook, today=today) for node, report in reports]
        labelled = time.perf_counter()
        for one in labels:
            rescored(one, rulebook, rulebook.schemes[1])
        weighed = time.perf_counter()
    for what, spent in (
        ("validated", validated - began),
        ("labelled", labelled - validated),
        ("weighed again in the second scheme", weighed - labelled),
        ("validated and labelled", labelled - began),
    ):
        print(f"{len(parts) / spent:8,.0f} a second, {60 * len(parts) / spent:10,.0f} a minute: {what}")


if __name__ == "__main__":
    main()
