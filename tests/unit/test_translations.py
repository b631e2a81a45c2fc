"""Every rule is told in every language of the program, and its example stays the code that it is in English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from catalogue.graphs import Literal, NamedNode, Quad, parse
from catalogue.names import CAT, DCT, RDFS, SH, SKOS
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.web.shown import remedy

LANGUAGES = ("fr", "de")
"""Beside English, which ``shapes/rulebook.ttl`` asks of every rule."""
TEXTS = (SH.message, CAT.fix, CAT.evidence, DCT.title, SKOS.definition, SKOS.prefLabel, SKOS.note, RDFS.label)
"""All that a file of translations may state."""


def statements(language: str) -> Iterator[tuple[str, Quad]]:
    """What the files of one language state, each with its file."""
    for path, content in (read_files("shapes") | read_files("vocab")).items():
        if path.split("/")[-2] == language:
            yield from ((path, quad) for quad in parse(content, "text/turtle", where=path))


def code(snippet: str) -> str:
    """An example without the words that people read: those in quotation marks with a language."""
    return re.sub(r'"[^"]*"@[a-z]+', '""@', snippet)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_and_profile_is_told(rulebook: Rulebook, language: str) -> None:
    silent = [r.iri for r in rulebook.rules.values() if not (r.message.get(language) and r.fix.get(language))]
    silent += [
        iri
        for iri in rulebook.profiles
        if all(title.language != language for title in rulebook.graph.objects(NamedNode(iri), DCT.title))
    ]
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_about_what_exists(rulebook: Rulebook, language: str) -> None:
    english = {
        (quad.subject, quad.predicate): quad.object.value
        for quad in rulebook.graph
        if isinstance(quad.object, Literal) and quad.object.language == "en"
    }
    told: Counter[tuple[object, object]] = Counter()
    for path, quad in statements(language):
        about = (quad.subject, quad.predicate)
        told[about] += 1
        assert quad.predicate in TEXTS, (path, quad)
        assert isinstance(quad.object, Literal), (path, quad)
        assert quad.object.language == language, (path, quad)
        assert about in english, f"{path} translates {quad.predicate} of {quad.subject}, which is not there in English"
        if quad.predicate in (SH.message, CAT.fix, SKOS.definition):
            assert quad.object.value != english[about], (path, quad)
    assert [about for about, times in told.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_stay_code(rulebook: Rulebook, language: str) -> None:
    for rule in rulebook.rules.values():
        words, example = remedy(rule.fix["en"])
        translated, same = remedy(rule.fix[language])
        assert (code(same), bool(same)) == (code(example), bool(example)), (rule.iri, rule.fix[language])
        assert translated != words, (rule.iri, translated)
        tagged = set(re.findall(r'"@([a-z]+)', same))
        assert tagged <= {language} or same == example, (rule.iri, same)
