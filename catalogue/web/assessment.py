"""What the rules say about a dataset, in the order in which a person acts on it: label with reasons, then faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from catalogue.explain import Allowed, Explainer, Explanation, Meant, Value, Why
from catalogue.explain import Group as Explained
from catalogue.graphs import Graph
from catalogue.label_words import BASES, DOUBTS, EFFORTS, OWING, STANDINGS, STATUSES, Step, points, steps
from catalogue.model import Outcome, Provision, Reason, Report, Rule, Severity, Verdict
from catalogue.plain import Words, short_path
from catalogue.quality import Answer, Criterion, Element, Grade, Label, Scored
from catalogue.web.context import services
from catalogue.web.phrases import LIKENESS, OUTCOMES, SEVERITIES, THIS_DATASET
from catalogue.web.reading import INTERFACE, Said, languages, say

PLACES = 10
"""Most places of one fault that are listed; the number is always whole."""
WAYS = 3
"""Most ways to raise the label that are shown at once."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision as the page names it."""

    iri: str
    name: str


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
class Counted:
    """One rule that decides on a level."""

    rule: str
    message: Said
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer to a criterion, whether it counts or not."""

    answer: Answer
    basis: Said
    doubt: Said
    """Why it does not count; empty when it does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion with what came out and everything behind it."""

    criterion: Criterion
    name: Said
    question: Said
    scored: Scored
    meaning: Said
    """Of the level that was reached, or why there is none."""
    basis: Said
    counted: Sequence[Counted]
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to raise the label."""

    criterion: Criterion
    name: Said
    level: Said
    points: str
    effort: Said
    remedies: Sequence[str]


@dataclass(frozen=True, slots=True)
class Star:
    """The grade of one element of Art. 78(3) with everything behind it."""

    element: Element
    name: Said
    provision: Cited | None
    grade: Grade
    asked: Sequence[Asked]
    best: Way | None
    """What would raise it most."""

    @property
    def letter(self) -> str:
        """Of the point in Art. 78(3)."""
        return self.element.letter


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

    label: Label
    status: Said
    owed: Said
    scheme: Said
    stars: Sequence[Star]
    ways: Sequence[Way]
    """What would raise the label most, best first."""
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
    ways = [_way(step) for step in steps(label, rulebook, languages())]
    return Assessment(
        label=label,
        status=say(STATUSES[label.status]),
        owed=say(OWING[label.owed]),
        scheme=say(rulebook.scheme(label.scheme).title),
        stars=[_star(element, grade, ways) for element, grade in zip(rulebook.elements, label.grades, strict=True)],
        ways=ways[:WAYS],
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


def cited(rule: Rule) -> list[Cited]:
    """The provisions and sections behind a rule."""
    return [Cited(iri, services().rulebook.cite(iri)) for iri in rule.provisions]


def _counted(reason: Reason) -> Counted:
    rule = services().rulebook.rules[reason.rule]
    return Counted(rule.iri, say(rule.message), reason.outcome, OUTCOMES[reason.outcome])


def _way(step: Step) -> Way:
    return Way(
        criterion=step.criterion,
        name=say(step.criterion.name),
        level=say(step.level.name),
        points=points(step.points),
        effort=say(EFFORTS[step.effort]),
        remedies=step.remedies,
    )


def _asked(scored: Scored) -> Asked:
    mark = scored.mark
    criterion = services().rulebook.criteria_by_iri[mark.criterion]
    level = None if mark.level is None else criterion.level(mark.level)
    order = {Outcome.FAILED: 0, Outcome.PASSED: 1, Outcome.NOT_APPLICABLE: 2}
    counted = sorted(map(_counted, mark.reasons), key=lambda one: (order[one.outcome], one.rule))
    told = [Told(answer, say(BASES[answer.basis]), Said("")) for answer in mark.answers]
    told += [Told(one.answer, say(BASES[one.answer.basis]), say(DOUBTS[one.doubt])) for one in mark.doubted]
    return Asked(
        criterion=criterion,
        name=say(criterion.name),
        question=say(criterion.question),
        scored=scored,
        meaning=say(STANDINGS[mark.standing] if level is None else level.name),
        basis=say(BASES[mark.basis]) if mark.basis else Said(""),
        counted=counted,
        told=told,
    )


def _star(element: Element, grade: Grade, ways: Sequence[Way]) -> Star:
    rulebook = services().rulebook
    return Star(
        element=element,
        name=say(element.name),
        provision=Cited(element.provision, rulebook.cite(element.provision)) if element.provision else None,
        grade=grade,
        asked=[_asked(scored) for scored in grade.scored],
        best=next((way for way in ways if way.criterion.element == element.iri), None),
    )


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
