"""The DICOM harvester: against the files pydicom ships, and against folders made to betray a patient."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import examples
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from catalogue.errors import ConfigurationError, SourceUnavailable
from catalogue.graphs import Canonical, Graph, Literal, NamedNode, parse
from catalogue.model import Description, NoteKind, Rejected, Source, Untouched
from catalogue.names import CAT, DCAT, DCT, DQV, EUCAIM, HEALTH
from catalogue.ports import Response
from harvesters import dicom
from harvesters._dicom_files import chunked, files
from harvesters._dicom_summary import summarise
from harvesters._dicom_tally import tally
from harvesters.dicom import DicomHarvester, count

NODES = Path(__file__).parents[2] / "harvesters" / "nodes"
CT, SEG = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.66.4"
FEMALE, MALE = EUCAIM.COM1001370, EUCAIM.COM1001366


class NoWeb:
    """A reader that knows some documents and fetches none."""

    def __init__(self, *known: str) -> None:
        self.documents = frozenset(known)

    def known(self, document: str) -> bool:
        return document in self.documents

    def get(self, url: str, *, accept: str = "*/*", params: object = None) -> Response:
        raise AssertionError(f"{url} was asked for ({accept}, {params})")


def source(endpoint: Path | str, **options: str) -> Source:
    return Source(
        name="images",
        iri="http://127.0.0.1/node/images",
        title="Images",
        kind="dicom",
        endpoint=str(endpoint),
        namespace="http://127.0.0.1/dataset/images/",
        options=options,
    )


def harvest(endpoint: Path | str, **options: str) -> Description:
    [item] = DicomHarvester().harvest(source(endpoint, **options), NoWeb())
    assert isinstance(item, Description), item
    return item


def facts(item: Description) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(item.original.content)
    return loaded


def code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def image(person: int, **values: object) -> Dataset:
    """A CT image of one person, with everything a plain file has; ``values`` replace attributes by keyword."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CT, generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.PatientID, dataset.PatientSex = f"person-{person}", "MF"[person % 2]
    dataset.PatientAge, dataset.StudyDate = "052Y", "20210517"
    dataset.Modality, dataset.BodyPartExamined, dataset.Manufacturer = "CT", "CHEST", "SIEMENS"
    dataset.PatientIdentityRemoved, dataset.BurnedInAnnotation = "YES", "NO"
    dataset.DeidentificationMethodCodeSequence = Sequence([code("113100", "DCM", "free text")])
    dataset.LongitudinalTemporalInformationModified = "UNMODIFIED"
    dataset.PixelSpacing = [0.75, 0.5]
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def save(dataset: Dataset, path: Path) -> None:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CT)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", generate_uid())
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


Make = Callable[[int], Dataset]


def fill(folder: Path, number: int, make: Make = image) -> Path:
    for person in range(number):
        save(make(person), folder / f"{person}")
    return folder


def measured(item: Description, metric: NamedNode) -> dict[str, str]:
    graph = item.graph
    nodes = graph.subjects(DQV.isMeasurementOf, metric)
    return {
        str(getattr(graph.value(node, CAT.category), "value", "")): graph.text(node, DQV.value) or "" for node in nodes
    }


# --- what is counted -------------------------------------------------------------------------------------------------


def test_the_files_pydicom_ships_are_described() -> None:
    item = harvest("package:pydicom/data")
    said = facts(item)
    assert said["counts"] == {"persons": 31, "studies": 40, "series": 47, "instances": 127}
    assert {"CT", "MR", "NM", "US"} <= set(said["modalities"])  # type: ignore[call-overload]
    assert {"SEG", "RTSTRUCT", "SR"} <= set(said["objects"])  # type: ignore[call-overload]
    left_out = said["left_out"]
    assert isinstance(left_out, dict)
    assert left_out["end before their data do"] == 2
    assert left_out["media directories (DICOMDIR)"] == 8
    assert left_out["not DICOM"] > 0
    assert any(note.kind is NoteKind.SUPPRESSED and note.field == "PatientSex" for note in item.notes)


def test_a_folder_is_described_by_its_aggregates(tmp_path: Path) -> None:
    item = harvest(fill(tmp_path, 40), identifier="lung")
    graph, dataset = item.graph, NamedNode(item.iri)
    assert item.iri == "http://127.0.0.1/dataset/images/lung"
    numbers = {HEALTH.numberOfUniqueIndividuals: "40", HEALTH.numberOfRecords: "40"}
    numbers |= {HEALTH.minTypicalAge: "50", HEALTH.maxTypicalAge: "54", DCAT.spatialResolutionInMeters: "0.000500"}
    for predicate, value in numbers.items():
        assert graph.text(dataset, predicate) == value
    assert graph.objects(dataset, EUCAIM.hasImageModality) == [EUCAIM.IMG1000026]
    assert graph.objects(dataset, EUCAIM.hasImageBodyPart) == [EUCAIM.BP1000067]
    assert graph.objects(dataset, EUCAIM.hasEquipmentManufacturer) == [EUCAIM.IMG1000044]
    assert measured(item, CAT.personsBySex) == {FEMALE.value: "20", MALE.value: "20"}
    assert measured(item, CAT.personsByAge) == {"50-54": "40"}
    assert measured(item, CAT.deidentificationShare) == {
        "http://dicom.nema.org/resources/ontology/DCM/113100": "1.00",
    }
    period = graph.value(dataset, DCT.temporal)
    assert period is not None
    assert (graph.text(period, DCAT.startDate), graph.text(period, DCAT.endDate)) == ("2021", "2021")


def test_segmentations_are_counted_by_study_and_named_by_code(tmp_path: Path) -> None:
    def segmentation(person: int) -> Dataset:
        dataset = image(person, SOPClassUID=SEG, Modality="SEG", Manufacturer="QIICR")
        segment = Dataset()
        segment.SegmentedPropertyTypeCodeSequence = Sequence([code("39607008", "SCT", "our own words")])
        dataset.SegmentSequence = Sequence([segment])
        return dataset

    item = harvest(fill(tmp_path, 12, segmentation))
    dataset = NamedNode(item.iri)
    assert item.graph.text(dataset, EUCAIM.nbrOfSegmentations) == "12"
    assert item.graph.objects(dataset, EUCAIM.hasAnnotationLabel) == [NamedNode("http://snomed.info/id/39607008")]
    assert not item.graph.objects(dataset, EUCAIM.hasImageModality)
    assert not item.graph.objects(dataset, EUCAIM.hasEquipmentManufacturer)


@pytest.mark.parametrize("state", ["MODIFIED", "REMOVED"])
def test_shifted_dates_state_no_period(tmp_path: Path, state: str) -> None:
    item = harvest(fill(tmp_path, 12, lambda person: image(person, LongitudinalTemporalInformationModified=state)))
    assert item.graph.value(NamedNode(item.iri), DCT.temporal) is None


def test_dates_of_unsaid_origin_are_used_with_a_note(tmp_path: Path) -> None:
    item = harvest(fill(tmp_path, 12, lambda person: image(person, LongitudinalTemporalInformationModified=None)))
    assert item.graph.value(NamedNode(item.iri), DCT.temporal) is not None
    assert any(note.field == "StudyDate" and "not shifted" in note.reason for note in item.notes)


# --- files of every kind ---------------------------------------------------------------------------------------------


def test_every_file_is_looked_at_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "er", 12)
    (tmp_path / "notes.dcm").write_text("no image at all, whatever the name says; " * 10)
    (tmp_path / "empty").touch()
    save(image(0, StudyInstanceUID=""), tmp_path / "unfinished")
    whole = (tmp_path / "deep" / "er" / "3").read_bytes()
    (tmp_path / "bare").write_bytes(whole[132:])
    cut = image(1, PixelData=b"\0" * 4000)
    cut["PixelData"].VR = "OW"
    save(cut, tmp_path / "cut")
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-100])
    said = facts(harvest(tmp_path))
    assert said["counts"] == {"persons": 12, "studies": 12, "series": 12, "instances": 12}
    assert said["left_out"] == {
        "end before their data do": 1,
        "lack a class, instance, study or series UID or the modality": 1,
        "not DICOM": 2,
    }


def test_a_folder_without_dicom_is_rejected_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    [item] = DicomHarvester().harvest(source(tmp_path), NoWeb())
    assert isinstance(item, Rejected)
    assert "1 not DICOM" in item.problem
    assert item.remedy


def test_a_folder_that_is_not_there_is_a_dead_node(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable):
        list(DicomHarvester().harvest(source(tmp_path / "gone"), NoWeb()))


def test_an_unchanged_folder_is_untouched_until_a_file_or_a_setting_changes(tmp_path: Path) -> None:
    fill(tmp_path, 12)
    container = harvest(tmp_path).original.container
    assert list(DicomHarvester().harvest(source(tmp_path), NoWeb(container))) == [Untouched(container)]
    [stricter] = DicomHarvester().harvest(source(tmp_path, suppress="20"), NoWeb(container))
    assert isinstance(stricter, Description)
    os.utime(tmp_path / "0", ns=(1, 1))
    [later] = DicomHarvester().harvest(source(tmp_path), NoWeb(container))
    assert isinstance(later, Description)


def test_two_processes_count_what_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, 30, lambda person: image(person % 20))
    found = list(files(tmp_path))
    one = summarise(tally([path for path, _ in found], b"key"), 10)
    monkeypatch.setattr(dicom, "CHUNK", 10)
    assert len(chunked(found, 10)) > 1
    assert summarise(count(found), 10) == one


# --- what must not leave ---------------------------------------------------------------------------------------------


def everything(item: Description) -> bytes:
    """All bytes a description is made of; blank nodes by their canonical names, for their own are random digits."""
    notes = "\n".join(repr(note) for note in item.notes).encode()
    container = item.original.container.encode()
    parts = (item.original.content, item.original.location.encode(), container, notes, item.iri.encode())
    return b"\n".join((*parts, Canonical(item.graph).content))


PLANTED = {
    "PatientName": "ZORBLAX^QUENTIN",
    "PatientID": "zz-4711-id",
    "OtherPatientNames": "ZORBLAXALIAS",
    "PatientBirthDate": "19410203",
    "PatientAddress": "ZORBLAXSTREET 9",
    "PatientTelephoneNumbers": "555-0142",
    "PatientComments": "ZORBLAXCOMMENT",
    "EthnicGroup": "ZORBLAXGROUP",
    "AccessionNumber": "ACC998877",
    "StudyID": "STUDY8877",
    "StudyDate": "20190823",
    "StudyTime": "134455.123",
    "StudyInstanceUID": "1.2.826.0.1.3680043.2.1125.777",
    "SeriesInstanceUID": "1.2.826.0.1.3680043.2.1125.888",
    "FrameOfReferenceUID": "1.2.826.0.1.3680043.2.1125.666",
    "InstitutionName": "ZORBLAXCLINIC",
    "InstitutionAddress": "ZORBLAXTOWN",
    "ReferringPhysicianName": "ZORBLAXDOC",
    "OperatorsName": "ZORBLAXOP",
    "StationName": "ZORBLAXROOM",
    "DeviceSerialNumber": "SN-ZORB-1",
    "StudyDescription": "ZORBLAXSTUDY",
    "SeriesDescription": "ZORBLAXSERIES",
    "ProtocolName": "ZORBLAXPROTOCOL",
    "Manufacturer": "ZORBLAXMAKER",
    "BodyPartExamined": "ZORBLAXLIMB",
    "PatientSex": "ZORBLAXSEX",
    "Modality": "ZORBLAXMOD",
    "DeidentificationMethod": "ZORBLAXMETHOD",
    "ImageComments": "ZORBLAXIMAGE",
}


def betrayer(_: int) -> Dataset:
    dataset = image(0, **PLANTED)
    request = Dataset()
    request.RequestedProcedureDescription, request.PatientName = "ZORBLAXNESTED", "ZORBLAX^NESTED"
    dataset.RequestAttributesSequence = Sequence([request])
    segment = Dataset()
    segment.SegmentLabel, segment.SegmentDescription = "ZORBLAXLABEL", "ZORBLAXSEGMENT"
    segment.SegmentedPropertyTypeCodeSequence = Sequence([code("ZORBCODE", "SCT", "ZORBLAXMEANING")])
    dataset.SegmentSequence = Sequence([segment])
    dataset.DeidentificationMethodCodeSequence = Sequence([code("ZORBDEID", "DCM", "ZORBLAXDEID")])
    block = dataset.private_block(0x0011, "ZORBLAXPRIVATE", create=True)
    block.add_new(1, "LO", "ZORBLAXSECRET")
    block.add_new(2, "SQ", Sequence([request]))
    return dataset


TOKENS = [
    *(part for value in PLANTED.values() for part in value.split("^")),
    *("ZORB", "4711", "1941", "0203", "0823", "8877", "1125", "QUENTIN", "zorb", "NESTED"),
]


@pytest.mark.parametrize("persons", [1, 30], ids=["one patient", "among many"])
def test_no_planted_word_leaves_the_node(
    tmp_path: Path, persons: int, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    root = tmp_path / "ZORBLAXROOT"
    save(betrayer(0), root / "zorblax quentin 19410203" / "zz-4711-id.dcm")
    odd = image(0)
    save(odd, root / "odd")
    (root / "odd").write_bytes((root / "odd").read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"ZORBLAXSYNTAXNAMES12"))
    broken = root / "ZORBLAXBROKEN.dcm"
    broken.write_bytes((root / "zorblax quentin 19410203" / "zz-4711-id.dcm").read_bytes()[:700])
    fill(root / "others", persons - 1)
    item = harvest(root, suppress="5")
    left = everything(item).replace(item.original.container.encode(), b"").decode()
    output = "".join(capfd.readouterr()) + "".join(str(warning.message) for warning in recwarn)
    assert [token for token in TOKENS if token in left or token in output] == []
    assert {note.field for note in item.notes} >= {"Manufacturer", "BodyPartExamined", "PatientSex"}


def test_no_planted_word_leaves_when_nothing_can_be_read(tmp_path: Path) -> None:
    save(betrayer(0), tmp_path / "zorblax" / "zz-4711-id.dcm")
    path = tmp_path / "zorblax" / "zz-4711-id.dcm"
    path.write_bytes(path.read_bytes()[:600])
    [item] = DicomHarvester().harvest(source(tmp_path), NoWeb())
    assert isinstance(item, Rejected)
    assert [token for token in TOKENS if token in repr(item)] == []


def test_few_persons_are_not_counted_at_all(tmp_path: Path) -> None:
    item = harvest(fill(tmp_path, 9))
    dataset = NamedNode(item.iri)
    for predicate in (HEALTH.numberOfUniqueIndividuals, HEALTH.numberOfRecords, HEALTH.minTypicalAge, DCT.temporal):
        assert not item.graph.objects(dataset, predicate)
    assert not item.graph.objects(dataset, EUCAIM.hasBirthSex)
    assert "counts" not in facts(item)
    assert not [
        term for triple in item.graph for term in (triple.object,) if isinstance(term, Literal) and term.value == "9"
    ]


def test_a_small_sex_takes_the_other_with_it(tmp_path: Path) -> None:
    item = harvest(fill(tmp_path, 30, lambda person: image(person, PatientSex="F" if person < 3 else "M")))
    assert measured(item, CAT.personsBySex) == {}
    assert not item.graph.objects(NamedNode(item.iri), EUCAIM.hasBirthSex)
    assert any(note.kind is NoteKind.SUPPRESSED and note.field == "PatientSex" for note in item.notes)


def test_very_old_persons_share_one_bin(tmp_path: Path) -> None:
    item = harvest(fill(tmp_path, 24, lambda person: image(person, PatientAge=f"{90 + person % 12:03d}Y")))
    assert measured(item, CAT.personsByAge) == {"90+": "24"}
    assert item.graph.text(NamedNode(item.iri), HEALTH.maxTypicalAge) == "90"


def test_the_floor_is_hard(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="suppress"):
        harvest(fill(tmp_path, 3), suppress="2")


@pytest.mark.parametrize("name", ["dicom-demo", "idc"])
def test_the_node_files_are_turtle_with_one_node(name: str) -> None:
    graph = Graph(parse((NODES / f"{name}.ttl").read_bytes(), "text/turtle", base=f"http://127.0.0.1/node/{name}"))
    [node] = graph.instances(CAT.Node)
    assert graph.text(node, DCT.identifier) == name


def test_the_parser_is_left_as_it_was(tmp_path: Path) -> None:
    from pydicom import config

    before = config.settings.reading_validation_mode
    harvest(fill(tmp_path, 12))
    assert config.settings.reading_validation_mode == before
    assert examples.ct.Modality == "CT"
