"""``catalogue node``: set up a node, look at it before anything is stored, and see which nodes there are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import click

from catalogue import letters, template
from catalogue.assembly import (
    harvester,
    kinds,
    load_rulebook,
    open_checker,
    open_fetcher,
    open_services,
    read_source,
    sources,
)
from catalogue.cli.output import json_option, print_json, print_table, write_file
from catalogue.config import Settings
from catalogue.errors import BadInput, ConfigurationError
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, serialise
from catalogue.model import Source
from catalogue.names import CAT, CV, DCAT, DCATAP, DCT, EHDS, FOAF, HEALTH, PREFIXES, RDF, XSD
from catalogue.ports import Past
from catalogue.trial import Trial, try_out

MOST = 50
"""Records that a trial looks at unless told otherwise."""
TABLES = (".csv", ".tsv", ".xlsx")
"""Filled templates, which need no node file to be looked at."""
SHOWN = 15
"""Fields and rejected records that are printed."""


@click.group(short_help="Set up, try out and list nodes.")
def node() -> None:
    """Set up a node, try it out before anything is stored, or list the nodes there are."""


@node.command(name="list", short_help="List the nodes.")
@json_option
@click.pass_obj
def list_nodes(settings: Settings, as_json: bool) -> None:
    """List the nodes: those of the setting `nodes`, else the ones shipped with the program."""
    known = sources(settings)
    if as_json:
        names = ("name", "title", "kind", "endpoint", "contact", "expected_minimum")
        print_json([{name: getattr(source, name) for name in names} for source in known.values()])
        return
    rows = [(one.name, one.kind, one.endpoint, one.expected_minimum, one.contact) for one in known.values()]
    print_table(("node", "kind", "endpoint", "expects", "contact"), rows)


@node.command(short_help="Read a node without storing anything.")
@click.argument("name")
@click.option("--most", type=click.IntRange(1), default=MOST, show_default=True, help="Records to look at.")
@json_option
@click.pass_obj
def check(settings: Settings, name: str, most: int, as_json: bool) -> None:
    """Read the node NAME (or a node file, or a filled template) and tell what its descriptions would hold.

    Nothing is stored. For each mandatory element: whether the source fills it, a default of the node file does, or it
    stays empty.
    Exit code 1 when something stays empty or was rejected, 2 when the node cannot be read.
    """
    source = _source(settings, name)
    trial = _trial(settings, source, most)
    if as_json:
        print_json(_told(source, trial))
    else:
        _tell(source, trial)
    if trial.rejected or any(filling.empty for filling in trial.fillings.values()):
        sys.exit(1)


@node.command(short_help="What came of the last visit, as the text of a mail.")
@click.argument("name")
@click.pass_obj
def letter(settings: Settings, name: str) -> None:
    """Print what came of the last visit to the node NAME and what to do, as the text of a mail to its owner."""
    source = _source(settings, name)
    with open_services(settings) as services:
        report = services.visits.latest(services.minted.node(source.name))
        if report is None:
            remedy = f"catalogue harvest {source.name}"
            raise BadInput("the node was not visited yet", where=source.name, remedy=remedy)
        subject, body = letters.letter(report, services.rulebook)
    to = report.contact.removeprefix("mailto:")
    click.echo("\n".join(([f"To: {to}"] if to else []) + [f"Subject: {subject}", "", body]), nl=False)


@node.command(short_help="Write a node file, step by step.")
@click.option("--name", prompt="Short name (letters, digits, -)", help="Names the file; part of IRIs.")
@click.option("--kind", prompt="Kind", type=click.Choice(kinds()), help="What the node is.")
@click.option("--endpoint", prompt="Address (URL, file or folder)", help="Where it is.")
@click.option("--title", prompt="Title (English)", help="How people call it.")
@click.option("--contact", prompt="E-mail of whoever runs it", help="Is told what is wrong.")
@click.option(
    "--minimum", prompt="Datasets it has at least", type=click.IntRange(0), default=1, help="Fewer remove nothing."
)
@click.option("--publisher", default="", help="Name of the publisher of all its datasets, unless they name one.")
@click.option("--publisher-email", default="", help="E-mail of that publisher.")
@click.option("--hdab", default="", help="Name of the health data access body, unless they name one.")
@click.option("--hdab-email", default="", help="E-mail of that body.")
@click.option("--ehds", is_flag=True, help="State that the EHDS Regulation applies to all its datasets.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="An option of the kind; repeatable.")
@click.option("--no-check", is_flag=True, help="Do not read the node.")
@click.pass_obj
def add(settings: Settings, /, name: str, no_check: bool, **given: object) -> None:
    """Write a node file into the folder of the setting `nodes`, after a look at the node.

    What is not given as an option is asked for. Nothing is written when the node cannot be read.
    """
    folder = settings.nodes
    if folder is None:
        raise ConfigurationError(
            "no folder for node files is set",
            where="settings",
            remedy="set `nodes`, as by CATALOGUE_NODES=nodes",
        )
    path = folder / f"{name}.ttl"
    if path.exists():
        raise ConfigurationError("there is such a node already", where=str(path), remedy="edit that file")
    content = _written(name, given)
    source = read_source(settings, f"{name}.ttl", content)
    if not no_check:
        _tell(source, _trial(settings, source, MOST))
    folder.mkdir(parents=True, exist_ok=True)
    write_file(path, content)
    click.echo(f"Written: {path}\nNext: catalogue harvest {name}")


def _source(settings: Settings, name: str) -> Source:
    path = Path(name)
    if path.suffix == ".ttl" and path.is_file():
        return read_source(settings, path.name, path.read_bytes())
    if path.suffix.lower() in TABLES and path.is_file():
        here = f"{settings.with_base().base}node/table"
        return Source("table", here, path.name, "table", str(path), f"{here}/")
    known = sources(settings)
    if name not in known:
        names = ", ".join(known)
        raise ConfigurationError(
            f"unknown node: {name}", where="arguments", remedy=f"give a node file, or one of: {names}"
        )
    return known[name]


def _trial(settings: Settings, source: Source, most: int) -> Trial:
    settings = settings.with_base()
    checker = open_checker(load_rulebook(), settings.engine, settings.base)
    web = open_fetcher(settings).visit(source, Past())
    return try_out(source, harvester(source.kind), web, checker, most)


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _tell(source: Source, trial: Trial) -> None:
    some = "" if trial.whole else " of the first records"
    click.echo(f"{source.title}: {trial.datasets} datasets{some}, {trial.conforming} without violations")
    named = _columns() if source.kind == "table" else {}
    rows = [
        (_short(path) + named.get(path, ""), one.verdict, one.by_source, one.by_default, one.empty)
        for path, one in sorted(trial.fillings.items(), key=lambda item: (-item[1].empty, _short(item[0])))
    ]
    print_table(("mandatory element", "filled by", "source", "default", "empty"), rows)
    if trial.broken:
        click.echo("Other violations:")
        for met in sorted(trial.broken.values(), key=lambda one: -one.times)[:SHOWN]:
            click.echo(f"  {met.reason} ({met.times})\n    first: {met.where}")
    if trial.unmapped:
        click.echo("Nothing is made of these source fields:")
        for name, values in sorted(trial.unmapped.items(), key=lambda item: -item[1].total())[:SHOWN]:
            example = next((raw for raw in values if raw), "")
            click.echo(f"  {name}: {values.total()} values" + (f", such as {example[:60]}" if example else ""))
            click.echo(f"    first: {trial.left_over[name].where}: {trial.left_over[name].reason}")
    for rejected in trial.rejected[:SHOWN]:
        click.secho(f"  rejected: {rejected.problem}", fg="yellow")
        click.echo(f"    where: {rejected.where}\n    remedy: {rejected.remedy}")


def _columns() -> Mapping[str, str]:
    """The column of the template to fill in, by the IRI of the property; of several a mandatory one, or the first."""
    named: dict[str, str] = {}
    for column in sorted(template.columns()[0], key=lambda one: not one.explanation.startswith("Mandatory")):
        named.setdefault(column.predicate, f" (column {column.name})")
    return named


def _told(source: Source, trial: Trial) -> Mapping[str, object]:
    return {
        "node": source.name,
        "datasets": trial.datasets,
        "conforming": trial.conforming,
        "whole": trial.whole,
        "mandatory": {
            path: {"filled_by": one.verdict, "source": one.by_source, "default": one.by_default, "empty": one.empty}
            for path, one in trial.fillings.items()
        },
        "violations": {
            rule: {"message": met.reason, "times": met.times, "where": met.where} for rule, met in trial.broken.items()
        },
        "unmapped": {name: dict(values) for name, values in trial.unmapped.items()},
        "rejected": [{"where": r.where, "problem": r.problem, "remedy": r.remedy} for r in trial.rejected],
    }


def _written(name: str, given: Mapping[str, object]) -> bytes:
    graph, me = Graph(), NamedNode(f"https://w3id.org/ehds-catalogue/this/{quote(name)}")
    graph.add(me, RDF.type, CAT.Node)
    graph.add(me, DCT.identifier, Literal(name))
    graph.add(me, DCT.title, Literal(str(given["title"]), language="en"))
    graph.add(me, CAT.kind, Literal(str(given["kind"])))
    graph.add(me, CAT.endpoint, Literal(str(given["endpoint"])))
    graph.add(me, CAT.expectedMinimum, Literal(str(given["minimum"]), datatype=XSD.integer))
    graph.add(me, DCAT.contactPoint, _mailto(str(given["contact"])))
    options = given["options"]
    for entry in options if isinstance(options, tuple) else ():
        part, (option, _, value) = BlankNode(), str(entry).partition("=")
        graph.add(me, CAT.option, part)
        graph.add(part, CAT.name, Literal(option))
        graph.add(part, CAT.value, Literal(value))
    defaults = BlankNode()
    for predicate, role in ((DCT.publisher, "publisher"), (HEALTH.hdab, "hdab")):
        if given[role]:
            _agent(graph, defaults, predicate, str(given[role]), str(given[f"{role}_email"]))
    if given["ehds"]:
        graph.add(defaults, DCATAP.applicableLegislation, EHDS)
    if defaults in graph:
        graph.add(me, CAT.defaults, defaults)
    spelt = serialise(graph, "application/n-triples").decode()
    used = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in spelt}
    return serialise(graph, "text/turtle", used).decode().replace(str(me), "<>").encode()


def _mailto(address: str) -> NamedNode:
    try:
        return NamedNode(f"mailto:{address.removeprefix('mailto:')}")
    except ValueError as error:
        raise ConfigurationError(
            f"{address!r} is no e-mail address", where="--contact", remedy="give one such as data@example.org"
        ) from error


def _agent(graph: Graph, defaults: BlankNode, predicate: NamedNode, name: str, email: str) -> None:
    agent, contact = BlankNode(), BlankNode()
    graph.add(defaults, predicate, agent)
    graph.add(agent, RDF.type, FOAF.Agent)
    graph.add(agent, FOAF.name, Literal(name, language="en"))
    if email:
        graph.add(agent, CV.contactPoint, contact)
        graph.add(contact, RDF.type, CV.ContactPoint)
        graph.add(contact, CV.email, Literal(email))


COMMANDS = (node,)
