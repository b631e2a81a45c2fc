"""Reads the results of an OHDSI Data Quality Dashboard run on an OMOP database as evidence."""

from __future__ import annotations

from pathlib import Path

from catalogue.errors import BadInput
from catalogue.profiling import Profile, ProfileOptions
from harvesters._dqd import REMEDY, profile_of

LARGEST = 200_000_000
"""Bytes; results of a whole run are about five million."""


class DqdProfiler:
    """One results file is one database."""

    def recognises(self, path: Path) -> bool:
        """By the suffix of its name."""
        return path.is_file() and path.suffix.lower() == ".json"

    def profile(self, path: Path, options: ProfileOptions) -> Profile:
        """Read the outcomes; rows, queries and messages of the file are not looked at.

        Raises :class:`~catalogue.errors.BadInput` for JSON of another form, naming the part that is wrong.
        """
        options.only_tables("results of the Data Quality Dashboard")
        try:
            if path.stat().st_size > LARGEST:
                raise BadInput("the file is too large for results of the dashboard", where=path.name, remedy=REMEDY)
            content = path.read_bytes()
        except OSError as error:
            raise BadInput(f"the file cannot be read: {error.strerror}", where=path.name, remedy=REMEDY) from error
        return profile_of(content, path.name, options)
