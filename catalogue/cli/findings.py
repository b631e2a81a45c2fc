"""How the command line tells findings: rule by rule in plain words, and what to do first at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.text import Text

from catalogue.cli.output import console, stars
from catalogue.cli.phrases import Phrases
from catalogue.explain import CALLED, Advice, Allowed, Choice, Explainer, Explanation, Group, Why
from catalogue.graphs import Term
from catalogue.label_words import Step, steps
from catalogue.model import Severity
from catalogue.plain import cut, name, pick, points, remedy, visible
from catalogue.publish import Checked
from catalogue.rulebook import Rulebook
from catalogue.upgrade import CURRENT

FEW_VALUES = 6
"""Most allowed values that are told; the whole number is told too."""
STEPS = 3
"""Most rules named under what to do first."""
OWED = (Severity.VIOLATION, Severity.WARNING)
"""What is told unless all is asked for: what must and what should be."""
_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold"}


class Teller:
    """Tells datasets one after the other, and at the end what all of it came to; keeps no dataset."""

    def __init__(self, rulebook: Rulebook, language: str, wanted: Sequence[Severity]) -> None:
        self._out = console()
        self._rulebook = rulebook
        self._languages = (language, "en")
        self._say = Phrases(language)
        self._wanted = wanted
        self._todo: dict[str, tuple[Advice, int]] = {}
        """What must be mended, by rule, with the number of datasets."""
        self._datasets = self._good = 0
        self._dataset = ""
        """The one that is being told."""
        self._gains: Sequence[Step] = ()
        """What would raise its label most."""

    def _print(self, text: str = "", style: str = "") -> None:
        self._out.print(Text(text, style=style))

    # --- one dataset -------------------------------------------------------------------------------------------

    def dataset(self, one: Checked) -> None:
        """Print the findings about one dataset, and what they come to."""
        self._gains = steps(one.label, self._rulebook, self._languages)[:STEPS]
        self._datasets += 1
        self._good += one.report.conforms
        self.findings(one)
        must, should = (len(one.report.of(severity)) for severity in OWED)
        self._print()
        self._print(self._say("counts", must=must, should=should, stars=stars(one.label.stars)))
        self._print()

    def findings(self, one: Checked) -> None:
        """Print the findings about one dataset."""
        self._dataset = one.iri
        explainer = Explainer(self._rulebook, one.graph, self._languages)
        title = name(one.graph, _node(one), CALLED, self._languages).text
        if title:
            self._print(cut(visible(title), 120), "bold")
        self._print(visible(one.iri), "" if title else "bold")
        self._print(self._say("checked", profile=self._rulebook.label_of(one.report.profile, *self._languages)))
        if one.written is not None:
            self._print(conversion(one))
        groups = explainer.groups([f for f in one.report.findings if f.severity in self._wanted])
        for number, group in enumerate(groups, 1):
            self._group(number, group)
            if group.advice.severity is Severity.VIOLATION:
                advice, count = self._todo.get(group.advice.rule, (group.advice, 0))
                self._todo[group.advice.rule] = advice, count + 1

    def _group(self, number: int, group: Group) -> None:
        advice = group.advice
        hard = f"{self._say.how_hard[advice.severity].upper()}: "
        self._print()
        self._out.print(Text.assemble(f"{number:3}. ", (hard, _STYLES[advice.severity]), visible(advice.message.text)))
        for label, line in self._lines(group):
            self._print(f"     {self._say.label(label)}{line}")

    def _lines(self, group: Group) -> Iterator[tuple[str, str]]:
        advice, first = group.advice, group.places[0]
        if group.count == 1:
            if first.value is not None:
                yield "found", _value(first)
                yield from self._meant(first)
            yield "where", self._where(first)
        else:
            yield "where", self._say("places", n=group.count)
            for place in group.places:
                yield "", f"- {self._where(place)}" + (f": {_value(place)}" if place.value is not None else "")
                yield from ((label, f"  {line}") for label, line in self._meant(place))
            if group.count > len(group.places):
                yield "", "- " + self._say("more", n=group.count - len(group.places))
        yield "remedy", visible(advice.fix.text)
        snippet = first.snippet if group.count == 1 else advice.snippet
        if snippet:
            yield "", f"  {visible(snippet)}"
        if advice.allowed is not None:
            yield "allowed", self._allowed(advice.allowed)
        yield from self._why(advice)

    def _where(self, place: Explanation) -> str:
        if place.finding.focus.value == self._dataset:
            return self._say("this")
        where = place.where
        return f"{where.text} <{where.iri}>" if where.iri and not where.named else where.text

    def _meant(self, place: Explanation) -> Iterator[tuple[str, str]]:
        if place.nearest is not None:
            choice, likeness = place.nearest.choice, place.nearest.likeness
            yield "", self._say("meant", name=f"{_named(choice)} {choice.term}", why=self._say.likeness[likeness])

    def _allowed(self, allowed: Allowed) -> str:
        values = ", ".join(_named(choice) for choice in allowed.values[:FEW_VALUES])
        if not allowed.whole:
            return self._say("known", values=values)
        number = len(allowed.values)
        phrase = "one" if number == 1 else "values" if number <= FEW_VALUES else "some"
        return self._say(phrase, n=number, values=values)

    def _why(self, advice: Advice) -> Iterator[tuple[str, str]]:
        first, *others = advice.why
        yield "why", self._reason(first, advice.applies_from)
        if others:
            yield "", self._say("also", citations="; ".join(why.citation for why in others))

    def _reason(self, why: Why, applies_from: date | None) -> str:
        day = f" ({self._say('from', day=applies_from.isoformat())})" if applies_from else ""
        return f"{why.citation}{day}" + (f": {visible(why.text.text)}" if why.text.text else "")

    # --- all of them -------------------------------------------------------------------------------------------

    def summary(self) -> None:
        """Print how many are in order, and what to do first."""
        good, bad = self._good, self._datasets - self._good
        if self._datasets > 1:
            self._print(self._say("datasets", n=self._datasets, good=good, bad=bad), "bold")
        if not self._todo:
            self._without_fault()
            return
        self._print(self._say("first"), "bold")
        for number, (advice, count) in enumerate(self._steps(), 1):
            place = f" ({self._say('in', n=count)})" if count > 1 else ""
            self._print(f"  {number}. {visible(advice.message.text)}{place}")
            self._print(f"     {visible(f'{advice.fix.text} {advice.snippet}'.strip())}")

    def _steps(self) -> list[tuple[Advice, int]]:
        """What the law asks already comes before what it will ask, then what most datasets lack."""
        today = date.today()

        def rank(step: tuple[Advice, int]) -> tuple[bool, int]:
            day = step[0].applies_from
            return day is not None and day > today, -step[1]

        return sorted(self._todo.values(), key=rank)[:STEPS]

    def _without_fault(self) -> None:
        """Print that nothing must be mended, and for a single dataset what would raise its label."""
        if self._datasets:
            self._print(self._say("good"))
        ways = self._gains if self._datasets == 1 else ()
        if ways:
            self._print(self._say("raise"), "bold")
        for way in ways:
            self._print(f"  +{points(way.points)}  {pick(way.criterion.name, self._languages).text}")
            for one in way.remedies:
                words, snippet = remedy(one)
                self._print(f"      {words} {snippet}".rstrip())


def _node(one: Checked) -> Term:
    return next(node for node in one.graph.nodes if node.value == one.iri)


def _value(place: Explanation) -> str:
    if place.value is None:
        return ""
    return f"{place.value.text} ({place.value.kind})" if place.value.kind else place.value.text


def _named(choice: Choice) -> str:
    return choice.code if choice.code == choice.name.text else f"{cut(choice.name.text, 60)} ({choice.code})"


def conversion(one: Checked) -> str:
    """One line about a description of an earlier release, as written and as converted; empty for a current one."""
    if one.written is None:
        return ""
    release = f"written for Release {one.release}, " if str(one.release) not in ("", "several", str(CURRENT)) else ""
    written, now = (len(report.of(Severity.VIOLATION)) for report in (one.written, one.report))
    before = f"{written} as written" if one.written.tested else "as written it is not even seen to be a dataset"
    return (
        f"{release}converted to Release {CURRENT} in {len(one.notes)} places; must be mended: "
        f"{before}, {now} as converted (both by the rules of Release {CURRENT})"
    )
