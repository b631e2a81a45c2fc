"""Reads the examples in tests/criteria: what each says about ex:dataset, and the label that the rules give it.

A file ``level-N*.ttl`` holds a bare or fuller description of ex:dataset and, where the level is not seen in it, an
assessment. ``not-applicable*.ttl`` shows how the criterion does not apply.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from catalogue.assembly import load_rulebook, open_checker
from catalogue.assessing import read_document
from catalogue.graphs import Graph, NamedNode, parse, serialise
from catalogue.names import CAT
from catalogue.publish import Checked, Checker
from catalogue.quality import Criterion, Label, Level, Mark, Said
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

EXAMPLES = Path(__file__).resolve().parents[1] / "criteria"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = "https://example.org/document"
DATASET = NamedNode("https://example.org/dataset")


@cache
def rules() -> Rulebook:
    """The rulebook that is shipped."""
    return load_rulebook()


@cache
def checker() -> Checker:
    """What checks descriptions, with the compiled validator."""
    return open_checker(rules(), "compiled", "https://catalogue.example/")


@cache
def assessment_shapes() -> Graph:
    """What every assessment must satisfy."""
    return Graph(parse(read_files("shapes")["shapes/assessment.ttl"], "text/turtle"))


def read(path: Path) -> Graph:
    """Everything in an example."""
    return Graph(parse(path.read_bytes(), "text/turtle", base=BASE, where=str(path)))


def examples(criterion: Criterion, kind: str) -> list[Path]:
    """Of one kind, ``level-2`` or ``not-applicable``: the plain one first."""
    return sorted((EXAMPLES / criterion.identifier).glob(f"{kind}*.ttl"), key=lambda path: (len(path.name), path.name))


def level_examples(criterion: Criterion, level: Level) -> list[Path]:
    """The examples that reach a level; fails when there is none."""
    named = re.compile(rf"level-{level.value}(-[a-z-]+)?\.ttl")
    found = [path for path in examples(criterion, "level") if named.fullmatch(path.name)]
    assert found, f"tests/criteria/{criterion.identifier}/level-{level.value}.ttl is missing"
    return found


def described(graph: Graph) -> Graph:
    """The description alone, without what is said about it elsewhere."""
    return graph.described(DATASET)


def said(graph: Graph) -> Said:
    """What the assessment in it says, read as one that is handed in."""
    if not graph.instances(CAT.Assessment):
        return Said()
    content = serialise(graph, "application/n-triples")
    document = read_document(content, "application/n-triples", rules(), assessment_shapes(), check, NOW, base=BASE)
    return Said(tuple(answer for one in document.assessments for answer in one.answers))


def judged(graph: Graph, *more: Graph) -> Checked:
    """What the rules and the label say about an example on that day, or about several together."""
    parts = (graph, *more)
    answers = tuple(answer for part in parts for answer in said(part).answers)
    whole = Graph(triple for part in parts for triple in described(part))
    return checker().checked(DATASET, whole, None, Said(answers), TODAY)


def mark(label: Label, criterion: Criterion) -> Mark:
    """The mark on a criterion, gates too."""
    return next(one for one in (*label.marks, *label.gates) if one.criterion == criterion.iri)


def height(label: Label, criterion: Criterion) -> int:
    """The level on a criterion, the lowest where nobody answered."""
    level = mark(label, criterion).level
    return criterion.lowest if level is None else level
