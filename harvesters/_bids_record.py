"""Reads dataset_description.json of BIDS: what is said in it, and what the program that made the folder left in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from catalogue.doi import doi_name
from catalogue.model import Note, NoteKind
from harvesters._leftovers import without

_ADDRESS = ("http://", "https://", "ftp://")
_PLACEHOLDER = re.compile(
    r"(https?://doi\.org/)?TODO\b.*|(REQUIRED|RECOMMENDED|OPTIONAL)\. .*"
    r"|First\d Last\d|GRANT #\d|List of papers or websites|\.\.\.|n/a",
    re.DOTALL,
)
"""What HeuDiConv and BIDScoin write for people to replace, and BIDS's word for a missing value."""


def doi_of(said: object) -> str:
    """The address of a DOI, in lower case (DOI names do not depend on case); empty for what is none."""
    name = doi_name(str(said or ""))
    return "https://doi.org/" + quote(name.lower(), safe="/:@!$&'()*+,;=") if name else ""


def arranged(record: Mapping[str, Any]) -> tuple[dict[str, Any], list[Note]]:
    """The record without placeholders, DOIs in one form and references by whether they are addresses."""
    result, notes = without(record, _PLACEHOLDER, "a placeholder that nobody replaced")
    result["DatasetDOI"] = _resolvable(result.get("DatasetDOI"), "DatasetDOI", notes)
    sources = result.get("SourceDatasets")
    result["SourceDatasets"] = [
        one | {"DOI": _resolvable(one.get("DOI"), "SourceDatasets.DOI", notes)} if isinstance(one, dict) else one
        for one in (sources if isinstance(sources, list) else [sources])
    ]
    said = result.get("ReferencesAndLinks")
    references = said if isinstance(said, list) else [said or ""]
    links = [one for one in references if isinstance(one, str) and one.strip().startswith(_ADDRESS)]
    texts = [one for one in references if one not in links]
    result["ReferencesAndLinks"] = {"links": [one.strip() for one in links], "texts": texts}
    return result, notes


def _resolvable(said: object, field: str, notes: list[Note]) -> str:
    """The address of a DOI, or the address that stands in its place; anything else is left over."""
    text = str(said or "").strip()
    doi = doi_of(text)
    if doi:
        return doi
    if text and not text.startswith(_ADDRESS):
        notes.append(Note(NoteKind.UNMAPPED, field, text, reason="not a DOI, such as 10.18112/openneuro.ds000001"))
        return ""
    return text
