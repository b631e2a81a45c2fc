"""DCAT-AP Feeds: the newest activity of each entity counts, deletions are told, what stands apart is put together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue.assembly import open_services
from catalogue.config import Settings
from catalogue.errors import SourceUnavailable
from catalogue.graphs import NamedNode
from catalogue.model import Description, Gone, Harvested, Rejected, Untouched
from catalogue.names import DCT, FOAF
from catalogue.outcomes import Missing, Stored, Unchanged, Withdrawn
from catalogue.ports import Past
from tests.contract.harvesting import harvested
from tests.kinds.ldes import HOSPITAL, PREFIXES, Feed, dataset, first, source
from tests.live.conftest import Site, running

D = "https://data.example.org/"


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


def harvest(site: Site, past: Past | None = None, path: str = "/feed") -> list[Harvested]:
    return harvested(source(site.url + path), past)


def titles(found: list[Harvested]) -> dict[str, str | None]:
    given = [one for one in found if isinstance(one, Description)]
    return {one.iri.removeprefix(D): one.graph.text(NamedNode(one.iri), DCT.title) for one in given}


def test_the_newest_activity_counts_wherever_it_stands(site: Site) -> None:
    feed = first()
    feed.add("Update", "c", dataset("c", "C, older"), day="2020-01-01T00:00:00Z")
    feed.add("Update", "a", dataset("a", "A in another zone"), day="2026-01-01T00:30:00+02:00")
    feed.publish(site)
    found = harvest(site)
    assert titles(found) == {"a": "a", "b": "B, new", "c": "c"}
    assert Gone(D + "d") in found


def test_what_comes_back_after_a_deletion_is_there(site: Site) -> None:
    feed = first()
    feed.add("Create", "d", dataset("d", "D again"))
    feed.publish(site)
    assert titles(harvest(site))["d"] == "D again"


def test_entities_of_their_own_are_part_of_the_datasets_that_lead_to_them(site: Site) -> None:
    first().publish(site)
    for one in harvest(site):
        if isinstance(one, Description):
            assert one.graph.text(NamedNode(D + "hospital"), FOAF.name) == "Hospital"
            assert len(one.graph) < 10, "another dataset came along"


def test_a_changed_entity_touches_the_datasets_that_lead_to_it_only(site: Site) -> None:
    feed = first()
    feed.add("Create", "e", "d:e a dcat:Dataset ; dct:title 'E'@en ; dct:identifier 'e'")
    feed.publish(site)
    known = frozenset(one.original.container for one in harvest(site) if isinstance(one, Description))
    feed.add("Update", "hospital", HOSPITAL.replace("Hospital", "Clinic"))
    feed.publish(site)
    again = harvest(site, Past(known))
    assert titles(again).keys() == {"a", "b", "c"}
    assert len([one for one in again if isinstance(one, Untouched)]) == 1


def test_a_feed_in_json_ld_is_read(site: Site) -> None:
    context = {
        "as": "https://www.w3.org/ns/activitystreams#", "tree": "https://w3id.org/tree#",
        "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
        "object": {"@id": "as:object", "@type": "@id"}, "member": "tree:member",
    }  # fmt: skip
    payload = {"@id": D + "a", "@type": "dcat:Dataset", "dct:title": "A", "dct:identifier": "a"}
    event = {"@id": "#1", "@type": "as:Create", "object": D + "a", "@graph": payload}
    site.page("/feed", json.dumps({"@context": context, "@id": "#Feed", "member": [event]}), "application/ld+json")
    assert titles(harvest(site)) == {"a": "A"}


def test_an_activity_without_type_is_an_upsert(site: Site) -> None:
    site.page(
        "/feed",
        f"{PREFIXES} <#Feed> tree:member <#1> . <#1> as:object d:a . <#1> {{ {dataset('a')} . }}",
        "application/trig",
    )
    assert titles(harvest(site)) == {"a": "a"}


def test_a_view_leads_to_the_feed(site: Site) -> None:
    first().publish(site)
    site.page("/start", f"{PREFIXES} <{site.url}/feed#Feed> tree:view <{site.url}/feed> .", "text/turtle")
    assert len(titles(harvest(site, path="/start"))) == 3


VERSIONS = """
<#Feed> a ldes:EventStream ; ldes:versionOfPath dct:isVersionOf ; ldes:timestampPath prov:generatedAtTime ;
    tree:member <#a1> , <#a2> , <#b1> .
<#a2> a dcat:Dataset ; dct:isVersionOf d:a ; dct:title "A, new"@en ; dct:publisher [ foaf:name "Hospital" ] ;
    prov:generatedAtTime "2026-01-02T00:00:00Z"^^xsd:dateTime .
<#a1> a dcat:Dataset ; dct:isVersionOf d:a ; dct:title "A"@en ;
    prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
<#b1> a dcat:Dataset ; dct:isVersionOf d:b ; dct:title "B"@en ;
    prov:generatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime .
"""


def test_members_may_be_versions_of_datasets(site: Site) -> None:
    site.page("/feed", PREFIXES + "@prefix prov: <http://www.w3.org/ns/prov#> ." + VERSIONS, "text/turtle")
    found = harvest(site)
    assert titles(found) == {"a": "A, new", "b": "B"}
    one = next(one for one in found if isinstance(one, Description) and one.iri == D + "a")
    assert one.graph.value(NamedNode(D + "a"), DCT.isVersionOf) is None
    [publisher] = one.graph.objects(NamedNode(D + "a"), DCT.publisher)
    assert one.graph.text(publisher, FOAF.name) == "Hospital"  # type: ignore[arg-type]


def test_the_feed_names_the_property_of_time(site: Site) -> None:
    body = "".join(
        f'<#{n}> a as:Update ; as:object d:a ; dct:issued "2026-01-0{day}T00:00:00Z"^^xsd:dateTime .'
        f"<#{n}> {{ {dataset('a', str(n))} . }} "
        for n, day in ((1, 3), (2, 2))
    )
    site.page(
        "/feed", f"{PREFIXES} <#F> ldes:timestampPath dct:issued ; tree:member <#1> , <#2> . {body}", "application/trig"
    )
    assert titles(harvest(site)) == {"a": "1"}


def test_a_payload_outside_of_its_graph_is_taken(site: Site) -> None:
    event = f"<#1> a as:Create ; as:object d:a . {dataset('a')} ."
    site.page("/feed", f"{PREFIXES} <#F> tree:member <#1> . {event}", "text/turtle")
    assert titles(harvest(site)) == {"a": "a"}


def test_what_tells_of_nothing_is_told(site: Site) -> None:
    event = f"<#1> a as:Create ; as:object d:a . <#1> {{ {dataset('a')} . }}"
    members = "<#1> , <#2> , <#3> , [ as:object d:c ]"
    rest = '<#2> a as:Update ; as:object d:b . <#3> dct:title "what?" .'
    site.page("/feed", f"{PREFIXES} <#F> tree:member {members} . {event} {rest}", "application/trig")
    found = harvest(site)
    assert titles(found) == {"a": "a"}
    told = sorted(one.problem for one in found if isinstance(one, Rejected))
    assert told == [
        f"the newest activity says nothing about {D}b",
        "this member of the feed tells of no entity",
        "this member of the feed tells of no entity",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<#Feed> a ldes:EventStream .", "no member"),
        ("<#Feed> tree:member <#1> . <> tree:relation [ tree:node <http://192.0.2.1/2> ] .", r"192\.0\.2\.1"),
        ("<#Feed> tree:member <#1> . <> tree:relation [ tree:node <gone> ] .", "404"),
        ("this is no RDF", "not readable"),
    ],
)
def test_a_feed_that_cannot_be_read_to_its_end_is_unavailable(site: Site, body: str, words: str) -> None:
    site.page("/feed", PREFIXES + body, "application/trig")
    with pytest.raises(SourceUnavailable, match=words):
        harvest(site)


def test_what_a_feed_deletes_is_withdrawn_at_once_and_what_it_leaves_out_waits(site: Site, tmp_path: Path) -> None:
    feed = Feed()
    feed.add("Create", "hospital", HOSPITAL)
    for name in "abcd":
        feed.add("Create", name, dataset(name))
    feed.publish(site, size=20)
    node = replace(source(f"{site.url}/feed"), grace=timedelta(days=14))
    with open_services(Settings(data=tmp_path, base="http://127.0.0.1:8000/")) as services:
        assert len([one for one in services.harvest(node) if isinstance(one, Stored)]) == 4
        feed.events.pop(4)  # d, kept no longer and never deleted
        feed.add("Delete", "b")
        feed.publish(site, size=20)
        again = list(services.harvest(node))
        assert [one.dataset for one in again if isinstance(one, Withdrawn)] == [D + "b"]
        assert [one.dataset for one in again if isinstance(one, Missing)] == [D + "d"]
        assert len([one for one in again if isinstance(one, Unchanged)]) == 2
        once_more = list(services.harvest(node))
        assert not [one for one in once_more if isinstance(one, Withdrawn)], "it is withdrawn already"
        feed.events.clear()
        feed.add("Delete", "a")
        feed.add("Delete", "c")
        feed.publish(site, size=20)
        assert list(services.harvest(node)) == [], "fewer than the expected minimum removes nothing"
