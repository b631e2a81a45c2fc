"""The criteria of the label are those of the list from QUANTUM and Art. 78(3) EHDS, with its scales and weights."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from catalogue.graphs import Literal, NamedNode
from catalogue.names import CAT, DCT, SKOS
from catalogue.quality import Basis, Criterion, Scheme
from catalogue.rulebook import Rulebook

LANGUAGES = {"en", "fr", "de"}
OURS = {"L-d3"}
"""Criteria of ours that are not in the list: Art. 78(3)(d) read with the minimum elements of a description."""
COLUMNS = {"from_metadata": Basis.COMPUTED, "from_data": Basis.MEASURED, "declared": Basis.DECLARED}
DEPARTURES = {
    ("L-a1", Basis.MEASURED): "whether links answer is not in the description: somebody has to try them",
    ("L-a3", Basis.DECLARED): "that there is no data model can only be declared; it is decisive, so no level can be",
    ("L-v1", Basis.DECLARED): "it is about declared answers and follows from them",
}
"""Where our ways to an answer differ from the list, and why."""


@pytest.fixture(scope="session")
def listed(shared: Path) -> dict[str, dict[str, str]]:
    """The rows of the list by identifier."""
    with (shared / "law/label_criteria.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert len(rows) > 30
    return rows


@pytest.fixture(scope="session")
def ours(rulebook: Rulebook) -> dict[str, Criterion]:
    """Our criteria by identifier."""
    found = {criterion.identifier: criterion for criterion in rulebook.criteria}
    assert len(found) == len(rulebook.criteria), "an identifier is used twice"
    return found


@pytest.fixture(scope="session")
def schemes(rulebook: Rulebook) -> dict[str, Scheme]:
    """The schemes by short name."""
    return {scheme.name: scheme for scheme in rulebook.schemes}


def values_of(scale: str) -> list[int] | None:
    """The levels that a scale of the list names, lowest first; None when it gives no levels."""
    if named := re.findall(r"(?:^|; )(\d+) ", scale):
        return [int(value) for value in named]
    if told := re.search(r"(\d)-(\d)(?::(.*))?$", scale):
        values = list(range(int(told[1]), int(told[2]) + 1))
        assert told[3] is None or len(told[3].split(";")) == len(values), scale
        return values
    if slashed := re.search(r"\d(?:/\d)+", scale):
        return [int(value) for value in slashed[0].split("/")]
    return None


@pytest.mark.parametrize(
    ("scale", "values"),
    [
        ("0 >6 months; 1 3-6 months; 2 1-3 months; 3 <1 month", [0, 1, 2, 3]),
        ("1-5: none; some; defined; managed; all", [1, 2, 3, 4, 5]),
        ("days + level 0-3", [0, 1, 2, 3]),
        ("ratio + level 0/1/2", [0, 1, 2]),
        ("present + consistent with data", None),
    ],
)
def test_scales_are_read_as_they_are_meant(scale: str, values: list[int] | None) -> None:
    assert values_of(scale) == values


def test_every_criterion_of_the_list_is_there(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion]
) -> None:
    assert {one: row["provision"] for one, row in listed.items()} == {
        one: criterion.provision for one, criterion in ours.items() if one not in OURS
    }
    assert ours.keys() - listed.keys() == OURS


def test_element_is_that_of_the_list(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion], rulebook: Rulebook
) -> None:
    letters = {element.iri: element.letter for element in rulebook.elements}
    for identifier, row in listed.items():
        if told := re.match(r"78\(3\)\((.)\)", row["element"]):
            assert letters[ours[identifier].element] == told[1], identifier
        else:
            assert ours[identifier].gate, identifier


def test_levels_are_those_of_the_list(listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion]) -> None:
    scales = {identifier: values_of(row["scale"]) for identifier, row in listed.items()}
    assert {one for one, values in scales.items() if values is None} == {"L-d1", "L-d2"}
    assert {one: values for one, values in scales.items() if values is not None} == {
        one: [level.value for level in ours[one].levels] for one, values in scales.items() if values is not None
    }


def test_ways_to_an_answer_are_those_of_the_list(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion]
) -> None:
    """What is had "partly" in some way may be asked that way or not."""
    different = {
        (identifier, basis)
        for identifier, row in listed.items()
        for column, basis in COLUMNS.items()
        if row[column] != "partly" and (row[column] == "yes") != (basis in ours[identifier].obtained)
    }
    assert different == DEPARTURES.keys()
    assert ours["L-a3"].decisive
    assert ours["L-a3"].optional


def test_a_report_is_asked_where_the_list_asks_for_one(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion]
) -> None:
    asked = {one for one, row in listed.items() if "report URL required" in row["evidence_expected"]}
    assert len(asked) == 6
    assert {one for one in asked if not ours[one].needs_link} == set()


def test_weights_of_quantum_are_dimension_times_share(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion], schemes: Mapping[str, Scheme]
) -> None:
    expected = {}
    for identifier, row in listed.items():
        dimension, share = re.search(r"\((\d[\d.]*)\)$", row["dimension"]), re.match(r"(\d+)%", row["weight"])
        assert bool(dimension) == bool(share) == identifier.startswith("Q"), identifier
        if dimension and share:
            expected[ours[identifier].iri] = round(float(dimension[1]) * int(share[1]) / 100, 3)
    quantum = schemes["quantum"]
    assert {iri: round(weight, 3) for iri, weight in quantum.weights.items()} == expected
    assert quantum.total == 100
    art78 = schemes["art78"].weights
    assert {iri: round(art78[iri], 3) for iri in expected} == expected, "art78 says that it has the weights of QUANTUM"


def test_criteria_of_one_quantum_dimension_share_ours(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion]
) -> None:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for identifier, row in listed.items():
        if identifier.startswith("Q"):
            found[row["dimension"]].add(ours[identifier].dimension)
    assert all(len(dimensions) == 1 for dimensions in found.values()), found


def test_maturity_and_our_own_criteria_are_beside_quantum(
    ours: Mapping[str, Criterion], schemes: Mapping[str, Scheme]
) -> None:
    beside = {criterion.iri for one, criterion in ours.items() if one.startswith(("M", "L"))}
    assert len(beside) > 20
    assert beside & schemes["quantum"].weights.keys() == set()
    assert {one for one in ours if not one.startswith(("Q", "M", "L-"))} == set()


def test_gates_have_no_weight_and_all_else_counts(
    listed: Mapping[str, Mapping[str, str]], ours: Mapping[str, Criterion], schemes: Mapping[str, Scheme]
) -> None:
    gates = {ours[one].iri for one, row in listed.items() if row["weight"] == "gate"}
    assert gates == {criterion.iri for criterion in ours.values() if criterion.gate} != set()
    for scheme in schemes.values():
        assert gates & scheme.weights.keys() == set(), scheme.name
        assert all(weight > 0 for weight in scheme.weights.values()), scheme.name
    assert {criterion.iri for criterion in ours.values()} - gates == schemes["art78"].weights.keys()


def untold(rulebook: Rulebook, wanted: Iterable[tuple[str, NamedNode]]) -> list[tuple[str, str, list[str]]]:
    """Each text that is not there, once and not empty, in every language."""
    gaps = []
    for iri, predicate in wanted:
        texts = [one for one in rulebook.graph.objects(NamedNode(iri), predicate) if isinstance(one, Literal)]
        told = sorted(one.language or "" for one in texts if one.value.strip())
        if told != sorted(LANGUAGES):
            gaps.append((iri, predicate.value, told))
    return gaps


def test_everything_is_told_in_three_languages(rulebook: Rulebook) -> None:
    levels = [level.iri for criterion in rulebook.criteria for level in criterion.levels]
    assert len(levels) == len(set(levels)) > 100
    named = [one.iri for one in rulebook.elements] + list(rulebook.dimensions)
    named += [one.iri for one in rulebook.criteria] + levels
    wanted = [(iri, SKOS.prefLabel) for iri in named]
    wanted += [(one.iri, text) for one in rulebook.criteria for text in (SKOS.definition, CAT.evidence)]
    wanted += [(one.iri, text) for one in rulebook.schemes for text in (DCT.title, SKOS.note)]
    assert untold(rulebook, wanted) == []


def test_levels_of_one_criterion_are_told_apart(rulebook: Rulebook) -> None:
    for criterion in rulebook.criteria:
        for language in LANGUAGES:
            names = [level.name[language] for level in criterion.levels]
            assert len(set(names)) == len(names), (criterion.identifier, names)
