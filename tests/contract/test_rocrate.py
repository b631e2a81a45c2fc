"""RO-Crates: where the root is found, what is made of it, and what of a crate is not told."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from catalogue.graphs import NamedNode
from catalogue.model import Description, NoteKind, Rejected, Untouched
from catalogue.names import DCAT, DCT, EU, FOAF
from catalogue.ports import Past
from tests.contract.harvesting import harvested as harvest
from tests.contract.harvesting import only, texts
from tests.kinds import rocrate
from tests.kinds.rocrate import crate
from tests.live.conftest import running


def put(folder: Path, place: str, content: str) -> None:
    """Write a crate's metadata in a folder."""
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text(content, "utf-8")


def one_of(folder: Path, *entities: dict[str, Any], **root: Any) -> Description:
    """The description of the one crate in a folder."""
    put(folder, "mine/ro-crate-metadata.json", crate(*entities, **root))
    return only(harvest(rocrate.source(folder)))


def test_the_root_of_a_crate_is_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    person = {"@id": "https://orcid.org/0000-0001-5727-2427", "@type": "Person", "name": "Jane Doe"}
    files = [{"@id": f"scan{number}.dcm", "@type": "File"} for number in range(50)]
    nested = {"@id": "https://data.example.org/part", "@type": "Dataset", "name": "A part"}
    (tmp_path / "mine" / "ro-crate-metadata.json").write_text(
        crate(
            person, nested, *files, author={"@id": person["@id"]}, license={"@id": "https://spdx.org/licenses/CC-BY-4.0"},
            hasPart=[{"@id": one["@id"]} for one in (*files, nested)],
        ),
        "utf-8",
    )  # fmt: skip
    one = only(harvest(rocrate.source(tmp_path)))
    assert one.iri == "http://127.0.0.1/dataset/ro/mine"
    assert texts(one, DCT.creator) == {person["@id"]}
    assert texts(one, DCT.license) == {EU + "licence/CC_BY_4_0"}
    assert texts(one, DCT.hasPart) == {nested["@id"]}
    assert [note.raw for note in one.notes if note.field == "files"] == ["50"]


def test_every_shared_crate_is_described(shared: Path) -> None:
    found = harvest(rocrate.source(shared / "nodes" / "rocrate"))
    assert len(found) == 2
    for one in found:
        assert isinstance(one, Description)
        assert not [note for note in one.notes if note.reason.startswith("no line")]


def test_a_zipped_crate_is_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        written.writestr("ro-crate-metadata.json", crate(identifier="https://doi.org/10.5072/crate"))
        written.writestr("data.csv", "x")
    (tmp_path / "crate.zip").write_bytes(packed.getvalue())
    assert only(harvest(rocrate.source(tmp_path / "crate.zip"))).iri == "https://doi.org/10.5072/crate"
    with running() as site:
        site.page("/crate.zip", packed.getvalue(), "application/zip")
        assert only(harvest(rocrate.source(f"{site.url}/crate.zip"))).iri == "https://doi.org/10.5072/crate"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[", "not whole JSON"),
        ('{"@graph": []}', "no root data entity"),
        (crate().replace("Dataset", "Thing"), "no root data entity"),
        (crate(name=""), "name"),
    ],
)
def test_what_is_no_crate_is_rejected(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "ro-crate-metadata.json").write_text(content, "utf-8")
    [one] = harvest(rocrate.source(tmp_path))
    assert isinstance(one, Rejected)
    assert words in one.problem


def test_two_crates_with_one_identifier_are_told_apart_or_refused(tmp_path: Path) -> None:
    for name, title in (("a", "A"), ("b", "B")):
        (tmp_path / name).mkdir()
        content = crate(identifier="https://doi.org/10.5072/same", name=title)
        (tmp_path / name / "ro-crate-metadata.json").write_text(content, "utf-8")
    one, two = harvest(rocrate.source(tmp_path))
    assert isinstance(one, Description)
    assert isinstance(two, Rejected)
    assert "described twice" in two.problem


def test_a_profile_that_the_crate_describes_is_conformed_to(tmp_path: Path) -> None:
    profile = {"@id": "https://w3id.org/5s-crate/1.0", "@type": ["CreativeWork", "Profile"], "name": "Five Safes"}
    one = one_of(tmp_path, profile, conformsTo=[{"@id": profile["@id"]}])
    assert texts(one, DCT.conformsTo) == {profile["@id"]}


def test_the_descriptor_of_a_crate_inside_is_not_that_of_the_crate(tmp_path: Path) -> None:
    inner = {"@id": "sub/ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "sub/"}}
    sub = {"@id": "sub/", "@type": "Dataset", "name": "Inside"}
    held = json.loads(crate(sub))
    held["@graph"].insert(0, inner)
    put(tmp_path, "ro-crate-metadata.json", json.dumps(held))
    assert texts(only(harvest(rocrate.source(tmp_path))), DCT.title) == {"A crate"}


@pytest.mark.parametrize(
    "about",
    [{"@id": "./"}, "./", [{"@id": "./"}], {"@id": "."}],
)
@pytest.mark.parametrize(
    "descriptor", ["ro-crate-metadata.json", "ro-crate-metadata.jsonld", "./ro-crate-metadata.json"]
)
def test_the_root_is_found_however_it_is_named(tmp_path: Path, about: Any, descriptor: str) -> None:
    held = json.loads(crate())
    held["@graph"][0] |= {"about": about, "@id": descriptor}
    put(tmp_path, "ro-crate-metadata.json", json.dumps(held))
    assert only(harvest(rocrate.source(tmp_path)))


@pytest.mark.parametrize(("standard", "found"), [("https://w3id.org/ro/crate/1.1", True), ("https://x.example", False)])
def test_a_descriptor_with_an_address_is_known_by_what_it_conforms_to(
    tmp_path: Path, standard: str, found: bool
) -> None:
    held = json.loads(crate())
    held["@graph"][0] |= {"@id": "https://w.example/1/ro-crate-metadata.json", "conformsTo": {"@id": standard}}
    put(tmp_path, "ro-crate-metadata.json", json.dumps(held))
    [one] = harvest(rocrate.source(tmp_path))
    assert isinstance(one, Description) is found


def test_a_detached_crate_has_a_prefix_before_its_name(tmp_path: Path) -> None:
    put(tmp_path, "heart-ro-crate-metadata.json", crate(name="Heart"))
    put(tmp_path, "lung-ro-crate-metadata.json", crate(name="Lung"))
    found = {one.iri for one in harvest(rocrate.source(tmp_path)) if isinstance(one, Description)}
    assert found == {"http://127.0.0.1/dataset/ro/heart", "http://127.0.0.1/dataset/ro/lung"}


def test_crates_in_folders_of_one_name_are_two(tmp_path: Path) -> None:
    put(tmp_path, "a/data/ro-crate-metadata.json", crate(name="A"))
    put(tmp_path, "b/data/ro-crate-metadata.json", crate(name="B"))
    found = harvest(rocrate.source(tmp_path))
    assert all(isinstance(one, Description) for one in found)
    assert [texts(one, DCT.identifier) for one in found if isinstance(one, Description)] == [{"a/data"}, {"b/data"}]


def test_crates_in_archives_are_named_by_archive_and_folder(tmp_path: Path) -> None:
    for name in ("x", "y"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as packed:
            packed.writestr("in/ro-crate-metadata.json", crate(name=name))
            packed.writestr("ro-crate-metadata.json", crate(name=f"{name} whole"))
    found = [one for one in harvest(rocrate.source(tmp_path)) if isinstance(one, Description)]
    assert [texts(one, DCT.identifier) for one in found] == [{"x/in"}, {"x"}, {"y/in"}, {"y"}]


def test_no_person_of_a_crate_comes_out_but_who_made_it(tmp_path: Path) -> None:
    author = {"@id": "#jane", "@type": "Person", "name": "Jane Doe", "email": "jane@private.example",
              "contactPoint": {"@type": "ContactPoint", "email": "data@h.example"}}  # fmt: skip
    patient = {"@id": "#p1", "@type": "Person", "name": "John CANARY", "birthDate": "1970-01-01"}
    file = {"@id": "sub-CANARY/scan.dcm", "@type": "File", "about": {"@id": "#p1"}}
    one = one_of(
        tmp_path, author, patient, file, author={"@id": "#jane"}, about=[{"@id": "#p1"}],
        hasPart=[{"@id": file["@id"]}], participants=[{"@id": "#p1"}], firstPatient="#p1", mentions=[{"@id": "#p1"}],
        thumbnail={"@id": file["@id"]},
    )  # fmt: skip
    told = one.canonical.content.decode() + repr(one.notes) + one.original.content.decode()
    for canary in ("CANARY", "private.example", "1970"):
        assert canary not in told, canary
    assert "Jane Doe" in told
    assert "data@h.example" in one.original.content.decode()
    withheld = {note.field for note in one.notes if note.kind is NoteKind.SUPPRESSED}
    assert withheld == {"author.email", "about"}
    counted = {note.field: note.raw for note in one.notes if note.kind is NoteKind.UNMAPPED}
    assert counted["participants"] == counted["firstPatient"] == "1 values"
    assert (counted["files"], counted["mentions"]) == ("1", "1")
    assert "mainEntity" not in counted


def test_terms_of_the_context_are_names_of_schema_org(tmp_path: Path) -> None:
    """As the crates of the BioImage Archive are written."""
    held = json.loads(crate(
        {"@id": "https://orcid.org/0000-0003-3862-8349", "@type": "bia:Contributor", "display_name": "R. T."},
        **{"@type": ["bia:Study", "so:Dataset"], "contributor": ["https://orcid.org/0000-0003-3862-8349"]},
    ))  # fmt: skip
    held["@context"] = {
        "so": "http://schema.org/", "display_name": {"@id": "so:name"}, "bia": "http://bia/",
        "contributor": {"@id": "so:author", "@type": "@id"},
    }  # fmt: skip
    put(tmp_path, "ro-crate-metadata.json", json.dumps(held))
    one = only(harvest(rocrate.source(tmp_path)))
    [author] = one.graph.objects(NamedNode(one.iri), DCT.creator)
    assert one.graph.text(author, FOAF.name, "en") == "R. T."  # type: ignore[arg-type]


def test_a_crate_known_by_its_doi_says_so_in_any_form(tmp_path: Path) -> None:
    doi = {"@id": "#doi", "@type": "PropertyValue", "propertyID": "https://registry.identifiers.org/registry/doi",
           "value": "doi:10.4225/59/ABC"}  # fmt: skip
    assert one_of(tmp_path, doi, identifier={"@id": "#doi"}).iri == "https://doi.org/10.4225/59/abc"
    one = one_of(tmp_path, **{"cite-as": "https://doi.org/10.4225/59/abc"})
    assert one.iri == "https://doi.org/10.4225/59/abc"


def test_a_download_of_a_crate_is_where_it_is_called(tmp_path: Path) -> None:
    archive = {"@id": "https://z.example/1/crate.zip", "@type": "DataDownload", "encodingFormat": "application/zip"}
    one = one_of(tmp_path, archive, distribution={"@id": archive["@id"]})
    assert one.graph.value(NamedNode(archive["@id"]), DCAT.downloadURL) == NamedNode(archive["@id"])


def test_where_a_crate_came_from_does_not_name_it(tmp_path: Path) -> None:
    one = one_of(tmp_path, url="https://github.example/code/it")
    assert one.iri == "http://127.0.0.1/dataset/ro/mine"
    one = one_of(tmp_path, url="https://github.example/code/it", identifier="ABC-1")
    assert one.iri == "http://127.0.0.1/dataset/ro/ABC-1"
    assert one_of(tmp_path, **{"@id": "./", "identifier": []}).iri == "http://127.0.0.1/dataset/ro/mine"


def test_a_crate_with_an_address_has_no_other_identifier(tmp_path: Path) -> None:
    held = json.loads(crate())
    held["@graph"][0]["about"] = {"@id": "https://w.example/crate"}
    held["@graph"][1]["@id"] = "https://w.example/crate"
    put(tmp_path, "mine/ro-crate-metadata.json", json.dumps(held))
    one = only(harvest(rocrate.source(tmp_path)))
    assert (one.iri, texts(one, DCT.identifier)) == (held["@graph"][1]["@id"], {held["@graph"][1]["@id"]})


def test_a_folder_of_the_crate_is_no_part_of_the_dataset(tmp_path: Path) -> None:
    folder = {"@id": "sub/", "@type": "Dataset", "name": "Folder"}
    one = one_of(tmp_path, folder, hasPart=[{"@id": "sub/"}])
    assert texts(one, DCT.hasPart) == set()
    assert {note.raw for note in one.notes if note.field == "files"} == {"1"}
    assert not [note for note in one.notes if note.field.startswith("hasPart")]


def test_many_files_leave_room_for_who_made_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters._linked_record.LARGEST", 3)
    files = [{"@id": f"{number}.dcm", "@type": "File"} for number in range(5)]
    jane = {"@id": "#jane", "@type": "Person", "name": "Jane"}
    one = one_of(tmp_path, jane, *files, hasPart=[{"@id": one["@id"]} for one in files], author={"@id": "#jane"})
    [author] = one.graph.objects(NamedNode(one.iri), DCT.creator)
    assert one.graph.text(author, FOAF.name, "en") == "Jane"  # type: ignore[arg-type]


def test_the_language_of_a_crate_is_that_of_its_texts(tmp_path: Path) -> None:
    held = json.loads(crate(name="Herz"))
    held["@context"] = ["https://w3id.org/ro/crate/1.1/context", {"@language": "de"}]
    put(tmp_path, "ro-crate-metadata.json", json.dumps(held))
    one = only(harvest(rocrate.source(tmp_path)))
    assert one.graph.text(NamedNode(one.iri), DCT.title, "de") == "Herz"


def test_equal_crates_are_two_and_each_is_untouched_while_it_is_there(tmp_path: Path) -> None:
    for name in "ab":
        put(tmp_path, f"{name}/ro-crate-metadata.json", crate())
    one, two = harvest(rocrate.source(tmp_path))
    assert isinstance(one, Description)
    assert isinstance(two, Description)
    assert one.original.container != two.original.container
    [again, other] = harvest(rocrate.source(tmp_path), Past(frozenset({one.original.container})))
    assert again == Untouched(one.original.container)
    assert isinstance(other, Description)


def test_two_crates_of_one_archive_on_the_web_are_two() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for name in "ab":
            written.writestr(f"{name}/ro-crate-metadata.json", crate(name=name))
    with running() as site:
        site.page("/crates.zip", packed.getvalue(), "application/zip")
        found = harvest(rocrate.source(f"{site.url}/crates.zip"))
    assert [one.iri.rpartition("/")[2] for one in found if isinstance(one, Description)] == ["a", "b"]


def test_what_is_endlessly_deep_is_no_crate(tmp_path: Path) -> None:
    put(tmp_path, "ro-crate-metadata.json", '{"@graph":' + '{"a":' * 800 + "1" + "}" * 801)
    [one] = harvest(rocrate.source(tmp_path))
    assert isinstance(one, Rejected)
