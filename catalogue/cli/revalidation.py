"""``catalogue revalidate``: judge the catalogue again after the rulebook changed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalogue.assembly import open_services
from catalogue.cli.output import json_option, print_json
from catalogue.config import Settings
from catalogue.model import Rejected
from catalogue.revalidate import Revalidated
from catalogue.workers import processors

SPREAD_FROM = 2000
"""Datasets from which on it pays to start more processes."""
SHOWN = 20
"""Datasets that could not be judged, printed one by one."""


@click.command(short_help="Judge the catalogue again after the rulebook changed.")
@click.option("--jobs", type=click.IntRange(1), help="Processes that share the work [default: all cores].")
@json_option
@click.pass_obj
def revalidate(settings: Settings, jobs: int | None, as_json: bool) -> None:
    """Apply the present rulebook to every dataset that another one was applied to or whose label expired.

    A label expires when an answer behind it does: let this run every day where holders declare with an end date.
    Descriptions, their history and the times in the records stay as they are. Broken off, it goes on where it stopped.
    Stop the server before, unless the store is a SPARQL server, and do not harvest meanwhile.
    """
    counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
    rejected: list[Rejected] = []
    with open_services(settings) as services:
        number = services.revalidation.outstanding()
        count = jobs or (processors() if number >= SPREAD_FROM else 1)
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("datasets"), TimeRemainingColumn())
        display = Progress(*columns, console=Console(stderr=True), transient=True, disable=as_json)
        with display:
            task = display.add_task("", total=number)
            for outcome in services.revalidate(count) if number else ():
                display.advance(task)
                if isinstance(outcome, Rejected):
                    rejected.append(outcome)
                else:
                    counts.update(_kinds(outcome))
    if as_json:
        refused = [{"where": r.where, "problem": r.problem, "remedy": r.remedy} for r in rejected]
        print_json({**{name.replace(" ", "_"): counts[name] for name in COUNTED}, "rejected": refused})
    else:
        _tell(counts, rejected)
    if rejected:
        sys.exit(1)


COUNTED = ("judged", "changed", "now conform", "no longer conform", "more stars", "fewer stars")


def _kinds(outcome: Revalidated) -> Iterable[str]:
    yield "judged"
    if outcome.changed:
        yield "changed"
    if outcome.conforms != outcome.conformed:
        yield "now conform" if outcome.conforms else "no longer conform"
    before, after = outcome.stars_before or 0, outcome.stars or 0
    if before != after:
        yield "more stars" if after > before else "fewer stars"


def _tell(counts: Counter[str], rejected: list[Rejected]) -> None:
    if not counts["judged"] and not rejected:
        click.echo("nothing to do: the present rulebook was applied to every dataset already, no label expired")
        return
    click.echo(f"{counts['judged']:,} datasets judged again, {counts['changed']:,} with another result:")
    click.echo(
        f"  {counts['now conform']:,} now have all that is mandatory, {counts['no longer conform']:,} no longer do"
    )
    click.echo(f"  the label of {counts['more stars']:,} gained stars, that of {counts['fewer stars']:,} lost some")
    for one in rejected[:SHOWN]:
        click.secho(f"  not judged: {one.where}: {one.problem}", fg="yellow")
        click.echo(f"    remedy: {one.remedy}")
    if len(rejected) > SHOWN:
        click.echo(f"  … and {len(rejected) - SHOWN} more (--json lists all)")


COMMANDS = (revalidate,)
