"""``catalogue profile``: a data holder examines the data at the source; only aggregates leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from catalogue.assembly import load_rulebook, profiler_for
from catalogue.cli.output import json_option, print_json, print_table, write_file
from catalogue.config import Settings
from catalogue.dictionary import Dictionary
from catalogue.dictionary_json import read_json
from catalogue.errors import BadInput
from catalogue.graphs import Graph, media_type_of, parse
from catalogue.profile_rdf import assessment
from catalogue.profiling import (
    Declared,
    Gap,
    Profile,
    ProfileOptions,
    comparison,
    declared,
    described,
    dictionary_of,
    identifier,
)

FLOOR = 5
"""No count of fewer persons is ever stated (see :mod:`harvesters._suppression`)."""
DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Examine data at the source for the label; only aggregates leave.")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--dataset", metavar="IRI", default="", help="The dataset these data belong to.")
@click.option("--description", type=_FILE, help="Its description: data dictionary, period, update frequency.")
@click.option("--dictionary", type=_FILE, help="Data dictionary: CSV on the Web or Table Schema (JSON).")
@click.option("--key", multiple=True, metavar="COL", help="Column that names a record; give several for a joint key.")
@click.option("--person", metavar="COL", default="", help="Column with the pseudonym of the person.")
@click.option("--event", metavar="COL", default="", help="Column with the date of what a record is about.")
@click.option("--collected", metavar="COL", default="", help="Column with the date of collection [default: --event].")
@click.option("--added", metavar="COL", default="", help="Column with the date on which the record was added.")
@click.option("--subgroup", multiple=True, metavar="COL", help="Column of groups to count persons by; several may be.")
@click.option(
    "--rule", multiple=True, metavar="'COL <= COL'", help="What must hold between two columns; several may be."
)
@click.option("--missing", multiple=True, metavar="CODE", help="Value that stands for none, such as NA.")
@click.option("--not-applicable", multiple=True, metavar="CODE", help="Value that says there can be none.")
@click.option("--eligible", type=click.IntRange(1), help="Number of persons who could be in the dataset.")
@click.option("--suppress", type=click.IntRange(FLOOR), help="Lowest count of persons stated [default: setting, 10].")
@click.option("--by", metavar="IRI", default="", help="Who runs this, for --out.")
@click.option("--report", multiple=True, metavar="URL", help="Where you publish the result, as evidence.")
@click.option("--valid-until", type=DAY, help="Last day on which the result holds.")
@click.option("--today", type=DAY, help="Day to reckon from [default: today].")
@click.option("--out", type=_FILE, help="Write the answers as an assessment in Turtle.")
@json_option
@click.pass_obj
def profile(settings: Settings, /, source: Path, out: Path | None, as_json: bool, **given: Any) -> None:
    """Examine the data of a dataset where they lie, and say what they earn on which criterion of the label.

    SOURCE is one table (.csv, .tsv, .parquet), a folder of DICOM files, or the JSON results of an OHDSI Data Quality
    Dashboard. No value, date or identifier of a person leaves: only aggregates do, small counts withheld. What is
    written by --out may be given to the catalogue.
    """
    options = _options(settings, **given)
    found = profiler_for(source).profile(source, options)
    content = assessment(found, options) if out else b""
    if as_json:
        print_json(_json(found, options))
    else:
        _tell(found, settings.language)
    if out:
        write_file(out, content)
        click.echo(f"{len(found.answers)} answers in {out}", err=True)


def _options(settings: Settings, **given: Any) -> ProfileOptions:
    today: datetime | None = given["today"]
    until: datetime | None = given["valid_until"]
    dataset, said, dictionary = given["dataset"], Declared(), Dictionary()
    if given["description"]:
        graph = _graph(given["description"])
        node = described(graph, dataset)
        dataset, said, dictionary = str(node.value), declared(graph, node), dictionary_of(graph, node)
    if given["dictionary"]:
        stated = read_json(_bytes(given["dictionary"]), given["dictionary"].name)
        dictionary = Dictionary((*stated.tables, *_further(dictionary, stated)))
    for name, iris in (("--dataset", [dataset]), ("--by", [given["by"]]), ("--report", given["report"])):
        _check_iris(name, iris)
    return ProfileOptions(
        today=today.date() if today else date.today(),
        dataset=dataset,
        by=given["by"],
        report=given["report"],
        valid_until=until.date() if until else None,
        declared=said,
        dictionary=dictionary,
        key=given["key"],
        person=given["person"],
        event=given["event"],
        collected=given["collected"],
        added=given["added"],
        subgroups=tuple(dict.fromkeys(given["subgroup"])),
        rules=tuple(map(comparison, given["rule"])),
        missing=given["missing"],
        not_applicable=given["not_applicable"],
        eligible=given["eligible"],
        least=given["suppress"] or settings.suppress_below,
    )


def _further(described_tables: Dictionary, stated: Dictionary) -> Iterable[Any]:
    """Tables of the description that the dictionary file says nothing of: they count as variables all the same."""
    return (t for t in described_tables.tables if not {v.name for v in t.variables} & stated.names)


def _check_iris(option: str, iris: Iterable[str]) -> None:
    for iri in iris:
        if iri and (":" not in iri or any(character in iri for character in ' <>"{}|\\^`\n')):
            raise BadInput(f"not an IRI: {iri!r}", where=option, remedy="write it whole, such as https://example.org/1")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot read the file: {error.strerror}", where=str(path), remedy="check the path and its permissions"
        ) from error


def _graph(path: Path) -> Graph:
    syntax = media_type_of(path.name) or "text/turtle"
    return Graph(parse(_bytes(path), syntax, base=path.absolute().as_uri(), where=str(path)))


def _json(found: Profile, options: ProfileOptions) -> dict[str, object]:
    return {
        "kind": found.kind,
        "dataset": options.dataset or None,
        "examined": found.examined,
        "facts": found.facts,
        "answers": [
            {
                "criterion": identifier(answer.criterion),
                "level": answer.level,
                "figure": answer.figure,
                "unit": answer.unit,
                "note": answer.note,
            }
            for answer in found.answers
        ],
        "withheld": list(found.withheld),
        "could_not_tell": [{"criterion": g.criterion, "why": g.why, "remedy": g.remedy} for g in found.gaps],
    }


def _tell(found: Profile, language: str) -> None:
    click.secho(f"Examined: {found.examined}", bold=True)
    for sheet in found.sheets:
        click.echo()
        print_table(sheet.columns, sheet.rows, sheet.title)
    if found.answers:
        click.echo()
        rulebook = load_rulebook()
        rows = (
            (
                identifier(a.criterion),
                rulebook.label_of(a.criterion, language),
                a.level,
                "" if a.figure is None else f"{a.figure:g} {_unit(a.unit)}",
                a.note,
            )
            for a in found.answers
        )
        print_table(("", "Criterion", "Level", "Figure", "Because"), rows, "What it earns")
    if found.withheld:
        click.secho("\nWithheld, so that nobody can be found out:", bold=True)
        for line in found.withheld:
            click.echo(f"  {line}")
    if found.gaps:
        click.secho("\nWhat could not be told:", bold=True)
        for gap in found.gaps:
            click.echo(f"  {_gap(gap)}")


def _gap(gap: Gap) -> str:
    return f"{gap.criterion}: {gap.why}" + (f" ({gap.remedy})" if gap.remedy else "")


def _unit(code: str) -> str:
    return {"d": "days", "1": ""}.get(code, code)


COMMANDS = (profile,)
