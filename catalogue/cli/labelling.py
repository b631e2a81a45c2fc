"""``catalogue label``: the data quality and utility label of a file or of a stored dataset, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from catalogue.assembly import link_probe, open_beside, open_services
from catalogue.beside_forms import as_json, as_text
from catalogue.cli.output import console, json_option, print_json, print_table, stars, write_file
from catalogue.cli.validation import check_file, language_option, open_checker
from catalogue.config import Settings
from catalogue.errors import BadInput
from catalogue.graphic import svg, words_for
from catalogue.graphic.facts import facts
from catalogue.graphs import Graph, NamedNode, Node
from catalogue.label import label as give_label
from catalogue.label import rescored, said_behind
from catalogue.label_words import BASES, DOUBTS, EFFORTS, OWING, STANDINGS, STATUSES, label_json, maturity_json, steps
from catalogue.links import SUPPORT, addresses, documents, support, tried
from catalogue.model import Outcome, Report
from catalogue.plain import pick, points
from catalogue.publish import DatasetPage
from catalogue.quality import Label, Scored
from catalogue.rulebook import Rulebook

WAYS = 5
"""Most ways to raise a label that are told."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A dataset with what was found out about it."""

    node: Node
    graph: Graph
    report: Report
    label: Label


@click.command(short_help="Show the quality and utility label with its reasons.")
@click.argument("what", metavar="FILE|IRI")
@click.option("--media-type", help="Syntax of the file when its name does not tell.")
@click.option("--scheme", metavar="art78|quantum", help="How levels become stars [default: art78].")
@click.option("--explain", is_flag=True, help="Every criterion with its level, and the answers that did not count.")
@click.option("--beside", is_flag=True, help="Also MQA score, FAIR indicators, EUCAIM tiers, AI Act and MDR evidence.")
@click.option("--check-links", is_flag=True, help="Try the addresses in the description; they count when they answer.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the label as a graphic.")
@language_option
@json_option
@click.pass_obj
def label(settings: Settings, /, what: str, media_type: str | None, scheme: str | None, **how: Any) -> None:
    """Show the data quality and utility label (Art. 78) of a file or a dataset in the catalogue, with its reasons.

    Of a file, only what the description shows; of a dataset in the catalogue also what its holder declared, what was
    measured on the data and what a health data access body verified.
    """
    subjects, rulebook = _subjects(settings, what, media_type)
    wanted = rulebook.scheme(scheme)
    if how["svg"] and len(subjects) > 1:
        raise BadInput(f"{len(subjects)} datasets, and one graphic shows one", where=what, remedy="give one dataset")
    languages = (how["language"] or settings.language, "en")
    tables = open_beside(rulebook, settings.engine) if how["beside"] else None
    told = []
    for one in subjects:
        problems = _tried(one) if how["check_links"] else None
        counted = rescored(_with_links(one, problems, rulebook) if problems else one.label, rulebook, wanted)
        links = None if problems is None else {link: not problem for link, problem in problems.items()}
        tallies = tables.tallies(one.node, one.graph, one.report, label=counted, links=links) if tables else ()
        if how["svg"]:
            known = facts(one.node, one.graph, counted, rulebook, languages)
            write_file(how["svg"], svg(counted, known, words_for(languages)))
        if how["as_json"]:
            beside = {"beside": [as_json(tally, rulebook, languages) for tally in tallies]} if tables else {}
            told.append(label_json(counted, rulebook, languages) | beside)
            continue
        _tell(counted, rulebook, languages, how["explain"])
        if problems is not None:
            _tell_links(problems)
        if tables:
            click.echo("\n" + as_text(tallies, rulebook, languages))
    if how["as_json"]:
        print_json(told)


def _subjects(settings: Settings, what: str, media_type: str | None) -> tuple[list[_Subject], Rulebook]:
    if what == "-" or Path(what).exists():
        checker = open_checker(settings, None)
        checked = check_file(checker, what, media_type)
        return [
            _Subject(_node(one.graph, one.iri), one.graph, one.report, one.label) for one in checked
        ], checker.rulebook
    with open_services(settings) as services:
        page = services.publisher.find(what)
        rulebook = services.rulebook
    if not isinstance(page, DatasetPage):
        raise BadInput("neither a file nor a dataset of the catalogue", where=what, remedy="give a path, IRI or key")
    return [_Subject(NamedNode(page.iri), page.graph, page.report, page.label)], rulebook


def _node(graph: Graph, iri: str) -> Node:
    return next(node for node in graph.nodes if node.value == iri)


def _tried(one: _Subject) -> dict[str, str]:
    """Why the addresses of a description do not answer; empty texts for those that do."""
    return tried(addresses(one.graph, one.node), link_probe())


def _with_links(one: _Subject, problems: Mapping[str, str], rulebook: Rulebook) -> Label:
    """The label with what came of trying the addresses."""
    criterion = rulebook.criterion(SUPPORT)
    answer = support(criterion, documents(one.graph, one.node), problems, date.today()) if criterion else None
    if answer is None:
        return one.label
    said = said_behind(one.label)
    said = replace(said, answers=(*said.answers, answer))
    return give_label(one.node, one.report, rulebook, said)


def _tell_links(problems: Mapping[str, str]) -> None:
    dead = {link: problem for link, problem in problems.items() if problem}
    click.echo(f"\n{len(problems)} addresses tried, {len(problems) - len(dead)} answer")
    for link, problem in dead.items():
        console().print(f"  {link}: {problem}", markup=False)


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
