"""Harvests self-descriptions of Simpl and Gaia-X: data offerings in verifiable credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Note, NoteKind, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._credentials import Claim, claims, read
from harvesters._files import File, files_of
from harvesters._json import dumped, loaded, refused, require
from harvesters._linked_record import Document, listed
from harvesters._mapping import describe
from harvesters._once import Once

SUFFIXES = (".json", ".jsonld", ".jwt")
LISTS = ("self-descriptions", "assets")
"""How the list of a federated catalogue of XFSC is called, formerly and now."""
LISTED = 100
"""Items on one page of the list; what a catalogue gives unless asked for less."""
PAGES = 10_000
DATA = frozenset({"DataOffering", "DataResource", "DataProduct"})
"""Classes of Simpl and Gaia-X that are datasets; applications, infrastructure and services are none."""
PREFIXES = (
    "simpl:", "gx:", "gax-core:", "schema:", "http://w3id.org/gaia-x/simpl#", "https://w3id.org/gaia-x/2511#",
    "https://schema.org/", "http://schema.org/",
)  # fmt: skip
PROVIDERS = ("providedBy", "offeredBy")
REMEDY = "give verifiable credentials (or presentations of them) with a credentialSubject that is a data offering"


class SimplHarvester:
    """Credentials, presentations and tokens in a file, a folder, a zip archive or at a URL; or the list of a federated
    catalogue (XFSC), whose endpoint ends with ``/assets`` or ``/self-descriptions``. Signatures are not verified.

    Option ``language`` (of texts that name none).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset of every data offering; other offerings are passed over.

        Raises :class:`~catalogue.errors.SourceUnavailable` when there is nothing to read, or a list not to its end.
        """
        once = Once()
        for file in _listed(source, web) if _is_list(source.endpoint) else _files(source, web):
            for one in [file] if isinstance(file, Rejected) else _datasets(file, source, web):
                yield from once.of(one)


def _is_list(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme in ("http", "https") and parts.path.rstrip("/").rpartition("/")[2] in LISTS


def _files(source: Source, web: Web) -> Iterator[File | Rejected]:
    return files_of(source, web, lambda path: path.suffix.lower() in SUFFIXES, "JSON file")


def _listed(source: Source, web: Web) -> Iterator[File | Rejected]:
    """The items of a list, page by page; those that are no credentials by their type are passed over."""
    offset, pages = 0, 0
    while True:
        asked = {"withContent": "true", "offset": str(offset), "limit": str(LISTED)}
        try:
            page = loaded(web.get(source.endpoint, accept="application/json", params=asked))
        except BadInput as error:
            raise SourceUnavailable(error.what, where=source.endpoint, remedy=error.remedy) from error
        require(page, "simpl-list", source.endpoint)
        for number, item in enumerate(page["items"], start=offset):
            media_type = str(item.get("meta", {}).get("contentType") or "json")
            if any(kind in media_type for kind in ("json", "jwt")):
                yield File(dumped(item), "application/json", f"{source.endpoint}?offset={number}&limit=1")
        offset, pages = offset + len(page["items"]), pages + 1
        total = page.get("totalCount", 0)
        if offset >= total and (total or len(page["items"]) < LISTED):
            return
        if not page["items"] or pages > PAGES:
            raise SourceUnavailable(
                f"the list ends after {offset} of {total}", where=source.endpoint, remedy="visit it again"
            )


def _datasets(file: File, source: Source, web: Web) -> Iterator[Harvested]:
    original = Original(file.content, "application/json", file.location)
    held = read(file.content)
    if held is None:
        yield Rejected(file.location, "the file is not whole JSON", REMEDY, original)
        return
    found = list(claims(held))
    if not found and not _withdrawn(held):
        yield Rejected(file.location, "the file holds no credential", REMEDY, original)
    everything = Document([claim.subject for claim in found])
    for claim in found:
        if _types(claim.subject) & DATA:
            yield _dataset(claim, everything, file, source, web)


def _withdrawn(held: Any) -> bool:
    """Whether it is an item of a list whose state is why nothing is made of it."""
    return isinstance(held, dict) and isinstance(held.get("meta"), dict) and bool(held.get("content"))


def _types(subject: Mapping[str, Any]) -> set[str]:
    """The local names of its classes, whether they stand as ``@type``, ``type`` or ``rdf:type``."""
    found = [one for name in ("@type", "type", "rdf:type") for one in listed(subject.get(name))]
    names = [str(one.get("@id", "")) if isinstance(one, dict) else str(one) for one in found]
    return {name.replace("#", ":").replace("/", ":").rpartition(":")[2] for name in names}


def _dataset(claim: Claim, everything: Document, file: File, source: Source, web: Web) -> Harvested:
    providers = [_provider(one, everything) for name in PROVIDERS for one in listed(_named(claim.subject).get(name))]
    content = dumped(claim.credential)
    container = digest(f"{source.digest}\n".encode() + content + dumped(providers))
    if web.known(container):
        return Untouched(container)
    name = str(claim.subject.get("@id") or claim.subject.get("id") or "")
    where = f"{file.location}, credential {name}" if name else file.location
    original = Original(content, "application/json", where, container)
    said = _plain(everything.resolved(claim.subject))
    record = {key: value for key, value in said.items() if key not in PROVIDERS}
    record |= {"provider": providers, "credential": claim.around}
    record = {key: value for key, value in record.items() if value not in (None, "", [], {})}
    problem = refused({"id": name, **record}, "simpl", original)
    if problem is not None:
        return problem
    iri = name if name.startswith(("http://", "https://")) else source.namespace + fit_for_path(name)
    graph, notes = describe("simpl", {**record, "identifier": name}, iri, source)
    if claim.signed:
        notes.append(Note(NoteKind.UNMAPPED, "proof", reason="signatures are not verified"))
    return Description(iri, graph, original, tuple(notes))


def _provider(value: Any, everything: Document) -> dict[str, Any]:
    """Who provides an offering: what its reference says, and the credential about it in the same document."""
    said = value if isinstance(value, dict) else {"@id": value} if ":" in str(value) else {"name": value}
    iri = str(said.get("@id") or said.get("id") or "")
    known = _named(everything.resolved({**everything.entities.get(iri, {}), **said}))
    names = (known.get(name) for name in ("legalName", "registeredName", "name"))
    found = {"name": next((name for name in names if name), ""), "iri" if iri.startswith("http") else "identifier": iri}
    return {key: one for key, one in found.items() if one}


def _named(subject: Mapping[str, Any]) -> dict[str, Any]:
    return {_name(name): value for name, value in subject.items()}


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
