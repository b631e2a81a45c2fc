"""The values of the data quality and utility label: what is asked, answered and came out (Art. 78 EHDS)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from catalogue.model import Reason
from catalogue.names import CAT

# --- what is asked: read from vocab/label.ttl ------------------------------------------------------------------------


class Basis(Enum):
    """How an answer came about. The four are kept apart and shown."""

    COMPUTED = CAT.Computed.value
    """By the rules, from the description."""
    DECLARED = CAT.Declared.value
    """By the data holder, with links to evidence."""
    MEASURED = CAT.Measured.value
    """From the data themselves, where they are; only aggregates left."""
    VERIFIED = CAT.Verified.value
    """By a health data access body (Art. 60(4), 78(4))."""


@dataclass(frozen=True, slots=True)
class Element:
    """One of the six elements that the label covers: Art. 78(3)(a) to (f)."""

    iri: str
    letter: str
    name: Mapping[str, str]
    """By language."""
    provision: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of criteria within one element, as QUANTUM or the text of Art. 78(3) names it."""

    iri: str
    name: Mapping[str, str]
    element: str
    """IRI of its element."""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the scale of a criterion, and the rules by which a description alone reaches it."""

    iri: str
    value: int
    name: Mapping[str, str]
    requires: frozenset[str] = frozenset()
    """Rules that must have been tested and not broken."""
    respects: frozenset[str] = frozenset()
    """Rules that must not have been broken; those that do not apply do not count."""
    conformance: bool = False
    """No mandatory rule of the profile may be broken."""

    @property
    def computable(self) -> bool:
        """Whether a description alone can reach it."""
        return bool(self.requires or self.conformance)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of the label."""

    iri: str
    identifier: str
    """As QUANTUM numbers it (Q, M); ours begin with L."""
    name: Mapping[str, str]
    question: Mapping[str, str]
    dimension: str
    element: str
    provision: str
    levels: tuple[Level, ...]
    """From the lowest to the highest; at least two."""
    obtained: frozenset[Basis]
    """How an answer can be had here."""
    evidence: Mapping[str, str]
    """What a declared answer rests on, by language."""
    effort: int
    """What it costs to do better: 1 write it down, 2 examine the data, 3 change how the holder works."""
    decisive: bool = False
    """What the rules compute is the whole answer; a declaration cannot add to it."""
    needs_link: bool = False
    """A declared answer counts only with a link to its evidence."""
    optional: bool = False
    """It may be declared not applicable, with a reason."""
    pointless_for: frozenset[str] = frozenset()
    """Access rights for which it is not applicable."""
    gate: bool = False
    """A condition beside the score, never part of it."""
    rules: tuple[str, ...] = field(init=False, repr=False)
    """Every rule that a level requires or respects, sorted."""
    computable: bool = field(init=False, repr=False)
    """Whether a description alone can say anything about it."""

    def __post_init__(self) -> None:
        found = {rule for level in self.levels for rule in (*level.requires, *level.respects)}
        object.__setattr__(self, "rules", tuple(sorted(found)))
        computable = Basis.COMPUTED in self.obtained and any(level.computable for level in self.levels)
        object.__setattr__(self, "computable", computable)

    @property
    def lowest(self) -> int:
        """The value of the lowest level."""
        return self.levels[0].value

    @property
    def highest(self) -> int:
        """The value of the highest level."""
        return self.levels[-1].value

    def share(self, value: int) -> float:
        """How much of the criterion a level earns, 0 to 1."""
        return (value - self.lowest) / (self.highest - self.lowest)

    def level(self, value: int) -> Level | None:
        """The level of that value."""
        return next((level for level in self.levels if level.value == value), None)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How levels become stars."""

    iri: str
    name: str
    """Short name for a command line: ``quantum``, ``art78``."""
    title: Mapping[str, str]
    limits: tuple[float, ...]
    """The lowest score for one to five stars, in per cent of the total."""
    total: float
    """Points that the limits are measured by when everything applies."""
    weights: Mapping[str, float]
    """Points by criterion IRI; a criterion that is not here does not count."""


# --- what was answered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody, or a tool at the source, said on one criterion of one dataset."""

    criterion: str
    """IRI."""
    level: int | None
    """None: not applicable."""
    basis: Basis
    given: date | None = None
    """The day it was given; a verdict of the rules is of today and has none."""
    by: str = ""
    """Who gave it: IRI, else name."""
    evidence: tuple[str, ...] = ()
    """Links to evidence."""
    dead: tuple[str, ...] = ()
    """Those links that did not answer when they were looked at."""
    valid_until: date | None = None
    """The last day on which it holds."""
    note: str = ""
    """The reason, in the words of whoever gave it."""
    figure: float | None = None
    """What was measured, in ``unit``."""
    unit: str = ""
    """UCUM code: ``%``, ``d``, ``1``."""
    iri: str = ""
    """Of the ``dqv:QualityMeasurement`` that says it."""
    received: datetime | None = None
    """When this catalogue received it, or the description that it stands in; None in a file that is only checked."""


class Act(Enum):
    """What a health data access body may do to a label (Art. 78(4))."""

    CONFIRMED = CAT.Confirmed.value
    REVOKED = CAT.Revoked.value


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision of a health data access body on the whole label of a dataset; the latest one holds."""

    act: Act
    given: date
    by: str
    """IRI of the body."""
    reason: str
    iri: str = ""
    received: datetime | None = None
    """When this catalogue received it."""


@dataclass(frozen=True, slots=True)
class Said:
    """All that others said about the quality of one dataset."""

    answers: tuple[Answer, ...] = ()
    rulings: tuple[Ruling, ...] = ()


# --- what it came to -------------------------------------------------------------------------------------------------


class Doubt(Enum):
    """Why an answer does not count."""

    SUPERSEDED = "superseded"
    """A newer answer on the same basis took its place."""
    CONTRADICTED = "contradicted"
    """What was computed or measured shows less."""
    EXPIRED = "expired"
    FUTURE = "dated in the future"
    WITHOUT_EVIDENCE = "without evidence"
    """The criterion asks for a link and there is none, or none that answers."""
    NOT_ALLOWED = "not allowed"
    """No level of the criterion, not applicable where it always applies, or a basis on which nobody can answer it."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """An answer that does not count, and why."""

    answer: Answer
    doubt: Doubt


class Standing(Enum):
    """How a dataset stands to a criterion."""

    ASSESSED = "assessed"
    OPEN = "open"
    """Nobody answered it; it earns nothing and is not held to be met."""
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Mark:
    """What came out on one criterion."""

    criterion: str
    standing: Standing
    level: int | None
    """None unless assessed."""
    basis: Basis | None
    """Of the answer that counts."""
    answers: tuple[Answer, ...] = ()
    """All that count or could, the one that counts first; the rules' own included."""
    doubted: tuple[Doubted, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """The outcome of every rule that decides on the levels of the criterion."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A mark and what it is worth in a scheme."""

    mark: Mark
    points: float
    possible: float


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one element of Art. 78(3)."""

    element: str
    """IRI of the element."""
    stars: int | None
    """0 to 5, or None when no criterion of it was assessed or none counts in the scheme."""
    points: float
    possible: float
    scored: tuple[Scored, ...]
    """Every criterion of the element that is no gate, also those that do not count in the scheme."""


class Status(Enum):
    """The strongest thing that may be said of a label as a whole."""

    COMPUTED = "computed"
    DECLARED = "declared"
    VERIFIED = "verified"
    REVOKED = "revoked"


class Owed(Enum):
    """Whether the dataset must have a label (Art. 78(2))."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """Data quality and utility label (Art. 2(2)(aa), Art. 78) of one dataset in one scheme."""

    dataset: str
    scheme: str
    """IRI."""
    status: Status
    stars: int | None
    """0 to 5 over all elements; None when nothing was assessed or the label was revoked."""
    points: float
    possible: float
    grades: tuple[Grade, ...]
    """In the order of the elements."""
    gates: tuple[Mark, ...] = ()
    """What stands beside the score."""
    owed: Owed = Owed.UNKNOWN
    evidenced: bool | None = None
    """Whether every declared answer that counts names its evidence, date and giver, so that it can be verified
    (Art. 60(4)); None when nothing was declared."""
    ruling: Ruling | None = None
    review_by: date | None = None
    """The first day on which an answer that counts today no longer does."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Of every element."""
        return tuple(scored.mark for grade in self.grades for scored in grade.scored)


@dataclass(frozen=True, slots=True)
class Gain:
    """One step by which a dataset could do better."""

    criterion: str
    level: int
    """The value of the level that is reached: the next one, or a higher one that mending the same rules brings too."""
    points: float
    effort: int
    rules: tuple[str, ...] = field(default=())
    """The rules that stand in the way, of lower levels too; none when evidence must be given."""
