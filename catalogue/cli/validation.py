"""``catalogue validate``, ``label`` and ``rules``: what the rules say, without storing anything."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from catalogue.assembly import load_rulebook, validator_for
from catalogue.bulk import files as documents
from catalogue.cli.bulk import Bulk, Refusals, jobs_option, print_list, summarise, summary_option
from catalogue.cli.findings import OWED, Teller
from catalogue.cli.output import json_option, print_json, print_table
from catalogue.cli.phrases import Phrases
from catalogue.cli.repairing import fix, fix_option, only_one
from catalogue.config import Settings
from catalogue.duties import silent as silent_provisions
from catalogue.errors import BadInput
from catalogue.findings import findings_json
from catalogue.graphs import media_type_of
from catalogue.model import Severity
from catalogue.names import Minted
from catalogue.plain import pick
from catalogue.publish import Checked, Checker
from catalogue.rulebook import Rulebook

engine_option = click.option(
    "--engine", type=click.Choice(["compiled", "pyshacl"]), help="SHACL engine [default: compiled]."
)
language_option = click.option(
    "--language", metavar="en|fr|de", help="Language of what is said [default: en]; English where it is not translated."
)


def open_checker(settings: Settings, engine: str | None) -> Checker:
    """What checks files, without opening a store."""
    rulebook = load_rulebook()
    validator = validator_for(rulebook, engine or settings.engine)
    return Checker(validator, rulebook, Minted(settings.with_base().base))


def check_file(checker: Checker, file: str, media_type: str | None, specification: str | None = None) -> list[Checked]:
    """Read a file (or ``-`` for standard input) and check every dataset in it."""
    where = "standard input" if file == "-" else file
    return checker.check(_read(file), _syntax(file, media_type), where, specification)


def _syntax(file: str, media_type: str | None) -> str:
    return media_type or media_type_of(file) or "text/turtle"


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot read the file: {error.strerror}", where=str(path), remedy="check the path and its permissions"
        ) from error


@click.command(short_help="Check dataset descriptions; nothing is stored.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--media-type", help="Syntax of the file when its name does not tell, such as text/turtle.")
@click.option("--all", "everything", is_flag=True, help="Also what is optional and only counts for the label.")
@click.option(
    "--profile", help="What to check against, such as eucaim [default: as the file says, else healthdcat-ap]."
)
@fix_option
@summary_option
@jobs_option
@language_option
@engine_option
@json_option
@click.pass_obj
def validate(
    settings: Settings,
    files: tuple[str, ...],
    media_type: str | None,
    everything: bool,
    profile: str | None,
    out: Path | None,
    summary: bool,
    jobs: int | None,
    language: str | None,
    engine: str | None,
    as_json: bool,
) -> None:
    """Check dataset descriptions against HealthDCAT-AP and the law behind it.

    FILE is Turtle, JSON-LD, RDF/XML, N-Triples or TriG, also packed with gzip, or a folder of such files; - reads
    standard input. Nothing is stored. The exit code is 1 when something mandatory is missing or wrong, 2 when a file
    could not be read; the others are checked all the same. Descriptions of earlier releases are converted before they
    are checked, and checked as they are written, too.

    With --fix the converted and repaired description is written to OUT, in the syntax of its name; FILE stays as it
    is unless OUT is its very path.

    Input of any size is checked in bounded memory on all cores. More than 8 MB of it are not told dataset by dataset
    but counted by rule; with --json every finding is written in any case.
    """
    language = language or settings.language
    if out is not None:
        checker, file = open_checker(settings, engine), only_one(files)
        content, syntax = _read(file), _syntax(file, media_type)
        sys.exit(0 if fix(checker, file, content, syntax, out, as_json, profile, language) else 1)
    bulk = Bulk(load_rulebook(), engine or settings.engine, settings.with_base().base, jobs, profile)
    refusals = Refusals()
    conforms = True
    with documents(files, media_type) as found:
        if summary or (bulk.is_much(found) and not as_json):
            conforms = summarise(bulk, found, refusals, language, everything=everything, as_json=as_json)
        elif as_json:
            conforms = print_list(refusals.sift(bulk.stream(found, partial(_findings, everything, language))), refusals)
        else:
            teller = Teller(bulk.rulebook, language, tuple(Severity) if everything else OWED)
            for one in refusals.sift(bulk.stream(found, _whole)):
                conforms = conforms and one.report.conforms
                teller.dataset(one)
            teller.summary()
    refusals.leave(conforms)


def _whole(_checker: Checker, one: Checked) -> Checked:
    return one


def _findings(everything: bool, language: str, checker: Checker, one: Checked) -> tuple[bool, list[dict[str, object]]]:
    """Whether a dataset has all that is mandatory, and its findings for machines."""
    told = findings_json(one.iri, one.graph, one.report, checker.rulebook, language, everything=everything)
    return one.report.conforms, told


@click.command(short_help="List every rule with its provision.")
@click.option("--severity", type=click.Choice([s.name.lower() for s in Severity]), help="Only rules of this severity.")
@click.option("--silent", is_flag=True, help="Instead: what the law asks that no rule looks at, and why not.")
@language_option
@json_option
@click.pass_obj
def rules(settings: Settings, severity: str | None, silent: bool, language: str | None, as_json: bool) -> None:
    """List every rule with what it asks, how hard, and the provision it implements.

    With --silent, list the provisions that oblige somebody and that no rule looks at: about them the catalogue says
    nothing, for or against.
    """
    rulebook, language = load_rulebook(), language or settings.language
    if silent:
        _tell_silent(rulebook, as_json)
        return
    chosen = [r for r in rulebook.rules.values() if severity is None or r.severity.name.lower() == severity]
    if as_json:
        print_json(
            [
                {
                    "rule": r.iri,
                    "severity": r.severity.name.lower(),
                    "message": pick(r.message, (language,)).text,
                    "fix": pick(r.fix, (language,)).text,
                    "provision": list(r.provisions),
                    "path": r.path,
                    "dimension": r.dimension,
                    "points": round(rulebook.worth(r.iri), 3),
                }
                for r in chosen
            ]
        )
        return
    words = Phrases(language).how_hard
    rows = (
        (
            r.iri.rsplit("/rule/", 1)[-1],
            words[r.severity],
            pick(r.message, (language,)).text,
            _cited(rulebook, r.provisions),
        )
        for r in chosen
    )
    print_table(("Rule", "How hard", "What it says when broken", "Why"), rows)
    click.echo(f"\n{len(chosen)} rules, rulebook {rulebook.digest}")


def _tell_silent(rulebook: Rulebook, as_json: bool) -> None:
    found = list(silent_provisions(rulebook))
    if as_json:
        print_json(
            [
                {
                    "provision": one.provision.iri,
                    "cited": rulebook.cite(one.provision.iri),
                    "obligation": one.obligation.iri,
                    "must": one.obligation.text["en"],
                    "actor": one.obligation.actor["en"],
                    "applies_from": one.obligation.applies_from.isoformat(),
                    "why_no_rule": one.reason["en"],
                }
                for one in found
            ]
        )
        return
    rows = (
        (
            rulebook.cite(one.provision.iri),
            one.obligation.applies_from,
            one.obligation.actor["en"],
            one.provision.text["en"],
            one.reason["en"],
        )
        for one in found
    )
    print_table(("Provision", "From", "Who must", "What", "Why no rule looks at it"), rows)
    click.echo(f"\n{len(found)} provisions that oblige somebody and that no rule looks at")


def _cited(rulebook: Rulebook, provisions: tuple[str, ...]) -> str:
    return "; ".join(rulebook.cite(iri) for iri in provisions)


COMMANDS = (validate, rules)
