"""Reads the documents of a node one after the other: a file, a folder, a shipped folder, or the pages of a URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from catalogue.errors import BadInput, BadRdf, SourceUnavailable
from catalogue.graphs import SUFFIXES, digest
from catalogue.model import Original, Rejected
from catalogue.ports import Response, Web
from harvesters._syntax import ACCEPT, syntax_of

PAGES = 10_000
"""Most pages of one collection."""
PACKAGE = "package:"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a node, its syntax known."""

    original: Original
    base: str
    """What relative IRIs in it are relative to; empty for the namespace of the node."""
    link: str = ""
    """Where the server says the next page is, in a Link header."""

    @property
    def where(self) -> str:
        """URL or path, as the node file begins it."""
        return self.original.location


def is_url(endpoint: str) -> bool:
    """Whether an endpoint is read by HTTP."""
    return urlsplit(endpoint).scheme.lower() in ("http", "https")


def local_documents(endpoint: str, web: Web) -> Iterator[Document | Rejected]:
    """The documents of a file, a folder (with all below it, in order of name) or ``package:<package>/<folder>``.

    A file in a folder that cannot be read as RDF is rejected and the others go on. Raises
    :class:`~catalogue.errors.SourceUnavailable` when there is nothing to read at all.
    """
    with ExitStack() as stack:
        path = _shipped(endpoint, stack) if endpoint.startswith(PACKAGE) else _path(endpoint)
        if not path.is_dir():
            yield from _only(endpoint, _get(endpoint, str(path), web), base="")
            return
        found = sorted(file for file in path.rglob("*") if _is_rdf(file, path))
        if not found:
            raise SourceUnavailable(
                "the folder holds no RDF file",
                where=endpoint,
                remedy="check the folder; RDF files end in " + ", ".join(SUFFIXES) + ", also with .gz",
            )
        for file in found:
            location = f"{endpoint.rstrip('/')}/{file.relative_to(path).as_posix()}"
            try:
                yield from documents_in(web.get(str(file)), location, base="")
            except BadInput as error:
                yield Rejected(error.where or location, error.what, error.remedy)


def documents_in(response: Response, location: str, base: str) -> Iterator[Document | Rejected]:
    """The one document of an answer, or those in a zip archive (others than RDF by name are passed over).

    Raises :class:`~catalogue.errors.BadRdf` when the one document is no RDF.
    """
    if not response.parts:
        yield _document(response.content, response.media_type, location, base, link=response.next)
        return
    container = digest(response.content)
    for name, content in sorted(response.parts.items()):
        if _named_rdf(name):
            try:
                yield _document(content, "", f"{location}#{name}", base, container)
            except BadRdf as error:
                yield Rejected(error.where, error.what, error.remedy)


def page(url: str, web: Web) -> tuple[list[Document | Rejected], str]:
    """What one URL gives, and the address it finally came from.

    Raises :class:`~catalogue.errors.SourceUnavailable` when that cannot be had, is no RDF, or is too large.
    """
    response = _get(url, url, web)
    return _only(url, response, response.url), response.url


def _only(endpoint: str, response: Response, base: str) -> list[Document | Rejected]:
    try:
        return list(documents_in(response, base or endpoint, base))
    except BadRdf as error:
        raise _unavailable(error, endpoint) from error


def next_address(links: set[str], current: str, first: str) -> str:
    """The address of the next page out of the links found on the current one; empty on the last page.

    Raises :class:`~catalogue.errors.SourceUnavailable` for a link to another host: whoever answers for a node must
    not send us round the network.
    """
    addresses = {urljoin(current, link) for link in links}
    strangers = {a for a in addresses if not is_url(a) or urlsplit(a).hostname != urlsplit(first).hostname}
    if strangers:
        raise SourceUnavailable(
            f"the next page is said to be {min(strangers)!r}, which is not on the host of the node",
            where=current,
            remedy="ask whoever runs the node to correct its links, or give the other address in the node file",
        )
    if len(addresses) > 1:
        raise SourceUnavailable(
            f"the page names {len(addresses)} different next pages: {', '.join(sorted(addresses))}",
            where=current,
            remedy="ask whoever runs the node to link one next page",
        )
    return next(iter(addresses), "")


def _document(content: bytes, declared: str, location: str, base: str, container: str = "", link: str = "") -> Document:
    return Document(Original(content, syntax_of(content, declared, location), location, container), base, link)


def _get(endpoint: str, address: str, web: Web) -> Response:
    try:
        return web.get(address, accept=ACCEPT)
    except BadInput as error:
        raise _unavailable(error, endpoint) from error


def _unavailable(error: BadInput, where: str) -> SourceUnavailable:
    return SourceUnavailable(error.what, where=where, remedy=error.remedy)


def _path(endpoint: str) -> Path:
    return Path(endpoint.removeprefix("file://")).expanduser()


def _shipped(endpoint: str, stack: ExitStack) -> Path:
    package, _, folder = endpoint.removeprefix(PACKAGE).partition("/")
    try:
        path = stack.enter_context(as_file(files(package).joinpath(folder)))
    except (ModuleNotFoundError, FileNotFoundError, ValueError):
        path = None
    if path is None or not path.exists():
        raise SourceUnavailable(
            f"the Python package {package!r} has no {folder or 'folder'!r}",
            where=endpoint,
            remedy="check the endpoint in the node file, and that the package is installed",
        )
    return path


def _is_rdf(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.is_file() and not hidden and (_named_rdf(file.name) or file.suffix.lower() == ".zip")


def _named_rdf(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith(tuple(SUFFIXES))
