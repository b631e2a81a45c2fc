"""Reads single values of schema.org, which may each be a text or an entity: texts, addresses, identifiers, words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from catalogue.doi import doi_name
from harvesters._forms import How, Unreadable, link
from harvesters._linked_record import listed

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.IGNORECASE)
"""A language tag (BCP 47) as texts have it."""
_NO_TAGS = frozenset({"url", "id"})
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|_:")
"""How whole addresses begin, and names that mean something in their document only."""
_CODED = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")


def address_of(value: Any) -> str:
    """An address of the web; empty for everything else."""
    if not isinstance(value, str) or not value.strip().lower().startswith(("http://", "https://")):
        return ""
    try:
        [term] = link(value.strip(), How())
    except Unreadable:
        return ""
    return str(term.value)


def absolute(value: Any, base: str) -> Any:
    """An address that is relative to its page as a whole one; everything else as it is."""
    if not base or not isinstance(value, str) or not value.strip() or _WHOLE.match(value):
        return value
    try:
        return urljoin(base, value.strip())
    except ValueError:
        return value


def identifier(value: Any) -> str:
    """An identifier, a DOI in any of its forms as its address."""
    said = str(value).strip()
    doi = doi_name(said)
    return f"https://doi.org/{doi.lower()}" if doi else said


def identifiers(value: Any) -> list[str]:
    """Identifiers out of texts and entities (``PropertyValue``): of an entity its address, and its value unless that
    is in the address."""
    found: list[str] = []
    for one in listed(value):
        said = [one]
        if isinstance(one, dict):
            address = next((one[name] for name in ("url", "@id") if address_of(one.get(name))), "")
            known = "doi:" if "doi" in str(one.get("propertyID", "")).lower().rpartition("/")[2] else ""
            inner = [known + str(each).removeprefix(known) for each in listed(one.get("value"))]
            said = [address, *(each for each in inner if each.rpartition(":")[2] not in address)]
        found += [text for each in said if not isinstance(each, dict | list) and (text := identifier(each))]
    return list(dict.fromkeys(found))


def is_text(value: Any) -> bool:
    """Whether a value is a text, or one in several languages, and no entity."""
    if not isinstance(value, dict):
        return not isinstance(value, list)
    return all(
        _TAG.fullmatch(name) and name not in _NO_TAGS and all(not isinstance(one, dict | list) for one in listed(said))
        for name, said in value.items()
    )


def texts(value: Any) -> list[Any]:
    """Texts, each in one language at most, without the character references that pages leave in them."""
    found: list[Any] = []
    for one in listed(value):
        if isinstance(one, dict):
            found += [{language: inner} for language, said in one.items() for inner in texts(said)]
        elif isinstance(one, list):
            found += texts(one)
        else:
            found.append(html.unescape(one) if isinstance(one, str) and _CODED.search(one) else one)
    return found


def words(value: Any) -> list[Any]:
    """Keywords: a single text may hold several, with semicolons or else commas between them; one of many is one."""
    given = listed(value)
    alone = sum(isinstance(one, str) for one in given) == 1
    return [word for one in given for word in (_several(one) if alone or isinstance(one, dict) else [one])]


def _several(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for language, said in value.items():
            yield from ({language: word} for one in listed(said) for word in _several(one))
    elif isinstance(value, str):
        yield from (word for one in value.split(";" if ";" in value else ",") if (word := one.strip()))
    else:
        yield value
