"""Makes evidence of the results of an OHDSI Data Quality Dashboard run on an OMOP database."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from catalogue.errors import BadInput
from catalogue.profiling import Gap, Profile, ProfileOptions, Sheet

CATEGORIES = {"Completeness": "Q4.3.1", "Plausibility": "Q4.4.1", "Conformance": "Q4.6.1"}
"""Category of Kahn et al. as the dashboard names it -> criterion."""
OUTCOMES = ("passed", "failed", "not applicable", "could not run")
PRESENCE = "cdmfield"
"""The check that runs once for every field of the data model; without it, it is not known which fields there are."""
_VERSION = re.compile(r"[vV]?\d[\w.-]{0,15}")
REMEDY = "give the JSON file that executeDqChecks of DataQualityDashboard writes (it has CheckResults)"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and how it came out."""

    name: str
    category: str
    table: str
    field: str
    """Empty for a check of a whole table."""
    outcome: str
    """One of :data:`OUTCOMES`."""

    @property
    def ran(self) -> bool:
        """Whether it examined anything."""
        return self.outcome in ("passed", "failed")


def profile_of(content: bytes, where: str, options: ProfileOptions) -> Profile:
    """The profile that a results file makes; rows, queries and messages of the file are not looked at.

    Raises :class:`~catalogue.errors.BadInput` for what is no such file, naming the part that is wrong.
    """
    document = _document(content, where)
    return _profile(list(_checks(document)), document, options)


def day_of(content: bytes) -> date | None:
    """The day on which the checks were started; None where a results file does not say."""
    try:
        return date.fromisoformat(json.loads(content)["startTimestamp"][:10])
    except (ValueError, RecursionError, KeyError, TypeError):
        return None


def _document(content: bytes, where: str) -> Mapping[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput("the file is not in UTF-8", where=where, remedy=REMEDY) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("the file is not whole JSON", where=where, remedy=REMEDY) from error
    if isinstance(document, dict) and isinstance(document.get("CheckResults"), list):
        document = document | {"CheckResults": [_plain(one) for one in document["CheckResults"]]}
    schema = json.loads((files("harvesters") / "schemas" / "dqd.schema.json").read_text("utf-8"))
    wrong = next(Draft202012Validator(schema).iter_errors(document), None)
    if wrong is not None:
        place = wrong.json_path.removeprefix("$").removeprefix(".") or "the whole"
        raise BadInput(f"no results of the dashboard: {place} is not as it should be", where=where, remedy=REMEDY)
    found: Mapping[str, Any] = document
    return found


def _plain(check: Any) -> Any:
    """A check with names of one spelling: the dashboard writes ``checkName`` or ``check_name``."""
    if not isinstance(check, dict):
        return check
    return {str(name).replace("_", "").lower(): value for name, value in check.items()}


def _checks(document: Mapping[str, Any]) -> Iterator[Check]:
    for one in document["CheckResults"]:
        outcome = (
            "could not run"
            if one.get("iserror") or one.get("error")
            else "not applicable"
            if one.get("notapplicable")
            else "failed"
            if one["failed"]
            else "passed"
            if one.get("passed", 1)
            else "could not run"
        )
        table, field = (str(one.get(name) or "").upper() for name in ("cdmtablename", "cdmfieldname"))
        yield Check(one["checkname"].lower(), one["category"], table, field, outcome)


def _profile(checks: list[Check], document: Mapping[str, Any], options: ProfileOptions) -> Profile:
    ran = [check for check in checks if check.ran]
    fields = {(check.table, check.field) for check in ran if check.field}
    bare = {check.table for check in ran} - {table for table, _ in fields}
    whole = not bare and {(c.table, c.field) for c in ran if c.name == PRESENCE} >= fields
    answers, gaps, rows = [], [], []
    facts: dict[str, Any] = {"versions": _versions(document), "tables": len({c.table for c in ran})}
    facts |= {"variables": len(fields), "categories": {}}
    for category, criterion in CATEGORIES.items():
        these = [check for check in checks if check.category == category]
        counts = Counter(check.outcome for check in these)
        examined = {(check.table, check.field) for check in these if check.ran and check.field}
        facts["categories"][category.lower()] = {
            **{outcome.replace(" ", "_"): counts[outcome] for outcome in OUTCOMES},
            "variables_examined": len(examined),
        }
        rows.append((category, *(f"{counts[outcome]:,}" for outcome in OUTCOMES), f"{len(examined)} of {len(fields)}"))
        if not examined:
            gaps.append(Gap(criterion, f"no {category.lower()} check of a variable ran", "run all checks"))
            continue
        level = 2 if whole and examined >= fields else 1
        done = counts["passed"] + counts["failed"]
        note = f"{len(examined)} of {len(fields)} variables; share of {done:,} {category.lower()} checks passed"
        answers.append(options.answer(criterion, level, note, counts["passed"] * 1000 // done / 10, "%"))
        if level == 1 and not whole:
            why = "level 2: whether these are all variables (cdmField did not run for every table and field)"
            gaps.append(Gap(criterion, why, "run the dashboard with all its checks"))
    columns = ("Category", *(outcome.capitalize() for outcome in OUTCOMES), "Variables")
    examined_words = f"{len(ran):,} checks that ran on {len(fields)} variables in {facts['tables']} tables"
    sheets = (Sheet("Checks of the Data Quality Dashboard", columns, tuple(rows)),)
    return Profile("dqd", examined_words, facts, tuple(answers), sheets, (), tuple(gaps))


def _versions(document: Mapping[str, Any]) -> dict[str, str]:
    """Versions of data model and dashboard; names of sources and holders stay behind."""
    stated = document.get("Metadata") or [{}]
    first = stated[0] if isinstance(stated, list) else stated
    plain = _plain(first) if isinstance(first, dict) else {}
    names = {"cdmversion": "data_model", "dqdversion": "dashboard"}
    texts = {ours: str(plain.get(theirs) or "") for theirs, ours in names.items()}
    return {name: text for name, text in texts.items() if _VERSION.fullmatch(text)}
