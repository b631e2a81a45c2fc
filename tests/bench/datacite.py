"""Share of the facts of DataCite's own examples that become statements, by format.

Run as: python -m tests.bench.datacite   (needs ../shared)
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from catalogue.model import NoteKind, Source
from harvesters._datacite_record import arranged
from harvesters._datacite_xml import record_of
from harvesters._mapping import describe, facts

EXAMPLES = Path(__file__).parents[3] / "shared" / "nodes" / "datacite" / "datacite__schema" / "source"
SOURCE = Source("d", "http://x.example/node/d", "D", "datacite", "", "http://x.example/d/")


def main() -> None:
    """Print a line for each format, and the fields that most often become nothing."""
    for form, pattern in (("JSON 4.3", "json/**/*-v4.json"), ("XML 4.6", "meta/kernel-4.6/example/*.xml")):
        total, left, out = 0, Counter[str](), Counter[str]()
        for path in sorted(EXAMPLES.glob(pattern)):
            content = path.read_bytes()
            record = json.loads(content) if path.suffix == ".json" else record_of(ElementTree.fromstring(content))
            _, notes = describe("datacite", arranged(record), "http://x.example/d/1", SOURCE)
            total += sum(1 for _ in facts(record))
            for note in notes:
                if note.kind is NoteKind.UNMAPPED:
                    (left if note.reason.startswith(("no line", "not ")) else out)[note.field] += 1
        print(
            f"{form}: {total} facts, {1 - (left.total() + out.total()) / total:.1%} stated, "
            f"{out.total() / total:.1%} left out with a reason, {left.total() / total:.1%} left over"
        )
        print("   left out:", dict(out.most_common(20)), "\n   left over:", dict(left))


if __name__ == "__main__":
    main()
