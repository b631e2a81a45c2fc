"""Finds the shapes and vocabularies that belong to this program: in the wheel, else in the source tree beside it."""

from __future__ import annotations

from pathlib import Path

from catalogue.errors import ConfigurationError

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder ``shapes`` or ``vocab`` (or one inside them).

    Raises :class:`~catalogue.errors.ConfigurationError` when the installation lacks it.
    """
    for root in (_PACKAGE / "data", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise ConfigurationError(
        f"the folder {name!r} is missing from this installation",
        where=str(_PACKAGE),
        remedy="install ehds-catalogue again, from a wheel or with `pip install -e .` in its source tree",
    )


def read_files(name: str) -> dict[str, bytes]:
    """All Turtle files below a folder, by path relative to its parent, sorted: ``{"vocab/label.ttl": b"..."}``."""
    root = folder(name)
    prefix = Path(name)
    return {(prefix / path.relative_to(root)).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.ttl"))}
