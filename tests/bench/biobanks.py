"""Share of the facts of pathology submissions and of biobanks that become statements; time of large submissions.

Run as: python -m tests.bench.biobanks   (needs ../shared)
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from catalogue.model import Description, Harvested, NoteKind
from harvesters._mapping import facts
from tests.contract.harvesting import harvested
from tests.contract.test_bigpicture_safe import whole
from tests.kinds import bigpicture, miabis

NODES = Path(__file__).parents[3] / "shared" / "nodes"
TABLES = NODES / "miabis" / "BBMRI-ERIC__miabis" / "Core" / "V3"
SCHEMAS = NODES / "bigpicture" / "imi-bigpicture__bigpicture-metaflex" / "src"


def told(name: str, total: int, found: Iterable[Harvested]) -> None:
    """Print what became of the facts of the one dataset; a fact is one value of one field."""
    [one] = [one for one in found if isinstance(one, Description)]
    left = [note for note in one.notes if note.kind is NoteKind.UNMAPPED]
    over = [note for note in left if note.reason.startswith(("no line", "not "))]
    print(
        f"{name}: {total} facts, {1 - len(left) / total:.1%} stated, "
        f"{(len(left) - len(over)) / total:.1%} left out with a reason, {len(over) / total:.1%} left over\n"
        f"   left out: {sorted(note.field for note in left if note not in over)}\n"
        f"   left over: {sorted(note.field for note in over)}"
    )


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole(folder / "slides" / "one")
        found = harvested(bigpicture.source(folder / "slides"))
        [one] = [one for one in found if isinstance(one, Description)]
        told("MetaFleX 2, what is said of a dataset", _size(json.loads(one.original.content)["dataset"]), found)
        bank, fields = miabis.of_the_standard(TABLES, "Biobank"), miabis.of_the_standard(TABLES, "Collection")
        path = folder / "directory.json"
        path.write_text(json.dumps({"biobanks": [bank], "collections": [fields | {"biobank": bank["ID"]}]}), "utf-8")
        told("MIABIS Core 3, every attribute", _size(bank) + _size(fields), harvested(miabis.source(path)))
        for beings in (1_000, 5_000):
            bigpicture.submission(folder / f"of{beings}" / "one", beings)
            for words, options in (("as they are", {}), ("by the XML Schemas", {"schemas": str(SCHEMAS)})):
                start = time.perf_counter()
                harvested(bigpicture.source(folder / f"of{beings}", **options))
                print(f"{beings} beings with an image each, {words}: {time.perf_counter() - start:.1f} s")


def _size(record: object) -> int:
    return sum(1 for _ in facts(record))


if __name__ == "__main__":
    main()
