"""Crosswalks: what they read, that every concept they name is one we can label, that folding loses no distinction."""

from __future__ import annotations

import pytest

from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.model import NoteKind
from catalogue.names import CAT, DCT, EU, HDEU, SKOS
from catalogue.resources import read_files
from harvesters._crosswalk import BASE, crosswalk, folded, members

MINE = ("dicom-", "idc-", "licence")
TABLES = sorted(
    name
    for path in read_files("vocab/crosswalks")
    if (name := path.rsplit("/", 1)[1].removesuffix(".ttl")).startswith(MINE)
)
AUTHORITIES = read_files("vocab/authority")
OURS = ("modality", "dicom-object", "body-part", "manufacturer", "software-maker", "sex", "condition")
EUCAIM = "https://cancerimage.eu/ontology/EUCAIM#"


def table(name: str) -> Graph:
    return Graph(parse(read_files("vocab/crosswalks")[f"vocab/crosswalks/{name}.ttl"], "text/turtle"))


@pytest.mark.parametrize(
    ("name", "term", "concepts"),
    [
        ("dicom-modality", "mr", [EUCAIM + "IMG1000022"]),
        ("dicom-body-part", "Chest_Abd Pelvis", [EUCAIM + "BP1000067", EUCAIM + "BP1000173", EUCAIM + "BP1000092"]),
        ("dicom-body-part", "UNKNOWN", []),
        ("dicom-manufacturer", '"GE Healthcare"', [EUCAIM + "IMG1000047"]),
        ("dicom-manufacturer", "GE MEDICAL S]STEMS", [EUCAIM + "IMG1000047"]),
        ("dicom-sex", "F", [EUCAIM + "COM1001370"]),
        ("licence", "CC BY 4.0", [EU + "licence/CC_BY_4_0"]),
        ("idc-health-theme", "Breast Cancer", [HDEU + "health-theme/CANCER_DISEASE"]),
    ],
)
def test_a_term_is_read_whatever_its_spelling(name: str, term: str, concepts: list[str]) -> None:
    found, note = crosswalk(name).read("field", term)
    assert sorted(found) == sorted(concepts)
    assert (note.kind, note.raw, note.result) == (NoteKind.MAPPED, term, " ".join(found))
    assert BASE + name in note.reason


def test_an_unknown_term_is_noted_and_never_guessed() -> None:
    found, note = crosswalk("dicom-body-part").read("BodyPartExamined", "CHESTY")
    assert (found, note.kind, note.raw, note.result) == ((), NoteKind.UNMAPPED, "CHESTY", "")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_who_decided_and_when(name: str) -> None:
    node = NamedNode(BASE + name)
    for predicate in (DCT.title, DCT.description, DCT.creator, DCT.issued):
        assert table(name).value(node, predicate) is not None, predicate


@pytest.mark.parametrize("name", TABLES)
def test_no_term_is_decided_twice(name: str) -> None:
    graph = table(name)
    mappings = graph.objects(NamedNode(BASE + name), CAT.mapping)
    terms = [folded(str(term.value)) for mapping in mappings for term in graph.objects(mapping, CAT.local)]
    assert sorted(terms) == sorted(set(terms))


def test_every_concept_of_ours_is_labelled_in_six_languages_and_in_one_scheme() -> None:
    known: dict[str, str] = {}
    for name in OURS:
        graph = Graph(parse(AUTHORITIES[f"vocab/authority/{name}.ttl"], "text/turtle"))
        for concept in graph.instances(SKOS.Concept):
            assert known.setdefault(str(concept.value), name) == name, concept
            labels = [label for label in graph.objects(concept, SKOS.prefLabel) if isinstance(label, Literal)]
            languages = [label.language for label in labels]
            assert len(languages) == len(set(languages)), concept
            if name not in ("manufacturer", "software-maker"):
                assert {"en", "fr", "de", "es", "it", "pl"} <= set(languages), concept
    ours = ("dicom-", "idc-cancer", "idc-tumour")
    for name in (name for name in TABLES if name.startswith(ours)):
        for reading in crosswalk(name).readings.values():
            assert set(reading.concepts) <= known.keys(), name


def test_a_segmentation_is_no_acquisition_and_software_no_equipment() -> None:
    segmentation = crosswalk("dicom-modality").find("SEG")
    software = crosswalk("dicom-manufacturer").find("QIICR")
    assert segmentation
    assert set(segmentation.concepts) <= members("dicom-object") - members("modality")
    assert software
    assert set(software.concepts) <= members("software-maker") - members("manufacturer")
