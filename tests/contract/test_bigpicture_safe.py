"""BigPicture: whole submissions by the official schemas, what observations say, nothing that few beings share."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xmlschema

from catalogue.graphs import Canonical, NamedNode
from catalogue.model import Description, NoteKind, Rejected
from catalogue.names import CAT, DCT, HEALTH
from tests.contract.harvesting import groups, texts
from tests.contract.test_bigpicture import described, harvest
from tests.kinds.bigpicture import SUM, attributes, code, submission, text

HUMAN, MOUSE = code("species", "337915000", "Homo sapiens"), code("species", "447612001", "Mus musculus")


@pytest.fixture
def schemas(shared: Path) -> Path:
    return shared / "nodes" / "bigpicture" / "imi-bigpicture__bigpicture-metaflex" / "src"


def edit(folder: Path, kind: str, pattern: str, by: str, count: int = 0) -> None:
    """Rewrite one file of a submission."""
    path = folder / f"{kind}.xml"
    path.write_text(re.sub(pattern, by, path.read_text("utf-8"), count=count), "utf-8")


def statement(*codes: str) -> str:
    """What an observation states."""
    empty = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
    return (
        "<STATEMENT><STATEMENT_TYPE>Diagnosis</STATEMENT_TYPE><STATEMENT_STATUS>Distinct</STATEMENT_STATUS>"
        f"<CODE_ATTRIBUTES>{''.join(codes)}</CODE_ATTRIBUTES><CUSTOM_ATTRIBUTES{empty}/>"
        f"<FREETEXT>CANARY was told in words</FREETEXT><ATTRIBUTES{empty}/></STATEMENT>"
    )


def observe(folder: Path, targets: list[str], *codes: str) -> None:
    """An observation of each target, all of them part of the dataset."""
    numbered = list(enumerate(targets))
    observations = "".join(
        f'<OBSERVATION alias="CANARYo{number}">{target}<OBSERVER_REF alias="CANARYr"/>{statement(*codes)}'
        f"{attributes(text('note', 'CANARY'))}</OBSERVATION>"
        for number, target in numbered
    )
    (folder / "observation.xml").write_text(f"<OBSERVATION_SET>{observations}</OBSERVATION_SET>", "utf-8")
    references = "".join(f'<OBSERVATION_REF alias="CANARYo{number}"/>' for number, _ in numbered)
    edit(folder, "dataset", "<ATTRIBUTES>", f"{references}<ATTRIBUTES>", 1)


def whole(folder: Path, extra: str = "") -> None:
    """A submission with every kind of file that there is."""
    submission(folder, extra=extra)
    edit(folder, "dataset", "<ATTRIBUTES>", '<ANNOTATION_REF alias="CANARYa"/><ATTRIBUTES>', 1)
    observe(
        folder,
        [f'<SPECIMEN_REF alias="CANARYs{number}"/>' for number in range(24)],
        code("diagnosis", "C18.7", "Sigmoid colon", "ICD-10"),
    )
    edit(folder, "dataset", "<ATTRIBUTES>", '<COMPLEMENTS_DATASET_REF alias="d9"/><ATTRIBUTES>', 1)
    (folder / "staining.xml").write_text(
        f'<STAINING_SET><STAINING alias="he"><STAIN>{code("staining_compound", "12710003", "Hematoxylin")}</STAIN>'
        f"{attributes()}</STAINING></STAINING_SET>",
        "utf-8",
    )
    (folder / "rems.xml").write_text(
        "<REMS alias='r'><WORKFLOW_ID>7</WORKFLOW_ID><ORGANISATION_ID>o</ORGANISATION_ID>"
        f"<DATASET_REF alias='{folder.name}'/>{attributes()}</REMS>",
        "utf-8",
    )
    (folder / "observer.xml").write_text(
        '<OBSERVER alias="CANARYr"><OBSERVER_TYPE>Human</OBSERVER_TYPE>'
        f"{attributes(text('name', 'CANARY'))}</OBSERVER>",
        "utf-8",
    )
    (folder / "annotation.xml").write_text(
        '<ANNOTATION alias="CANARYa"><IMAGE_REF alias="CANARYi0"/><FILES><FILE filename="CANARY.json" '
        f'checksum_method="SHA256" checksum="{SUM}" filetype="json"/></FILES>{attributes()}</ANNOTATION>',
        "utf-8",
    )
    picture = f'<SAMPLE_IMAGE_FILE filename="CANARY.png" checksum_method="SHA256" checksum="{SUM}" filetype="png"/>'
    edit(folder, "landing_page", "<ATTRIBUTES>", f"<SAMPLE_IMAGE_FILES>{picture}</SAMPLE_IMAGE_FILES><ATTRIBUTES>")


def test_a_submission_with_every_kind_of_file_is_valid_and_described(tmp_path: Path, schemas: Path) -> None:
    whole(tmp_path / "one", text("favourite_colour", "blue"))
    kinds = {path.name.split(".")[1] for path in schemas.glob("BP.*.xsd")} - {"common"}
    assert {path.stem for path in (tmp_path / "one").iterdir()} == kinds
    for kind in kinds:
        xmlschema.validate(str(tmp_path / "one" / f"{kind}.xml"), str(schemas / f"BP.{kind}.xsd"))
    one = described(tmp_path, schemas=str(schemas))
    assert texts(one, HEALTH.hasCodeValues) == {"SCT:71854001", "ICD-10:C18.7", "SCT:12710003"}
    assert {term.rpartition("/")[2] for term in texts(one, HEALTH.hasCodingSystem)} == {"SNOMED-CT", "ICD-10"}
    assert texts(one, DCT.relation) == {"http://127.0.0.1/dataset/slides/d9"}
    left = {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED}
    assert {"annotated", "landing_page.SAMPLE_IMAGE_FILES", "dataset.attributes.favourite_colour"} <= left
    said = Canonical(one.graph).content.decode() + repr(one.notes) + one.original.content.decode() + repr(one.original)
    assert "CANARY" not in said


@pytest.mark.parametrize("target", ["BIOLOGICAL_BEING", "SPECIMEN", "BLOCK", "SLIDE", "IMAGE"])
def test_observations_reach_the_beings_they_are_about(tmp_path: Path, target: str) -> None:
    letter = {"BIOLOGICAL_BEING": "b", "SPECIMEN": "s", "BLOCK": "k", "SLIDE": "l", "IMAGE": "i"}[target]
    for number, expected in ((24, {"I10:C18"}), (9, set()), (15, set()), (14, {"I10:C18"})):
        submission(tmp_path / "one")
        observe(
            tmp_path / "one",
            [f'<{target}_REF alias="CANARY{letter}{one}"/>' for one in range(number)],
            code("diagnosis", "C18", "Colon", "I10"),
        )
        assert texts(described(tmp_path), HEALTH.hasCodeValues) - {"SCT:71854001"} == expected, number


def test_an_observation_that_the_dataset_does_not_hold_says_nothing_of_it(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    targets = [f'<SPECIMEN_REF alias="CANARYs{one}"/>' for one in range(24)]
    observe(tmp_path / "one", targets, code("diagnosis", "C18", "Colon", "I10"))
    edit(tmp_path / "one", "dataset", '<OBSERVATION_REF alias="CANARYo[0-9]+"/>', "")
    assert texts(described(tmp_path), HEALTH.hasCodeValues) == {"SCT:71854001"}


def test_images_of_a_kind_that_few_beings_have_are_not_counted_by_kind(tmp_path: Path) -> None:
    for few in (1, 9, 15):
        submission(tmp_path / "one")
        edit(tmp_path / "one", "image", "<WSI_IMAGE/>", "<GROSS_IMAGE/>", few)
        one = described(tmp_path)
        assert b'"images": [\n   "GROSS_IMAGE",\n   "WSI_IMAGE"\n  ]' in one.original.content
        assert any(note.field == "IMAGE_TYPE" and note.kind is NoteKind.SUPPRESSED for note in one.notes)
    submission(tmp_path / "one")
    edit(tmp_path / "one", "image", "<WSI_IMAGE/>", "<GROSS_IMAGE/>", 12)
    assert b'"GROSS_IMAGE": 12' in described(tmp_path).original.content


def test_a_further_image_of_few_beings_is_not_counted(tmp_path: Path) -> None:
    for few, shown in ((9, False), (10, True)):
        submission(tmp_path / "one")
        images = "".join(
            f'<IMAGE alias="CANARYg{one}"><IMAGE_OF alias="CANARYl{one}"/>'
            "<IMAGE_TYPE><GROSS_IMAGE/></IMAGE_TYPE></IMAGE>"
            for one in range(few)
        )
        edit(tmp_path / "one", "image", "</IMAGE_SET>", f"{images}</IMAGE_SET>")
        references = "".join(f'<IMAGE_REF alias="CANARYg{one}"/>' for one in range(few))
        edit(tmp_path / "one", "dataset", "<ATTRIBUTES>", f"{references}<ATTRIBUTES>", 1)
        assert (b'"GROSS_IMAGE": ' in described(tmp_path).original.content) is shown


@pytest.mark.parametrize(
    ("kind", "pattern", "by"),
    [
        ("sample", 'CREATED_FROM_REF alias="CANARYk1"', 'CREATED_FROM_REF alias="CANARYx"'),
        ("sample", 'EXTRACTED_FROM_REF alias="CANARYb1"', 'EXTRACTED_FROM_REF alias="CANARYx"'),
        ("image", 'IMAGE_OF alias="CANARYl1"', 'IMAGE_OF alias="CANARYx"'),
        ("dataset", 'IMAGE_REF alias="CANARYi1"', 'IMAGE_REF alias="CANARYx"'),
        ("sample", '(<SAMPLED_FROM_REF alias="CANARYs1"/>)', r'\1<SAMPLED_FROM_REF alias="CANARYx"/>'),
        ("image", '(<IMAGE_OF alias="CANARYl1"/>)', r'\1<IMAGE_OF alias="CANARYx"/>'),
    ],
)
def test_a_reference_that_leads_nowhere_makes_every_count_unknown(
    tmp_path: Path, kind: str, pattern: str, by: str
) -> None:
    submission(tmp_path / "one")
    edit(tmp_path / "one", kind, pattern, by)
    one = described(tmp_path)
    assert not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords)
    assert not groups(one, CAT.personsBySex)
    assert [note.reason for note in one.notes if note.field == "IMAGE_REF"]
    assert "CANARY" not in repr(one.notes) + one.original.content.decode()


def test_aliases_of_different_kinds_may_be_the_same(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    for kind in ("sample", "image", "dataset"):
        edit(tmp_path / "one", kind, "CANARY[bskli]([0-9])", r"CANARY\1")
    one = described(tmp_path)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"24"}
    assert set(groups(one, CAT.personsBySex).values()) == {12}


def test_a_block_of_several_beings_gives_none_the_codes_of_another(tmp_path: Path) -> None:
    submission(tmp_path / "one", beings=40, rare=9)
    origin = '<SAMPLED_FROM_REF alias="CANARYs{}"/>'
    edit(tmp_path / "one", "sample", origin.format(8), origin.format(8) + origin.format(20))
    one = described(tmp_path)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"40"}
    assert not texts(one, HEALTH.hasCodeValues), "nine have the one, all but nine the other"


@pytest.mark.parametrize(
    ("species", "persons", "records"),
    [
        (HUMAN, {"24"}, {"24"}),
        (code("species", "X1", "Homo sapiens (organism)", "own"), {"24"}, {"24"}),
        (text("species", "Mensch"), {"24"}, {"24"}),
        (MOUSE, set(), {"24"}),
    ],
)
def test_in_doubt_a_being_is_a_person(tmp_path: Path, species: str, persons: set[str], records: set[str]) -> None:
    submission(tmp_path / "one")
    edit(tmp_path / "one", "sample", '(<BIOLOGICAL_BEING alias="[^"]+"><ATTRIBUTES>)', rf"\1{species}")
    one = described(tmp_path)
    assert (texts(one, HEALTH.numberOfUniqueIndividuals), texts(one, HEALTH.numberOfRecords)) == (persons, records)


def test_few_persons_among_animals_are_not_counted(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    edit(tmp_path / "one", "sample", '(<BIOLOGICAL_BEING alias="[^"]+"><ATTRIBUTES>)', rf"\1{MOUSE}", 20)
    one = described(tmp_path)
    assert not texts(one, HEALTH.numberOfUniqueIndividuals) | texts(one, HEALTH.numberOfRecords)


def test_archives_without_folders_are_submissions_of_their_own(tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.mkdir()
    for name in ("one", "two"):
        submission(tmp_path / name)
        if name == "one":
            edit(tmp_path / name, "sample", "248153007", "248152002")
        with zipfile.ZipFile(node / f"{name}.zip", "w") as archive:
            for path in sorted((tmp_path / name).iterdir()):
                archive.write(path, path.name)
    found = [one for one in harvest(node) if isinstance(one, Description)]
    assert [sorted(groups(one, CAT.personsBySex).values()) for one in found] == [[24], [12, 12]]


def test_of_a_broken_submission_nothing_is_described(tmp_path: Path, schemas: Path) -> None:
    submission(tmp_path / "one")
    (tmp_path / "one" / "image.xml").write_text("<IMAGE_SET>CANARY", "utf-8")
    assert [type(one) for one in harvest(tmp_path)] == [Rejected], "counts would be lost without a word"
    (tmp_path / "one" / "image.xml").write_text("<IMAGE_SET><IMAGE alias='CANARY'/></IMAGE_SET>", "utf-8")
    found = harvest(tmp_path, schemas=str(schemas))
    assert [type(one) for one in found] == [Rejected]
    assert "CANARY" not in repr(found)


def test_terms_of_a_policy_with_the_same_tag_are_all_kept(tmp_path: Path) -> None:
    submission(tmp_path / "one")
    edit(tmp_path / "one", "policy", "</ATTRIBUTES>", text("use", "No re-identification") + "</ATTRIBUTES>")
    one = described(tmp_path)
    rights = [one.graph.outgoing(node) for node in one.graph.objects(NamedNode(one.iri), DCT.rights)]  # type: ignore[arg-type]
    assert len(rights) == 2
