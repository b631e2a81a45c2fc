"""The shape of the program: who may import whom is checked by import-linter; this checks what it cannot see."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import catalogue.errors
import harvesters

ROOT = Path(__file__).resolve().parents[2]


def test_both_packages_come_from_this_tree() -> None:
    assert Path(catalogue.errors.__file__).parent == ROOT / "catalogue"
    assert Path(next(iter(harvesters.__path__))) == ROOT / "harvesters"


def test_every_query_file_is_used_and_no_query_stands_in_code() -> None:
    code = {path: path.read_text("utf-8") for path in (ROOT / "catalogue").rglob("*.py")}
    for file in (ROOT / "catalogue" / "queries").glob("*.rq"):
        assert any(f'query("{file.stem}")' in text for text in code.values()), f"{file.name} is not used"
    in_code = re.compile(r'"\s*(?:SELECT|CONSTRUCT|INSERT|DELETE)\s+[?*{]')
    offenders = [str(path) for path, text in code.items() if in_code.search(text) and "stores" not in path.parts]
    assert not offenders


def test_entry_points_match_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["entry-points"]["ehds_catalogue.harvesters"]
    found = {point.name: point.value for point in entry_points(group="ehds_catalogue.harvesters")}
    assert found == wanted


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("catalogue", "harvesters")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long
