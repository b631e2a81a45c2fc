"""``catalogue label``: the data quality and utility label of a file or of a stored dataset, with its reasons."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.assembly import open_services
from catalogue.cli.output import console, json_option, print_json, print_table, stars
from catalogue.cli.validation import check_file, language_option, open_checker
from catalogue.config import Settings
from catalogue.errors import BadInput
from catalogue.label import rescored
from catalogue.label_words import (
    BASES,
    DOUBTS,
    EFFORTS,
    OWING,
    STANDINGS,
    STATUSES,
    label_json,
    maturity_json,
    points,
    steps,
)
from catalogue.model import Outcome
from catalogue.plain import pick
from catalogue.publish import DatasetPage
from catalogue.quality import Label, Scored
from catalogue.rulebook import Rulebook

WAYS = 5
"""Most ways to raise a label that are told."""


@click.command(short_help="Show the quality and utility label with its reasons.")
@click.argument("what", metavar="FILE|IRI")
@click.option("--media-type", help="Syntax of the file when its name does not tell.")
@click.option("--scheme", metavar="art78|quantum", help="How levels become stars [default: art78].")
@click.option("--explain", is_flag=True, help="Every criterion with its level, and the answers that did not count.")
@language_option
@json_option
@click.pass_obj
def label(
    settings: Settings,
    what: str,
    media_type: str | None,
    scheme: str | None,
    explain: bool,
    language: str | None,
    as_json: bool,
) -> None:
    """Show the data quality and utility label (Art. 78) of a file or a dataset in the catalogue, with its reasons.

    Of a file, only what the description shows; of a dataset in the catalogue also what its holder declared, what was
    measured on the data and what a health data access body verified.
    """
    labels, rulebook = _labels(settings, what, media_type)
    wanted = rulebook.scheme(scheme)
    labels = [rescored(one, rulebook, wanted) for one in labels]
    languages = (language or settings.language, "en")
    if as_json:
        print_json([label_json(one, rulebook, languages) for one in labels])
        return
    for one in labels:
        _tell(one, rulebook, languages, explain)


def _labels(settings: Settings, what: str, media_type: str | None) -> tuple[list[Label], Rulebook]:
    if what == "-" or Path(what).exists():
        checker = open_checker(settings, None)
        return [one.label for one in check_file(checker, what, media_type)], checker.rulebook
    with open_services(settings) as services:
        page = services.publisher.find(what)
        rulebook = services.rulebook
    if not isinstance(page, DatasetPage):
        raise BadInput("neither a file nor a dataset of the catalogue", where=what, remedy="give a path, IRI or key")
    return [page.label], rulebook


def _tell(one: Label, rulebook: Rulebook, languages: tuple[str, ...], explain: bool) -> None:
    scheme = rulebook.scheme(one.scheme)
    click.secho(one.dataset, bold=True)
    status = pick(STATUSES[one.status], languages).text
    score = f"{points(one.points)} of {points(one.possible)} points"
    click.echo(f"{stars(one.stars)}  {score} ({pick(scheme.title, languages).text}), {status}")
    if one.ruling is not None:
        click.echo(f"{one.ruling.act.name.lower()} {one.ruling.given} by {one.ruling.by}: {one.ruling.reason}")
    click.echo(pick(OWING[one.owed], languages).text + "\n")
    print_table(
        ("Art. 78(3)", "Element", "Stars", "Points"),
        (
            (
                f"({element.letter})",
                rulebook.label_of(element.iri, *languages),
                stars(grade.stars),
                f"{points(grade.points)} of {points(grade.possible)}" if grade.possible else "not part of the score",
            )
            for element, grade in zip(rulebook.elements, one.grades, strict=True)
        ),
    )
    grown = maturity_json(one, rulebook)
    if grown["answered"]:
        answered = f"{grown['answered']} of {grown['criteria']} criteria answered"
        click.echo(f"Maturity of processes, beside the stars: {grown['sum']} of {grown['highest']} ({answered})")
    if explain:
        _explain(one, rulebook, languages)
    _tell_ways(one, rulebook, languages)


def _explain(one: Label, rulebook: Rulebook, languages: tuple[str, ...]) -> None:
    """Every criterion; below it what stands in the way and the answers that did not count."""
    for element, grade in zip(rulebook.elements, one.grades, strict=True):
        click.echo()
        rows = [_row(scored, rulebook, languages) for scored in grade.scored]
        heading = f"({element.letter}) {rulebook.label_of(element.iri, *languages)}"
        print_table(("", "Criterion", "Level", "What it means", "How known", "Points"), rows, heading)
        for scored in grade.scored:
            _tell_behind(scored, rulebook, languages)


def _row(scored: Scored, rulebook: Rulebook, languages: tuple[str, ...]) -> tuple[str, ...]:
    mark = scored.mark
    criterion = rulebook.criteria_by_iri[mark.criterion]
    level = None if mark.level is None else criterion.level(mark.level)
    return (
        criterion.identifier,
        pick(criterion.name, languages).text,
        "-" if level is None else f"{level.value} of {criterion.highest}",
        pick(STANDINGS[mark.standing] if level is None else level.name, languages).text,
        pick(BASES[mark.basis], languages).text if mark.basis else "",
        f"{points(scored.points)} of {points(scored.possible)}" if scored.possible else "",
    )


def _tell_behind(scored: Scored, rulebook: Rulebook, languages: tuple[str, ...]) -> None:
    identifier = rulebook.criteria_by_iri[scored.mark.criterion].identifier
    out = console()
    for reason in scored.mark.reasons:
        if reason.outcome is Outcome.FAILED:
            out.print(f"  {identifier}: {pick(rulebook.rules[reason.rule].message, languages).text}", markup=False)
    for one in scored.mark.doubted:
        why = pick(DOUBTS[one.doubt], languages).text
        level = "not applicable" if one.answer.level is None else f"level {one.answer.level}"
        basis = pick(BASES[one.answer.basis], languages).text
        out.print(f"  {identifier}: {basis} {level} does not count: {why}", markup=False)


def _tell_ways(one: Label, rulebook: Rulebook, languages: tuple[str, ...]) -> None:
    ways = steps(one, rulebook, languages)[:WAYS]
    if ways:
        click.echo("\nWhat would raise it most, for the least effort:")
    out = console()
    for step in ways:
        name, level = pick(step.criterion.name, languages).text, pick(step.level.name, languages).text
        effort = pick(EFFORTS[step.effort], languages).text
        out.print(f"  +{points(step.points)}  {name}: {level} ({effort})", markup=False)
        for remedy in step.remedies:
            out.print(f"      {remedy}", markup=False)


COMMANDS = (label,)
