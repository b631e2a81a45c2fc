"""The data dictionary of a dataset: what each variable may hold, whoever wrote it down in whichever form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from catalogue.graphs import Graph, Literal, Term
from catalogue.names import CAT, CSVW, DCT, XSD


class Kind(Enum):
    """What the values of a variable are."""

    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    BOOLEAN = "yes or no"
    DATE = "date"
    DATETIME = "date and time"
    TIME = "time of day"
    YEAR = "year"
    MONTH = "year and month"
    URI = "address"
    UNKNOWN = "of a datatype that is not checked"


COMPARABLE = {Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.YEAR, Kind.MONTH}
"""Kinds of which one value can be more than another."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable and what its values must be like. Bounds are written as values of the table are."""

    name: str
    kind: Kind = Kind.UNKNOWN
    datatype: str = ""
    """As the dictionary names it."""
    format: str = ""
    """Of dates: a pattern of ``strptime``, or empty for ISO 8601; of booleans: ``Y|N``."""
    pattern: str = ""
    """A regular expression that the whole value matches."""
    required: bool = False
    unique: bool = False
    allowed: tuple[str, ...] = ()
    """The codes there are; empty when any value is."""
    lowest: str = ""
    """The least value that the datatype allows; beyond it a value is malformed, not implausible."""
    highest: str = ""
    minimum: str = ""
    maximum: str = ""
    above: str = ""
    """Exclusive minimum."""
    below: str = ""
    """Exclusive maximum."""
    shortest: int | None = None
    longest: int | None = None
    missing: tuple[str, ...] = ()
    """Codes that stand for no value."""
    not_applicable: tuple[str, ...] = ()
    """Codes that say that there can be no value."""
    decimal: str = "."
    group: str = ""
    """Character between groups of digits."""

    @property
    def checked(self) -> bool:
        """Whether it says something about the form of values that can be checked."""
        return self.kind is not Kind.UNKNOWN or bool(self.pattern) or self.shortest is not None or bool(self.longest)

    @property
    def bounded(self) -> bool:
        """Whether it says which codes or which range are plausible."""
        limits = self.minimum or self.maximum or self.above or self.below
        return bool(self.allowed or (limits and self.kind in COMPARABLE))


@dataclass(frozen=True, slots=True)
class Table:
    """The variables of one table."""

    variables: tuple[Variable, ...]
    names: frozenset[str] = frozenset()
    """What it is called: title, file name."""
    key: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """Rules across variables, such as ``admitted <= discharged``."""

    def variable(self, name: str) -> Variable | None:
        """The variable of that name."""
        return next((variable for variable in self.variables if variable.name == name), None)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The tables of a dataset."""

    tables: tuple[Table, ...] = ()

    def table(self, file: str, header: Sequence[str]) -> Table | None:
        """The table that a file of that name and header is: by name, else by most variables in common."""
        stem = PurePosixPath(file).stem
        for table in self.tables:
            if table.names & {file, stem}:
                return table
        best = max(self.tables, key=lambda table: _common(table, header), default=None)
        return best if best is not None and _common(best, header) else None

    @property
    def names(self) -> frozenset[str]:
        """Every variable of every table."""
        return frozenset(variable.name for table in self.tables for variable in table.variables)


def _common(table: Table, header: Sequence[str]) -> int:
    return len({variable.name for variable in table.variables} & set(header))


# --- datatypes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Datatype:
    kind: Kind
    lowest: str = ""
    highest: str = ""


_INTEGER = _Datatype(Kind.INTEGER)
_NUMBER = _Datatype(Kind.NUMBER)
_TEXT = _Datatype(Kind.TEXT)
_DATETIME = _Datatype(Kind.DATETIME)
DATATYPES: Mapping[str, _Datatype] = {
    **dict.fromkeys(("string", "normalizedstring", "token", "language", "name", "any", "anyatomictype"), _TEXT),
    **dict.fromkeys(("text", "character", "varchar", "categorical", "json", "xml", "html"), _TEXT),
    **dict.fromkeys(("integer", "int"), _INTEGER),
    "long": _Datatype(Kind.INTEGER, str(-(2**63)), str(2**63 - 1)),
    "short": _Datatype(Kind.INTEGER, "-32768", "32767"),
    "byte": _Datatype(Kind.INTEGER, "-128", "127"),
    "nonnegativeinteger": _Datatype(Kind.INTEGER, "0"),
    "positiveinteger": _Datatype(Kind.INTEGER, "1"),
    "nonpositiveinteger": _Datatype(Kind.INTEGER, "", "0"),
    "negativeinteger": _Datatype(Kind.INTEGER, "", "-1"),
    "unsignedint": _Datatype(Kind.INTEGER, "0", str(2**32 - 1)),
    "unsignedshort": _Datatype(Kind.INTEGER, "0", "65535"),
    "unsignedbyte": _Datatype(Kind.INTEGER, "0", "255"),
    **dict.fromkeys(("decimal", "number", "double", "float"), _NUMBER),
    "boolean": _Datatype(Kind.BOOLEAN),
    "date": _Datatype(Kind.DATE),
    **dict.fromkeys(("datetime", "datetimestamp"), _DATETIME),
    "time": _Datatype(Kind.TIME),
    **dict.fromkeys(("gyear", "year"), _Datatype(Kind.YEAR)),
    **dict.fromkeys(("gyearmonth", "yearmonth"), _Datatype(Kind.MONTH)),
    **dict.fromkeys(("anyuri", "uri"), _Datatype(Kind.URI)),
}
"""Datatypes of CSV on the Web (Metadata Vocabulary, 5.11) and of Table Schema, and names people use for text."""

_UNICODE = (
    *(("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S")),
    *(("M", "%-m"), ("d", "%-d")),
)


def date_format(pattern: str) -> str | None:
    """A date pattern of CSV on the Web (``dd/MM/yyyy``) as one of ``strptime``; None when there is no equal one."""
    out, rest = "", pattern.replace("T", "'T'") if "'" not in pattern else pattern
    while rest:
        for code, translated in _UNICODE:
            if rest.startswith(code):
                out, rest = out + translated, rest[len(code) :]
                break
        else:
            if rest.startswith("'T'"):
                out, rest = out + "T", rest[3:]
            elif rest[0].isalpha() or rest[0] in "%'":
                return None
            else:
                out, rest = out + rest[0], rest[1:]
    return out


def variable(name: str, datatype: str, **given: Any) -> Variable:
    """A variable of a datatype of CSV on the Web or Table Schema, with the limits that the datatype itself has."""
    local = datatype.rsplit("#", 1)[-1].removeprefix("xsd:")
    known = DATATYPES.get(local.lower())
    if known is None:
        return Variable(name, Kind.UNKNOWN, datatype, **given)
    return Variable(name, known.kind, local, lowest=known.lowest, highest=known.highest, **given)


# --- in a description ------------------------------------------------------------------------------------------------


def read_graph(graph: Graph, roots: Iterable[Term]) -> Dictionary:
    """Tables below ``roots`` (``csvw:TableGroup`` or ``csvw:Table``), as HealthDCAT-AP Release 8 has them."""
    tables = []
    for root in roots:
        for node in graph.objects(root, CSVW.table) or (root,):
            if columns := graph.objects(node, CSVW.column):
                variables = tuple(v for column in _flat(graph, columns) if (v := _column(graph, column)))
                tables.append(_table(graph, node, variables))
    return Dictionary(tuple(tables))


def _flat(graph: Graph, terms: Iterable[Term]) -> Iterator[Term]:
    """The terms, lists among them by their members."""
    for term in terms:
        yield from graph.items(term) or (term,)


def _table(graph: Graph, node: Term, variables: tuple[Variable, ...]) -> Table:
    urls = [PurePosixPath(str(term.value)).name for term in graph.objects(node, CSVW.url)]
    titles = [term.value for term in graph.objects(node, DCT.title) if isinstance(term, Literal)]
    rules = tuple(term.value for term in graph.objects(node, CAT.comparison) if isinstance(term, Literal))
    key = tuple(term.value for term in graph.objects(node, CSVW.primaryKey) if isinstance(term, Literal))
    return Table(variables, frozenset(filter(None, (*urls, *titles))), key, rules)


def _column(graph: Graph, node: Term) -> Variable | None:
    name = graph.text(node, CSVW.name)
    if not name:
        return None
    stated = graph.value(node, CSVW.datatype)
    facts: dict[str, Any] = {}
    if stated is None or isinstance(stated, Literal) or stated.value.startswith(XSD.iri):
        base = stated.value if stated is not None else ""
    else:
        base = str(getattr(graph.value(stated, CSVW.base), "value", "string"))
        for key in ("format", "minimum", "maximum", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive"):
            facts[key] = graph.text(stated, CSVW[key])
        facts |= {key: graph.text(stated, CSVW[key]) for key in ("length", "minLength", "maxLength")}
    return restricted(
        variable(
            name,
            base,
            required=graph.text(node, CSVW.required) in ("true", "1"),
            missing=tuple(term.value for term in graph.objects(node, CSVW.null) if isinstance(term, Literal)),
        ),
        facts,
    )


def restricted(one: Variable, facts: Mapping[str, Any]) -> Variable:
    """A variable with the restrictions of a CSVW datatype description (section 5.11.2 and 6.4); others are ignored."""

    def text(*names: str) -> str:
        return next((str(facts[name]) for name in names if facts.get(name) not in (None, "")), "")

    change: dict[str, Any] = {
        "minimum": text("minimum", "minInclusive"),
        "maximum": text("maximum", "maxInclusive"),
        "above": text("minExclusive"),
        "below": text("maxExclusive"),
    }
    for name, keys in (("shortest", ("length", "minLength")), ("longest", ("length", "maxLength"))):
        if text(*keys).isdecimal():
            change[name] = int(text(*keys))
    form = facts.get("format")
    if isinstance(form, Mapping):
        change |= {"decimal": str(form.get("decimalChar") or "."), "group": str(form.get("groupChar") or "")}
    elif form and one.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        translated = date_format(str(form))
        change |= {"format": translated} if translated is not None else {"kind": Kind.UNKNOWN}
    elif form and one.kind is Kind.BOOLEAN:
        change["format"] = str(form)
    elif form and one.kind is Kind.TEXT:
        change["pattern"] = str(form)
    return replace(one, **change)
