"""The Imaging Data Commons harvester against the real index package, release v25."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.model import Description, NoteKind, Rejected, Source, Untouched
from catalogue.names import CAT, DCAT, DCT, EU, EUCAIM, HEALTH
from catalogue.ports import Response
from harvesters._common import folder_of
from harvesters._idc_describe import plain
from harvesters.idc import COLLECTIONS, SERIES, IdcHarvester

pytest.importorskip("idc_index_data")
NODE = Path(__file__).parents[2] / "harvesters" / "nodes" / "idc.ttl"


class NoWeb:
    """A reader that knows some documents and fetches none."""

    def __init__(self, *known: str) -> None:
        self.documents = frozenset(known)

    def known(self, document: str) -> bool:
        return document in self.documents

    def get(self, url: str, *, accept: str = "*/*", params: object = None) -> Response:
        raise AssertionError(f"{url} was asked for ({accept}, {params})")


def source(endpoint: str = "package:idc-index-data") -> Source:
    graph = Graph(parse(NODE.read_bytes(), "text/turtle", base="http://127.0.0.1/node/idc"))
    template = graph.value(graph.instances(CAT.Node)[0], CAT.defaults)
    assert template is not None
    return Source(
        name="idc",
        iri="http://127.0.0.1/node/idc",
        title="Imaging Data Commons",
        kind="idc",
        endpoint=endpoint,
        namespace="http://127.0.0.1/dataset/idc/",
        defaults=graph.described(template),  # type: ignore[arg-type]
        template=template,
    )


@pytest.fixture(scope="module")
def harvested() -> dict[str, Description]:
    found = list(IdcHarvester().harvest(source(), NoWeb()))
    assert [item for item in found if isinstance(item, Rejected)] == []
    return {item.iri.rsplit("/", 1)[1]: item for item in found if isinstance(item, Description)}


def number(description: Description, predicate: NamedNode) -> int | None:
    value = description.graph.value(NamedNode(description.iri), predicate)
    return int(str(value.value)) if isinstance(value, Literal) else None


def test_the_whole_of_idc_is_there_and_its_sums_are_those_of_the_tables(harvested: dict[str, Description]) -> None:
    numbers = [json.loads(item.original.content)["aggregates"] for item in harvested.values()]
    sums = {name: sum(row[name] for row in numbers) for name in ("series", "studies", "patients")}
    assert len(harvested) == 179
    assert sums == {"series": 1_044_191, "studies": 168_507, "patients": 86_451}
    assert sum(number(item, HEALTH.numberOfRecords) or 0 for item in harvested.values()) == 168_507
    for item, row in zip(harvested.values(), numbers, strict=True):
        assert number(item, HEALTH.numberOfUniqueIndividuals) in (row["patients"], None)


def test_a_collection_is_described_from_its_source_and_nothing_else(harvested: dict[str, Description]) -> None:
    item = harvested["nsclc_radiomics"]
    graph, dataset = item.graph, NamedNode(item.iri)
    assert graph.text(dataset, DCT.title, "en") == "NSCLC-Radiomics"
    assert graph.objects(dataset, DCT.accessRights) == [NamedNode(EU + "access-right/PUBLIC")]
    assert graph.objects(dataset, EUCAIM.hasImageModality) == [EUCAIM.IMG1000026]
    assert number(item, EUCAIM.nbrOfSegmentations) == 422
    distributions = graph.objects(dataset, DCAT.distribution)
    sizes = {graph.value(part, DCT.license): graph.text(part, DCAT.byteSize) for part in distributions}
    assert sizes == {
        NamedNode(EU + "licence/CC_BY_4_0"): "9526499274",
        NamedNode("https://creativecommons.org/licenses/by-nc/3.0/"): "35775589886",
    }
    for absent in (DCT.temporal, DCT.spatial, HEALTH.hdab):
        assert not graph.objects(dataset, absent)
    defaulted = {note.field for note in item.notes if note.kind is NoteKind.DEFAULTED}
    assert defaulted == {DCT.publisher.value, DCAT.contactPoint.value}


@pytest.mark.parametrize("name", ["mouse_mammary", "icdc_glioma", "cc_radiomics_phantom", "pdxnet"])
def test_mice_dogs_and_phantoms_are_no_individuals(harvested: dict[str, Description], name: str) -> None:
    item = harvested[name]
    assert number(item, HEALTH.numberOfUniqueIndividuals) is None
    assert number(item, HEALTH.maxTypicalAge) is None
    assert any(note.field == "subjects" and "persons" in note.reason for note in item.notes)


def test_ages_and_dates_that_cannot_be_are_noted_and_not_stated(harvested: dict[str, Description]) -> None:
    for item in harvested.values():
        oldest, youngest = number(item, HEALTH.maxTypicalAge), number(item, HEALTH.minTypicalAge)
        assert (oldest is None) == (youngest is None)
        assert oldest is None or youngest is None or 0 <= youngest <= oldest <= 120
    notes = {note.field: note for note in harvested["rider_breast_mri"].notes if note.kind is NoteKind.UNMAPPED}
    assert notes["StudyDate"].raw == "1880-09-09/1880-09-09"
    assert number(harvested["4d_lung"], HEALTH.maxTypicalAge) is None


def test_no_modality_body_part_or_licence_of_idc_is_unknown(harvested: dict[str, Description]) -> None:
    fields = {"Modality", "BodyPartExamined", "Manufacturer", "license_short_name"}
    unknown = {
        (note.field, note.raw)
        for item in harvested.values()
        for note in item.notes
        if note.kind is NoteKind.UNMAPPED and note.field in fields
    }
    assert unknown == set()


def test_the_same_files_are_read_once(harvested: dict[str, Description]) -> None:
    container = next(iter(harvested.values())).original.container
    assert list(IdcHarvester().harvest(source(), NoWeb(container))) == [Untouched(container)]


def test_two_visits_give_the_same_original_bytes(harvested: dict[str, Description]) -> None:
    again = {item.iri: item for item in IdcHarvester().harvest(source(), NoWeb()) if isinstance(item, Description)}
    assert {item.iri: item.original.digest for item in harvested.values()} == {
        iri: item.original.digest for iri, item in again.items()
    }


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder with one collection, which a test may spoil."""
    import duckdb

    whole = folder_of("package:idc-index-data")
    for name in (SERIES, COLLECTIONS):
        duckdb.execute(
            f"COPY (FROM read_parquet('{whole / name}') WHERE collection_id = '4d_lung') TO '{tmp_path / name}'"
        )
    return tmp_path


def rewrite(table: Path, select: str) -> None:
    import duckdb

    copy = table.with_suffix(".copy")
    duckdb.execute(f"COPY (SELECT {select} FROM read_parquet('{table}')) TO '{copy}' (FORMAT parquet)")
    shutil.move(copy, table)


def test_a_missing_field_is_named_and_the_record_kept(tables: Path) -> None:
    rewrite(tables / COLLECTIONS, "* REPLACE (NULL AS description)")
    [item] = IdcHarvester().harvest(source(str(tables)), NoWeb())
    assert isinstance(item, Rejected)
    assert "collection.description" in item.problem
    assert item.original is not None
    assert b"4D-Lung" in item.original.content


def test_a_new_field_is_a_note(tables: Path) -> None:
    rewrite(tables / COLLECTIONS, "*, 'so and so' AS novelty")
    [item] = IdcHarvester().harvest(source(str(tables)), NoWeb())
    assert isinstance(item, Description)
    assert [note.raw for note in item.notes if note.field == "novelty"] == ["so and so"]


def test_a_renamed_column_makes_the_node_unavailable(tables: Path) -> None:
    rewrite(tables / SERIES, "* RENAME (PatientAge AS age)")
    with pytest.raises(SourceUnavailable, match="PatientAge"):
        list(IdcHarvester().harvest(source(str(tables)), NoWeb()))


@pytest.mark.parametrize("endpoint", ["package:no-such-package", "no/such/folder"])
def test_a_node_that_is_not_there_is_an_error_with_a_remedy(endpoint: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        list(IdcHarvester().harvest(source(endpoint), NoWeb()))
    assert caught.value.remedy


def test_markup_leaves_citations() -> None:
    assert plain("A &amp; B.\n<i>Title</i> (p < 5)") == "A & B. Title (p < 5)"
