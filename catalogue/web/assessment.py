"""What the rules say about a dataset, in the order in which a person acts on it: label with reasons, then faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.graphs import Graph, Term
from catalogue.label import gains
from catalogue.model import Finding, Grade, Label, Outcome, Provision, Reason, Report, Rule, Severity, Verdict
from catalogue.rulebook import Criterion, Element
from catalogue.web.context import services
from catalogue.web.phrases import OUTCOMES, SEVERITIES
from catalogue.web.reading import Said, say
from catalogue.web.shown import cut, place, short_path

PLACES = 10
"""Most places of one fault that are listed; the number is always whole."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision as the page names it."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies and the value that is wrong; no value when something is missing."""

    where: str
    value: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that was broken, with every place."""

    rule: str
    message: Said
    fix: Said
    path: str
    places: Sequence[Place]
    count: int
    provisions: Sequence[Cited]
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
class Counted:
    """One rule that counts for the label."""

    rule: str
    message: Said
    fix: Said
    outcome: Outcome
    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Star:
    """The grade of one element of Art. 78(3) with everything behind it."""

    letter: str
    name: Said
    provision: Cited | None
    grade: Grade
    counted: Sequence[Counted]
    best: Counted | None
    """What would raise it most."""
    open: Sequence[Criterion]
    """Criteria nothing looks at yet."""


@dataclass(frozen=True, slots=True)
class Standing:
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

    label: Label
    stars: Sequence[Star]
    gains: Sequence[Counted]
    """What would raise the label most, best first."""
    groups: Sequence[Group]
    standings: Sequence[Standing]
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
    return Assessment(
        label=label,
        stars=[_star(element, grade) for element, grade in zip(rulebook.elements, label.grades, strict=True)],
        gains=[_counted(reason) for reason in gains(label)[:3]],
        groups=[_group(severity, report, graph, dataset, now) for severity in Severity],
        standings=[_standing(verdict, now) for verdict in verdicts],
        profile=rulebook.profiles[report.profile].title,
    )


def _group(severity: Severity, report: Report, graph: Graph, dataset: str, now: date) -> Group:
    by_rule: dict[str, list[Finding]] = {}
    for finding in report.of(severity):
        by_rule.setdefault(finding.rule, []).append(finding)
    faults = [_fault(rule, findings, graph, dataset, now) for rule, findings in by_rule.items()]
    faults.sort(key=lambda fault: (not fault.in_force, -fault.count, fault.rule))
    return Group(*SEVERITIES[severity], faults=faults)


def _fault(iri: str, findings: Sequence[Finding], graph: Graph, dataset: str, now: date) -> Fault:
    rulebook = services().rulebook
    rule = rulebook.rules[iri]
    applies_from = rulebook.applies_from(rule)
    return Fault(
        rule=iri,
        message=say(rule.message),
        fix=say(rule.fix),
        path=short_path(findings[0].path or rule.path or ""),
        places=[Place(place(f.focus, graph, dataset), _value(f.value, f.focus)) for f in findings[:PLACES]],
        count=len(findings),
        provisions=cited(rule),
        applies_from=applies_from,
        in_force=applies_from is None or applies_from <= now,
    )


def _value(value: Term | None, focus: Term) -> str:
    return "" if value is None or value == focus else cut(str(value.value), 200)


def cited(rule: Rule) -> list[Cited]:
    """The provisions and sections behind a rule."""
    return [Cited(iri, services().rulebook.cite(iri)) for iri in rule.provisions]


def _counted(reason: Reason) -> Counted:
    rule = services().rulebook.rules[reason.rule]
    return Counted(
        rule=rule.iri,
        message=say(rule.message),
        fix=say(rule.fix),
        outcome=reason.outcome,
        words=OUTCOMES[reason.outcome],
        points=reason.points,
    )


def _star(element: Element, grade: Grade) -> Star:
    order = {Outcome.FAILED: 0, Outcome.PASSED: 1, Outcome.NOT_APPLICABLE: 2}
    counted = sorted(map(_counted, grade.reasons), key=lambda one: (order[one.outcome], -one.points, one.rule))
    rulebook = services().rulebook
    return Star(
        letter=element.letter,
        name=say(element.name),
        provision=Cited(element.provision, rulebook.cite(element.provision)) if element.provision else None,
        grade=grade,
        counted=counted,
        best=next((one for one in counted if one.outcome is Outcome.FAILED), None),
        open=[one for one in rulebook.criteria if one.element == element.iri and not one.assessed],
    )


def _standing(verdict: Verdict, now: date) -> Standing:
    rulebook = services().rulebook
    return Standing(
        provision=rulebook.provisions[verdict.provision],
        cited=Cited(verdict.provision, rulebook.cite(verdict.provision)),
        words=OUTCOMES[verdict.outcome],
        outcome=verdict.outcome,
        in_force=verdict.applies_from is None or verdict.applies_from <= now,
        applies_from=verdict.applies_from,
        rules=verdict.rules,
    )
