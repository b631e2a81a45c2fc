"""``catalogue validate --fix``: writes a repaired file and tells what was changed and what only its owner can mend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from catalogue.cli.findings import Teller
from catalogue.cli.output import print_json, write_file
from catalogue.errors import BadInput
from catalogue.graphs import SUFFIXES, BlankNode, Node, media_type_of
from catalogue.mending import Mended, mend
from catalogue.mending_words import count, mended_json, short, why
from catalogue.model import Note, Severity
from catalogue.publish import Checker
from catalogue.rulebook import Rulebook
from catalogue.upgrade import CURRENT

fix_option = click.option(
    "--fix",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write a repaired copy to OUT: only forms are mended, no fact is added.",
)


def fix(
    checker: Checker,
    file: str,
    content: bytes,
    media_type: str,
    out: Path,
    as_json: bool,
    specification: str | None = None,
    language: str = "en",
) -> bool:
    """Mend one document, write it to ``out`` and tell; whether nothing mandatory is left.

    Raises :class:`~catalogue.errors.BadInput` when it cannot be read, mended or written; then nothing is written.
    """
    mended = mend(checker, content, media_type, file, _syntax(out, file, media_type), specification)
    write_file(out, mended.content)
    if as_json:
        print_json({"input": file, "output": str(out)} | mended_json(mended, checker.rulebook, language))
    else:
        _tell(mended, checker.rulebook, file, out, language)
    return all(one.report.conforms for one in mended.after)


def _syntax(out: Path, file: str, media_type: str) -> str:
    """The syntax to write, by the name of the file; of one without a suffix that of the input."""
    if file != "-" and out != Path(file) and out.exists() and Path(file).exists() and out.samefile(file):
        raise BadInput(
            "this is the file that is read, under another name",
            where=str(out),
            remedy="give another path; to replace the file itself, write its path as it stands in FILE",
        )
    found = media_type_of(out.name) if not out.name.endswith(".gz") else None
    if found is None and out.suffix:
        raise BadInput(
            f"no RDF syntax has files that end in {out.suffix!r}",
            where=str(out),
            remedy="end the name in one of " + ", ".join(SUFFIXES),
        )
    return found or media_type


def _tell(mended: Mended, rulebook: Rulebook, file: str, out: Path, language: str) -> None:
    release = str(mended.release)
    if release == "several":
        click.secho(f"{file} mixes terms of several releases of HealthDCAT-AP.")
    elif release:
        click.echo(f"{file} was written for Release {release} of HealthDCAT-AP.")
    if mended.converted:
        click.secho(f"\nConverted to Release {CURRENT}, the same facts in current terms:", bold=True)
        for note in mended.converted:
            _tell_change("", note, rulebook)
    if mended.repaired:
        click.secho("\nRepaired, because the rule tells the right form:", bold=True)
        for change in mended.repaired:
            _tell_change(short(change.where), change.note, rulebook)
    if not mended.converted and not mended.repaired:
        click.echo("Nothing could be repaired without inventing facts.")
    _tell_rest(mended, Teller(rulebook, language, (Severity.VIOLATION,)))
    must, should = (_before_and_after(mended, severity) for severity in (Severity.VIOLATION, Severity.WARNING))
    click.echo(f"\nWritten to {out}. Must be mended: {must}. Should be mended: {should}.")


def _before_and_after(mended: Mended, severity: Severity) -> str:
    return f"{count(mended, severity, False)} before, {count(mended, severity, True)} now"


def _tell_change(where: str, note: Note, rulebook: Rulebook) -> None:
    place = f"{where}  " if where else ""
    click.echo(f"  {place}{short(note.field)}: {short(note.raw) or '(nothing)'} -> {short(note.result)}")
    click.echo(f"      why: {why(note, rulebook)}")


def _tell_rest(mended: Mended, teller: Teller) -> None:
    left = [one for one in mended.after if not one.report.conforms]
    if left:
        click.secho("\nMust be mended by you, because only you can know it:", bold=True)
    for one in left:
        teller.findings(one)


def _called(node: Node) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else short(str(node.value))


def only_one(files: Sequence[str]) -> str:
    """The one file that is mended.

    Raises :class:`~catalogue.errors.BadInput` when there are several.
    """
    if len(files) != 1:
        raise BadInput(
            "only one file can be mended at a time", where="--fix", remedy="give one FILE, or run once for each"
        )
    return files[0]
