"""How the command line speaks: JSON for programs, tables and plain words for people."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from catalogue.errors import BadInput

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def console() -> Console:
    """A console on standard output."""
    return Console(highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table that wraps in a terminal."""
    table = Table(title=title or None, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    Console(highlight=False).print(table)


def write_file(out: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises :class:`~catalogue.errors.BadInput` when it cannot be written.
    """
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BadInput(
            f"cannot write the file: {error.strerror}", where=str(out), remedy="check the folder and its permissions"
        ) from error


def stars(value: int | None) -> str:
    """Stars as text: ``***..``, or a dash when nothing could be computed."""
    return "-" if value is None else "★" * value + "☆" * (5 - value)
