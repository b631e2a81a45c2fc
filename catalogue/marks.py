"""Weighs all answers on one criterion against each other: verified before measured and computed, declared last.

Nothing is dropped: an answer that does not count stays beside the mark with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

from catalogue.model import Finding, Outcome, Reason, Report
from catalogue.quality import Answer, Basis, Criterion, Doubt, Doubted, Level, Mark, Standing

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Before anything was received."""
SHOWN = (Basis.COMPUTED, Basis.MEASURED)
"""Bases that show something about the data or the description, rather than say it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a description shows, by the rules."""

    report: Report
    findings: Mapping[str, tuple[Finding, ...]]
    """By rule."""
    access_right: str | None
    """Of the profile by which it was checked."""
    today: date
    conforms: bool
    """No mandatory rule of the profile is broken."""

    def reason(self, rule: str) -> Reason:
        """What came of one rule, with the findings behind a failure."""
        if rule in self.findings:
            return Reason(rule, Outcome.FAILED, self.findings[rule])
        return _settled(rule, Outcome.PASSED if self.report.tested.get(rule) else Outcome.NOT_APPLICABLE)


@lru_cache(maxsize=10_000)
def _settled(rule: str, outcome: Outcome) -> Reason:
    """The reason of a rule that was not broken; the same for every dataset."""
    return Reason(rule, outcome)


def mark(criterion: Criterion, evidence: Evidence, answers: Sequence[Answer] = ()) -> Mark:
    """What came out on one criterion, from the rules and from what others said."""
    pointless = evidence.access_right in criterion.pointless_for
    if not answers and not criterion.computable:
        return _unanswered(criterion.iri, Standing.NOT_APPLICABLE if pointless else Standing.OPEN)
    reasons = {rule: evidence.reason(rule) for rule in criterion.rules}
    if not answers and not pointless:
        own = _own(criterion.iri, _reached(criterion, reasons, evidence.conforms))
        return Mark(criterion.iri, Standing.ASSESSED, own.level, own.basis, (own,), (), tuple(reasons.values()))
    doubts = [(answer, _doubt(criterion, answer, evidence.today)) for answer in sorted(answers, key=_age)]
    doubted = [Doubted(answer, doubt) for answer, doubt in doubts if doubt]
    current, replaced = _newest(answer for answer, doubt in doubts if not doubt)
    doubted += [Doubted(one, Doubt.SUPERSEDED) for one in replaced]
    why = tuple(reasons.values())
    if pointless:
        return Mark(criterion.iri, Standing.NOT_APPLICABLE, None, None, tuple(current.values()), tuple(doubted), why)
    if criterion.computable:
        current[Basis.COMPUTED] = _own(criterion.iri, _reached(criterion, reasons, evidence.conforms))
    order, contradicted = _ranked(criterion, current)
    doubted += [Doubted(one, Doubt.CONTRADICTED) for one in contradicted]
    return _concluded(criterion, order, tuple(doubted), why)


def following(criterion: Criterion, level: int, given: Mark) -> Mark:
    """The mark where a level follows from the other marks, not from rules; ``given`` is what others said of it."""
    own = _own(criterion.iri, level)
    if given.standing is Standing.OPEN:
        return Mark(criterion.iri, Standing.ASSESSED, level, own.basis, (own,), given.doubted)
    return replace(given, answers=(*given.answers, own))


@lru_cache(maxsize=1_000)
def _unanswered(criterion: str, standing: Standing) -> Mark:
    """The mark on a criterion of which neither rules nor anybody else said anything; the same for every dataset."""
    return Mark(criterion, standing, None, None)


def _concluded(
    criterion: Criterion, order: tuple[Answer, ...], doubted: tuple[Doubted, ...], reasons: tuple[Reason, ...]
) -> Mark:
    if not order:
        return Mark(criterion.iri, Standing.OPEN, None, None, (), doubted, reasons)
    best = order[0]
    standing = Standing.NOT_APPLICABLE if best.level is None else Standing.ASSESSED
    return Mark(criterion.iri, standing, best.level, best.basis, order, doubted, reasons)


def _reached(criterion: Criterion, reasons: Mapping[str, Reason], conforms: bool) -> int:
    """The level that the description alone reaches."""
    reached = criterion.lowest
    for level in criterion.levels[1:]:
        if not _reaches(level, reasons, conforms):
            break
        reached = level.value
    return reached


@lru_cache(maxsize=1_000)
def _own(criterion: str, level: int) -> Answer:
    """The answer of the rules; the same for every dataset."""
    return Answer(criterion, level, Basis.COMPUTED)


def _reaches(level: Level, reasons: Mapping[str, Reason], conforms: bool) -> bool:
    if not level.computable or (level.conformance and not conforms):
        return False
    if any(reasons[rule].outcome is not Outcome.PASSED for rule in level.requires):
        return False
    return all(reasons[rule].outcome is not Outcome.FAILED for rule in level.respects)


def _doubt(criterion: Criterion, answer: Answer, today: date) -> Doubt | None:
    """Why an answer does not count, whatever else was said."""
    if not _allowed(criterion, answer):
        return Doubt.NOT_ALLOWED
    if answer.level is None and not answer.note:
        return Doubt.WITHOUT_EVIDENCE
    if answer.given is not None and answer.given > today:
        return Doubt.FUTURE
    if answer.valid_until is not None and answer.valid_until < today:
        return Doubt.EXPIRED
    if answer.basis is Basis.DECLARED and answer.level is not None and answer.level > criterion.lowest:
        answering = set(answer.evidence) - set(answer.dead)
        if not answering and (criterion.needs_link or answer.evidence):
            return Doubt.WITHOUT_EVIDENCE
    return None


def _allowed(criterion: Criterion, answer: Answer) -> bool:
    """Whether such an answer can be given at all. What is computed only the rules themselves can say."""
    if answer.basis is Basis.COMPUTED:
        return False
    if answer.level is None:
        return criterion.optional
    return answer.basis in criterion.obtained and criterion.level(answer.level) is not None


def _newest(answers: Iterable[Answer]) -> tuple[dict[Basis, Answer], list[Answer]]:
    """The newest answer on each basis and the rest, of answers from the oldest to the newest."""
    current: dict[Basis, Answer] = {}
    replaced = []
    for answer in answers:
        if answer.basis in current:
            replaced.append(current[answer.basis])
        current[answer.basis] = answer
    return current, replaced


def _age(answer: Answer) -> tuple[date, datetime, int, date, tuple[str, ...]]:
    """Older answers first; of two on one day the one received last is the newest, else the one that says less.

    Those in a description may have no name, so that what else they say decides: never the order in which they came.
    """
    level = 99 if answer.level is None else answer.level
    words = (answer.iri, answer.basis.value, answer.by, answer.note, *answer.evidence)
    return answer.given or date.min, answer.received or LONG_AGO, -level, answer.valid_until or date.max, words


def _ranked(criterion: Criterion, current: Mapping[Basis, Answer]) -> tuple[tuple[Answer, ...], list[Answer]]:
    """The answers that count or could, best first, and those that what is shown contradicts."""
    verified = current.get(Basis.VERIFIED)
    shown = sorted((current[b] for b in SHOWN if b in current), key=_height, reverse=True)
    declared = current.get(Basis.DECLARED)
    contradicted = []
    if declared is not None and _contradicts(criterion, declared, shown):
        contradicted.append(declared)
        declared = None
    said = [] if declared is None else [declared]
    if declared is not None and (declared.level is None or not shown or _height(declared) > _height(shown[0])):
        order = [declared, *shown]
    else:
        order = [*shown, *said]
    return tuple([verified, *order] if verified is not None else order), contradicted


def _height(answer: Answer) -> int:
    return -1 if answer.level is None else answer.level


def _contradicts(criterion: Criterion, declared: Answer, shown: Sequence[Answer]) -> bool:
    """Whether what is shown speaks against a declaration.

    Measured on the data, or computed where the rules see everything, less than declared; or the data show something of
    what is declared not to apply. What a description states does not speak against that: stating more never costs.
    """
    if declared.level is None:
        return any(one.basis is Basis.MEASURED and _height(one) > criterion.lowest for one in shown)
    whole = [one for one in shown if criterion.decisive or one.basis is Basis.MEASURED]
    return bool(whole) and declared.level > max(_height(one) for one in shown)
