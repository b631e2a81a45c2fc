"""Literals as SHACL sees them: lexical forms that belong to a datatype, and values that can be ordered.

Sources: XML Schema 1.1 part 2 (lexical spaces), RDF 1.1 Concepts section 5.1 (which datatypes, no white space
processing), SPARQL 1.1 section 17.3 and XPath and XQuery Functions and Operators 3.1 (order).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.graphs import Literal, Term
from catalogue.names import XSD

Lexical = Callable[[str], object]
"""Truthy for a text that is in the lexical space."""

_ZONE = r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_CLOCK = r"([01][0-9]|2[0-3]|24):([0-5][0-9]):([0-5][0-9](?:\.[0-9]+)?)"
_DATE = re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}}){_ZONE}")
_DATE_TIME = re.compile(rf"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})T{_CLOCK}{_ZONE}")
_TIME = re.compile(rf"{_CLOCK}{_ZONE}")
_YEAR_ONLY = re.compile(rf"{_YEAR}{_ZONE}")
_YEAR_MONTH = re.compile(rf"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}")
_MONTH_DAY = re.compile(rf"--([0-9]{{2}})-([0-9]{{2}}){_ZONE}")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SPAN_DATE = r"(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?"
_SPAN_TIME = r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)"
_HOUR, _DAY = 3600, 86400
_FURTHEST_ZONE = 14 * _HOUR


def _is_day(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or not 1 <= day <= _MONTHS[month - 1]:
        return False
    return month != 2 or day < 29 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _is_midnight(hour: str, minute: str, second: str) -> bool:
    return hour != "24" or (minute == "00" and Decimal(second) == 0)


def _date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    return match is not None and _is_day(int(match[1]), int(match[2]), int(match[3]))


def _date_time(text: str) -> bool:
    match = _DATE_TIME.fullmatch(text)
    if match is None or not _is_day(int(match[1]), int(match[2]), int(match[3])):
        return False
    return _is_midnight(match[4], match[5], match[6])


def _time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    return match is not None and _is_midnight(match[1], match[2], match[3])


def _month_day(text: str) -> bool:
    match = _MONTH_DAY.fullmatch(text)
    return match is not None and _is_day(2000, int(match[1]), int(match[2]))


def _whole(lowest: int | None, highest: int | None) -> Lexical:
    def valid(text: str) -> bool:
        if _INTEGER.fullmatch(text) is None:
            return False
        number = Decimal(text)
        return (lowest is None or number >= lowest) and (highest is None or number <= highest)

    return valid


def _matches(pattern: str) -> Lexical:
    return re.compile(pattern).fullmatch


_LEXICAL_BY_NAME: Mapping[str, Lexical] = {
    "boolean": {"true", "false", "1", "0"}.__contains__,
    "decimal": _DECIMAL.fullmatch,
    "integer": _INTEGER.fullmatch,
    "double": _DOUBLE.fullmatch,
    "float": _DOUBLE.fullmatch,
    "nonNegativeInteger": _whole(0, None),
    "positiveInteger": _whole(1, None),
    "nonPositiveInteger": _whole(None, 0),
    "negativeInteger": _whole(None, -1),
    "byte": _whole(-(2**7), 2**7 - 1),
    "short": _whole(-(2**15), 2**15 - 1),
    "int": _whole(-(2**31), 2**31 - 1),
    "long": _whole(-(2**63), 2**63 - 1),
    "unsignedByte": _whole(0, 2**8 - 1),
    "unsignedShort": _whole(0, 2**16 - 1),
    "unsignedInt": _whole(0, 2**32 - 1),
    "unsignedLong": _whole(0, 2**64 - 1),
    "date": _date,
    "dateTime": _date_time,
    "dateTimeStamp": lambda text: _date_time(text) and _DATE_TIME.fullmatch(text)[7],  # type: ignore[index]
    "time": _time,
    "gYear": _YEAR_ONLY.fullmatch,
    "gYearMonth": _YEAR_MONTH.fullmatch,
    "gMonth": _matches(rf"--(?:0[1-9]|1[0-2]){_ZONE}"),
    "gDay": _matches(rf"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}"),
    "gMonthDay": _month_day,
    "yearMonthDuration": _matches(rf"-?P{_SPAN_DATE}"),
    "dayTimeDuration": _matches(rf"-?P(?:[0-9]+D{_SPAN_TIME}?|{_SPAN_TIME})"),
    "duration": _matches(rf"-?P(?:{_SPAN_DATE}(?:[0-9]+D)?{_SPAN_TIME}?|{_SPAN_TIME})"),
    "hexBinary": _matches(r"(?:[0-9a-fA-F]{2})*"),
    "base64Binary": _matches(
        r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
        r"|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?"
    ),
    "language": _matches(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"),
    "normalizedString": _matches(r"[^\t\n\r]*"),
    "token": _matches(r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"),
    "NMTOKEN": _matches(r"[\w.\-:·]+"),
    "Name": _matches(r"(?:[^\W\d]|:)[\w.\-:·]*"),
    "NCName": _matches(r"[^\W\d][\w.\-·]*"),
}

LEXICAL: Mapping[str, Lexical] = {XSD[name].value: valid for name, valid in _LEXICAL_BY_NAME.items()}
"""Lexical space by datatype IRI; a datatype that is not here (``xsd:string`` among them) takes any text."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A value with a place in an order; only two of the same ``kind`` can be compared."""

    kind: str
    value: Decimal | float | str | bool
    """A number, text, truth value, or seconds since 1970 (as if in UTC when ``zoned`` is false)."""
    zoned: bool = True


_NUMBERS = {
    XSD[name].value
    for name in (
        *("decimal", "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
    )
}
_FLOATS = {XSD.double.value, XSD.float.value}


def ordered(term: Term) -> Ordered | None:
    """The value of a literal for ``<``, or None for what has no order: IRIs, blank nodes, tagged or ill-typed text.

    Besides the types of SPARQL 1.1 section 17.3, ``xsd:date``, ``xsd:time``, ``xsd:gYear`` and ``xsd:gYearMonth`` are
    ordered within their own type, by XPath's and XML Schema's order. Durations are not.
    """
    if type(term) is not Literal:
        return None
    datatype, text = term.datatype.value, term.value
    if datatype == XSD.string.value:
        return Ordered("string", text)
    lexical = LEXICAL.get(datatype)
    if lexical is None or not lexical(text):
        return None
    if datatype in _NUMBERS:
        return Ordered("number", Decimal(text))
    if datatype in _FLOATS:
        return Ordered("number", float(text))
    if datatype == XSD.boolean.value:
        return Ordered("boolean", text in ("true", "1"))
    instant = _INSTANTS.get(datatype)
    return None if instant is None else instant(text)


def precedes(first: Ordered | None, second: Ordered | None, *, or_equal: bool) -> bool:
    """SPARQL's ``<`` (or ``<=``); false where it is an error.

    Times with and without a zone compare only when the answer is the same in every zone (more than 14 hours apart).
    """
    if first is None or second is None or first.kind != second.kind:
        return False
    one, two = first.value, second.value
    if isinstance(one, str) or isinstance(two, str):
        return str(one) <= str(two) if or_equal else str(one) < str(two)
    if type(one) is not type(two):
        one, two = float(one), float(two)
    if first.zoned is not second.zoned:
        return Decimal(one) + _FURTHEST_ZONE < Decimal(two)
    return one <= two if or_equal else one < two


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def _instant(kind: str, days: int, clock: Decimal, zone: str | None) -> Ordered:
    shift = 0
    if zone and zone != "Z":
        shift = (int(zone[1:3]) * 60 + int(zone[4:6])) * (-60 if zone[0] == "-" else 60)
    return Ordered(kind, days * _DAY + clock - shift, zone is not None)


def _clock(hour: str, minute: str, second: str) -> Decimal:
    return int(hour) * _HOUR + int(minute) * 60 + Decimal(second)


def _order_date(text: str) -> Ordered:
    year, month, day, zone = _groups(_DATE, text)
    return _instant("date", _days(int(year), int(month), int(day)), Decimal(0), zone)


def _order_date_time(text: str) -> Ordered:
    year, month, day, hour, minute, second, zone = _groups(_DATE_TIME, text)
    return _instant("dateTime", _days(int(year), int(month), int(day)), _clock(hour, minute, second), zone)


def _order_time(text: str) -> Ordered:
    hour, minute, second, zone = _groups(_TIME, text)
    return _instant("time", 0, _clock(hour, minute, second) % _DAY, zone)


def _order_year(text: str) -> Ordered:
    year, zone = _groups(_YEAR_ONLY, text)
    return _instant("gYear", _days(int(year), 1, 1), Decimal(0), zone)


def _order_year_month(text: str) -> Ordered:
    year, month, zone = _groups(_YEAR_MONTH, text)
    return _instant("gYearMonth", _days(int(year), int(month), 1), Decimal(0), zone)


def _groups(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    return match.groups() if match else ()


_INSTANTS: Mapping[str, Callable[[str], Ordered]] = {
    XSD.date.value: _order_date,
    XSD.dateTime.value: _order_date_time,
    XSD.dateTimeStamp.value: _order_date_time,
    XSD.time.value: _order_time,
    XSD.gYear.value: _order_year,
    XSD.gYearMonth.value: _order_year_month,
}
