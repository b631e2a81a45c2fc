"""What a finding means, for people: what is wrong, where, why it matters, how to mend it, what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from catalogue.allowed import Lists, code_of
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term
from catalogue.model import Finding, Severity
from catalogue.names import CV, DCAT, DCT, FOAF, RDF, RDFS, SH, SKOS, VCARD
from catalogue.nearest import Likeness, Names
from catalogue.plain import Words, curie, cut, name, pick, remedy, visible
from catalogue.rulebook import Rulebook

LONGEST = 120
"""Most characters of a value that are shown; the finding holds the whole."""
LONGEST_NAME = 80
"""Most characters of the name of a thing that are shown."""
FEW = 5
"""Most places of one rule that are told when only a few are asked for."""
CALLED = (FOAF.name, DCT.title, RDFS.label, SKOS.prefLabel, VCARD.fn, VCARD["organization-name"], CV.email)
"""Properties by which people know a thing in a description."""

PHRASES: Mapping[str, tuple[str, str]] = {
    "en": ("{kind} “{name}”", "{kind} of the {whole}"),
    "fr": ("{kind} « {name} »", "{kind} ({whole})"),
    "de": ("{kind} „{name}“", "{kind} ({whole})"),
}
"""How a thing with a name, and a thing that is part of another, are called in each language."""


@dataclass(frozen=True, slots=True)
class Why:
    """A provision or section of a specification behind a rule."""

    provision: str
    """Its IRI."""
    citation: str
    text: Words
    """What it says, in our words; empty when the rulebook has none."""
    applies_from: date | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a rule admits."""

    term: Term
    code: str
    name: Words

    @property
    def iri(self) -> str:
        """Its IRI; empty for plain text."""
        return self.term.value if isinstance(self.term, NamedNode) else ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that a rule admits, in the order of their list."""

    values: tuple[Choice, ...]
    whole: bool
    """No other value is admitted; otherwise these are those the rulebook knows."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule says to whoever broke it, wherever that was."""

    rule: str
    severity: Severity
    message: Words
    why: tuple[Why, ...]
    """Law first, then specifications."""
    applies_from: date | None
    """The day from which the law behind it applies; None when no law does."""
    fix: Words
    snippet: str
    """An example in Turtle; empty when the rule gives none."""
    allowed: Allowed | None


@dataclass(frozen=True, slots=True)
class Where:
    """The thing that is wrong, in words."""

    text: str
    language: str
    iri: str
    """Its IRI; empty when it has none."""
    named: bool
    """The words have its name."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value that is wrong, fit to be shown."""

    text: str
    kind: str
    """What sort of value it is: "text", "link", "whole number"."""
    language: str
    """Of ``kind``."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The admitted value that was probably meant."""

    choice: Choice
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding, explained."""

    finding: Finding
    advice: Advice
    where: Where
    value: Value | None
    """None when something is missing, or is there too often."""
    nearest: Meant | None

    @property
    def snippet(self) -> str:
        """What to write: with the value that was probably meant, else the example of the rule."""
        path = self.finding.path
        if self.nearest is None or path is None or "<" in path or not self.advice.snippet.startswith(curie(path) + " "):
            return self.advice.snippet
        return f"{curie(path)} {self.nearest.choice.term}"


@dataclass(frozen=True, slots=True)
class Group:
    """One rule that was broken, with the first few places where it was."""

    advice: Advice
    places: tuple[Explanation, ...]
    count: int
    """Of all places."""

    def in_force(self, today: date) -> bool:
        """Whether somebody can be held to the rule already."""
        return self.advice.applies_from is None or self.advice.applies_from <= today


class Guide:
    """What there is to say about the rules of one rulebook, worked out once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._lists = Lists(rulebook)
        self._names: dict[str, Names | None] = {}
        self._advice: dict[tuple[str, tuple[str, ...]], Advice] = {}

    def advice(self, rule: str, languages: tuple[str, ...]) -> Advice:
        """What the rule says in the best of the languages."""
        known = self._advice.get((rule, languages))
        if known is None:
            known = self._advice[rule, languages] = self._advise(rule, languages)
        return known

    def _advise(self, iri: str, languages: tuple[str, ...]) -> Advice:
        rule = self.rulebook.rules[iri]
        fix = pick(rule.fix, languages)
        words, snippet = remedy(fix.text)
        law_first = sorted(rule.provisions, key=lambda source: source not in self.rulebook.provisions)
        admitted = self._lists.of(iri)
        return Advice(
            rule=iri,
            severity=rule.severity,
            message=pick(rule.message, languages),
            why=tuple(self._why(source, languages) for source in law_first),
            applies_from=self.rulebook.applies_from(rule),
            fix=Words(words, fix.language),
            snippet=snippet,
            allowed=Allowed(tuple(self.choice(value, languages) for value in admitted.values), admitted.whole)
            if admitted
            else None,
        )

    def _why(self, iri: str, languages: Sequence[str]) -> Why:
        provision = self.rulebook.provisions.get(iri)
        if provision is not None:
            text = pick(provision.text, languages)
            return Why(iri, self.rulebook.cite(iri, *languages), text, provision.applies_from)
        graph, section = self.rulebook.graph, NamedNode(iri)
        whole = graph.value(section, DCT.isPartOf) or section
        return Why(iri, self.rulebook.label_of(iri, *languages), name(graph, whole, [SKOS.definition], languages), None)

    def choice(self, value: Term, languages: Sequence[str]) -> Choice:
        """An admitted value with its code and name."""
        code = code_of(self.rulebook.graph, value)
        called = name(self.rulebook.graph, value, (SKOS.prefLabel, DCT.title, RDFS.label), languages)
        return Choice(value, code, called if called.text else Words(code))

    def names(self, rule: str) -> Names | None:
        """The codes and names of what a rule admits."""
        if rule not in self._names:
            admitted = self._lists.of(rule)
            self._names[rule] = Names(self.rulebook.vocabulary, admitted.values) if admitted else None
        return self._names[rule]


@lru_cache(maxsize=4)
def guide(rulebook: Rulebook) -> Guide:
    """The guide to a rulebook, made once for each."""
    return Guide(rulebook)


class Explainer:
    """Explains the findings about one description in the reader's languages, best first; English stands in."""

    def __init__(self, rulebook: Rulebook, graph: Graph, languages: Iterable[str] = ()) -> None:
        self._guide = guide(rulebook)
        self._rulebook = rulebook
        self._graph = graph
        self._languages = tuple(languages) or ("en",)
        self._parents: dict[Term, tuple[Term, str]] | None = None

    def explain(self, finding: Finding) -> Explanation:
        """What a finding means."""
        advice = self._guide.advice(finding.rule, self._languages)
        value = None if finding.value == finding.focus else finding.value
        return Explanation(
            finding=finding,
            advice=advice,
            where=self.where(finding.focus),
            value=None if value is None else self._value(value),
            nearest=None if value is None or advice.allowed is None else self._nearest(finding.rule, value),
        )

    def groups(self, findings: Iterable[Finding], most: int = FEW) -> list[Group]:
        """The findings by rule: the hardest first, then what lies at most places; ``most`` places of each explained."""
        by_rule: dict[str, list[Finding]] = {}
        for finding in findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        order = list(Severity)
        ranked = sorted(by_rule.values(), key=lambda of: (order.index(of[0].severity), -len(of), of[0].rule))
        return [
            Group(self._guide.advice(of[0].rule, self._languages), tuple(map(self.explain, of[:most])), len(of))
            for of in ranked
        ]

    # --- where -------------------------------------------------------------------------------------------------

    def where(self, thing: Term) -> Where:
        """A thing in the description by its kind and name: "distribution “Table 1”", "period of the dataset"."""
        kind, called = self._kind(thing), self._called(thing)
        words = self._with_name(kind, called)
        if not called and (parent := self._parent(thing)) is not None:
            whole = self._with_name(
                self._kind(parent[0]), "" if self._is_dataset(parent[0]) else self._called(parent[0])
            )
            words = Words(self._phrase(kind.language, 1).format(kind=kind.text, whole=whole.text), kind.language)
        iri = visible(thing.value) if isinstance(thing, NamedNode) else ""
        return Where(words.text, words.language, iri, bool(called))

    def _is_dataset(self, thing: Term) -> bool:
        return DCAT.Dataset in self._graph.objects(thing, RDF.type)

    def _with_name(self, kind: Words, called: str) -> Words:
        if not called:
            return kind
        return Words(self._phrase(kind.language, 0).format(kind=kind.text, name=called), kind.language)

    def _phrase(self, language: str, which: int) -> str:
        return PHRASES.get(language, PHRASES["en"])[which]

    def _called(self, thing: Term) -> str:
        return cut(visible(name(self._graph, thing, CALLED, self._languages).text), LONGEST_NAME)

    def _kind(self, thing: Term) -> Words:
        """What sort of thing it is: by its class, else by the property that leads to it."""
        classes = [kind for kind in self._graph.objects(thing, RDF.type) if isinstance(kind, NamedNode)]
        parent = self._parent(thing)
        for term in (*classes, *((NamedNode(parent[1]),) if parent else ())):
            words = name(self._rulebook.graph, term, [RDFS.label], self._languages)
            if words.text:
                return words
        return name(self._rulebook.graph, RDFS.Resource, [RDFS.label], self._languages)

    def _parent(self, thing: Term) -> tuple[Term, str] | None:
        """What points to a thing, and by which property."""
        if self._parents is None:
            self._parents = {}
            for subject in self._graph.nodes:
                for predicate, values in self._graph.outgoing(subject).items():
                    for value in values:
                        if not isinstance(value, Literal):
                            self._parents.setdefault(value, (subject, predicate))
        return self._parents.get(thing)

    # --- value -------------------------------------------------------------------------------------------------

    def _value(self, value: Term) -> Value:
        if isinstance(value, BlankNode):
            where = self.where(value)
            return Value(where.text, "", where.language)
        if isinstance(value, Literal):
            kind = name(self._rulebook.graph, value.datatype, [RDFS.label], self._languages)
            text = visible(value.value)
        else:
            kind = name(self._rulebook.graph, SH.IRI, [RDFS.label], self._languages)
            text = visible(curie(value.value))
        return Value(cut(text, LONGEST), kind.text, kind.language)

    def _nearest(self, rule: str, value: Term) -> Meant | None:
        names = self._guide.names(rule)
        found = names.nearest(value, self._graph) if names else None
        if found is None or found.value == value:
            return None
        return Meant(self._guide.choice(found.value, self._languages), found.likeness)
