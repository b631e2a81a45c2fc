"""Records a second and peak memory of a profile of a generated table.

Run as: python tests/bench/profile.py [number of records]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from catalogue.dictionary_json import read_json
from catalogue.profiling import Declared, ProfileOptions, comparison
from harvesters.profile_table import TableProfiler

SCHEMA = b"""{"fields": [
 {"name": "id", "type": "integer", "constraints": {"required": true, "unique": true}},
 {"name": "person", "type": "string", "constraints": {"pattern": "P[0-9]+"}},
 {"name": "sex", "type": "string", "constraints": {"enum": ["F", "M", "X"]}},
 {"name": "age", "type": "integer", "constraints": {"minimum": 0, "maximum": 120}},
 {"name": "admitted", "type": "date"}, {"name": "discharged", "type": "date"}, {"name": "added", "type": "date"},
 {"name": "value", "type": "number", "constraints": {"minimum": 0}}, {"name": "unit"}, {"name": "note"}]}"""


def table(path: Path, records: int) -> None:
    """Write records of ten variables, four of each person."""
    first = date(2018, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        file.write("id,person,sex,age,admitted,discharged,added,value,unit,note\n")
        for number in range(records):
            start = first + timedelta(days=number * 7919 % 2000)
            age = "" if number % 13 == 0 else number % 97
            dates = f"{start},{start + timedelta(days=number % 9)},{start + timedelta(days=40)}"
            file.write(f"{number},P{number // 4},{'FM'[number % 2]},{age},{dates},{number % 1000 / 8},mg/l,n{number}\n")


def main(records: int) -> None:
    """Generate the table, profile it with every option, print figures."""
    options = ProfileOptions(
        today=date(2024, 1, 1),
        dictionary=read_json(SCHEMA, "schema"),
        declared=Declared(date(2018, 1, 1), date(2023, 12, 31), True, "ANNUAL"),
        person="person",
        event="admitted",
        added="added",
        subgroups=("sex",),
        rules=(comparison("admitted <= discharged"),),
        eligible=records,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "visits.csv")
        table(path, records)
        size = path.stat().st_size / 1e6
        start = time.perf_counter()
        found = TableProfiler().profile(path, options)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{found.examined}, {size:.0f} MB: {len(found.answers)} answers")
    print(f"{seconds:.1f} s, {records / seconds:,.0f} records/s, peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
