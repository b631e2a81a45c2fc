"""Turns what was measured in a table into facts, answers and words; every level is computed from published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.profiling import Gap, Profile, Sheet
from catalogue.quality import Answer
from harvesters._shares import Share, worst
from harvesters._table_persons import coverage, coverage_level
from harvesters._table_rules import Duplicates, Kept
from harvesters._table_time import Period, lag_level
from harvesters._table_variables import Examination, Measured

ALL, SOME = 2, 1
"""Levels of Q4.3.1 to Q4.6.1: all variables, or some of them, were examined."""
_DICTIONARY = "describe the variables in the description or give --dictionary FILE"


class Report:
    """Collects the results of one table."""

    def __init__(self, look: Examination) -> None:
        self._look, self._options = look, look.options
        self._answers: list[Answer] = []
        self._sheets: list[Sheet] = []
        self._withheld: list[str] = []
        self._gaps: list[Gap] = []
        self._facts: dict[str, Any] = {"threshold": self._options.least, "records": look.records}
        if look.person:
            self._facts["persons"] = look.persons
        self._facts["variables"] = len(look.table.columns)

    def profile(self) -> Profile:
        """Everything."""
        persons = f" about {self._look.persons:,} persons" if self._look.person else ""
        examined = f"{self._look.records:,} records{persons} with {len(self._look.table.columns)} variables"
        sheets, gaps = tuple(self._sheets), tuple(self._gaps)
        return Profile("table", examined, self._facts, tuple(self._answers), sheets, tuple(self._withheld), gaps)

    def _answer(self, criterion: str, level: int, note: str, figure: float | None = None, unit: str = "") -> None:
        self._answers.append(self._options.answer(criterion, level, note, figure, unit))

    def _gap(self, criterion: str, why: str, remedy: str = "") -> None:
        self._gaps.append(Gap(criterion, why, remedy))

    # --- variable by variable ----------------------------------------------------------------------------------------

    def variables(self, found: Sequence[Measured], rules: Sequence[Kept]) -> None:
        """Completeness, validity, consistency and precision."""
        self._facts["per_variable"] = [one.facts() for one in found]
        self._facts["rules"] = [
            {"rule": str(one.rule), "broken": one.broken.facts(), "not_comparable": one.not_comparable.facts()}
            for one in rules
        ]
        self._tell(found, rules)
        self._absent()
        self._completeness(found)
        self._validity([one for one in found if one.malformed is not None])
        self._consistency([one for one in found if one.implausible is not None], rules)
        fine = [one.name for one in found if one.distinct is not None]
        self._per_variable("Q4.5.1", fine, "number of different values and their granularity stated")

    def _tell(self, found: Sequence[Measured], rules: Sequence[Kept]) -> None:
        columns = (
            "Variable",
            "Missing",
            "Not applicable",
            "Malformed",
            "Implausible",
            "Different values",
            "Granularity",
        )
        rows = tuple(
            (
                one.name,
                str(one.missing),
                str(one.not_applicable),
                "not checked" if one.malformed is None else str(one.malformed),
                "not checked" if one.implausible is None else str(one.implausible),
                "withheld" if one.distinct is None else f"{one.distinct:,}",
                one.grain,
            )
            for one in found
        )
        self._sheets.append(Sheet("Variables", columns, rows))
        if rules:
            broken = tuple((str(one.rule), str(one.broken), str(one.not_comparable)) for one in rules)
            self._sheets.append(Sheet("Rules across variables", ("Rule", "Broken", "Not comparable"), broken))
        for one in found:
            self._hidden(one.name, (one.missing, one.not_applicable, one.malformed, one.implausible))
        for rule in rules:
            self._hidden(f"rule {rule.rule}", (rule.broken, rule.not_comparable))

    def _hidden(self, name: str, shares: Iterable[Share | None]) -> None:
        if any(share is not None and not share.exact for share in shares):
            whom = "persons" if self._look.person else "records"
            self._withheld.append(f"{name}: counts of fewer than {self._options.least} {whom}")

    def _absent(self) -> None:
        absent = sorted(self._options.dictionary.names - set(self._look.table.columns))
        self._facts["described_but_not_in_the_table"] = absent
        if absent:
            names = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")
            self._gap("Q4.3.1 to Q4.6.1", f"the dictionary also names {names}: not in this table")
        if self._options.dictionary.tables and self._look.described is None:
            self._gap("Q4.6.1", "no table of the dictionary has a variable of this table", "correct csvw:name")

    def _per_variable(self, criterion: str, examined: Sequence[str], note: str, figure: float | None = None) -> None:
        """An answer at the level that so many variables earn: all only when a dictionary tells how many there are."""
        columns, names = self._look.table.columns, self._options.dictionary.names
        if not examined:
            return
        whole = bool(names) and names | set(columns) <= set(examined)
        counted = f"{len(examined)} of {len(names | set(columns))} variables: {note}"
        if not names:
            counted += "; without a data dictionary it is not known whether the dataset has other variables"
            self._gap(criterion, f"level {ALL}: whether these are all variables", _DICTIONARY)
        self._answer(criterion, ALL if whole else SOME, counted, figure, "%" if figure is not None else "")

    def _completeness(self, found: Sequence[Measured]) -> None:
        told = [one for one in found if one.missing.known and one.not_applicable.known]
        applicable = [Share(s.low, s.high, s.of - one.not_applicable.high) for one in told for s in (one.missing,)]
        self._per_variable(
            "Q4.3.1", [one.name for one in found], "share of values that are there, at least", worst(applicable)
        )

    def _validity(self, checked: Sequence[Measured]) -> None:
        if not checked:
            self._gap("Q4.6.1", "validity was not examined: no data dictionary says what is valid", _DICTIONARY)
        told = [one for one in checked if one.malformed is not None and one.malformed.known]
        parts = [one.malformed for one in told if one.malformed]
        required = [one.missing for one in told if one.described and one.described.required and one.missing.known]
        values = worst(parts)
        if values is not None and any(share.high for share in required):
            values = min(values, worst([*parts, *required]) or 0.0)
        note = "share of records whose value has the datatype, format, pattern and length of the dictionary, at least"
        self._per_variable("Q4.6.1", [one.name for one in checked], note, values)

    def _consistency(self, checked: Sequence[Measured], rules: Sequence[Kept]) -> None:
        names = {one.name for one in checked} | {name for one in rules for name in (one.rule.left, one.rule.right)}
        if not names:
            why = "consistency was not examined: there is no list of codes, no range and no rule"
            self._gap("Q4.4.1", why, "give them in --dictionary FILE, and rules by --rule 'START <= END'")
        parts = [*(one.implausible for one in checked if one.implausible), *(one.broken for one in rules)]
        note = "share of records that hold a known code, are in range and keep the rules across variables, at least"
        self._per_variable("Q4.4.1", sorted(names), note, worst(parts))

    def duplicates(self, found: Duplicates) -> None:
        """Uniqueness."""
        what = "by " + ", ".join(found.key) if found.key else "as whole records"
        self._facts["duplicates"] = {
            "key": list(found.key),
            "repeated": found.repeated.facts(),
            "without_key": found.without_key.facts(),
        }
        if not found.repeated.known:
            self._gap("L-b1", "the number of duplicates is withheld")
            return
        row = (what, str(found.repeated), str(found.without_key))
        self._sheets.append(Sheet("Duplicates", ("Compared", "Repeated", "Without key"), (row,)))
        self._hidden("duplicates", (found.repeated, found.without_key))
        least = "" if found.repeated.exact else ", at most"
        note = f"records that repeat an earlier one, compared {what}{least}"
        if not found.key:
            self._gap("L-b1", "level 2: whether one thing has two different records", "name the key by --key COLUMN")
        self._answer("L-b1", found.level, note, found.repeated.percent, "%")

    # --- time --------------------------------------------------------------------------------------------------------

    def without_event(self) -> None:
        """No column with dates was named."""
        for criterion in ("L-b2", "L-d1", "L-d2"):
            self._gap(criterion, "no column with the date of events is known", "name it by --event COLUMN")

    def period(self, found: Period) -> None:
        """The period covered, in years."""
        years = None if found.first is None else {"first": found.first, "last": found.last}
        self._facts["period"] = {"years": years, "date_not_usable": found.unread.facts()}
        if found.outside is not None:
            self._facts["period"]["outside_declared_period"] = found.outside.facts()
        if years is None:
            self._gap("L-d1", f"no year has events of {self._options.least} persons")
            return
        note = f"events from {found.first} to {found.last}"
        if found.outside is None:
            self._gap("L-d1", "level 2: whether the period is that of the description", "give --description FILE")
            note += "; the description states no period to hold against it"
        else:
            note += ", as the description says" if found.consistent else "; the description states another period"
        self._answer("L-d1", 2 if found.consistent else 1, note)

    def timeliness(self, behind: int | None) -> None:
        """How many update intervals the newest events are old."""
        if behind is None:
            why = "no update interval is known that the age of the data could be held against"
            self._gap("L-b2", why, "state dct:accrualPeriodicity and give --description FILE")
            return
        self._facts["update_intervals_behind"] = behind
        level = 2 if behind <= 1 else 1
        self._answer("L-b2", level, "begun update intervals since the newest events", float(behind), "1")

    def time_in_dataset(self, found: Mapping[str, Any] | None) -> None:
        """Mean time of a person in the dataset."""
        if found is None:
            self._gap("L-d2", f"fewer than {self._options.least} persons have a date")
            return
        self._facts["time_in_dataset"] = dict(found)
        note = f"days from the first to the last event of a person, mean; median {found['median_days']}"
        self._answer("L-d2", 2, note, float(found["mean_days"]), "d")

    def without_lag(self) -> None:
        """No pair of dates was named."""
        remedy = "name the columns by --collected (or --event) and --added"
        self._gap("L-e1", "when data were collected or added is not known", remedy)

    def lag(self, found: Mapping[str, Any] | None) -> None:
        """Time from collection to inclusion."""
        if found is None:
            self._gap("L-e1", f"fewer than {self._options.least} persons have both dates in order")
            return
        self._facts["collection_to_inclusion"] = dict(found)
        note = f"days from collection to inclusion, median; mean {found['mean_days']}"
        self._answer("L-e1", lag_level(found["median_days"]), note, float(found["median_days"]), "d")

    # --- persons -----------------------------------------------------------------------------------------------------

    def without_person(self) -> None:
        """It is not known whom a record is about."""
        remedy = "name the column with the pseudonym by --person COLUMN"
        for criterion in ("L-d2", "L-c2", "Q2.1.1"):
            self._gap(criterion, "which records are about the same person is not known", remedy)

    def subgroups(self, found: Mapping[str, Mapping[str, int] | None]) -> None:
        """Persons by subgroup: material for an examination of bias, which is more than counting."""
        if not found:
            self._gap("L-c2", "no subgroup is named", "name columns such as sex or site by --subgroup COLUMN")
            return
        told = {name: dict(cells) for name, cells in found.items() if cells is not None}
        self._facts["subgroups"] = told
        for name in sorted(found.keys() - told.keys()):
            self._gap("L-c2", f"{name} has too many values to be groups", "name a coarser column")
        for name, cells in told.items():
            rows = tuple((group, f"{count:,}") for group, count in cells.items())
            self._sheets.append(Sheet(f"Persons by {name}", ("Group", "Persons"), rows))
            if sum(cells.values()) < self._look.persons:
                least = self._options.least
                self._withheld.append(f"{name}: groups of fewer than {least} persons, and those that would tell them")
        named = sorted(name for name, cells in told.items() if len(cells) > 1)
        if named:
            note = f"persons counted by {', '.join(named)}; that is no examination of bias yet"
            self._answer("L-c2", 1, note)

    def coverage(self) -> None:
        """Share of the eligible population."""
        percent = coverage(self._look)
        if self._options.eligible is None:
            self._gap("Q2.1.1", "how many persons are eligible is not known", "say it by --eligible NUMBER")
        elif percent is None:
            self._gap("Q2.1.1", "the table has more persons than are said to be eligible", "correct --eligible")
        else:
            self._facts["population_coverage_percent"] = percent
            note = f"{self._look.persons:,} of {self._options.eligible:,} eligible persons"
            self._answer("Q2.1.1", coverage_level(percent), note, percent, "%")
