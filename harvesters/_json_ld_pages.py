"""Finds JSON-LD in files and in web pages as these are written, not only as they should be."""

from __future__ import annotations

import codecs
import json
import re
from html.parser import HTMLParser
from typing import Any

from harvesters._json import shallow

HEAD = 4096
"""Bytes in which a page says how it is encoded."""
TAIL = 20
"""Characters in which the end of a comment around a script stands."""
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BEFORE = re.compile(r"(?://\s*)?(?:<!--|<!\[CDATA\[)")
_AFTER = re.compile(r"(?://\s*)?(?:-->|\]\]>)$")
"""Comments and CDATA sections around a script."""


def json_ld(content: bytes) -> tuple[list[Any], int]:
    """The JSON of a file, or of every script in a page, and how many of them with a ``Dataset`` cannot be read.

    Line breaks inside texts, comments around scripts and encodings other than UTF-8 are taken.
    """
    text = decoded(content)
    scripts = _scripts(text) if text.lstrip().startswith("<") else [text]
    found, broken = [], 0
    for script in scripts:
        try:
            held = json.loads(_unwrapped(script), strict=False)
            if not shallow(held):
                raise ValueError
            found.append(held)
        except (ValueError, RecursionError):
            broken += "Dataset" in script or len(scripts) == 1
    return found, broken


def decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-8, as a page says itself, else in the Western code page."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        said = _CHARSET.search(content[:HEAD])
    try:
        return content.decode(said[1].decode("ascii") if said else "cp1252", "replace")
    except LookupError:
        return content.decode("cp1252", "replace")


def _unwrapped(script: str) -> str:
    text = script.strip()
    opening = _BEFORE.match(text)
    if opening is not None:
        text = text[opening.end() :]
        text = text[:-TAIL] + _AFTER.sub("", text[-TAIL:])
    return text.strip().rstrip(";")


def _scripts(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    page.close()
    joined = ("".join(parts) for parts in page.scripts)
    return [script for script in joined if script.strip()]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.scripts.append([])

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1].append(data)
