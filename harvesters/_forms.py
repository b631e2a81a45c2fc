"""Reads single values of source records as RDF terms: texts, numbers, dates, links, concepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

import isodate

from catalogue.graphs import Literal, NamedNode, Term
from catalogue.names import XSD
from harvesters._crosswalk import Crosswalk
from harvesters._html import plain as from_html

HOSTED, HOSTLESS = {"http", "https", "ftp"}, {"urn", "mailto", "tel"}
"""Schemes of addresses that we take."""
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SEVERAL = re.compile(r"\s+(https?|ftp)://")
_TRUTH = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}


@dataclass(frozen=True, slots=True)
class How:
    """What a line of a mapping says about the form of its values."""

    language: str = "en"
    template: str = ""
    """An IRI with ``{}`` where the value goes."""
    crosswalk: Crosswalk | None = None


class Unreadable(ValueError):
    """A value that has not the form it should have; says which form that is, and never the value."""


Form = Callable[[str, How], tuple[Term, ...]]


def text(value: str, how: How) -> tuple[Term, ...]:
    """Text in the language of the record; HTML as its words."""
    words = from_html(value)
    if not words:
        return ()
    try:
        return (Literal(words, language=how.language),)
    except ValueError as error:
        raise Unreadable("its language is not named by a language tag (BCP 47)") from error


def plain(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """An identifier, name or code as it is."""
    return (Literal(value),)


def count(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """A number of things: ``xsd:nonNegativeInteger``."""
    number = value.removesuffix(".0")
    if not number.isdecimal():
        raise Unreadable("not a whole number of 0 or more")
    return (Literal(str(int(number)), datatype=XSD.nonNegativeInteger),)


def decimal(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """``xsd:decimal``."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", value):
        raise Unreadable("not a decimal number")
    return (Literal(value, datatype=XSD.decimal),)


def when(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """A year, month, day or moment in the forms of ISO 8601, with the datatype of that precision."""
    if _YEAR.fullmatch(value):
        return (Literal(value, datatype=XSD.gYear),)
    if _MONTH.fullmatch(value):
        return (Literal(value, datatype=XSD.gYearMonth),)
    try:
        return (Literal(date.fromisoformat(value).isoformat(), datatype=XSD.date),)
    except ValueError:
        pass
    try:
        return (Literal(datetime.fromisoformat(value).isoformat(), datatype=XSD.dateTime),)
    except ValueError as error:
        raise Unreadable("not a date or time in a form of ISO 8601") from error


def duration(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """``xsd:duration``, in the form of ISO 8601."""
    try:
        isodate.parse_duration(value)
    except isodate.ISO8601Error as error:
        raise Unreadable("not a duration in the form of ISO 8601, such as P1Y") from error
    return (Literal(value, datatype=XSD.duration),)


def truth(value: str, how: How) -> tuple[Term, ...]:  # noqa: ARG001
    """``xsd:boolean``."""
    if value.casefold() not in _TRUTH:
        raise Unreadable("neither true nor false")
    return (Literal(_TRUTH[value.casefold()], datatype=XSD.boolean),)


def link(value: str, how: How) -> tuple[Term, ...]:
    """An address; with a template the value is put into it unless it is an address already."""
    if how.template and not value.startswith(("http://", "https://")):
        value = how.template.replace("{}", quote(value, safe="/:@!$&'()*+,;="))
    if _SEVERAL.search(value):
        raise Unreadable("several addresses in one")
    try:
        parts = urlsplit(value)
        hosted = parts.scheme.lower() in HOSTED and bool(parts.hostname) and " " not in parts.netloc
        if not hosted and parts.scheme.lower() not in HOSTLESS:
            raise Unreadable("not a whole address that begins with https: or the like")
        return (NamedNode(value.replace(" ", "%20")),)
    except ValueError as error:
        raise Unreadable("not a whole address that begins with https: or the like") from error


def mail(value: str, how: How) -> tuple[Term, ...]:
    """E-mail addresses as ``mailto:`` IRIs; what stands beside them, such as the name of an office, is not taken."""
    parts = [part for part in re.split(r"[;,\n]", value.removeprefix("mailto:")) if "@" in part]
    addresses = [parseaddr(part)[1] for part in parts]
    if not addresses or not all(_ADDRESS.fullmatch(address) for address in addresses):
        raise Unreadable("not an e-mail address")
    return tuple(term for address in addresses for term in link(f"mailto:{address}", how))


def concept(value: str, how: How) -> tuple[Term, ...]:
    """What the crosswalk makes of a term; a term that is an IRI already stays as it is."""
    reading = how.crosswalk.find(value) if how.crosswalk is not None else None
    if reading is not None:
        return tuple(NamedNode(concept) for concept in reading.concepts)
    if urlsplit(value).scheme in ("http", "https"):
        return link(value, How())
    raise Unreadable(f"not in {how.crosswalk.iri}" if how.crosswalk is not None else "not the IRI of a concept")


FORMS: Mapping[str, Form] = {
    "Text": text,
    "Plain": plain,
    "Count": count,
    "Decimal": decimal,
    "When": when,
    "Duration": duration,
    "Truth": truth,
    "Link": link,
    "Mail": mail,
    "Term": concept,
}
"""By the local name of the ``cat:`` term that a mapping uses."""
