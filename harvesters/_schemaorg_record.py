"""Sorts datasets of schema.org by what their values are, for ``vocab/mappings/schemaorg.ttl``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from catalogue.model import Description, Note, Original, Rejected, Source
from catalogue.splitting import fit_for_path
from harvesters._json import refused
from harvesters._linked_record import listed, types_of
from harvesters._mapping import describe, mapping
from harvesters._schemaorg_agents import AGENTS, agents, publishable
from harvesters._schemaorg_places import period, place
from harvesters._schemaorg_values import absolute, address_of, identifier, identifiers, is_text, texts, words

TEXTS = ("name", "alternateName", "headline", "description", "abstract", "conditionsOfAccess", "copyrightNotice",
    "measurementTechnique", "measurementMethod")  # fmt: skip
LINKS = ("license", "isBasedOn", "citation", "isPartOf", "hasPart", "sameAs", "subjectOf", "includedInDataCatalog",
    "usageInfo", "documentation", "mainEntityOfPage", "conformsTo", "url")  # fmt: skip
"""Properties whose value may be an address or an entity with one."""
FORMER = {"spatial": "spatialCoverage", "temporal": "temporalCoverage", "datasetTimeInterval": "temporalCoverage",
    "catalog": "includedInDataCatalog", "includedDataCatalog": "includedInDataCatalog"}  # fmt: skip
"""Names that schema.org replaced."""
DOWNLOADS = frozenset({"DataDownload", "MediaObject", "File"})
"""Classes of files, whose own ``@id`` is where they are had."""
_LICENCE = re.compile(
    r"(https?://creativecommons\.org/(?:licenses|publicdomain)/[a-z-]+/\d\.\d)/?(?:legalcode|deed)?.*"
)


SORTED = frozenset({"name", "keywords", "about", "identifier", "cite-as", "distribution", *FORMER})
"""Properties that are read into fields of other names; :data:`PARTS` are more."""


def is_read(name: str) -> bool:
    """Whether something is made of a property, or it is left out on purpose."""
    fields = {line.path[0] for line in mapping("schemaorg").lines if line.path}
    return name in SORTED or name in fields or any(name == old for old, _, _ in PARTS)


def described(
    entity: Mapping[str, Any], original: Original, source: Source, place: str, *, base: str = "", language: str = ""
) -> Description | Rejected:
    """The dataset that an entity describes.

    ``place`` is its address where it has no other, or empty; ``base`` what addresses in it are relative to;
    ``language`` that of its texts, where the document says it.
    """
    record, notes = arranged(entity, base)
    problem = refused(record, "schemaorg", original)
    if problem is not None:
        return problem
    iri = _address(record, place)
    if not iri:
        name = str((record.get("identifiers") or [""])[0]) or _first(record.get("name"))
        iri = source.namespace + fit_for_path(name)
        record.setdefault("identifiers", [name])
    else:
        record.setdefault("identifiers", [iri])
    spoken = replace(source, options={**source.options, "language": language}) if language else source
    graph, made = describe("schemaorg", record, iri, spoken)
    return Description(iri, graph, original, (*made, *notes))


def arranged(entity: Mapping[str, Any], base: str = "") -> tuple[dict[str, Any], list[Note]]:
    """The entity in the form of the table, and what was withheld; nothing is taken out that is not put elsewhere."""
    result, notes = publishable(entity)
    left: dict[str, Any] = {}
    _names(result)
    if result.get("publisher"):
        _leave(left, "provider", result.pop("provider", None), unless=result["publisher"])
    _each(result, AGENTS, agents)
    _words(result, left)
    _each(result, TEXTS, lambda given, name: [said for one in given for said in _texts(one, name, left)])
    _each(result, LINKS, lambda given, name: [_link(one, name, left, base) for one in given])
    result["identifiers"] = identifiers([*listed(result.pop("identifier", None)), *listed(result.pop("cite-as", None))])
    own = absolute(result.get("@id"), base)
    result["@id"] = identifier(own) if address_of(own) else own
    _parts(result, left, base)
    return {name: value for name, value in (result | left).items() if value not in (None, "", [], {})}, notes


def _names(result: dict[str, Any]) -> None:
    """Put what stands under a former name, or under another name than the title, under the right one."""
    for former, name in FORMER.items():
        if former in result:
            result[name] = [*listed(result.get(name)), *listed(result.pop(former))]
    if "name" not in result:
        result["name"] = result.pop("headline", None) or result.pop("alternateName", None)


def _each(result: dict[str, Any], names: Iterable[str], sort: Callable[[list[Any], str], list[Any]]) -> None:
    for name in names:
        if name in result:
            result[name] = sort(listed(result[name]), name)


def _parts(result: dict[str, Any], left: dict[str, Any], base: str) -> None:
    """Sort the values that are parts of the dataset."""
    for old, new, sort in PARTS:
        if old in result:
            result[new] = [sort(one) for one in listed(result.pop(old))]
    if "recordSet" in result:
        result["recordSet"] = len(listed(result["recordSet"]))
    given = [_distribution(one, base, left) for one in listed(result.pop("distribution", None))]
    result["distribution"] = [one for one in given if not (isinstance(one, dict) and one.get("containedIn"))]
    left["contained"] = [one for one in given if isinstance(one, dict) and one.get("containedIn")]


def _address(record: Mapping[str, Any], place: str) -> str:
    """The dataset's own IRI: its ``@id``, else a DOI or another address among its identifiers, else its page.

    A ``url`` counts as its page unless it leads to the whole site.
    """
    addresses = [address for one in record.get("identifiers", []) if (address := address_of(one))]
    dois = [one for one in addresses if one.startswith("https://doi.org/")]
    pages = [one for one in map(address_of, record.get("url", [])) if urlsplit(one).path.strip("/")]
    own = address_of(record.get("@id"))
    return next((one for one in (own, *dois, *addresses, place, *pages) if one), "")


def _first(value: Any) -> str:
    """One text, the same in whatever order there are several."""
    found = [one if isinstance(one, dict) else {"en": one} for one in listed(value)]
    said = sorted((tag != "en", str(text)) for one in found for tag, text in one.items())
    return said[0][1] if said else ""


def _texts(value: Any, name: str, left: dict[str, Any]) -> list[Any]:
    """A text, or the name of an entity; what else is said of that is left."""
    if not isinstance(value, dict) or is_text(value):
        return texts(value)
    rest = {key: inner for key, inner in value.items() if key not in ("name", "@type")}
    _leave(left, name, rest)
    return texts(value.get("name")) if is_text(value.get("name")) else []


def _leave(left: dict[str, Any], name: str, rest: Any, *, unless: Any = None) -> None:
    if rest and rest != unless:
        left.setdefault("beside", {}).setdefault(name, []).append(rest)


def _link(value: Any, name: str, left: dict[str, Any], base: str = "") -> Any:
    """An address, of an entity that has one; else its name; else the entity as it is."""
    if not isinstance(value, dict):
        said = absolute(value, base) if name == "url" else value
        licence = _LICENCE.fullmatch(str(said)) if name == "license" else None
        return f"{licence[1]}/" if licence else said
    key = next((key for key in ("@id", "url", "contentUrl") if address_of(value.get(key))), "name")
    if not isinstance(value.get(key), str):
        return value
    _leave(left, name, {name: inner for name, inner in value.items() if name not in (key, "@type", "@id", "url")})
    return _link(value[key].strip(), name, left)


def _words(result: dict[str, Any], left: dict[str, Any]) -> None:
    """Sort keywords and subjects into words and concepts; an entity may be both."""
    said: list[Any] = []
    concepts: list[Any] = []
    for name in ("keywords", "about"):
        given = listed(result.pop(name, None))
        plain = [one for one in given if is_text(one) and not address_of(one)]
        said += texts(words(plain) if name == "keywords" else plain)
        concepts += [one for one in given if address_of(one)]
        for one in given:
            if isinstance(one, dict) and not is_text(one):
                said += _texts({key: inner for key, inner in one.items() if key not in ("@id", "url")}, name, left)
                concepts += [next((one[key] for key in ("@id", "url") if address_of(one.get(key))), "")]
    result["keywords"], result["concepts"] = said, [one for one in concepts if one]


def _condition(value: Any) -> Any:
    """A condition with its codes, each behind the name of its system."""
    if not isinstance(value, dict):
        return {"name": texts(value)}
    codes = [one for one in listed(value.get("code")) if isinstance(one, dict) and one.get("codeValue")]
    if not codes:
        return value
    names = [": ".join(str(one[key]) for key in ("codingSystem", "codeValue") if one.get(key)) for one in codes]
    return {**{name: inner for name, inner in value.items() if name != "code"}, "codes": names}


def _distribution(value: Any, base: str, left: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return {"contentUrl": absolute(value, base)}
    if not isinstance(value, dict):
        return value
    found = dict(value)
    said = [*listed(found.pop("encodingFormat", None)), *listed(found.pop("fileFormat", None))]
    formats = [str(_link(one, "encodingFormat", left)).partition(";")[0].strip() for one in said if one]
    found["mediaTypes"] = [one for one in formats if "/" in one and not address_of(one)]
    found["formats"] = [one for one in formats if one not in found["mediaTypes"]]
    for name in ("contentUrl", "url"):
        if name in found:
            found[name] = [absolute(one, base) for one in listed(found[name])]
    if types_of(value) & DOWNLOADS and not (value.get("contentUrl") or value.get("url")):
        found["contentUrl"] = address_of(absolute(value.get("@id"), base))
    for name in ("name", "description"):
        if name in found:
            found[name] = [text for one in listed(found[name]) for text in _texts(one, name, left)]
    if "license" in found:
        found["license"] = [_link(one, "license", left) for one in listed(found["license"])]
    return found


def _language(value: Any) -> Any:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name") or value.get("@id")
    return value.replace("_", "-").partition("-")[0] if isinstance(value, str) else value


def _variable(value: Any) -> Any:
    return {"name": texts(value)} if is_text(value) else value


PARTS = (
    ("temporalCoverage", "period", period),
    ("spatialCoverage", "place", place),
    ("inLanguage", "inLanguage", _language),
    ("variableMeasured", "variable", _variable),
    ("healthCondition", "healthCondition", _condition),
)
"""Properties, their fields in the table, and how one value of them is read."""
