"""Answers, reports and labels for tests of how the label adds up, by the rulebook that is shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from catalogue.graphs import NamedNode
from catalogue.label import label
from catalogue.model import Finding, Report
from catalogue.names import EU
from catalogue.quality import Answer, Basis, Criterion, Label, Mark, Ruling, Said, Scheme, Scored
from catalogue.resources import read_files
from catalogue.rulebook import Rulebook
from catalogue.shacl import check

DATASET = NamedNode("https://example.org/dataset")
TODAY = date(2026, 11, 24)
LINK = "https://holder.example/report"
HOLDER = "https://holder.example/"
RULE = "https://w3id.org/ehds-catalogue/rule/"


@cache
def rules() -> Rulebook:
    """The rulebook that is shipped, also where a fixture cannot be had: in strategies and parameters."""
    return Rulebook.load(read_files("shapes") | read_files("vocab"), check)


def criterion(identifier: str) -> Criterion:
    """A criterion of the rulebook by what people call it."""
    found = rules().criterion(identifier)
    assert found is not None, identifier
    return found


@cache
def profile(right: str | None) -> str:
    """The profile for an access right, ``PUBLIC`` and so on."""
    wanted = right and f"{EU}access-right/{right}"
    first = rules().specifications[0]
    return next(p.iri for p in rules().profiles.values() if p.specification == first and p.access_right == wanted)


@cache
def deciding() -> tuple[str, ...]:
    """Every rule on which a level rests."""
    return tuple(sorted({rule for one in rules().criteria for rule in one.rules}))


def report(tested: Iterable[str] = (), broken: Iterable[str] = (), right: str | None = None) -> Report:
    """What a check would say: which rules were tested and which of them are broken, each once."""
    broken = sorted(broken)
    found = tuple(Finding(one, DATASET, None, None, "x", rules().rules[one].severity) for one in broken)
    return Report(profile(right), found, dict.fromkeys({*tested, *broken}, 1))


def answer(identifier: str, level: int | None, basis: Basis = Basis.DECLARED, **more: Any) -> Answer:
    """An answer that counts: given by the holder today, with a link and a reason."""
    given: dict[str, Any] = {"given": TODAY, "by": HOLDER, "evidence": (LINK,), "note": "a reason"}
    return Answer(criterion(identifier).iri, level, basis, **given | more)


def labelled(
    answers: Iterable[Answer] = (), found: Report | None = None, scheme: str | Scheme | None = None, *rulings: Ruling
) -> Label:
    """The label on that day."""
    chosen = scheme if isinstance(scheme, Scheme) else rules().scheme(scheme)
    said = Said(tuple(answers), rulings)
    return label(DATASET, found or report(), rules(), said, today=TODAY, scheme=chosen)


def scored(given: Label) -> Mapping[str, Scored]:
    """Every criterion that is no gate, by its identifier."""
    by_iri = rules().criteria_by_iri
    return {by_iri[one.mark.criterion].identifier: one for grade in given.grades for one in grade.scored}


def marked(given: Label, identifier: str) -> Mark:
    """The mark on a criterion."""
    wanted = criterion(identifier).iri
    return next(one for one in (*given.marks, *given.gates) if one.criterion == wanted)
