"""The FAIR Data Point harvester against a real one (fdpneo)."""

from __future__ import annotations

import pytest

from catalogue.graphs import NamedNode
from catalogue.model import Description, Untouched
from catalogue.names import DCAT, DCT
from catalogue.ports import Past
from harvesters.fdp import FdpHarvester
from tests.kinds.fdp import PREFIXES, source
from tests.kinds.sample import read
from tests.live.servers.fdp import Fdp

pytestmark = pytest.mark.live


def test_what_is_published_is_harvested_whole_and_only_changes_again(fdp: Fdp) -> None:
    catalogue = fdp.create_catalog(f'{PREFIXES} <> a dcat:Catalog ; dct:title "Harvested"@en .')
    shown = fdp.create_dataset(f'{PREFIXES} <> a dcat:Dataset ; dct:title "Shown"@en .', catalogue)
    other = fdp.create_dataset(f'{PREFIXES} <> a dcat:Dataset ; dct:title "Other"@en .', catalogue)
    draft = fdp.create_dataset(f'{PREFIXES} <> a dcat:Dataset ; dct:title "Draft"@en .', catalogue, published=False)
    fdp.create_catalog(
        f'{PREFIXES} <> a dcat:Catalog ; dct:title "A draft, which the root links"@en .', published=False
    )
    file = fdp.create_distribution(f'{PREFIXES} <> a dcat:Distribution ; dct:title "File"@en .', shown)
    node = source(fdp.url)
    given = {one.iri: one for one in FdpHarvester().harvest(node, read(node, Past())) if isinstance(one, Description)}
    assert {shown, other} <= given.keys()
    assert draft not in given
    graph = given[shown].graph
    assert list(graph.objects(NamedNode(shown), DCAT.distribution)) == [NamedNode(file)]
    assert graph.text(NamedNode(file), DCT.title) == "File"
    alone = source(catalogue)
    assert {one.iri for one in FdpHarvester().harvest(alone, read(alone, Past())) if isinstance(one, Description)} == {
        shown,
        other,
    }
    known = Past(frozenset(one.original.container for one in given.values()))
    fdp.replace(other, f'{PREFIXES} <> a dcat:Dataset ; dct:title "Changed"@en ; dct:isPartOf <{catalogue}> .')
    again = list(FdpHarvester().harvest(node, read(node, known)))
    assert [one.iri for one in again if isinstance(one, Description)] == [other]
    assert sum(isinstance(one, Untouched) for one in again) == len(given) - 1
