"""How long one visit to a large OMOP database takes, beside the bare counts by which nothing is withheld.

Run as: python -m tests.bench.omop [number of persons] [measurements of each]   (needs PostgreSQL)
"""

from __future__ import annotations

import sys
import time

import psycopg

from catalogue.fetch import Fetcher, Limits
from catalogue.model import Description
from catalogue.ports import Past
from harvesters.omop import OmopHarvester
from tests.kinds.omop import SOURCE, TABLES, source
from tests.live.servers.postgres import postgres

FILL = (
    "INSERT INTO person SELECT n, CASE n % 2 WHEN 0 THEN 8507 ELSE 8532 END, 1930 + n % 80, 0, 0, 1 + n % 2, '' "
    "FROM generate_series(1, {persons}) n",
    "INSERT INTO observation_period SELECT n, n, DATE '2020-01-01' + n % 1800, DATE '2025-06-01', 0 "
    "FROM generate_series(1, {persons}) n",
    "INSERT INTO measurement SELECT n, 1 + n % {persons}, 1000 + n % 500, DATE '2022-01-01', 0, 0, '' "
    "FROM generate_series(1, {measurements}) n",
    "INSERT INTO location VALUES (1, '', 3, 'Germany'), (2, '', 3, 'France')",
    "INSERT INTO note SELECT n, n, DATE '2022-01-01', 0, 0, '', 0, 0 FROM generate_series(1, {persons}) n",
    "INSERT INTO concept SELECT n, '', '', CASE n % 3 WHEN 0 THEN 'LOINC' ELSE 'SNOMED' END, '', '', '', '' "
    "FROM generate_series(1, 100000) n",
)
BARE = ("SELECT COUNT(*), COUNT(DISTINCT person_id) FROM measurement", "SELECT COUNT(*) FROM person")


def _type(column: str) -> str:
    if column in ("vocabulary_id", "domain_id", "concept_class_id") or not column.endswith(("_id", "year_of_birth")):
        return "DATE" if column.startswith(("observation_", "measurement_")) and column.endswith("date") else "TEXT"
    return "INTEGER"


def main(persons: int, each: int) -> None:
    """Fill a database, visit it, print seconds."""
    with postgres() as address, psycopg.connect(address, autocommit=True) as connection:
        for table, columns in TABLES.items():
            typed = ", ".join(f"{name} {_type(name)}" for name in columns.split(", "))
            connection.execute(f"CREATE TABLE {table} ({typed})")  # type: ignore[arg-type]
        connection.execute(f"INSERT INTO cdm_source VALUES ({', '.join(['%s'] * len(SOURCE))})", SOURCE)  # type: ignore[arg-type]
        for text in FILL:
            connection.execute(text.format(persons=persons, measurements=persons * each))  # type: ignore[arg-type]
        connection.execute("ANALYZE")
        start = time.perf_counter()
        for text in BARE:
            connection.execute(text)  # type: ignore[arg-type]
        bare = time.perf_counter() - start
        node = source(address)
        start = time.perf_counter()
        [one] = OmopHarvester().harvest(node, Fetcher(Limits()).visit(node, Past()))
        seconds = time.perf_counter() - start
    assert isinstance(one, Description)
    print(
        f"{persons:,} persons, {persons * each:,} measurements: {seconds:.1f} s a visit, "
        f"{seconds / bare:.1f} x two bare counts ({bare:.1f} s)"
    )


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:3] or ("100000", "20")))
