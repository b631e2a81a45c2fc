"""Findings for machines: the JSON of the command line and of /validate."""

from __future__ import annotations

from catalogue.explain import Allowed, Choice, Explainer
from catalogue.graphs import Graph
from catalogue.model import Finding, Report, Severity
from catalogue.plain import pick
from catalogue.rulebook import Rulebook

MOST_ALLOWED = 25
"""Most allowed values of one finding in JSON; their number is always that of all."""


def finding_json(finding: Finding, rulebook: Rulebook, language: str, explainer: Explainer) -> dict[str, object]:
    """A finding for machines, in plain words; the same from the command line and from /validate."""
    told = explainer.explain(finding)
    advice = told.advice
    return {
        "rule": finding.rule,
        "focus": str(finding.focus.value),
        "path": finding.path,
        "value": None if finding.value is None else str(finding.value.value),
        "severity": finding.severity.name.lower(),
        "message": advice.message.text,
        "where": told.where.text,
        "fix": pick(rulebook.rules[finding.rule].fix, (language,)).text,
        "snippet": told.snippet or None,
        "nearest": None
        if told.nearest is None
        else {**_choice(told.nearest.choice), "why": told.nearest.likeness.value},
        "allowed": advice.allowed and _allowed(advice.allowed),
        "provision": list(rulebook.rules[finding.rule].provisions),
        "why": [
            {
                "citation": why.citation,
                "text": why.text.text or None,
                "applies_from": why.applies_from.isoformat() if why.applies_from else None,
                "provision": why.provision,
            }
            for why in advice.why
        ],
        "applies_from": advice.applies_from.isoformat() if advice.applies_from else None,
    }


def findings_json(
    dataset: str, graph: Graph, report: Report, rulebook: Rulebook, language: str = "en", *, everything: bool = False
) -> list[dict[str, object]]:
    """All findings about one dataset for machines; what is optional only when ``everything`` is asked for."""
    explainer = Explainer(rulebook, graph, (language,))
    return [
        {"dataset": dataset, **finding_json(finding, rulebook, language, explainer)}
        for finding in report.findings
        if everything or finding.severity is not Severity.INFO
    ]


def _allowed(allowed: Allowed) -> dict[str, object]:
    return {
        "total": len(allowed.values),
        "whole": allowed.whole,
        "values": [_choice(choice) for choice in allowed.values[:MOST_ALLOWED]],
    }


def _choice(choice: Choice) -> dict[str, object]:
    return {"iri": choice.iri or None, "code": choice.code, "name": choice.name.text}
