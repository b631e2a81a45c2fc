"""Reads answers of OAI-PMH 2.0: records, resumption tokens, errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.ports import Response
from catalogue.xml_check import check_xml

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOTHING = "noRecordsMatch"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"


@dataclass(frozen=True, slots=True)
class Record:
    """One header, with its metadata where they were asked for."""

    identifier: str
    datestamp: str
    deleted: bool
    metadata: ElementTree.Element | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to ListRecords, ListIdentifiers or GetRecord."""

    records: tuple[Record, ...]
    token: str = ""


def answer_of(response: Response) -> Answer:
    """Raises :class:`~catalogue.errors.SourceUnavailable` for an error of the protocol, and for what is no OAI-PMH."""
    try:
        check_xml(response.content, response.url)
        root = ElementTree.fromstring(response.content)
    except (BadInput, ElementTree.ParseError) as error:
        raise _no_oai(response) from error
    if root.tag != f"{OAI}OAI-PMH":
        raise _no_oai(response)
    refusal = root.find(f"{OAI}error")
    if refusal is not None:
        if refusal.get("code") == NOTHING:
            return Answer(())
        said = " ".join((refusal.text or "").split())[:200]
        raise SourceUnavailable(
            f"the repository answers {refusal.get('code')}: {said}",
            where=response.url,
            remedy="check the options `prefix` and `set` of the node file; where a token expired, harvest again",
        )
    token = root.find(f".//{OAI}resumptionToken")
    return Answer(tuple(_records(root)), (token.text or "").strip() if token is not None else "")


def _records(root: ElementTree.Element) -> Iterator[Record]:
    holders = root.findall(f".//{OAI}record") or root.findall(f".//{OAI}ListIdentifiers")
    for holder in holders:
        for header in holder.findall(f"{OAI}header"):
            metadata = holder.find(f"{OAI}metadata")
            yield Record(
                (header.findtext(f"{OAI}identifier") or "").strip(),
                (header.findtext(f"{OAI}datestamp") or "").strip(),
                header.get("status") == "deleted",
                next(iter(metadata), None) if metadata is not None else None,
            )


def _no_oai(response: Response) -> SourceUnavailable:
    return SourceUnavailable(
        "the answer is not OAI-PMH 2.0",
        where=response.url,
        remedy="give the base URL of the repository, to which ?verb=Identify can be added",
    )


def rdf_of(metadata: ElementTree.Element) -> bytes | None:
    """The RDF/XML of a record; None for another format."""
    inner = metadata if metadata.tag == RDF else metadata.find(f".//{RDF}")
    return ElementTree.tostring(inner, encoding="utf-8", xml_declaration=True) if inner is not None else None


def dublin_core_of(metadata: ElementTree.Element) -> Mapping[str, list[object]]:
    """The elements of oai_dc by name; a text with a language as ``{"de": "…"}``."""
    found: dict[str, list[object]] = {}
    for element in metadata.iter():
        if element.tag.startswith(DC) and element.text and element.text.strip():
            text, language = " ".join(element.text.split()), element.get(XML_LANG)
            found.setdefault(element.tag.removeprefix(DC), []).append({language: text} if language else text)
    return found
