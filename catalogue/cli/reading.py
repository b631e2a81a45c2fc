"""``catalogue search``, ``export``, ``reindex`` and ``config``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from catalogue import dataspace
from catalogue.assembly import Services, open_services
from catalogue.cli.output import json_option, print_json, print_table, stars
from catalogue.config import Settings
from catalogue.errors import BadInput
from catalogue.ports import FACETS, Query

SORTS = ["relevance", "modified", "individuals", "label", "title"]
DSP = "dsp"
FORMATS = {
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@click.command()
@click.argument("words", nargs=-1)
@click.option("--facet", "-f", multiple=True, metavar="NAME=VALUE", help=f"Only these. NAME: {', '.join(FACETS)}.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, 100), default=20, show_default=True)
@json_option
@click.pass_obj
def search(
    settings: Settings, words: tuple[str, ...], facet: tuple[str, ...], sort: str, page: int, size: int, as_json: bool
) -> None:
    """Find datasets by WORDS in any language."""
    with open_services(settings) as services:
        results = services.search.find(Query(" ".join(words), _facets(facet), sort, page, size), "en")
    if as_json:
        print_json(
            {
                "total": results.total,
                "hits": [
                    {
                        "iri": hit.iri,
                        "key": hit.key,
                        "title": dict(hit.title),
                        "modified": hit.modified,
                        "individuals": hit.individuals,
                        "stars": hit.stars,
                        "violations": hit.violations,
                    }
                    for hit in results.hits
                ],
                "counts": {
                    name: [{"value": one.value, "label": one.label, "count": one.count} for one in values]
                    for name, values in results.counts.items()
                },
            }
        )
        return
    click.echo(f"{results.total:,} datasets")
    if results.suggestion:
        click.echo(f"Did you mean: {results.suggestion}")
    print_table(
        ("Title", "Persons", "Label", "IRI"),
        (
            (_title(hit.title), f"{hit.individuals:,}" if hit.individuals else "", stars(hit.stars or None), hit.iri)
            for hit in results.hits
        ),
    )


def _title(title: object) -> str:
    texts = dict(title)  # type: ignore[call-overload]
    return str(texts.get("en") or next(iter(texts.values()), "(no title)"))


def _facets(chosen: tuple[str, ...]) -> dict[str, list[str]]:
    facets: dict[str, list[str]] = {}
    for one in chosen:
        name, equals, value = one.partition("=")
        if name not in FACETS or not equals:
            names = ", ".join(FACETS)
            raise BadInput(f"not a facet: {one!r}", where="--facet", remedy=f"NAME=VALUE, NAME one of {names}")
        facets.setdefault(name, []).append(value)
    return facets


@click.command(short_help="Write the whole catalogue as RDF.")
@click.option("--format", "syntax", type=click.Choice([*sorted(FORMATS), DSP]), default="turtle", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File [default: standard output]."
)
@click.option("--specification", help="Only what is held to it, such as eucaim, with records that say so; not for dsp.")
@click.pass_obj
def export(settings: Settings, syntax: str, output: Path | None, specification: str | None) -> None:
    """Write the whole catalogue as RDF, every description as it was harvested (exact datatypes).

    As `dsp`, it is a catalogue of the Dataspace Protocol 2025-1; descriptions that say nothing of their use are left
    out, and told.
    """
    with open_services(settings) as services:
        if syntax == DSP:
            if specification:
                raise click.UsageError("--specification is not for --format dsp")
            content = _dataspace(services)
        else:
            content = services.publisher.dump(FORMATS[syntax], specification)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        partial = output.with_name(output.name + ".part")
        partial.write_bytes(content)
        partial.replace(output)
        click.echo(f"{len(content):,} bytes in {output}", err=True)


def _dataspace(services: Services) -> bytes:
    base = services.minted.base
    written = dataspace.catalogue(services.publisher.descriptions(), dataspace.Participant(base, base))
    for iri, what, remedy in written.left_out:
        click.echo(f"left out: {iri}: {what}; remedy: {remedy}", err=True)
    return json.dumps(written.document, ensure_ascii=False, indent=1).encode()


@click.command()
@json_option
@click.pass_obj
def reindex(settings: Settings, as_json: bool) -> None:
    """Build the search index anew from the store."""
    with open_services(settings) as services:
        count = services.reindex()
    if as_json:
        print_json({"datasets": count})
    else:
        click.echo(f"{count:,} datasets indexed")


@click.command("config")
@json_option
@click.pass_obj
def show_config(settings: Settings, as_json: bool) -> None:
    """Print the settings in force. Set them in catalogue.toml, or as CATALOGUE_<NAME> in the environment."""
    if as_json:
        print_json(settings.shown())
    else:
        print_table(("Setting", "Value"), settings.shown().items())


COMMANDS = (search, export, reindex, show_config)
