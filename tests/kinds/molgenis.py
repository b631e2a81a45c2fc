"""A schema of MOLGENIS EMX2 with three collections, their lists and a contact, as its RDF API writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode, urlsplit

from catalogue.model import Source
from tests.kinds.sample import Sample
from tests.live.conftest import running, send

CANARY = "+31-canary-phone"


def source(url: str, **options: str) -> Source:
    """The node file of a schema."""
    base = "http://127.0.0.1/"
    return Source(
        "eucaim", base + "node/eucaim", "EUCAIM", "molgenis", f"{url}/Eucaim", base + "dataset/eucaim/", options=options
    )


class Ref:
    """A reference to a row of a list."""

    def __init__(self, table: str, **key: str) -> None:
        self.path = f"/Eucaim/api/rdf/{table}?{urlencode(key)}"


def collection(number: int, **more: Any) -> dict[str, Any]:
    """The columns of one collection."""
    return {
        "id": f"c75d0998-85db-4c94-9d2c-346961f0c6f{number}", "name": f"Breast {number}", "acronym": "B",
        "description": ["Mammograms.", "With reports."], "provider": "Hospital", "number_of_subjects": 1200,
        "number_of_studies": 1400, "number_of_series": 5600, "age_low": 30, "age_high": 88, "version": "1.0",
        "imaging_modality": [Ref("Modalities", name="MG"), Ref("Modalities", name="IMG1000022")],
        "body_part_examined": [Ref("BodyParts", name="T-04000")], "condition": Ref("Conditions", name="C50"),
        "vendor": [Ref("Vendors", name="SIEMENS")], "sex": [Ref("Sexes", name="Female")],
        "type": Ref("Types", name="Original Dataset"), "collection_method": [Ref("Methods", name="Patient-based")],
        "interoperability_tier": Ref("Tiers", name="Tier 2"), "geographical_coverage": [Ref("Countries", name="ES")],
        "image_access_type": [Ref("Access", name="x1")], "contact": Ref("Persons", id="p 1"),
        "provenance": "Screening.", "intended_purpose": ["Research."], "withdrawn": False,
        "applicable_legislation": "http://data.europa.eu/eli/reg/2025/327/oj", "mg_insertedOn": "2025-02-03T10:11:12",
        "mg_updatedOn": "2026-02-03T10:11:12", **more,
    }  # fmt: skip


ROWS: Mapping[str, Mapping[str, Any]] = {
    "/Modalities?name=MG": {"name": "MG", "label": "Mammography"},
    "/BodyParts?name=T-04000": {"name": "T-04000", "label": "Breast"},
    "/Conditions?name=C50": {"name": "C50", "label": "Words of the node",
        "ontologyTermURI": "https://cancerimage.eu/ontology/EUCAIM#CLIN1000060"},
    "/Types?name=Original+Dataset": {"name": "Original Dataset"},
    "/Countries?name=ES": {"name": "ES", "label": "Spain"},
    "/Access?name=x1": {"name": "x1", "label": "In-situ processing"},
    "/Persons?id=p+1": {"id": "p 1", "first_name": "Jane", "last_name": "Doe", "email": "jane@hospital.example",
        "phone": CANARY},
}  # fmt: skip
"""Rows of lists that may be seen; others are refused."""


class Schema:
    """Answers for some collections."""

    def __init__(self, *collections: dict[str, Any]) -> None:
        self.collections = list(collections)
        self.rows = dict(ROWS)
        self.prefix = "/Eucaim/api/rdf"

    def turtle(self, root: str, table: str, key: str, row: Mapping[str, Any]) -> str:
        """One row."""
        lines = [f"<{root}{self.prefix}/{table}?{key}> a <{root}{self.prefix}/{table}>"]
        for column, value in row.items():
            for one in value if isinstance(value, list) else [value]:
                lines.append(f"    <{root}{self.prefix}/{table}/column/{quote(column)}> {self._term(root, one)}")
        return " ;\n".join(lines) + " .\n"

    def _term(self, root: str, value: Any) -> str:
        if isinstance(value, Ref):
            return f"<{root}{value.path}>"
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, int) else '"' + str(value).replace('"', '\\"') + '"'

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Serve one request."""
        root = f"http://{handler.headers['Host']}"
        path = handler.path.removeprefix(self.prefix)
        if path == "/Collections":
            head = f"<{root}{self.prefix}/Collections> a <http://www.w3.org/2002/07/owl#Class> .\n"
            body = head + "".join(
                self.turtle(root, "Collections", urlencode({"id": str(row.get("id", ""))}), row)
                for row in self.collections
            )
        elif path in self.rows:
            parts = urlsplit(path)
            body = self.turtle(root, unquote_plus(parts.path[1:]), parts.query, self.rows[path])
        else:
            handler.send_error(403)
            return
        send(handler, body.encode(), "text/turtle")


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """Three collections, one with a column that we do not know, and one withdrawn."""
    schema = Schema(collection(1), collection(2, colour="blue"), collection(3), collection(4, withdrawn=True))
    with running() as site:
        site.otherwise = schema.answer
        yield Sample(
            source(site.url),
            least=3,
            canaries=(CANARY,),
            leftovers=("colour",),
            change=lambda: schema.collections[1].update(name="Changed"),
        )
