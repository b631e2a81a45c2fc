"""What the graphic of the label tells, as words: made once, then drawn, listed and read aloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from catalogue.graphic.words import GraphicWords
from catalogue.plain import local_name, pick, visible
from catalogue.quality import Basis, Element, Grade, Label, Mark, Standing, Status


@dataclass(frozen=True, slots=True)
class GraphicFacts:
    """What a label does not say itself but its graphic must (Art. 2(2)(aa) EHDS)."""

    title: str
    """Of the dataset."""
    elements: Sequence[Element]
    access: str = ""
    """IRI of the access right; empty when the description has none."""
    access_name: str = ""
    """What it is called, when it is none of those that HealthDCAT-AP knows."""
    scheme: Mapping[str, str] = field(default_factory=dict)
    """Title of the scoring scheme by language."""
    day: date | None = None
    """On which the label was like that."""
    link: str = ""
    """Address of the page that gives the reasons."""
    body: str = ""
    """Name of the health data access body that verified or revoked it."""
    gains: Mapping[str, str] = field(default_factory=dict)
    """By IRI of an element: what would raise it most, in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One element of Art. 78(3)."""

    element: str
    letter: str
    name: str
    stars: int | None
    grade: str
    """Its grade in words."""
    heading: str
    """Name and grade."""
    counted: str
    """How many criteria were assessed, in few letters; empty when none counts."""
    why: Sequence[str]
    """The grounds of the grade, a phrase each."""
    gain: str
    """What would raise it most; empty when nobody said."""

    @property
    def told(self) -> str:
        """All of it in one paragraph."""
        return sentence(f"{self.letter}) {self.heading}", *self.why, self.gain)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the graphic says."""

    title: str
    stars: int | None
    revoked: bool
    grade: str
    """Of the whole, in words."""
    rows: Sequence[Row]
    access: tuple[str, str]
    """Name of the access right and what it means."""
    status: str
    """In a phrase."""
    reason: str
    """Why a health data access body decided so; empty when it gave none."""
    status_notes: Sequence[str]
    """When it was decided, what is missing, when it must be renewed."""
    scheme: str
    dated: str
    link: str


def tell(label: Label, facts: GraphicFacts, words: GraphicWords) -> Told:
    """Put a label into words; texts of others come out on one line and without anything invisible."""
    revoked = label.status is Status.REVOKED
    who = visible(facts.body) or (visible(label.ruling.by) if label.ruling else "") or words.body
    reason = label.ruling.reason.strip() if label.ruling else ""
    access = words.access.get(facts.access) or ((visible(facts.access_name), "") if facts.access_name else None)
    scheme = visible(pick(facts.scheme, (words.language,)).text) or local_name(label.scheme)
    return Told(
        title=visible(facts.title) or visible(label.dataset),
        stars=None if revoked else label.stars,
        revoked=revoked,
        grade=_grade(label.stars, revoked, words),
        rows=_rows(label, facts, words),
        access=access or words.access_unknown,
        status=words.status_told[label.status].format(who=who),
        reason=words.reason + words.colon + visible(reason) if reason else "",
        status_notes=_notes(label, words),
        scheme=visible(scheme),
        dated=words.date(facts.day) if facts.day else "",
        link=visible(facts.link),
    )


def describe(told: Told, words: GraphicWords) -> str:
    """The text alternative: all that is drawn, in the order in which it is read."""
    parts = [
        f"{words.label} ({words.law})",
        words.dataset + words.colon + told.title,
        told.grade[:1].upper() + told.grade[1:],
        words.status + words.colon + told.status,
        told.reason,
        *told.status_notes,
        words.scale,
        *(row.told for row in told.rows),
        words.conditions + words.colon + words.colon.join(filter(None, told.access)),
        words.scheme + words.colon + told.scheme,
        *([f"{words.dated} {told.dated}"] if told.dated else []),
        *([words.more + words.colon + told.link] if told.link else []),
    ]
    return sentence(*parts)


def sentence(*parts: str) -> str:
    """Phrases one after the other, each with a full stop."""
    return " ".join(part if part.endswith((".", "!", "?", "…")) else part + "." for part in parts if part)


def _grade(stars: int | None, revoked: bool, words: GraphicWords) -> str:
    if revoked:
        return f"{words.statuses[Status.REVOKED]}, {words.no_stars}"
    return words.not_assessed if stars is None else words.stars.format(n=stars)


def _notes(label: Label, words: GraphicWords) -> list[str]:
    notes = []
    if label.ruling is not None:
        notes.append(words.date(label.ruling.given))
    if label.evidenced is False:
        notes.append(words.incomplete)
    if label.review_by is not None and label.status is not Status.REVOKED:
        notes.append(words.review.format(day=words.date(label.review_by)))
    return notes


def _rows(label: Label, facts: GraphicFacts, words: GraphicWords) -> list[Row]:
    """A row for every element, also those without grade; then grades of elements nobody named."""
    known = {element.iri: element for element in facts.elements}
    grades = {grade.element: grade for grade in label.grades}
    revoked = label.status is Status.REVOKED
    rows = []
    for iri in dict.fromkeys((*known, *grades)):
        element, grade = known.get(iri), grades.get(iri)
        stars = grade.stars if grade and not revoked else None
        gain = facts.gains.get(iri, "").strip()
        name = visible(pick(element.name, (words.language,)).text if element else "") or visible(local_name(iri))
        said = words.statuses[Status.REVOKED] if revoked else _grade(stars, False, words)
        rows.append(
            Row(
                element=iri,
                letter=visible(element.letter) if element else "–",
                name=name,
                stars=stars,
                grade=said,
                heading=name + words.colon + said,
                counted=_counted(grade, words) if grade and not revoked else "",
                why=_why(grade, words) if grade and not revoked else (),
                gain=words.raises + words.colon + visible(gain) if gain and not revoked else "",
            )
        )
    return rows


def _tally(grade: Grade) -> tuple[int, int, int]:
    """Criteria that were assessed, that apply, and that do not; what does not count in the scheme is left out."""
    standings = Counter(mark.standing for mark in _counting(grade))
    assessed, beside = standings[Standing.ASSESSED], standings[Standing.NOT_APPLICABLE]
    return assessed, assessed + standings[Standing.OPEN], beside


def _counting(grade: Grade) -> list[Mark]:
    return [one.mark for one in grade.scored if one.possible or one.mark.standing is Standing.NOT_APPLICABLE]


def _counted(grade: Grade, words: GraphicWords) -> str:
    assessed, of, _ = _tally(grade)
    return words.assessed.format(n=assessed, of=of) if of else ""


def _why(grade: Grade, words: GraphicWords) -> list[str]:
    why = []
    assessed, of, beside = _tally(grade)
    if grade.possible:
        why.append(words.points.format(n=words.number(grade.points), of=words.number(grade.possible)))
    if of:
        why.append(words.assessed_criteria.format(n=assessed, of=of))
    if beside:
        why.append(words.applicable.format(n=beside))
    bases = Counter(mark.basis for mark in _counting(grade) if mark.standing is Standing.ASSESSED)
    return why + [words.bases[basis].format(n=bases[basis]) for basis in Basis if bases[basis]]
