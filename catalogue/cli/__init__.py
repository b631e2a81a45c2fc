"""The ``catalogue`` command: what it does is in the modules beside, how it fails is here.

Exit codes: 0 done; 1 done, but with violations or rejected records; 2 cannot be done (what, where, remedy on stderr).
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from catalogue import config
from catalogue.errors import CatalogueError


class _Group(click.Group):
    """Turns every expected error into a message and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CatalogueError as error:
            click.secho(f"Cannot do this: {error.what}", err=True, fg="red")
            for name, text in (("Where", error.where), ("Remedy", error.remedy)):
                if text:
                    click.echo(f"{name}: {text}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ehds-catalogue")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings file [default: catalogue.toml].")
@click.option("--store", type=click.Path(path_type=Path, file_okay=False), help="Folder of the store [default: data].")
@click.pass_context
def main(context: click.Context, file: Path | None, store: Path | None) -> None:
    """Metadata catalogue of health datasets for the European Health Data Space.

    Begin with `catalogue demo`. Data holders: `catalogue validate FILE` tells what is missing in a description and how
    to mend it.
    """
    context.obj = config.load(file=file, data=store)


for module in (
    "assessing",
    "harvest",
    "labelling",
    "nodes",
    "profiling",
    "reading",
    "reporting",
    "revalidation",
    "serving",
    "templating",
    "validation",
):
    for command in import_module(f"catalogue.cli.{module}").COMMANDS:
        main.add_command(command)
