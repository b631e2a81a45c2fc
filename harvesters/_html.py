"""Reads text that was written as HTML as what a person sees of it: no tags, and lines where blocks begin and end."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|h[1-6]|i|li|ol|p|pre|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(?:\s[^<>=]*+=[^<>]*+|\s*+/?)>",
    re.IGNORECASE,
)
"""A tag by which text is known to be HTML: `a < b` and `<jane@example.org>` are none."""
LONGEST = 50_000
"""Characters; longer text stays as it is, because the parser takes its time over what is not well-formed."""
_BLOCKS = {"p", "div", "ul", "ol", "table", "tr", "blockquote", "pre", *(f"h{number}" for number in range(1, 7))}
_CELLS = {"td", "th"}
_SILENT = {"script", "style", "template"}


def plain(text: str) -> str:
    """The words of HTML, addresses of links in brackets behind them; other text as it is."""
    if len(text) > LONGEST or not _TAG.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Gathers the words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []
        """Addresses of links that are open, and how many words there were before each."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.words.append("\n")
        elif tag == "li":
            self.words.append("\n- ")
        elif tag in _BLOCKS:
            self.words.append("\n\n" if tag == "p" else "\n")
        elif tag in _CELLS:
            self.words.append(" ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in _BLOCKS:
            self.words.append("\n")
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            if address.startswith(("http://", "https://")) and address not in "".join(self.words[start:]):
                self.words.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))
