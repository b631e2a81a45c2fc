"""Which texts belong to a datatype, and which values come before which."""

from __future__ import annotations

import pytest

from catalogue.graphs import Literal, NamedNode, Term
from catalogue.names import XSD
from catalogue.shacl_literals import LEXICAL, ordered, precedes

FORMS = {
    "boolean": ("true false 1 0", "TRUE yes"),
    "integer": ("0 -0 +12 0012", "1.0 1_000 ١"),
    "decimal": ("1 1. .5 -1.50", "1e1 NaN ."),
    "double": ("1 1e-3 INF -INF NaN", "inf nan 1e"),
    "nonNegativeInteger": ("0 -0 7", "-1"),
    "positiveInteger": ("1", "0"),
    "nonPositiveInteger": ("0 -7", "1"),
    "negativeInteger": ("-1", "0"),
    "byte": ("127 -128", "128"),
    "unsignedLong": ("18446744073709551615", "18446744073709551616 -1"),
    "date": (
        "2024-02-29 2000-02-29 2020-01-01Z 2020-01-01+14:00 -0001-01-01",
        "2023-02-29 1900-02-29 2020-1-1 20200101 2020-01-01+15:00",
    ),
    "dateTime": (
        "2020-01-01T24:00:00 2020-01-01T00:00:00.5-05:00",
        "2020-01-01 2020-01-01T00:00 2020-01-01T24:00:01 2020-04-31T00:00:00",
    ),
    "dateTimeStamp": ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00"),
    "time": ("23:59:59 24:00:00", "24:00:01 10:00"),
    "gYear": ("2020 12020 2020Z", "20"),
    "gYearMonth": ("2020-12", "2020-13"),
    "gMonth": ("--12", "--13 12"),
    "gDay": ("---31", "---32"),
    "gMonthDay": ("--02-29", "--02-30"),
    "duration": ("P1Y2M3DT4H5M6.7S -P1D PT1M", "P PT P1.5D 1D P1S"),
    "dayTimeDuration": ("P1D PT1H P1DT1S", "P1Y P1DT"),
    "yearMonthDuration": ("P1Y P2M", "P1D P"),
    "hexBinary": ("0aF1", "0 zz"),
    "base64Binary": ("AAAA AA== AAA=", "AAA A==="),
    "language": ("en en-GB", "e1 abcdefghi"),
    "NCName": ("a-b _x", "1a a:b"),
    "Name": ("a:b :a", "1a"),
    "NMTOKEN": ("1a", "a,b"),
}


@pytest.mark.parametrize("name", FORMS)
def test_lexical_forms(name: str) -> None:
    good, bad = FORMS[name]
    valid = LEXICAL[XSD[name].value]
    assert [text for text in good.split() if not valid(text)] == []
    assert [text for text in bad.split() if valid(text)] == []


def test_white_space_is_not_processed() -> None:
    assert not LEXICAL[XSD.integer.value](" 1")
    assert not LEXICAL[XSD.token.value](" a")
    assert not LEXICAL[XSD.normalizedString.value]("a\tb")


def literal(written: str) -> Term:
    text, _, name = written.rpartition("^")
    return Literal(text, datatype=XSD[name])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4^integer", "5.0^decimal"),
        ("-1^nonPositiveInteger", "4^unsignedByte"),
        ("4.9^decimal", "5e0^double"),
        ("5^integer", "INF^float"),
        ("B^string", "a^string"),
        ("false^boolean", "1^boolean"),
        ("-0044-03-15^date", "0001-01-01^date"),
        ("2020-01-31^date", "2020-02-01^date"),
        ("2020-02-29^date", "2020-03-01^date"),
        ("2019-12-31^date", "2020-01-01^date"),
        ("9999-12-31^date", "12000-01-01^date"),
        ("2020-01-01Z^date", "2020-01-01-05:00^date"),
        ("2020-01-01T00:30:00+01:00^dateTime", "2020-01-01T00:00:00Z^dateTimeStamp"),
        ("2019-12-31T24:00:00^dateTime", "2020-01-01T00:00:00.1^dateTime"),
        ("2019-12-31T09:59:59^dateTime", "2020-01-01T00:00:00Z^dateTime"),
        ("2020-01-01T00:00:00Z^dateTime", "2020-01-01T14:00:01^dateTime"),
        ("09:59:59^time", "10:00:00^time"),
        ("2019^gYear", "2020^gYear"),
        ("2019-12^gYearMonth", "2020-01^gYearMonth"),
    ],
)
def test_less(first: str, second: str) -> None:
    one, two = ordered(literal(first)), ordered(literal(second))
    assert precedes(one, two, or_equal=False)
    assert precedes(one, two, or_equal=True)
    assert not precedes(two, one, or_equal=True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("5^integer", "5.00^decimal"),
        ("0.1^decimal", "1e-1^double"),
        ("1^boolean", "true^boolean"),
        ("2020-01-01T12:00:00Z^dateTime", "2020-01-01T13:00:00+01:00^dateTime"),
        ("24:00:00^time", "00:00:00^time"),
    ],
)
def test_equal(first: str, second: str) -> None:
    one, two = ordered(literal(first)), ordered(literal(second))
    assert precedes(one, two, or_equal=True)
    assert precedes(two, one, or_equal=True)
    assert not precedes(one, two, or_equal=False)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4^string", "5^integer"),
        ("2020-01-01^date", "2021-01-01T00:00:00^dateTime"),
        ("2020^gYear", "2021-01-01^date"),
        ("2019-12-31T12:00:00^dateTime", "2020-01-01T00:00:00Z^dateTime"),
        ("NaN^double", "5^integer"),
        ("P1D^duration", "P2D^duration"),
        ("x^integer", "5^integer"),
        ("a^language", "b^language"),
    ],
)
def test_incomparable(first: str, second: str) -> None:
    one, two = ordered(literal(first)), ordered(literal(second))
    assert not precedes(one, two, or_equal=True)
    assert not precedes(two, one, or_equal=True)


def test_only_plain_literals_have_an_order() -> None:
    assert ordered(Literal("a", language="en")) is None
    assert ordered(NamedNode("http://example.org/a")) is None
