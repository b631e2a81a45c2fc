"""Indicators: more evidence never lowers a result, every form tells everything, broken data are refused."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.assembly import open_beside
from catalogue.beside import Beside
from catalogue.beside_forms import as_json, as_text
from catalogue.errors import ConfigurationError, RulebookError
from catalogue.graphs import BlankNode, Graph, NamedNode, Triple, parse
from catalogue.indicators import Material, Outcome, tally
from catalogue.names import DCT, EU
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check
from tests.unit.indicating import (
    BROKEN,
    DATASET,
    HAND,
    KEPT,
    LINKS,
    TESTS,
    beside,
    looked,
    read,
    result,
    rules,
)

# --- properties -------------------------------------------------------------------------------------------------------

ORDER = {Outcome.NOT_LOOKED_AT: 0, Outcome.ABSENT: 0, Outcome.PARTIAL: 1, Outcome.PRESENT: 2}


@cache
def pieces() -> list[Graph]:
    """What the passing examples say, without their access rights: stating these changes what applies."""
    paths = sorted((TESTS / "indicators").rglob("pass.ttl")) + sorted((TESTS / "rules" / "label").rglob("*.ttl"))
    found = []
    for number, path in enumerate(paths):
        graph = Graph(_apart(t, f"p{number}") for t in parse(path.read_bytes(), "text/turtle", where=str(path)))
        found.append(Graph(t for t in graph if t.predicate != DCT.accessRights))
    return found


def _apart(triple: Triple, name: str) -> Triple:
    subject, obj = (
        BlankNode(name + x.value) if isinstance(x, BlankNode) else x for x in (triple.subject, triple.object)
    )
    return Triple(subject, triple.predicate, obj)  # type: ignore[arg-type]


def together(chosen: set[int], extra: str = "") -> Graph:
    graph = read(
        "ex:dataset a dcat:Dataset ; dcat:distribution ex:file , ex:bare . ex:file a dcat:Distribution ." + extra
    )
    for number in sorted(chosen):
        graph.update(pieces()[number])
    return graph


def ranks(graph: Graph) -> list[tuple[str, int, float]]:
    return [
        (evidence.evidence.iri, ORDER[evidence.outcome], evidence.share)
        for found in beside().tallies(DATASET, graph, BROKEN)
        for one in found.results
        for evidence in one.looked
    ]


numbers = st.integers(0, len(list((TESTS / "indicators").iterdir())) + 20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(numbers, max_size=12), st.sets(numbers, min_size=1, max_size=4))
def test_more_evidence_never_lowers_a_result(some: set[int], more: set[int]) -> None:
    # The distributions must stay the same: a new one that lacks something is less, not more, evidence.
    known = {n for n in some | more if n < len(pieces()) and same_distributions(pieces()[n])}
    before, after = ranks(together(known & some)), ranks(together(known))
    assert [(a, b) for a, b in zip(before, after, strict=True) if b[1:] < a[1:]] == []


def same_distributions(graph: Graph) -> bool:
    predicate = NamedNode("http://www.w3.org/ns/dcat#distribution")
    return all(
        t.object in (NamedNode("https://example.org/file"), NamedNode("https://example.org/bare"))
        for t in graph
        if t.predicate == predicate
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(numbers, max_size=20), st.randoms(use_true_random=False))
def test_order_and_blank_node_names_do_not_matter(some: set[int], chance: random.Random) -> None:
    graph = together({n for n in some if n < len(pieces())})
    triples = [_apart(triple, "z") for triple in graph]
    chance.shuffle(triples)
    assert ranks(Graph(triples)) == ranks(graph)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(LINKS)), st.booleans()), st.sampled_from(sorted(LINKS)))
def test_an_answer_more_never_lowers_a_result(tried: dict[str, bool], address: str) -> None:
    before, after = (looked("mqa", HAND, links=links) for links in (tried, {**tried, address: True}))
    assert all(a.points <= b.points for a, b in zip(before.results, after.results, strict=True))
    assert after.points <= 405


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_forms_tell_everything(language: str) -> None:
    found = beside().tallies(DATASET, read(HAND), BROKEN, links=LINKS)
    text = as_text(found, rules(), (language,))
    for one in found:
        told = json.loads(json.dumps(as_json(one, rules(), (language,))))
        rows = [row for group in told["groups"] for row in group["indicators"]]
        assert [row["identifier"] for row in rows] == [each.indicator.identifier for each in one.results]
        assert all(row["words"] and row["name"] for row in rows)
        assert all(row["why"] for row in rows if row["outcome"] == "not-looked-at" and not row["note"])
        assert all(row["missing"] for row in rows if row["outcome"] in ("absent", "partial"))
        assert sum(told["counts"].values()) == len(rows)
        assert told["note"] in text
        assert (told["points"] is None) == (one.checklist.total is None)
        assert all(row["identifier"] in text for row in rows)
    assert "252.5/405" in text


def test_compiled_on_demand_and_once() -> None:
    made: list[int] = []

    def engine(shapes: Mapping[str, Graph]) -> object:
        made.append(len(shapes))
        return open_beside(rules(), "compiled").engine(shapes)

    lazy = Beside(rules(), engine)  # type: ignore[arg-type]
    assert len(lazy.checklists) == 4
    assert made == []
    for _ in range(2):
        lazy.tallies(DATASET, read(HAND), KEPT)
    assert made == [4]


def test_a_checklist_there_is_not() -> None:
    with pytest.raises(ConfigurationError, match="checklist 'stars'"):
        looked("stars")


def test_only_the_dataset_is_looked_at() -> None:
    """Another dataset in the description, such as its source, neither lends nor takes evidence."""
    other = "ex:source a dcat:Dataset ; dcat:distribution ex:three . ex:three a dcat:Distribution ."
    found, alone = looked("mqa", HAND + other, links=LINKS), looked("mqa", HAND, links=LINKS)
    assert [one.points for one in found.results] == [one.points for one in alone.results]


def test_tally_knows_the_dataset() -> None:
    found = looked("fair")
    material = Material(DATASET, read(HAND), KEPT)
    assert found.dataset == DATASET.value
    assert tally(found.checklist, material, replace(KEPT, tested={})).counts[Outcome.PRESENT] == 2
    assert EU + "access-right/NON_PUBLIC" in result(found, "RDA-R1.1-02M").indicator.pointless_for


# --- data that must be refused ----------------------------------------------------------------------------------------

BROKEN_DATA = [
    ("vocab/indicators/mqa.ttl", 'dct:identifier "keywordAvailability" ;', "", "one identifier"),
    ("vocab/indicators/mqa.ttl", 'skos:prefLabel "Keywords"@en', 'skos:prefLabel "Keywords"@sv', "no name in English"),
    ("vocab/indicators/mqa.ttl", "cat:points 30 ;", "", "has points"),
    ("vocab/indicators/mqa.ttl", "cat:looksFor evidence:theme", "skos:note 'x'", "has evidence"),
    ("vocab/indicators/mqa.ttl", "cat:looksFor evidence:theme", "cat:looksFor evidence:them", "Evidence is a declared"),
    ("vocab/indicators/mqa.ttl", "; cat:pointlessBecause reason:no-download", "", "says why"),
    ("vocab/indicators/fair.ttl", "reason:trait-of-catalogue", "reason:none", "one declared cat:Reason"),
    ("shapes/indicators/mqa.ttl", 'sh:message "The dataset has no theme."@en ;', "", "no message in English"),
    (
        "shapes/indicators/mqa.ttl",
        "evidence:theme a sh:PropertyShape , cat:Evidence",
        "evidence:theme a sh:PropertyShape",
        "A named property shape",
    ),
    ("shapes/indicators/mqa.ttl", "sh:path dcat:theme ;", "sh:path dcat:theme ; sh:maxCount 1 ;", "at least one value"),
    (
        "shapes/indicators/mqa.ttl",
        "sh:targetClass dcat:Dataset ;\n    sh:path dcat:theme",
        "sh:path dcat:theme",
        "one of: a shape",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"), BROKEN_DATA, ids=[row[3] + row[1][:20] for row in BROKEN_DATA]
)
def test_broken_data_are_refused(file: str, old: str, new: str, problem: str) -> None:
    files = read_files("shapes") | read_files("vocab")
    text = files[file].decode()
    assert old in text
    with pytest.raises(RulebookError) as caught:
        Rulebook.load(files | {file: text.replace(old, new, 1).encode()}, check)
    assert problem in caught.value.what
