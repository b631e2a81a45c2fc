"""JSON records with a value of another kind than it should be, at every place: rejected or noted, never a fault."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Rejected, Source
from tests.contract.harvesting import harvested
from tests.contract.test_schemaorg import FULL
from tests.kinds import bids, ckan, datacite, datasetservice, dsp, eucaimsearch, miabis, rocrate, schemaorg, simpl
from tests.live.conftest import running

ODD: tuple[Any, ...] = (None, True, 5, "", "odd", [], {}, ["odd"], [[]], [None], {"odd": 1}, [{"odd": []}], {"@id": 5})
DATACITE = "nodes/datacite/datacite__schema/source/json/kernel-4.3/example/datacite-example-full-v4.json"
SIMPL = (
    "nodes/simpl_dsp/ForumViriumHelsinki__TFDS-SIMPL-open-applications/apps/catalogue-ui/src/services/mock/fixtures/"
    "mockSDdata.json"
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*way, key)
        yield from places(one, (*way, key))


def spoilt(document: Any) -> Iterator[tuple[str, Any]]:
    """The document with one value of another kind, for every place and every odd value."""
    for way in places(document):
        for odd in ODD:
            other = copy.deepcopy(document)
            parent = other
            for step in way[:-1]:
                parent = parent[step]
            parent[way[-1]] = odd
            yield f"{way} = {odd!r}", other


def judge(node: Source, what: str) -> None:
    """Whatever comes of it is said by a value, or by the one error there is."""
    try:
        found = harvested(node)
    except SourceUnavailable:
        return
    except Exception as error:
        raise AssertionError(f"{what}: {error!r}") from error
    for one in found:
        assert isinstance(one, (Description, Rejected)), what
        if isinstance(one, Description):
            assert one.digest, what


def crate() -> Any:
    person = {
        "@id": "https://orcid.org/1",
        "@type": "Person",
        "name": "Jane",
        "affiliation": {"@id": "https://ror.org/1"},
    }
    place = {"@id": "https://ror.org/1", "@type": "Organization", "name": "Hospital"}
    return json.loads(
        rocrate.crate(person, place, author={"@id": person["@id"]}, hasPart=[{"@id": "a.csv"}], keywords=["a", "b"])
    )


MIABIS = {
    "biobanks": [{"id": "BB1", "name": "Bank", "country": "BE", "contact_information": {"email": "a@b.example"}}],
    "collections": [
        {"id": "C1", "name": "C", "biobank": {"id": "BB1"}, "size": 100, "number_of_donors": 50, "sex": ["MALE"],
         "age_low": 1, "age_unit": "YEAR", "diagnosis_available": [{"name": "urn:miriam:icd:C50"}],
         "materials": ["DNA"]}
    ],
}  # fmt: skip
BIDS = {
    "Name": "n", "BIDSVersion": "1.8.0", "Authors": ["a"], "ReferencesAndLinks": ["x"], "License": "CC0",
    "SourceDatasets": [{"URL": "u"}], "GeneratedBy": [{"Name": "g", "CodeURL": "u"}], "DatasetDOI": "10.1/x",
    "Funding": ["f"],
}  # fmt: skip
FILES: dict[str, tuple[str, Callable[[Path], Source]]] = {
    "schemaorg": ("a.json", lambda folder: schemaorg.source(folder / "a.json")),
    "rocrate": ("ro-crate-metadata.json", rocrate.source),
    "datacite": ("a.json", lambda folder: datacite.source(folder / "a.json", types="Software Dataset")),
    "simpl": ("a.json", lambda folder: simpl.source(folder / "a.json")),
    "miabis": ("a.json", lambda folder: miabis.source(folder / "a.json")),
    "bids": ("dataset_description.json", bids.source),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_value_of_another_kind_is_no_fault(kind: str, tmp_path: Path, shared: Path) -> None:
    documents = {
        "schemaorg": lambda: FULL,
        "rocrate": crate,
        "datacite": lambda: json.loads((shared / DATACITE).read_bytes()),
        "simpl": lambda: json.loads((shared / SIMPL).read_bytes()),
        "miabis": lambda: MIABIS,
        "bids": lambda: BIDS,
    }
    name, source = FILES[kind]
    for what, document in spoilt(documents[kind]()):
        (tmp_path / name).write_text(json.dumps(document), "utf-8")
        judge(source(tmp_path), what)


def test_a_catalogue_of_a_dataspace_may_hold_anything() -> None:
    catalogue = {
        "@context": dsp.CONTEXT, "@id": "urn:c", "@type": "Catalog", "participantId": "urn:p",
        "service": [{"@id": "urn:service:1", "@type": "DataService", "endpointURL": "https://s.example"}],
        "dataset": [dsp.dataset("a", **{"dct:publisher": {"foaf:name": "H"}, "@context": {"x": "http://x.example/"}})],
        "catalog": [
            {"@id": "urn:i", "@type": "Catalog", "distribution": [{"format": "Catalog", "accessService": "urn:s"}]}
        ],
    }  # fmt: skip
    with running() as site:
        for what, document in spoilt(catalogue):
            site.page("/catalog/request", json.dumps(document), "application/json")
            judge(dsp.source(site.url), what)


def test_an_answer_of_the_datacite_api_may_hold_anything() -> None:
    page = {"data": [{"id": "x", "attributes": datacite.record(1)}], "links": {"next": None}}
    with running() as site:
        for what, document in spoilt(page):
            site.page("/dois", json.dumps(document), "application/json")
            judge(datacite.source(site.url + "/dois"), what)


def test_a_record_of_a_dataset_service_may_hold_anything() -> None:
    record = datasetservice.dataset(1)
    listed = {"total": 1, "list": [{"id": record["id"], "public": True, "draft": False}]}
    with running() as site:
        site.page("/api/datasets", json.dumps(listed), "application/json")
        for what, document in spoilt(record):
            site.page(f"/api/datasets/{record['id']}", json.dumps(document), "application/json")
            judge(datasetservice.source(site.url), what)
        for what, document in spoilt(listed):
            site.page("/api/datasets", json.dumps(document), "application/json")
            judge(datasetservice.source(site.url), what)


def test_an_answer_to_a_federated_search_may_hold_anything() -> None:
    whole = {"provider": "P", "collections": [eucaimsearch.dataset(1)]}
    with running() as site:
        for what, document in spoilt(whole):
            site.page("/search", json.dumps(document), "application/json")
            judge(eucaimsearch.source(site.url + "/search"), what)


def test_a_package_of_a_portal_may_hold_anything() -> None:
    package = ckan.package(
        1, extras=[{"key": "theme", "value": "x"}], publisher=[{"name": "H", "email": "a@b.example"}]
    )
    with running() as site:
        for what, document in spoilt(package):
            portal = ckan.Portal([])
            portal.packages = {package["id"]: document}
            site.otherwise = portal.answer
            if {"id", "metadata_modified"} <= document.keys():
                judge(ckan.source(site.url), what)
