"""Measures search across languages: `python -m tests.bench.crosslingual [--each]`.

Queries in nine languages (crosslingual.toml) over Imaging Data Commons and a few made-up datasets (crosslingual.ttl).
What a query should find is decided by facts of the source; see the head of the file. Prints recall at 10 (of the first
ten, those expected, over ten or all expected), precision at 10 where fewer than ten are expected (over what was shown),
and the reciprocal rank of the first one expected; for each language, for queries worked on and held out, on average.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from catalogue.assembly import load_rulebook
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.index import TantivyIndex
from catalogue.model import Description, Source
from catalogue.names import CAT, DCAT
from catalogue.ports import Entry, Query, Response
from catalogue.rulebook import Rulebook
from catalogue.search import entry_of
from harvesters.idc import IdcHarvester

HERE = Path(__file__).parent
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When all datasets came; it decides nothing here."""
NODE = HERE.parents[1] / "harvesters" / "nodes" / "idc.ttl"


@dataclass(frozen=True, slots=True)
class Item:
    """A dataset and its facts."""

    entry: Entry
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query and what the search made of it."""

    language: str
    text: str
    kind: str
    """worked on, held or fresh: see the head of crosslingual.toml."""
    expected: frozenset[str]
    shown: Sequence[str]
    """The first ten."""

    @property
    def recall(self) -> float:
        return sum(iri in self.expected for iri in self.shown) / min(10, len(self.expected))

    @property
    def precision(self) -> float | None:
        """None when ten or more are expected: then recall says it."""
        if len(self.expected) >= 10:
            return None
        return sum(iri in self.expected for iri in self.shown) / len(self.shown) if self.shown else 0.0

    @property
    def reciprocal(self) -> float:
        return next((1 / rank for rank, iri in enumerate(self.shown, 1) if iri in self.expected), 0.0)


class NoWeb:
    """A reader that fetches nothing: the tables are in the package."""

    versions: Mapping[str, Any] = {}

    def known(self, _document: str) -> bool:
        return False

    def get(self, url: str, **_options: object) -> Response:
        raise AssertionError(f"{url} was asked for")


def collections(rulebook: Rulebook) -> Iterator[Item]:
    """The collections of Imaging Data Commons with facts of its tables."""
    graph = Graph(parse(NODE.read_bytes(), "text/turtle", base="http://127.0.0.1/node/idc"))
    template = graph.value(graph.instances(CAT.Node)[0], CAT.defaults)
    assert template is not None
    source = Source(
        name="idc",
        iri="http://127.0.0.1/node/idc",
        title="Imaging Data Commons",
        kind="idc",
        endpoint="package:idc-index-data",
        namespace="http://127.0.0.1/dataset/idc/",
        defaults=graph.described(template),  # type: ignore[arg-type]
        template=template,
    )
    for found in IdcHarvester().harvest(source, NoWeb()):  # type: ignore[arg-type]
        if isinstance(found, Description):
            facts = frozenset(_facts(json.loads(found.original.content)))
            yield Item(entry_of(found.iri, found.graph, "idc", None, 0, rulebook, WHEN), facts)


def _facts(record: Mapping[str, Any]) -> Iterator[str]:
    numbers, collection = record["aggregates"], record["collection"]
    for kind, name in (("modality", "modalities"), ("body", "body_parts"), ("sex", "sexes")):
        yield from (f"{kind}:{value}" for value in numbers[name] or ())
    for kind, name in (("cancer", "cancer_types"), ("place", "tumor_locations")):
        yield from (f"{kind}:{value.strip().lower()}" for value in (collection[name] or "").split(","))
    yield from (f"licence:{row['licence']}" for row in numbers["licences"])


def made_up(rulebook: Rulebook) -> Iterator[Item]:
    """The datasets of crosslingual.ttl; their facts are the local names of their concepts."""
    graph = Graph(parse((HERE / "crosslingual.ttl").read_bytes(), "text/turtle", base="https://example.org/"))
    for node in graph.instances(DCAT.Dataset):
        described = Graph(graph.described(node))
        concepts = [term.value for _, _, term in described if isinstance(term, NamedNode)]
        facts = frozenset(concept.replace("#", "/").rsplit("/", 1)[-1] for concept in concepts)
        yield Item(entry_of(str(node.value), described, "made-up", None, 0, rulebook, WHEN), facts)


def asked(items: Sequence[Item], index: TantivyIndex) -> Iterator[Asked]:
    """Every query of crosslingual.toml."""
    wishes = tomllib.loads((HERE / "crosslingual.toml").read_text("utf-8"))
    for language, queries in wishes["queries"].items():
        for query in queries:
            groups = [wishes["sets"][name] for name in query["want"]]
            expected = frozenset(i.entry.iri for i in items if all(i.facts.intersection(group) for group in groups))
            if not expected:
                raise SystemExit(f"no dataset has the facts of {query['text']!r}")
            hits = index.search(Query(query["text"], size=10, languages=(language,))).hits
            shown = [hit.iri for hit in hits]
            kind = next((kind for kind in ("held", "fresh") if query.get(kind)), "worked on")
            yield Asked(language, query["text"], kind, expected, shown)


def line(name: str, results: Sequence[Asked]) -> str:
    """Averages over some queries."""
    precise = [one.precision for one in results if one.precision is not None]
    precision = f"{fmean(precise):9.2f}" if precise else f"{'':9}"
    recall, rank = fmean(one.recall for one in results), fmean(one.reciprocal for one in results)
    return f"{name:44} {len(results):4} {recall:9.2f} {precision} {rank:6.2f}"


def measure() -> list[Asked]:
    """Index everything in memory and ask every query."""
    rulebook = load_rulebook()
    items = [*collections(rulebook), *made_up(rulebook)]
    index = TantivyIndex()
    index.put(item.entry for item in items)
    index.commit()
    return list(asked(items, index))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", action="store_true", help="print every query that was worked on")
    options.add_argument("--held", action="store_true", help="with --each: print the others too")
    chosen = options.parse_args()
    results = measure()
    print(f"{'':44} {'n':>4} {'recall@10':>9} {'prec.@10':>9} {'MRR':>6}")
    for one in results:
        if chosen.each and (chosen.held or one.kind == "worked on"):
            print(line(f"{one.language} {one.text}", [one]) + f"  of {len(one.expected)}")
    for language in dict.fromkeys(one.language for one in results):
        print(line(language, [one for one in results if one.language == language]))
    for kind in ("worked on", "held", "fresh"):
        print(line(kind, [one for one in results if one.kind == kind]))
    print(line("all", results))


if __name__ == "__main__":
    main()
