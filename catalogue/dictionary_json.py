"""Reads a data dictionary from JSON: CSV on the Web metadata or a Frictionless Table Schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from catalogue.dictionary import Dictionary, Kind, Table, Variable, restricted, variable
from catalogue.errors import BadInput
from catalogue.names import CAT

OWN_RULES = (CAT.comparison.value, "cat:comparison", "comparison")
OWN_CODES = (CAT.notApplicableCode.value, "cat:notApplicableCode", "notApplicable")
_LABELS = ("not applicable", "notapplicable", "not-applicable", "n/a", "does not apply")
_REMEDY = "give CSV on the Web metadata (with tableSchema) or a Frictionless Table Schema (with fields)"


def read_json(content: bytes, where: str) -> Dictionary:
    """The dictionary in a JSON document.

    Raises :class:`~catalogue.errors.BadInput` when it is no JSON, neither of the two forms, or has no variable.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput("the data dictionary is not in UTF-8", where=where, remedy="save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the data dictionary is not JSON: {error}", where=where, remedy=_REMEDY) from error
    try:
        tables = tuple(_tables(document))
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadInput("the data dictionary has not the form it should", where=where, remedy=_REMEDY) from error
    if not any(table.variables for table in tables):
        raise BadInput("the data dictionary names no variable", where=where, remedy=_REMEDY)
    return Dictionary(tables)


def _tables(document: Any) -> Iterable[Table]:
    if not isinstance(document, Mapping):
        return
    if isinstance(document.get("fields"), list):
        yield _schema(document, ())
    elif isinstance(document.get("resources"), list):
        for resource in document["resources"]:
            if isinstance(resource, Mapping) and isinstance(resource.get("schema"), Mapping):
                yield _schema(resource["schema"], (resource.get("name"), resource.get("path")))
    elif isinstance(document.get("tables"), list):
        yield from (_csvw(table, document) for table in document["tables"])
    else:
        yield _csvw(document, {})


def _texts(value: Any) -> tuple[str, ...]:
    """A value or list of values, as text; what is neither text nor number is left out."""
    if value is None:
        return ()
    many = value if isinstance(value, list) else [value]
    return tuple(str(one) for one in many if isinstance(one, str | int | float) and not isinstance(one, bool))


def _own(names: Iterable[str], *places: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(text for place in places for name in names for text in _texts(place.get(name)))


def _called(*names: Any) -> frozenset[str]:
    return frozenset(PurePosixPath(name).name for name in names if isinstance(name, str) and name)


# --- CSV on the Web --------------------------------------------------------------------------------------------------


def _csvw(table: Mapping[str, Any], group: Mapping[str, Any]) -> Table:
    schema = table.get("tableSchema") or group.get("tableSchema") or {}
    inherited = {**group, **table, **schema}
    codes = _own(OWN_CODES, table, schema)
    columns = [column for column in schema.get("columns") or () if not column.get("virtual")]
    variables = tuple(_csvw_column(column, inherited, codes) for column in columns if _name(column))
    headers = {str(column.get("name", "")): _name(column) for column in columns}
    key = tuple(headers.get(name, name) for name in _texts(schema.get("primaryKey")))
    return Table(variables, _called(table.get("url")), key, _own(OWN_RULES, table, schema))


def _name(column: Mapping[str, Any]) -> str:
    """The header of a column: its first title, else its name (CSVW writes titles into the header row)."""
    titles = column.get("titles")
    if isinstance(titles, Mapping):
        titles = next(iter(titles.values()), None)
    return next(iter(_texts(titles)), "") or str(column.get("name") or "")


def _csvw_column(column: Mapping[str, Any], inherited: Mapping[str, Any], codes: tuple[str, ...]) -> Variable:
    datatype = column.get("datatype", inherited.get("datatype", "string"))
    facts = datatype if isinstance(datatype, Mapping) else {}
    base = str(facts.get("base", "string")) if facts else str(datatype)
    one = variable(
        _name(column),
        base,
        required=column.get("required", inherited.get("required")) is True,
        missing=_texts(column.get("null", inherited.get("null"))),
        not_applicable=(*codes, *_own(OWN_CODES, column)),
    )
    if column.get("separator", inherited.get("separator")):
        return replace(one, kind=Kind.UNKNOWN)
    return restricted(one, facts)


# --- Frictionless Table Schema ---------------------------------------------------------------------------------------


def _schema(schema: Mapping[str, Any], names: Iterable[Any]) -> Table:
    missing, codes = _missing(schema.get("missingValues"))
    codes += _own(OWN_CODES, schema)
    variables = tuple(_field(one, missing, codes) for one in schema["fields"] if one.get("name"))
    paths = [path for name in names for path in _texts(name)]
    return Table(variables, _called(*paths), _texts(schema.get("primaryKey")), _own(OWN_RULES, schema))


def _missing(values: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes for no value, and among them those whose label says that there can be none (Table Schema 2)."""
    pairs = [(one, "") if isinstance(one, str) else (one["value"], one.get("label", "")) for one in values or ()]
    codes = tuple(str(value) for value, label in pairs if label.strip().lower() in _LABELS)
    return tuple(str(value) for value, _ in pairs if value not in codes), codes


def _field(one: Mapping[str, Any], missing: tuple[str, ...], codes: tuple[str, ...]) -> Variable:
    limits = one.get("constraints") or {}
    own_missing, own_codes = _missing(one.get("missingValues"))
    categories = [c["value"] if isinstance(c, Mapping) else c for c in one.get("categories") or ()]
    found = variable(
        str(one["name"]),
        str(one.get("type", "string")),
        required=limits.get("required") is True,
        unique=limits.get("unique") is True,
        allowed=_texts(limits.get("enum")) or _texts(categories),
        pattern=str(limits.get("pattern", "")),
        missing=own_missing if "missingValues" in one else missing,
        not_applicable=(*own_codes, *codes, *_own(OWN_CODES, one)),
        decimal=str(one.get("decimalChar", ".")),
        group=str(one.get("groupChar", "")),
    )
    named = {"minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "minExclusive"}
    named |= {"exclusiveMaximum": "maxExclusive", "minLength": "minLength", "maxLength": "maxLength"}
    found = restricted(found, {ours: limits[theirs] for theirs, ours in named.items() if theirs in limits})
    return _formatted(found, one)


def _formatted(found: Variable, one: Mapping[str, Any]) -> Variable:
    form = str(one.get("format", "default"))
    if found.kind is Kind.BOOLEAN and ("trueValues" in one or "falseValues" in one):
        yes, no = (one.get(name, [name[:-6]]) for name in ("trueValues", "falseValues"))
        return replace(found, format="", allowed=(*_texts(yes), *_texts(no)), kind=Kind.TEXT)
    if form == "any":
        return replace(found, kind=Kind.UNKNOWN)
    if found.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME) and form != "default":
        return replace(found, format=form)
    if found.kind is Kind.TEXT and form == "uri":
        return replace(found, kind=Kind.URI)
    return found
