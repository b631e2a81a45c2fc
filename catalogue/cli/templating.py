"""``catalogue template``: the table that holders without RDF fill in."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.cli.output import write_file
from catalogue.errors import BadInput
from catalogue.template import as_csv, as_xlsx

FORMATS = {".csv": as_csv, ".xlsx": as_xlsx}


@click.command(short_help="Write an empty table to describe datasets in.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--example", is_flag=True, help="With one dataset filled in.")
def template(out: Path, example: bool) -> None:
    """Write the template for holders without RDF to OUT: a workbook (.xlsx) or a table (.csv).

    Fill a row for each dataset, then look at it with `catalogue node check OUT`.
    """
    write = FORMATS.get(out.suffix.lower())
    if write is None:
        raise BadInput("the name of the file must end in .xlsx or .csv", where=str(out), remedy="give another name")
    write_file(out, write(example=example))
    click.echo(f"Written: {out}")


COMMANDS = (template,)
