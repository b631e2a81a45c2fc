"""How many facts we and ckanext-dcat 2.4 keep: of a package with every HealthDCAT-AP field, and of RDF that is read.

First, a fact is a single value that the form of a package sends (tests/live/ckan_health.py), kept when it stands in the
RDF. Second, a fact is a statement of the official example of Release 8 (names of blank nodes apart), kept when it is
there after ckanext-dcat read the RDF into a package and wrote it again, or in our description. Needs the real CKAN of
tests/live/install.sh.

Run as: python -m tests.bench.ckan
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

from rdflib import BNode
from rdflib import Graph as RdflibGraph
from rdflib.term import Node

from catalogue.graphs import serialise
from catalogue.model import Description
from catalogue.ports import Past
from harvesters._mapping import facts, name_of
from harvesters.ckan import CkanHarvester
from harvesters.dcat import DcatHarvester
from tests.contract import dcat_files
from tests.kinds.ckan import source
from tests.kinds.sample import read
from tests.live.ckan_health import dataset
from tests.live.servers.ckan import Ckan, ckan
from tests.live.servers.running import run

EXAMPLE = Path(__file__).resolve().parents[3] / "shared/spec/healthdcat-ap-r8/examples/example-healthdcat-dataset.ttl"
OURS_ANYWAY = {"name", "owner_org"}
"""Fields that say where the dataset is in CKAN."""


def folded(text: str) -> str:
    """What two ways to write one value share."""
    return re.sub(r"^mailto:|T00:00:00.*$|\.0$", "", text.strip()).casefold()


def lost(graph: RdflibGraph) -> list[str]:
    """The facts of the form that are not in some RDF."""
    held = [folded(str(term)) for triple in graph for term in triple]
    given = [(name_of(place), said) for place, said in facts(dataset()) if name_of(place) not in OURS_ANYWAY]
    return [f"{name}: {said}" for name, said in given if not any(one.endswith(folded(said)) for one in held)]


def of_form(portal: Ckan) -> None:
    """A package becomes RDF, there and here."""
    portal.action("package_create", **dataset())
    with urlopen(f"{portal.url}/dataset/registry-extract.jsonld", timeout=60) as answer:
        theirs = RdflibGraph().parse(data=answer.read().decode(), format="json-ld")
    node = source(portal.url)
    [one] = CkanHarvester().harvest(node, read(node, Past()))
    assert isinstance(one, Description)
    total = sum(name_of(place) not in OURS_ANYWAY for place, _ in facts(dataset()))
    print(f"package with every field: {total} facts")
    for name, graph in (("ours", _rdflib(one)), ("ckanext-dcat", theirs)):
        missing = lost(graph)
        print(f"  {name:14}{total - len(missing):4} kept ({1 - len(missing) / total:.0%})  lost: {missing}")


def _rdflib(one: Description) -> RdflibGraph:
    return RdflibGraph().parse(data=serialise(one.graph, "application/n-triples"), format="nt")


def statements(graph: RdflibGraph) -> set[tuple[str, ...]]:
    """The statements, blank nodes without their names."""

    def told(term: Node) -> str:
        return "_" if isinstance(term, BNode) else term.n3()

    return {tuple(told(term) for term in triple) for triple in graph}


def of_rdf(portal: Ckan, folder: Path) -> None:
    """The official example is read, there and here."""
    given = statements(RdflibGraph().parse(EXAMPLE))
    profile = ("-p", "euro_health_dcat_ap")
    package, written = folder / "package.json", folder / "written.nt"
    run([*portal.command, "dcat", "consume", *profile, "-f", "turtle", "-o", str(package), str(EXAMPLE)])
    [said] = json.loads(package.read_text("utf-8"))
    package.write_text(json.dumps({"name": "example", "id": "example", **said}), "utf-8")
    run([*portal.command, "dcat", "produce", *profile, "-f", "nt", "-o", str(written), str(package)])
    peer = statements(RdflibGraph().parse(written, format="nt"))
    harvested = DcatHarvester().harvest(dcat_files.source(EXAMPLE), read(dcat_files.source(EXAMPLE), Past()))
    mine = set[tuple[str, ...]]()
    for one in harvested:
        assert isinstance(one, Description)
        mine |= statements(_rdflib(one))
    print(f"official example of Release 8: {len(given)} statements")
    for name, kept in (("ours", given & mine), ("ckanext-dcat", given & peer)):
        print(f"  {name:14}{len(kept):4} kept ({len(kept) / len(given):.0%})")
    print(f"  not in ours: {_some(given - mine)}")


def _some(missing: Iterable[tuple[str, ...]]) -> list[str]:
    return sorted({predicate for _, predicate, _ in missing})


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as place, ckan(Path(place)) as portal:
        of_form(portal)
        of_rdf(portal, Path(place))


if __name__ == "__main__":
    main()
