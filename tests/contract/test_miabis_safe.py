"""MIABIS and the Directory: only collections are datasets, small counts are not kept, structures are understood."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from catalogue.graphs import BlankNode, Canonical, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import CV, DCAT, DCT, EUCAIM, FOAF, GEODCATAP, HDEU, HEALTH
from tests.contract.harvesting import texts
from tests.contract.test_miabis import described, harvest
from tests.kinds.miabis import BANKS, HEADER, collection, of_the_standard


def given(folder: Path, *, biobanks: Any = (), **fields: Any) -> Description:
    """What becomes of one collection in JSON."""
    held = {"biobanks": list(biobanks), "collections": [{"id": "C1", "name": "Breast", **fields}]}
    (folder / "directory.json").write_text(json.dumps(held), "utf-8")
    return described(folder / "directory.json")


def names(found: list[Harvested]) -> list[str]:
    return [one.iri.rpartition("/")[2] for one in found if isinstance(one, Description)]


def everything(one: Description) -> str:
    return Canonical(one.graph).content.decode() + repr(one.notes) + one.original.content.decode()


# --- what is a collection ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other", ["networks.csv", "research_resource.csv", "be_biobanks.csv", "Collection Facts.csv", "collectionfacts.csv"]
)
def test_other_tables_of_miabis_are_no_datasets(tmp_path: Path, other: str) -> None:
    (tmp_path / "be_collections.csv").write_text(HEADER + collection("C1"), "utf-8")
    (tmp_path / other).write_text("ID,Name,Biobank,Dataset type\nN1,Other,BB1,Other\n", "utf-8")
    found = harvest(tmp_path)
    assert names(found) == ["C1"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("patients.csv", "id,name,biobank"),
        ("export.csv", "id,name,sex,disease"),
        ("export.csv", "id,name,biobank"),
        ("donor.csv", "id,name,number_of_donors"),
    ],
)
def test_a_table_of_persons_is_neither_described_nor_kept(tmp_path: Path, name: str, header: str) -> None:
    (tmp_path / "collections.csv").write_text(HEADER + collection("C1"), "utf-8")
    (tmp_path / name).write_text(header + "\n" + ",".join(["CANARY"] * (header.count(",") + 1)) + "\n", "utf-8")
    found = harvest(tmp_path)
    assert names(found) == ["C1"]
    assert "CANARY" not in repr(found) + "".join(everything(one) for one in found if isinstance(one, Description))


def test_a_node_without_collections_says_so(tmp_path: Path) -> None:
    (tmp_path / "biobanks.csv").write_text(BANKS, "utf-8")
    [one] = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "no table here has a collection" in one.problem


@pytest.mark.parametrize("packed", [False, True])
def test_workbooks_have_a_sheet_for_each(tmp_path: Path, packed: bool) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in (
        ("Biobanks", [("id", "name", "country"), ("BB1", "Example Biobank", "BE")]),
        (
            "Collections",
            [("id", "name", "biobank", "number_of_donors"), ("C1", "Breast", "BB1", 400), ("C2", "B", "BB1", 9)],
        ),
        ("Networks", [("id", "name"), ("N1", "Net")]),
        ("Persons", [("id", "name"), ("P1", "CANARY")]),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "directory.xlsx"
    book.save(path)
    if packed:
        with zipfile.ZipFile(tmp_path / "node.zip", "w") as archive:
            archive.write(path, "in/directory.xlsx")
        path.unlink()
    found = harvest(tmp_path)
    assert names(found) == ["C1", "C2"]
    first, second = (one for one in found if isinstance(one, Description))
    assert texts(first, HEALTH.numberOfUniqueIndividuals) == {"400"}
    assert not texts(second, HEALTH.numberOfUniqueIndividuals)
    assert "CANARY" not in everything(first)


# --- biobanks ---------------------------------------------------------------------------------------------------------


def test_a_collection_without_a_biobank_gets_none(tmp_path: Path) -> None:
    one = given(tmp_path, biobanks=[{"name": "Nameless"}, {"id": None, "name": "Null"}, {"id": "", "name": "Empty"}])
    assert not texts(one, DCT.publisher)


def test_a_biobank_with_an_address_is_the_holder_too(tmp_path: Path) -> None:
    for contact, holders in (
        ("bank@example.org", {"bank@example.org"}),
        ({"First name": "A", "Last name": "B", "Email": "bank@example.org"}, {"bank@example.org"}),
        ("Jane Doe", set()),
        (None, set()),
    ):
        one = given(tmp_path, biobank="BB1", biobanks=[{"id": "BB1", "name": "Bank", "contact_information": contact}])
        graph, dataset = one.graph, NamedNode(one.iri)
        for predicate, expected in ((DCT.publisher, {"Bank"}), (GEODCATAP.custodian, {"Bank"} if holders else set())):
            agents = [node for node in graph.objects(dataset, predicate) if isinstance(node, BlankNode)]
            assert {graph.text(agent, FOAF.name, "en") for agent in agents} == expected
            for agent in agents:
                assert texts_of(one, agent, DCT.type) == {HDEU + "publisher-type/biobank"}
                points = [node for node in graph.objects(agent, CV.contactPoint) if isinstance(node, BlankNode)]
                assert {email for point in points for email in texts_of(one, point, CV.email)} == holders


def texts_of(one: Description, node: BlankNode, predicate: NamedNode) -> set[str]:
    return {str(term.value) for term in one.graph.objects(node, predicate)}


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field", ["number_of_donors", "size", "number_of_samples", "total_number_of_subjects", "case_count"]
)
@pytest.mark.parametrize("said", [9, 9.0, "9", " 9 ", "9.0", "9 donors", "<10", [9], {"value": 9}, -9, "09"])
def test_a_small_count_is_neither_stated_nor_kept_nor_told(tmp_path: Path, field: str, said: Any) -> None:
    one = given(tmp_path, **{field: said})
    assert "9" not in json.dumps(json.loads(one.original.content))
    assert not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords)
    [note] = [note for note in one.notes if note.field == field]
    assert "9" not in note.raw + note.reason
    assert note.kind in (NoteKind.SUPPRESSED, NoteKind.UNMAPPED)


@pytest.mark.parametrize("said", [10, 10.0, "10", "10.0"])
def test_a_count_that_is_large_enough_is_stated(tmp_path: Path, said: Any) -> None:
    one = given(tmp_path, number_of_donors=said, size=said)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == texts(one, HEALTH.numberOfRecords) == {"10"}


def test_counts_of_groups_are_not_kept(tmp_path: Path) -> None:
    facts = [{"sex": "MALE", "number_of_donors": 77}, {"sex": "FEMALE", "number_of_donors": 3}]
    one = given(tmp_path, number_of_donors=80, facts=facts, sub={"number_of_samples": 4, "n": {"number_of_donors": 5}})
    assert b"77" not in one.original.content
    assert {note.field for note in one.notes} >= {"facts", "sub.number_of_samples", "sub.n.number_of_donors"}
    assert all(digit not in everything(one) for digit in (": 3", ": 4", ": 5"))


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "codes", "systems", "words"),
    [
        ("urn:miriam:icd:C50", {"C50"}, {"ICD-10"}, set()),
        ("urn:miriam:icd:C00-C97", {"C00-C97"}, {"ICD-10"}, set()),
        ("ICD-10:C50.9", {"C50.9"}, {"ICD-10"}, set()),
        ("ORPHA:145", {"ORPHA:145"}, {"ORPHACODE"}, set()),
        ("snomedct:254837009", {"SCT:254837009"}, {"SNOMED-CT"}, set()),
        ("C50", set(), set(), {"C50"}),
        ({"name": "urn:miriam:icd:C50", "label": "Breast"}, {"C50"}, {"ICD-10"}, {"Breast"}),
        (
            {"Disease Ontology": "ICD", "Disease Ontology Version": "ICD-10", "Disease Ontology Code": "C61"},
            {"C61"}, {"ICD-10"}, set(),
        ),
        ({"Disease Ontology": "ICD", "Disease Ontology Code": "C61"}, set(), set(), {"C61"}),
        ({"ontology": "ORPHA", "code": "145"}, {"ORPHA:145"}, {"ORPHACODE"}, set()),
        ({"Disease Free Text": "a tumour"}, set(), set(), {"a tumour"}),
    ],
)  # fmt: skip
def test_diseases_are_codes_of_their_system(
    tmp_path: Path, said: Any, codes: set[str], systems: set[str], words: set[str]
) -> None:
    for field in ("disease", "diagnosis_available"):
        one = given(tmp_path, **{field: [said]})
        assert texts(one, HEALTH.hasCodeValues) == codes
        assert texts(one, HEALTH.hasCodingSystem) == {HDEU + "coding-system/" + system for system in systems}
        assert texts(one, DCAT.keyword) == words
        kept = json.loads(one.original.content)[field]
        assert kept == [said], "the original is as it came"


def test_a_field_of_a_disease_that_nobody_knows_is_noted(tmp_path: Path) -> None:
    one = given(tmp_path, disease=[{"code": "C50", "ontology": "ICD-10", "favourite_colour": "blue"}])
    assert {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED} == {"disease.favourite_colour"}


def test_references_to_lists_are_their_names(tmp_path: Path) -> None:
    one = given(
        tmp_path,
        sex=[{"name": "MALE", "label": "Male"}], materials=[{"name": "DNA", "label": "Deoxyribonucleic acid"}],
        country={"name": "BE"}, biobank="B", biobanks=[{"id": "B", "name": "Bank", "country": {"name": "BE"}}],
    )  # fmt: skip
    assert texts(one, EUCAIM.hasBirthSex) == {EUCAIM.COM1001366.value}
    assert texts(one, DCAT.keyword) == {"DNA"}
    assert {term.rpartition("/")[2] for term in texts(one, DCT.spatial)} == {"BEL"}
    assert not [note for note in one.notes if note.kind is NoteKind.UNMAPPED]


def test_an_answer_of_a_graphql_server_is_read(tmp_path: Path) -> None:
    held = {
        "data": {"Collections": [{"id": "C1", "name": "Breast", "size": 100}], "Networks": [{"id": "N", "name": "N"}]}
    }
    (tmp_path / "answer.json").write_text(json.dumps(held), "utf-8")
    assert names(harvest(tmp_path / "answer.json")) == ["C1"]


@pytest.mark.parametrize(
    ("said", "addresses"),
    [
        ("10.1234/abc", {"https://doi.org/10.1234/abc"}),
        ("doi:10.1234/abc, https://doi.org/10.1234/x", {"https://doi.org/10.1234/abc", "https://doi.org/10.1234/x"}),
        (["https://example.org/a"], {"https://example.org/a"}),
        ("Smith J, Jones K: Biobanks, 2019; 10.1234/abc", {"https://doi.org/10.1234/abc"}),
        ("Smith J, 2019", set()),
    ],
)
def test_publications_are_addresses_or_are_noted(tmp_path: Path, said: Any, addresses: set[str]) -> None:
    one = given(tmp_path, publications=said)
    assert texts(one, DCT.isReferencedBy) == addresses
    assert {note.raw for note in one.notes if note.field == "citations"} == (
        {"Smith J, Jones K: Biobanks, 2019"} if "Jones" in said else {"Smith J, 2019"} if not addresses else set()
    )


def test_kinds_of_data_and_of_storage_are_said(tmp_path: Path) -> None:
    one = given(
        tmp_path, dataset_type="Genomic dataset; Clinical dataset", storage_temperature="-60 °C to -85 °C, Other"
    )
    assert {term.rpartition("/")[2] for term in texts(one, HEALTH.healthCategory)} == {"EINS", "HGPD"}
    assert "Storage temperature: -60 °C to -85 °C" in texts(one, DCAT.keyword)
    assert not [note for note in one.notes if note.kind is NoteKind.UNMAPPED]


def test_every_attribute_of_the_standard_is_known(tmp_path: Path, shared: Path) -> None:
    tables = shared / "nodes" / "miabis" / "BBMRI-ERIC__miabis" / "Core" / "V3"
    bank, fields = of_the_standard(tables, "Biobank"), of_the_standard(tables, "Collection")
    assert (len(bank), len(fields)) == (12, 23)
    one = given(
        tmp_path,
        biobank=bank["ID"],
        biobanks=[bank],
        **{name: said for name, said in fields.items() if name not in ("ID", "Name")},
    )
    assert not [note for note in one.notes if note.reason.startswith("no line")]
    assert json.loads(one.original.content)["disease"] == fields["Disease"]
    stated = {
        "Total number of subjects": HEALTH.numberOfUniqueIndividuals,
        "URL": DCAT.landingPage,
        "Acronym": DCT.alternative,
    }
    for name, predicate in stated.items():
        assert texts(one, predicate) == {str(fields[name])}
    assert {note.field.removeprefix("biobank.") for note in one.notes if note.kind is NoteKind.UNMAPPED} == {
        "infrastructural_capabilities", "organisational_capabilities", "quality_management_standard",
        "bioprocessing_and_analytical_capabilities", "contact_information.name",
    }  # fmt: skip
