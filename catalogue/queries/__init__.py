"""The SPARQL queries of the program, one file each; values are bound by the store, never formatted in."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of ``<name>.rq``."""
    return files(__package__).joinpath(name + ".rq").read_text("utf-8")
