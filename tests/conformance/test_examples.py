"""The examples that come with the program: two without violation, one with findings to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.graphs import Graph, parse
from catalogue.model import Severity
from catalogue.names import DCAT, HEALTH
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator

FOLDER = Path(__file__).parents[2] / "harvesters/examples/healthdcat-ap-8"
VIOLATIONS = {
    "oncology-cohort": [],
    "rare-disease-registry": [],
    "imaging-biobank": [(HEALTH.maxTypicalAge.value, '"about 85"')],
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_an_example_has_the_violations_it_is_meant_to_have(name: str, rulebook: Rulebook) -> None:
    graph = Graph(parse((FOLDER / f"{name}.ttl").read_bytes(), "text/turtle", where=name))
    (dataset,) = graph.instances(DCAT.Dataset)
    profile = rulebook.profile_for(graph, dataset)
    report = CompiledValidator({profile.iri: profile.shapes}, rulebook.vocabulary).validate(graph, profile.iri)
    assert profile.access_right is not None
    assert [(f.path, str(f.value)) for f in report.of(Severity.VIOLATION)] == VIOLATIONS[name]
    assert bool(VIOLATIONS[name]) == (len(report.of(Severity.WARNING)) > 3)


def test_every_example_is_tested() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(VIOLATIONS)
