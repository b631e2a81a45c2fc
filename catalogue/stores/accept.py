"""Content negotiation of the SPARQL endpoints: from an Accept header to the media types we write."""

from __future__ import annotations

import re

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from catalogue.errors import NotAcceptable
from catalogue.stores.results import GRAPHS, RESULTS

_PARAMETER = re.compile(r""";\s*(?!q\s*=)[^;,="]+=("[^"]*"|[^;,]*)""", re.IGNORECASE)
"""``charset`` and ``profile`` of an accepted type: we always write UTF-8 and have one profile of each type."""


def media_types(accept: str) -> tuple[str, str]:
    """The best of :data:`RESULTS` and the best of :data:`GRAPHS` for this header (RFC 9110, section 12.5.1).

    Either is "" when the header admits none; an empty header admits all.
    Raises :class:`NotAcceptable` when it admits neither.
    """
    accepted = parse_accept_header(_PARAMETER.sub("", accept) or "*/*", MIMEAccept)
    results, graphs = accepted.best_match(RESULTS, ""), accepted.best_match(GRAPHS, "")
    if not results and not graphs:
        raise refusal(accept, (*RESULTS, *GRAPHS))
    return results, graphs


def refusal(accept: str, offered: tuple[str, ...]) -> NotAcceptable:
    """What is said when nothing offered is acceptable."""
    return NotAcceptable(
        f"none of the formats asked for is written here: {accept}",
        where="header Accept",
        remedy="accept one of " + ", ".join(offered),
    )
