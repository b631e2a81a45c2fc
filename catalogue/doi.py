"""DOIs in the forms in which people write them: bare, with ``doi:``, as an address of a resolver."""

from __future__ import annotations

import re

_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def doi_name(text: str) -> str:
    """The name alone (``10.5072/abc``), as it is written; empty for what is no DOI (DOI Handbook, 2.2)."""
    match = _DOI.fullmatch(text.strip())
    return match[1] if match is not None else ""
