"""Measures time in a table: the period it covers, how new it is, how long a person is in it, how fast it is filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from catalogue.dictionary import Kind
from catalogue.errors import BadInput
from catalogue.profiling import FREQUENCY_DAYS
from harvesters._shares import Share
from harvesters._table_sql import Sql, column, typed
from harvesters._table_variables import Examination

EARLIEST = date(1850, 1, 1)
"""Earlier dates are placeholders."""
FEW_OUTSIDE = 1.0
"""L-d1: up to this share of events, in percent, may lie outside the declared period at level 2."""
YEARS_OFF = 1
"""L-d1: years by which the observed and the declared period may differ at either end at level 2."""
LAG_DAYS = ((30, 3), (91, 2), (183, 1))
"""L-e1: longest median lag in days of each level: a month, three months, six months; longer is level 0."""


@dataclass(frozen=True, slots=True)
class Period:
    """The years of events, each of at least as many persons as may be stated."""

    first: int | None
    last: int | None
    outside: Share | None
    """Events outside the declared period; None when none is declared."""
    unread: Share
    """Records whose date cannot be read, is in the future or a placeholder."""
    consistent: bool
    """Whether it is that of the description."""


def moment(look: Examination, name: str, option: str) -> Sql:
    """The date in a column as a time stamp; NULL where there is none that can be used.

    Raises :class:`~catalogue.errors.BadInput` when no value of the column is a date.
    """
    number = look.table.number(name, option)
    value = typed(Sql(column(number)), look.variable(name))
    if look.variable(name).kind in (Kind.YEAR, Kind.INTEGER, Kind.NUMBER, Kind.TIME):
        value = Sql("NULL::TIMESTAMP")
    there = look.present(name)
    last = datetime.combine(look.options.today, time.max)
    text = (
        f"CASE WHEN {there.text} AND {value.text} BETWEEN ?::TIMESTAMP AND ?::TIMESTAMP "
        f"THEN {value.text}::TIMESTAMP END"
    )
    first = datetime.combine(EARLIEST, time.min)
    sql = Sql(text, (*there.values, *value.values, str(first), str(last), *value.values))
    if look.table.rows(f"SELECT count({sql.text}) FROM t", sql.values) == [(0,)]:
        raise BadInput(
            f"no value of {name!r} is a date of the past",
            where=option,
            remedy="write dates as YYYY-MM-DD, or say in a data dictionary how they are written",
        )
    return sql


def period(look: Examination, event: Sql) -> Period:
    """The years covered, held against the declared period."""
    whom = look.distinct_persons
    query = f"SELECT year(e), {whom} FROM (SELECT *, {event.text} AS e FROM t) WHERE e IS NOT NULL GROUP BY 1"
    years = [int(year) for year, persons in look.table.rows(query, event.values) if persons >= look.options.least]
    cases = {"unread": Sql(f"({event.text}) IS NULL", event.values)}
    declared = look.options.declared
    if declared.period:
        start = str(declared.start or EARLIEST)
        end = str(datetime.combine(declared.end or look.options.today, time.max))
        within = f"({event.text}) NOT BETWEEN ?::TIMESTAMP AND ?::TIMESTAMP"
        cases["outside"] = Sql(within, (*event.values, start, end))
    found = look.shares(cases, "within")
    first, last = min(years, default=None), max(years, default=None)
    outside = found.get("outside")
    return Period(first, last, outside, found["unread"], _consistent(look, first, last, outside))


def _consistent(look: Examination, first: int | None, last: int | None, outside: Share | None) -> bool:
    declared = look.options.declared
    if outside is None or first is None or last is None or declared.start is None:
        return False
    end = (declared.end or look.options.today).year
    near = abs(first - declared.start.year) <= YEARS_OFF and abs(last - end) <= YEARS_OFF
    return near and outside.known and outside.percent <= FEW_OUTSIDE


def periods_behind(look: Examination, event: Sql) -> int | None:
    """How many declared update intervals the data are behind today, begun ones counted; None when that is not known.

    The newest day is the one on or after which there are events of as many persons as may be stated.
    """
    days = FREQUENCY_DAYS.get(look.options.declared.frequency)
    if days is None:
        return None
    whom = f"GROUP BY trim({look.person})" if look.person else ""
    newest = "max(e)" if look.person else "e"
    query = f"""SELECT {newest} AS d FROM (SELECT *, {event.text} AS e FROM t) WHERE e IS NOT NULL {whom}
                ORDER BY d DESC LIMIT 1 OFFSET {look.options.least - 1:d}"""
    found = look.table.rows(query, event.values)
    if not found:
        return None
    age: timedelta = look.options.today - found[0][0].date()
    return max(ceil(age.days / max(days, 1)), 0)


def time_in_dataset(look: Examination, event: Sql) -> dict[str, Any] | None:
    """Mean and median number of days between the first and the last event of a person; None for too few persons."""
    query = f"""SELECT count(*), avg(d), median(d) FROM (
                    SELECT date_diff('day', min(e), max(e)) AS d
                    FROM (SELECT trim({look.person}) AS p, {event.text} AS e FROM t)
                    WHERE e IS NOT NULL AND p <> '' GROUP BY p)"""
    [(persons, mean, median)] = look.table.rows(query, event.values)
    if persons < look.options.least:
        return None
    return {"mean_days": round(mean), "median_days": round(median)}


def lag(look: Examination, collected: Sql, added: Sql) -> dict[str, Any] | None:
    """Days from collection to addition; records added before they were collected are counted, not measured."""
    cases = {
        "unread": Sql(f"({collected.text}) IS NULL OR ({added.text}) IS NULL", (*collected.values, *added.values)),
        "before": Sql(f"({added.text})::DATE < ({collected.text})::DATE", (*added.values, *collected.values)),
    }
    found = look.shares(cases, "measured")
    person = f"nullif(trim({look.person}), '')" if look.person else "''"
    persons = "count(DISTINCT p)" if look.person else "count(*)"
    query = f"""SELECT {persons}, avg(d), median(d), quantile_cont(d, 0.9) FROM (
                    SELECT {person} AS p, date_diff('day', {collected.text}, {added.text}) AS d FROM t) WHERE d >= 0"""
    [(number, mean, median, slow)] = look.table.rows(query, (*collected.values, *added.values))
    if number < look.options.least:
        return None
    figures = {"mean_days": round(mean), "median_days": round(median), "ninety_percent_within_days": ceil(slow)}
    return figures | {"added_before_collected": found["before"].facts(), "without_both_dates": found["unread"].facts()}


def lag_level(median: float) -> int:
    """Of L-e1."""
    return next((level for days, level in LAG_DAYS if median <= days), 0)
