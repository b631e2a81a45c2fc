"""Adds up what stands beside the label: evidence present, partial, absent, not applicable or not looked at.

Nothing here changes the label, and nothing here says that a duty is met: evidence supports whoever must show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from catalogue.checklists import Checklist, Evidence, Indicator, Way
from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.model import Report
from catalogue.names import CAT, DCAT, DCT, RDF
from catalogue.quality import Label, Standing, Status


class Outcome(Enum):
    """What was found; the words for people are the ``rdfs:label`` of these terms."""

    PRESENT = CAT.Present.value
    PARTIAL = CAT.Partial.value
    ABSENT = CAT.Absent.value
    NOT_APPLICABLE = CAT.NotApplicable.value
    NOT_LOOKED_AT = CAT.NotLookedAt.value


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking for one piece of evidence."""

    evidence: Evidence
    outcome: Outcome
    share: float
    """How much of it is there, 0 to 1: of distributions that have it, or of points that an element earns."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out on one indicator."""

    indicator: Indicator
    outcome: Outcome
    looked: tuple[Looked, ...]
    share: float
    """0 to 1; 0 when nobody looked. Kept for an indicator that does not apply: its source may count it all the same."""

    @property
    def points(self) -> float:
        """Points earned as the source of the checklist counts them, whether or not the indicator applies here."""
        return self.indicator.points * self.share

    @property
    def applies(self) -> bool:
        """Whether it can apply to data of this access level."""
        return self.outcome is not Outcome.NOT_APPLICABLE

    @property
    def missing(self) -> tuple[Evidence, ...]:
        """What was looked for and is not, or not everywhere, there."""
        lacking = (Outcome.ABSENT, Outcome.PARTIAL)
        return tuple(one.evidence for one in self.looked if one.outcome in lacking) if self.applies else ()


@dataclass(frozen=True, slots=True)
class Tally:
    """What one checklist came to for one dataset."""

    dataset: str
    checklist: Checklist
    results: tuple[Result, ...]
    """In the order of the checklist."""

    @property
    def points(self) -> float:
        """Points out of :attr:`Checklist.total`, as the source counts them."""
        return sum(result.points for result in self.results)

    @property
    def applicable_points(self) -> float:
        """Points of the indicators that apply."""
        return sum(result.points for result in self.results if result.applies)

    @property
    def applicable_maximum(self) -> int:
        """What the indicators that apply are worth together."""
        return sum(result.indicator.points for result in self.results if result.applies)

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """Results by outcome; every outcome is there."""
        return count(self.results)

    def of(self, group: str) -> tuple[Result, ...]:
        """The results of one group, by its IRI."""
        return tuple(result for result in self.results if result.indicator.group == group)


def count(results: Iterable[Result]) -> Mapping[Outcome, int]:
    """How many results there are of each outcome."""
    counted = Counter(result.outcome for result in results)
    return {outcome: counted[outcome] for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known when the indicators of a dataset are looked at."""

    dataset: Term
    graph: Graph
    """Its description."""
    report: Report
    """What the rules of its profile say."""
    label: Label | None = None
    """None: nobody asked for it, so whatever rests on it was not looked at."""
    links: Mapping[str, bool] = field(default_factory=dict)
    """Addresses that were tried, and whether they answered (HTTP 2xx or 3xx)."""

    @property
    def distributions(self) -> Sequence[Term]:
        """Those of the data themselves; samples and statistics are none."""
        return self.graph.objects(self.dataset, DCAT.distribution)


def tally(checklist: Checklist, material: Material, found: Report) -> Tally:
    """What a checklist comes to; ``found`` is the report on the description by the shapes of the checklist.

    A metric on distributions is worth its points times the share of distributions that satisfy it (our reading of the
    methodology of data.europa.eu); without a distribution it is absent.
    """
    look = _Look(material, found)
    rights = {right.value for right in material.graph.objects(material.dataset, DCT.accessRights)}
    right = rights.pop() if len(rights) == 1 else ""
    results = tuple(_result(one, [look(evidence) for evidence in one.evidence], right) for one in checklist.indicators)
    return Tally(str(material.dataset.value), checklist, results)


def _result(indicator: Indicator, looked: Sequence[Looked], right: str) -> Result:
    share = sum(one.share for one in looked) / len(looked) if looked else 0.0
    outcome = _together([one.outcome for one in looked])
    if right in indicator.pointless_for:
        outcome = Outcome.NOT_APPLICABLE
    return Result(indicator, outcome, tuple(looked), share)


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """All there is present, some partial, none absent; what nobody looked at is never held to be there or absent."""
    counted = [one for one in outcomes if one is not Outcome.NOT_APPLICABLE]
    if outcomes and not counted:
        return Outcome.NOT_APPLICABLE
    if counted and all(one is Outcome.PRESENT for one in counted):
        return Outcome.PRESENT
    if any(one in (Outcome.PRESENT, Outcome.PARTIAL) for one in outcomes):
        return Outcome.PARTIAL
    if not outcomes or Outcome.NOT_LOOKED_AT in outcomes:
        return Outcome.NOT_LOOKED_AT
    return Outcome.ABSENT


class _Look:
    """Looks for evidence in the material of one dataset."""

    def __init__(self, material: Material, found: Report) -> None:
        self._material, self._tested = material, found.tested
        self._lacking = {(finding.rule, finding.focus) for finding in found.findings}
        # What is no dcat:Dataset is no focus of the shapes: nothing is found to be missing, because nobody looked.
        self._described = DCAT.Dataset in material.graph.objects(material.dataset, RDF.type)
        self._ways: Mapping[Way, Callable[[Evidence], Looked]] = {
            Way.SHAPE: self._shape,
            Way.CONFORMANCE: lambda evidence: _there(evidence, material.report.conforms),
            Way.ANSWER: self._answer,
            Way.CRITERION: self._criterion,
            Way.ELEMENT: self._element,
        }

    def __call__(self, evidence: Evidence) -> Looked:
        return self._ways[evidence.way](evidence)

    def _shape(self, evidence: Evidence) -> Looked:
        def holds(node: Term) -> bool:
            return (evidence.iri, node) not in self._lacking

        if not self._tested.get(evidence.iri) or not self._described:
            return Looked(evidence, Outcome.ABSENT, 0.0)
        if evidence.per_distribution:
            return _shared(evidence, [holds(node) for node in self._material.distributions])
        return _there(evidence, holds(self._material.dataset))

    def _answer(self, evidence: Evidence) -> Looked:
        """Whether one address of each distribution answers; one without an address does not."""
        graph, links = self._material.graph, self._material.links
        answers: list[bool | None] = []
        for node in self._material.distributions:
            addresses = [one.value for one in graph.objects(node, NamedNode(evidence.about)) if _is_address(one)]
            tried = [links.get(address) for address in addresses]
            answers.append(True if True in tried else None if None in tried else False)
        return _shared(evidence, answers)

    def _criterion(self, evidence: Evidence) -> Looked:
        label = self._material.label
        if label is None:
            return Looked(evidence, Outcome.NOT_LOOKED_AT, 0.0)
        mark = next((mark for mark in label.marks if mark.criterion == evidence.about), None)
        if mark is None:
            return Looked(evidence, Outcome.NOT_LOOKED_AT, 0.0)
        if mark.standing is Standing.NOT_APPLICABLE:
            return Looked(evidence, Outcome.NOT_APPLICABLE, 0.0)
        reached = mark.level is not None and mark.level >= evidence.level
        return _there(evidence, reached and label.status is not Status.REVOKED)

    def _element(self, evidence: Evidence) -> Looked:
        label = self._material.label
        grade = next((grade for grade in label.grades if grade.element == evidence.about), None) if label else None
        if label is None or grade is None or not grade.possible:
            return Looked(evidence, Outcome.NOT_LOOKED_AT, 0.0)
        if label.status is Status.REVOKED:
            return _there(evidence, False)
        share = min(1.0, grade.points / grade.possible)
        return Looked(evidence, _of_share(share), share)


def _is_address(term: Term) -> bool:
    return isinstance(term, (NamedNode, Literal)) and ":" in term.value


def _there(evidence: Evidence, there: bool) -> Looked:
    return Looked(evidence, Outcome.PRESENT if there else Outcome.ABSENT, float(there))


def _shared(evidence: Evidence, holds: Sequence[bool | None]) -> Looked:
    """What some distributions have; None for one at which nobody looked."""
    share = sum(one is True for one in holds) / len(holds) if holds else 0.0
    unknown = share == 0 and None in holds
    return Looked(evidence, Outcome.NOT_LOOKED_AT if unknown else _of_share(share), share)


def _of_share(share: float) -> Outcome:
    if share >= 1 - 1e-9:
        return Outcome.PRESENT
    return Outcome.PARTIAL if share > 0 else Outcome.ABSENT
