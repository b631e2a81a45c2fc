"""A label as a page shows it: grades, how each criterion is known, what stands behind it, what would raise it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from catalogue.errors import BadInput
from catalogue.label import rescored
from catalogue.label_words import BASES, DOUBTS, EFFORTS, OWING, STANDINGS, STATUSES, Step, steps
from catalogue.model import Outcome, Reason, Rule
from catalogue.plain import cut, points
from catalogue.quality import Answer, Basis, Criterion, Element, Grade, Label, Mark, Scored, Standing
from catalogue.web.context import services
from catalogue.web.phrases import _
from catalogue.web.reading import INTERFACE, Said, languages, say

WAYS = 3
"""Most ways to raise the label that are shown at once."""
BEHIND = 20
"""Most answers to one criterion that are shown; the history holds them all."""
OPEN, VOID, UNUSED = "open", "void", "unused"
"""Kinds of criteria beside the bases: nobody answered, not applicable, without weight in the scheme."""
KINDS = ("verified", "measured", "computed", "declared", OPEN, VOID)
"""In the order in which a bar shows them: the firmest first."""
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.FAILED: _("Fault found"),
    Outcome.PASSED: _("Looked for, fault not found"),
    Outcome.NOT_APPLICABLE: _("Nothing to check"),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision as the page names it."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The rules of a criterion with one outcome."""

    outcome: Outcome
    heading: str
    rules: Sequence[tuple[str, Said]]
    """IRI and the fault that was looked for."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer to a criterion, whether it counts or not."""

    answer: Answer
    kind: str
    basis: Said
    meaning: Said
    """Of its level."""
    doubt: Said
    """Why it does not count; empty when it does."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to raise the label."""

    criterion: Criterion
    name: Said
    level: Said
    points: str
    effort: Said
    remedies: Sequence[str]

    @property
    def declarable(self) -> bool:
        """Whether the form of the self-assessment asks for it."""
        return Basis.DECLARED in self.criterion.obtained


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion with what came out and everything behind it."""

    criterion: Criterion
    name: Said
    question: Said
    scored: Scored
    kind: str
    """One of :data:`KINDS`, or :data:`UNUSED`."""
    known: Said
    """How it is known, in words."""
    meaning: Said
    """Of the level that was reached; empty when there is none."""
    looked: Sequence[Looked]
    told: Sequence[Told]
    more: int
    """Answers beyond :data:`BEHIND`."""
    next: Way | None
    """What would raise it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many criteria are known in one way."""

    kind: str
    words: Said
    count: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: where it begins and how long it is, in percent of what is possible."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Star:
    """The grade of one element of Art. 78(3) with everything behind it."""

    element: Element
    name: Said
    provision: Cited | None
    grade: Grade
    asked: Sequence[Asked]
    """Those with weight in the scheme: known first, then open, then not applicable; then those without."""
    tallies: Sequence[Tally]
    pieces: Sequence[Piece]
    best: Way | None
    """What would raise it most."""

    @property
    def letter(self) -> str:
        """Of the point in Art. 78(3)."""
        return self.element.letter

    @property
    def answered(self) -> int:
        """How many criteria somebody or something answered."""
        return sum(tally.count for tally in self.tallies if tally.kind not in (OPEN, VOID))

    @property
    def asking(self) -> int:
        """How many criteria apply and count."""
        return sum(tally.count for tally in self.tallies if tally.kind != VOID)


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a label."""

    label: Label
    status: Said
    owed: Said
    scheme: str
    """Short name."""
    schemes: Sequence[tuple[str, Said]]
    """Short name and title of each."""
    stars: Sequence[Star]
    gates: Sequence[Asked]
    tallies: Sequence[Tally]
    ways: Sequence[Way]
    """What would raise the label, best first."""

    @property
    def open(self) -> int:
        """How many criteria nobody answered."""
        return sum(tally.count for tally in self.tallies if tally.kind == OPEN)


def in_scheme(label: Label, name: str | None = None) -> Label:
    """The label in the scheme that ``?scheme=`` asks for.

    Raises :class:`~catalogue.errors.BadInput` when there is no such scheme.
    """
    wanted = request.args.get("scheme", "") if name is None else name
    book = services().rulebook
    if not wanted:
        return label
    scheme = next((one for one in book.schemes if one.name == wanted), None)
    if scheme is None:
        names = ", ".join(one.name for one in book.schemes)
        raise BadInput(f"there is no scheme {cut(wanted, 50)!r}", where="scheme", remedy=f"use one of {names}")
    return label if scheme.iri == label.scheme else rescored(label, book, scheme)


def shown(label: Label) -> Shown:
    """Make a label ready for the page."""
    book = services().rulebook
    ways = [_way(step) for step in steps(label, book, languages())]
    stars = [_star(element, grade, ways) for element, grade in zip(book.elements, label.grades, strict=True)]
    return Shown(
        label=label,
        status=say(STATUSES[label.status]),
        owed=say(OWING[label.owed]),
        scheme=book.scheme(label.scheme).name,
        schemes=[(scheme.name, say(scheme.title)) for scheme in book.schemes],
        stars=stars,
        gates=[_asked(Scored(mark, 0.0, 0.0), None, book.criteria_by_iri[mark.criterion]) for mark in label.gates],
        tallies=_tallies(one for star in stars for one in star.asked),
        ways=ways,
    )


def cited(rule: Rule) -> list[Cited]:
    """The provisions and sections behind a rule."""
    return [Cited(iri, services().rulebook.cite(iri)) for iri in rule.provisions]


def _star(element: Element, grade: Grade, ways: Sequence[Way]) -> Star:
    book = services().rulebook
    following = {way.criterion.iri: way for way in ways}
    asked = [
        _asked(one, following.get(one.mark.criterion), book.criteria_by_iri[one.mark.criterion]) for one in grade.scored
    ]
    order = {kind: max(0, n - 3) for n, kind in enumerate((*KINDS, UNUSED))}
    return Star(
        element=element,
        name=say(element.name),
        provision=Cited(element.provision, book.cite(element.provision)) if element.provision else None,
        grade=grade,
        asked=sorted(asked, key=lambda one: order[one.kind]),
        tallies=_tallies(asked),
        pieces=_pieces(asked, grade.possible),
        best=next((way for way in ways if way.criterion.element == element.iri), None),
    )


def _kind(scored: Scored) -> str:
    if scored.mark.standing is Standing.NOT_APPLICABLE:
        return VOID
    if not scored.possible:
        return UNUSED
    return _basis(scored.mark)


def _basis(mark: Mark) -> str:
    return mark.basis.name.lower() if mark.basis else VOID if mark.standing is Standing.NOT_APPLICABLE else OPEN


def _gate(mark: Mark, criterion: Criterion) -> str:
    """Of what stands beside the score; a description that is silent has not said no."""
    silent = mark.basis is Basis.COMPUTED and mark.level == criterion.lowest
    return OPEN if silent else _basis(mark)


def _words(kind: str) -> Said:
    if kind == UNUSED:
        return Said(_("without weight in this scheme"), INTERFACE)
    standings = {OPEN: Standing.OPEN, VOID: Standing.NOT_APPLICABLE}
    return say(STANDINGS[standings[kind]] if kind in standings else BASES[Basis[kind.upper()]])


def _tallies(asked: Iterable[Asked]) -> list[Tally]:
    counts = Counter(one.kind for one in asked)
    return [Tally(kind, _words(kind), counts[kind]) for kind in KINDS if counts[kind]]


def _pieces(asked: Iterable[Asked], possible: float) -> list[Piece]:
    """What was earned, by how it is known."""
    earned = dict.fromkeys((*KINDS, UNUSED), 0.0)
    for one in asked:
        earned[one.kind] += one.scored.points
    pieces, start = [], 0.0
    for kind in KINDS:
        if earned[kind]:
            width = 100 * earned[kind] / possible
            pieces.append(Piece(kind, round(start, 2), round(width, 2)))
            start += width
    return pieces


def _asked(scored: Scored, following: Way | None, criterion: Criterion) -> Asked:
    mark = scored.mark
    level = None if mark.level is None else criterion.level(mark.level)
    answers = [told(criterion, answer, Said("")) for answer in mark.answers]
    answers += [told(criterion, one.answer, say(DOUBTS[one.doubt])) for one in mark.doubted]
    outside = [one for one in answers if one.answer.basis is not Basis.COMPUTED]
    kind = _gate(mark, criterion) if criterion.gate else _kind(scored)
    if criterion.gate and kind == OPEN:
        level = None
    return Asked(
        criterion=criterion,
        name=say(criterion.name),
        question=say(criterion.question),
        scored=scored,
        kind=kind,
        known=_words(kind),
        meaning=Said("") if level is None else say(level.name),
        looked=_looked(mark.reasons),
        told=outside[:BEHIND],
        more=max(0, len(outside) - BEHIND),
        next=following,
    )


def _looked(reasons: Sequence[Reason]) -> list[Looked]:
    rules = services().rulebook.rules
    found = {
        outcome: [(reason.rule, say(rules[reason.rule].message)) for reason in reasons if reason.outcome is outcome]
        for outcome in _OUTCOMES
    }
    return [Looked(outcome, _OUTCOMES[outcome], sorted(some)) for outcome, some in found.items() if some]


def told(criterion: Criterion, answer: Answer, doubt: Said) -> Told:
    """An answer in words; ``doubt`` is empty when it counts."""
    level = None if answer.level is None else criterion.level(answer.level)
    meaning = say(level.name) if level else Said("") if answer.level is not None else _words(VOID)
    return Told(answer, answer.basis.name.lower(), say(BASES[answer.basis]), meaning, doubt)


def _way(step: Step) -> Way:
    return Way(
        criterion=step.criterion,
        name=say(step.criterion.name),
        level=say(step.level.name),
        points=points(step.points),
        effort=say(EFFORTS[step.effort]),
        remedies=step.remedies,
    )
