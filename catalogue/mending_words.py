"""Tells what a repair did, in words and for programs."""

from __future__ import annotations

from catalogue.findings import findings_json
from catalogue.graphs import NamedNode
from catalogue.mending import Mended
from catalogue.model import Note, Severity
from catalogue.names import SKOS
from catalogue.plain import curie
from catalogue.rulebook import Rulebook


def mended_json(mended: Mended, rulebook: Rulebook, language: str) -> dict[str, object]:
    """What was done and what is left, for programs; findings as :func:`~catalogue.findings.findings_json`."""
    return {
        "release": str(mended.release),
        "converted": [_change_json("", note, rulebook) for note in mended.converted],
        "repaired": [_change_json(change.where, change.note, rulebook) for change in mended.repaired],
        "before": {severity.name.lower(): count(mended, severity, False) for severity in Severity},
        "after": {severity.name.lower(): count(mended, severity, True) for severity in Severity},
        "remaining": [
            finding
            for one in mended.after
            for finding in findings_json(one.iri, one.graph, one.report, rulebook, language)
        ],
    }


def count(mended: Mended, severity: Severity, after: bool) -> int:
    """Findings of a severity in the document as it was, or ``after`` its repair."""
    reports = [one.report for one in mended.after]
    if not after:
        reports = [one.written if one.written and one.written.tested else one.report for one in mended.before]
    return sum(len(report.of(severity)) for report in reports)


def _change_json(where: str, note: Note, rulebook: Rulebook) -> dict[str, object]:
    return {
        "where": where,
        "property": note.field,
        "before": note.raw,
        "after": note.result,
        "why": why(note, rulebook),
    }


def why(note: Note, rulebook: Rulebook) -> str:
    """The reason in words, without the entry of the table that it came from."""
    spoken, _, entry = note.reason.rpartition(": https://")
    if entry and spoken:
        return spoken
    if not note.reason.startswith("https://"):
        return note.reason
    entry = note.reason.split()[0]
    words = rulebook.graph.text(NamedNode(entry), SKOS.scopeNote, "en") or "an older form of the same IRI"
    return words.rstrip(".")


def short(text: str) -> str:
    """A text with its IRIs cut by the prefixes people know."""
    return " ".join(map(curie, text.split(" ")))
