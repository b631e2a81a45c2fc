"""Measures the search index: `python tests/bench/search.py [--entries 100000] [--folder DIR]`.

Entries are made up from a fixed seed, so two runs index the same bytes. Prints how long indexing takes and how large
the index is, then the median and the 95th percentile of some kinds of search, each as a page of 20 hits with snippets.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from catalogue.index import TantivyIndex
from catalogue.names import key
from catalogue.ports import FACETS, Entry, Query

SEED = 2025_327
VALUES = {
    "category": 17,
    "theme": 20,
    "modality": 12,
    "body_part": 30,
    "disease": 60,
    "cohort": 5,
    "age": 3,
    "access": 3,
    "country": 27,
    "publisher": 2000,
    "label": 7,
    "source": 20,
}
CONCEPTS = 400
LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "nl", "el")
KNOWN = ("cancer", "breast", "lung", "cohort", "imaging", "diabetes", "registry", "hospital", "tumour", "mammography")


def words(chance: random.Random, count: int) -> list[str]:
    """Made-up words of two to five syllables, the known ones among the most frequent."""
    syllables = [c + v + e for c in "bcdfglmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s")]
    made = dict.fromkeys(KNOWN)
    while len(made) < count:
        made["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(made)


def entries(count: int) -> Iterator[Entry]:
    """``count`` datasets; words are as unevenly frequent as in real texts (Zipf)."""
    chance = random.Random(SEED)
    vocabulary = words(chance, 30_000)
    ranks = [1 / (rank + 5) for rank in range(len(vocabulary))]
    stream = chance.choices(vocabulary, ranks, k=2_000_000)
    concepts = [[" ".join(chance.choices(stream, k=2)) for _ in LANGUAGES] for _ in range(CONCEPTS)]

    def text(length: int) -> str:
        start = chance.randrange(len(stream) - length)
        return " ".join(stream[start : start + length])

    for number in range(count):
        iri = f"https://data.example.org/dataset/{number}"
        language = chance.choice(LANGUAGES)
        facets = {
            facet: sorted({value(chance, facet) for _ in range(2 if facet in ("modality", "theme") else 1)})
            for facet in FACETS
        }
        yield Entry(
            iri=iri,
            key=key(iri),
            title={language: text(8).capitalize()},
            description={language: text(chance.randint(60, 220)), "en": text(60)},
            keywords=[text(1) for _ in range(6)],
            terms=[name for concept in chance.choices(concepts, k=8) for name in concept],
            facets=facets,
            modified=f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            individuals=int(10 ** (chance.random() * 7)),
            stars=chance.randint(0, 5),
            violations=chance.randint(0, 9),
            changed=datetime.fromtimestamp(1_700_000_000 + chance.randrange(10**8), UTC),
        )


def value(chance: random.Random, facet: str) -> str:
    """One value of a facet, the first ones more often."""
    return f"https://example.org/{facet}/{int(VALUES[facet] * chance.random() ** 2)}"


def timed(search: Callable[[Query], object], queries: list[Query]) -> list[float]:
    """Median and 95th percentile of wall time, then of processor time, in milliseconds."""
    for query in queries[:10]:
        search(query)
    wall, processor = [], []
    for query in queries:
        start, spent = time.perf_counter(), time.thread_time()
        search(query)
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.thread_time() - spent) * 1000)
    return [cut for times in (wall, processor) for cut in quantiles(times, n=20)[9:19:9]]


def kinds(chance: random.Random, count: int) -> dict[str, list[Query]]:
    """The kinds of search measured, each as many different queries."""
    vocabulary = words(random.Random(SEED), 30_000)
    common, rare = vocabulary[:200], vocabulary[200:5000]

    def pick(facet: str) -> dict[str, list[str]]:
        return {facet: [value(chance, facet)]}

    def slip(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + "q" + word[at + 1 :]

    many, long = range(count), [word for word in rare if len(word) >= 8]
    return {
        "one common word": [Query(chance.choice(common)) for _ in many],
        "one rare word": [Query(chance.choice(rare)) for _ in many],
        "two words": [Query(f"{chance.choice(common)} {chance.choice(common)}") for _ in many],
        "phrase": [Query(f'"{chance.choice(common)} {chance.choice(common)}"') for _ in many],
        "beginning of a word": [Query(chance.choice(rare)[:3]) for _ in many],
        "misspelt word": [Query(slip(chance.choice(long))) for _ in many],
        "word, 1 facet chosen": [Query(chance.choice(common), pick("theme")) for _ in many],
        "word, 3 facets chosen": [
            Query(chance.choice(common), pick("theme") | pick("country") | pick("access")) for _ in many
        ],
        "everything": [Query() for _ in many],
        "everything, by title": [Query(sort="title") for _ in many],
        "word, by modified": [Query(chance.choice(common), sort="modified") for _ in many],
        "word, by individuals, page 500": [
            Query(chance.choice(common[:20]), sort="individuals", page=500) for _ in many
        ],
    }


def main() -> None:
    """Index, then search."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--searches", type=int, default=200)
    options.add_argument("--folder", type=Path, help="index to use; measured as it is when it is complete already")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch) / "index"
        index = TantivyIndex(folder)
        if index.needs_rebuild:
            made = list(entries(chosen.entries))
            wall, processor = time.perf_counter(), time.process_time()
            index.clear()
            index.put(made)
            index.commit()
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            del made
            print(f"indexed {chosen.entries:,} entries in {wall:.1f} s (CPU {processor:.1f} s)")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"disk {size / 1e6:.0f} MB, peak memory {peak:.0f} MB")
        title = f"page of 20 hits, {len(FACETS)} facets counted"
        print(f"{title:40} {'p50 ms':>8} {'p95 ms':>8} {'CPU p50':>8} {'CPU p95':>8}")
        for kind, queries in kinds(random.Random(SEED), chosen.searches).items():
            print(f"{kind:40} " + " ".join(f"{figure:8.1f}" for figure in timed(index.search, queries)))
        index.close()


if __name__ == "__main__":
    main()
