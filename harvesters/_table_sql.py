"""Conditions on the values of a column, as SQL with bound values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.dictionary import Kind, Variable

_TIMES = {
    Kind.DATE: r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?",
    Kind.DATETIME: r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?",
    Kind.TIME: r"[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?",
    Kind.YEAR: r"-?[0-9]{4}",
    Kind.MONTH: r"[0-9]{4}-(0[1-9]|1[0-2])",
}
_FORMS = _TIMES | {
    Kind.INTEGER: r"[+-]?[0-9]+",
    Kind.NUMBER: r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    Kind.URI: r"\S+",
}
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"
"""How a date begins when nothing is known of its form."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the values of its question marks, in order."""

    text: str
    values: tuple[object, ...] = ()

    def __and__(self, other: Sql) -> Sql:
        return Sql(f"({self.text}) AND ({other.text})", (*self.values, *other.values))


def every(conditions: Iterable[Sql]) -> Sql:
    """All of them."""
    found = Sql("true")
    for condition in conditions:
        found = found & condition
    return found


def column(number: int) -> str:
    """A column of the table ``t``."""
    return f"c{number:d}"


def missing(value: str, codes: tuple[str, ...]) -> Sql:
    """Whether there is no value: nothing, only spaces, or a code for it."""
    return Sql(f"{value} IS NULL OR trim({value}) = '' OR list_contains(?::VARCHAR[], trim({value}))", (list(codes),))


def coded(value: str, codes: tuple[str, ...]) -> Sql:
    """Whether the value is one of these codes."""
    return Sql(f"coalesce(list_contains(?::VARCHAR[], trim({value})), false)", (list(codes),))


def typed(value: Sql, one: Variable) -> Sql:
    """A value that can be compared; NULL where it has not the form it should."""
    if one.kind in (Kind.INTEGER, Kind.NUMBER, Kind.YEAR):
        return Sql(f"TRY_CAST({_plain(value, one).text} AS DOUBLE)", _plain(value, one).values)
    if one.kind is Kind.TIME and not one.format:
        return Sql(f"TRY_CAST({value.text} AS TIME)", value.values)
    if one.kind is Kind.MONTH:
        return Sql(f"TRY_CAST({value.text} || '-01' AS TIMESTAMP)", value.values)
    if one.format:
        return Sql(f"try_strptime({value.text}, ?)", (*value.values, one.format))
    return Sql(f"TRY_CAST({value.text} AS TIMESTAMP)", value.values)


def _plain(value: Sql, one: Variable) -> Sql:
    """A number without marks between groups of digits and with a decimal point."""
    text, values = value.text, value.values
    if one.group:
        text, values = f"replace({text}, ?, '')", (*values, one.group)
    if one.decimal != ".":
        text, values = f"replace({text}, ?, '.')", (*values, one.decimal)
    return Sql(text, values)


def formed(value: str, one: Variable) -> Sql:
    """Whether a value has the form that the dictionary says."""
    return every(_forms(value, one))


def _forms(value: str, one: Variable) -> Iterable[Sql]:
    plain = Sql(value)
    if one.kind is Kind.BOOLEAN:
        words = one.format.split("|") if one.format else ["true", "false", "1", "0"]
        yield Sql(f"list_contains(?::VARCHAR[], {value})", (words,))
    elif one.kind in _TIMES and one.format:
        yield Sql(f"{typed(plain, one).text} IS NOT NULL", typed(plain, one).values)
    elif one.kind in _FORMS:
        form = _plain(plain, one)
        yield Sql(f"regexp_full_match({form.text}, ?)", (*form.values, _FORMS[one.kind]))
        if one.kind in _TIMES:
            yield Sql(f"{typed(plain, one).text} IS NOT NULL", typed(plain, one).values)
    for limit, sign in ((one.lowest, ">="), (one.highest, "<=")):
        if limit:
            yield Sql(f"TRY_CAST({value} AS HUGEINT) {sign} TRY_CAST(? AS HUGEINT)", (limit,))
    if one.pattern:
        yield Sql(f"regexp_full_match({value}, ?)", (one.pattern,))
    if one.shortest is not None:
        yield Sql(f"length({value}) >= ?", (one.shortest,))
    if one.longest is not None:
        yield Sql(f"length({value}) <= ?", (one.longest,))


def limits(one: Variable) -> dict[str, str]:
    """The plausible range of a variable: sign of comparison -> limit."""
    signs = {">=": one.minimum, "<=": one.maximum, ">": one.above, "<": one.below}
    return {sign: limit for sign, limit in signs.items() if limit}


def plausible(value: str, one: Variable) -> Sql:
    """Whether a value of the right form is one of the codes and within the range that the dictionary gives."""
    conditions = [Sql(f"list_contains(?::VARCHAR[], {value})", (list(one.allowed),))] if one.allowed else []
    this = typed(Sql(value), one)
    for sign, limit in limits(one).items():
        other = typed(Sql("?", (limit,)), one)
        conditions.append(Sql(f"{this.text} {sign} {other.text}", (*this.values, *other.values)))
    return every(conditions)
