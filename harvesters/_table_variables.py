"""Measures one variable after another: what is missing, malformed, implausible, and how fine the values are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.dictionary import COMPARABLE, Kind, Table, Variable
from catalogue.errors import BadInput
from catalogue.profiling import ProfileOptions
from harvesters._shares import Counted, Share, shares
from harvesters._table_reading import Opened
from harvesters._table_sql import ISO, Sql, coded, column, formed, limits, missing, plausible, typed

SMALL_NUMBER = 20
"""Up to here the number of distinct values is stated as it is; above with two significant figures."""
MOSTLY = 0.95
"""From this share of values that are numbers or dates a variable counts as one of numbers or dates."""
USUAL = 0.95
"""Decimals are stated so that this share of the values has no more."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What may be said about one variable."""

    name: str
    described: Variable | None
    """What the dictionary says of it."""
    missing: Share
    not_applicable: Share
    malformed: Share | None
    """None when the dictionary says nothing that could be checked."""
    implausible: Share | None
    distinct: int | None
    """Number of different values, rounded; None when withheld."""
    grain: str
    """How fine the values are, in words; empty when withheld."""

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        parts = {"missing": self.missing, "not_applicable": self.not_applicable}
        checks = {"malformed": self.malformed, "implausible": self.implausible}
        said: dict[str, Any] = {"variable": self.name, **{name: share.facts() for name, share in parts.items()}}
        said |= {name: share.facts() for name, share in checks.items() if share is not None}
        if self.distinct is not None:
            said |= {"distinct_values": self.distinct, "granularity": self.grain}
        return said


class Examination:
    """The table, what the holder says of it, and whom a record is about."""

    def __init__(self, table: Opened, options: ProfileOptions) -> None:
        self.table, self.options = table, options
        self.described: Table | None = options.dictionary.table(table.name, table.columns)
        self.person = column(table.number(options.person, "--person")) if options.person else None
        persons = self.distinct_persons
        [(self.records, self.persons)] = table.rows(f"SELECT count(*), {persons} FROM t")

    @property
    def distinct_persons(self) -> str:
        """SQL that counts persons; records when it is not known whom they are about."""
        return f"count(DISTINCT nullif(trim({self.person}), ''))" if self.person else "count(*)"

    @property
    def enough(self) -> bool:
        """Whether anything at all may be said."""
        return bool(self.persons >= self.options.least)

    def variable(self, name: str) -> Variable:
        """What is known of a column; a variable of unknown kind when the dictionary does not name it."""
        found = self.described.variable(name) if self.described else None
        return found or Variable(name)

    def codes(self, one: Variable) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes for no value, and those that say that there can be none."""
        never = (*one.not_applicable, *self.options.not_applicable)
        return tuple(code for code in (*one.missing, *self.options.missing) if code not in never), never

    def absent(self, name: str) -> Sql:
        """Whether a record says nothing in this column."""
        value = column(self.table.columns.index(name))
        none, never = self.codes(self.variable(name))
        return missing(value, (*none, *never))

    def present(self, name: str) -> Sql:
        """Whether it does."""
        absent = self.absent(name)
        return Sql(f"NOT ({absent.text})", absent.values)

    def split(self, cases: Mapping[str, Sql], rest: str) -> dict[str, Counted]:
        """Records by the first case that holds, else ``rest``."""
        whens = " ".join(f"WHEN ({sql.text}) THEN '{state}'" for state, sql in cases.items())
        values = [value for sql in cases.values() for value in sql.values]
        whom = f"{self.person} AS p, {self.person}" if self.person else "NULL AS p, NULL"
        inner = f"SELECT CASE {whens} ELSE '{rest}' END AS state, {whom} FROM t"
        persons = "count(DISTINCT nullif(trim(p), ''))" if self.person else "count(*)"
        found = self.table.rows(f"SELECT state, count(*), {persons} FROM ({inner}) GROUP BY state", values)
        counted = {state: Counted(records, people) for state, records, people in found}
        return {state: counted.get(state, Counted()) for state in (*cases, rest)}

    def shares(self, cases: Mapping[str, Sql], rest: str) -> dict[str, Share]:
        """What may be published of :meth:`split`."""
        return shares(self.split(cases, rest), rest, self.options.least, persons=self.person is not None)


def measure(look: Examination) -> Iterator[Measured]:
    """Every variable in the order of the header."""
    for number, name in enumerate(look.table.columns):
        described = look.described.variable(name) if look.described else None
        yield _measure(look, number, name, described)


def _measure(look: Examination, number: int, name: str, described: Variable | None) -> Measured:
    value, one = column(number), described or Variable(name)
    none, never = look.codes(one)
    cases = {"na": coded(value, never), "missing": missing(value, none)}
    if one.checked:
        form = formed(value, one)
        cases["malformed"] = Sql(f"({form.text}) IS NOT TRUE", form.values)
    if one.bounded:
        _check_limits(look, one)
        within = plausible(value, one)
        cases["implausible"] = Sql(f"({within.text}) IS NOT TRUE", within.values)
    try:
        states = look.split(cases, "ok")
    except look.table.fault:
        raise BadInput(
            "the pattern or date format of the variable cannot be used",
            where=f"data dictionary, {name}",
            remedy="write a regular expression of RE2, dates in the form of strptime",
        ) from None
    found = shares(states, "ok", look.options.least, persons=look.person is not None)
    there = max((states[s].persons for s in states if s not in ("na", "missing")), default=0)
    distinct, grain = _grain(look, value, one, cases) if there >= look.options.least else (None, "")
    return Measured(
        name,
        described,
        missing=found["missing"],
        not_applicable=found["na"],
        malformed=found.get("malformed"),
        implausible=found.get("implausible"),
        distinct=distinct,
        grain=grain,
    )


def _check_limits(look: Examination, one: Variable) -> None:
    for limit in limits(one).values() if one.kind in COMPARABLE else ():
        value = typed(Sql("?::VARCHAR", (limit,)), one)
        if look.table.rows(f"SELECT {value.text}", value.values) == [(None,)]:
            raise BadInput(
                f"the limit {limit!r} is no {one.kind.value}",
                where=f"data dictionary, {one.name}",
                remedy="write it as the values are written",
            )


def _grain(look: Examination, value: str, one: Variable, cases: Mapping[str, Sql]) -> tuple[int, str]:
    """How many different values there are, and how fine they are."""
    absent = [cases["na"], cases["missing"]]
    number = typed(Sql(value), one) if one.kind in (Kind.INTEGER, Kind.NUMBER) else Sql(f"TRY_CAST({value} AS DOUBLE)")
    point = one.decimal if one.kind is Kind.NUMBER else "."
    query = f"""
        SELECT count(DISTINCT v), avg((n IS NOT NULL)::INT), avg(regexp_matches(v, ?)::INT),
               quantile_disc(CASE WHEN position(? IN v) > 0 THEN length(v) - position(? IN v) ELSE 0 END, {USUAL})
                   FILTER (n IS NOT NULL),
               quantile_disc(length(v), {USUAL})
        FROM (SELECT {value} AS v, {number.text} AS n FROM t WHERE NOT ({absent[0].text}) AND NOT ({absent[1].text}))"""
    values = ("^" + ISO, point, point, *number.values, *absent[0].values, *absent[1].values)
    [(distinct, numbers, dates, decimals, length)] = look.table.rows(query, values)
    return _rounded(distinct), _words(one, float(numbers or 0), float(dates or 0), decimals or 0, length or 0)


def _words(one: Variable, numbers: float, dates: float, decimals: int, length: int) -> str:
    if one.kind in (Kind.YEAR, Kind.MONTH):
        return str(one.kind.value)
    if dates >= MOSTLY:
        return "day" if length <= 10 else "time of day"
    if one.kind in (Kind.DATE, Kind.DATETIME):
        return "day" if one.kind is Kind.DATE else "time of day"
    if numbers >= MOSTLY and one.kind is not Kind.TEXT:
        return "whole numbers" if not decimals else f"{decimals} decimals"
    return "values"


def _rounded(number: int) -> int:
    if number <= SMALL_NUMBER:
        return number
    scale: int = 10 ** (len(str(number)) - 2)
    return round(number / scale) * scale
