"""The values that move along the pipe: what harvesters yield, what validation and label say, what is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from catalogue.graphs import Canonical, Graph, NamedNode, Quad, Term, Triple, digest
from catalogue.names import SH


class Severity(Enum):
    """How bad a finding is: mandatory, recommended, optional (or a label rule without obligation)."""

    VIOLATION = SH.Violation.value
    WARNING = SH.Warning.value
    INFO = SH.Info.value


# --- sources ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Login:
    """How we show a node who we are: a token, or user and password. It is never written anywhere."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    scheme: str = "Bearer"
    """The authentication scheme of the token (RFC 9110, 11.1), where it is not a bearer token (RFC 6750)."""


@dataclass(frozen=True)
class Source:
    """One node: a place that holds dataset descriptions, as its node file states it (``harvesters/nodes/*.ttl``)."""

    name: str
    """Short name, unique, fit for a path."""
    iri: str
    title: str
    kind: str
    """Which harvester reads it (entry point name)."""
    endpoint: str
    """URL, file or folder."""
    namespace: str
    """Where dataset IRIs are minted when the source has none of its own."""
    expected_minimum: int = 1
    """A complete visit with fewer datasets than this removes nothing."""
    grace: timedelta = timedelta(days=14)
    """How long a dataset must be missing before it is withdrawn."""
    contact: str = ""
    """E-mail address of whoever runs the node."""
    specification: str | None = None
    """IRI of the specification its descriptions are held to; None for the default of the rulebook."""
    defaults: Graph = field(default_factory=Graph)
    """What the owner states for all its datasets (HDAB, publisher, access rights ...), said about ``template``."""
    template: Term | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings only this kind knows, by local name."""
    registers: tuple[str, ...] = ()
    """URLs or files of RDF about organisations and services that its descriptions name by IRI."""
    schedule: str = ""
    """When it is visited by itself: five fields of a crontab entry, in UTC; empty for never."""
    login: Login | None = None
    """For the host of the endpoint; out of the secrets of the installation, never out of the node file."""

    @cached_property
    def digest(self) -> str:
        """Digest of what the node file says about the descriptions made from it: a change is a reason to read anew."""
        options = "".join(f"{name}={value}\n" for name, value in sorted(self.options.items()))
        said = f"{self.title}\n{self.kind}\n{self.namespace}\n{self.specification}\n{options}"
        return digest(said.encode() + Canonical(self.defaults).content)


@dataclass(frozen=True)
class Original:
    """The bytes a description came from, kept for ever under their digest."""

    content: bytes
    media_type: str
    location: str
    """URL or file path they were read from."""
    container: str = ""
    """Digest of the larger thing (dump, table, folder) these bytes were cut from, if any."""

    @cached_property
    def digest(self) -> str:
        """``sha256:<hex>`` of the bytes."""
        return digest(self.content)


class NoteKind(Enum):
    """What a harvester did with a source value."""

    MAPPED = "mapped"
    """A local term was replaced by a concept; ``raw`` keeps the term."""
    UNMAPPED = "unmapped"
    """A field or value we do not know; nothing was made of it."""
    DEFAULTED = "defaulted"
    """The source did not say; the node's owner did, in the node file."""
    SUPPRESSED = "suppressed"
    """Withheld because it counts too few persons."""
    REPAIRED = "repaired"
    """An older namespace, host or form was rewritten to the current one."""


@dataclass(frozen=True, slots=True)
class Note:
    """One decision of a harvester about one field, kept as provenance of the description."""

    kind: NoteKind
    field: str
    """The source's own name of the field."""
    raw: str = ""
    """The source's value. Never set by a harvester that reads person-level data, unless the value is in a crosswalk."""
    result: str = ""
    """What it became: an IRI or text."""
    reason: str = ""
    """Crosswalk, rule or section that decided."""


@dataclass(frozen=True)
class Description:
    """One dataset description as harvested."""

    iri: str
    graph: Graph
    original: Original
    notes: tuple[Note, ...] = ()

    @cached_property
    def canonical(self) -> Canonical:
        """Canonical form (RDFC-1.0)."""
        return Canonical(self.graph)

    @cached_property
    def digest(self) -> str:
        """RDFC-1.0 digest; equal digest means nothing changed."""
        return digest(self.canonical.content)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be turned into a description; the rest of the visit goes on."""

    where: str
    """File, URL, or IRI of the record."""
    problem: str
    remedy: str
    original: Original | None = None


@dataclass(frozen=True, slots=True)
class Untouched:
    """A document is byte for byte what it was at an earlier visit, so every dataset it described stands unchanged."""

    document: str
    """Its digest: an ``Original.digest`` or ``Original.container`` of that visit."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A node says that it has a dataset no longer, as feeds do; no grace period waits for it to come back."""

    iri: str


Harvested: TypeAlias = Description | Rejected | Untouched | Gone


# --- validation ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place."""

    rule: str
    """IRI of the shape that was broken."""
    focus: Term
    path: str | None
    """IRI of the property, or SPARQL path syntax for a complex one."""
    value: Term | None
    component: str
    """IRI of the SHACL constraint component."""
    severity: Severity


Check = Callable[[Graph, Graph], Sequence[Finding]]
"""``check(shapes, data)``: the findings of a SHACL engine; given by the assembly, so that the core knows none."""


@dataclass(frozen=True, slots=True)
class Report:
    """What validation of one description against one profile found."""

    profile: str
    findings: tuple[Finding, ...]
    tested: Mapping[str, int]
    """Per rule, how many nodes or values it was really tested on; a rule that is not here did not apply."""

    @property
    def conforms(self) -> bool:
        """No violation. Warnings do not count (unlike ``sh:conforms``)."""
        return not any(f.severity is Severity.VIOLATION for f in self.findings)

    def of(self, severity: Severity) -> Sequence[Finding]:
        """The findings of one severity."""
        return [f for f in self.findings if f.severity is severity]


# --- rules and label -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """One named shape: what it asks, why, and how to satisfy it."""

    iri: str
    message: Mapping[str, str]
    """Plain words by language tag; "en" is always there."""
    fix: Mapping[str, str]
    severity: Severity
    provisions: tuple[str, ...]
    """IRIs of the provisions or specification sections it implements; at least one."""
    path: str | None = None
    dimension: str | None = None
    """IRI of the label dimension it counts for."""
    applies_from: date | None = None
    """The day the law behind it begins to apply; before that a breach is announced, not held against anyone."""

    @property
    def mandatory(self) -> bool:
        """Of severity violation, or a recommendation that a dated provision will make mandatory."""
        return self.severity is Severity.VIOLATION or (
            self.severity is Severity.WARNING and self.applies_from is not None
        )


@dataclass(frozen=True, slots=True)
class Provision:
    """A subdivision of a legal act, by its ELI."""

    iri: str
    number: str
    """As lawyers cite it: "Art. 77(1)"."""
    text: Mapping[str, str]
    """Our own short paraphrase by language."""
    actor: str
    applies_from: date | None


class Outcome(Enum):
    """What one label rule came to on one dataset."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level was reached or not: one rule, its outcome and the findings behind a failure."""

    rule: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one dataset stands to one provision."""

    provision: str
    outcome: Outcome
    applies_from: date | None
    rules: tuple[str, ...]
    """The rules that were broken, or none."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A provision on which datasets get a verdict, with the mandatory rules that decide it."""

    provision: str
    rules: tuple[str, ...]
    """Sorted; at least one."""
    applies_from: date | None
    """The day of the provision, else the earliest of its rules."""
    passed: Verdict
    """The verdict on every dataset that breaks none of the rules and was tested by one."""
    not_applicable: Verdict
    """The verdict on every dataset that no rule was tested on."""

    @classmethod
    def of(cls, provision: Provision, rules: Sequence[Rule]) -> Requirement:
        """What some rules make of a provision."""
        day = provision.applies_from or min((r.applies_from for r in rules if r.applies_from), default=None)
        return cls(
            provision.iri,
            tuple(sorted(rule.iri for rule in rules)),
            day,
            Verdict(provision.iri, Outcome.PASSED, day, ()),
            Verdict(provision.iri, Outcome.NOT_APPLICABLE, day, ()),
        )


# --- storing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What the store says about one dataset before a visit."""

    digest: str
    rulebook: str
    original: str
    location: str
    first_seen: datetime
    withdrawn: bool
    record: Sequence[Triple]
    """All that its record holds."""


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one commit does, all or nothing: named graphs are emptied, quads are taken out, quads are added."""

    clear: tuple[str, ...] = ()
    """Named graphs to empty; none means that nothing need be looked for, which is what a new dataset costs."""
    add: Sequence[Quad] = ()
    """Quads in named graphs, without blank nodes."""
    remove: Sequence[Quad] = ()
    """Quads taken out before others are added, in the form in which the store gave them."""

    @classmethod
    def of(
        cls,
        replace: Mapping[str, Iterable[Triple]] | None = None,
        append: Mapping[str, Iterable[Triple]] | None = None,
        *,
        fresh: bool = False,
    ) -> Change:
        """Graphs that afterwards hold exactly some triples, and graphs that gain some.

        ``fresh`` says that none of the graphs to replace exists yet.
        """
        replace, append = replace or {}, append or {}
        quads = [
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(name))
            for graphs in (replace, append)
            for name, triples in graphs.items()
            for triple in triples
        ]
        return cls(() if fresh else tuple(replace), quads)

    def against(self, held: Mapping[str, Iterable[Triple]]) -> Change:
        """The same change for a store whose graphs to empty hold these triples: only what differs is touched."""
        old = dict.fromkeys(
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(name))
            for name in self.clear
            for triple in held[name]
        )
        new = dict.fromkeys(self.add)
        return Change((), [quad for quad in new if quad not in old], [quad for quad in old if quad not in new])
