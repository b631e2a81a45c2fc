"""DCAT documents: broken, large, known, packed or in older forms, each is read or rejected alone."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Triple
from catalogue.model import Description, Note, NoteKind, Rejected, Untouched
from catalogue.names import DCAT, DCT, EHDS, EU, HDEU, HEALTH, RDF
from catalogue.rewriting import normaliser
from tests.contract.dcat_files import PREFIXES, harvest, only, taken, write

# --- documents -------------------------------------------------------------------------------------------------------


GOOD = PREFIXES + 'ex:good a dcat:Dataset ; dct:title "good" .'
BROKEN = {
    "literal as subject": ("x_ttl", GOOD + '\n"text" dct:title "x" .', "line 8 column 1"),
    "unbound prefix": ("x_ttl", GOOD + "\nun:bound dct:title 'x' .", "line 8 column 1"),
    "broken in the middle": ("x_ttl", GOOD + "\nex:b dct:title ] .\n" + GOOD, "line 8 column 16"),
    "broken N-Triples": (
        "x_nt",
        '<http://e.org/a> <http://e.org/b> "c" .\n<http://e.org/a> "b" "c" .',
        "line 2 column 18",
    ),
    "broken JSON": ("x_jsonld", '{"@id": "http://e.org/a",\n "http://e.org/b": }', "line 2"),
    "XML cut off": ("x_rdf", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n", "line 2 column 1"),
    "XML bomb": ("x_rdf", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rdf:RDF/>', ""),
    "web page": ("x_ttl", "<!DOCTYPE html><html></html>", ""),
    "UTF-16": ("x_ttl", "", ""),
    "Latin-1": ("x_ttl", "", "line 7"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_document_is_rejected_whole_and_the_others_go_on(what: str, tmp_path: Path) -> None:
    name, content, place = BROKEN[what]
    folder = write(tmp_path, **{name: content, "y_ttl": GOOD.replace("good", "other"), "z_txt": "skipped"})
    if what in ("UTF-16", "Latin-1"):
        (folder / "x.ttl").write_bytes(GOOD.replace('"good"', '"gööd"').encode(what))
    rejected, description = harvest(folder)
    assert isinstance(rejected, Rejected), rejected
    assert isinstance(description, Description)
    assert description.iri == "http://data.example.org/other"
    assert rejected.where.startswith(f"{folder}/{name.replace('_', '.')}")
    assert place in rejected.where
    assert rejected.problem
    assert rejected.remedy


def test_a_context_on_the_web_is_never_fetched(tmp_path: Path) -> None:
    document = '{"@context": ["https://example.org/dcat.jsonld"], "@id": "x", "@type": "Dataset"}'
    (rejected,) = harvest(write(tmp_path, a_jsonld=document))
    assert isinstance(rejected, Rejected)
    assert "contexts are never fetched" in rejected.problem
    assert "@context" in rejected.remedy


def test_folders_are_read_in_order_with_all_below_but_not_what_is_hidden(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        b_ttl=GOOD.replace("good", "b"),
        a__z_ttl=GOOD.replace("good", "az"),
        c_md="no RDF",
        _git__x_ttl=GOOD.replace("good", "hidden"),
    )
    (folder / "d.ttl.gz").write_bytes(gzip.compress(GOOD.replace("good", "d").encode()))
    found = [one for one in harvest(folder) if isinstance(one, Description)]
    assert [one.iri.rsplit("/", 1)[-1] for one in found] == ["az", "b", "d"]
    assert [one.original.location for one in found] == [f"{folder}/{name}" for name in ("a/z.ttl", "b.ttl", "d.ttl.gz")]


def test_a_file_too_large_or_badly_packed_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    folder = write(tmp_path, c_ttl=GOOD)
    (folder / "a.ttl.gz").write_bytes(gzip.compress(bytes(20_000_000)))
    (folder / "b.ttl.gz").write_bytes(gzip.compress(GOOD.encode())[:-5])
    bomb, broken, good = harvest(folder)
    assert isinstance(bomb, Rejected)
    assert isinstance(broken, Rejected)
    assert isinstance(good, Description)
    assert "larger than 10 MB" in bomb.problem
    assert "gzip" in broken.problem


@pytest.mark.parametrize("endpoint", ["package:harvesters/nowhere", "package:no_such_package/x", "{}/missing", "{}"])
def test_an_endpoint_that_is_not_there_is_unavailable(endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as raised:
        harvest(endpoint.format(tmp_path))
    assert raised.value.where == endpoint.format(tmp_path)
    assert raised.value.remedy


def test_an_empty_catalogue_gives_nothing_and_is_no_error(tmp_path: Path) -> None:
    assert taken(tmp_path, 'ex:c a dcat:Catalog ; dct:title "nothing yet" .') == []


def test_a_known_document_is_not_parsed_again(tmp_path: Path) -> None:
    path = write(tmp_path, a_ttl=GOOD) / "a.ttl"
    digest = only(harvest(path)).original.digest
    assert harvest(path, {digest}) == [Untouched(digest)]


def test_what_the_owner_states_fills_gaps_and_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path, a_ttl=GOOD) / "a.ttl"
    template, contact = BlankNode(), BlankNode()
    defaults = Graph(
        [
            Triple(template, DCT.title, Literal("never used")),
            Triple(template, DCAT.contactPoint, contact),
            Triple(contact, DCT.title, Literal("desk")),
        ]
    )
    description = only(harvest(path, defaults=defaults, template=template))
    assert description.graph.text(NamedNode(description.iri), DCT.title) == "good"
    assert description.graph.objects(NamedNode(description.iri), DCAT.contactPoint) == [contact]
    assert [(note.kind, note.field) for note in description.notes] == [(NoteKind.DEFAULTED, DCAT.contactPoint.value)]


# --- older forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://w3id.org/healthdcat-ap#hdab", HEALTH.hdab.value),
        ("http://healthdcat-ap.eu/ns#retentionperiod", HEALTH.retentionPeriod.value),
        ("http://healthdcat-ap.eu/ns#publisherType", DCT.type.value),
        ("https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority/standard/FHIR", HDEU + "standard/FHIR"),
        ("http://13.81.34.152:1101/resource/authority/healthcategories/EHRS", HDEU + "healthcategories/EHRS"),
        ("https://w3id.org/dpv/pd#Age", "https://w3id.org/dpv/dpv-pd#Age"),
        ("https://publications.europa.eu/resource/authority/country/BEL", EU + "country/BEL"),
        (EU + "country/BEL", ""),
        ("https://w3id.org/dpv/pdx#Age", ""),
        ("https://eur-lex.europa.eu/eli/reg/2025/327/oj", ""),
        ("https://www.w3.org/ns/dcat", ""),
    ],
)
def test_older_forms_become_current_ones_and_nothing_else_changes(before: str, after: str) -> None:
    assert normaliser().iri(before)[0] == after


@pytest.mark.parametrize(
    "form", ["http://data.europa.eu/eli/reg/2025/327", "https://eur-lex.europa.eu/eli/reg/2025/327/oj/eng"]
)
def test_the_regulation_is_recognised_only_where_a_law_is_meant(form: str, tmp_path: Path) -> None:
    description = only(
        taken(
            tmp_path,
            f"ex:d a dcat:Dataset ; dcatap:applicableLegislation <{form}> ; foaf:page <{form}> . <{form}> a ex:Law .",
        )
    )
    dataset = NamedNode("http://data.example.org/d")
    assert description.graph.objects(dataset, NamedNode("http://data.europa.eu/r5r/applicableLegislation")) == [EHDS]
    assert description.graph.objects(dataset, NamedNode("http://xmlns.com/foaf/0.1/page")) == [NamedNode(form)]
    assert EHDS in description.graph
    assert description.notes == (
        Note(
            NoteKind.REPAIRED,
            "http://data.europa.eu/r5r/applicableLegislation",
            form,
            EHDS.value,
            description.notes[0].reason,
        ),
    )
    assert description.notes[0].reason.startswith("https://w3id.org/ehds-catalogue/crosswalk/namespaces#ehds-")


def test_a_subdivision_of_the_regulation_is_left_alone(tmp_path: Path) -> None:
    article = "http://data.europa.eu/eli/reg/2025/327/art_78/oj"
    assert only(taken(tmp_path, f"ex:d a dcat:Dataset ; dcatap:applicableLegislation <{article}> .")).notes == ()


def test_a_dataset_in_an_older_namespace_of_dcat_is_found(tmp_path: Path) -> None:
    description = only(
        taken(tmp_path, '@prefix old: <https://www.w3.org/ns/dcat#> . ex:d a old:Dataset ; old:keyword "k" .')
    )
    assert list(description.graph.instances(DCAT.Dataset)) == [NamedNode("http://data.example.org/d")]
    assert description.graph.text(NamedNode("http://data.example.org/d"), DCAT.keyword) == "k"


# --- size ------------------------------------------------------------------------------------------------------------

MEASURE = """
import sys
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Source
from harvesters.dcat import DcatHarvester
from tests.peak import megabytes
source = Source("n", "http://c.example.org/n", "N", "dcat", sys.argv[1], "http://c.example.org/d/")
count = sum(1 for _ in DcatHarvester().harvest(source, Fetcher(Limits(max_bytes=300_000_000))))
print(count, megabytes())
"""


def test_a_file_of_200_megabytes_is_read_in_bounded_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.nt"
    count = large_file(path, 200_000_000)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    found, megabytes = map(int, done.stdout.split())
    assert found == count
    assert megabytes < 1400
    assert time.monotonic() - began < 60


def large_file(path: Path, size: int) -> int:
    """N-Triples of at least ``size`` bytes; returns the number of datasets."""
    count = 0
    with path.open("w", encoding="ascii") as out:
        while out.tell() < size:
            for _ in range(500):
                me = f"<http://data.example.org/dataset/{count}>"
                out.write(f'{me} {RDF.type} {DCAT.Dataset} .\n{me} {DCT.title} "Dataset {count}"@en .\n')
                for part in range(12):
                    copy = f"<http://data.example.org/dataset/{count}/distribution/{part}>"
                    out.write(f"{me} {DCAT.distribution} {copy} .\n{copy} {RDF.type} {DCAT.Distribution} .\n")
                    for word in range(4):
                        out.write(
                            f'{copy} {DCT.description} "Words {word} about distribution {part} of dataset {count}" .\n'
                        )
                count += 1
    return count
