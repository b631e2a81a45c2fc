"""Reads a node without storing anything, and says which mandatory elements its descriptions fill, and from where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from catalogue.graphs import NamedNode
from catalogue.model import Description, Finding, Harvested, NoteKind, Rejected, Severity, Source
from catalogue.names import SH
from catalogue.ports import Harvester, Web
from catalogue.publish import Checked, Checker
from catalogue.registers import Completing, Register, read_register
from catalogue.rulebook import Rulebook


@dataclass(slots=True)
class Filling:
    """How often one mandatory property of datasets has a value, and who gave it."""

    by_source: int = 0
    by_default: int = 0
    """Out of ``cat:defaults`` of the node file."""
    empty: int = 0

    @property
    def verdict(self) -> str:
        """``source``, ``default``, ``empty``, or ``in part``."""
        given = {"source": self.by_source, "default": self.by_default, "empty": self.empty}
        some = [name for name, number in given.items() if number]
        return some[0] if len(some) == 1 else "in part"


@dataclass(slots=True)
class Met:
    """What came up in descriptions: how often, where first, and why."""

    where: str
    reason: str
    times: int = 0


@dataclass(slots=True)
class Trial:
    """What a look at a node came to."""

    datasets: int = 0
    conforming: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    fillings: dict[str, Filling] = field(default_factory=dict)
    """By IRI of the property."""
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    """Values nothing was made of, by field."""
    left_over: dict[str, Met] = field(default_factory=dict)
    """Where a value of each of those fields stood first, and why nothing was made of it."""
    broken: dict[str, Met] = field(default_factory=dict)
    """By the IRI of the rule: violations other than empty mandatory properties of the dataset."""
    whole: bool = True
    """Every dataset was looked at."""

    def add(self, checked: Checked, one: Description, rulebook: Rulebook) -> None:
        """Count one dataset."""
        notes, where = one.notes, one.original.location
        self.datasets += 1
        self.conforming += checked.report.conforms
        defaulted = {note.field for note in notes if note.kind is NoteKind.DEFAULTED}
        for path, broken in _mandatory(checked, rulebook):
            filling = self.fillings.setdefault(path, Filling())
            if broken:
                filling.empty += 1
            elif path in defaulted:
                filling.by_default += 1
            else:
                filling.by_source += 1
        for finding in checked.report.of(Severity.VIOLATION):
            if not _is_missing(finding, checked.iri):
                reason = rulebook.rules[finding.rule].message["en"] if finding.rule in rulebook.rules else finding.rule
                self.broken.setdefault(finding.rule, Met(where, reason)).times += 1
        for note in notes:
            if note.kind is NoteKind.UNMAPPED:
                self.unmapped.setdefault(note.field, Counter())[note.raw] += 1
                self.left_over.setdefault(note.field, Met(where, note.reason)).times += 1


def try_out(source: Source, harvester: Harvester, web: Web, checker: Checker, most: int) -> Trial:
    """Harvest up to ``most`` records of a node and check them; nothing is stored.

    Raises :class:`~catalogue.errors.SourceUnavailable` when the node cannot be read.
    """
    trial = Trial()
    register = read_register(source, web) if source.registers else Register()
    harvested: Iterator[Harvested] = Completing(harvester, register).harvest(source, web)
    for one in islice(harvested, most):
        if isinstance(one, Description):
            checked = checker.checked(NamedNode(one.iri), one.graph, source.specification)
            trial.add(checked, one, checker.rulebook)
        elif isinstance(one, Rejected):
            trial.rejected.append(one)
    trial.whole = next(harvested, None) is None
    return trial


def _is_missing(finding: Finding, dataset: str) -> bool:
    """Whether the dataset itself lacks a property."""
    return finding.component == SH.MinCountConstraintComponent.value and str(finding.focus.value) == dataset


def _mandatory(checked: Checked, rulebook: Rulebook) -> Iterator[tuple[str, bool]]:
    """The properties that the dataset itself must have, each with whether its value is missing."""
    missing = {finding.path for finding in checked.report.findings if _is_missing(finding, checked.iri)}
    stated = checked.graph.outgoing(NamedNode(checked.iri))
    seen: set[str] = set()
    for iri in checked.report.tested:
        rule = rulebook.rules[iri]
        least = rulebook.graph.value(NamedNode(iri), SH.minCount)
        if rule.severity is not Severity.VIOLATION or rule.path is None or least is None or rule.path in seen:
            continue
        if rule.path in missing or rule.path in stated:
            seen.add(rule.path)
            yield rule.path, rule.path in missing
