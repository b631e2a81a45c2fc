"""Which of the mandatory properties of EUCAIM DCAT-AP 2.0 the XNAT harvester fills, beside what img2catalog writes.

img2catalog's side is the reference output of its own integration test (shared/nodes/xnat); ours is a contract server
with the same kind of project, once without and once with what the owner of the node states for all projects.

Run as: python -m tests.bench.xnat
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from catalogue.graphs import Graph, NamedNode, Node, parse
from catalogue.model import Description, NoteKind, Source
from catalogue.names import DCAT, PREFIXES
from catalogue.ports import Past
from harvesters._mapping import facts
from harvesters.xnat import XnatHarvester
from tests.kinds.sample import read
from tests.kinds.xnat import Server, source
from tests.live.conftest import running

SHARED = Path(__file__).resolve().parents[3] / "shared"
TABLE = SHARED / "nodes" / "eucaim" / "eucaim_dcat_ap" / "dataset_v2.0_properties.tsv"
PEER = SHARED / "nodes/xnat/Health-RI__img2catalog/tests/references/xnat_integration_test.ttl"


def mandatory() -> list[str]:
    """The mandatory properties of a dataset, as prefixed names."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["path"] for row in rows if row["req"] == "M" and "/" not in row["path"]]


def filled(graph: Graph, dataset: Node, names: Iterable[str]) -> list[str]:
    """Those of the properties that have a value."""
    split = {name: name.split(":") for name in names}
    return [
        name for name, (prefix, local) in split.items() if graph.objects(dataset, NamedNode(PREFIXES[prefix] + local))
    ]


def harvest(node: Source) -> Description:
    """The first project."""
    found = XnatHarvester().harvest(node, read(node, Past()))
    return next(one for one in found if isinstance(one, Description))


def main() -> None:
    """Print the figures."""
    names = mandatory()
    peer = Graph(parse(PEER.read_bytes(), "text/turtle"))
    theirs = filled(peer, peer.instances(DCAT.Dataset)[0], names)
    with running() as site:
        server = Server()
        site.otherwise = server.answer
        node = source(site.url)
        bare, whole = harvest(replace(node, defaults=Graph(), template=None)), harvest(node)
    alone = filled(bare.graph, NamedNode(bare.iri), names)
    ours = filled(whole.graph, NamedNode(whole.iri), names)
    total = sum(1 for _ in facts(server.projects[0])) + 4
    lost = [note for note in whole.notes if note.kind is NoteKind.UNMAPPED]
    print(f"mandatory properties of EUCAIM DCAT-AP 2.0: {len(names)}")
    print(f"img2catalog, its own reference output      {len(theirs):3}")
    print(f"ours, from the source alone                {len(alone):3}")
    print(f"ours, with the defaults of the node        {len(ours):3}")
    print(f"  still open: {', '.join(sorted(set(names) - set(ours)))}")
    print(f"facts about the project mapped             {total - len(lost)} of {total} {[note.field for note in lost]}")


if __name__ == "__main__":
    main()
