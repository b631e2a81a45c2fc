"""A whole installation: embedded and on a real SPARQL server it does the same; what it refuses to open."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.assembly import Services, harvester, open_services, sources
from catalogue.config import Settings, load
from catalogue.errors import ConfigurationError
from catalogue.ports import Query
from catalogue.publish import DatasetPage

BASE = "http://127.0.0.1:8000/"
QUESTION = """
PREFIX cat: <https://w3id.org/ehds-catalogue/ns#> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX dct: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?dataset ?message WHERE {
  ?record foaf:primaryTopic ?dataset ; cat:breaks ?rule .
  ?rule sh:severity sh:Violation ; sh:message ?message ; dct:source ?provision .
}
"""
"""Which datasets break which mandatory rule: joins records with the rulebook."""


def visit(services: Services) -> list[Counter[str]]:
    source = sources(services.settings)["examples"]
    return [Counter(type(outcome).__name__ for outcome in services.harvest(source)) for _ in range(2)]


def observed(services: Services) -> dict[str, object]:
    """What a user sees of an installation."""
    found = services.search.find(Query("cohort"), "en")
    pages = [services.publisher.find(hit.iri) for hit in services.search.find(Query(), "en").hits]
    assert all(isinstance(page, DatasetPage) for page in pages)
    return {
        "visits": visit(services),
        "found": [hit.iri for hit in found.hits],
        "pages": sorted((p.iri, p.record.digest, len(p.history), len(p.notes)) for p in pages if p),  # type: ignore[union-attr]
        "facts": services.publisher.facts(),
        "violations": services.endpoint.query(QUESTION, "text/csv").content,
    }


def test_embedded_store_and_sparql_server_do_the_same(tmp_path: Path, empty_server: str) -> None:
    embedded = Settings(data=tmp_path / "embedded", base=BASE)
    urls = {"store_query": f"{empty_server}/query", "store_update": f"{empty_server}/update"}
    remote = replace(embedded, data=tmp_path / "remote", **urls)
    seen = []
    for settings in (embedded, remote):
        with open_services(settings) as services:
            assert visit(services) == [Counter(Stored=3), Counter(Unchanged=3)]
            seen.append(observed(services))
    assert seen[0] == seen[1]
    assert b"imaging-biobank" in seen[0]["violations"]  # type: ignore[operator]


def test_what_was_harvested_is_there_after_a_restart_and_the_index_is_rebuilt(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, base=BASE)
    with open_services(settings) as services:
        visit(services)
        services.index.begin()  # a process that dies now leaves an index that may lack something
        services.index.remove(["https://data.example.org/oncology-cohort"])
    with open_services(settings) as services:
        assert services.search.find(Query(), "en").total == 3
        assert visit(services)[0] == Counter(Unchanged=3)


def test_the_catalogue_itself_keeps_its_own_rules(tmp_path: Path) -> None:
    with open_services(Settings(data=tmp_path, base=BASE, publisher="Registry of Lakeland")) as services:
        catalogue = services.publisher.catalogue()
        profile = services.rulebook.profile_for(catalogue, next(iter(catalogue.nodes))).iri
        assert services.validator.validate(catalogue, profile).conforms


def test_the_base_of_a_store_is_remembered_and_cannot_be_changed(tmp_path: Path) -> None:
    with open_services(Settings(data=tmp_path, port=8123)) as services:
        assert services.minted.base == "http://127.0.0.1:8123/"
    with open_services(Settings(data=tmp_path, port=9000)) as services:
        assert services.minted.base == "http://127.0.0.1:8123/"
    with (
        pytest.raises(ConfigurationError, match="was made with the base"),
        open_services(Settings(data=tmp_path, base=BASE)),
    ):
        pass


def test_settings_come_from_file_environment_and_arguments_in_that_order(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text('port = 1000\nhost = "one"\ntitle = "file"\n', "utf-8")
    settings = load({"CATALOGUE_PORT": "2000", "CATALOGUE_HOST": "two"}, file, host="three", title=None)
    assert (settings.port, settings.host, settings.title) == (2000, "three", "file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "colour"),
        ("port = 'x'", "port must be a number"),
        ("port = ", "not valid TOML"),
        ("suppress_below = 4", "5 or more"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=said) as error:
        load({}, file)
    assert error.value.remedy


NODE = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<> a cat:Node ; dct:identifier "own" ; dct:title "Own"@en ; cat:kind "dcat" ; cat:endpoint "x.ttl" ;
    cat:expectedMinimum 1 ; cat:gracePeriod "P1M"^^xsd:duration ; dcat:contactPoint <mailto:a@example.org> ;
    cat:specification <https://w3id.org/ehds-catalogue/spec/eucaim> .
"""


def test_a_node_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(NODE, "utf-8")
    source = sources(Settings(nodes=tmp_path, base=BASE, suppress_below=7))["own"]
    assert (source.iri, source.kind, source.contact) == (BASE + "node/own", "dcat", "a@example.org")
    assert source.grace.days == 31
    assert source.specification == "https://w3id.org/ehds-catalogue/spec/eucaim"
    assert source.namespace == BASE + "dataset/own/"
    assert source.options["suppress"] == "7"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('cat:kind "dcat" ;', "", "cat:kind"),
        ("cat:expectedMinimum 1", "cat:expectedMinimum 0", "expectedMinimum"),
        ('"P1M"', '"a month"', "gracePeriod"),
        ("<mailto:a@example.org>", '"a@example.org"', "mailto"),
        ("<https://w3id.org/ehds-catalogue/spec/eucaim>", '"eucaim"', "cat:specification"),
        ('"own"', '"Own Node"', "identifier"),
        ("a cat:Node", "a cat:Nod", "describes one cat:Node"),
        ("<> a", "<> ", "line 4"),
    ],
)
def test_what_is_wrong_in_a_node_file_is_said(tmp_path: Path, before: str, after: str, said: str) -> None:
    (tmp_path / "own.ttl").write_text(NODE.replace(before, after), "utf-8")
    with pytest.raises(ConfigurationError) as error:
        sources(Settings(nodes=tmp_path, base=BASE))
    assert said in str(error.value)
    assert "own.ttl" in str(error.value)


def test_an_unknown_kind_names_the_kinds_there_are() -> None:
    with pytest.raises(ConfigurationError, match="no harvester of the kind 'fax'") as error:
        harvester("fax")
    assert "ckan, datacite, datasetservice, dcat, dicom" in error.value.remedy
