"""Descriptions of earlier releases: every entry of the tables converts its example, and nothing but that."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.assembly import validator_for
from catalogue.errors import BadRdf
from catalogue.graphs import Canonical, Graph, NamedNode, Triple, media_type_of, parse
from catalogue.model import NoteKind
from catalogue.names import CAT, DCAT, DCT, EHDS, HDEU, PREFIXES, SKOS, Minted
from catalogue.publish import Checker
from catalogue.resources import read_files
from catalogue.rewriting import TABLE as NAMESPACES
from catalogue.rulebook import Rulebook
from catalogue.upgrade import TABLE, Release, upgrader

FOLDER = "vocab/crosswalks/"
BASE = "http://data.example.org/"


def read(turtle: str) -> Graph:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return Graph(parse(f"{prefixes}@prefix ex: <{BASE}> .\n{turtle}".encode(), "text/turtle"))


def table(name: str, base: str) -> Graph:
    return Graph(parse(read_files("vocab/crosswalks")[f"{FOLDER}{name}.ttl"], "text/turtle", base=base))


def same(one: Graph, other: Graph) -> bool:
    return Canonical(one).content == Canonical(other).content


def entries(name: str, base: str, link: NamedNode) -> list[str]:
    return [str(entry.value) for entry in table(name, base).objects(NamedNode(base), link)]


# --- IRIs ------------------------------------------------------------------------------------------------------------

OLD = table("namespaces", NAMESPACES)
REWRITINGS = entries("namespaces", NAMESPACES, CAT.rewriting)


@pytest.mark.parametrize("entry", REWRITINGS)
def test_every_older_form_of_an_iri_becomes_the_current_one(entry: str) -> None:
    node = NamedNode(entry)
    rest = "" if OLD.text(node, CAT.whole) == "true" else "x/y"
    before, after = ((OLD.text(node, name) or "") + rest for name in (CAT["from"], CAT.to))
    link = OLD.value(node, CAT.valueOf) or DCT.relation
    assert isinstance(link, NamedNode)
    dataset = NamedNode(BASE + "d")
    upgraded = upgrader().upgrade(Graph([Triple(dataset, link, NamedNode(before))]))
    assert set(upgraded.graph) == {Triple(dataset, link, NamedNode(after))}
    (note,) = upgraded.notes
    assert (note.kind, note.field, note.raw, note.result) == (NoteKind.REPAIRED, link.value, before, after)
    assert entry in note.reason.split()


def test_an_entry_is_listed_or_it_would_do_nothing() -> None:
    assert set(REWRITINGS) == {node.value for node in OLD.instances(CAT.Rewriting)}
    kinds = [CAT[name] for name in ("Rename", "Carry", "AsText", "Unlist", "Recode", "Contact", "Mark")]
    listed = {*entries("releases", TABLE, CAT.conversion), *entries("releases", TABLE, CAT.mark)}
    assert listed == {node.value for kind in kinds for node in table("releases", TABLE).instances(kind)}


# --- structures ------------------------------------------------------------------------------------------------------

CONVERSIONS = {
    "publisher-type-of-dataset": (
        "ex:d a dcat:Dataset ; healthdcatap:publishertype ex:biobank ; dct:publisher ex:p .",
        "ex:d a dcat:Dataset ; dct:publisher ex:p . ex:p dct:type ex:biobank .",
    ),
    "publisher-note-of-dataset": (
        'ex:d a dcat:Dataset ; <https://w3id.org/healthdcat-ap#publisherNote> "n"@en ; dct:publisher ex:p .',
        'ex:d a dcat:Dataset ; dct:publisher ex:p . ex:p dct:description "n"@en .',
    ),
    "variables-of-distribution": (
        "ex:d dcat:distribution ex:f . ex:f a dcat:Distribution ; healthdcatap:hasVariables ex:v .",
        "ex:d dcat:distribution ex:f ; healthdcatap:hasVariables ex:v . ex:f a dcat:Distribution .",
    ),
    "variables-list": (
        "ex:v csvw:table ( ex:t ) . ex:t csvw:column ( ex:a ex:b ) .",
        "ex:v csvw:table ex:t . ex:t csvw:column ex:a , ex:b .",
    ),
    "column-titles": ('ex:c csvw:titles "A"@en , "B"@fr .', 'ex:c csvw:title "A"@en , "B"@fr .'),
    "code-values": (
        'ex:d healthdcatap:hasCodeValues ex:1 , ex:2 , "U07" . ex:1 skos:notation "U07.1" .',
        f'ex:d healthdcatap:hasCodeValues "U07.1" , "{BASE}2" , "U07" . ex:1 skos:notation "U07.1" .',
    ),
    "distribution-status": (
        "ex:f a dcat:Distribution ; adms:status <http://purl.org/adms/status/UnderDevelopment> .",
        "ex:f a dcat:Distribution ; adms:status "
        "<http://publications.europa.eu/resource/authority/distribution-status/DEVELOP> .",
    ),
    "role-contact": (
        """ex:d a dcat:Dataset ; <https://w3id.org/healthdcat-ap#hdab> ex:h ; dct:publisher ex:p .
        ex:h dcat:contactPoint ex:k . ex:p foaf:mbox <mailto:p@example.org> .
        ex:k a vcard:Kind ; vcard:hasEmail <mailto:h@example.org> ; vcard:hasURL <https://example.org/> ;
            vcard:hasTelephone [ vcard:hasValue <tel:+3225550101> ] .""",
        """ex:d a dcat:Dataset ; healthdcatap:hdab ex:h ; dct:publisher ex:p .
        ex:h cv:contactPoint ex:k .
        ex:p foaf:mbox <mailto:p@example.org> ; cv:contactPoint [ a cv:ContactPoint ; cv:email "p@example.org" ] .
        ex:k a vcard:Kind , cv:ContactPoint ; vcard:hasEmail <mailto:h@example.org> ; cv:email "h@example.org" ;
            vcard:hasURL <https://example.org/> ; cv:contactPage <https://example.org/> ;
            vcard:hasTelephone [ vcard:hasValue <tel:+3225550101> ] ; cv:telephone "+3225550101" .""",
    ),
    "version-text": ('ex:d a dcat:Dataset ; dct:hasVersion "1" .', 'ex:d a dcat:Dataset ; dcat:version "1" .'),
    "version-link": ("ex:d a dcat:Dataset ; dct:hasVersion ex:2 .", "ex:d a dcat:Dataset ; dcat:hasVersion ex:2 ."),
    "is-version-of": ("ex:d a dcat:Dataset ; dct:isVersionOf ex:1 .", "ex:d a dcat:Dataset ; dcat:isVersionOf ex:1 ."),
    "version-info": ('ex:d a dcat:Dataset ; owl:versionInfo "1" .', 'ex:d a dcat:Dataset ; dcat:version "1" .'),
    "start-date": (
        '[] a dct:PeriodOfTime ; <http://schema.org/startDate> "2020" .',
        '[] a dct:PeriodOfTime ; dcat:startDate "2020" .',
    ),
    "end-date": (
        '[] a dct:PeriodOfTime ; <https://schema.org/endDate> "2020" .',
        '[] a dct:PeriodOfTime ; dcat:endDate "2020" .',
    ),
    "quality-annotation": ("ex:d dpv:hasQualityAnnotation ex:q .", "ex:d dqv:hasQualityAnnotation ex:q ."),
    "endpoint-url": ("ex:s dcat:endPointURL ex:e .", "ex:s dcat:endpointURL ex:e ."),
    "endpoint-description": ("ex:s dcat:endPointDescription ex:e .", "ex:s dcat:endpointDescription ex:e ."),
    "home-page": ("ex:a foaf:homePage ex:h .", "ex:a foaf:homepage ex:h ."),
}


@pytest.mark.parametrize("entry", entries("releases", TABLE, CAT.conversion))
def test_every_conversion_makes_of_its_example_what_release_8_says(entry: str) -> None:
    before, after = map(read, CONVERSIONS[entry.rsplit("#", 1)[1]])
    upgraded = upgrader().upgrade(before)
    assert same(upgraded.graph, after)
    assert any(entry in note.reason for note in upgraded.notes)
    assert upgrader().upgrade(upgraded.graph).notes == ()


@pytest.mark.parametrize(
    "turtle",
    [
        "ex:d a dcat:Dataset ; healthdcatap:hasVariables ex:v ; dcat:version '1' ; foaf:page ex:p .",
        "ex:f a dcat:Distribution ; healthdcatap:hasVariables ex:v .",
        "ex:d dcat:distribution ex:f . ex:e dcat:distribution ex:f . ex:f a dcat:Distribution ; "
        "healthdcatap:hasVariables ex:v .",
        "ex:d a dcat:Dataset ; dct:hasVersion '1' ; dcat:version '2' .",
        "ex:d a dcat:Dataset ; dct:hasVersion '1' , '2' .",
        "ex:r a dcat:CatalogRecord ; adms:status <http://purl.org/adms/status/Completed> .",
        "ex:c a dcat:Catalog ; dct:publisher ex:p . ex:p foaf:mbox <mailto:p@example.org> .",
        "ex:d a dcat:Dataset ; dct:publisher ex:p . ex:p foaf:mbox <mailto:a@example.org> , <mailto:b@example.org> .",
        "ex:d a dcat:Dataset ; dct:publisher ex:p . ex:p foaf:mbox <mailto:a@example.org> ; cv:contactPoint ex:k .",
        "ex:d a dcat:Dataset ; dct:publisher ex:p . ex:p dcat:contactPoint ex:k . ex:k vcard:fn 'nobody' .",
        "ex:d healthdcatap:hasCodeValues [ skos:prefLabel 'unknown' ] .",
        "ex:d a dcat:Dataset ; healthdcatap:trustedDataHolder true .",
    ],
)
def test_what_is_current_or_has_no_one_meaning_is_left_alone(turtle: str) -> None:
    upgraded = upgrader().upgrade(read(turtle))
    assert upgraded.notes == ()
    assert same(upgraded.graph, read(turtle))


def test_a_whole_triple_as_a_value_is_refused() -> None:
    with pytest.raises(BadRdf):
        upgrader().upgrade(read("ex:d a dcat:Dataset ; dct:hasVersion <<( ex:a ex:b ex:c )>> ."))


# --- releases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turtle", "release"),
    [
        ("ex:d a dcat:Dataset ; dct:title 'T' .", ""),
        ("ex:d healthdcatap:hdabCoordinator ex:h .", "8"),
        ("ex:c csvw:title 'T' .", "8"),
        ("ex:d healthdcatap:hasStructuredData true .", "7 or later"),
        ("ex:c csvw:titles 'T' .", "7 or earlier"),
        ("ex:d healthdcatap:hasStructuredData true . ex:c csvw:titles 'T' .", "7"),
        ("ex:d healthdcatap:hdabCoordinator ex:h . ex:c csvw:titles 'T' .", "several"),
        ("ex:d dcat:distribution ex:f . ex:f a dcat:Distribution ; healthdcatap:hasVariables ex:v .", "6 or earlier"),
        ("ex:d healthdcatap:retentionperiod ex:p .", "5 or earlier"),
        ("ex:d <https://w3id.org/healthdcat-ap#hdab> ex:h .", "7 or earlier"),
        (
            "ex:d healthdcatap:healthTheme <http://13.81.34.152:1101/resource/authority/health-theme/X> .",
            "7 or earlier",
        ),
        ("ex:p healthdcatap:publisherNote 'x' .", "7 or earlier"),
        ("ex:p healthdcatap:publishertype ex:t .", "7 or earlier"),
        ("ex:d healthdcatap:trustedDataHolder true .", "7 or earlier"),
        (
            "ex:r dct:conformsTo <https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-6/> .",
            "6",
        ),
    ],
)
def test_a_release_is_recognised_by_its_terms(turtle: str, release: str) -> None:
    assert str(upgrader().upgrade(read(turtle)).release) == release


def test_a_range_of_releases_is_said_as_one() -> None:
    assert str(Release(6, 7)) == "6 to 7"


# --- both are checked ------------------------------------------------------------------------------------------------

SAMPLES = (
    "nodes/eucaim/eucaim_dcat_ap/prefixes_and_examples.ttl",
    "nodes/fdp/FAIRDataTeam__FAIRDataPoint/docs/rdf-examples/goNlSvR5-dataset.ttl",
    "nodes/fdp/Health-RI__health-ri-metadata/Formalisation(shacl)/Core/Example-Data/example-dataset.ttl",
    "nodes/xnat/Health-RI__img2catalog/tests/references/xnat_integration_test.ttl",
)


@pytest.fixture(scope="module")
def checker(rulebook: Rulebook) -> Checker:
    return Checker(validator_for(rulebook, "compiled"), rulebook, Minted("http://c.example.org/"))


@pytest.mark.parametrize("name", SAMPLES)
def test_published_descriptions_are_checked_as_written_and_as_converted(
    name: str, shared: Path, checker: Checker
) -> None:
    found = checker.check((shared / name).read_bytes(), media_type_of(name) or "", name)
    assert found
    for one in found:
        assert one.notes
        assert one.written is not None
        assert one.written.profile == one.report.profile
        fewer = [len(report.findings) for report in (one.report, one.written)]
        assert fewer[0] <= fewer[1]


def test_a_current_description_is_checked_once(shared: Path, checker: Checker) -> None:
    path = shared / "spec/healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl"
    (one,) = checker.check(path.read_bytes(), "text/turtle", path.name)
    assert (one.notes, one.written, str(one.release)) == ((), None, "8")


def test_the_findings_are_those_of_the_converted_description(checker: Checker) -> None:
    turtle = f"""@prefix dcat: <https://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    <{BASE}d> a dcat:Dataset ; dct:title "T"@en ;
        <http://healthdcat-ap.eu/ns#healthTheme> <http://13.81.34.152:1101/resource/authority/health-theme/NO_SUCH> ;
        <http://data.europa.eu/r5r/applicableLegislation> <https://data.europa.eu/eli/reg/2025/327/oj> ."""
    (one,) = checker.check(turtle.encode(), "text/turtle", "x.ttl")
    assert list(one.graph.instances(DCAT.Dataset)) == [NamedNode(BASE + "d")]
    assert one.graph.objects(NamedNode(BASE + "d"), NamedNode("http://data.europa.eu/r5r/applicableLegislation")) == [
        EHDS
    ]
    assert NamedNode(HDEU + "health-theme/NO_SUCH") in [finding.value for finding in one.report.findings]
    assert one.written is not None
    assert not one.written.tested


def test_every_conversion_says_why_in_words() -> None:
    releases = table("releases", TABLE)
    for entry in entries("releases", TABLE, CAT.conversion):
        assert releases.text(NamedNode(entry), SKOS.scopeNote, "en")
