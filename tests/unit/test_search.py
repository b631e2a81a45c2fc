"""What the index holds about a dataset, how it is rebuilt from the store, and what people find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.archive import SqliteArchive
from catalogue.errors import StoreError
from catalogue.fetch import Fetcher
from catalogue.graphs import Graph, NamedNode, parse
from catalogue.index import TantivyIndex
from catalogue.ingest import Pipe, ingest
from catalogue.model import Description, Finding, Original, Report, Severity, Source
from catalogue.names import Minted
from catalogue.ports import FACETS, Entry, Query, Web
from catalogue.quality import Label, Status
from catalogue.rulebook import Rulebook
from catalogue.search import Search, entry, entry_of, reindex
from catalogue.shacl import CompiledValidator
from catalogue.stores.oxigraph import OxigraphStore

BASE = "https://catalogue.example.org/"
DATASET = "https://data.example.org/breast"
WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EU = "http://publications.europa.eu/resource/authority/"
HDEU = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
BREAST = "https://cancerimage.eu/ontology/EUCAIM#BP1000136"
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geodcatap: <http://data.europa.eu/930/> . @prefix health: <http://healthdataportal.eu/ns/health#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://data.example.org/> .
"""
TURTLE = """
ex:breast a dcat:Dataset ; dct:title "Mammograms of Antwerp"@en, "Mammografieën"@nl, "Untitled" ;
    dct:description "Two views each"@en, "Read twice"@en ; dcat:keyword "screening"@en ; dct:alternative "ANTMAM" ;
    dct:identifier "BE-77" ; adms:identifier [ skos:notation "doi:10.1234/77" ] ; dct:modified "2025-03-04"^^xsd:date ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/RESTRICTED> ;
    dct:spatial <http://publications.europa.eu/resource/authority/country/BEL>, <https://sws.geonames.org/2/>, [] ;
    health:healthCategory <https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/EHRS> ;
    health:healthTheme <https://hdeu-dcat.data.health.europa.eu/resource/authority/health-theme/CANCER_DISEASE> ;
    health:healthTheme ex:own ; health:hasVariables [ csvw:table ex:table ] ;
    health:numberOfUniqueIndividuals "0412"^^xsd:nonNegativeInteger ; health:hasCodeValues "C50.9" ;
    eucaim:hasImageModality eucaim:IMG1000026 ; eucaim:hasImageBodyPart eucaim:BP1000136 ;
    dct:publisher [ foaf:name "Registre belge"@fr, "Belgian registry"@en ] ;
    geodcatap:custodian [ foaf:name "UZ Antwerp" ] .
ex:table csvw:column [ csvw:name "birads" ] , [ csvw:title "Brustdichte" ] .
ex:own skos:prefLabel "Breast density"@en ; skos:broader ex:wider . ex:wider skos:prefLabel "Gewebe"@de .
"""


def graph_of(turtle: str) -> Graph:
    return Graph(parse((PREFIXES + turtle).encode(), "text/turtle"))


@pytest.fixture(scope="module")
def breast(rulebook: Rulebook) -> Entry:
    return entry_of(DATASET, graph_of(TURTLE), "antwerp", 4, 2, rulebook, WHEN)


def test_entry_holds_what_the_description_says(breast: Entry) -> None:
    assert breast.title == {"en": "Mammograms of Antwerp", "nl": "Mammografieën", "": "Untitled"}
    assert breast.description == {"en": "Read twice\nTwo views each"}
    assert breast.keywords == ["screening"]
    assert (breast.modified, breast.individuals, breast.stars, breast.violations) == ("2025-03-04", 412, 4, 2)
    assert breast.facets == {
        "category": [HDEU + "healthcategories/EHRS"],
        "theme": ["https://data.example.org/own", HDEU + "health-theme/CANCER_DISEASE"],
        "modality": ["https://cancerimage.eu/ontology/EUCAIM#IMG1000026"],
        "body_part": [BREAST],
        "disease": [],
        "cohort": ["100"],
        "age": [],
        "access": [EU + "access-right/RESTRICTED"],
        "country": [EU + "country/BEL"],
        "publisher": ["Belgian registry"],
        "label": ["4"],
        "source": ["antwerp"],
    }
    assert set(breast.facets) == set(FACETS)


def test_terms_are_names_in_all_languages_and_what_identifies(breast: Entry) -> None:
    wanted = {"Brust", "Sein", "Pierś", "Belgien", "Computertomographie", "Breast density", "Gewebe"}
    wanted |= {"Belgian registry", "Registre belge", "UZ Antwerp"}
    wanted |= {"ANTMAM", "BE-77", "doi:10.1234/77", "C50.9", "birads", "Brustdichte"}
    assert wanted <= set(breast.terms)
    assert len(breast.terms) == len(set(breast.terms))


def test_empty_description_makes_an_entry(rulebook: Rulebook) -> None:
    graph = graph_of('ex:breast health:numberOfUniqueIndividuals "many", "-5" ; dct:publisher ex:nameless, [] .')
    made = entry_of(DATASET, graph, "node", None, 0, rulebook, WHEN)
    assert made.title == {}
    assert (made.modified, made.individuals, made.stars) == ("", 0, 0)
    assert made.facets["label"] == ["none"]
    assert made.facets["publisher"] == ["https://data.example.org/nameless"]


@pytest.mark.parametrize(
    ("ages", "groups"),
    [
        ("health:minTypicalAge 18 ; health:maxTypicalAge 64", ["18-64"]),
        ("health:minTypicalAge 17 ; health:maxTypicalAge 65", ["0-17", "18-64", "65-"]),
        ("health:minTypicalAge 70", ["65-"]),
        ("health:maxTypicalAge 5", ["0-17"]),
        ('health:minTypicalAge "old"', []),
    ],
)
def test_groups_of_age(rulebook: Rulebook, ages: str, groups: list[str]) -> None:
    made = entry_of(DATASET, graph_of(f"ex:breast {ages} ."), "node", None, 0, rulebook, WHEN)
    assert made.facets["age"] == groups


@pytest.mark.parametrize(("number", "size"), [(1, "1"), (99, "1"), (100, "100"), (10**9, "100000"), (0, None)])
def test_groups_of_size(rulebook: Rulebook, number: int, size: str | None) -> None:
    graph = graph_of(f"ex:breast health:numberOfUniqueIndividuals {number} .")
    made = entry_of(DATASET, graph, "node", None, 0, rulebook, WHEN)
    assert made.facets["cohort"] == ([size] if size else [])


def test_label_and_report_give_stars_and_violations(rulebook: Rulebook) -> None:
    findings = [
        Finding("https://example.org/rule", NamedNode(DATASET), None, None, "https://example.org/c", severity)
        for severity in (Severity.VIOLATION, Severity.WARNING, Severity.VIOLATION)
    ]
    made = entry(
        graph_of(TURTLE),
        "node",
        Label(DATASET, "https://example.org/scheme", Status.COMPUTED, 3, 6, 10, ()),
        Report("https://example.org/profile", tuple(findings), {}),
        rulebook,
        WHEN,
    )
    assert (made.stars, made.violations, made.facets["label"]) == (3, 2, ["3"])


# --- finding ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def search(breast: Entry, rulebook: Rulebook) -> Search:
    index = TantivyIndex()
    other = entry_of(
        "https://data.example.org/x", graph_of('ex:x dct:title "Asthma"@en .'), "node", None, 9, rulebook, WHEN
    )
    index.put([breast, other])
    index.commit()
    return Search(index, rulebook)


@pytest.mark.parametrize("text", ["Brust", "brüste", "sein", "pierś", "Computertomographie", "BE-77", "C50.9", "birad"])
def test_query_in_another_language_finds_what_was_tagged_with_the_concept(search: Search, text: str) -> None:
    assert [hit.iri for hit in search.find(Query(text)).hits] == [DATASET]


def test_values_have_names_in_the_readers_language(search: Search) -> None:
    found = search.find(Query(facets={"body_part": [BREAST]}), "de", "en")
    (value,) = found.counts["body_part"]
    assert (value.value, value.label, value.count, value.chosen) == (BREAST, "Brust", 1, True)
    assert found.labels[EU + "country/BEL"] == "Belgien"
    assert found.labels["Belgian registry"] == "Belgian registry"
    assert not found.counts["country"][0].chosen
    assert search.find(Query(), "fr").counts["body_part"][0].label == "Sein"


@pytest.mark.parametrize("value", ["http://not an iri", "://", "\ud800", "https://example.org/%zz"])
def test_value_that_is_no_iri_is_its_own_name(search: Search, value: str) -> None:
    (counted,) = search.find(Query(facets={"theme": [value]}), "en").counts["theme"][-1:]
    assert (counted.value, counted.count, counted.chosen) == (value, 0, True)


def test_suggestion_reaches_the_reader(search: Search) -> None:
    assert search.find(Query("antwerq mammograms")).suggestion == "antwerp mammograms"


# --- rebuilding -------------------------------------------------------------------------------------------------


class Given:
    """A node with these descriptions, Turtle by name."""

    def __init__(self, descriptions: Mapping[str, str]) -> None:
        self.descriptions = descriptions

    def harvest(self, _source: Source, _web: Web) -> Iterator[Description]:
        for name, turtle in self.descriptions.items():
            original = Original(turtle.encode(), "text/turtle", name)
            yield Description(f"https://data.example.org/{name}", graph_of(turtle), original)


class Lossy:
    """An archive that has lost everything."""

    def __init__(self, archive: SqliteArchive) -> None:
        self.put = archive.put
        self.close = archive.close

    def get(self, _digest: str) -> bytes | None:
        return None


class Dying(Lossy):
    """An archive that fails after the first description."""

    def __init__(self, archive: SqliteArchive) -> None:
        super().__init__(archive)
        self.left = 1

    def get(self, digest: str) -> bytes | None:
        self.left -= 1
        if self.left < 0:
            raise StoreError("the disk is gone", where=digest)
        return super().get(digest)


@pytest.fixture
def pipe(tmp_path: Path, rulebook: Rulebook) -> Iterator[Pipe]:
    """A store with three datasets, one of them withdrawn."""
    validator = CompiledValidator({iri: p.shapes for iri, p in rulebook.profiles.items()}, rulebook.vocabulary)
    archive = SqliteArchive(tmp_path / "archive.db")
    pipe = Pipe(OxigraphStore(None), archive, TantivyIndex(), validator, rulebook, Minted(BASE))
    source = Source("antwerp", BASE + "node/antwerp", "Antwerp", "given", "", BASE + "d/", grace=timedelta(0))
    first = {name: f'ex:{name} a dcat:Dataset ; dct:title "Set {name}"@en .' for name in ("a", "gone")}
    for given in (first | {"breast": TURTLE}, {"a": first["a"], "breast": TURTLE}):
        list(ingest(source, Given(given), pipe, Fetcher().visit))
    yield pipe
    pipe.index.close()
    archive.close()


def everything(index: TantivyIndex) -> list[object]:
    found = index.search(Query(sort="title"))
    words = [index.search(Query(text)).total for text in ("Brust", "birads", "antwerp", "set")]
    return [found.hits, dict(found.counts), words]


@pytest.mark.parametrize("lost", [False, True], ids=["from archive", "from store"])
def test_rebuilt_index_equals_the_one_the_visit_made(pipe: Pipe, rulebook: Rulebook, lost: bool) -> None:
    index = TantivyIndex()
    seen: list[int] = []
    archive = Lossy(pipe.archive) if lost else pipe.archive  # type: ignore[arg-type]
    assert reindex(pipe.store, archive, index, rulebook, seen.append) == 2
    assert seen == [1, 2]
    assert everything(index) == everything(pipe.index)  # type: ignore[arg-type]
    assert not index.needs_rebuild


def test_rebuild_drops_what_the_store_does_not_have(pipe: Pipe, breast: Entry, rulebook: Rulebook) -> None:
    index = TantivyIndex()
    index.put([replace(breast, iri="https://data.example.org/stale")])
    index.commit()
    reindex(pipe.store, pipe.archive, index, rulebook)
    assert {hit.iri for hit in index.search(Query()).hits} == {DATASET, "https://data.example.org/a"}


def test_failed_rebuild_leaves_the_index_as_it_was(pipe: Pipe, breast: Entry, rulebook: Rulebook) -> None:
    index = TantivyIndex()
    index.put([replace(breast, iri="https://data.example.org/old")])
    index.commit()
    with pytest.raises(StoreError):
        reindex(pipe.store, Dying(pipe.archive), index, rulebook)  # type: ignore[arg-type]
    index.commit()
    assert [hit.iri for hit in index.search(Query()).hits] == ["https://data.example.org/old"]


def test_licences_and_broader_diseases_can_be_searched(rulebook: Rulebook) -> None:
    graph = graph_of(
        """ex:lungs a dcat:Dataset ; eucaim:hasCondition eucaim:CLIN1063178 ;
        dcat:distribution [ dct:license <https://creativecommons.org/licenses/by-nc/3.0/> ] ."""
    )
    terms = entry_of("https://data.example.org/lungs", graph, "x", None, 0, rulebook, WHEN).terms
    assert {"CC BY-NC 3.0", "licence non commerciale", "Lungenkrebs", "Lungcancer", "Guz płuca"} <= set(terms)
