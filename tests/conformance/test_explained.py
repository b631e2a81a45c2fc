"""Every finding on every failing example is told in plain words first: what, where, why, how, and what was meant."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from catalogue.errors import BadRdf
from catalogue.explain import Explainer, Explanation
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.model import Finding
from catalogue.names import DCAT, PREFIXES
from catalogue.rulebook import Rulebook
from catalogue.shacl import Compiled

EXAMPLES = Path(__file__).resolve().parents[1] / "rules"
FAILING = sorted(EXAMPLES.rglob("fail*.ttl"))
LANGUAGES = ("en", "fr", "de")
JARGON = re.compile(
    r"\b[a-z]+:[A-Za-z]|https?:|\b(IRI|URI|RDF|SHACL|literal|blank node|triple|datatype|predicate|namespace|shape)\b"
)
PLAIN = {"https://w3id.org/ehds-catalogue/rule/column/datatype"}
"""Rules whose subject is what the word means: the type of the values of a variable."""
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@pytest.fixture(scope="session")
def findings(rulebook: Rulebook) -> list[tuple[Path, Graph, str, Finding]]:
    compiled = cache(lambda profile: Compiled(rulebook.profiles[profile].shapes, rulebook.vocabulary))
    found = []
    for path in FAILING:
        graph = Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))
        profile = profile_of(rulebook, graph, path)
        found += [(path, graph, profile, finding) for finding in compiled(profile).validate(graph)[0]]
    assert {finding.rule for *_, finding in found} == set(rulebook.rules)
    return found


def profile_of(rulebook: Rulebook, graph: Graph, example: Path) -> str:
    """The profile, for the access right of an example, of the specification that has its rule."""
    rule = NamedNode(f"https://w3id.org/ehds-catalogue/rule/{example.parent.relative_to(EXAMPLES).as_posix()}")
    dataset = graph.instances(DCAT.Dataset)[0]
    profiles = [rulebook.profile_for(graph, dataset, name) for name in rulebook.specifications]
    return next(profile.iri for profile in profiles if rule in profile.shapes)


def explained(rulebook: Rulebook, graph: Graph, finding: Finding, language: str) -> Explanation:
    return Explainer(rulebook, graph, (language,)).explain(finding)


def test_every_finding_is_told_in_plain_words(rulebook: Rulebook, findings: list) -> None:  # type: ignore[type-arg]
    for language in LANGUAGES:
        for path, graph, _, finding in findings:
            told = explained(rulebook, graph, finding, language)
            first = told.advice.message.text
            assert first, path
            assert finding.rule in PLAIN or not JARGON.search(first), f"{path}: {first}"
            assert told.where.text, path
            assert not JARGON.search(told.where.text.split("“")[0].split("«")[0].split("„")[0]), path
            assert told.advice.fix.text, path
            assert told.advice.why, path
            assert all(why.citation for why in told.advice.why), path
            assert told.advice.why[0].text.text, f"{path}: nothing says why in words"
            if told.value is not None:
                assert told.value.text.isprintable(), path


def test_every_snippet_can_be_pasted(rulebook: Rulebook, findings: list) -> None:  # type: ignore[type-arg]
    seen = {
        (explained(rulebook, graph, finding, language).snippet, finding.rule)
        for language in LANGUAGES
        for _, graph, _, finding in findings
    }
    assert [f"{rule}: {snippet}" for snippet, rule in sorted(seen) if not pastable(snippet)] == []


def pastable(snippet: str) -> bool:
    """It is Turtle: values of a thing, or statements of their own."""
    return not snippet or any(map(reads, (f"<urn:x> {snippet} .", snippet, f"{snippet} .")))


def reads(turtle: str) -> bool:
    try:
        return any(parse((HEAD + turtle).encode(), "text/turtle"))
    except BadRdf:
        return False


def test_what_is_suggested_mends_the_fault(rulebook: Rulebook, findings: list) -> None:  # type: ignore[type-arg]
    """Put in place of the value, it breaks the rule no more."""
    suggested = 0
    compiled = cache(lambda profile: Compiled(rulebook.profiles[profile].shapes, rulebook.vocabulary))
    for path, graph, profile, finding in findings:
        nearest = explained(rulebook, graph, finding, "en").nearest
        if nearest is None:
            continue
        suggested += 1
        mended = Graph()
        for triple in graph:
            wrong = triple.object == finding.value and triple.subject == finding.focus
            mended.add(triple.subject, triple.predicate, nearest.choice.term if wrong else triple.object)
        left = compiled(profile).validate(mended)[0]
        again = (finding.rule, finding.focus, nearest.choice.term)
        assert again not in {(f.rule, f.focus, f.value) for f in left}, path
    assert suggested > 5
