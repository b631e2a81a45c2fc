"""Checks records against each other and against rules across variables: duplicates, and what must come before what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalogue.dictionary import COMPARABLE, Kind, Variable
from catalogue.errors import BadInput
from catalogue.profiling import Comparison, comparison
from harvesters._shares import Counted, Share, shares
from harvesters._table_sql import Sql, column, every, typed
from harvesters._table_variables import MOSTLY, Examination

FEW_DUPLICATES = 1.0
"""L-b1: at most this share of records, in percent, repeats another one at level 1; none at level 2."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many records repeat an earlier one."""

    key: tuple[str, ...]
    """The columns compared; all of them when empty."""
    repeated: Share
    without_key: Share

    @property
    def level(self) -> int:
        """Of L-b1. The highest only when records were compared by a key that all of them have."""
        if self.repeated.high == 0 and self.key and self.without_key.high == 0:
            return 2
        return 1 if self.repeated.known and self.repeated.percent <= FEW_DUPLICATES else 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How many records break a rule across two variables."""

    rule: Comparison
    broken: Share
    not_comparable: Share
    """Records in which one of the two is missing or cannot be read."""


def key_of(look: Examination) -> tuple[str, ...]:
    """The key the holder names, else that of the dictionary, else a variable that the dictionary calls unique."""
    if look.options.key:
        return look.options.key
    if look.described is None:
        return ()
    unique = [(one.name,) for one in look.described.variables if one.unique]
    key = look.described.key or next(iter(unique), ())
    return key if set(key) <= set(look.table.columns) else ()


def duplicates(look: Examination) -> Duplicates:
    """Compare records by their key, or whole ones."""
    key = key_of(look)
    numbers = [look.table.number(name, "--key") for name in key] or range(len(look.table.columns))
    columns = ", ".join(map(column, numbers))
    having = every(look.present(name) for name in key)
    person = f"trim({look.person})" if look.person else "''"
    [(with_key, repeated, persons)] = look.table.rows(
        f"""SELECT coalesce(sum(n), 0)::BIGINT, coalesce(sum(n - 1), 0)::BIGINT,
                   count(DISTINCT p) FILTER (n > 1)
            FROM (SELECT count(*) AS n, min({person}) AS p FROM t WHERE {having.text} GROUP BY {columns})""",
        having.values,
    )
    cases = {"without key": Sql(f"NOT ({having.text})", having.values)}
    keyless = look.split(cases, "with key")["without key"]
    known = look.person is not None
    once = with_key - repeated
    states = {
        "repeated": Counted(repeated, persons if known else repeated),
        "without key": keyless,
        "once": Counted(once, min(once, look.persons)),
    }
    found = shares(states, "once", look.options.least, persons=known)
    return Duplicates(key, found["repeated"], found["without key"])


def rules(look: Examination) -> list[Comparison]:
    """Those of the holder and those of the dictionary."""
    stated = map(comparison, look.described.rules) if look.described else ()
    return list(dict.fromkeys((*look.options.rules, *stated)))


def kept(look: Examination) -> Iterator[Kept]:
    """Check every rule across variables."""
    for rule in rules(look):
        left, right = (look.table.number(name, f"rule {rule}") for name in (rule.left, rule.right))
        kind = _kind(look, rule)
        one, other = (_as(look.variable(name), kind) for name in (rule.left, rule.right))
        a, b = typed(Sql(column(left)), one), typed(Sql(column(right)), other)
        there = every((look.present(rule.left), look.present(rule.right)))
        cases = {
            "not comparable": Sql(
                f"NOT ({there.text}) OR {a.text} IS NULL OR {b.text} IS NULL", (*there.values, *a.values, *b.values)
            ),
            "broken": Sql(f"NOT ({a.text} {rule.operator} {b.text})", (*a.values, *b.values)),
        }
        found = look.shares(cases, "kept")
        yield Kept(rule, found["broken"], found["not comparable"])


def _as(one: Variable, kind: Kind) -> Variable:
    return one if one.kind in COMPARABLE else replace(one, kind=kind, format="")


def _kind(look: Examination, rule: Comparison) -> Kind:
    """How the variables of a rule are compared: as the dictionary says, else as numbers, else as dates."""
    kinds = {look.variable(name).kind for name in (rule.left, rule.right)} & COMPARABLE
    if kinds:
        return next(iter(sorted(kinds, key=lambda kind: kind.value)))
    both = every((look.present(rule.left), look.present(rule.right)))
    names = [column(look.table.columns.index(name)) for name in (rule.left, rule.right)]
    for kind, sql in ((Kind.NUMBER, "DOUBLE"), (Kind.DATETIME, "TIMESTAMP")):
        cast = " AND ".join(f"TRY_CAST({name} AS {sql}) IS NOT NULL" for name in names)
        [(part,)] = look.table.rows(f"SELECT avg(({cast})::INT) FILTER ({both.text}) FROM t", both.values)
        if part is not None and part >= MOSTLY:
            return kind
    raise BadInput(
        "the variables are neither numbers nor ISO dates",
        where=f"rule {rule}",
        remedy="say in a data dictionary how their dates or numbers are written",
    )
