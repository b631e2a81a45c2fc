"""The table of properties of Release 8 (193 rows), row by row and level by level: what it asks, our rules ask.

Each demand of a row is broken by a small description: a mandatory or recommended property is left out, a property that
may be there once is there twice, a value is of the wrong kind, not of its class or not from its list. Our rules must
speak of that property, with the severity of the demand.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalogue.graphs import RDF_TYPE, Graph, Literal, NamedNode, Term, Triple
from catalogue.model import Finding, Severity
from catalogue.names import (
    ADMS,
    CSVW,
    CV,
    DCAT,
    DCT,
    DPV,
    DQV,
    EU,
    FOAF,
    HEALTH,
    PROV,
    SKOS,
    SPDX,
    TIME,
    VCARD,
    Namespace,
)  # fmt: skip
from catalogue.rulebook import Rulebook
from catalogue.shacl import Compiled
from tests.conformance.official import LEVELS
from tests.conformance.verdicts import PROFILE, PROPERTY_OF, RULE

PREFIXES: Mapping[str, Namespace] = {
    "adms": ADMS, "csvw": CSVW, "cv": CV, "dcat": DCAT, "dct": DCT, "dpv": DPV, "dqv": DQV, "foaf": FOAF, "prov": PROV,
    "skos": SKOS, "spdx": SPDX, "time": TIME, "vcard": VCARD,
}  # fmt: skip
ROLES: Mapping[str, NamedNode] = {
    "role HDAB / HDAB coordinator / custodian": HEALTH.hdab,
    "role dataset publisher": DCT.publisher,
    "Analytics distribution": HEALTH.analytics,
    "Sample distribution": ADMS.sample,
}
"""How the dataset points to a node that plays a role."""

DATASET, NODE, CONTACT = (NamedNode(f"https://example.org/{name}") for name in ("dataset", "node", "contact"))
UNKNOWN, OTHER = NamedNode("https://example.org/unknown"), NamedNode("https://example.org/other")

ELSEWHERE = "links to a resource that has a description of its own elsewhere; only that it is a link is asked"
LISTED: Mapping[tuple[str, str, str], str] = {
    ("dcat:Catalog", "dcat:catalog", "class"): ELSEWHERE,
    ("dcat:Catalog", "dcat:dataset", "class"): ELSEWHERE,
    ("dcat:Catalog", "dcat:record", "class"): ELSEWHERE,
    ("dcat:Catalog", "dcat:service", "class"): ELSEWHERE,
    ("dcat:Catalog", "dct:hasPart", "class"): ELSEWHERE,
    ("dcat:DataService", "dcat:servesDataset", "class"): ELSEWHERE,
    ("dcat:Dataset", "dcat:hasVersion", "class"): ELSEWHERE,
    ("dcat:Dataset", "dcat:inSeries", "class"): ELSEWHERE,
    ("dcat:Dataset", "dct:source", "class"): ELSEWHERE,
    (
        "dcat:Dataset",
        "healthdcatap:hasVariables",
        "recommended",
    ): "asked for, as a violation, where data are structured",
    ("dct:Location", "locn:geometry", "kind"): "the shapes of DCAT-AP want text, the table a geometry; ours wants text",
}
"""Demands of the table that no rule of ours makes, with the reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, for one level."""

    kind: str
    name: str
    term: NamedNode
    range: str
    cardinality: str
    vocabulary: str
    level: str

    @property
    def role(self) -> NamedNode | None:
        return next((node for words, node in ROLES.items() if f"[{words}]" in self.kind), None)

    def demands(self) -> Iterator[str]:
        """What the row asks."""
        if self.cardinality.startswith("not in"):
            return
        if self.cardinality.startswith("1") or "at least 1" in self.cardinality:
            yield "mandatory"
        elif " R" in self.cardinality:
            yield "recommended"
        elif self.cardinality == "undetermined":
            yield "told"
        if self.cardinality[:4].endswith("..1"):
            yield "once"
        if self.cardinality != "undetermined":
            yield "kind"
            if not self.range.startswith(("rdfs:Literal", "xsd:", "IRI", "rdfs:Resource")):
                yield "class"
            if "http" in self.vocabulary:
                yield "list"


def rows(shared: Path) -> Iterator[Row]:
    with (shared / "spec/healthdcatap_properties.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            for level in LEVELS:
                cardinality = line[f"card_{level.replace('-', '_')}"]
                property_ = NamedNode(line["property_uri"])
                yield Row(
                    line["class"], line["property"], property_, line["range"], cardinality,
                    line["controlled_vocabulary"], level,
                )  # fmt: skip


def description(row: Row, values: Iterable[Term]) -> Graph:
    """A node of the class of the row with these values of its property, and nothing else that matters."""
    prefix, _, name = row.kind.split()[0].partition(":")
    kind = PREFIXES[prefix][name]
    node = DATASET if kind == DCAT.Dataset else NODE
    right = NamedNode(EU + "access-right/" + row.level.upper().replace("-", "_"))
    triples = [Triple(DATASET, NamedNode(RDF_TYPE), DCAT.Dataset), Triple(node, NamedNode(RDF_TYPE), kind)]
    if row.term != DCT.accessRights or node != DATASET:
        triples.append(Triple(DATASET, DCT.accessRights, right))
    if row.role is not None:
        triples.append(Triple(DATASET, row.role, node))
        if row.term != CV.contactPoint:
            triples.append(Triple(node, CV.contactPoint, CONTACT))
            triples.append(Triple(CONTACT, NamedNode(RDF_TYPE), CV.ContactPoint))
    return Graph([*triples, *(Triple(node, row.term, value) for value in values)])


def broken(row: Row, demand: str) -> Graph:
    literal = row.range.startswith(("rdfs:Literal", "xsd:"))
    if demand in ("mandatory", "recommended", "told"):
        return description(row, [])
    if demand == "once" and row.term == CV.contactPoint:
        twice = description(row, [CONTACT, OTHER])
        twice.update(Triple(contact, NamedNode(RDF_TYPE), CV.ContactPoint) for contact in (CONTACT, OTHER))
        return twice
    if demand == "once":
        return description(row, [Literal("1"), Literal("2")] if literal else [UNKNOWN, OTHER])
    if demand == "kind" and row.range.startswith("rdfs:Literal"):
        return description(row, [UNKNOWN])
    return description(row, [Literal("text")] if demand == "kind" else [UNKNOWN])


def answers(finding: Finding, row: Row, demand: str) -> bool:
    """Whether a finding is about the property of the row, and as severe as the demand."""
    rule = finding.rule.removeprefix(RULE)
    path = PROPERTY_OF.get(rule, finding.path or "")
    about = row.term.value in path or (row.role is not None and path == row.role.value)
    enough = {"recommended": 1, "list": 1, "told": 2}.get(demand, 0)
    severe = list(Severity).index(finding.severity) <= enough
    component = finding.component.removesuffix("ConstraintComponent")
    counted = component.endswith("MaxCount") or (row.role is not None and component.endswith("#Node"))
    return about and severe and (demand != "once" or counted)


@pytest.fixture(scope="module")
def compiled(rulebook: Rulebook) -> Mapping[str, Compiled]:
    return {
        level: Compiled(rulebook.profiles[PROFILE + level].shapes, rulebook.vocabulary) for level in LEVELS
    }  # fmt: skip


def test_every_demand_of_the_table_is_made_by_a_rule(
    shared: Path, compiled: Mapping[str, Compiled], capsys: pytest.CaptureFixture[str]
) -> None:
    missing: set[tuple[str, str, str]] = set()
    demands: Counter[str] = Counter()
    for row in rows(shared):
        for demand in row.demands():
            demands[demand] += 1
            findings, _ = compiled[row.level].validate(broken(row, demand))
            if not any(answers(finding, row, demand) for finding in findings):
                missing.add((row.kind, row.name, demand))
    with capsys.disabled():
        print(f"\ndemands of the table of properties at three levels: {dict(demands)}; listed: {len(LISTED)}")
    assert list(Severity) == [Severity.VIOLATION, Severity.WARNING, Severity.INFO]
    assert missing == set(LISTED)


def test_the_table_is_whole(shared: Path) -> None:
    assert sum(1 for _ in rows(shared)) == 193 * len(LEVELS)


def test_every_listed_demand_is_on_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith(("| dcat:", "| dct:"))] == page_rows()


def page_rows() -> list[str]:
    """The rows of the second table of the page docs/conformance.md."""
    return [f"| {kind} | {name} | {demand} | {reason} |" for (kind, name, demand), reason in LISTED.items()]
