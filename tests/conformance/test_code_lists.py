"""Our copies of the HealthData@EU code lists hold the codes, names and levels of Release 8, no more and no fewer."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.graphs import Graph, NamedNode, parse
from catalogue.names import EU, SKOS
from catalogue.rulebook import Rulebook
from tests.conformance.official import EXAMPLES, HDEU

AUTHORITY = Path(__file__).resolve().parents[2] / "vocab" / "authority"
LISTS = ("coding-system", "health-activity", "health-theme", "healthcategories", "publisher-type", "standard")


def load(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))


def concepts(graph: Graph) -> dict[str, tuple[str | None, list[str]]]:
    """English name and broader concepts of each concept."""
    return {
        concept.value: (
            graph.text(concept, SKOS.prefLabel, "en"),
            sorted(str(above) for above in graph.objects(concept, SKOS.broader)),
        )
        for concept in graph.instances(SKOS.Concept)
    }


@pytest.mark.parametrize("name", LISTS)
def test_list_is_that_of_release_8(name: str, shared: Path) -> None:
    theirs = concepts(load(shared / "spec/healthdcat-ap-r8/catalogue" / f"{name}.codes.ttl"))
    assert len(theirs) > 10
    assert concepts(load(AUTHORITY / f"{name}.ttl")) == theirs


def test_every_list_of_release_8_is_compared(shared: Path) -> None:
    files = (shared / "spec/healthdcat-ap-r8/catalogue").iterdir()
    assert sorted(path.name.removesuffix(".codes.ttl") for path in files) == list(LISTS)


@pytest.mark.parametrize("file", EXAMPLES.values())
def test_terms_of_the_official_examples_are_known(file: str, shared: Path, rulebook: Rulebook) -> None:
    values = {obj for _, _, obj in load(shared / file) if isinstance(obj, NamedNode)}
    listed = {value for value in values if value.value.startswith((EU, HDEU))}
    assert len(listed) > 10
    assert {value.value for value in listed if not rulebook.vocabulary.outgoing(value)} == set()
