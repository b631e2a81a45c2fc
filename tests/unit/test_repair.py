"""Repairs: what the rules tell is mended and is what was meant; all else stays exactly as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.assembly import validator_for
from catalogue.demand import demand_of
from catalogue.graphs import Canonical, Graph, Literal, NamedNode, Term, Triple, parse
from catalogue.model import NoteKind, Severity
from catalogue.names import DCAT, DCT, EU, RDF, SKOS, XSD
from catalogue.ports import Validator
from catalogue.repair import Repairer
from catalogue.rewriting import normaliser
from catalogue.rulebook import Rulebook
from catalogue.splitting import Splitter

EXAMPLE = Path(__file__).parents[2] / "harvesters/examples/healthdcat-ap-8/imaging-biobank.ttl"
CLEAN = EXAMPLE.read_text("utf-8").replace('"about 85"', '"85"^^xsd:nonNegativeInteger')
DATASET = NamedNode("https://data.example.org/imaging-biobank")


@pytest.fixture(scope="module")
def validator(rulebook: Rulebook) -> Validator:
    return validator_for(rulebook, "compiled")


@pytest.fixture(scope="module")
def repairer(rulebook: Rulebook, validator: Validator) -> Repairer:
    return Repairer(validator, rulebook, normaliser())


def read(turtle: str) -> Graph:
    return Graph(parse(turtle.encode(), "text/turtle"))


def damaged(before: str, after: str) -> str:
    assert CLEAN.count(before) >= 1, before
    return CLEAN.replace(before, after, 1)


def same(one: Graph, other: Graph) -> bool:
    return Canonical(one).content == Canonical(other).content


def test_the_example_is_clean(repairer: Repairer) -> None:
    assert repairer.repair(read(CLEAN)).edits == ()


LANGUAGE, COUNTRY = r"dct:language eu:language\/ENG", r"dct:spatial eu:country\/ESP"
MENDED = [
    *(
        (LANGUAGE, f"dct:language {value}")
        for value in (
            *('"en"', '"eng"', '"ENG"', '"English"', '"english"@en', '"anglais"@fr', '" English "'),
            "<http://id.loc.gov/vocabulary/iso639-1/en>",
            "<http://id.loc.gov/vocabulary/iso639-2/eng>",
            "<http://lexvo.org/id/iso639-3/eng>",
            f'"{EU}language/ENG"',
            f'"{EU}language/ENG"^^xsd:anyURI',
            "<https://publications.europa.eu/resource/authority/language/ENG>",
            "<http://publications.europa.eu/resource/authority/language/eng>",
        )
    ),
    *((COUNTRY, f"dct:spatial {value}") for value in ('"ES"', '"ESP"', '"Spain"', '"España"@es', '"Spanje"@nl')),
    (r"dct:accessRights eu:access-right\/RESTRICTED", 'dct:accessRights "restricted"'),
    (r"dcat:theme eu:data-theme\/HEAL", 'dcat:theme "Health"@en'),
    (r"healthdcatap:healthCategory authority:healthcategories\/EHRS", 'healthdcatap:healthCategory "EHRS"'),
    (r"healthdcatap:healthTheme authority:health-theme\/CANCER_DISEASE", 'healthdcatap:healthTheme "cancer_disease"'),
    (r"dct:conformsTo authority:standard\/DICOM", 'dct:conformsTo "DICOM"'),
    (r"dct:type authority:publisher-type\/biobank", 'dct:type "Biobank"'),
    (r"dct:type eu:dataset-type\/PERSONAL_DATA", 'dct:type "PERSONAL_DATA"'),
    (r"dcatap:availability eu:planned-availability\/AVAILABLE", 'dcatap:availability "verfügbar"@de'),
    (r"dct:format eu:file-type\/ZIP", 'dct:format "zip"'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "2026-01-12"'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "2026-01-12"@en'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "20260112"^^xsd:date'),
    ('dcat:startDate "2018-03-01"^^xsd:date', 'dcat:startDate "2018-03-01"^^xsd:dateTime'),
    ('numberOfRecords "1391"^^xsd:nonNegativeInteger', "numberOfRecords 1391"),
    ('numberOfRecords "1391"^^xsd:nonNegativeInteger', "numberOfRecords 1391.0"),
    ('numberOfRecords "1391"^^xsd:nonNegativeInteger', 'numberOfRecords "1391"'),
    ('minTypicalAge "40"^^xsd:nonNegativeInteger', 'minTypicalAge "40"^^xsd:long'),
    ("hasStructuredData false", 'hasStructuredData "false"'),
    ("hasStructuredData false", 'hasStructuredData "False"'),
    (
        "dcat:accessURL <https://www.example.org/biobank/request>",
        'dcat:accessURL "https://www.example.org/biobank/request"',
    ),
    (
        "cv:contactPage <https://www.example.org/biobank/contact>",
        'cv:contactPage "https://www.example.org/biobank/contact"',
    ),
    ("vcard:hasEmail <mailto:biobank@example.org>", 'vcard:hasEmail "biobank@example.org"'),
    ("vcard:hasEmail <mailto:biobank@example.org>", 'vcard:hasEmail "mailto:biobank@example.org"'),
    ('cv:email "biobank@example.org"', "cv:email <mailto:biobank@example.org>"),
    ("a vcard:Kind ;", ""),
    ("a dct:PeriodOfTime ;", ""),
    ("a cv:ContactPoint ;", ""),
    ("a dpv:Purpose ;", ""),
    (":biobank a foaf:Agent ;", ":biobank"),
    (":images a dcat:Distribution ;", ":images"),
]


@pytest.mark.parametrize(("clean", "wrong"), MENDED)
def test_what_a_rule_tells_is_mended_and_is_what_was_meant(clean: str, wrong: str, repairer: Repairer) -> None:
    repaired = repairer.repair(read(damaged(clean, wrong)))
    assert same(repaired.graph, read(CLEAN))
    (edit,) = repaired.edits
    assert edit.note.kind is NoteKind.REPAIRED
    assert edit.note.reason
    assert edit.note.raw != edit.note.result


UNKNOWN = [
    *((LANGUAGE, f"dct:language {value}") for value in ('"Englsh"', '"ENGL"', '"en-GB"', '"English and French"')),
    (LANGUAGE, "dct:language <http://id.loc.gov/vocabulary/iso639-1/tlh>"),
    (COUNTRY, 'dct:spatial "EN"'),
    (COUNTRY, 'dct:spatial "Europe"'),
    (r"healthdcatap:healthCategory authority:healthcategories\/EHRS", 'healthdcatap:healthCategory "ENG"'),
    (r"dcatap:availability eu:planned-availability\/AVAILABLE", 'dcatap:availability "soon"'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "12/01/2026"'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "2026-13-45"'),
    ('dct:issued "2026-01-12"^^xsd:date', 'dct:issued "20090621T0545Z"^^xsd:dateTime'),
    ('numberOfRecords "1391"^^xsd:nonNegativeInteger', 'numberOfRecords "1,391"'),
    ('numberOfRecords "1391"^^xsd:nonNegativeInteger', "numberOfRecords 1391.5"),
    ('maxTypicalAge "85"^^xsd:nonNegativeInteger', 'maxTypicalAge "about 85"'),
    ("hasStructuredData false", 'hasStructuredData "no"'),
    ("dcat:accessURL <https://www.example.org/biobank/request>", 'dcat:accessURL "www.example.org/biobank"'),
    ("cv:contactPage <https://www.example.org/biobank/contact>", 'cv:contactPage "biobank@example.org"'),
    ("vcard:hasEmail <mailto:biobank@example.org>", 'vcard:hasEmail "biobank at example.org"'),
    ('cv:email "biobank@example.org"', "cv:email <https://www.example.org/biobank>"),
    ('foaf:name "Imaging Biobank of Costa Verde"@en ;', ""),
    ("healthdcatap:hdab :access-body", "healthdcatap:hdab <https://www.example.org/hdab>"),
    (":biobank a foaf:Agent ;", ":biobank a dpv:Purpose ;"),
    ("dct:publisher :biobank", "dct:publisher <https://orcid.org/0> ; dct:creator <https://orcid.org/0>"),
    ('dct:title "DICOM images"@en ;', ""),
]


@pytest.mark.parametrize(("clean", "wrong"), UNKNOWN)
def test_what_only_the_holder_can_know_is_left(clean: str, wrong: str, repairer: Repairer) -> None:
    before = read(damaged(clean, wrong))
    repaired = repairer.repair(before)
    assert repaired.edits == ()
    assert same(repaired.graph, before)


def test_a_name_of_two_things_in_one_list_is_no_name(validator: Validator, rulebook: Rulebook) -> None:
    repairer = Repairer(validator, rulebook, normaliser())
    repairer._concepts._found["zwei"] = {NamedNode(EU + "language/ENG"): None, NamedNode(EU + "language/FRA"): None}
    repairer._concepts._found["eins"] = {NamedNode(EU + "language/ENG"): None}
    assert repairer.repair(read(damaged(LANGUAGE, 'dct:language "zwei"'))).edits == ()
    assert repairer.repair(read(damaged(LANGUAGE, 'dct:language "eins"'))).edits


@pytest.mark.parametrize(
    ("table", "clean", "link"), [("language", LANGUAGE, "dct:language"), ("country", COUNTRY, "dct:spatial")]
)
def test_every_code_of_a_concept_is_read(
    table: str, clean: str, link: str, rulebook: Rulebook, repairer: Repairer
) -> None:
    codes = [
        (str(code.value), concept)
        for concept in rulebook.concepts(EU + table)
        for name in (SKOS.hiddenLabel, DCT.identifier)
        for code in rulebook.graph.objects(NamedNode(concept), name)
    ]
    assert len(codes) > 60
    for code, concept in codes:
        (edit,) = repairer.repair(read(damaged(clean, f'{link} "{code}"'))).edits
        assert edit.note.result == concept


def test_a_class_is_named_together_with_what_the_class_asks(repairer: Repairer) -> None:
    wrong = damaged(
        "a vcard:Kind ; vcard:hasEmail <mailto:biobank@example.org>", 'vcard:hasEmail "biobank@example.org"'
    )
    repaired = repairer.repair(read(wrong))
    assert same(repaired.graph, read(CLEAN))
    assert len(repaired.edits) == 2


def test_checksum_names_and_media_types_are_read(repairer: Repairer) -> None:
    more = """:images dcat:mediaType "application/dicom" ;
        <http://spdx.org/rdf/terms#checksum> [ a <http://spdx.org/rdf/terms#Checksum> ;
            <http://spdx.org/rdf/terms#algorithm> "SHA-256" ;
            <http://spdx.org/rdf/terms#checksumValue> "ab12" ] ."""
    results = {edit.note.result for edit in repairer.repair(read(CLEAN + more)).edits}
    assert "http://www.iana.org/assignments/media-types/application/dicom" in results
    assert "http://spdx.org/rdf/terms#checksumAlgorithm_sha256" in results
    assert '"ab12"^^<http://www.w3.org/2001/XMLSchema#hexBinary>' in results


def test_one_repair_serves_all_datasets_that_share_a_node(repairer: Repairer) -> None:
    shared = damaged(":biobank a foaf:Agent ;", ":biobank")
    other = shared[: shared.index(":biobank\n")].replace(
        "<https://data.example.org/imaging-biobank>", "<https://e.org/2>"
    )
    repaired = repairer.repair(read(shared + other.split("@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .")[1]))
    assert [edit.added[0].object.value for edit in repaired.edits] == ["http://xmlns.com/foaf/0.1/Agent"]


def test_catalogues_and_records_are_left_as_they_are(repairer: Repairer) -> None:
    more = ' :c a dcat:Catalog ; dct:language "en" ; dcat:dataset <https://data.example.org/imaging-biobank> .'
    assert repairer.repair(read(CLEAN + more)).edits == ()


def test_alternatives_of_a_rule_are_all_seen_and_what_it_forbids_is_not(rulebook: Rulebook) -> None:
    base = "https://w3id.org/ehds-catalogue/rule/"
    issued = demand_of(rulebook.graph, NamedNode(base + "dataset-values/issued"))
    assert issued.datatypes == [XSD[name].value for name in ("date", "dateTime", "gYear", "gYearMonth")]
    contact = demand_of(rulebook.graph, NamedNode(base + "dataset-roles/hdab-contact"))
    assert [name.value.rsplit("/", 1)[1] for name in contact.inside] == ["contactPoint"]
    personal = demand_of(rulebook.graph, NamedNode(base + "dataset-values/personal-data-class"))
    assert not personal.patterns


# --- properties ------------------------------------------------------------------------------------------------------

TERMS: list[Term] = [
    *(Literal(text) for text in ("en", "DEU", "HEAL", "2024", "2024-02-30", "12", "-3", "true", "text/csv", "x")),
    *(Literal(text) for text in ("https://e.org/a", "a@e.org", "mailto:a@e.org", "http://[", "EHRS", " ")),
    Literal("5.0", datatype=XSD.decimal),
    Literal("Spanien", language="de"),
    NamedNode("https://e.org/unknown"),
    NamedNode("mailto:a@e.org"),
    NamedNode("http://id.loc.gov/vocabulary/iso639-1/fr"),
    NamedNode("https://publications.europa.eu/resource/authority/country/BEL"),
    DCAT.Dataset,
]
_ALL = list(read(CLEAN))
_PREDICATES = sorted({triple.predicate for triple in _ALL}, key=str)
spoilt = st.lists(st.tuples(st.sampled_from(range(len(_ALL))), st.sampled_from(TERMS)), max_size=6)
dropped = st.sets(st.sampled_from(range(len(_ALL))), max_size=3)
strangers = st.lists(
    st.builds(Triple, st.just(DATASET), st.sampled_from(_PREDICATES), st.sampled_from(TERMS)), max_size=3
)


def violations(graph: Graph, profiles: list[str], validator: Validator) -> int:
    parts = list(Splitter(graph, normaliser()))
    reports = (validator.validate(part.graph, profile) for part, profile in zip(parts, profiles, strict=True))
    return sum(len(report.of(Severity.VIOLATION)) for report in reports)


def test_a_repair_harms_nothing_and_is_done_at_once(
    repairer: Repairer, rulebook: Rulebook, validator: Validator
) -> None:
    @settings(max_examples=150, deadline=None)
    @given(spoilt, dropped, strangers)
    def check(spoilt: list[tuple[int, Term]], dropped: set[int], strangers: list[Triple]) -> None:
        triples = list(_ALL)
        for number, term in spoilt:
            triples[number] = Triple(triples[number].subject, triples[number].predicate, term)
        before = Graph([*(t for number, t in enumerate(triples) if number not in dropped), *strangers])
        repaired = repairer.repair(before)
        touched = {number for number, _ in spoilt} | dropped
        assert {triple for number, triple in enumerate(_ALL) if number not in touched} <= set(repaired.graph)
        profiles = [rulebook.profile_for(part.graph, part.node).iri for part in Splitter(repaired.graph, normaliser())]
        assert violations(repaired.graph, profiles, validator) <= violations(before, profiles, validator)
        assert repairer.repair(repaired.graph).edits == ()
        stated = {(t.subject, t.predicate) for t in before}
        assert {(t.subject, t.predicate) for t in repaired.graph if t.predicate != RDF.type} <= stated

    check()


def test_a_document_without_datasets_stays(repairer: Repairer) -> None:
    graph = read("<http://e.org/c> a <http://www.w3.org/ns/dcat#Catalog> .")
    repaired = repairer.repair(graph)
    assert (repaired.edits, set(repaired.graph)) == ((), set(graph))
    assert DCT.title.value not in {str(t.predicate.value) for t in repaired.graph}
