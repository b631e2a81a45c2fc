"""BigPicture: submissions by the official XML Schemas, beings as counts only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xmlschema

from catalogue.errors import ConfigurationError
from catalogue.graphs import BlankNode, NamedNode
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import CAT, DCAT, DCT, EUCAIM, HDEU, HEALTH, RDFS
from tests.contract.harvesting import groups, harvested, only, texts
from tests.kinds.bigpicture import code, source, submission


def harvest(folder: Path, **options: str) -> list[Harvested]:
    return harvested(source(folder, **options))


def described(folder: Path, **options: str) -> Description:
    return only(harvest(folder, **options))


@pytest.fixture
def schemas(shared: Path) -> Path:
    return shared / "nodes" / "bigpicture" / "imi-bigpicture__bigpicture-metaflex" / "src"


def test_the_contract_submission_is_as_the_official_schemas_say(tmp_path: Path, schemas: Path) -> None:
    submission(tmp_path / "one", extra=code("x", "1", "y"))
    for file in (tmp_path / "one").iterdir():
        xmlschema.validate(str(file), str(schemas / f"BP.{file.stem}.xsd"))


def test_a_submission_becomes_a_dataset(tmp_path: Path, schemas: Path) -> None:
    submission(tmp_path / "one")
    one = described(tmp_path, schemas=str(schemas))
    assert one.iri == "http://127.0.0.1/dataset/slides/one"
    assert texts(one, DCT.title) == {"Colon slides"}
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"24"}
    assert texts(one, HEALTH.numberOfRecords) == {"24"}
    assert texts(one, EUCAIM.hasImageModality) == {"http://dicom.nema.org/resources/ontology/DCM/SM"}
    assert texts(one, HEALTH.hasCodeValues) == {"SCT:71854001"}
    assert texts(one, HEALTH.hasCodingSystem) == {HDEU + "coding-system/SNOMED-CT"}
    assert set(groups(one, CAT.personsBySex).values()) == {12}
    rights = one.graph.value(NamedNode(one.iri), DCT.rights)
    assert isinstance(rights, BlankNode)
    assert one.graph.text(rights, RDFS.label, "en") == "use: Research only"
    data = one.graph.value(NamedNode(one.iri), DCAT.distribution)
    assert isinstance(data, BlankNode)
    assert one.graph.value(data, DCAT.accessURL) == NamedNode("https://rems.example/apply")


def test_codes_of_few_beings_are_withheld(tmp_path: Path) -> None:
    submission(tmp_path / "one", beings=40, rare=9)
    one = described(tmp_path)
    assert not texts(one, HEALTH.hasCodeValues), "the nine could be counted from the others"
    assert any(note.field == "CODE_ATTRIBUTE" and note.kind is NoteKind.SUPPRESSED for note in one.notes)
    submission(tmp_path / "one", beings=40, rare=10)
    assert texts(described(tmp_path), HEALTH.hasCodeValues) == {"SCT:34402009", "SCT:71854001"}


def test_of_few_beings_nothing_is_counted(tmp_path: Path) -> None:
    submission(tmp_path / "one", beings=9)
    one = described(tmp_path)
    assert not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords)
    assert not texts(one, HEALTH.hasCodeValues)
    assert texts(one, EUCAIM.hasImageModality)
    assert b'"images": [\n   "WSI_IMAGE"' in one.original.content


def test_animals_are_no_persons(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    path = tmp_path / "one" / "sample.xml"
    content = path.read_text("utf-8").replace("<TAG>sex</TAG>", "<TAG>animal_species</TAG>")
    path.write_text(content.replace("248152002", "447612001").replace("248153007", "337915000"), "utf-8")
    assert texts(described(tmp_path), HEALTH.numberOfUniqueIndividuals) == {"12"}


def test_the_shared_sample_breaks_its_schema_nowhere_and_is_read(tmp_path: Path, shared: Path, schemas: Path) -> None:
    shutil.copy(shared / "nodes" / "bigpicture" / "synthetic" / "dataset.xml", tmp_path / "dataset.xml")
    one = described(tmp_path, schemas=str(schemas))
    assert texts(one, DCT.title) == {"Synthetic colorectal WSI dataset"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("image.xml", "<IMAGE_SET><IMAGE alias='CANARY'/></IMAGE_SET>", "as the schema of IMAGE_SET says"),
        ("sample.xml", "<SAMPLE_SET><SLIDE/>", "not well-formed"),
        ("sample.xml", '<!DOCTYPE a [<!ENTITY x "CANARY">]><SAMPLE_SET>&x;</SAMPLE_SET>', "SAMPLE_SET"),
        ("dataset.xml", "<DATASET alias='one'><TITLE/></DATASET>", "as the schema of DATASET says"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_told_without_a_value(
    tmp_path: Path, schemas: Path, name: str, content: str, words: str
) -> None:
    submission(tmp_path / "one")
    submission(tmp_path / "two")
    (tmp_path / "one" / name).write_text(content, "utf-8")
    found = harvest(tmp_path, schemas=str(schemas))
    wrong = [one for one in found if isinstance(one, Rejected)]
    assert words in wrong[0].problem
    assert "CANARY" not in repr(wrong)
    assert any(one.iri.endswith("/two") for one in found if isinstance(one, Description))


def test_without_schemas_what_is_needed_is_checked(tmp_path: Path) -> None:
    submission(tmp_path / "one", title="")
    [one] = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "TITLE" in one.problem
    (tmp_path / "one" / "dataset.xml").unlink()
    [one] = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "no DATASET" in one.problem


def test_a_folder_without_schemas_is_a_fault_of_the_node_file(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    with pytest.raises(ConfigurationError, match="names no XML Schemas"):
        harvest(tmp_path, schemas=str(tmp_path))


def test_the_address_for_breaches_of_data_is_neither_stated_nor_kept_nor_told(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    path = tmp_path / "one" / "dataset.xml"
    address = "<DATASET_OWNER_CONTACT_EMAIL>alarm@hospital.example</DATASET_OWNER_CONTACT_EMAIL>"
    path.write_text(path.read_text("utf-8").replace("<DATASET_TYPE>", address + "<DATASET_TYPE>", 1), "utf-8")
    one = described(tmp_path)
    assert "alarm@" not in repr(one.notes) + one.original.content.decode() + repr(list(one.graph))
