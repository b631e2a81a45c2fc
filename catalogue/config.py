"""Settings of an installation: defaults, then ``catalogue.toml``, then environment variables, then the command line."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from catalogue.errors import ConfigurationError

PREFIX = "CATALOGUE_"
BASE_FILE = "base"
"""File in the data folder that remembers the base the store was made with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. Each field is a key of ``catalogue.toml`` and, in capitals after ``CATALOGUE_``, a variable."""

    base: str = ""
    """IRI under which this installation mints records and datasets; ends with a slash. Unset, it is the one the store
    was made with, else that of host and port. It cannot be changed for a store that exists."""
    data: Path = Path("data")
    """Folder of the store, the archive and the search index."""
    nodes: Path | None = None
    """Folder with node files; unset, the node files shipped with the program are used."""
    host: str = "127.0.0.1"
    port: int = 8000
    title: str = "Health data catalogue"
    publisher: str = ""
    """Name of the organisation that runs the catalogue; DCAT-AP wants a catalogue to state it."""
    language: str = "en"
    """Language in which the command line tells findings; pages follow the reader's."""
    engine: str = "compiled"
    """SHACL engine: ``compiled`` (fast) or ``pyshacl`` (reference)."""
    store_query: str = ""
    """SPARQL query URL of a remote store; unset, the embedded store is used."""
    store_update: str = ""
    """SPARQL update URL of the remote store."""
    store_user: str = ""
    store_password: str = ""
    sparql_seconds: float = 30.0
    """Time limit of one query on /sparql, in seconds."""
    sparql_rows: int = 10_000
    """Most rows one query on /sparql returns."""
    upload_bytes: int = 20_000_000
    """Largest body /validate takes, in bytes."""
    fetch_bytes: int = 512_000_000
    """Largest document a harvester takes, before and after decompression, in bytes."""
    fetch_seconds: float = 300.0
    """Longest time one document may take to arrive, in seconds."""
    requests_per_second: float = 20.0
    """Most requests a harvester sends to one host in a second; a node file may set another pace."""
    robots: bool = True
    """Whether harvesters obey robots.txt; a node file may say that its owner agreed."""
    secrets: Path | None = None
    """TOML file with the logins of nodes that want one; unset, none are sent."""
    actors: Path | None = None
    """Turtle file of those who may declare and verify (docs/assessments.md); unset, nobody may."""
    suppress_below: int = 10
    """Counts of persons below this are withheld by harvesters of person-level data; never below 5."""

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise ConfigurationError("; ".join(problems), where="settings", remedy="see `catalogue config`")

    def _problems(self) -> list[str]:
        problems = []
        parts = urlsplit(self.base)
        if self.base and not (parts.scheme in ("http", "https") and parts.netloc and self.base.endswith("/")):
            problems.append(f"base must be an http IRI that ends with a slash, not {self.base!r}")
        if self.engine not in ("compiled", "pyshacl"):
            problems.append(f"engine must be compiled or pyshacl, not {self.engine!r}")
        if self.store_query and not self.base:
            problems.append("base must be set when a remote store is used")
        if bool(self.store_query) != bool(self.store_update):
            problems.append("store_query and store_update go together")
        if not 0 < self.port < 65536:
            problems.append(f"port must be between 1 and 65535, not {self.port}")
        if self.requests_per_second <= 0:
            problems.append(f"requests_per_second must be more than 0, not {self.requests_per_second}")
        if self.suppress_below < 5:
            problems.append(f"suppress_below must be 5 or more, not {self.suppress_below}")
        return problems

    def with_base(self) -> Settings:
        """The same settings with the base decided; nothing is written.

        Raises :class:`~catalogue.errors.ConfigurationError` when the store was made with another base than the one set.
        """
        mark = self.data / BASE_FILE
        made_with = mark.read_text("utf-8").strip() if mark.is_file() else ""
        if self.base and made_with not in ("", self.base):
            raise ConfigurationError(
                f"this store was made with the base {made_with}, not {self.base}",
                where=str(self.data),
                remedy="set base back, or use another data folder and harvest anew",
            )
        return replace(self, base=self.base or made_with or f"http://{self.host}:{self.port}/")

    def shown(self) -> dict[str, str]:
        """All settings as text, the password masked."""
        return {
            f.name: "***" if f.name == "store_password" and self.store_password else str(getattr(self, f.name) or "")
            for f in fields(self)
        }


def load(environment: Mapping[str, str] | None = None, file: Path | None = None, **overrides: object) -> Settings:
    """Read the settings; ``overrides`` that are None are ignored.

    Raises :class:`~catalogue.errors.ConfigurationError` naming every wrong or unknown setting.
    """
    environment = os.environ if environment is None else environment
    path = file or Path(environment.get(PREFIX + "CONFIG", "catalogue.toml"))
    values: dict[str, object] = {}
    if path.is_file():
        values |= _from_toml(path)
    elif file is not None:
        raise ConfigurationError("no such settings file", where=str(file), remedy="give the path of a TOML file")
    names = {f.name for f in fields(Settings)}
    values |= {name: environment[PREFIX + name.upper()] for name in names if PREFIX + name.upper() in environment}
    values |= {name: value for name, value in overrides.items() if value is not None}
    unknown = sorted(values.keys() - names)
    if unknown:
        raise ConfigurationError(
            f"unknown settings: {', '.join(unknown)}", where=str(path), remedy="see `catalogue config`"
        )
    return replace(Settings(), **{name: _typed(name, value) for name, value in values.items()})  # type: ignore[arg-type]


def _from_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"not valid TOML: {error}", where=str(path), remedy="mend the file at that place"
        ) from error


_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def _typed(name: str, value: object) -> object:
    kind = next(f.type for f in fields(Settings) if f.name == name)
    try:
        match kind:
            case "int":
                return int(str(value))
            case "float":
                return float(str(value))
            case "Path" | "Path | None":
                return Path(str(value)).expanduser()
            case "bool":
                return _TRUTH[str(value).lower()]
            case _:
                return str(value)
    except (ValueError, KeyError) as error:
        wanted = "true or false" if kind == "bool" else "a number"
        raise ConfigurationError(
            f"{name} must be {wanted}, not {value!r}", where="settings", remedy="see `catalogue config`"
        ) from error
