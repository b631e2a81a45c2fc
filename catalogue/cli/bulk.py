"""``catalogue validate`` on much input: findings as a stream of JSON, or counted by rule."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from catalogue.assembly import checkers
from catalogue.bulk import SPREAD_FROM, File, Work, answers
from catalogue.cli.output import print_json, print_table, stars
from catalogue.cli.phrases import Phrases
from catalogue.model import Rejected, Severity
from catalogue.names import Minted
from catalogue.plain import pick
from catalogue.publish import Checked, Checker
from catalogue.rulebook import Rulebook
from catalogue.workers import processors

R = TypeVar("R")

PLACES = 3
"""Datasets named for each rule of a summary."""

jobs_option = click.option(
    "--jobs", type=click.IntRange(1), help="Processes that share the work [default: all cores when there is much]."
)
summary_option = click.option(
    "--summary", is_flag=True, help="Count by rule; done anyway for more than 8 MB, except with --json."
)


@dataclass(frozen=True, slots=True)
class Bulk:
    """How much input is checked."""

    rulebook: Rulebook
    engine: str
    base: str
    jobs: int | None
    """Number of processes, or None to decide by the size of the input."""
    specification: str | None = None
    """What the descriptions are held to; None to let each file say."""

    def is_much(self, found: Sequence[File]) -> bool:
        """Whether telling about each dataset by itself would be of no use to people."""
        return sum(file.size for file in found) > SPREAD_FROM

    def stream(self, found: Sequence[File], work: Work[R]) -> Iterator[R | Rejected]:
        """What ``work`` makes of each dataset, with a count of them on the terminal while it takes long."""
        count = self.jobs or (processors() if self.is_much(found) else 1)
        columns = (SpinnerColumn(), TextColumn("{task.completed:,} datasets checked"), TimeElapsedColumn())
        shown = Console(stderr=True)
        quiet = not (self.is_much(found) and shown.is_terminal)
        with (
            Progress(*columns, console=shown, transient=True, disable=quiet) as display,
            checkers(self.rulebook, self.engine, self.base, count) as workers,
        ):
            task = display.add_task("", total=None)
            for answer in answers(found, workers, work, Minted(self.base), self.specification):
                display.advance(task)
                yield answer


class Refusals:
    """The files and datasets that could not be read: told on standard error while the others go on."""

    def __init__(self) -> None:
        self.count = 0

    def sift(self, told: Iterable[R | Rejected]) -> Iterator[R]:
        """Whatever is not a refusal."""
        for one in told:
            if isinstance(one, Rejected):
                self.count += 1
                click.secho(f"Cannot do this: {one.problem}", err=True, fg="red")
                click.echo(f"Where: {one.where}\nRemedy: {one.remedy}", err=True)
            else:
                yield one

    def leave(self, conforms: bool) -> None:
        """End the command with the exit code that all this comes to."""
        if self.count or not conforms:
            sys.exit(2 if self.count else 1)


def print_list(told: Iterable[tuple[bool, Sequence[object]]], refusals: Refusals) -> bool:
    """One JSON list on standard output, written while it is made; nothing at all when there were only refusals.

    ``told`` says of each dataset whether it conforms, and what goes into the list. Returns whether all conform.
    """
    conforms, count, separator = True, 0, "[\n"
    for one_conforms, items in told:
        conforms, count = conforms and one_conforms, count + 1
        for item in items:
            click.echo(separator + indent(json.dumps(item, ensure_ascii=False, indent=2), "  "), nl=False)
            separator = ",\n"
    if separator == ",\n":
        click.echo("\n]")
    elif count or not refusals.count:
        click.echo("[]")
    return conforms


@dataclass(frozen=True, slots=True)
class Brief:
    """What a summary needs to know about one dataset."""

    iri: str
    conforms: bool
    stars: int | None
    broken: Counter[str]
    """Findings by rule."""


def brief(_checker: Checker, one: Checked) -> Brief:
    """A :data:`~catalogue.bulk.Work` that keeps little."""
    broken = Counter(finding.rule for finding in one.report.findings)
    return Brief(one.iri, one.report.conforms, one.label.stars, broken)


@dataclass(slots=True)
class Broken:
    """How often one rule was broken."""

    findings: int = 0
    datasets: int = 0
    first: list[str] = field(default_factory=list)
    """Datasets, the first few."""


@dataclass(slots=True)
class Summary:
    """What a check of many datasets came to."""

    rulebook: Rulebook
    language: str
    datasets: int = 0
    conforming: int = 0
    stars: Counter[int | None] = field(default_factory=Counter)
    broken: dict[str, Broken] = field(default_factory=dict)

    def add(self, one: Brief) -> None:
        """Count one dataset."""
        self.datasets += 1
        self.conforming += one.conforms
        self.stars[one.stars] += 1
        for rule, count in one.broken.items():
            broken = self.broken.setdefault(rule, Broken())
            broken.findings += count
            broken.datasets += 1
            if len(broken.first) < PLACES:
                broken.first.append(one.iri)

    def rows(self, everything: bool) -> list[tuple[Severity, str, Broken]]:
        """The worst first, then what most datasets lack."""
        order = list(Severity)
        rows = [(self.rulebook.rules[rule].severity, rule, broken) for rule, broken in self.broken.items()]
        wanted = [row for row in rows if everything or row[0] is not Severity.INFO]
        return sorted(wanted, key=lambda row: (order.index(row[0]), -row[2].datasets, row[1]))

    def _message(self, rule: str) -> str:
        return pick(self.rulebook.rules[rule].message, (self.language,)).text

    def tell(self, everything: bool) -> None:
        """Print it for people."""
        words = Phrases(self.language).how_hard
        table = [
            (words[severity], f"{broken.datasets:,}", self._message(rule), "\n".join(broken.first))
            for severity, rule, broken in self.rows(everything)
        ]
        if table:
            print_table(("How hard", "Datasets", "What is wrong", "First of them"), table)
        labels = ", ".join(f"{stars(s)} {n:,}" for s, n in sorted(self.stars.items(), key=lambda item: -(item[0] or 0)))
        bad = self.datasets - self.conforming
        click.echo(f"\n{self.datasets:,} datasets: {self.conforming:,} have all that is mandatory, {bad:,} do not.")
        click.echo(f"Label (computed part): {labels}")

    def json(self, everything: bool) -> dict[str, object]:
        """The same for machines."""
        return {
            "datasets": self.datasets,
            "conforming": self.conforming,
            "stars": {"none" if s is None else str(s): n for s, n in self.stars.items()},
            "rules": [
                {
                    "rule": rule,
                    "severity": severity.name.lower(),
                    "message": self._message(rule),
                    "datasets": broken.datasets,
                    "findings": broken.findings,
                    "first": broken.first,
                }
                for severity, rule, broken in self.rows(everything)
            ],
        }


def summarise(
    bulk: Bulk, found: Sequence[File], refusals: Refusals, language: str, *, everything: bool, as_json: bool
) -> bool:
    """Check, count and print; returns whether nothing mandatory is missing or wrong."""
    summary = Summary(bulk.rulebook, language)
    for one in refusals.sift(bulk.stream(found, brief)):
        summary.add(one)
    if as_json:
        print_json(summary.json(everything))
    elif summary.datasets:
        summary.tell(everything)
    return summary.conforming == summary.datasets
