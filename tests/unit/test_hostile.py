"""Input made to exhaust us is recognised quickly, and what only looks like it is let through."""

from __future__ import annotations

import time

import pytest

from catalogue.errors import BadInput, BadRdf
from catalogue.graphs import BlankNode, Canonical, Graph, Literal, NamedNode, Triple, parse
from catalogue.unpack import gunzipped

P, Q = NamedNode("http://e.org/p"), NamedNode("http://e.org/q")
ROOT = NamedNode("http://e.org/root")


def blank(*name: object) -> BlankNode:
    return BlankNode("n" + "x".join(map(str, name)))


HOSTILE = {
    "clique": [Triple(blank(i), P, blank(j)) for i in range(9) for j in range(9) if i != j],
    "star": [Triple(blank("c"), P, blank(i)) for i in range(12)],
    "two sides": [Triple(blank("a", i), P, blank("b", j)) for i in range(8) for j in range(8)],
    "deep in a description": [
        Triple(ROOT, Q, blank("c")),
        *(Triple(blank("c"), P, blank(i, j)) for i in range(4) for j in range(5)),
        *(Triple(blank(i, j), P, blank("end")) for i in range(4) for j in range(5)),
    ],
}
HARMLESS = {
    "chain": [Triple(blank(i), P, blank(i + 1)) for i in range(60)],
    "ring": [Triple(blank(i), P, blank((i + 1) % 40)) for i in range(40)],
    "pairs": [
        *(Triple(ROOT, Q, blank("c", i)) for i in range(60)),
        *(Triple(blank("c", i), P, blank("c", i, k)) for i in range(60) for k in range(2)),
    ],
    "small star": [Triple(blank("c"), P, blank(i)) for i in range(7)],
    "told apart far away": [
        *(Triple(blank("c"), P, blank(i, 0)) for i in range(12)),
        *(Triple(blank(i, k), P, blank(i, k + 1)) for i in range(12) for k in range(4)),
        *(Triple(blank(i, 4), Q, Literal(f"end {i}")) for i in range(12)),
    ],
    "columns": [
        *(Triple(blank("table"), P, blank(i)) for i in range(300)),
        *(Triple(blank(i), Q, Literal(f"column {i}")) for i in range(300)),
    ],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_entangled_blank_nodes_are_refused_at_once(what: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput, match="too alike"):
        Canonical(Graph(HOSTILE[what]))
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("what", HARMLESS)
def test_many_but_distinct_blank_nodes_are_fine(what: str) -> None:
    began = time.monotonic()
    assert Canonical(Graph(HARMLESS[what])).content
    assert time.monotonic() - began < 2


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
SAYS = '<rdf:Description rdf:about="http://e.org/a"><e:p>{}</e:p></rdf:Description></rdf:RDF>'
NESTED = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "document",
    [
        f"<!DOCTYPE r [{NESTED}]>{RDF}{SAYS.format('&j;')}",
        f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>{RDF}{SAYS.format("&a;" * 1000)}',
    ],
)
def test_xml_entities_that_grow_are_refused_at_once(document: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadRdf, match="entities"):
        list(parse(document.encode(), "application/rdf+xml"))
    assert time.monotonic() - began < 1


def test_xml_entities_that_abbreviate_a_namespace_are_read() -> None:
    document = f'<!DOCTYPE r [<!ENTITY e "http://e.org/">]>{RDF}{SAYS.format("x")}'.replace(
        '"http://e.org/a"', '"&e;a"'
    )
    (quad,) = parse(document.encode(), "application/rdf+xml")
    assert quad.subject == NamedNode("http://e.org/a")


@pytest.mark.parametrize("keep", range(60, len(RDF + SAYS), 17))
def test_xml_cut_off_anywhere_is_refused(keep: int) -> None:
    with pytest.raises(BadRdf, match="not valid"):
        list(parse((RDF + SAYS)[:keep].encode(), "application/rdf+xml"))


def test_gzip_is_unpacked_no_further_than_the_limit() -> None:
    handed: list[int] = []

    def endless() -> object:
        import zlib

        machine = zlib.compressobj(9, zlib.DEFLATED, 31)
        while True:
            handed.append(1)
            yield machine.compress(bytes(1_000_000)) + machine.flush(zlib.Z_SYNC_FLUSH)

    with pytest.raises(BadInput, match="larger than 3 MB"):
        gunzipped(endless(), "here", 3_000_000)  # type: ignore[arg-type]
    assert len(handed) < 6
