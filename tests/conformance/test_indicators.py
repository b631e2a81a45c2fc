"""The examples in tests/indicators specify the evidence: there in its pass.ttl, not there in its fail.ttl."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from catalogue.checklists import Checklist, Evidence, Way, checklists, shapes
from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.indicators import Material, Outcome, Tally, tally
from catalogue.model import Report
from catalogue.names import DCAT, PREFIXES, RDF, SH, XSD
from catalogue.plain import remedy
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator, PyshaclValidator, check

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = TESTS / "indicators"
OWN = "https://w3id.org/ehds-catalogue/evidence/"
RULE = "https://w3id.org/ehds-catalogue/rule/"


@cache
def loaded() -> tuple[Rulebook, tuple[Checklist, ...]]:
    rulebook = Rulebook.load(read_files("shapes") | read_files("vocab"), check)
    return rulebook, checklists(rulebook.graph)


@cache
def engine(name: str) -> CompiledValidator | PyshaclValidator:
    rulebook, lists = loaded()
    made = {one.iri: shapes(rulebook.graph, one) for one in lists}
    return (CompiledValidator if name == "compiled" else PyshaclValidator)(made, rulebook.vocabulary)


def in_shapes() -> list[Evidence]:
    found = {iri: one for checklist in loaded()[1] for iri, one in checklist.evidence.items()}
    return [one for _, one in sorted(found.items()) if one.way is Way.SHAPE]


SHAPES = in_shapes()
MINE = [one for one in SHAPES if one.iri.startswith(OWN)]
IDS = [evidence.iri.rsplit("ehds-catalogue/", 1)[1] for evidence in SHAPES]


def folder(evidence: Evidence) -> Path:
    """A rule that is evidence has the examples of the rule."""
    if evidence.iri.startswith(RULE):
        return TESTS / "rules" / evidence.iri.removeprefix(RULE)
    return EXAMPLES / evidence.iri.removeprefix(OWN)


def read(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))


def outcome(evidence: Evidence, graph: Graph, by: str = "compiled") -> Outcome:
    """What comes of looking for it, in the first checklist that does."""
    checklist = next(one for one in loaded()[1] if evidence.iri in one.evidence)
    found = looked(checklist, graph, by)
    return next(one.outcome for result in found.results for one in result.looked if one.evidence == evidence)


def looked(checklist: Checklist, graph: Graph, by: str) -> Tally:
    dataset = next(iter(graph.instances(DCAT.Dataset)))
    material = Material(dataset, graph, Report("", (), {}))
    return tally(checklist, material, engine(by).validate(graph, checklist.iri))


def test_every_example_belongs_to_evidence() -> None:
    known = {folder(evidence) for evidence in SHAPES}
    assert {path.parent for path in EXAMPLES.rglob("*.ttl")} - known == set()


@pytest.mark.parametrize("evidence", SHAPES, ids=IDS)
@pytest.mark.parametrize("by", ["compiled", "pyshacl"])
def test_evidence_is_found_where_it_is_and_not_where_it_is_not(evidence: Evidence, by: str) -> None:
    passing, failing = sorted(folder(evidence).glob("pass*.ttl")), sorted(folder(evidence).glob("fail*.ttl"))
    assert passing, f"{folder(evidence)}/pass.ttl is missing"
    assert failing, f"{folder(evidence)}/fail.ttl is missing"
    assert [path for path in passing if outcome(evidence, read(path), by) is not Outcome.PRESENT] == []
    assert [path for path in failing if outcome(evidence, read(path), by) is not Outcome.ABSENT] == []


@pytest.mark.parametrize("evidence", MINE, ids=IDS[: len(MINE)])
def test_a_value_that_does_not_count_is_among_the_examples(evidence: Evidence) -> None:
    """Without its qualified value shape the near miss in fail.ttl would count."""
    graph, node = loaded()[0].graph, NamedNode(evidence.iri)
    if not graph.objects(node, SH.qualifiedValueShape):
        return
    loose = Graph(t for t in graph.described(node) if t.predicate.value.startswith((SH.iri, RDF.iri)))
    for name in (SH.qualifiedValueShape, SH.qualifiedMinCount, RDF.type):
        loose.remove(node, name)
    loose.add(node, SH.minCount, Literal("1", datatype=XSD.integer))
    assert not check(loose, read(folder(evidence) / "fail.ttl")), "add a value that does not count"


def test_engines_agree_on_every_example() -> None:
    paths = [path for evidence in SHAPES for path in sorted(folder(evidence).glob("*.ttl"))]
    for path in dict.fromkeys(paths):
        graph = read(path)
        for checklist in loaded()[1]:
            ours, theirs = (engine(name).validate(graph, checklist.iri) for name in ("compiled", "pyshacl"))
            assert ours.tested == theirs.tested, path
            assert sorted(map(str, ours.findings)) == sorted(map(str, theirs.findings)), path


@pytest.mark.parametrize("evidence", MINE, ids=IDS[: len(MINE)])
def test_the_remedy_helps(evidence: Evidence) -> None:
    """What the remedy shows, put into the description or into its distribution, makes the evidence be there."""
    _, example = remedy(evidence.fix["en"])
    assert example, evidence.iri
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    found = set()
    for said in (f"ex:d {example} .", f"ex:x {example} ."):
        text = f"{prefixes}@prefix ex: <https://example.org/> .\nex:d a dcat:Dataset ; dcat:distribution ex:x .\n{said}"
        found.add(outcome(evidence, Graph(parse(text.encode(), "text/turtle"))))
    assert Outcome.PRESENT in found


@pytest.mark.parametrize("language", ["fr", "de"])
def test_everything_is_told_in_every_language(language: str) -> None:
    texts: list[Mapping[str, str]] = []
    for checklist in loaded()[1]:
        texts += [checklist.title, checklist.note, *(group.name for group in checklist.groups)]
        for one in checklist.indicators:
            assert one.note or one.reason, one.iri
            texts += [one.name, *filter(None, (one.note, one.reason, one.pointless_because))]
        for evidence in checklist.evidence.values():
            texts += [evidence.message, evidence.fix]
    same = [text for text in texts if " " in text["en"] and text.get(language) in (None, text["en"])]
    assert same == []


@pytest.mark.parametrize("language", ["fr", "de"])
def test_examples_stay_code(language: str) -> None:
    for checklist in loaded()[1]:
        for evidence in checklist.evidence.values():
            if evidence.iri.startswith(OWN):
                assert remedy(evidence.fix[language])[1] == remedy(evidence.fix["en"])[1], evidence.iri
