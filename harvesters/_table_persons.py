"""Counts persons in a table: by subgroup, and as a share of those who could be in it."""

from __future__ import annotations

from catalogue.errors import BadInput
from harvesters._suppression import of_overlapping, of_partition
from harvesters._table_sql import column
from harvesters._table_variables import Examination

MOST_GROUPS = 50
"""A column with more values is no grouping; nothing of it is stated."""
COVERAGE = ((95.0, 3), (90.0, 2), (80.0, 1))
"""Q2.1.1: lowest share of the eligible population, in percent, of each level; less is level 0."""


def groups(look: Examination, name: str) -> dict[str, int] | None:
    """Persons by value of a column, small groups withheld; None when there are too many values to be groups.

    Raises :class:`~catalogue.errors.BadInput` for the column of persons or of the key.
    """
    value = column(look.table.number(name, "--subgroup"))
    if name in (look.options.person, *look.options.key):
        raise BadInput(f"{name!r} tells persons apart", where="--subgroup", remedy="name a column of coarse groups")
    there = look.present(name)
    whom = f"nullif(trim({look.person}), '')"
    inner = f"SELECT {whom} AS p, CASE WHEN {there.text} THEN trim({value}) ELSE '' END AS v FROM t"
    query = f"SELECT v, count(DISTINCT p) FROM ({inner}) WHERE p IS NOT NULL GROUP BY v LIMIT {MOST_GROUPS + 2}"
    cells = {str(group): int(persons) for group, persons in look.table.rows(query, there.values)}
    if len(cells) > MOST_GROUPS:
        return None
    least = look.options.least
    apart = sum(cells.values()) == look.persons
    shown = of_partition(cells, least) if apart else of_overlapping(cells, look.persons, least)
    shown.pop("", None)
    return dict(sorted(shown.items()))


def coverage(look: Examination) -> float | None:
    """Persons in the table in percent of those eligible, rounded down to a tenth; None for more than there can be."""
    eligible = look.options.eligible
    if not eligible or look.persons > eligible:
        return None
    return int(look.persons * 1000 // eligible) / 10


def coverage_level(percent: float) -> int:
    """Of Q2.1.1."""
    return next((level for lowest, level in COVERAGE if percent >= lowest), 0)
