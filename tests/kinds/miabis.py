"""Tables of a biobank and of its three collections, by the names of MIABIS Core 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.model import Source
from tests.kinds.sample import Sample

BANKS = (
    "ID,Name,Country,Juristic Person,Contact Information\nBB1,Example Biobank,BE,Example University,bank@example.org\n"
)
HEADER = (
    "ID,Name,Description,Biobank,Sex,Age Low,Age High,Total number of subjects,Sample type,Disease,Favourite colour\n"
)


def collection(name: str, title: str = "", subjects: int = 400) -> str:
    """A row."""
    rest = '"Male, Female",18,90,' + f'{subjects},"DNA;Serum",urn:miriam:icd:C50,blue'
    return f'{name},{title or name},"About, {name}",BB1,{rest}\n'


def of_the_standard(folder: Path, entity: str) -> dict[str, Any]:
    """A record with every attribute that the tables of MIABIS Core 3 list for an entity, by name."""
    contact = {"First name": "A", "Last name": "B", "Email": "a@example.org", "Phone": "+32 1 234"}
    disease = {"Disease Ontology Version": "ICD-10", "Disease Ontology Code": "C50", "Disease Free Text": "tumour"}
    said: dict[str, Any] = {
        "Contact Information": contact,
        "Disease": [disease],
        "Country": "BE",
        "URL": "https://bank.example.org/",
        "Age Low": 18,
        "Age High": 90,
        "Age Low Unit": "Years",
        "Age High Unit": "Years",
        "Total number of subjects": 400,
        "Publications": "10.1234/abc",
        "Sex": ["Male", "Female"],
        "Sample source": "Human",
        "Collection status": "Active",
        "Dataset type": "Whole slide image",
    }
    table = (folder / f"Data-describing-{entity}.md").read_text("utf-8")
    found = re.findall(r"^\| *MIABIS-[A-Z]+-\d+ *\| *([^|]+?) *\|", table, re.MULTILINE)
    return {name: said.get(name, f"{entity} {name}") for name in found}


def source(endpoint: object, **options: str) -> Source:
    """A node."""
    base = "http://127.0.0.1/"
    return Source("bank", base + "node/bank", "B", "miabis", str(endpoint), base + "dataset/bank/", options=options)


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:
    """Three collections."""
    (folder / "biobanks.csv").write_text(BANKS, "utf-8")

    def write(changed: str = "") -> None:
        rows = [collection(name, "Changed" if name == changed else "") for name in "abc"]
        (folder / "collections.csv").write_text(HEADER + "".join(rows), "utf-8")

    write()
    yield Sample(source(folder), least=3, leftovers=("favourite_colour",), change=lambda: write("b"))
