"""Our verdict against the official one, on the official examples damaged in thousands of ways and on our own examples.

``OFFICIAL_MUTATIONS`` is the number of damaged descriptions (200 when not set; CI runs 2,000 and more);
``OFFICIAL_SEED`` draws others than those of every run.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from catalogue.graphs import Graph, parse
from catalogue.names import DCAT
from catalogue.rulebook import Rulebook
from tests.conformance.differences import OFFICIAL_ONLY, OURS_ONLY, explained
from tests.conformance.mutations import CHANGES, Mutant, Start, mutants, starts
from tests.conformance.official import EXAMPLES, LEVELS, Result, local
from tests.conformance.verdicts import Description, Verdict, verdicts

WANTED = int(os.environ.get("OFFICIAL_MUTATIONS", "200"))
SEED = os.environ.get("OFFICIAL_SEED", "")
ENOUGH = 2_000
"""From this number on every listed difference must have been met."""
RULES = Path(__file__).resolve().parents[1] / "rules"
DOC = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
AS_PUBLISHED, OWN = "as published", "examples of our rules"


def load(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))


def damaged(beginnings: Sequence[Start]) -> Iterable[Mutant]:
    """As many different damaged descriptions as are wanted, the same ones for one seed."""
    found: dict[str, Mutant] = {}

    @settings(
        max_examples=WANTED,
        derandomize=not SEED,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(mutants(beginnings), min_size=10, max_size=10))
    def generate(several: list[Mutant]) -> None:
        for mutant in several:
            if len(found) < WANTED:
                found.setdefault(mutant.name, mutant)

    (seed(int(SEED))(generate) if SEED else generate)()
    assert len(found) == WANTED
    return found.values()


def own_examples(rulebook: Rulebook) -> Iterable[Description]:
    """The examples of the rules that say how open their dataset is."""
    for path in sorted(RULES.rglob("*.ttl")):
        graph = load(path)
        right = rulebook.profile_for(graph, graph.instances(DCAT.Dataset)[0]).access_right
        if right is not None and not path.is_relative_to(RULES / "label"):
            level = local(right).lower().replace("_", "-")
            yield Description(OWN, path.relative_to(RULES).as_posix(), level, tuple(graph))


@pytest.fixture(scope="module")
def judged(shared: Path, rulebook: Rulebook) -> list[Verdict]:
    beginnings = starts({name: load(shared / file) for name, file in EXAMPLES.items()})
    descriptions = [Description(AS_PUBLISHED, s.example, s.level, s.triples) for s in beginnings]
    descriptions += [
        Description(AS_PUBLISHED, f"{s.example}, at a wrong level", LEVELS[0], s.triples) for s in beginnings
    ]
    descriptions += [Description(m.kind, m.name, m.start.level, m.triples) for m in damaged(beginnings)]
    return list(verdicts(shared, [*descriptions, *own_examples(rulebook)]))


def missed(verdict: Verdict) -> list[Result]:
    """Official results at places where ours say nothing."""
    return [result for place in verdict.official.keys() - verdict.ours.keys() for result in verdict.official[place]]


def extra(verdict: Verdict) -> list[Result]:
    """Our findings at places where the official shapes say nothing."""
    return [result for place in verdict.ours.keys() - verdict.official.keys() for result in verdict.ours[place]]


class Tally:
    """Places counted: where both speak, where only one does for a listed reason, and where it does without one."""

    HEAD = f"{'':28}{'descriptions':>13}{'both':>8}{'official only':>15}{'ours only':>11}{'unexplained':>13}"

    def __init__(self) -> None:
        self.descriptions = self.both = self.official = self.ours = self.unexplained = 0

    def row(self, name: str) -> str:
        return f"{name:28}{self.descriptions:13,}{self.both:8,}{self.official:15,}{self.ours:11,}{self.unexplained:13,}"


def table(judged: Iterable[Verdict]) -> Iterable[str]:
    """Agreement by what was done to the descriptions, and by class of the node that is spoken of."""
    kinds: dict[str, Tally] = {kind: Tally() for kind in (AS_PUBLISHED, *CHANGES, OWN)}
    classes: dict[str, Tally] = {}
    for verdict in judged:
        kinds[verdict.description.kind].descriptions += 1
        seen: set[str] = set()
        for place in {*verdict.official, *verdict.ours}:
            results = [*verdict.official.get(place, ()), *verdict.ours.get(place, ())]
            names = verdict.classes(results[0].focus) or {"without class"}
            seen |= names
            for tally in (kinds[verdict.description.kind], *(classes.setdefault(name, Tally()) for name in names)):
                if place in verdict.official and place in verdict.ours:
                    tally.both += 1
                elif not all(explained(result, verdict) for result in results):
                    tally.unexplained += 1
                elif place in verdict.official:
                    tally.official += 1
                else:
                    tally.ours += 1
        for name in seen:
            classes[name].descriptions += 1
    yield Tally.HEAD
    yield from (tally.row(kind) for kind, tally in kinds.items())
    yield ""
    yield from (classes[name].row(name) for name in sorted(classes))


def found(judged: Iterable[Verdict]) -> Iterable[str]:
    """How much of the official verdict ours has, by severity."""
    for severity in ("Violation", "Warning"):
        official = both = 0
        for verdict in judged:
            places = {place for place in verdict.official if place[2] == severity}
            official += len(places)
            both += len(places & verdict.ours.keys())
        yield f"official {severity.lower()}s: {official:,}; found by ours: {both:,}; the others are listed differences"


# --- tests -----------------------------------------------------------------------------------------------------------


def test_the_official_examples_have_no_violation(judged: list[Verdict]) -> None:
    for verdict in judged:
        own_level = {"oncology": "non-public", "arca": "public"}.get(verdict.description.name)
        if verdict.description.kind == AS_PUBLISHED and verdict.description.level == own_level:
            assert [place for place in verdict.ours if place[2] == "Violation"] == []


def test_official_shapes_and_ours_agree_but_for_listed_differences(
    judged: list[Verdict], capsys: pytest.CaptureFixture[str]
) -> None:
    met: Counter[str | None] = Counter()
    unexplained: dict[tuple[object, ...], list[str]] = {}
    for verdict in judged:
        for result in (*missed(verdict), *extra(verdict)):
            name = explained(result, verdict)
            met[name] += 1
            if name is None:
                kind = (
                    *sorted(verdict.classes(result.focus)),
                    result.path,
                    result.severity,
                    result.component,
                    result.rule,
                )
                unexplained.setdefault(kind, []).append(f"{verdict.description.name}, {result.value}")
    with capsys.disabled():
        print("\nplaces (node, property, severity) with a finding", *table(judged), "", *found(judged), sep="\n")
    assert not unexplained, "\n".join(f"{len(all_)} {kind}: {all_[0]}" for kind, all_ in unexplained.items())
    if WANTED >= ENOUGH:
        assert {known.name for known in (*OFFICIAL_ONLY, *OURS_ONLY)} - set(met) == set(), "listed but never met"


def test_a_difference_is_listed_once() -> None:
    names = [known.name for known in (*OFFICIAL_ONLY, *OURS_ONLY)]
    assert len(names) == len(set(names))


def test_both_engines_find_the_same_with_our_shapes(judged: list[Verdict], capsys: pytest.CaptureFixture[str]) -> None:
    compared = [verdict for verdict in judged if verdict.engines_differ is not None]
    with capsys.disabled():
        findings = sum(len(results) for verdict in compared for results in verdict.ours.values())
        print(f"\nboth engines on {len(compared):,} descriptions: {findings:,} violations and warnings")
    assert [(verdict.description.name, verdict.engines_differ) for verdict in compared if verdict.engines_differ] == []
    assert len(judged) - len(compared) < len(judged) / 100, "too few are compared to mean much"


def test_every_difference_is_on_the_page() -> None:
    assert [row for row in DOC.read_text(encoding="utf-8").splitlines() if row.startswith("| `")] == rows()


def rows() -> list[str]:
    """The rows of the page docs/conformance.md."""
    return [f"| `{d.name}` | {d.where} | {d.reason} |" for d in (*OFFICIAL_ONLY, *OURS_ONLY)]
