"""``catalogue report``: what a health data access body must count."""

from __future__ import annotations

import sys

import click

from catalogue.assembly import open_services
from catalogue.cli.output import print_table, stars
from catalogue.config import Settings
from catalogue.graphs import NamedNode, serialise
from catalogue.names import PREFIXES
from catalogue.report import LabelReport, as_csv, as_graph, label_report
from catalogue.rulebook import Rulebook


@click.command(short_help="Count labels per quality category (Art. 59(1)(i)).")
@click.option("--format", "form", type=click.Choice(["table", "csv", "turtle"]), default="table", show_default=True)
@click.pass_obj
def report(settings: Settings, form: str) -> None:
    """Count data quality and utility labels per quality category, for the two-yearly report of Art. 59(1)(i) EHDS.

    Labels that were only computed here are counted apart: no holder issued them.
    """
    with open_services(settings) as services:
        counted = label_report(services.store, services.rulebook)
        rulebook, me = services.rulebook, NamedNode(services.minted.base + "labels")
    if form == "csv":
        sys.stdout.buffer.write(as_csv(counted, rulebook, settings.language))
    elif form == "turtle":
        sys.stdout.buffer.write(serialise(as_graph(counted, me), "text/turtle", PREFIXES))
    else:
        _tell(counted, rulebook, settings.language)


def _tell(counted: LabelReport, rulebook: Rulebook, language: str) -> None:
    for status, number in sorted(counted.statuses.items(), key=lambda item: item[0].value):
        click.echo(f"{number:,} labels {status.value}")
    if counted.funded:
        click.echo(f"{sum(counted.funded.values()):,} of publicly funded datasets, which must have one (Art. 78(2)); ")
        click.echo(f"{counted.owing:,} of these have none that a holder issued")
    click.echo()
    print_table(
        ("Quality category", "Stars", "Status", "Labels"),
        (
            (rulebook.label_of(one.about, language), stars(one.stars), one.status.value, f"{one.labels:,}")
            for one in counted.counts
        ),
    )


COMMANDS = (report,)
