"""The FAIR Data Point harvester: how it goes from the data point to the parts of each dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import NamedNode
from catalogue.model import Description, Rejected
from catalogue.names import DCAT, DCT, FOAF
from catalogue.ports import Past
from harvesters.fdp import FdpHarvester
from tests.kinds.fdp import PREFIXES, serve, source
from tests.kinds.sample import read
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        serve(made)
        yield made


def harvest(site: Site) -> list[Any]:
    node = source(site.url + "/")
    return list(FdpHarvester().harvest(node, read(node, Past())))


def test_published_datasets_come_whole_and_drafts_not_at_all(site: Site) -> None:
    given = harvest(site)
    assert [one.iri for one in given] == [f"{site.url}/dataset/{name}" for name in ("a", "b", "c")]
    graph, me = given[0].graph, NamedNode(given[0].iri)
    [part] = [node for node in graph.objects(me, DCAT.distribution) if node in graph]
    assert graph.value(part, DCAT.accessURL) == NamedNode("https://data.example.org/a")
    names = {graph.text(graph.value(node, DCT.publisher) or node, FOAF.name) for node in (me, part)}
    assert names == {"Hospital", "Archive"}, "blank nodes of two documents were taken for one"


def test_the_original_holds_every_document_with_its_address(site: Site) -> None:
    original = harvest(site)[0].original
    assert original.media_type.startswith("multipart/mixed")
    assert f"Content-Location: {site.url}/distribution/a\r\n".encode() in original.content
    assert original.location == f"{site.url}/dataset/a"


def test_other_hosts_are_not_asked(site: Site) -> None:
    assert not any("elsewhere" in one.iri for one in harvest(site))
    assert len(site.requests) == len(set(site.requests)), "a document was read twice"


def test_a_catalogue_that_cannot_be_read_ends_the_visit(site: Site) -> None:
    site.page("/catalog/2", "broken <")
    with pytest.raises(SourceUnavailable, match="Turtle"):
        harvest(site)
    site.at("/catalog/2", lambda handler: handler.send_error(500))
    with pytest.raises(SourceUnavailable, match="500"):
        harvest(site)


def test_a_catalogue_that_is_not_published_is_not_there(site: Site) -> None:
    del site.pages["/catalog/2"]
    assert [one.iri for one in harvest(site)] == [f"{site.url}/dataset/{name}" for name in ("a", "b")]


def test_a_data_point_that_is_not_there_is_unavailable(site: Site) -> None:
    del site.pages["/"]
    with pytest.raises(SourceUnavailable, match="404"):
        harvest(site)


def test_a_catalogue_can_be_the_endpoint_also_with_drafts_in_its_container(site: Site) -> None:
    at = site.url
    members = f"<{at}/dataset/a> , <{at}/dataset/draft>"
    site.page("/only", f"{PREFIXES} <{at}/only> a dcat:Catalog . <{at}/dataset/> ldp:contains {members} .")
    node = source(at + "/only")
    assert [one.iri for one in FdpHarvester().harvest(node, read(node, Past()))] == [f"{at}/dataset/a"]


def test_catalogues_of_catalogues_are_followed(site: Site) -> None:
    at = site.url
    site.page("/", f"{PREFIXES} <{at}/> a fdp:FAIRDataPoint ; fdp:metadataCatalog <{at}/one> .")
    site.page("/one", f"{PREFIXES} <{at}/one> a dcat:Catalog ; dcat:catalog <{at}/two> .")
    site.page("/two", f"{PREFIXES} <{at}/two> a dcat:Catalog ; dcat:catalog <{at}/three> .")
    site.page("/three", f"{PREFIXES} <{at}/three> a dcat:Catalog ; dcat:dataset <{at}/dataset/c> .")
    assert [one.iri for one in harvest(site)] == [f"{at}/dataset/c"]


def test_a_broken_dataset_or_distribution_is_rejected_and_the_others_go_on(site: Site) -> None:
    site.page("/dataset/a", "broken <")
    site.page("/distribution/b", "broken <")
    kinds = {type(one): one for one in harvest(site)}
    assert kinds.keys() == {Rejected, Description}
    rejected = [one for one in harvest(site) if isinstance(one, Rejected)]
    assert [one.where.split("/", 3)[3].split(" ")[0] for one in rejected] == ["dataset/a", "dataset/b"]


def test_catalogues_that_point_to_each_other_come_to_an_end(site: Site) -> None:
    at = site.url
    site.page("/catalog/1", f"{PREFIXES} <{at}/catalog/1> a dcat:Catalog ; dcat:catalog <{at}/catalog/2> , <{at}/> .")
    assert len(harvest(site)) == 2
