"""``catalogue harvest``: visit nodes and show what happened to each dataset."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from catalogue.assembly import Services, open_services, sources
from catalogue.cli.output import json_option, print_json
from catalogue.config import Settings
from catalogue.errors import ConfigurationError, SourceUnavailable
from catalogue.model import NoteKind, Rejected, Source
from catalogue.outcomes import IngestOutcome, Stored, Unchanged, Withdrawn

SHOWN = 20
"""Rejected records printed one by one for a node."""
EXAMPLES = 3
"""Values without a mapping printed for a field."""


@dataclass(slots=True)
class Summary:
    """What one visit came to."""

    node: str
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    """Values nothing was made of, by field."""
    seconds: float = 0.0
    problem: str = ""

    def add(self, outcome: IngestOutcome) -> None:
        """Count one outcome."""
        match outcome:
            case Stored(new=new, report=report, notes=notes):
                self.counts["new" if new else "changed"] += 1
                self.counts["with violations"] += not report.conforms
                for note in notes:
                    if note.kind is NoteKind.UNMAPPED:
                        self.unmapped.setdefault(note.field, Counter())[note.raw] += 1
            case Unchanged():
                self.counts["unchanged"] += 1
            case Rejected():
                self.counts["rejected"] += 1
                self.rejected.append(outcome)
            case Withdrawn():
                self.counts["withdrawn"] += 1
            case _:
                self.counts["missing"] += 1

    def line(self) -> str:
        """The counts in one line."""
        return ", ".join(f"{count:,} {name}" for name, count in self.counts.items() if count) or "nothing yet"


def visit_all(services: Services, chosen: Iterable[Source], quiet: bool) -> list[Summary]:
    """Visit nodes one after another with a progress display on stderr; a dead node does not stop the others."""
    summaries = []
    display = Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.fields[node]}"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    with display:
        for source in chosen:
            summary = Summary(source.name)
            task = display.add_task("starting", node=source.name, total=None)
            began = time.perf_counter()
            try:
                for outcome in services.harvest(source):
                    summary.add(outcome)
                    display.update(task, description=summary.line())
            except SourceUnavailable as error:
                summary.problem = str(error)
            summary.seconds = time.perf_counter() - began
            display.update(task, description=summary.line(), total=1, completed=1)
            summaries.append(summary)
    return summaries


def lines(summaries: Iterable[Summary]) -> Iterator[str]:
    """What came of visits, in a line each."""
    for summary in summaries:
        problem = f"; could not be read: {summary.problem}" if summary.problem else ""
        yield f"{summary.node}: {summary.line()} ({summary.seconds:.1f} s){problem}"


def tell(summaries: Iterable[Summary]) -> None:
    """Print what people want to know after a harvest."""
    for summary in summaries:
        click.echo(f"{summary.node}: {summary.line()} ({summary.seconds:.1f} s)")
        if summary.problem:
            click.secho(f"  could not be read: {summary.problem}", fg="red")
        for rejected in summary.rejected[:SHOWN]:
            click.secho(f"  rejected: {rejected.problem}", fg="yellow")
            click.echo(f"    where: {rejected.where}\n    remedy: {rejected.remedy}")
        if len(summary.rejected) > SHOWN:
            click.echo(f"  … and {len(summary.rejected) - SHOWN} more rejected (--json lists all)")
        if summary.unmapped:
            click.echo("  nothing was made of these source values (the dataset pages say why):")
        for name, values in summary.unmapped.items():
            examples = ", ".join(raw for raw, _ in values.most_common(EXAMPLES) if raw)
            click.echo(f"    {name}: {len(values)} different" + (f", such as {examples}" if examples else ""))


def hint(services: Services) -> None:
    """Say on stderr when some datasets were judged by rules that are no longer those, or on answers that expired."""
    count = services.revalidation.outstanding()
    if count:
        click.echo(
            f"{count:,} datasets were judged by an older rulebook or their label expired: run `catalogue revalidate`",
            err=True,
        )


def choose(settings: Settings, names: tuple[str, ...]) -> list[Source]:
    """The nodes of these names, or all."""
    known = sources(settings)
    unknown = sorted(set(names) - known.keys())
    if unknown:
        raise ConfigurationError(
            f"unknown node: {', '.join(unknown)}", where="arguments", remedy=f"use one of: {', '.join(known)}"
        )
    return [known[name] for name in names] if names else list(known.values())


@click.command(short_help="Visit nodes and bring the catalogue up to date.")
@click.argument("nodes", nargs=-1)
@json_option
@click.pass_obj
def harvest(settings: Settings, nodes: tuple[str, ...], as_json: bool) -> None:
    """Visit NODES (all when none is named) and bring the catalogue up to date.

    A node is a file in harvesters/nodes or in the folder of the setting `nodes`. What did not change is not written
    again. Datasets that vanished are withdrawn only after a complete visit and a grace period.
    """
    chosen = choose(settings, nodes)
    with open_services(settings) as services:
        summaries = visit_all(services, chosen, quiet=as_json)
        hint(services)
    if as_json:
        print_json(
            [
                {
                    "node": s.node,
                    "seconds": round(s.seconds, 3),
                    "problem": s.problem,
                    **{name: s.counts[name] for name in ("new", "changed", "unchanged", "withdrawn", "missing")},
                    "rejected": [{"where": r.where, "problem": r.problem, "remedy": r.remedy} for r in s.rejected],
                    "unmapped": {name: dict(values) for name, values in s.unmapped.items()},
                }
                for s in summaries
            ]
        )
    else:
        tell(summaries)
    if any(s.problem for s in summaries):
        sys.exit(2)
    if any(s.rejected for s in summaries):
        sys.exit(1)


COMMANDS = (harvest,)
