"""The CKAN harvester against a real CKAN 2.12 with ckanext-dcat 2.4 and its HealthDCAT-AP schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.graphs import NamedNode
from catalogue.model import Description, NoteKind, Untouched
from catalogue.names import DCT, HEALTH
from catalogue.ports import Past
from harvesters._mapping import mapping
from harvesters.ckan import CkanHarvester
from tests.kinds.ckan import source
from tests.kinds.sample import read
from tests.live.ckan_health import dataset
from tests.live.servers.ckan import Ckan, ckan
from tests.live.servers.running import available

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ckan]:
    with available(ckan(tmp_path_factory.mktemp("ckan"))) as made:
        yield made


def harvest(portal: Ckan, past: Past | None = None) -> list[Any]:
    node = source(portal.url)
    return list(CkanHarvester().harvest(node, read(node, past or Past())))


def test_a_portal_is_harvested_and_only_changes_are_fetched_again(portal: Ckan) -> None:
    portal.action("package_create", **dataset())
    portal.action("package_create", name="second", title="Second", notes="Other", owner_org="hospital", private=False)
    portal.action("package_create", name="hidden", title="Hidden", notes="Own", owner_org="hospital", private=True)
    first = [one for one in harvest(portal) if isinstance(one, Description)]
    assert {one.graph.text(NamedNode(one.iri), DCT.title) for one in first} == {"Cancer registry extract", "Second"}
    whole = next(one for one in first if len(one.graph) > 50)
    mapped_and_kept(whole)

    known = frozenset(one.original.container for one in first)
    assert [type(one) for one in harvest(portal, Past(known))] == [Untouched, Untouched]
    portal.action("package_patch", id="second", title="Second, changed")
    changed = [one for one in harvest(portal, Past(known)) if isinstance(one, Description)]
    assert [one.graph.text(NamedNode(one.iri), DCT.title) for one in changed] == ["Second, changed"]
    portal.action("package_delete", id="second")
    assert len(harvest(portal, Past(known))) == 1


def mapped_and_kept(one: Description) -> None:
    """At least 95 of 100 facts became statements, and the numbers of the HealthDCAT-AP fields are right."""
    lost = [(note.field, note.raw, note.reason) for note in one.notes if note.kind is NoteKind.UNMAPPED]
    bookkeeping = {line.left_out for line in _all_lines()}
    lost = [entry for entry in lost if entry[2] not in bookkeeping]
    assert lost == []
    me = NamedNode(one.iri)
    assert one.graph.text(me, HEALTH.numberOfUniqueIndividuals) == "98765"
    assert one.graph.objects(me, HEALTH.hdab)
    assert one.graph.objects(me, HEALTH.retentionPeriod)


def _all_lines() -> Iterator[Any]:
    waiting = list(mapping("ckan").lines)
    while waiting:
        line = waiting.pop()
        waiting += line.lines
        yield line
