"""Results of the OHDSI Data Quality Dashboard as evidence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadInput
from catalogue.profiling import Profile, ProfileOptions, identifier
from harvesters.profile_dqd import DqdProfiler

OPTIONS = ProfileOptions(today=date(2024, 1, 15))
FIELDS = (("PERSON", "year_of_birth"), ("PERSON", "gender_concept_id"), ("DEATH", "death_date"))


def check(name: str, category: str, place: tuple[str, str | None], **change: Any) -> dict[str, Any]:
    table, field = place
    found = {"checkName": name, "category": category, "cdmTableName": table, "cdmFieldName": field}
    return {**found, "failed": 0, "passed": 1, "notApplicable": 0, "isError": 0, "queryText": "ZORBLAX", **change}


def results() -> list[dict[str, Any]]:
    """Everything looked at in every field; one of six conformance checks failed."""
    checks = [check("cdmField", "Conformance", place) for place in FIELDS]
    checks += [check("cdmDatatype", "Conformance", place) for place in FIELDS]
    checks[-1] |= {"failed": 1, "passed": 0}
    checks += [check("measureValueCompleteness", "Completeness", place) for place in FIELDS]
    return [*checks, check("plausibleValueLow", "Plausibility", FIELDS[0])]


def run(path: Path, checks: object, **change: Any) -> Profile:
    path = path / "results.json"
    path.write_text(json.dumps({"CheckResults": checks, **change}), "utf-8")
    return DqdProfiler().profile(path, OPTIONS)


def levels(profile: Profile) -> dict[str, tuple[int | None, float | None]]:
    return {identifier(answer.criterion): (answer.level, answer.figure) for answer in profile.answers}


def test_the_level_is_the_share_of_variables_that_were_checked(tmp_path: Path) -> None:
    assert levels(run(tmp_path, results())) == {"Q4.3.1": (2, 100.0), "Q4.6.1": (2, 83.3), "Q4.4.1": (1, 100.0)}


def test_names_with_underscores_say_the_same(tmp_path: Path) -> None:
    spelt = [
        {"".join("_" + c.lower() if c.isupper() else c for c in name): value for name, value in one.items()}
        for one in results()
    ]
    assert run(tmp_path, spelt) == run(tmp_path, results())


@pytest.mark.parametrize("change", [{"notApplicable": 1, "passed": 0}, {"isError": 1, "failed": 1, "passed": 0}])
def test_a_check_that_did_not_run_examined_nothing(tmp_path: Path, change: dict[str, int]) -> None:
    checks = results()
    checks[6] |= change
    assert levels(run(tmp_path, checks))["Q4.3.1"] == (1, 100.0)
    checks[9] |= change
    found = run(tmp_path, checks)
    assert "Q4.4.1" not in levels(found)
    assert "Q4.4.1" in {gap.criterion for gap in found.gaps}


def test_without_the_check_of_every_field_all_is_not_claimed(tmp_path: Path) -> None:
    checks = [one for one in results() if one["checkName"] != "cdmField"]
    assert levels(run(tmp_path, checks))["Q4.3.1"] == (1, 100.0)


def test_a_table_of_which_no_field_was_checked_is_not_all(tmp_path: Path) -> None:
    checks = [*results(), check("cdmTable", "Conformance", ("COST", None))]
    assert levels(run(tmp_path, checks))["Q4.6.1"] == (1, 85.7)


def test_the_synthetic_results(shared: Path) -> None:
    path = shared / "nodes" / "icu_omop" / "synthetic" / "dqd_results_synthetic.json"
    found = DqdProfiler().profile(path, OPTIONS)
    assert levels(found) == {"Q4.3.1": (1, 33.3), "Q4.4.1": (1, 16.6), "Q4.6.1": (1, 33.3)}
    assert found.facts["versions"] == {"data_model": "v5.4", "dashboard": "2.8.0"}
    assert found.facts["categories"]["plausibility"]["failed"] == 10


def test_no_query_name_or_message_leaves(tmp_path: Path) -> None:
    checks = results()
    checks[0] |= {"error": "ZORBLAX", "warning": "ZORBLAX", "notesValue": "ZORBLAX", "numViolatedRows": 4711}
    found = run(tmp_path, checks, Metadata=[{"cdmHolder": "ZORBLAX", "cdmVersion": "ZORBLAX"}])
    assert [word for word in ("ZORBLAX", "4711") if word in repr(found)] == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"CheckResults": []}',
        '{"CheckResults": [3]}',
        '{"CheckResults": [{"checkName": "a", "category": "ZORBLAX", "cdmTableName": "T", "failed": 0}]}',
        '{"CheckResults": [{"checkName": "a", "category": "Conformance", "cdmTableName": "T"}]}',
        '{"CheckResults": [{"checkName": "a", "category": "Conform',
        '{"resourceType": "Bundle", "patient": "ZORBLAX"}',
    ],
)
def test_other_json_is_refused_and_not_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=r"not whole JSON|no results of the dashboard") as caught:
        DqdProfiler().profile(path, OPTIONS)
    assert "ZORBLAX" not in str(caught.value)
