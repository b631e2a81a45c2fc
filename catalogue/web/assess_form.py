"""The form of an assessment: what it asks, what was typed, and what of it cannot be taken, told at the field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from catalogue.assessing import Assessment, Ruled
from catalogue.errors import BadAssessment
from catalogue.graphs import NamedNode
from catalogue.plain import cut
from catalogue.quality import Act, Answer, Basis, Criterion, Ruling
from catalogue.rulebook import Rulebook
from catalogue.web.phrases import _
from catalogue.web.shown import safe

NOT_APPLICABLE = "na"
"""The value of the button "not applicable"; levels are numbers, no answer is empty."""
LINKS = 10
"""Most links to evidence of one answer."""
TEXT = 4000
"""Longest reason, in characters."""
NAME = 300
"""Longest name, in characters."""
ACTS = {"confirm": Act.CONFIRMED, "revoke": Act.REVOKED}
_PLACE = re.compile(r"answer on ([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about one criterion."""

    level: str = ""
    evidence: str = ""
    note: str = ""

    @property
    def links(self) -> tuple[str, ...]:
        """The links, one a line; the same one twice is one."""
        return tuple(dict.fromkeys(self.evidence.split()))


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that was typed; the access token is not kept."""

    verify: bool = False
    """Filled in by a health data access body."""
    by: str = ""
    name: str = ""
    given: str = ""
    until: str = ""
    ruling: str = ""
    reason: str = ""
    answers: Mapping[str, Typed] = field(default_factory=dict)
    """By identifier of the criterion."""

    def typed(self, identifier: str) -> Typed:
        """What was typed about a criterion."""
        return self.answers.get(identifier, Typed())

    @property
    def basis(self) -> Basis:
        """On which its answers are given."""
        return Basis.VERIFIED if self.verify else Basis.DECLARED


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be taken, and the field it is about."""

    where: str
    """The id of the field."""
    what: str
    label: str = ""
    """What the field is about, for the summary."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form says."""

    assessment: Assessment | None
    ruled: Ruled | None


def asked(rulebook: Rulebook, verify: bool) -> tuple[Criterion, ...]:
    """The criteria that the form asks for, as they follow each other on the page: by element, then beside the score."""
    basis = Basis.VERIFIED if verify else Basis.DECLARED
    order = {element.iri: place for place, element in enumerate(rulebook.elements)}
    some = (one for one in rulebook.criteria if basis in one.obtained)
    return tuple(sorted(some, key=lambda one: (one.gate, order[one.element])))


def read(values: Mapping[str, str], rulebook: Rulebook, verify: bool) -> Form:
    """What was typed, as it was."""

    def text(name: str) -> str:
        return values.get(name, "").replace("\r\n", "\n").strip()

    answers = {}
    for criterion in asked(rulebook, verify):
        one = criterion.identifier
        typed = Typed(text(f"level-{one}"), text(f"evidence-{one}"), text(f"note-{one}"))
        if typed != Typed():
            answers[one] = typed
    by, name, given, until, ruling, reason = map(text, ("by", "name", "given", "until", "ruling", "reason"))
    return Form(verify, by, name, given, until, ruling, reason, answers)


def wrong(form: Form, rulebook: Rulebook, today: date, nameless: bool) -> list[Wrong]:
    """Everything that cannot be taken, in the order of the fields; ``nameless``: it need not say who gives it."""
    found: list[Wrong] = []
    for criterion in asked(rulebook, form.verify):
        typed = form.typed(criterion.identifier)
        name = criterion.name.get("en", criterion.identifier)
        found += [Wrong(f"{part}-{criterion.identifier}", what, name) for part, what in _about_one(criterion, typed)]
    found += [*_decision(form), *_who(form, nameless), *_when(form, today)]
    if not form.answers and not form.ruling and not found:
        found.append(Wrong("criteria", _("Nothing was answered: choose a level of at least one criterion.")))
    return found


def _who(form: Form, nameless: bool) -> Iterator[Wrong]:
    if not form.by and not nameless:
        yield Wrong("by", _("Say who gives it, by a web address or another IRI."))
    elif form.by and not _iri(form.by):
        yield Wrong("by", _("This is no IRI; it begins like https://, without spaces."))
    if len(form.name) > NAME:
        yield Wrong("name", _("This name is too long: at most 300 characters."))


def _when(form: Form, today: date) -> Iterator[Wrong]:
    given, until = _date(form.given), _date(form.until)
    if form.given and given is None:
        yield Wrong("given", _("This is no date: write it as 2026-11-24."))
    elif given is not None and given > today:
        yield Wrong("given", _("This day is in the future."))
    if form.until and until is None:
        yield Wrong("until", _("This is no date: write it as 2026-11-24."))
    elif until is not None and until < today:
        yield Wrong("until", _("This day is past: an answer that no longer holds does not count."))


def _decision(form: Form) -> Iterator[Wrong]:
    if form.ruling and form.ruling not in ACTS:
        yield Wrong("ruling", _("Confirm, revoke, or neither."))
    elif form.reason and not form.ruling:
        yield Wrong("ruling", _("There is a reason but no decision."))
    if form.ruling and not form.reason:
        yield Wrong("reason", _("A decision needs its reason (Art. 78(4)); it is published."))
    elif len(form.reason) > TEXT:
        yield Wrong("reason", _("This is too long: at most 4000 characters."))


def _about_one(criterion: Criterion, typed: Typed) -> list[tuple[str, str]]:
    found = []
    if typed.level == NOT_APPLICABLE:
        if not criterion.optional:
            found.append(("level", _("This always applies.")))
        elif not typed.note:
            found.append(("note", _("Say why it does not apply.")))
    elif typed.level and typed.level not in {str(level.value) for level in criterion.levels}:
        found.append(("level", _("There is no such level.")))
    elif not typed.level and (typed.evidence or typed.note):
        found.append(("level", _("There is evidence or a note, but no level is chosen.")))
    bad = [link for link in typed.links if not safe(link).startswith("http") or len(link) > 2000 or not _iri(link)]
    if bad:
        found.append(("evidence", f"{_('This is no web address:')} {cut(bad[0], 80)}"))
    elif len(typed.links) > LINKS:
        found.append(("evidence", _("These are too many links: at most 10.")))
    if len(typed.note) > TEXT:
        found.append(("note", _("This is too long: at most 4000 characters.")))
    return found


def filled(form: Form, rulebook: Rulebook, dataset: str, today: date, base: str) -> Filled:
    """The values of a form in which nothing is wrong; without date it is of ``today``."""
    given = _date(form.given) or today
    answers = [
        Answer(
            criterion=criterion.iri,
            level=None if typed.level == NOT_APPLICABLE else int(typed.level),
            basis=form.basis,
            evidence=typed.links,
            note=typed.note,
        )
        for criterion in asked(rulebook, form.verify)
        if (typed := form.typed(criterion.identifier)).level
    ]
    assessment, ruled = None, None
    if answers:
        assessment = Assessment.of(
            dataset,
            form.basis,
            tuple(answers),
            by=form.by,
            name=form.name,
            given=given,
            valid_until=_date(form.until),
            iri=base + "#assessment",
        )
    if form.ruling:
        ruling = Ruling(ACTS[form.ruling], given, form.by, form.reason, base + "#ruling")
        ruled = Ruled(dataset, ruling, given, form.name)
    return Filled(assessment, ruled)


def of_document(error: BadAssessment, rulebook: Rulebook) -> list[Wrong]:
    """What the check of the document found beyond what the form sees, at the fields it is about."""
    found = []
    for what, where, remedy in error.problems:
        place = _PLACE.search(where)
        known = rulebook.criterion(place[1]) if place else None
        field = f"level-{known.identifier}" if known else "criteria"
        found.append(Wrong(field, f"{what} {remedy}".strip(), known.name.get("en", "") if known else ""))
    return found


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _iri(text: str) -> bool:
    """Whether it may stand as an absolute IRI in RDF."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", text) is None:
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def fields(problems: Sequence[Wrong]) -> Mapping[str, str]:
    """What is wrong with each field."""
    found: dict[str, str] = {}
    for one in problems:
        found[one.where] = f"{found[one.where]} {one.what}" if one.where in found else one.what
    return found
