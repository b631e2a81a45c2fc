"""Adds up the label (Art. 78): what rules, holders, tools and access bodies said becomes marks, marks become stars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from catalogue.graphs import Term
from catalogue.marks import LONG_AGO, Evidence, following, mark
from catalogue.model import Finding, Outcome, Report
from catalogue.quality import (
    Act,
    Answer,
    Basis,
    Criterion,
    Gain,
    Grade,
    Label,
    Level,
    Mark,
    Owed,
    Ruling,
    Said,
    Scheme,
    Scored,
    Standing,
    Status,
)
from catalogue.rulebook import Rulebook

EVIDENCE = "L-v1"
"""Identifier of the gate that asks whether every declared answer can be verified (Art. 60(4))."""
FUNDING = "L-v2"
"""Identifier of the gate that asks for public funding (Art. 78(2))."""
MATURITY = "https://w3id.org/ehds-catalogue/label/dimension/maturity"
"""The dimension that QUANTUM sums beside its stars."""
NOTHING = Said()


def label(
    dataset: Term,
    report: Report,
    rulebook: Rulebook,
    said: Said = NOTHING,
    *,
    today: date | None = None,
    scheme: Scheme | None = None,
) -> Label:
    """The data quality and utility label of one dataset, with everything behind it.

    ``said`` is what others said about it; ``today`` decides what is still in date; ``scheme`` is the first of the
    rulebook unless given. What nobody answered earns nothing; what is not applicable is left out of the reckoning.
    """
    today = today or date.today()
    right = rulebook.profiles[report.profile].access_right
    evidence = Evidence(report, _by_rule(report.findings), right, today, report.conforms)
    answers: dict[str, list[Answer]] = defaultdict(list)
    for answer in said.answers:
        answers[answer.criterion].append(answer)
    marks = {one.iri: mark(one, evidence, answers.get(one.iri, ())) for one in rulebook.criteria}
    gate, evidenced = rulebook.criterion(EVIDENCE), _evidenced(marks.values())
    if gate is not None and evidenced is not None:
        marks[gate.iri] = following(gate, gate.highest if evidenced else gate.lowest, marks[gate.iri])
    return _added_up(dataset.value, marks, rulebook, scheme or rulebook.schemes[0], _latest(said.rulings, today))


def rescored(given: Label, rulebook: Rulebook, scheme: Scheme) -> Label:
    """The same marks in another scheme."""
    marks = {one.criterion: one for one in (*given.marks, *given.gates)}
    return _added_up(given.dataset, marks, rulebook, scheme, given.ruling)


def stars_in(given: Label, rulebook: Rulebook, scheme: Scheme) -> int | None:
    """The stars of the whole in another scheme; what :func:`rescored` would say, for less."""
    if given.status is Status.REVOKED:
        return None
    scored = [_score(rulebook.criteria_by_iri[one.criterion], one, scheme) for one in given.marks]
    return stars_for(sum(one.points for one in scored), sum(one.possible for one in scored), scheme)


def said_behind(given: Label) -> Said:
    """What others said that a label was given on, counted or not."""
    marks = (*given.marks, *given.gates)
    found = [answer for one in marks for answer in one.answers if answer.basis is not Basis.COMPUTED]
    found += [doubted.answer for one in marks for doubted in one.doubted]
    return Said(tuple(found), (given.ruling,) if given.ruling else ())


def _added_up(
    dataset: str, marks: Mapping[str, Mark], rulebook: Rulebook, scheme: Scheme, ruling: Ruling | None
) -> Label:
    scored: dict[str, list[Scored]] = defaultdict(list)
    gates = []
    for criterion in rulebook.criteria:
        if criterion.gate:
            gates.append(marks[criterion.iri])
        else:
            scored[criterion.element].append(_score(criterion, marks[criterion.iri], scheme))
    grades = tuple(_grade(element.iri, scored[element.iri], scheme) for element in rulebook.elements)
    points, possible = sum(grade.points for grade in grades), sum(grade.possible for grade in grades)
    counted = [one for one in marks.values() if one.basis is not None]
    status = _status(counted, ruling)
    return Label(
        dataset=dataset,
        scheme=scheme.iri,
        status=status,
        stars=None if status is Status.REVOKED else stars_for(points, possible, scheme),
        points=points,
        possible=possible,
        grades=grades,
        gates=tuple(gates),
        owed=_owed(gates, rulebook),
        evidenced=_evidenced(counted),
        ruling=ruling,
        review_by=_review_by(counted),
    )


def _score(criterion: Criterion, given: Mark, scheme: Scheme) -> Scored:
    weight = scheme.weights.get(criterion.iri, 0.0)
    if given.standing is Standing.NOT_APPLICABLE:
        return Scored(given, 0.0, 0.0)
    return Scored(given, 0.0 if given.level is None else weight * criterion.share(given.level), weight)


def _grade(element: str, scored: Sequence[Scored], scheme: Scheme) -> Grade:
    points, possible = sum(one.points for one in scored), sum(one.possible for one in scored)
    assessed = any(one.possible and one.mark.standing is Standing.ASSESSED for one in scored)
    stars = stars_for(points, possible, scheme) if assessed else None
    return Grade(element, stars, points, possible, tuple(scored))


def stars_for(points: float, possible: float, scheme: Scheme) -> int | None:
    """As many stars as the scheme has limits that are reached; None when nothing counts.

    The limits are per cent of the total of the scheme; where not everything applies, of as much of it as is possible.
    """
    if possible <= 0:
        return None
    whole = scheme.total * possible / sum(scheme.weights.values())
    return sum(100 * points >= limit * whole - 1e-9 for limit in scheme.limits)


def _latest(rulings: Iterable[Ruling], today: date) -> Ruling | None:
    """The ruling that holds; of two on one day the one received last, else the revocation."""
    past = (ruling for ruling in rulings if ruling.given <= today)
    return max(
        past, key=lambda r: (r.given, r.received or LONG_AGO, r.act is Act.REVOKED, r.iri, r.by, r.reason), default=None
    )


def _status(counted: Sequence[Mark], ruling: Ruling | None) -> Status:
    """A confirmation holds for what was said until then; whoever says more afterwards has only declared it."""
    if ruling is not None and ruling.act is Act.REVOKED:
        return Status.REVOKED
    declared = [one for one in counted if one.basis in (Basis.DECLARED, Basis.MEASURED)]
    if ruling is not None and all(_before(one.answers[0], ruling) for one in declared):
        return Status.VERIFIED
    return Status.DECLARED if declared else Status.COMPUTED


def _before(answer: Answer, ruling: Ruling) -> bool:
    """Whether whoever ruled could know the answer: an old date does not help one that came in later."""
    if answer.received is not None and ruling.received is not None:
        return answer.received <= ruling.received
    return (answer.given or date.min) <= ruling.given


def _owed(gates: Iterable[Mark], rulebook: Rulebook) -> Owed:
    funding = rulebook.criterion(FUNDING)
    for given in gates:
        if funding is not None and given.criterion == funding.iri and given.level is not None:
            said_no = any(one.level == funding.lowest and one.basis is not Basis.COMPUTED for one in given.answers)
            return Owed.YES if given.level > funding.lowest else Owed.NO if said_no else Owed.UNKNOWN
    return Owed.UNKNOWN


def _evidenced(counted: Iterable[Mark]) -> bool | None:
    declared = [one.answers[0] for one in counted if one.basis is Basis.DECLARED]
    if not declared:
        return None
    return all(one.by and one.given and set(one.evidence) - set(one.dead) for one in declared)


def _review_by(counted: Iterable[Mark]) -> date | None:
    ends = [one.answers[0].valid_until for one in counted if one.answers[0].valid_until is not None]
    return min(ends) + timedelta(days=1) if ends else None


def maturity(given: Label, rulebook: Rulebook) -> tuple[int, int]:
    """The levels of maturity that were reached, summed as QUANTUM does beside its stars, and of how many criteria."""
    by_iri = rulebook.criteria_by_iri
    levels = [one.level for one in given.marks if one.level is not None and by_iri[one.criterion].dimension == MATURITY]
    return sum(levels), len(levels)


def gains(given: Label, rulebook: Rulebook, scheme: Scheme | None = None) -> tuple[Gain, ...]:
    """Every next step that would earn points, most points for the least effort first."""
    weights = (scheme or rulebook.scheme(given.scheme)).weights
    steps = ((one, rulebook.criteria_by_iri[one.criterion]) for one in given.marks)
    found = (_gain(one, criterion, weights.get(criterion.iri, 0.0)) for one, criterion in steps)
    return tuple(
        sorted((gain for gain in found if gain), key=lambda gain: (-gain.points / gain.effort, gain.criterion))
    )


def _gain(given: Mark, criterion: Criterion, weight: float) -> Gain | None:
    """The next step on one criterion; None when there is none or it would earn nothing."""
    level = criterion.lowest if given.level is None else given.level
    above = [step for step in criterion.levels if step.value > level]
    if not weight or not above or given.standing is Standing.NOT_APPLICABLE:
        return None
    following, *further = above
    if given.basis is Basis.VERIFIED or not following.computable:
        points = weight * (criterion.share(following.value) - criterion.share(level))
        return Gain(criterion.iri, following.value, points, criterion.effort)
    missing = _missing(criterion, following, given)
    for step in further:
        if not step.requires or step.conformance or _missing(criterion, step, given) != missing:
            break
        following = step
    points = weight * (criterion.share(following.value) - criterion.share(level))
    return Gain(criterion.iri, following.value, points, 1, tuple(sorted(missing)))


def _missing(criterion: Criterion, wanted: Level, given: Mark) -> set[str]:
    """The rules that keep a description from a level: its own and those of every level below."""
    below = [step for step in criterion.levels if step.value <= wanted.value]
    required = {rule for step in below for rule in step.requires}
    respected = {rule for step in below for rule in step.respects}
    failed = {one.rule for one in given.reasons if one.outcome is Outcome.FAILED}
    passed = {one.rule for one in given.reasons if one.outcome is Outcome.PASSED}
    return (required - passed) | (respected & failed)


def _by_rule(findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.rule].append(finding)
    return {rule: tuple(some) for rule, some in found.items()}
