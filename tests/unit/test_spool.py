"""A document in a spool gives the same descriptions as the same document in memory, in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import spool as module
from catalogue.bounds import Bounds, datasets_in
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Node, Quad, Triple, parse, serialise
from catalogue.names import DCAT, DCT, RDF, XSD
from catalogue.spool import Spool

BASE = "https://example.org/"
NODES = [*(NamedNode(BASE + name) for name in "abcdefg"), *(BlankNode(name) for name in "xyz")]
CLASSES = [DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord, DCAT.DatasetSeries, NamedNode(BASE + "OldDataset"), DCAT.X]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="en")),
    st.sampled_from(["05", "1.50", "+1", "a\"b\\c\n\r\t'"]).map(lambda text: Literal(text, datatype=XSD.integer)),
)
TRIPLES = st.one_of(
    st.builds(Triple, st.sampled_from(NODES), st.just(RDF.type), st.sampled_from(CLASSES)),
    st.builds(Triple, st.sampled_from(NODES), st.sampled_from([DCT.relation, DCT.title]), st.sampled_from(NODES)),
    st.builds(Triple, st.sampled_from(NODES), st.just(DCT.title), LITERALS),
)
BOUNDS = (
    Bounds(),
    Bounds((DCAT.Dataset, NamedNode(BASE + "OldDataset")), (DCAT.Catalog,), (DCAT.Catalog, DCAT.DatasetSeries)),
)


def spooled(triples: Sequence[Triple], bounds: Bounds) -> list[tuple[Node, set[Triple]]]:
    with TemporaryDirectory() as folder:
        spool = Spool(Path(folder) / "spool", bounds)
        count = spool.fill(Quad(t.subject, t.predicate, t.object) for t in triples)
        found = [(node, set(graph)) for n in range(1, count + 1) for node, graph in spool.descriptions(n, n)]
        together = [(node, set(graph)) for node, graph in spool.descriptions(1, count)]
        spool.close()
    assert found == together
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(TRIPLES, max_size=40), st.sampled_from(BOUNDS))
def test_spool_and_memory_give_the_same_descriptions(triples: list[Triple], bounds: Bounds) -> None:
    expected = [(node, set(part)) for node, part in datasets_in(Graph(triples), bounds)]
    assert spooled(triples, bounds) == expected


def test_what_many_datasets_say_about_a_shared_node_is_kept_once(tmp_path: Path) -> None:
    shared = "<urn:agent> a <urn:Agent> ; <urn:name> 'x' .\n"
    lines = [f"<urn:d{n}> a <{DCAT.Dataset.value}> ; <urn:by> <urn:agent> .\n{shared}" for n in range(1000)]
    spool = Spool(tmp_path / "spool")
    assert spool.fill(parse("".join(lines).encode(), "text/turtle")) == 1000
    assert (tmp_path / "spool").stat().st_size < 400_000
    assert {len(graph) for _, graph in spool.descriptions(1, 1000)} == {4}


def test_a_node_with_more_statements_than_fit_in_a_row_is_whole() -> None:
    count = 3 * module.TOGETHER
    triples = [Triple(NODES[0], DCT.title, Literal(str(n))) for n in range(count)]
    ((_, found),) = spooled([Triple(NODES[0], RDF.type, DCAT.Dataset), *triples], Bounds())
    assert len(found) == count + 1


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_a_file_is_parsed_as_bytes_are(media_type: str) -> None:
    triples = [
        Triple(NODES[0], DCT.title, Literal("05", datatype=XSD.integer)),
        Triple(NODES[0], DCT.relation, NODES[1]),
    ]
    content = b"\xef\xbb\xbf" + serialise(triples, media_type)
    assert list(parse(BytesIO(content), media_type)) == list(parse(content, media_type))
