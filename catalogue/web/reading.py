"""In which languages a reader wants descriptions and concepts, and the best text there is for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for

from catalogue.graphs import Graph, Literal, NamedNode, Term
from catalogue.web.phrases import LANGUAGES

INTERFACE = "en"
"""The language the interface is written in."""
_TAG = re.compile("[a-zA-Z]{2,3}")


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in; empty when it is not known."""

    text: str
    language: str = ""

    @property
    def foreign(self) -> bool:
        """In a language the reader did not ask for."""
        return bool(self.language) and self.language not in languages()

    @property
    def tongue(self) -> str:
        """The name of the language."""
        return LANGUAGES.get(self.language, self.language)


def known_tag(language: str) -> bool:
    """Whether a language may stand in a ``lang`` attribute: private tags mean nothing to browsers."""
    return bool(_TAG.fullmatch(language))


def languages() -> tuple[str, ...]:
    """The reader's languages, best first, as primary tags: ``?lang=``, then ``Accept-Language``, then English."""
    if "languages" not in g:
        chosen = request.args.get("lang", "")
        tags = [chosen] if _TAG.fullmatch(chosen) else []
        tags += [tag for tag, quality in request.accept_languages if quality > 0]
        primary = [tag.split("-")[0].lower() for tag in tags if _TAG.match(tag)]
        g.languages = tuple(dict.fromkeys([*primary[:8], INTERFACE]))
    return g.languages  # type: ignore[no-any-return]


def say(texts: Mapping[str, str]) -> Said:
    """The best of several translations."""
    primary = {tag.split("-")[0].lower(): tag for tag in reversed(list(texts))}
    for language in languages():
        if language in primary:
            return Said(texts[primary[language]], language)
    for tag, text in texts.items():
        return Said(text, tag.split("-")[0].lower())
    return Said("")


def said(graph: Graph, subject: Term, *predicates: NamedNode) -> Said | None:
    """The best literal of the first of ``predicates`` that has one."""
    for predicate in predicates:
        literals = [o for o in graph.objects(subject, predicate) if isinstance(o, Literal)]
        if literals:
            return best(literals)
    return None


def best(literals: Iterable[Literal]) -> Said:
    """The literal in the best language."""
    texts: dict[str, str] = {}
    for literal in literals:
        texts.setdefault(literal.language or "", literal.value)
    return say(texts)


def install(app: Flask) -> None:
    """Keep ``?lang=`` in every link, and offer the languages to the templates."""

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        chosen = request.args.get("lang", "") if request else ""
        if endpoint != "static" and _TAG.fullmatch(chosen):
            values.setdefault("lang", chosen)

    def other_arguments() -> list[tuple[str, str]]:
        return [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]

    def language_target() -> str:
        """Where the language form goes: this page, or for a page that only answers POST its own address."""
        return request.path if request.endpoint else url_for("pages.home")

    app.jinja_env.filters["known_tag"] = known_tag
    app.jinja_env.globals |= {
        "say": say,
        "reader_languages": languages,
        "all_languages": LANGUAGES,
        "other_arguments": other_arguments,
        "language_target": language_target,
    }
