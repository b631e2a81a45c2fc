"""What a visit does to store, archive, index and history; on real files, a real store and a real index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.archive import SqliteArchive
from catalogue.errors import ConfigurationError, SourceUnavailable
from catalogue.fetch import Fetcher
from catalogue.graphs import Canonical, Graph, NamedNode, parse
from catalogue.index import TantivyIndex
from catalogue.ingest import Pipe, ingest
from catalogue.model import Rejected, Source
from catalogue.names import DCAT, DCT, FOAF, Minted
from catalogue.outcomes import IngestOutcome, Missing, Stored, Unchanged, Withdrawn
from catalogue.ports import Query
from catalogue.publish import DatasetPage, Publisher, Tombstone
from catalogue.rulebook import Rulebook
from catalogue.shacl import CompiledValidator
from catalogue.stores.oxigraph import OxigraphStore
from harvesters.dcat import DcatHarvester

BASE = "http://127.0.0.1:8000/"
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix health: <http://healthdataportal.eu/ns/health#> .
<https://data.example.org/{name}> a dcat:Dataset ; dct:title "{title}"@en ; dct:identifier "{name}" ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    health:numberOfRecords "05"^^xsd:nonNegativeInteger ; dct:provenance [ a dct:ProvenanceStatement ] .
"""


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Place:
    """A folder that is harvested into a store of its own."""

    def __init__(self, folder: Path, rulebook: Rulebook) -> None:
        self.folder = folder / "node"
        self.folder.mkdir()
        self.clock = Clock()
        profiles = {iri: profile.shapes for iri, profile in rulebook.profiles.items()}
        self.pipe = Pipe(
            OxigraphStore(None),
            SqliteArchive(folder / "archive.db"),
            TantivyIndex(None),
            CompiledValidator(profiles, rulebook.vocabulary),
            rulebook,
            Minted(BASE),
            self.clock,
        )
        self.source = Source(
            name="hospital",
            iri=BASE + "node/hospital",
            title="Hospital",
            kind="dcat",
            endpoint=str(self.folder),
            namespace=BASE + "dataset/hospital/",
            expected_minimum=1,
            grace=timedelta(days=14),
        )
        self.publisher = Publisher(self.pipe.validator, rulebook, self.pipe.minted, self.pipe.store, self.pipe.archive)

    def write(self, name: str, title: str = "A cohort") -> None:
        (self.folder / f"{name}.ttl").write_text(TURTLE.format(name=name, title=title), "utf-8")

    def visit(self, source: Source | None = None) -> list[IngestOutcome]:
        return list(ingest(source or self.source, DcatHarvester(), self.pipe, Fetcher().visit))

    def page(self, name: str) -> DatasetPage | Tombstone | None:
        return self.publisher.find(f"https://data.example.org/{name}")

    def found(self) -> int:
        return self.pipe.index.search(Query()).total


@pytest.fixture
def place(tmp_path: Path, rulebook: Rulebook) -> Iterator[Place]:
    opened = Place(tmp_path, rulebook)
    yield opened
    opened.pipe.archive.close()
    opened.pipe.index.close()


def test_a_new_dataset_is_stored_whole_and_served_as_written(place: Place) -> None:
    place.write("one")
    (stored,) = place.visit()
    assert isinstance(stored, Stored)
    assert stored.new
    page = place.page("one")
    assert isinstance(page, DatasetPage)
    records = page.graph.value(NamedNode(page.iri), NamedNode("http://healthdataportal.eu/ns/health#numberOfRecords"))
    assert str(records) == '"05"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'
    assert place.pipe.archive.get(page.record.original_digest) == (place.folder / "one.ttl").read_bytes()
    assert [entry.kind for entry in page.history] == ["create"]
    assert sorted(f.rule for f in page.report.findings) == sorted(f.rule for f in stored.report.findings)
    assert place.found() == 1


def test_what_did_not_change_is_not_written(place: Place) -> None:
    place.write("one")
    place.visit()
    before = place.pipe.store.graph(place.pipe.minted.record("https://data.example.org/one"))
    assert [type(outcome) for outcome in place.visit()] == [Unchanged]
    assert place.pipe.store.graph(place.pipe.minted.record("https://data.example.org/one")) == before


def test_other_bytes_of_the_same_graph_are_unchanged(place: Place) -> None:
    place.write("one")
    place.visit()
    file = place.folder / "one.ttl"
    file.write_text("# a comment\n" + file.read_text("utf-8"), "utf-8")
    assert [type(outcome) for outcome in place.visit()] == [Unchanged]


def test_a_change_is_an_update_with_history(place: Place) -> None:
    place.write("one")
    place.visit()
    place.write("one", title="A larger cohort")
    (stored,) = place.visit()
    assert isinstance(stored, Stored)
    assert not stored.new
    page = place.page("one")
    assert isinstance(page, DatasetPage)
    assert [entry.kind for entry in page.history] == ["update", "create"]
    assert page.record.first_seen < page.record.changed
    assert place.pipe.index.search(Query("larger")).total == 1


def test_another_rulebook_means_validating_again(place: Place) -> None:
    place.write("one")
    place.visit()
    place.pipe = replace(place.pipe, rulebook=replace(place.pipe.rulebook, digest="sha256:other"))
    assert [type(outcome) for outcome in place.visit()] == [Stored]


def test_a_missing_dataset_is_withdrawn_only_after_the_grace_period(place: Place) -> None:
    place.write("one")
    place.write("two")
    place.visit()
    (place.folder / "two.ttl").unlink()
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Missing}
    place.clock.now += timedelta(days=13)
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Missing}
    assert isinstance(place.page("two"), DatasetPage)
    place.clock.now += timedelta(days=2)
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Withdrawn}
    stone = place.page("two")
    assert isinstance(stone, Tombstone)
    assert stone.title == "A cohort"
    assert place.found() == 1
    assert place.pipe.store.graph(place.pipe.minted.description(stone.iri)) == []
    assert place.publisher.dump("text/turtle").count(b"A cohort") == 1, "what is withdrawn is not exported"


def test_a_withdrawn_dataset_that_comes_back_is_restored(place: Place) -> None:
    place.source = replace(place.source, grace=timedelta(0))
    place.write("one")
    place.write("two")
    place.visit()
    (place.folder / "two.ttl").unlink()
    place.visit()
    place.write("two")
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Stored}
    page = place.page("two")
    assert isinstance(page, DatasetPage)
    assert [entry.kind for entry in page.history] == ["restore", "withdraw", "create"]


def test_too_few_datasets_remove_nothing(place: Place) -> None:
    place.source = replace(place.source, grace=timedelta(0), expected_minimum=2)
    place.write("one")
    place.write("two")
    place.visit()
    (place.folder / "two.ttl").unlink()
    assert {type(outcome) for outcome in place.visit()} == {Unchanged}
    assert isinstance(place.page("two"), DatasetPage)
    assert "expected at least 2" in place.publisher.visits()[0].problem


def test_an_empty_catalogue_removes_nothing(place: Place) -> None:
    place.source = replace(place.source, grace=timedelta(0))
    place.write("one")
    place.visit()
    empty = "<https://data.example.org/> a <http://www.w3.org/ns/dcat#Catalog> ."
    (place.folder / "one.ttl").write_text(empty, "utf-8")
    assert not [outcome for outcome in place.visit() if isinstance(outcome, Withdrawn | Missing)]
    assert isinstance(place.page("one"), DatasetPage)


def test_a_dead_source_is_recorded_and_removes_nothing(place: Place) -> None:
    place.source = replace(place.source, grace=timedelta(0))
    place.write("one")
    place.visit()
    dead = replace(place.source, endpoint=str(place.folder / "gone"))
    with pytest.raises(SourceUnavailable):
        place.visit(dead)
    assert isinstance(place.page("one"), DatasetPage)
    newest = place.publisher.visits()[0]
    assert not newest.complete
    assert newest.problem


def test_a_dataset_of_another_node_is_rejected(place: Place) -> None:
    place.write("one")
    place.visit()
    other = replace(place.source, name="clinic", iri=BASE + "node/clinic")
    (rejected,) = place.visit(other)
    assert isinstance(rejected, Rejected)
    assert "node/hospital" in rejected.problem


def test_a_broken_file_is_read_again_until_it_is_mended(place: Place) -> None:
    place.write("one")
    (place.folder / "broken.ttl").write_text("<a> <b> .", "utf-8")
    for _ in range(2):
        assert {type(outcome) for outcome in place.visit()} >= {Rejected}
    place.write("broken")
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Stored}


def test_a_visit_that_was_broken_off_is_made_up_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document has not changed, but not all its datasets were taken."""
    monkeypatch.setattr("catalogue.ingest.GROUP", 1)
    whole = "".join(TURTLE.format(name=name, title="A cohort") for name in ("one", "two", "three"))
    (place.folder / "all.ttl").write_text(whole, "utf-8")
    outcomes = ingest(place.source, DcatHarvester(), place.pipe, Fetcher().visit)
    assert isinstance(next(outcomes), Stored)
    outcomes.close()  # type: ignore[attr-defined]
    assert [type(outcome) for outcome in place.visit()] == [Unchanged, Stored, Stored]
    assert [type(outcome) for outcome in place.visit()] == [Unchanged, Unchanged, Unchanged]


def test_datasets_of_a_file_that_broke_are_not_gone(place: Place) -> None:
    place.source = replace(place.source, grace=timedelta(0))
    place.write("one")
    place.write("two")
    place.visit()
    (place.folder / "two.ttl").write_text("<a> <b> .", "utf-8")
    assert {type(outcome) for outcome in place.visit()} == {Unchanged, Rejected}
    assert isinstance(place.page("two"), DatasetPage)


def test_blank_nodes_are_named_in_the_store_and_kept_in_the_description(place: Place) -> None:
    place.write("one")
    place.visit()
    page = place.page("one")
    assert isinstance(page, DatasetPage)
    named = place.pipe.store.graph(place.pipe.minted.description(page.iri))
    assert any(".well-known/genid/" in str(triple.object) for triple in named)
    assert not any(str(triple.object).startswith("_:") for triple in named)
    assert any(str(triple.object).startswith("_:") for triple in page.graph)


def test_a_node_is_held_to_the_specification_it_names(place: Place) -> None:
    eucaim = replace(place.source, specification="https://w3id.org/ehds-catalogue/spec/eucaim")
    place.write("one")
    place.visit(eucaim)
    page = place.page("one")
    assert isinstance(page, DatasetPage)
    assert page.record.profile == page.report.profile == "https://w3id.org/ehds-catalogue/profile/eucaim-2-public"
    assert any("/rule/eucaim-" in finding.rule for finding in page.report.findings)
    assert [type(outcome) for outcome in place.visit(eucaim)] == [Unchanged]
    assert [type(outcome) for outcome in place.visit()] == [Stored], "another specification, another report"
    assert [type(outcome) for outcome in place.visit()] == [Unchanged]


def test_what_is_held_to_a_specification_is_given_by_itself_and_comes_back_the_same(place: Place) -> None:
    example = Path(__file__).parents[2] / "harvesters/examples/eucaim-2/prostate-mri.ttl"
    folder = place.folder.with_name("eucaim")
    folder.mkdir()
    (folder / "prostate.ttl").write_bytes(example.read_bytes())
    place.write("one")
    place.visit()
    eucaim = "https://w3id.org/ehds-catalogue/spec/eucaim"
    place.visit(
        replace(place.source, name="eucaim", iri=BASE + "node/eucaim", endpoint=str(folder), specification=eucaim)
    )

    content = place.publisher.dump("text/turtle", "eucaim")
    graph = Graph(parse(content, "text/turtle"))
    [dataset] = graph.instances(DCAT.Dataset)
    [record] = graph.instances(DCAT.CatalogRecord)
    assert graph.value(record, DCT.conformsTo) == NamedNode(eucaim)
    assert graph.value(record, FOAF.primaryTopic) == dataset
    [catalogue] = graph.instances(DCAT.Catalog)
    assert list(graph.objects(catalogue, DCAT.dataset)) == [dataset]
    written = Graph(parse(example.read_bytes(), "text/turtle")).described(dataset)
    assert Canonical(graph.described(dataset)).content == Canonical(written).content
    [checked] = place.publisher.check(content, "text/turtle", "export")
    assert checked.report.profile == "https://w3id.org/ehds-catalogue/profile/eucaim-2-non-public"
    page = place.publisher.find(str(dataset.value))
    assert isinstance(page, DatasetPage)
    assert [one.rule for one in checked.report.findings] == [one.rule for one in page.report.findings]
    assert len(Graph(parse(place.publisher.dump("text/turtle"), "text/turtle")).instances(DCAT.Dataset)) == 2


def test_an_unknown_specification_is_refused_before_anything_is_read(place: Place) -> None:
    place.write("one")
    with pytest.raises(ConfigurationError, match="no profile follows the specification"):
        place.visit(replace(place.source, specification="https://example.org/spec"))
    assert place.found() == 0
