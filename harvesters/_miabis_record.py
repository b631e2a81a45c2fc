"""Puts records of MIABIS Core 3 and of the BBMRI-ERIC Directory into one form, for ``vocab/mappings/miabis.ttl``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.doi import doi_name
from catalogue.model import Note, NoteKind
from harvesters._crosswalk import folded

SEVERAL = (
    "sex", "sample_type", "materials", "dataset_type", "data_categories", "disease", "diagnosis_available", "country",
    "sample_collection_setting", "collection_design", "type", "use_&_access_conditions", "inclusion_criteria",
    "order_of_magnitude", "storage_temperature", "storage_temperatures",
)  # fmt: skip
"""Fields with several values, between commas or semicolons where they are one text."""
DISEASES = ("disease", "diagnosis_available")
STRUCTURED = ("biobank", "contact_information", *DISEASES)
"""Fields that have fields; any other is a reference to a list, of which the name is taken."""
CODES = re.compile(
    r"(?:urn:miriam:)?(icd|icd-?10|orpha(?:net)?|snomed(?:ct)?|sct)[:_/](?:ORPHA:)?([A-Za-z0-9.\-]+)", re.IGNORECASE
)
SYSTEMS = {"icd": "ICD-10", "icd10": "ICD-10", "orpha": "ORPHACODE", "orphanet": "ORPHACODE", "orphacode": "ORPHACODE",
    "snomedct": "SNOMED-CT", "snomed": "SNOMED-CT", "sct": "SNOMED-CT"}  # fmt: skip
"""Spellings of coding systems inside codes. The Directory writes ICD-10 as icd."""
NAMED = {name: system for name, system in SYSTEMS.items() if name != "icd"}
"""Spellings in a field of their own, where ICD may be any revision."""
PREFIXES = {"ORPHACODE": "ORPHA:", "SNOMED-CT": "SCT:"}
"""What tells a code of digits only from those of other systems."""
CODE = ("disease_ontology_code", "ontology_code", "code", "name")
SYSTEM = ("disease_ontology_version", "ontology_version", "disease_ontology", "ontology", "system")
MEANING = ("label", "disease_ontology_description", "ontology_description", "description", "definition",
    "disease_free_text", "free_text")  # fmt: skip
MONTHS = 12
COUNT = re.compile(r"size|count|number_of_\w+|total_number_of_\w+|\w+_count")
"""Fields that may tell how few persons, or samples of persons, there are."""
FACTS = ("facts", "collection_facts")
"""Counts of groups, which could be subtracted from each other."""


def column(name: str) -> str:
    """The name of a field as tables spell it."""
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


def kept(
    given: Mapping[str, Any], biobanks: Mapping[str, Mapping[str, Any]], least: int
) -> tuple[dict[str, Any], list[Note]]:
    """What may be kept of a collection, with its biobank put in: counts below ``least`` are taken out."""
    notes: list[Note] = []
    record = _counted(given, least, notes)
    bank = record.get("biobank")
    key = bank.get("id") if isinstance(bank, dict) else bank
    if key is not None and str(key) in biobanks:
        record["biobank"] = _counted(biobanks[str(key)], least, notes)
    elif bank is not None and not isinstance(bank, dict):
        record["biobank"] = {"id": str(bank)}
    return record, notes


def _counted(given: Mapping[str, Any], least: int, notes: list[Note], within: str = "") -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in given.items():
        said, where = column(str(name)), f"{within}{name}"
        if value in (None, "", [], {}):
            continue
        if said in FACTS:
            notes.append(Note(NoteKind.UNMAPPED, where, reason="counts of groups are passed over"))
        elif COUNT.fullmatch(said):
            number = str(value).strip().removesuffix(".0")
            if not number.isdecimal():
                notes.append(Note(NoteKind.UNMAPPED, where, reason="no whole number; not kept, it may be a small one"))
            elif int(number) < least:
                notes.append(Note(NoteKind.SUPPRESSED, where, reason=f"fewer than {least}"))
            else:
                record[name] = value
        else:
            record[name] = _inside(value, least, notes, f"{where}.")
    return record


def _inside(value: Any, least: int, notes: list[Note], within: str) -> Any:
    if isinstance(value, Mapping):
        return _counted(value, least, notes, within)
    return [_inside(one, least, notes, within) for one in value] if isinstance(value, list) else value


def arranged(given: Mapping[str, Any]) -> dict[str, Any]:
    """A collection in the form of the table."""
    record = _plain(given)
    for name in SEVERAL:
        if isinstance(record.get(name), str):
            record[name] = [one.strip() for one in re.split(r"[;,]", record[name]) if one.strip()]
    _diseases(record)
    _publications(record)
    for name in ("age_low", "age_high"):
        _age(record, name)
    for name in ("storage_temperature", "storage_temperatures"):
        if name in record:
            record[name] = [f"Storage temperature: {one}" for one in _listed(record[name])]
    _contact(record)
    if isinstance(record.get("biobank"), dict):
        record["biobank"] = bank = _plain(record["biobank"])
        _contact(bank)
        if isinstance(bank.get("contact_information"), dict) and bank["contact_information"].get("email"):
            record["holder"] = {name: bank[name] for name in ("id", "name", "contact_information") if name in bank}
            record["holder"]["contact_information"] = {"email": bank["contact_information"]["email"]}
    return record


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """A record with references to lists as their names: ``{"name": "BE", "label": "Belgium"}``."""
    return {name: value if name in STRUCTURED else _named(value) for name, value in given.items()}


def _named(value: Any) -> Any:
    if isinstance(value, list):
        return [_named(one) for one in value]
    return value["name"] if isinstance(value, dict) and isinstance(value.get("name"), str) else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _diseases(record: dict[str, Any]) -> None:
    """Diseases as codes and their systems; what is no code stays a word, and other fields of a disease stay."""
    found: dict[str, list[Any]] = {"codes": [], "systems": [], "diseases": []}
    for name in DISEASES:
        rest = [left for one in _listed(record.pop(name, [])) if (left := _disease(one, found))]
        if rest:
            record[name] = rest
    record.update({name: sorted(set(said)) if name == "systems" else said for name, said in found.items() if said})


def _disease(one: Any, found: Mapping[str, list[Any]]) -> dict[str, Any]:
    parts = {column(str(name)): value for name, value in one.items()} if isinstance(one, dict) else {"name": one}
    code = str(_first(parts, CODE) or "").strip()
    match = CODES.fullmatch(code)
    stated = next((NAMED[name] for part in SYSTEM if (name := folded(str(parts.get(part, "")))) in NAMED), "")
    if match is not None:
        system, code = SYSTEMS[folded(match[1])], match[2]
    else:
        system = stated
    if system and code:
        found["codes"].append(code if code.startswith(PREFIXES.get(system, "")) else PREFIXES[system] + code)
        found["systems"].append(system)
    elif code:
        found["diseases"].append(code)
    found["diseases"] += [said for part in MEANING if (said := parts.get(part))]
    taken = {*MEANING, *(SYSTEM if system else ()), next((part for part in CODE if part in parts), "")}
    return {name: value for name, value in parts.items() if name not in taken}


def _first(parts: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((parts[name] for name in names if name in parts), None)


def _publications(record: dict[str, Any]) -> None:
    """Publications as addresses; a text without one may have commas and stays whole."""
    addresses: list[str] = []
    texts: list[str] = []
    for said in (str(one) for one in _listed(record.pop("publications", []))):
        for part in re.split(r"[;\n]", said):
            pieces = [piece.strip() for piece in part.split(",")]
            for one in pieces if all(_address(piece) for piece in pieces) else [part.strip()]:
                (addresses if _address(one) else texts).append(_address(one) or one)
    record |= {name: said for name, said in (("publications", addresses), ("citations", texts)) if any(said)}


def _address(said: str) -> str:
    doi = doi_name(said)
    if doi:
        return f"https://doi.org/{doi}"
    return said if said.startswith(("http://", "https://")) and not re.search(r"\s", said) else ""


def _age(record: dict[str, Any], name: str) -> None:
    """Years; months are made whole years, other units stay as they are and become nothing."""
    unit = str(record.get(f"{name}_unit") or record.get("age_unit") or "years").strip().lower()
    said = str(record.get(name, "")).strip().removesuffix(".0")
    if said.isdecimal() and unit in ("years", "year", "months", "month"):
        record[f"{name}_years"] = int(said) // (MONTHS if unit.startswith("month") else 1)
        del record[name]
        record.pop(f"{name}_unit", None)


def _contact(record: dict[str, Any]) -> None:
    """A contact as a structure; one text is an address of e-mail, or a name."""
    said = record.get("contact_information")
    if isinstance(said, str):
        record["contact_information"] = {"email": said} if "@" in said else {"name": said}
    elif isinstance(said, dict):
        parts = {column(str(name)): value for name, value in said.items()}
        names = [str(parts.pop(part)) for part in ("first_name", "last_name") if parts.get(part)]
        record["contact_information"] = parts | ({"name": " ".join(names)} if names and "name" not in parts else {})
