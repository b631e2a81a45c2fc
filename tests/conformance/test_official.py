"""Our rules against the official shapes of Release 8: the same violations at the same places, or a reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH as R_SH

from catalogue.graphs import RDF_TYPE, Graph, Literal, NamedNode, Quad, Triple, parse, serialise
from catalogue.model import Finding, Severity
from catalogue.names import DCAT, DCT, EU
from catalogue.rulebook import Rulebook
from catalogue.shacl import Compiled

Place: TypeAlias = tuple[str, str]
"""Class of the focus node and property of a violation; blank nodes have no name that two engines share."""

CHOICE = "one of several properties"

EXAMPLES = {
    "oncology": ("example-healthdcat-dataset.ttl", "non-public"),
    "arca": ("EPRDR/ARCA.ttl", "public"),
}
DCAT_AP = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "shapes_recommended.ttl")
R8 = (
    "ranges/range.ttl",
    "shapes/{}-shapes.ttl",
    "controlled-vocabularies/mdr-vocabularies.shape.ttl",
    "recommended/{}-shapes_recommended.ttl",
)
EXAMPLE_FOLDER = "spec/healthdcat-ap-r8/examples"
EU_CLASSES = {
    "language": "LinguisticSystem",
    "frequency": "Frequency",
    "country": "Location",
    "access-right": "RightsStatement",
    "file-type": "MediaTypeOrExtent",
    "licence": "LicenseDocument",
}

ADMS_LICENCE = "http://purl.org/adms/licencetype/"

OFFICIAL_ONLY = {
    ("Distribution", "byteSize"): "R8 imports DCAT-AP 3.0.0, which wants xsd:decimal; its own example does not",
    ("Dataset", "distribution"): "repeats at the dataset what is wrong in its distribution",
    ("Concept", "prefLabel"): "ours says it of the concept as a whole",
}
OURS_ONLY = {
    ("Concept", "itself"): "see prefLabel",
    ("Identifier", "notation"): "mandatory since DCAT-AP 3.0.1",
    ("Dataset", "issued"): "the official test of dates is written sh:shape, which no engine reads",
    ("Dataset", "modified"): "as issued",
    ("PeriodOfTime", "startDate"): "as issued",
    ("PeriodOfTime", "endDate"): "as issued",
    ("Activity", "type"): "the official shapes say it at the dataset, ours where it is wrong",
    ("Dataset", "type of publisher"): "the official shapes say it of the publisher, ours of its type",
}
"""Why the verdicts may differ, by class of the focus node and property."""


def load(path: Path) -> Graph:
    return Graph(parse(path.read_bytes(), "text/turtle", where=str(path)))


def to_rdflib(triples: Iterable[Triple | Quad]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=serialise(triples, "application/n-triples"), format="nt")


# --- what is validated: the official examples, and what is left of them after damage ---------------------------------


def bare(graph: Graph) -> Iterator[Triple]:
    """Nothing but classes and access rights: everything mandatory is missing."""
    return (t for t in graph if kept(t))


def upside_down(graph: Graph) -> Iterator[Triple]:
    """Text where a link should be and a link where text should be."""
    for t in graph:
        wrong = NamedNode("https://example.org/wrong") if isinstance(t.object, Literal) else Literal("wrong")
        yield t if kept(t) else Triple(t.subject, t.predicate, wrong)


def crowded(graph: Graph) -> Iterator[Triple]:
    """A second value, of no use, for every property."""
    for t in graph:
        yield t
        if not kept(t):
            yield Triple(t.subject, t.predicate, Literal("another"))


def kept(triple: Triple) -> bool:
    return triple.predicate.value in (RDF_TYPE, DCT.accessRights.value)


DAMAGE: dict[str, Callable[[Graph], Iterable[Triple]]] = {
    "as published": lambda graph: graph,
    "bare": bare,
    "upside down": upside_down,
    "crowded": crowded,
}


# --- the two verdicts ------------------------------------------------------------------------------------------------


def official(shared: Path, level: str, data: Graph, vocabulary: Graph) -> set[Place]:
    """Violations that pySHACL finds with the official files, in the described nodes."""
    shapes = rdflib.Graph()
    for name in DCAT_AP:
        shapes.parse(shared / "spec/dcat-ap/releases/3.0.0/html/shacl" / name)
    for name in R8:
        shapes.parse(shared / "spec/healthdcat-ap-r8" / name.format(level))
    for node in list(shapes.objects(None, R_SH.property)):
        if (node, R_SH.path, None) not in shapes:  # the rule about structured data; pySHACL refuses it
            shapes.remove((None, R_SH.property, node))
    described = to_rdflib(data)
    union = described + to_rdflib(vocabulary) + known_terms(described)
    _, results, _ = pyshacl.validate(union, shacl_graph=shapes, inference="none", advanced=False)
    own = set(described.subjects())
    found = set()
    for result in results.objects(None, R_SH.result):
        focus, path = results.value(result, R_SH.focusNode), results.value(result, R_SH.resultPath)
        if focus in own and results.value(result, R_SH.resultSeverity) == R_SH.Violation:
            where = local(str(path)) if isinstance(path, rdflib.URIRef) else CHOICE
            found |= {(local(str(kind)), where) for kind in described.objects(focus, rdflib.RDF.type)}
    return found


def known_terms(described: rdflib.Graph) -> rdflib.Graph:
    """What the EU authority tables and ADMS say of their concepts, for those that the description mentions."""
    known = rdflib.Graph()
    for term in set(described.objects()):
        if str(term).startswith(ADMS_LICENCE):
            known.add((term, rdflib.SKOS.inScheme, rdflib.URIRef(ADMS_LICENCE + "1.0")))
            known.add((term, rdflib.RDF.type, rdflib.SKOS.Concept))
        table = str(term).removeprefix(EU).partition("/")[0]
        if not str(term).startswith(EU) or not isinstance(term, rdflib.URIRef):
            continue
        known.add((term, rdflib.SKOS.inScheme, rdflib.URIRef(EU + table)))
        known.add((rdflib.URIRef(EU + table), rdflib.RDF.type, rdflib.SKOS.ConceptScheme))
        known.add((rdflib.URIRef(EU + table), rdflib.DCTERMS.title, rdflib.Literal(table)))
        known.add((term, rdflib.RDF.type, rdflib.SKOS.Concept))
        if term not in described.subjects():
            known.add((term, rdflib.SKOS.prefLabel, rdflib.Literal("known")))
        if table in EU_CLASSES:
            known.add((term, rdflib.RDF.type, rdflib.DCTERMS[EU_CLASSES[table]]))
    return known


def violations(rulebook: Rulebook, data: Graph) -> list[Finding]:
    profile = rulebook.profile_for(data, data.instances(DCAT.Dataset)[0])
    findings, _ = Compiled(profile.shapes, rulebook.vocabulary).validate(data)
    return [finding for finding in findings if finding.severity is Severity.VIOLATION]


def ours(rulebook: Rulebook, data: Graph) -> set[Place]:
    found = set()
    for finding in violations(rulebook, data):
        for kind in data.outgoing(finding.focus).get(RDF_TYPE, ()):
            found.add((local(kind.value), where(finding.path)))
    return found


def where(path: str | None) -> str:
    if path is None:
        return "itself"
    if path.startswith("http"):
        return local(path)
    return "type of publisher" if path.endswith("/<http://purl.org/dc/terms/type>") else CHOICE


def local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


# --- tests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_official_example_has_no_violation(name: str, shared: Path, rulebook: Rulebook) -> None:
    data = load(shared / EXAMPLE_FOLDER / EXAMPLES[name][0])
    assert [(f.rule, str(f.focus), str(f.value)) for f in violations(rulebook, data)] == []


def test_official_shapes_and_ours_agree_but_for_known_reasons(
    shared: Path, rulebook: Rulebook, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, official_only, ours_only = [], set(), set()
    for name, (file, level) in EXAMPLES.items():
        published = load(shared / EXAMPLE_FOLDER / file)
        for damage, apply in DAMAGE.items():
            data = Graph(apply(published))
            theirs, mine = official(shared, level, data, rulebook.vocabulary), ours(rulebook, data)
            rows.append(f"{name:10} {damage:14} {len(theirs & mine):4} {len(theirs - mine):8} {len(mine - theirs):4}")
            official_only |= theirs - mine
            ours_only |= mine - theirs
    with capsys.disabled():
        print("\nviolations by class and property", f"{'':25} {'both':>4} {'official':>8} {'ours':>4}", *rows, sep="\n")
    assert official_only == set(OFFICIAL_ONLY)
    assert ours_only == set(OURS_ONLY)
