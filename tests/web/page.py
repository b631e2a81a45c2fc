"""Reads a page as a test, a screen reader and the content security policy see it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from catalogue.names import key

HOSTILE = "urn:example:hostile"
ONCOLOGY = "https://data.example.org/oncology-cohort"


class Page(HTMLParser):
    """What a test wants to know about a page; fails for what no page may have."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data + " "

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every such element."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]

    def problems(self) -> list[str]:
        """Breaches of the policy and of what a screen reader needs."""
        ids = Counter(attributes["id"] for _, attributes in self.tags if "id" in attributes)
        labelled = {attributes["for"] for attributes in self.all("label")}
        found = [f"<{tag}>" for tag in ("style", "iframe", "object", "base") if self.all(tag)]
        found += ["<script>" for one in self.all("script") if one != {"type": "application/ld+json"}]
        found += [
            f"{n} of {t}" for t, n in (("h1", 1), ("main", 1), ("title", 1), ("footer", 1)) if len(self.all(t)) != n
        ]
        found += [f"id {name} {count} times" for name, count in ids.items() if count > 1]
        for tag, attributes in self.tags:
            found += [f"{tag} {name}" for name in attributes if name == "style" or name.startswith("on")]
            if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden":
                found += [f"{tag} without label"] if attributes.get("id") not in labelled else []
            if tag == "a" and re.match(r"\s*(javascript|data|vbscript):", attributes.get("href", ""), re.I):
                found.append("link " + attributes["href"])
            if tag == "th" and "scope" not in attributes:
                found.append("th without scope")
            for reference in attributes.get("aria-labelledby", "").split():
                found += [] if reference in ids else [f"aria-labelledby {reference}"]
        found += ["table without caption"] if len(self.all("table")) != len(self.all("caption")) else []
        return found


def read(response: TestResponse) -> Page:
    """A page that must be in order."""
    assert response.mimetype == "text/html"
    page = Page(response.get_data(as_text=True))
    assert page.problems() == []
    return page


def path_of(iri: str) -> str:
    """The address of a dataset whose IRI is not ours."""
    return "/dataset/" + key(iri)
