"""The official JSON Schemas of the Dataspace Protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator
from referencing import Registry, Resource


def official_schema(resources: Path, name: str) -> Draft201909Validator:
    """The schema of one kind of message, with those it refers to."""
    found = [json.loads(path.read_text("utf-8")) for path in resources.rglob("*-schema.json")]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found)
    [wanted] = [one for one in found if one["$id"].endswith(f"/{name}-schema.json")]
    return Draft201909Validator(wanted, registry=registry)
