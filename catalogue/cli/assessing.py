"""``catalogue assess``, ``confirm`` and ``revoke``: what holders declare and what access bodies verify."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catalogue.actors import Actor
from catalogue.assembly import Services, load_rulebook, open_services
from catalogue.assessing_template import template
from catalogue.assessments import Submitted, fates
from catalogue.cli.output import console, json_option, print_json, print_table, stars
from catalogue.cli.validation import language_option
from catalogue.config import Settings
from catalogue.errors import BadInput
from catalogue.graphs import media_type_of
from catalogue.label_words import BASES, DOUBTS, STATUSES, submitted_json
from catalogue.plain import pick
from catalogue.publish import DatasetPage
from catalogue.quality import Act
from catalogue.rulebook import Rulebook

COUNTS = {"en": "counts", "fr": "compte", "de": "zählt"}
BESIDE = {
    "en": "stands behind a stronger answer",
    "fr": "derrière une réponse plus forte",
    "de": "steht hinter einer stärkeren Antwort",
}
NOT_APPLICABLE = {"en": "not applicable", "fr": "sans objet", "de": "nicht anwendbar"}


@click.command(short_help="Hand in what is declared, measured or verified about the quality of a dataset.")
@click.argument("file", metavar="FILE|IRI", required=False)
@click.option("--by", metavar="IRI", help="Who hands it in [default: who gave it]. Must be in the file of actors.")
@click.option("--media-type", help="Syntax of the file when its name does not tell.")
@click.option("--check-links/--no-check-links", "look", default=True, help="Look whether links to evidence answer.")
@click.option("--dry-run", is_flag=True, help="Only tell what would become of it.")
@click.option("--template", "skeleton", metavar="IRI", help="Write a document about this dataset to fill in.")
@language_option
@json_option
@click.pass_obj
def assess(
    settings: Settings,
    file: str | None,
    by: str | None,
    media_type: str | None,
    look: bool,
    dry_run: bool,
    skeleton: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Hand in FILE (or - for standard input), a document with answers to criteria of the label (Art. 78).

    What becomes of every answer is told; an answer that does not count is kept all the same. With the IRI or key of a
    dataset in place of FILE, all links to its evidence are looked at again. docs/assessments.md has an example.
    """
    languages = (language or settings.language, "en")
    if skeleton is not None:
        click.echo(template(skeleton, load_rulebook(), languages, by or ""), nl=False)
        return
    if file is None:
        raise BadInput("nothing was given to hand in", where="arguments", remedy="give a FILE, or --template IRI")
    with open_services(settings) as services:
        if file != "-" and not Path(file).exists() and (iri := _found(services, file)):
            done = services.assessments.check_links(iri)
        else:
            content, syntax = _read(file, media_type)
            actor = _actor(services, content, syntax, file, by)
            done = services.assessments.submit(content, syntax, actor, where=file, look=look, dry=dry_run)
        rulebook = services.rulebook
    if as_json:
        print_json(submitted_json(done))
    else:
        _tell(done, rulebook, languages, dry_run)


def _found(services: Services, what: str) -> str:
    page = services.publisher.find(what)
    return page.iri if isinstance(page, DatasetPage) else ""


def _read(file: str, media_type: str | None) -> tuple[bytes, str]:
    syntax = media_type or media_type_of(file) or "text/turtle"
    if file == "-":
        return sys.stdin.buffer.read(), syntax
    try:
        return Path(file).read_bytes(), syntax
    except OSError as error:
        raise BadInput(
            f"cannot read the file: {error.strerror}",
            where=file,
            remedy="give the path of a file, or the IRI of a dataset",
        ) from error


def _actor(services: Services, content: bytes, syntax: str, file: str, by: str | None) -> Actor:
    """Who is named, else who gave what stands in the document."""
    if by is None:
        document = services.assessments.read(content, syntax, where=file)
        given = {one.by for one in document.assessments} | {one.ruling.by for one in document.rulings}
        by = next(iter(given)) if len(given) == 1 else ""
    if not by:
        raise BadInput("it is not clear who hands this in", where=file, remedy="say so: --by IRI")
    return services.actors.named(by)


def _tell(done: Submitted, rulebook: Rulebook, languages: tuple[str, ...], dry: bool) -> None:
    click.secho(done.dataset, bold=True)
    if done.earlier is not None:
        click.echo(f"The same document came in on {done.earlier:%Y-%m-%d %H:%M} UTC; nothing was changed.")
        return
    rows = []
    for fate in fates(done):
        criterion = rulebook.criteria_by_iri[fate.answer.criterion]
        level = None if fate.answer.level is None else criterion.level(fate.answer.level)
        words = COUNTS if fate.counts else DOUBTS[fate.doubt] if fate.doubt else BESIDE
        rows.append(
            (
                criterion.identifier,
                pick(criterion.name, languages).text,
                pick(NOT_APPLICABLE, languages).text
                if level is None
                else f"{level.value} {pick(level.name, languages).text}",
                pick(BASES[fate.answer.basis], languages).text,
                pick(words, languages).text,
            )
        )
    if rows:
        print_table(("", "Criterion", "Level", "How known", ""), rows)
    out = console()
    for link, why in done.dead:
        out.print(f"does not answer: {link} ({why})", markup=False)
    status = [pick(STATUSES[label.status], languages).text for label in (done.before, done.after)]
    change = " -> ".join(dict.fromkeys(status))
    click.echo(f"{stars(done.before.stars)} -> {stars(done.after.stars)}, {change}")
    if dry or done.original:
        click.echo("Nothing was stored." if dry else f"Kept as {done.original}.")


def _ruling(settings: Settings, what: str, by: str, reason: str, act: Act, as_json: bool) -> None:
    if not reason.strip():
        raise BadInput("a ruling needs its reason (Art. 78(4))", where="--reason", remedy="write it down")
    with open_services(settings) as services:
        actor = services.actors.named(by)
        iri = _found(services, what)
        if not iri:
            raise BadInput("no dataset of the catalogue", where=what, remedy="give an IRI or a key")
        done = services.assessments.rule(iri, act, actor, reason)
        rulebook = services.rulebook
    if as_json:
        print_json(submitted_json(done))
    else:
        _tell(done, rulebook, (settings.language, "en"), dry=False)


by_option = click.option("--by", metavar="IRI", required=True, help="The health data access body that decides.")
reason_option = click.option("--reason", metavar="TEXT", required=True, help="Why; it is published with the label.")


@click.command(short_help="Confirm the label of a dataset, as a health data access body.")
@click.argument("what", metavar="IRI|KEY")
@by_option
@reason_option
@json_option
@click.pass_obj
def confirm(settings: Settings, what: str, by: str, reason: str, as_json: bool) -> None:
    """Confirm the label of a dataset (Art. 60(4), 78(4)): what was said until now is verified as a whole."""
    _ruling(settings, what, by, reason, Act.CONFIRMED, as_json)


@click.command(short_help="Revoke the label of a dataset, as a health data access body.")
@click.argument("what", metavar="IRI|KEY")
@by_option
@reason_option
@json_option
@click.pass_obj
def revoke(settings: Settings, what: str, by: str, reason: str, as_json: bool) -> None:
    """Revoke the label of a dataset, with the reason (Art. 78(4)); the dataset stays in the catalogue."""
    _ruling(settings, what, by, reason, Act.REVOKED, as_json)


COMMANDS = (assess, confirm, revoke)
