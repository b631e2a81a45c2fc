"""What stands beside the label, as the page of a dataset shows it: a table for each checklist, in any language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.beside_forms import MARKS
from catalogue.indicators import Outcome, Result, Tally, count
from catalogue.plain import points
from catalogue.rulebook import Rulebook
from catalogue.web.labels import Cited
from catalogue.web.reading import Said, languages, say


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that was looked for and is not there."""

    message: Said
    fix: Said


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator."""

    identifier: str
    name: Said
    note: Said
    priority: str
    mark: str
    """One letter that tells the outcome to those who see no colours; the words stand beside it."""
    code: str
    """The outcome as a class of the style sheet."""
    words: str
    points: str
    """Such as ``10 of 20``; empty in a checklist that is counted."""
    provisions: Sequence[Cited]
    why: Said
    missing: Sequence[Lack]


@dataclass(frozen=True, slots=True)
class Section:
    """One group of a checklist."""

    name: Said
    counts: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Panel:
    """One checklist."""

    name: str
    title: Said
    note: Said
    source: str
    counts: str
    points: str
    """Points out of what applies; empty in a checklist that is counted."""
    points_of_source: str
    """Points as the source counts them, where that is something else."""
    sections: Sequence[Section]


def panels(tallies: Sequence[Tally], rulebook: Rulebook) -> list[Panel]:
    """The panels of the checklists, for the template ``_indicators.html``."""
    return [_panel(tally, rulebook) for tally in tallies]


def _panel(tally: Tally, rulebook: Rulebook) -> Panel:
    checklist = tally.checklist
    total, most = checklist.total, tally.applicable_maximum
    return Panel(
        name=checklist.identifier,
        title=say(checklist.title),
        note=say(checklist.note),
        source=checklist.source,
        counts=_counts(tally.results, rulebook),
        points="" if total is None else f"{points(tally.applicable_points)} / {most}",
        points_of_source="" if total in (None, most) else f"{points(tally.points)} / {total}",
        sections=[
            Section(
                say(group.name),
                _counts(tally.of(group.iri), rulebook),
                [_row(result, rulebook) for result in tally.of(group.iri)],
            )
            for group in checklist.groups
        ],
    )


def _row(result: Result, rulebook: Rulebook) -> Row:
    indicator, outcome = result.indicator, result.outcome
    reasons = {Outcome.NOT_APPLICABLE: indicator.pointless_because, Outcome.NOT_LOOKED_AT: indicator.reason}
    return Row(
        identifier=indicator.identifier,
        name=say(indicator.name),
        note=say(indicator.note),
        priority=indicator.priority,
        mark=MARKS[outcome],
        code=outcome.name.lower().replace("_", "-"),
        words=rulebook.label_of(outcome.value, *languages()),
        points=f"{points(result.points)} / {indicator.points}" if indicator.points else "",
        provisions=[Cited(iri, rulebook.cite(iri, *languages())) for iri in indicator.provisions],
        why=say(reasons.get(outcome, {})),
        missing=[Lack(say(evidence.message), say(evidence.fix)) for evidence in result.missing],
    )


def _counts(results: Sequence[Result], rulebook: Rulebook) -> str:
    return ", ".join(
        f"{number} {rulebook.label_of(outcome.value, *languages())}"
        for outcome, number in count(results).items()
        if number
    )
