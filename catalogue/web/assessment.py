"""What the rules say about a dataset, in the order in which a person acts on it: label with reasons, then faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.explain import Allowed, Explainer, Explanation, Meant, Value, Why
from catalogue.explain import Group as Explained
from catalogue.graphs import Graph
from catalogue.model import Outcome, Provision, Report, Severity, Verdict
from catalogue.plain import Words, short_path
from catalogue.quality import Label
from catalogue.web.context import services
from catalogue.web.labels import Cited, Shown, shown
from catalogue.web.phrases import LIKENESS, OUTCOMES, SEVERITIES, THIS_DATASET
from catalogue.web.reading import INTERFACE, Said, languages

PLACES = 10
"""Most places of one fault that are listed; the number is always whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies and the value that is wrong; no value when something is missing."""

    where: Said
    iri: str
    """Of the thing that is wrong, where no name tells it; else empty."""
    value: Value | None
    nearest: Meant | None
    why_nearest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that was broken, with the first places where it was."""

    rule: str
    message: Said
    fix: Said
    """In words; ``snippet`` is the example."""
    snippet: str
    path: str
    places: Sequence[Place]
    count: int
    allowed: Allowed | None
    why: Sequence[Why]
    applies_from: date | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The faults of one severity."""

    name: str
    heading: str
    meaning: str
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Held:
    """How the dataset stands to one provision."""

    provision: Provision
    cited: Cited
    words: str
    outcome: Outcome
    in_force: bool
    applies_from: date | None
    rules: Sequence[str]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All of it."""

    label: Shown
    groups: Sequence[Group]
    standings: Sequence[Held]
    profile: str

    @property
    def faults(self) -> dict[str, int]:
        """Number of faults by severity name."""
        return {group.name: sum(fault.count for fault in group.faults) for group in self.groups}


def assess(
    dataset: str, graph: Graph, report: Report, label: Label, verdicts: Iterable[Verdict], today: date | None = None
) -> Assessment:
    """Make a report and a label ready for the page."""
    now = today or date.today()
    rulebook = services().rulebook
    explainer = Explainer(rulebook, graph, languages())
    return Assessment(
        label=shown(label),
        groups=[_group(severity, report, explainer, dataset, now) for severity in Severity],
        standings=[_standing(verdict, now) for verdict in verdicts],
        profile=rulebook.profiles[report.profile].title,
    )


def _group(severity: Severity, report: Report, explainer: Explainer, dataset: str, now: date) -> Group:
    faults = [_fault(group, dataset, now) for group in explainer.groups(report.of(severity), PLACES)]
    faults.sort(key=lambda fault: (not fault.in_force, -fault.count, fault.rule))
    return Group(*SEVERITIES[severity], faults=faults)


def _fault(group: Explained, dataset: str, now: date) -> Fault:
    advice, first = group.advice, group.places[0]
    return Fault(
        rule=advice.rule,
        message=_said(advice.message),
        fix=_said(advice.fix),
        snippet=first.snippet if group.count == 1 else advice.snippet,
        path=short_path(first.finding.path or services().rulebook.rules[advice.rule].path or ""),
        places=[_place(place, dataset) for place in group.places],
        count=group.count,
        allowed=advice.allowed,
        why=advice.why,
        applies_from=advice.applies_from,
        in_force=group.in_force(now),
    )


def _place(place: Explanation, dataset: str) -> Place:
    here = place.finding.focus.value == dataset
    where = Said(THIS_DATASET, INTERFACE) if here else Said(place.where.text, place.where.language)
    iri = "" if here or place.where.named else place.where.iri
    return Place(where, iri, place.value, place.nearest, LIKENESS[place.nearest.likeness] if place.nearest else "")


def _said(words: Words) -> Said:
    return Said(words.text, words.language)


def _standing(verdict: Verdict, now: date) -> Held:
    rulebook = services().rulebook
    return Held(
        provision=rulebook.provisions[verdict.provision],
        cited=Cited(verdict.provision, rulebook.cite(verdict.provision)),
        words=OUTCOMES[verdict.outcome],
        outcome=verdict.outcome,
        in_force=verdict.applies_from is None or verdict.applies_from <= now,
        applies_from=verdict.applies_from,
        rules=verdict.rules,
    )
