"""What stands beside the label as JSON and as a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalogue.checklists import Evidence
from catalogue.indicators import Outcome, Result, Tally, count
from catalogue.plain import pick, points
from catalogue.rulebook import Rulebook

MARKS: Mapping[Outcome, str] = {
    Outcome.PRESENT: "+",
    Outcome.PARTIAL: "~",
    Outcome.ABSENT: "-",
    Outcome.NOT_APPLICABLE: "/",
    Outcome.NOT_LOOKED_AT: "?",
}
"""One letter of a table of text; the words stand beside it."""


def words(rulebook: Rulebook, outcome: Outcome, languages: Sequence[str]) -> str:
    """An outcome in words."""
    return rulebook.label_of(outcome.value, *languages)


def as_json(tally: Tally, rulebook: Rulebook, languages: Sequence[str] = ("en",)) -> dict[str, Any]:
    """One tally as values that JSON knows."""
    checklist = tally.checklist
    return {
        "dataset": tally.dataset,
        "checklist": checklist.iri,
        "name": checklist.identifier,
        "title": pick(checklist.title, languages).text,
        "note": pick(checklist.note, languages).text,
        "source": checklist.source or None,
        "points": _points(tally),
        "counts": _counts(tally.counts),
        "groups": [
            {
                "name": pick(group.name, languages).text,
                "counts": _counts(count(tally.of(group.iri))),
                "indicators": [_result(result, rulebook, languages) for result in tally.of(group.iri)],
            }
            for group in checklist.groups
        ],
    }


def _points(tally: Tally) -> dict[str, float] | None:
    if tally.checklist.total is None:
        return None
    return {
        "points": round(tally.points, 2),
        "maximum": tally.checklist.total,
        "applicable_points": round(tally.applicable_points, 2),
        "applicable_maximum": tally.applicable_maximum,
    }


def _counts(counts: Mapping[Outcome, int]) -> dict[str, int]:
    return {_code(outcome): number for outcome, number in counts.items()}


def _code(outcome: Outcome) -> str:
    return outcome.name.lower().replace("_", "-")


def _result(result: Result, rulebook: Rulebook, languages: Sequence[str]) -> dict[str, Any]:
    indicator = result.indicator
    return {
        "indicator": indicator.iri,
        "identifier": indicator.identifier,
        "name": pick(indicator.name, languages).text,
        "note": pick(indicator.note, languages).text or None,
        "priority": indicator.priority or None,
        "outcome": _code(result.outcome),
        "words": words(rulebook, result.outcome, languages),
        "points": round(result.points, 2) if indicator.points else None,
        "possible": indicator.points or None,
        "provisions": [{"iri": iri, "cited": rulebook.cite(iri, *languages)} for iri in indicator.provisions],
        "why": why(result, languages) or None,
        "missing": [_missing(evidence, languages) for evidence in result.missing],
    }


def _missing(evidence: Evidence, languages: Sequence[str]) -> dict[str, str]:
    return {
        "evidence": evidence.iri,
        "message": pick(evidence.message, languages).text,
        "fix": pick(evidence.fix, languages).text,
    }


def why(result: Result, languages: Sequence[str]) -> str:
    """Why an indicator does not apply or nobody looked at it; empty for all others."""
    if result.outcome is Outcome.NOT_APPLICABLE:
        return pick(result.indicator.pointless_because, languages).text
    return pick(result.indicator.reason, languages).text if result.outcome is Outcome.NOT_LOOKED_AT else ""


def as_text(tallies: Sequence[Tally], rulebook: Rulebook, languages: Sequence[str] = ("en",)) -> str:
    """Tallies as a table for a terminal: a line for each indicator, the sum at the end of each checklist."""
    lines: list[str] = []
    for tally in tallies:
        title = pick(tally.checklist.title, languages).text
        lines += [title, "=" * len(title), ""]
        for group in tally.checklist.groups:
            lines += [pick(group.name, languages).text, *_rows(tally.of(group.iri), rulebook, languages), ""]
        lines += [summary(tally, rulebook, languages), pick(tally.checklist.note, languages).text, ""]
    return "\n".join(lines)


def _rows(results: Sequence[Result], rulebook: Rulebook, languages: Sequence[str]) -> Iterator[str]:
    wide = max((len(result.indicator.identifier) for result in results), default=0)
    for result in results:
        indicator = result.indicator
        earned = f" {points(result.points)}/{indicator.points}" if indicator.points else ""
        name = pick(indicator.name, languages).text
        said = words(rulebook, result.outcome, languages)
        yield f"  {MARKS[result.outcome]} {indicator.identifier.ljust(wide)}  {name}: {said}{earned}"


def summary(tally: Tally, rulebook: Rulebook, languages: Sequence[str] = ("en",)) -> str:
    """One line: how many indicators came out how, and the points where there are any."""
    counts = ", ".join(
        f"{number} {words(rulebook, outcome, languages)}" for outcome, number in tally.counts.items() if number
    )
    if tally.checklist.total is None:
        return counts
    of_all = f"{points(tally.points)}/{tally.checklist.total}"
    if tally.applicable_maximum == tally.checklist.total:
        return f"{of_all} ({counts})"
    return f"{points(tally.applicable_points)}/{tally.applicable_maximum}; {of_all} ({counts})"
