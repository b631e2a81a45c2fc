"""An XNAT server of three projects that answers in the shapes of its REST API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalogue.graphs import Graph, parse
from catalogue.model import Source
from catalogue.names import CAT
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

FORM = "591c8e28-a621-4d4c-aadb-2f6671ecbaa2"
DEFAULTS = b"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix healthdcatap: <http://healthdataportal.eu/ns/health#> . @prefix cv: <http://data.europa.eu/m8g/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<> cat:defaults [
    dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj> ;
    dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:data@example.org> ] ;
    dct:publisher [ a foaf:Agent ; foaf:name "Hospital"@en ;
        cv:contactPoint [ a cv:ContactPoint ; cv:email "a@b.org" ] ] ;
    eucaim:collectionMethod eucaim:SPEC1000003 ; eucaim:interoperabilityLevel eucaim:SPEC1000009 ;
    dct:provenance [ a dct:ProvenanceStatement ; rdfs:label "Routine care"@en ] ] .
"""


def source(url: str, **options: str) -> Source:
    """The node file of a server, with what its owner states for all projects."""
    base = "http://127.0.0.1/"
    graph = Graph(parse(DEFAULTS, "text/turtle", base=base))
    template = next(term for node in graph.nodes for term in graph.objects(node, CAT.defaults))
    return Source(
        "xnat", base + "node/xnat", "XNAT", "xnat", url, base + "dataset/xnat/", options=options,
        defaults=graph.described(template), template=template,  # type: ignore[arg-type]
    )  # fmt: skip


class Server:
    """Answers for some projects; every value of a subject or session is a canary."""

    def __init__(self) -> None:
        self.projects = [self.project("PROSTATE1", "Prostate mpMRI"), self.project("BRAIN2", "Brain")]
        self.projects.append(self.project("SECRET3", "Secret"))
        self.accessibility = {"PROSTATE1": "public", "BRAIN2": "protected", "SECRET3": "private"}
        self.subjects = {one["ID"]: 60 if one["ID"] == "PROSTATE1" else 24 for one in self.projects}
        self.form: dict[str, Any] = {}

    @staticmethod
    def project(name: str, title: str) -> dict[str, Any]:
        """The fields of a project."""
        return {
            "ID": name, "secondary_ID": name.lower(), "name": title, "description": f"{title} of patients.",
            "keywords": "cancer mri catalogue",
        }  # fmt: skip

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        path = urlsplit(handler.path).path
        found = self._found(path)
        if found is None:
            handler.send_error(404)
            return
        body = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        send(handler, body, "text/plain" if isinstance(found, str) else "application/json")

    def _found(self, path: str) -> Any:
        if path == "/data/projects":
            return _list([{"ID": one["ID"], "name": one["name"]} for one in self.projects])
        if match := re.fullmatch(r"/data/projects/(\w+)/accessibility", path):
            return self.accessibility[match[1]]
        if match := re.fullmatch(r"/data/projects/(\w+)/subjects", path):
            return _list([self._subject(match[1], number) for number in range(self.subjects[match[1]])])
        if match := re.fullmatch(r"/data/projects/(\w+)/experiments", path):
            return _list([{"ID": f"{match[1]}_E{number}"} for number in range(self.subjects[match[1]])])
        if match := re.fullmatch(r"/data/experiments/(\w+)_E(\d+)", path):
            return self._session(match[1], int(match[2]))
        if re.fullmatch(r"/xapi/custom-fields/projects/PROSTATE1/fields", path):
            return {FORM: self.form}
        if match := re.fullmatch(r"/data/projects/(\w+)", path):
            [fields] = [one for one in self.projects if one["ID"] == match[1]]
            leader = {
                "data_fields": {"title": "Prof.", "firstname": "Ada", "lastname": "Example", "institution": "Hospital"}
            }
            return {"items": [{"data_fields": fields, "children": [{"field": "PI", "items": [leader]}]}]}
        return None

    @staticmethod
    def _subject(project: str, number: int) -> dict[str, Any]:
        gender = "male" if project == "PROSTATE1" else ("female", "male")[number % 2]
        return {"ID": f"{project}_S{number}", "label": f"CANARY_SUBJECT_{number}", "gender": gender, "yob": "1960"}

    @staticmethod
    def _session(project: str, number: int) -> dict[str, Any]:
        fields = {"ID": f"{project}_E{number}", "subject_ID": f"{project}_S{number}", "label": "CANARY_SESSION",
                  "date": "2021-03-14", "age": "61.0", "modality": "MR", "scanner/manufacturer": "SIEMENS"}  # fmt: skip
        scan = {
            "ID": "1",
            "series_description": "CANARY_SERIES",
            "bodyPartExamined": "PROSTATE" if "PRO" in project else "BRAIN",
        }
        scans = [{"data_fields": scan | {"ID": str(one)}, "meta": {"xsi:type": "xnat:mrScanData"}} for one in range(3)]
        return {"items": [{"data_fields": fields, "children": [{"field": "scans/scan", "items": scans}]}]}


def _list(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ResultSet": {"Result": rows, "totalRecords": str(len(rows))}}


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Two projects that anybody may know of."""
    server = Server()
    server.projects[0]["favourite_colour"] = "blue"

    def change() -> None:
        server.projects[1]["description"] = "Changed."

    with running() as site:
        site.otherwise = server.answer
        yield Sample(
            source(site.url),
            least=2,
            canaries=("CANARY", "_S7", "_E7", "2021-03-14"),
            leftovers=("favourite_colour",),
            change=change,
        )
