"""A made-up table of hospital stays, and how its profile is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from catalogue.dictionary_json import read_json
from catalogue.profiling import Profile, ProfileOptions, identifier
from catalogue.quality import Answer
from harvesters.profile_table import TableProfiler

TODAY = date(2024, 1, 15)
OPTIONS = ProfileOptions(today=TODAY)
HEADER = "id,person,sex,age,admitted,discharged,added"


def lines() -> list[str]:
    """100 records of 50 persons, two each, one in 2022 and one 100 days later; the first 20 have no age."""
    rows = []
    for number in range(100):
        person, second = number % 50, number // 50
        start = date(2022, 6, 1) + timedelta(days=person % 20 + 100 * second)
        age = "" if number < 20 else str(40 + person % 30)
        end, added = start + timedelta(days=5), start + timedelta(days=45)
        rows.append(f"{number},P{person:02d},{'FM'[person % 2]},{age},{start},{end},{added}")
    return rows


def write(folder: Path, rows: list[str], header: str = HEADER, name: str = "visits.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def run(path: Path, options: ProfileOptions = OPTIONS, **change: object) -> Profile:
    return TableProfiler().profile(path, replace(options, **change))  # type: ignore[arg-type]


def answers(profile: Profile) -> dict[str, Answer]:
    return {identifier(answer.criterion): answer for answer in profile.answers}


def levels(profile: Profile) -> dict[str, tuple[int | None, float | None]]:
    return {name: (answer.level, answer.figure) for name, answer in answers(profile).items()}


def dictionary(**limits: dict[str, object]) -> ProfileOptions:
    types = {"id": "integer", "age": "integer", "admitted": "date", "discharged": "date", "added": "date"}
    fields = [{"name": n, "type": types.get(n, "string"), "constraints": limits.get(n, {})} for n in HEADER.split(",")]
    return replace(OPTIONS, dictionary=read_json(json.dumps({"fields": fields}).encode(), "d.json"))


def variable(profile: Profile, name: str) -> dict[str, object]:
    return next(one for one in profile.facts["per_variable"] if one["variable"] == name)
