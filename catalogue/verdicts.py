"""How a dataset stands to each provision that a mandatory rule implements."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.graphs import Graph
from catalogue.model import Outcome, Report, Requirement, Verdict
from catalogue.names import CAT, EARL
from catalogue.rulebook import Rulebook

RESULTS = {Outcome.FAILED: CAT.Failed, Outcome.PASSED: CAT.Passed}
"""What records call the outcomes that they keep; what is not applicable is not kept."""


def verdicts(report: Report, rulebook: Rulebook) -> tuple[Verdict, ...]:
    """How the dataset stands to each provision that a mandatory rule implements, in the order of the provisions.

    A provision of which no rule was tested is not applicable, never passed. Passed means only that the rules here
    found nothing.
    """
    broken = {finding.rule for finding in report.findings}
    return tuple(_verdict(requirement, broken, report.tested) for requirement in rulebook.requirements)


def _verdict(requirement: Requirement, broken: set[str], tested: Mapping[str, int]) -> Verdict:
    if not broken.isdisjoint(requirement.rules):
        rules = tuple(rule for rule in requirement.rules if rule in broken)
        return Verdict(requirement.provision, Outcome.FAILED, requirement.applies_from, rules)
    if any(tested.get(rule) for rule in requirement.rules):
        return requirement.passed
    return requirement.not_applicable


def kept(record: Graph, outcome: Outcome) -> list[str]:
    """IRIs of the provisions with one of the :data:`RESULTS`, as a record keeps them."""
    result = RESULTS[outcome]
    assertions = [one for one in record.nodes if result in record.objects(one, EARL.result)]
    return [str(provision.value) for one in assertions for provision in record.objects(one, EARL.test)]
