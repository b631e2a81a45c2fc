"""Reads the record files of a node: a file, a folder with all below it, or a URL; a zip archive gives those inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Rejected, Source
from catalogue.ports import Response, Web

OFFICE = "[Content_Types].xml"
"""In the zip archive of an office document (ISO/IEC 29500-2), which is one file to us."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of records."""

    content: bytes
    media_type: str
    """As :attr:`~catalogue.ports.Response.media_type`; empty inside an archive."""
    location: str
    """URL or path, as the node file begins it; ``#`` and the name inside an archive."""
    archive: str = ""
    """Digest of the zip archive it was in."""

    @property
    def name(self) -> str:
        """Path inside the node, the last part of which is the name of the file."""
        return self.location.rpartition("#")[2] if self.archive else urlsplit(self.location).path


def files_of(source: Source, web: Web, wanted: Callable[[PurePosixPath], bool], what: str) -> Iterator[File | Rejected]:
    """The files of a node in order of their paths.

    ``wanted`` chooses files of folders and archives by their path there; the one file that the endpoint itself names is
    always read. ``what`` names those files in the error. A file that is too large is rejected and the others go on.
    Raises :class:`~catalogue.errors.SourceUnavailable` when the endpoint cannot be read, or has no such file.
    """
    folder = Path(source.endpoint.removeprefix("file://")).expanduser()
    found = False
    for file in _of_folder(source.endpoint, folder, web, wanted) if folder.is_dir() else _of_one(source.endpoint, web):
        if isinstance(file, Rejected) or not file.archive or wanted(PurePosixPath(file.name)):
            found = True
            yield file
    if not found:
        raise SourceUnavailable(
            f"there is no {what}", where=source.endpoint, remedy="check the endpoint and the kind in the node file"
        )


def _of_folder(
    endpoint: str, folder: Path, web: Web, wanted: Callable[[PurePosixPath], bool]
) -> Iterator[File | Rejected]:
    for path in sorted(folder.rglob("*")):
        inside = PurePosixPath(path.relative_to(folder).as_posix())
        if any(part.startswith(".") for part in inside.parts) or not path.is_file():
            continue
        if wanted(inside) or path.suffix == ".zip":
            location = f"{endpoint.rstrip('/')}/{inside}"
            try:
                yield from _files(web.get(str(path)), location)
            except BadInput as error:
                yield Rejected(error.where or location, error.what, error.remedy)


def _of_one(endpoint: str, web: Web) -> list[File]:
    local = urlsplit(endpoint).scheme not in ("http", "https")
    address = str(Path(endpoint.removeprefix("file://")).expanduser()) if local else endpoint
    try:
        return _files(web.get(address), endpoint)
    except BadInput as error:
        raise SourceUnavailable(error.what, where=endpoint, remedy=error.remedy) from error


def _files(response: Response, location: str) -> list[File]:
    if not response.parts or OFFICE in response.parts:
        return [File(response.content, response.media_type, location)]
    archive = digest(response.content)
    return [File(content, "", f"{location}#{name}", archive) for name, content in sorted(response.parts.items())]
