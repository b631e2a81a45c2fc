"""What examining the data of a dataset at its source needs and yields: options, aggregates, answers for its label."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalogue.dictionary import Dictionary, read_graph
from catalogue.errors import BadInput
from catalogue.graphs import Graph, Literal, NamedNode, Node
from catalogue.names import DCAT, DCT, EU, HEALTH
from catalogue.quality import Answer, Basis

CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
"""Namespace of the criteria of the label."""

_YEAR = 365.25
FREQUENCY_DAYS: Mapping[str, float] = {
    **{"1MIN": 1 / 1440, "5MIN": 5 / 1440, "10MIN": 10 / 1440, "15MIN": 15 / 1440, "30MIN": 30 / 1440},
    **{"HOURLY": 1 / 24, "BIHOURLY": 2 / 24, "TRIHOURLY": 3 / 24, "12HRS": 0.5, "CONT": 1, "UPDATE_CONT": 1},
    **{"DAILY_2": 0.5, "DAILY": 1, "WEEKLY_5": 3, "WEEKLY_3": 3, "WEEKLY_2": 4, "WEEKLY": 7, "BIWEEKLY": 14},
    **{"MONTHLY_3": 10, "MONTHLY_2": 15, "MONTHLY": 31, "BIMONTHLY": 61, "QUARTERLY": 92, "ANNUAL_3": 122},
    **{"ANNUAL_2": 183, "ANNUAL": 366, "BIENNIAL": 2 * _YEAR, "TRIENNIAL": 3 * _YEAR, "QUADRENNIAL": 4 * _YEAR},
    **{"QUINQUENNIAL": 5 * _YEAR, "DECENNIAL": 10 * _YEAR, "BIDECENNIAL": 20 * _YEAR, "TRIDECENNIAL": 30 * _YEAR},
}
"""The longest time between two updates, in days, by code of the EU authority table of frequencies; continuous is daily.

Codes that name no length of time (irregular, never, as needed, other, unknown) are absent."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the description of a dataset says that the data can be held against."""

    start: date | None = None
    """First day of ``dct:temporal``; the earliest when there are several periods."""
    end: date | None = None
    """Last day of it; None when it goes on or is not stated."""
    period: bool = False
    """Whether a period is stated at all."""
    frequency: str = ""
    """Code of ``dct:accrualPeriodicity`` in the EU authority table."""
    individuals: int | None = None
    """``healthdcatap:numberOfUniqueIndividuals``."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A rule across two variables: what stands in the one is so related to what stands in the other."""

    left: str
    operator: str
    """One of :data:`OPERATORS`."""
    right: str

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


OPERATORS = ("<=", ">=", "!=", "<", ">", "=")
_COMPARISON = re.compile(r"\s*(.+?)\s+(<=|>=|!=|<|>|=)\s+(.+?)\s*")


def comparison(text: str) -> Comparison:
    """Read a rule such as ``admitted <= discharged``.

    Raises :class:`~catalogue.errors.BadInput` for anything else.
    """
    found = _COMPARISON.fullmatch(text)
    if found is None:
        raise BadInput(
            f"not a rule: {text!r}",
            where="rule across variables",
            remedy="write VARIABLE OPERATOR VARIABLE with spaces between, OPERATOR one of " + ", ".join(OPERATORS),
        )
    return Comparison(found[1], found[2], found[3])


@dataclass(frozen=True, slots=True)
class ProfileOptions:
    """What the holder says about the data. Columns are named as in the header of the table."""

    today: date
    dataset: str = ""
    """IRI."""
    by: str = ""
    """Who runs the tool: IRI."""
    report: tuple[str, ...] = ()
    """Where the holder publishes the result: links given as evidence with every answer."""
    valid_until: date | None = None
    declared: Declared = field(default_factory=Declared)
    dictionary: Dictionary = field(default_factory=Dictionary)
    key: tuple[str, ...] = ()
    """Columns that together name a record."""
    person: str = ""
    """Column with the pseudonym of the person."""
    event: str = ""
    """Column with the date of what a record is about."""
    collected: str = ""
    """Column with the date on which the data were collected; the event column when absent."""
    added: str = ""
    """Column with the date on which the record was added to the dataset."""
    subgroups: tuple[str, ...] = ()
    rules: tuple[Comparison, ...] = ()
    missing: tuple[str, ...] = ()
    """Codes that stand for no value, in any column."""
    not_applicable: tuple[str, ...] = ()
    """Codes that say that there can be no value, in any column."""
    eligible: int | None = None
    """Number of persons who could be in the dataset."""
    least: int = 10
    """Lowest count of persons that is stated."""

    def only_tables(self, kind: str) -> None:
        """Refuse options that say something about the columns of a table, for a source that has none.

        Raises :class:`~catalogue.errors.BadInput` naming them.
        """
        columns = {
            "--key": self.key,
            "--person": self.person,
            "--event": self.event,
            "--collected": self.collected,
            "--added": self.added,
            "--subgroup": self.subgroups,
            "--rule": self.rules,
            "--missing": self.missing,
            "--not-applicable": self.not_applicable,
            "--eligible": self.eligible is not None,
        }
        given = [name for name, value in columns.items() if value]
        if given:
            raise BadInput(
                f"{', '.join(given)}: only for tables", where=kind, remedy="leave out what names columns of a table"
            )

    def answer(self, criterion: str, level: int, note: str, figure: float | None = None, unit: str = "") -> Answer:
        """What the run found on one criterion; ``criterion`` is its identifier, ``unit`` a UCUM code."""
        return Answer(
            criterion=CRITERION + criterion,
            level=level,
            basis=Basis.MEASURED,
            given=self.today,
            by=self.by,
            evidence=self.report,
            valid_until=self.valid_until,
            note=note,
            figure=figure,
            unit=unit,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures for people, as a table."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A criterion the run could not answer, and what would let it."""

    criterion: str
    """Identifier."""
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a run at the source found. It holds aggregates only: nothing in it is about fewer persons than allowed."""

    kind: str
    """``table``, ``dicom`` or ``dqd``."""
    examined: str
    """What was looked at, in one sentence."""
    facts: Mapping[str, Any]
    """Ready for JSON."""
    answers: tuple[Answer, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    withheld: tuple[str, ...] = ()
    """What is not stated, and why."""
    gaps: tuple[Gap, ...] = ()


def identifier(criterion: str) -> str:
    """``Q4.3.1`` of the IRI of a criterion."""
    return criterion.removeprefix(CRITERION)


# --- what a description declares -------------------------------------------------------------------------------------


def declared(graph: Graph, dataset: Node) -> Declared:
    """Period, frequency and number of persons as the description states them; what cannot be read counts as unsaid."""
    periods = graph.objects(dataset, DCT.temporal)
    starts = [day for node in periods if (day := _day(graph, node, DCAT.startDate, first=True))]
    ends = [_day(graph, node, DCAT.endDate, first=False) for node in periods]
    frequency = next((o for o in graph.objects(dataset, DCT.accrualPeriodicity) if isinstance(o, NamedNode)), None)
    number = graph.text(dataset, HEALTH.numberOfUniqueIndividuals) or ""
    return Declared(
        start=min(starts, default=None),
        end=max((day for day in ends if day), default=None) if all(ends) else None,
        period=bool(starts),
        frequency=frequency.value.removeprefix(EU + "frequency/") if frequency else "",
        individuals=int(number) if number.isascii() and number.isdecimal() else None,
    )


def _day(graph: Graph, node: object, predicate: NamedNode, *, first: bool) -> date | None:
    """A date, also from ``xsd:gYear``, ``xsd:gYearMonth`` and ``xsd:dateTime``; the last day of them for an end."""
    value = next((o for o in graph.objects(node, predicate) if isinstance(o, Literal)), None)  # type: ignore[arg-type]
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value.value) if value else None
    if found is None:
        return None
    try:
        year, month, day = int(found[1]), int(found[2] or (1 if first else 12)), found[3]
        if day or first:
            return date(year, month, int(day or 1))
        return date(year, 12, 31) if month == 12 else date.fromordinal(date(year, month + 1, 1).toordinal() - 1)
    except ValueError:
        return None


def described(graph: Graph, dataset: str) -> Node:
    """The dataset meant in a description: the one of that IRI, or the only one when no IRI is given.

    Raises :class:`~catalogue.errors.BadInput` when there is none, or several and none was named.
    """
    found: Sequence[Node] = graph.instances(DCAT.Dataset)
    chosen = [node for node in found if node.value == dataset] if dataset else list(found)
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(str(node.value) for node in found) or "none"
    what = f"the description does not describe {dataset}" if dataset else "which dataset is meant is not clear"
    raise BadInput(what, where=f"description; it has: {names}", remedy="name one of them with --dataset")


def dictionary_of(graph: Graph, dataset: Node) -> Dictionary:
    """The data dictionary in a description (``healthdcatap:hasVariables``); empty when there is none."""
    return read_graph(graph, graph.objects(dataset, HEALTH.hasVariables))
