"""Reads JSON that a node gives, and checks records by the schemas in ``schemas/``, naming the field that is wrong."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from catalogue.errors import SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Original, Rejected, Source
from catalogue.ports import Response

MOST = 5
"""Problems of one record that are told."""
DEEPEST = 100
"""Objects and lists inside each other that are walked through; descriptions have a tenth of it."""


def loaded(response: Response) -> Any:
    """The JSON of an answer.

    Raises :class:`~catalogue.errors.SourceUnavailable` when it is none, or endlessly deep: then whatever answers is not
    such a node.
    """
    try:
        held = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        head = response.content[:40].decode("utf-8", "replace")
        raise SourceUnavailable(
            f"the answer is no JSON ({response.media_type or 'no type'}, begins with {head!r})",
            where=response.url,
            remedy="check the endpoint and the kind in the node file",
        ) from error
    if not shallow(held):
        raise SourceUnavailable(
            f"objects lie more than {DEEPEST} deep inside each other",
            where=response.url,
            remedy="ask whoever runs the node to correct it",
        )
    return held


def shallow(held: Any) -> bool:
    """Whether something out of JSON is at most :data:`DEEPEST` objects and lists deep, so that it can be walked through
    by functions that call themselves."""
    level = [held]
    for _ in range(DEEPEST):
        inside = (list(one.values()) if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [each for one in inside for each in one if isinstance(each, dict | list)]
        if not level:
            return True
    return False


def dumped(record: Any) -> bytes:
    """A record as the bytes that are kept of it, the same for equal records."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()


def original_of(record: Any, where: str, source: Source) -> Original:
    """What is kept of a record; its container changes with the record and with what the node file says."""
    content = dumped(record)
    return Original(content, "application/json", where, digest(f"{source.digest}\n".encode() + content))


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((files("harvesters") / "schemas" / f"{schema}.schema.json").read_bytes()))


def problems(record: Any, schema: str) -> list[str]:
    """What is wrong with a record by ``schemas/<schema>.schema.json``, each beginning with the name of its field."""
    found = (
        f"{e.json_path.removeprefix('$').lstrip('.') or 'the record'}: {e.message[:200]}"
        for e in _validator(schema).iter_errors(record)
    )
    return sorted(found)


def require(record: Any, schema: str, where: str) -> None:
    """Hold an answer about a whole node to a schema.

    Raises :class:`~catalogue.errors.SourceUnavailable` when it is not as it should be.
    """
    wrong = problems(record, schema)
    if wrong:
        raise SourceUnavailable(
            f"the answer is not as {schema} says: {'; '.join(wrong[:MOST])}",
            where=where,
            remedy="check the endpoint and the kind in the node file, or tell whoever runs the node",
        )


def refused(record: Any, schema: str, original: Original) -> Rejected | None:
    """The rejection of a record that is not as it should be; None when it is."""
    wrong = problems(record, schema)
    if not wrong:
        return None
    return Rejected(
        original.location,
        "; ".join(wrong[:MOST]),
        f"correct the record at the node; harvesters/schemas/{schema}.schema.json says what it must hold",
        original,
    )
