"""How a value looks on a page: names instead of IRIs, days instead of timestamps, links only where they are safe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, url_for

from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term
from catalogue.names import DCT, DPVPD, FOAF, RDFS, SKOS, VCARD
from catalogue.plain import curie, cut, local_name, points, remedy, short_path
from catalogue.web.context import dataset_path, services
from catalogue.web.phrases import MONTHS
from catalogue.web.reading import Said, languages, said

LONG = 1200
"""Longest text shown unfolded, in characters."""
LONGEST = 20_000
"""Longest text shown at all, in characters; the RDF holds the whole."""
NAMES = (FOAF.name, DCT.title, RDFS.label, SKOS.prefLabel, VCARD.fn, VCARD["organization-name"], DCT.description)
TELLING = 80
"""Longest name that is a link; more is a statement, not a name."""
_MEDIA_TYPES = re.compile("https?://www\\.iana\\.org/assignments/media-types/(.+/.+)")
_REGULATION = re.compile("http://data\\.europa\\.eu/eli/reg/([0-9]{4})/([0-9]+)/oj")
_IRI = re.compile(r"https?://[^\s,;<>\"]+")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T\S*)?(?:Z|[+-]\d\d:\d\d)?")
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True, slots=True)
class Shown:
    """One value on a page."""

    said: Said
    href: str = ""
    """Where a click leads; empty for no link."""
    iri: str = ""
    """What it stands for."""


def safe(iri: str) -> str:
    """The IRI when a browser may follow it (http, https, mailto), else nothing."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        return iri if parts.netloc else ""
    return iri if parts.scheme == "mailto" and "@" in parts.path else ""


def show(term: Term, graph: Graph) -> Shown:
    """A value by the name the description or the vocabularies give it, linked to where it leads."""
    if isinstance(term, Literal):
        return Shown(Said(term.value, (term.language or "").split("-")[0].lower()))
    name = said(graph, term, *NAMES)
    if isinstance(term, BlankNode):
        return Shown(name or Said("…"))
    concept = NamedNode(term.value)
    if concept in services().rulebook.vocabulary:
        label = said(services().rulebook.vocabulary, concept, SKOS.prefLabel, DCT.title)
        return Shown(label or Said(term.value), url_for("terms.concept", iri=term.value), term.value)
    statement = name is not None and len(name.text) > TELLING
    return Shown(name or Said(_telling(term.value)), "" if statement else safe(term.value), term.value)


def _telling(iri: str) -> str:
    """The part of a well-known kind of IRI that people read, else the whole."""
    media_type, regulation = _MEDIA_TYPES.fullmatch(iri), _REGULATION.fullmatch(iri)
    if media_type:
        return media_type[1]
    if regulation:
        return f"Regulation (EU) {regulation[1]}/{regulation[2]}"
    return iri.removeprefix(DPVPD.iri)


def named(text: str) -> str:
    """A text in which IRIs of the rulebook (concepts, crosswalks, provisions) are replaced by their names."""
    return _IRI.sub(lambda found: _name_of(found[0]), text)


def _name_of(iri: str) -> str:
    book = services().rulebook
    try:
        known = NamedNode(iri) in book.graph
    except ValueError:
        return iri
    if not known:
        return iri
    return book.cite(iri) if iri in book.provisions else label_of(iri)


def host(link: str) -> str:
    """The machine a link leads to."""
    return urlsplit(link).hostname or ""


def label_of(iri: str) -> str:
    """The name of a concept in the reader's language; what is no IRI stays as it is."""
    try:
        return services().rulebook.label_of(iri, *languages())
    except ValueError:
        return iri


def day(value: str | date | datetime) -> str:
    """A date as people write it, as exact as it is given: "5 March 2024", "March 2024", "2024"."""
    text = value if isinstance(value, str) else value.isoformat()
    found = _DAY.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2] or 1) <= 12:
        return text
    year, month, of_month = found.groups()
    words = [str(int(of_month))] if of_month else []
    return " ".join([*words, *([MONTHS[int(month) - 1]] if month else []), year])


def number(value: int | str) -> str:
    """A whole number with its thousands set apart; anything else as it is."""
    text = str(value)
    return f"{int(text):,}" if re.fullmatch(r"\+?\d{1,18}", text) else text


def size(value: str) -> str:
    """A number of bytes in the unit people read."""
    if not re.fullmatch(r"\d{1,18}(\.0*)?", value):
        return value
    amount, unit = float(value), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.3g} {_UNITS[unit]}" if amount < 100 else f"{amount:.0f} {_UNITS[unit]}"


def actor_name(iri: str) -> str:
    """What somebody who declares or verifies is called; the IRI of whoever is not in the file of actors."""
    known = services().actors.by_iri.get(iri)
    return known.name if known else iri


def install(app: Flask) -> None:
    """Offer these to the templates."""
    helpers: dict[str, Any] = {
        "cut": cut, "day": day, "number": number, "size": size, "safe_link": safe, "host": host, "curie": curie,
        "short_path": short_path, "local_name": local_name, "remedy": remedy, "named": named, "points": points,
        "actor_name": actor_name,
    }  # fmt: skip
    app.jinja_env.filters.update(helpers)
    app.jinja_env.globals |= {
        "LONG": LONG,
        "LONGEST": LONGEST,
        "label_of": label_of,
        "dataset_path": dataset_path,
        "installation": services,
    }
