"""Rules, profiles, law, label elements and vocabularies: read from Turtle and checked by their own shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from catalogue import quality_reading as label_reading
from catalogue import rulebook_reading as reading
from catalogue.errors import BadRdf, ConfigurationError, RulebookError
from catalogue.graphs import BlankNode, Canonical, Graph, Literal, NamedNode, Quad, Term, Triple, digest, parse
from catalogue.model import Check, Provision, Requirement, Rule
from catalogue.names import CAT, DCT, EARL, ELI, FOAF, RDF, RDFS, SH, SKOS
from catalogue.quality import Criterion, Dimension, Element, Scheme
from catalogue.rulebook_reading import Profile

__all__ = ["Check", "Profile", "Rulebook"]

NAMES = (SKOS.prefLabel, SKOS.altLabel, SKOS.notation, DCT.title, RDFS.label)
"""Properties by which people call a concept."""
LINKS = (SKOS.exactMatch, SKOS.broader)
"""Whoever asks for a concept also wants what is tagged with these."""
OWN_SHAPES = "shapes/rulebook.ttl"
"""The shapes that every rulebook must satisfy. Files directly in ``shapes/`` check settings and hold no rules."""


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """Everything that decides, loaded once; ``digest`` names exactly this state of it. Equal to itself alone."""

    digest: str
    """RDFC-1.0 digest over all files together."""
    rules: Mapping[str, Rule]
    profiles: Mapping[str, Profile]
    specifications: tuple[str, ...]
    """IRIs of the specifications that have profiles; the first is the one by which a dataset is checked unasked."""
    provisions: Mapping[str, Provision]
    elements: tuple[Element, ...]
    """Of the label, in the order of their letters."""
    dimensions: Mapping[str, Dimension]
    criteria: tuple[Criterion, ...]
    """Of the label, in the order of the file."""
    schemes: tuple[Scheme, ...]
    """Of the label; the first is the one that is used unasked."""
    vocabulary: Graph
    """Concepts, schemes, legal acts, metrics and class axioms: context for validation, labels for people."""
    graph: Graph
    """Everything, to publish as RDF; a provision of :attr:`requirements` is an ``earl:TestRequirement`` there."""
    names_digest: str
    """Of the names of concepts and the links between them: by these datasets are found."""
    _specifications: Mapping[str, str] = field(default_factory=dict, repr=False)
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    requirements: tuple[Requirement, ...] = field(init=False, repr=False)
    """The provisions on which datasets get a verdict, in the order of the provisions."""
    criteria_by_iri: Mapping[str, Criterion] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "criteria_by_iri", {criterion.iri: criterion for criterion in self.criteria})
        label_only = {element.provision for element in self.elements}
        found = _requirements(self.rules.values(), self.provisions, label_only)
        object.__setattr__(self, "requirements", tuple(found))
        for requirement in self.requirements:
            self.graph.add(NamedNode(requirement.provision), RDF.type, EARL.TestRequirement)

    @classmethod
    def load(cls, files: Mapping[str, bytes], check: Check) -> Rulebook:
        """Read Turtle files by path (``shapes/...``, ``vocab/...``).

        Raises :class:`~catalogue.errors.RulebookError` that lists every problem found, one a line.
        """
        parts = _parse_all(files)
        shapes = _merge(part for path, part in parts.items() if path.startswith("shapes/") and path.count("/") > 1)
        vocab = _merge(part for path, part in parts.items() if path.startswith("vocab/"))
        whole = _merge((shapes, vocab))
        _refuse([*_broken(parts, whole, check)])
        rules = {node.value: reading.rule(whole, node) for node in reading.named(whole, CAT.Rule)}
        profiles = {node.value: reading.profile(whole, shapes, node) for node in reading.named(whole, CAT.Profile)}
        dimensions = label_reading.dimensions(vocab)
        default = reading.default_specification(whole)
        _refuse([*_unused(rules, profiles), *_without_default(profiles, default)])
        return cls(
            digest=digest(Canonical(_merge(parts.values())).content),
            rules=rules,
            profiles=profiles,
            specifications=(default, *sorted({p.specification for p in profiles.values()} - {default})),
            provisions=reading.provisions(vocab),
            elements=label_reading.elements(vocab),
            dimensions=dimensions,
            criteria=label_reading.criteria(vocab, dimensions),
            schemes=label_reading.schemes(vocab),
            vocabulary=reading.vocabulary(vocab),
            graph=whole,
            names_digest=reading.names_digest(vocab, (*NAMES, *LINKS)),
            _specifications=reading.specifications(whole),
        )

    def specification(self, name: str | None) -> str:
        """The IRI of a specification by its IRI or the end of it (``eucaim``); None gives the default.

        Raises :class:`~catalogue.errors.ConfigurationError` for one that has no profile here.
        """
        if not name:
            return self.specifications[0]
        for iri in self.specifications:
            if name in (iri, iri.rsplit("/", 1)[-1]):
                return iri
        known = ", ".join(iri.rsplit("/", 1)[-1] for iri in self.specifications)
        raise ConfigurationError(f"no profile follows the specification {name}", remedy=f"use one of: {known}")

    def scheme(self, name: str | None) -> Scheme:
        """A label scheme by its name or IRI; None gives the one that is used unasked.

        Raises :class:`~catalogue.errors.ConfigurationError` for one that is not there.
        """
        for scheme in self.schemes:
            if not name or name in (scheme.name, scheme.iri):
                return scheme
        known = ", ".join(scheme.name for scheme in self.schemes)
        raise ConfigurationError(f"there is no label scheme {name}", remedy=f"use one of: {known}")

    def criterion(self, name: str) -> Criterion | None:
        """A label criterion by its IRI or identifier."""
        return self.criteria_by_iri.get(name) or next((one for one in self.criteria if one.identifier == name), None)

    def worth(self, rule: str, scheme: Scheme | None = None) -> float:
        """The points that the levels which require a rule add in a label scheme (the first unless given)."""
        weights = (scheme or self.schemes[0]).weights
        return sum(
            weights.get(criterion.iri, 0.0) * (criterion.share(level.value) - criterion.share(below.value))
            for criterion in self.criteria
            for below, level in pairwise(criterion.levels)
            if rule in level.requires
        )

    def specification_stated(self, graph: Graph, dataset: Term) -> str | None:
        """The specification that the catalogue records of a dataset say its description follows.

        Only ``dct:conformsTo`` of a record counts: on the dataset itself it is about the data (DCAT-AP 3). None when
        nothing is said, when it is none that has a profile here, and when records disagree.
        """
        known = {
            self._specifications.get(value.value.rstrip("/#"))
            for record in graph.subjects(FOAF.primaryTopic, dataset)
            for value in graph.objects(record, DCT.conformsTo)
        }.intersection(self.specifications)
        return known.pop() if len(known) == 1 else None

    def profile_for(self, graph: Graph, dataset: Term, specification: str | None = None) -> Profile:
        """The profile of a specification for a dataset by its ``dct:accessRights``, newest release first.

        No value, several that differ, or one we have no profile for gives the profile without an access right.
        ``specification`` is what :meth:`specification` takes; raises what it raises.
        """
        wanted_specification = self.specification(specification)
        stated = {value.value for value in graph.objects(dataset, DCT.accessRights)}
        right = stated.pop() if len(stated) == 1 else None
        ours = (p for p in self.profiles.values() if p.specification == wanted_specification)
        newest = sorted(ours, key=lambda p: (int(p.release), p.iri), reverse=True)
        for wanted in (right, None):
            for profile in newest:
                if profile.access_right == wanted:
                    return profile
        raise RulebookError("no profile without dct:accessRights", where="profiles", remedy="declare one")

    def label_of(self, iri: str, *languages: str) -> str:
        """The name of anything in the rulebook in the first language there is; else the end of its IRI."""
        node = NamedNode(iri)
        for name in (SKOS.prefLabel, DCT.title, RDFS.label, ELI.number):
            text = self.graph.text(node, name, *languages, "en")
            if text:
                return text
        return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]

    def applies_from(self, rule: Rule) -> date | None:
        """The day from which somebody can be held to a rule: its own, else the earliest of its provisions."""
        own = [self.provisions[iri].applies_from for iri in rule.provisions if iri in self.provisions]
        return rule.applies_from or min((day for day in own if day), default=None)

    def cite(self, iri: str, *languages: str) -> str:
        """A provision as lawyers cite it ("Art. 77(1) EHDS"); a specification section by its name."""
        node = NamedNode(iri)
        number, act = self.graph.text(node, ELI.number), self.graph.value(node, ELI.is_part_of)
        if number is None or act is None:
            return self.label_of(iri, *languages)
        short = self.graph.text(act, ELI.title_short, *languages, "en")
        return f"{number} {short or self.label_of(act.value, *languages)}"

    def names_of(self, concept: str) -> tuple[str, ...]:
        """Names in every language of a concept, of the same concept in other systems and of all broader ones."""
        names = self._names.get(concept)
        if names is None:
            names = self._names[concept] = tuple(sorted(set(self._names_around(NamedNode(concept)))))
        return names

    def _names_around(self, concept: NamedNode) -> Iterator[str]:
        waiting: list[Term] = [concept]
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            for name in NAMES:
                for text in self.vocabulary.objects(node, name):
                    if isinstance(text, Literal) and text.value.strip():
                        yield text.value
            for link in LINKS:
                further = [other for other in self.vocabulary.objects(node, link) if other not in seen]
                seen.update(further)
                waiting += further

    def concepts(self, scheme: str) -> Sequence[str]:
        """IRIs of the concepts in a scheme, in the order of the file."""
        return [node.value for node in self.vocabulary.subjects(SKOS.inScheme, NamedNode(scheme))]


def _parse_all(files: Mapping[str, bytes]) -> dict[str, Graph]:
    parts: dict[str, Graph] = {}
    problems: list[str] = []
    for number, (path, content) in enumerate(sorted(files.items())):
        try:
            parts[path] = Graph(_apart(parse(content, "text/turtle", where=path), f"f{number}x"))
        except BadRdf as error:
            problems.append(f"{error.where or path}: {error.what}")
    if OWN_SHAPES not in files:
        problems.append(f"{OWN_SHAPES}: the file is missing, so nothing can be checked")
    _refuse(problems)
    return parts


def _apart(quads: Iterable[Quad], prefix: str) -> Iterator[Triple]:
    """Two files may use the same blank node label for different things."""
    for quad in quads:
        subject, obj = (
            BlankNode(prefix + term.value) if isinstance(term, BlankNode) else term
            for term in (quad.subject, quad.object)
        )
        yield Triple(subject, quad.predicate, obj)  # type: ignore[arg-type]


def _merge(graphs: Iterable[Graph]) -> Graph:
    merged = Graph()
    for graph in graphs:
        merged.update(graph)
    return merged


def _requirements(
    rules: Iterable[Rule], provisions: Mapping[str, Provision], label_only: Collection[str]
) -> Iterator[Requirement]:
    """The points of Art. 78(3) oblige nobody, so they are no requirement; the label tells about them."""
    deciding: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.mandatory:
            for iri in rule.provisions:
                deciding[iri].append(rule)
    for iri, provision in provisions.items():
        if iri in deciding and iri not in label_only:
            yield Requirement.of(provision, deciding[iri])


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise RulebookError(
            "\n".join(["the rulebook cannot be used:", *sorted(set(problems))]),
            where="shapes, vocab",
            remedy=f"mend what is listed; {OWN_SHAPES} states what every rule needs",
        )


def _broken(parts: Mapping[str, Graph], whole: Graph, check: Check) -> Iterator[str]:
    own = parts[OWN_SHAPES]
    for finding in check(own, whole):
        files = [path for path, part in parts.items() if finding.focus in part and path != OWN_SHAPES]
        message = own.text(NamedNode(finding.rule), SH.message, "en") or finding.rule
        value = "" if finding.value in (None, finding.focus) else f" ({finding.value})"
        yield f"{', '.join(files)}: {finding.focus.value}: {message}{value}"


def _unused(rules: Mapping[str, Rule], profiles: Mapping[str, Profile]) -> Iterator[str]:
    for iri in rules:
        if not any(NamedNode(iri) in profile.shapes for profile in profiles.values()):
            yield f"{iri}: no profile reaches this rule, so it would never be tested"


def _without_default(profiles: Mapping[str, Profile], default: str) -> Iterator[str]:
    for specification in {default, *(profile.specification for profile in profiles.values())}:
        if not any(p.access_right is None for p in profiles.values() if p.specification == specification):
            yield f"{specification}: no profile is declared for datasets without dct:accessRights"
