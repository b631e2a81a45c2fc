"""Profiles a table in CSV, TSV or Parquet where it lies: aggregates only, small counts withheld."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from catalogue.profiling import Gap, Profile, ProfileOptions
from harvesters._table_persons import groups
from harvesters._table_reading import SUFFIXES, Opened, opened
from harvesters._table_report import Report
from harvesters._table_rules import duplicates, kept
from harvesters._table_time import lag, moment, period, periods_behind, time_in_dataset
from harvesters._table_variables import Examination, measure


class TableProfiler:
    """One file is one table."""

    def recognises(self, path: Path) -> bool:
        """By the suffix of its name."""
        return path.is_file() and path.suffix.lower() in SUFFIXES

    def profile(self, path: Path, options: ProfileOptions) -> Profile:
        """Examine the table with what the options say of it.

        Raises :class:`~catalogue.errors.BadInput` for a file that is no table throughout and for columns that are not
        there.
        """
        with opened(path, options.dictionary.names) as table:
            return _profile(table, options)


def _profile(table: Opened, options: ProfileOptions) -> Profile:
    if table.rows("SELECT count(*) FROM (FROM t LIMIT 1)") == [(0,)]:
        return _nothing(options, "the table has a header and no record", {"records": 0})
    look = Examination(table, options)
    if not look.enough:
        whom = "persons" if options.person else "records"
        return _nothing(options, f"the table has fewer than {options.least} {whom}, so nothing is stated of it", {})
    report = Report(look)
    report.variables(list(measure(look)), list(kept(look)))
    report.duplicates(duplicates(look))
    _times(look, report)
    if options.person:
        report.subgroups({name: groups(look, name) for name in options.subgroups})
        report.coverage()
    else:
        report.without_person()
    return report.profile()


def _nothing(options: ProfileOptions, why: str, facts: dict[str, Any]) -> Profile:
    gap = Gap("every criterion", why, "profile a larger table")
    return Profile("table", why, {"threshold": options.least, **facts}, withheld=(why,), gaps=(gap,))


def _times(look: Examination, report: Report) -> None:
    options = look.options
    if not options.event:
        report.without_event()
    else:
        event = moment(look, options.event, "--event")
        report.period(period(look, event))
        report.timeliness(periods_behind(look, event))
        if options.person:
            report.time_in_dataset(time_in_dataset(look, event))
    start = options.collected or options.event
    if start and options.added:
        collected, added = moment(look, start, "--collected"), moment(look, options.added, "--added")
        report.lag(lag(look, collected, added))
    else:
        report.without_lag()
