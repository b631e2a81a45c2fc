"""The real servers of the tests answer really, on loopback only, and leave nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psycopg
import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import PatientRootQueryRetrieveInformationModelFind

from catalogue.graphs import Graph, Literal, NamedNode, parse
from catalogue.names import DCAT, DCT, HEALTH
from tests.live import dicom_samples
from tests.live.ckan_health import dataset as health_dataset
from tests.live.conftest import live
from tests.live.servers.ckan import Ckan
from tests.live.servers.fdp import Fdp
from tests.live.servers.orthanc import Orthanc
from tests.live.servers.running import ROOT, NotInstalled, free_port, program, started
from tests.live.servers.virtuoso import Virtuoso

pytestmark = pytest.mark.live
PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> ."
SERVES = NamedNode("https://w3id.org/fdp/fdp-o#servesMetadata")


def got(url: str, accept: str = "application/json", **asked: str) -> bytes:
    """What an anonymous reader gets."""
    with urlopen(
        Request(f"{url}?{urlencode(asked)}" if asked else url, headers={"Accept": accept}), timeout=60
    ) as page:
        content: bytes = page.read()
        return content


# --- each answers ----------------------------------------------------------------------------------------------------


def test_orthanc_finds_what_was_uploaded(orthanc: Orthanc, tmp_path: Path) -> None:
    orthanc.clear()
    given = list(dicom_samples.instances(4))
    file = tmp_path / "one.dcm"
    file.write_bytes(dicom_samples.encoded(given[0]))
    orthanc.upload(file, *map(dicom_samples.encoded, given[1:]))
    series = json.loads(got(f"{orthanc.dicomweb}/series", "application/dicom+json"))
    assert len(series) == dicom_samples.counts(given)["series"] == 8
    [mr] = json.loads(got(f"{orthanc.dicomweb}/studies", PatientID="CANARY-PID-3", ModalitiesInStudy="MR"))
    assert mr["0020000D"]["Value"][0].startswith(dicom_samples.UID_ROOT)
    assert found(orthanc, PatientID="*", PatientSex="F") == {"CANARY-PID-2", "CANARY-PID-3"}
    orthanc.clear()
    assert json.loads(got(f"{orthanc.rest}/instances")) == []


def found(orthanc: Orthanc, **asked: str) -> set[str]:
    """The persons that C-FIND gives."""
    entity, query = AE(), Dataset()
    entity.add_requested_context(PatientRootQueryRetrieveInformationModelFind)
    query.QueryRetrieveLevel = "PATIENT"
    for keyword, value in asked.items():
        setattr(query, keyword, value)
    association = entity.associate("127.0.0.1", orthanc.dicom_port, ae_title=orthanc.aet)
    assert association.is_established
    answers = association.send_c_find(query, PatientRootQueryRetrieveInformationModelFind)
    matches = {str(one.PatientID) for _, one in answers if one is not None}
    association.release()
    return matches


def test_the_samples_are_the_same_each_time_and_cover_what_harvesters_count() -> None:
    first, second = (list(dicom_samples.instances()) for _ in range(2))
    assert [dicom_samples.encoded(one) for one in first] == [dicom_samples.encoded(one) for one in second]
    assert dicom_samples.counts(first) == {"persons": 24, "studies": 36, "series": 48, "instances": 84}
    assert dicom_samples.persons_by(first, "Modality") == {"CT": 24, "MR": 12, "SEG": 12}
    assert dicom_samples.persons_by(first, "BodyPartExamined") == {"CHEST": 24, "BRAIN": 12}
    assert dicom_samples.persons_by(first, "PatientSex") == {"F": 12, "M": 12}
    assert len(dicom_samples.persons_by(first, "PatientAge")) > 10
    text = b"".join(dicom_samples.encoded(one) for one in first)
    assert all(canary.encode() in text for canary in dicom_samples.CANARIES)


def test_postgres_answers(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_virtuoso_selects_what_was_loaded(virtuoso: Virtuoso) -> None:
    graph = "http://data.example.org/servers"
    virtuoso.load('<http://data.example.org/1> <http://purl.org/dc/terms/title> "Überblick"@de .'.encode(), graph)
    query = f"SELECT ?title FROM <{graph}> {{ ?one <http://purl.org/dc/terms/title> ?title }}"
    rows = json.loads(got(virtuoso.query, "application/sparql-results+json", query=query))["results"]["bindings"]
    assert [(row["title"]["value"], row["title"]["xml:lang"]) for row in rows] == [("Überblick", "de")]


def test_ckan_finds_what_was_created_and_tells_it_as_rdf(ckan: Ckan) -> None:
    ckan.clear()
    made = ckan.create(health_dataset(name="first", title="First"))
    since = ckan.create(health_dataset(name="second", title="Second"))["metadata_modified"]
    search = f"{ckan.url}/api/3/action/package_search"
    assert names(got(search)) == {"first", "second"}
    assert names(got(search, rows="1", sort="metadata_modified desc")) == {"second"}
    assert names(got(search, rows="1", start="1", sort="metadata_modified desc")) == {"first"}
    assert names(got(search, fq=f"metadata_modified:[{since}Z TO *]")) == {"second"}
    assert names(got(search, fq=f"metadata_modified:[* TO {since}Z}}")) == {"first"}
    whole_second = made["metadata_modified"][:19]
    assert names(got(search, fq=f"metadata_modified:[{whole_second}Z TO *]")) == {"first", "second"}
    assert names(got(search, fq=f'id:("{made["id"]}" OR "x")')) == {"first"}
    told = turtle(f"{ckan.url}/dataset/first.ttl")
    [one] = told.instances(DCAT.Dataset)
    assert told.text(one, DCT.title) == "First"
    assert told.text(one, HEALTH.numberOfRecords) == "123456"
    assert b"Second" in got(f"{ckan.url}/catalog.ttl", "text/turtle")
    assert "First" in {one["title"] for one in json.loads(got(f"{ckan.url}/dcat.json"))}
    ckan.delete("second")
    assert names(got(search)) == {"first"}
    ckan.clear()
    assert names(got(search)) == set()


def names(answer: bytes) -> set[str]:
    return {one["name"] for one in json.loads(answer)["result"]["results"]}


def test_a_fair_data_point_shows_what_is_published_to_everybody(fdp: Fdp) -> None:
    catalogue = fdp.create_catalog(f'{PREFIXES} <> a dcat:Catalog ; dct:title "All"@en .')
    shown = fdp.create_dataset(f'{PREFIXES} <> a dcat:Dataset ; dct:title "Shown"@en .', catalogue)
    draft = fdp.create_dataset(f'{PREFIXES} <> a dcat:Dataset ; dct:title "Draft"@en .', catalogue, published=False)
    file = fdp.create_distribution(f'{PREFIXES} <> a dcat:Distribution ; dct:title "File"@en .', shown)
    assert catalogue in linked(fdp.url, SERVES)
    assert linked(catalogue, DCAT.dataset) == {shown, draft}
    assert linked(shown, DCAT.distribution) == {file}
    assert turtle(shown).value(NamedNode(shown), DCT.title) == Literal("Shown", language="en")
    with pytest.raises(HTTPError, match="404"):
        turtle(draft)
    fdp.publish(draft)
    fdp.replace(draft, f'{PREFIXES} <> a dcat:Dataset ; dct:title "Changed"@en ; dct:isPartOf <{catalogue}> .')
    assert turtle(draft).text(NamedNode(draft), DCT.title) == "Changed"
    fdp.delete(draft)
    assert linked(catalogue, DCAT.dataset) == {shown}


def turtle(iri: str) -> Graph:
    return Graph(parse(got(iri, "text/turtle"), "text/turtle", base=iri))


def linked(iri: str, link: NamedNode) -> set[str]:
    return {str(getattr(one, "value", "")) for one in turtle(iri).objects(NamedNode(iri), link)}


# --- on loopback only ------------------------------------------------------------------------------------------------


def test_nothing_listens_on_other_addresses(
    orthanc: Orthanc, postgres: str, virtuoso: Virtuoso, ckan: Ckan, fdp: Fdp
) -> None:
    listeners = ours_listening()
    addresses = (orthanc.rest, orthanc.dimse, postgres, virtuoso.query, ckan.url, fdp.url)
    assert {port_of(address) for address in addresses} <= {port for _, port in listeners}
    assert [(str(address), port) for address, port in listeners if not address.is_loopback] == []


def test_a_server_on_every_address_is_noticed(tmp_path: Path) -> None:
    port = free_port()
    code = f"import socket, time; held = socket.create_server(('0.0.0.0', {port})); time.sleep(60)"
    everywhere = (ip_address("0.0.0.0"), port)
    with started([sys.executable, "-c", code], tmp_path / "log", lambda: everywhere in ours_listening()):
        assert everywhere in ours_listening()
    assert everywhere not in ours_listening()


def port_of(address: str) -> int:
    return int(address.split("127.0.0.1:")[1].split("/")[0])


def ours_listening() -> set[tuple[IPv4Address | IPv6Address, int]]:
    """The addresses on which this process and those it started listen (Linux, proc(5))."""
    sockets = {link for process in family(os.getpid()) for link in open_files(process)}
    held = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text("ascii").splitlines()[1:]:
            local, state, inode = (line.split()[column] for column in (1, 3, 9))
            if state == "0A" and f"socket:[{inode}]" in sockets:
                address, port = local.split(":")
                held.add((unpacked(address), int(port, 16)))
    return held


def unpacked(address: str) -> IPv4Address | IPv6Address:
    """An address as /proc/net writes it: 32-bit words, each in the order of the machine."""
    words = [int(address[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(address), 8)]
    return ip_address(b"".join(words))


def family(process: int) -> list[int]:
    """A process with all below it."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue  # has ended meanwhile
    members = [process]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def open_files(process: int) -> set[str]:
    links = set()
    try:
        for link in Path(f"/proc/{process}/fd").iterdir():
            links.add(str(link.readlink()))
    except OSError:
        pass  # has ended meanwhile, or closed that file
    return links


# --- nothing is left -------------------------------------------------------------------------------------------------


def test_a_server_ends_with_the_tests_even_if_these_are_killed() -> None:
    program("setpriv")
    code = (
        "import sys, time\nfrom tests.live.servers.postgres import postgres\n"
        "with postgres() as address:\n    print(address, flush=True)\n    time.sleep(60)\n"
    )
    tests = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with tests:
        assert tests.stdout is not None
        address = tests.stdout.readline().strip()
        below = family(tests.pid)[1:]
        assert below
        with psycopg.connect(address) as connection:
            [data] = connection.execute("SHOW data_directory").fetchone() or ("",)
        tests.send_signal(signal.SIGKILL)
        tests.wait(10)
        ended(below)
    shutil.rmtree(Path(data).parent)


def ended(processes: list[int]) -> None:
    """Wait until they have; a process that nobody asked for its exit code yet counts as ended."""
    until = time.monotonic() + 20
    while left := [one for one in processes if running(one)]:
        assert time.monotonic() < until, left
        time.sleep(0.05)


def running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_test_that_fails_leaves_neither_process_nor_file() -> None:
    folders: list[Path] = []
    processes: list[int] = []

    def server(folder: Path) -> Any:
        folders.append(folder)
        return started([sys.executable, "-c", "import time; time.sleep(60)"], folder / "log", lambda: True)

    def failing() -> None:
        with live(server) as process:
            processes.append(process.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert not folders[0].exists()
    ended(processes)


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", NotInstalled)])
def test_what_is_not_installed_skips_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)

    @contextmanager
    def server(_: Path) -> Iterator[None]:
        raise NotInstalled("A program", "install it")
        yield

    # Both are caught, or a skip where a failure is due would skip this test, too.
    either = (pytest.skip.Exception, NotInstalled)
    with pytest.raises(either, match="A program is not there: install it") as raised, live(server):
        raise AssertionError
    assert raised.type is outcome
