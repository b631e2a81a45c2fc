"""Literals as we write them: whole and decimal numbers, truth values, days and moments."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from catalogue.graphs import Literal
from catalogue.names import XSD


@lru_cache(maxsize=1_000)
def number(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=XSD.integer)


def decimal(value: float) -> Literal:
    """An xsd:decimal with at most three places."""
    return Literal(f"{value:.3f}".rstrip("0").rstrip("."), datatype=XSD.decimal)


def truth(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal("true" if value else "false", datatype=XSD.boolean)


def day(value: date) -> Literal:
    """An xsd:date."""
    return Literal(value.isoformat(), datatype=XSD.date)


def moment(value: datetime) -> Literal:
    """An xsd:dateTime in UTC."""
    return Literal(value.isoformat().replace("+00:00", "Z"), datatype=XSD.dateTime)
