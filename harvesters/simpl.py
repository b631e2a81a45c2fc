"""Harvests self-descriptions of Simpl and Gaia-X: data offerings in verifiable credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._files import File, files_of
from harvesters._json import dumped, refused
from harvesters._linked_record import Document, listed
from harvesters._mapping import describe
from harvesters._once import Once

SUFFIXES = (".json", ".jsonld")
DATA = frozenset({"DataOffering", "DataResource", "DataProduct"})
"""Classes of Simpl and Gaia-X that are datasets; applications, infrastructure and services are none."""
PREFIXES = ("simpl:", "gx:", "gax-core:", "http://w3id.org/gaia-x/simpl#", "https://w3id.org/gaia-x/2511#")
REMEDY = "give verifiable credentials (or presentations of them) with a credentialSubject that is a data offering"


class SimplHarvester:
    """Credentials, presentations of credentials, and lists of a federated catalogue with their content: a file, a
    folder, a zip archive or a URL. Signatures are not verified.

    Option ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every data offering; other offerings are passed over.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is nothing to read.
        """
        once = Once()
        for file in files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "JSON file"):
            for one in [file] if isinstance(file, Rejected) else _credentials(file, source, web):
                yield from once.of(one)


def _credentials(file: File, source: Source, web: Web) -> Iterator[Harvested]:
    original = Original(file.content, "application/json", file.location)
    try:
        held = json.loads(file.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        yield Rejected(file.location, "the file is not whole JSON", REMEDY, original)
        return
    subjects = list(_subjects(held))
    if not subjects:
        yield Rejected(file.location, "the file holds no credential", REMEDY, original)
    for credential, subject in subjects:
        if _types(subject) & DATA:
            yield _dataset(credential, subject, file, source, web)


def _subjects(held: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Credentials with each of their subjects, wherever they are wrapped."""
    for one in listed(held):
        if not isinstance(one, dict):
            continue
        subjects = one.get("credentialSubject", one.get("cred:credentialSubject"))
        for subject in listed(subjects):
            if isinstance(subject, dict):
                yield one, subject
        for name in ("verifiableCredential", "items", "meta"):
            yield from _subjects(one.get(name))
        content = one.get("content")
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except (ValueError, RecursionError):
                continue
        yield from _subjects(content)


def _types(subject: Mapping[str, Any]) -> set[str]:
    """The local names of its classes, whether they stand as ``@type``, ``type`` or ``rdf:type``."""
    found = [one for name in ("@type", "type", "rdf:type") for one in listed(subject.get(name))]
    names = [str(one.get("@id", "")) if isinstance(one, dict) else str(one) for one in found]
    return {name.replace("#", ":").replace("/", ":").rpartition(":")[2] for name in names}


def _dataset(
    credential: Mapping[str, Any], subject: Mapping[str, Any], file: File, source: Source, web: Web
) -> Harvested:
    content = dumped(credential)
    container = digest(f"{source.digest}\n".encode() + content)
    if web.known(container):
        return Untouched(container)
    name = str(subject.get("@id") or subject.get("id") or "")
    where = f"{file.location}, credential {name}" if name else file.location
    original = Original(content, "application/json", where, container)
    record = {
        **_plain(Document([]).resolved(subject)),
        "issued": credential.get("issuanceDate", credential.get("validFrom")),
    }
    record = {key: value for key, value in record.items() if value not in (None, "", [], {})}
    problem = refused({"id": name, **record}, "simpl", original)
    if problem is not None:
        return problem
    iri = name if name.startswith(("http://", "https://")) else source.namespace + fit_for_path(name)
    graph, notes = describe("simpl", {**record, "identifier": name}, iri, source)
    return Description(iri, graph, original, tuple(notes))


def _plain(value: Any) -> Any:
    """The same without prefixes of Simpl and Gaia-X, without contexts and without classes of its parts."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    named = {_name(name): _plain(one) for name, one in value.items()}
    return {
        name: one for name, one in named.items() if name not in ("@context", "@id", "id", "@type", "type", "rdf:type")
    }


def _name(name: str) -> str:
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name
