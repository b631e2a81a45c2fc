"""Writes to the owner of a node what came of a visit and what to do, as the text of a mail."""

from __future__ import annotations

from catalogue.rulebook import Rulebook
from catalogue.visits import COUNTS, VisitReport

SHOWN = 10
"""Rules, fields, rejected records and missing datasets in a mail."""
WORDS = {
    "stored": "new or changed",
    "unchanged": "unchanged",
    "missing": "missing",
    "withdrawn": "withdrawn",
    "rejected": "not readable",
}


def letter(report: VisitReport, rulebook: Rulebook) -> tuple[str, str]:
    """Subject and text of a mail to whoever runs the node, in English: what came of the visit and what to do."""
    state = "nothing to do" if report.calm else "please look"
    subject = f"{report.node_title}: visit of {report.started.date().isoformat()}, {state}"
    parts = [
        _opening(report),
        *filter(None, (_rejections(report), _rules(report, rulebook), _fields(report), _missing(report))),
    ]
    parts.append(f"This visit: {report.iri}\nWhat the rules ask: {report.node.rpartition('/node/')[0]}/rules")
    return subject, "\n\n".join(parts) + "\n"


def _opening(report: VisitReport) -> str:
    counts = ", ".join(f"{report.counts[name]:,} {WORDS[name]}" for name in COUNTS)
    lines = [f"On {report.started:%d %B %Y at %H:%M} UTC the catalogue visited {report.node_title}: {counts}."]
    if not report.complete:
        lines.append(f"It could not be read to its end, so nothing was removed.\n  {report.problem}")
    elif report.problem:
        lines.append(f"One thing was odd: {report.problem}")
    if report.calm:
        lines.append("Everything was read and every new description keeps the mandatory rules.")
    return "\n".join(lines)


def _rejections(report: VisitReport) -> str:
    if not report.rejected:
        return ""
    lines = [
        "These records could not be read. They are as they were before; mend them and they come in at the next visit."
    ]
    for one in report.rejected[:SHOWN]:
        lines.append(f"- {one.where}\n  {one.problem}\n  What to do: {one.remedy}")
    return "\n".join([*lines, *_more(report.counts["rejected"])])


def _rules(report: VisitReport, rulebook: Rulebook) -> str:
    if not report.broken:
        return ""
    lines = [
        "Mandatory rules that new or changed descriptions break. They are published nevertheless, with the finding."
    ]
    for one in report.broken[:SHOWN]:
        rule = rulebook.rules.get(one.name)
        message = rule.message["en"] if rule else one.name
        fix = f"\n  What to do: {rule.fix['en']}" if rule and rule.fix.get("en") else ""
        lines.append(f"- {message} ({_datasets(one.datasets)}){fix}")
    return "\n".join([*lines, *_more(len(report.broken))])


def _fields(report: VisitReport) -> str:
    if not report.unmapped:
        return ""
    fields = ", ".join(f"{one.name} ({one.datasets:,})" for one in report.unmapped[:SHOWN])
    more = f" and {len(report.unmapped) - SHOWN} more" if len(report.unmapped) > SHOWN else ""
    return f"Fields of which nothing was made, or not of every value, with the number of datasets: {fields}{more}."


def _missing(report: VisitReport) -> str:
    if not report.absent:
        return ""
    lines = ["These datasets are no longer given. Each is withdrawn from the day named unless it comes back."]
    lines += [f"- {one.dataset} (from {one.until:%d %B %Y})" for one in report.absent[:SHOWN]]
    return "\n".join([*lines, *_more(len(report.absent))])


def _more(total: int) -> list[str]:
    return [f"- and {total - SHOWN:,} more"] if total > SHOWN else []


def _datasets(number: int) -> str:
    return "1 dataset" if number == 1 else f"{number:,} datasets"
