"""Reads the logins of nodes from a TOML file that nobody but the operator may read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from catalogue.errors import ConfigurationError
from catalogue.model import Login

FORMS = ({"token"}, {"token", "scheme"}, {"user", "password"})
REMEDY = 'write [node-name] and below it token = "…" (and scheme = "…"), or user = "…" and password = "…"'


def read_secrets(path: Path | None) -> Mapping[str, Login]:
    """The login of each node by its name; none when there is no file.

    Raises :class:`~catalogue.errors.ConfigurationError`, which never quotes the file, when it cannot be read, is no
    such table, or may be read by others.
    """
    if path is None:
        return {}
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(
                "the file of secrets may be read by others", where=str(path), remedy=f"chmod 600 {path}"
            )
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the file of secrets: {error.strerror}", where=str(path), remedy="check the setting `secrets`"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError("the file of secrets is not valid TOML", where=str(path), remedy=REMEDY) from error
    for name, entries in tables.items():
        texts = isinstance(entries, dict) and all(isinstance(value, str) for value in entries.values())
        if not texts or set(entries) not in FORMS:
            raise ConfigurationError(f"the login of {name!r} is incomplete", where=str(path), remedy=REMEDY)
    return {name: Login(**entries) for name, entries in tables.items()}
