"""The OAI-PMH harvester: lists with resumption tokens, deleted records, RDF and Dublin Core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import Literal, NamedNode
from catalogue.model import Description, NoteKind, Rejected, Untouched
from catalogue.names import DCAT, DCT, EU, FOAF, XSD
from catalogue.ports import Past
from harvesters.oaipmh import OaiPmhHarvester
from tests.kinds.oaipmh import Repository, source
from tests.kinds.sample import read
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def harvest(site: Site, repository: Repository, past: Past | None = None, **options: str) -> list[Any]:
    site.otherwise = repository.answer
    node = source(site.url, **options)
    return list(OaiPmhHarvester().harvest(node, read(node, past or Past())))


def records(number: int) -> dict[str, tuple[str, str, bool]]:
    return {f"r{one}": (f"Data {one}", "2026-01-01", False) for one in range(number)}


def test_rdf_is_read_and_deleted_records_are_not_there(site: Site) -> None:
    given = harvest(site, Repository(records(3) | {"gone": ("x", "2026-01-01", True)}), prefix="dcat_ap")
    assert [one.iri for one in given] == [f"https://data.example.org/r{one}" for one in range(3)]
    assert given[0].original.media_type == "application/rdf+xml"


def test_dublin_core_becomes_dcat(site: Site) -> None:
    [one] = harvest(site, Repository(records(1)))
    graph, me = one.graph, NamedNode(one.iri)
    assert set(graph.objects(me, DCT.title)) == {Literal("Data 0", language="en"), Literal("Daten", language="de")}
    assert graph.value(me, DCT.issued) == Literal("2024-05-01", datatype=XSD.date)
    assert graph.value(me, DCAT.landingPage) == NamedNode("https://repository.example.org/r0")
    assert graph.value(me, DCT.language) == NamedNode(EU + "language/ENG")
    assert graph.text(graph.objects(me, DCT.creator)[0], FOAF.name) == "Example, Ada"
    assert {note.field for note in one.notes if note.kind is NoteKind.UNMAPPED} == {"format", "type"}


def test_datacite_is_read(site: Site) -> None:
    one, two = harvest(site, Repository(records(2)), prefix="oai_datacite")
    assert (one.iri, two.iri) == ("https://doi.org/10.5072/r0", "https://doi.org/10.5072/r1")
    assert one.graph.text(NamedNode(one.iri), DCT.title) == "Data 0"
    assert b"oai_datacite" not in one.original.content
    assert harvest(site, Repository(records(2)), prefix="oai_datacite", types="Image") == []


def test_few_changes_are_fetched_one_by_one_and_many_with_the_list(site: Site) -> None:
    repository = Repository(records(20), page=7)
    first = harvest(site, repository, prefix="dcat_ap")
    assert repository.verbs.count("ListRecords") == 3
    known = frozenset(one.original.container for one in first)
    repository.verbs.clear()
    repository.records["r4"] = ("Changed", "2026-02-02", False)
    second = harvest(site, repository, Past(known), prefix="dcat_ap")
    assert repository.verbs == ["ListIdentifiers"] * 3 + ["GetRecord"]
    assert sum(isinstance(one, Untouched) for one in second) == 19
    assert [one.iri for one in second if isinstance(one, Description)] == ["https://data.example.org/r4"]


def test_a_record_without_title_is_rejected_and_the_others_go_on(site: Site) -> None:
    repository = Repository(records(3))
    usual = repository._record

    def other(name: str, prefix: str) -> str:
        return usual(name, prefix).replace("<dc:title>Data 1</dc:title>", "").replace("Daten", "")

    repository._record = other  # type: ignore[method-assign]
    repository.records["r0"] = ("<b>Bold</b>", "2026-01-01", False)
    kinds = {type(one): one for one in harvest(site, repository)}
    assert kinds.keys() == {Description, Rejected}
    assert "title" in kinds[Rejected].problem


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ('<error code="badResumptionToken">expired</error>', "badResumptionToken: expired"),
        ("<ListIdentifiers><resumptionToken>1/oai_dc</resumptionToken></ListIdentifiers>", "no end"),
    ],
)
def test_what_the_repository_refuses_is_said(site: Site, inner: str, words: str) -> None:
    repository = Repository(records(1))
    repository._inner = lambda _: inner  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailable, match=words):
        harvest(site, repository)


def test_an_empty_repository_has_no_datasets(site: Site) -> None:
    assert harvest(site, Repository({})) == []


def test_a_format_that_is_not_there_is_said(site: Site) -> None:
    with pytest.raises(SourceUnavailable, match="cannotDisseminateFormat"):
        harvest(site, Repository(records(1)), prefix="marc")
