"""A repository that speaks OAI-PMH 2.0, with resumption tokens, deleted records, RDF and Dublin Core."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

ROOT = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
  xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="https://data.example.org/{name}">
  <dct:title xml:lang="en">{title}</dct:title><dct:identifier>{name}</dct:identifier></dcat:Dataset></rdf:RDF>"""
CORE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:title xml:lang="de">Daten</dc:title>
  <dc:creator>Example, Ada</dc:creator><dc:subject>cancer</dc:subject><dc:date>2024-05-01</dc:date>
  <dc:identifier>https://repository.example.org/{name}</dc:identifier><dc:language>eng</dc:language>
  <dc:type>Dataset</dc:type><dc:format>text/csv</dc:format></oai_dc:dc>"""


def source(url: str, **options: str) -> Source:
    """The node file of a repository."""
    base = "http://127.0.0.1/"
    return Source("repository", base + "node/r", "R", "oaipmh", url, base + "dataset/r/", options=options)


DATACITE = """<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><schemaVersion>4.6</schemaVersion><payload>
<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5072/{name}</identifier>
<titles><title>{title}</title></titles><publisher>Repository</publisher><publicationYear>2024</publicationYear>
<resourceType resourceTypeGeneral="Dataset"/></resource></payload></oai_datacite>"""
FORMS = {"dcat_ap": RDF, "oai_dc": CORE, "oai_datacite": DATACITE}


class Repository:
    """Answers for some records: name -> (title, datestamp, deleted)."""

    def __init__(self, records: dict[str, tuple[str, str, bool]], page: int = 2) -> None:
        self.records = records
        self.page = page
        self.verbs: list[str] = []

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.verbs.append(asked["verb"])
        body = ROOT.format(self._inner(asked)).encode()
        send(handler, body, "text/xml")

    def _inner(self, asked: dict[str, str]) -> str:
        verb, token = asked["verb"], asked.get("resumptionToken", "")
        start, prefix = (int(token.split("/")[0]), token.split("/")[1]) if token else (0, asked["metadataPrefix"])
        if prefix not in FORMS:
            return '<error code="cannotDisseminateFormat">no such format</error>'
        if verb == "GetRecord":
            return f"<GetRecord>{self._record(asked['identifier'], prefix)}</GetRecord>"
        names = list(self.records)[start : start + self.page]
        if not names:
            return '<error code="noRecordsMatch"/>'
        parts = [self._header(name) if verb == "ListIdentifiers" else self._record(name, prefix) for name in names]
        more = start + self.page < len(self.records)
        parts.append(f"<resumptionToken>{f'{start + self.page}/{prefix}' if more else ''}</resumptionToken>")
        return f"<{verb}>{''.join(parts)}</{verb}>"

    def _header(self, name: str) -> str:
        _, day, deleted = self.records[name]
        status = ' status="deleted"' if deleted else ""
        return f"<header{status}><identifier>{name}</identifier><datestamp>{day}</datestamp></header>"

    def _record(self, name: str, prefix: str) -> str:
        title, _, deleted = self.records[name]
        inner = "" if deleted else f"<metadata>{FORMS[prefix].format(name=name, title=escape(title))}</metadata>"
        return f"<record>{self._header(name)}{inner}</record>"


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Five records, one of them deleted."""
    repository = Repository({name: (f"Data {name}", "2026-01-01", name == "d") for name in "abcde"})
    with running() as site:
        site.otherwise = repository.answer
        yield Sample(
            source(site.url, prefix="dcat_ap"),
            least=4,
            change=lambda: repository.records.update(b=("Changed", "2026-02-02", False)),
        )
