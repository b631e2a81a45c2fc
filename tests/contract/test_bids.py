"""BIDS datasets: every example is described, participants leave as counts only, modalities by their folders."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import CAT, DCAT, DCT, EUCAIM, FOAF, HEALTH
from tests.contract.harvesting import groups, harvested, only, texts
from tests.kinds.bids import dataset, source


def harvest(folder: Path, **options: str) -> list[Harvested]:
    return harvested(source(folder, **options))


def described(folder: Path, **options: str) -> Description:
    return only(harvest(folder, **options))


def test_every_shared_example_is_described(shared: Path) -> None:
    folder = shared / "nodes" / "bids" / "bids-standard__bids-examples"
    found = harvest(folder)
    assert len(found) == len(list(folder.rglob("dataset_description.json"))) >= 40
    left = 0
    for one in found:
        assert isinstance(one, Description)
        assert texts(one, DCT.title)
        left += len([note for note in one.notes if note.reason.startswith("no line")])
    assert left == 0


def test_participants_leave_as_counts(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    one = described(tmp_path / "one")
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"24"}
    assert set(groups(one, CAT.personsBySex).values()) == {12}
    assert texts(one, EUCAIM.hasImageModality) == {EUCAIM.IMG1000022.value}
    assert "age" in {note.field for note in one.notes if note.kind is NoteKind.SUPPRESSED}


@settings(max_examples=40, deadline=None)
@given(ages=st.lists(st.integers(0, 130), max_size=60), least=st.sampled_from((5, 10)))
def test_no_group_is_smaller_than_allowed(ages: list[int], least: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dataset(Path(folder) / "one", participants=0)
        rows = "".join(f"sub-{number}\t{age}\t{'FMO'[age % 3]}\n" for number, age in enumerate(ages))
        (Path(folder) / "one" / "participants.tsv").write_text("participant_id\tage\tsex\n" + rows, "utf-8")
        one = described(Path(folder), suppress=str(least))
    for metric in (CAT.personsByAge, CAT.personsBySex):
        shown = groups(one, metric)
        rest = len(ages) - sum(shown.values())
        assert all(number >= least for number in shown.values())
        assert not shown or rest == 0 or rest >= least
    if len(ages) < least:
        assert not texts(one, HEALTH.numberOfUniqueIndividuals)


def test_without_a_table_the_folders_of_subjects_are_counted(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    (tmp_path / "one" / "participants.tsv").unlink()
    assert texts(described(tmp_path), HEALTH.numberOfUniqueIndividuals) == {"24"}


def test_derivatives_are_datasets_of_their_own_and_a_doi_is_the_iri(tmp_path: Path) -> None:
    dataset(tmp_path / "one", DatasetDOI="doi:10.5072/One")
    dataset(tmp_path / "one" / "derivatives" / "maps", participants=0)
    one, two = harvest(tmp_path)
    assert isinstance(one, Description)
    assert isinstance(two, Description)
    assert one.iri == "https://doi.org/10.5072/one"
    assert two.iri == "http://127.0.0.1/dataset/brain/one-derivatives-maps-e58a38fd"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("dataset_description.json", "{", "not whole JSON"),
        ("dataset_description.json", json.dumps({"BIDSVersion": "1.0"}), "Name"),
        ("participants.tsv", "CANARY\t1\n", "no table of participants"),
        ("participants.tsv", "subject\tage\nCANARY\t3\n", "no table of participants"),
    ],
)
def test_what_is_not_as_it_should_be_is_rejected_without_a_value(
    tmp_path: Path, name: str, content: str, words: str
) -> None:
    dataset(tmp_path / "one")
    dataset(tmp_path / "two")
    (tmp_path / "one" / name).write_text(content, "utf-8")
    one, two = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert words in one.problem
    assert "CANARY" not in repr(one)
    assert isinstance(two, Description)


def test_nothing_in_the_folder_of_a_participant_is_a_dataset(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    dataset(tmp_path / "one" / "derivatives" / "sub-CANARY1", participants=0)
    assert "CANARY" not in repr(described(tmp_path))


def test_a_folder_without_datasets_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"there is no dataset_description\.json"):
        harvest(tmp_path)


def people(folder: Path, rows: list[str], explained: Any = None) -> Description:
    """A dataset with this table of participants, header first, and what explains its columns."""
    dataset(folder, participants=0)
    (folder / "participants.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    if explained is not None:
        text = explained if isinstance(explained, str) else json.dumps(explained)
        (folder / "participants.json").write_text(text, "utf-8")
    return described(folder)


def reasons(one: Description, field: str) -> list[str]:
    return [note.reason for note in one.notes if note.field == field and note.kind is NoteKind.UNMAPPED]


HEUDICONV = {
    "Name": "Brain",
    "Authors": ["TODO:", "First1 Last1", "First2 Last2", "...", "Ada Lovelace"],
    "Acknowledgements": "TODO: whom you want to acknowledge",
    "License": "RECOMMENDED. The license for the dataset.",
    "Funding": ["TODO", "GRANT #1", "GRANT #2"],
    "ReferencesAndLinks": ["TODO", "List of papers or websites"],
    "DatasetDOI": "TODO: eventually a DOI for the dataset",
    "SourceDatasets": [{"URL": "https://doi.org/TODO: eventually a DOI for the dataset", "DOI": "n/a"}],
}


def test_placeholders_of_the_programs_that_make_the_folders_are_not_taken_for_facts(tmp_path: Path) -> None:
    dataset(tmp_path / "one", **HEUDICONV)
    one = described(tmp_path / "one")
    names = {str(one.graph.value(node, FOAF.name)) for node in one.graph.instances(FOAF.Agent)}
    assert names == {'"Ada Lovelace"@en'}
    assert one.iri == "http://127.0.0.1/dataset/brain/one"
    said = "".join(map(str, one.graph))
    assert not [word for word in ("TODO", "GRANT", "RECOMMENDED", "List of papers", "n/a") if word in said]
    left = [note.field for note in one.notes if note.reason == "a placeholder that nobody replaced"]
    assert len(left) == 14
    assert "SourceDatasets.URL" in left


def test_a_name_that_is_a_placeholder_is_no_name(tmp_path: Path) -> None:
    dataset(tmp_path / "one", Name="TODO: name of the dataset")
    [one] = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert one.problem == "Name is a placeholder that nobody replaced"
    assert one.remedy == "write the name of the dataset into dataset_description.json"


@pytest.mark.parametrize(
    ("said", "iri", "left"),
    [
        ("doi:10.18112/OpenNeuro.ds1", "https://doi.org/10.18112/openneuro.ds1", []),
        ("DOI: 10.18112/openneuro.ds1 ", "https://doi.org/10.18112/openneuro.ds1", []),
        ("http://dx.doi.org/10.18112/openneuro.ds1", "https://doi.org/10.18112/openneuro.ds1", []),
        ("10.1002/(SICI)1096<1::AID>3.0", "https://doi.org/10.1002/(sici)1096%3C1::aid%3E3.0", []),
        ("https://openneuro.org/datasets/ds1", "http://127.0.0.1/dataset/brain/one", []),
        ("to be had", "http://127.0.0.1/dataset/brain/one", ["not a DOI, such as 10.18112/openneuro.ds000001"]),
        ("n/a", "http://127.0.0.1/dataset/brain/one", ["a placeholder that nobody replaced"]),
        (None, "http://127.0.0.1/dataset/brain/one", []),
    ],
)
def test_only_a_doi_is_the_iri(tmp_path: Path, said: str | None, iri: str, left: list[str]) -> None:
    dataset(tmp_path / "one", DatasetDOI=said, SourceDatasets=[{"DOI": said}])
    one = described(tmp_path / "one")
    assert one.iri == iri
    assert reasons(one, "DatasetDOI") == reasons(one, "SourceDatasets.DOI") == left
    address = iri if iri.startswith("https://doi.org/") else said if said and said.startswith("https:") else None
    assert texts(one, DCAT.landingPage) == texts(one, DCT.source) == ({address} if address else set())


def test_what_older_datasets_write_as_one_text_is_read(tmp_path: Path) -> None:
    said = {"Authors": "A, B", "ReferencesAndLinks": "https://a.example/", "BIDSVersion": 1.0}
    dataset(tmp_path / "one", **said, GeneratedBy={"Name": "fMRIPrep"}, SourceDatasets={"DOI": "10.1234/x"})
    one = described(tmp_path / "one")
    assert texts(one, FOAF.page) == {"https://a.example/"}
    assert texts(one, DCT.source) == {"https://doi.org/10.1234/x"}
    assert [note for note in one.notes if note.kind is NoteKind.UNMAPPED] == []


@pytest.mark.parametrize("description", ["[" * 400 + "]" * 400, "[" * 9000 + "]" * 9000, "null", "\ufeff{"])
def test_no_json_ends_the_visit(tmp_path: Path, description: str) -> None:
    dataset(tmp_path / "one")
    dataset(tmp_path / "two")
    (tmp_path / "one" / "dataset_description.json").write_text(description, "utf-8")
    one, two = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "not whole JSON" in one.problem
    assert isinstance(two, Description)


def test_half_a_character_is_left_out(tmp_path: Path) -> None:
    dataset(tmp_path / "one", Name="Br\ud83eain", Odd="x\ud83e")
    assert texts(described(tmp_path / "one"), DCT.title) == {"Brain"}


def test_animals_are_no_persons(tmp_path: Path) -> None:
    mice = [f"sub-{number}\t3\tM\tmus musculus" for number in range(20)]
    one = people(tmp_path / "one", ["participant_id\tage\tsex\tspecies", *mice])
    assert not texts(one, HEALTH.numberOfUniqueIndividuals)
    assert not groups(one, CAT.personsBySex)
    assert reasons(one, "species")
    humans = [f"sub-h{number}\t3\tF\t{name}" for number, name in enumerate(("Homo sapiens", "n/a", "human") * 5)]
    both = people(tmp_path / "one", ["participant_id\tage\tsex\tspecies", *mice, *humans])
    assert texts(both, HEALTH.numberOfUniqueIndividuals) == {"15"}
    assert set(groups(both, CAT.personsBySex).values()) == {15}


@pytest.mark.parametrize(
    ("explained", "shown"),
    [
        ({"age": {"Units": "months"}}, {"00-04": 20}),
        ({"age": {"Units": "Weeks"}}, {"00-04": 20}),
        ({"age": {"Units": "days"}}, {"00-04": 20}),
        ({"Age": {"Units": "years"}}, {"35-39": 20}),
        ({"age": {"Description": "age"}}, {"35-39": 20}),
        ({"age": "of the participant"}, {"35-39": 20}),
        ({"age": {"Units": "gestational weeks"}}, {}),
        ("{", {}),
        ("[]", {}),
    ],
)
def test_ages_are_read_in_their_unit_or_not_at_all(tmp_path: Path, explained: Any, shown: dict[str, int]) -> None:
    one = people(tmp_path / "one", ["participant_id\tage", *(f"sub-{number}\t36.5" for number in range(20))], explained)
    assert groups(one, CAT.personsByAge) == shown
    assert bool(reasons(one, "age")) is not bool(shown)


def test_codes_of_sex_are_read_as_the_dataset_explains_them(tmp_path: Path) -> None:
    rows = ["participant_id\tSex", *(f"sub-{number}\t{'12w'[number % 3]}" for number in range(36))]
    levels = {"1": "male", "2": {"Description": "female"}, "w": {"Label": "Female"}}
    one = people(tmp_path / "one", rows, {"sex": {"Levels": levels}})
    assert sorted(groups(one, CAT.personsBySex).values()) == [12, 24]
    swapped = people(tmp_path / "two", [row.replace("w", "M") for row in rows], {"Sex": {"Levels": {"M": "female"}}})
    assert groups(swapped, CAT.personsBySex) == {EUCAIM.COM1001370.value: 12}


def test_a_quotation_mark_swallows_no_participants(tmp_path: Path) -> None:
    rows = [
        "participant_id\tnote\tsex",
        'sub-0\t"scar\tF',
        *(f'sub-{number}\tx\t"F"' for number in range(1, 20)),
        "\t\t",
    ]
    one = people(tmp_path / "one", rows)
    assert texts(one, HEALTH.numberOfUniqueIndividuals) == {"20"}
    assert set(groups(one, CAT.personsBySex).values()) == {20}


def test_names_of_folders_that_bids_does_not_know_stay_here(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    (tmp_path / "one" / "sub-CANARY1" / "JaneCANARY").mkdir()
    (tmp_path / "one" / "sub-CANARY1" / "ses-CANARY" / "pet").mkdir()
    one = described(tmp_path / "one")
    assert "CANARY" not in repr(one)
    assert EUCAIM.IMG1000062.value in texts(one, EUCAIM.hasImageModality)
    assert reasons(one, "datatype")


def test_content_that_is_not_in_the_clone_is_said(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        dataset(tmp_path / name)
    for place in ("one/dataset_description.json", "two/participants.tsv", "three/participants.json"):
        (tmp_path / place).unlink(missing_ok=True)
        (tmp_path / place).symlink_to(".git/annex/objects/gone")
    one, three, two = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "not here" in one.problem
    assert "datalad get" in one.remedy
    assert isinstance(two, Description)
    assert texts(two, HEALTH.numberOfUniqueIndividuals) == {"24"}
    assert reasons(two, "participants.tsv")
    assert isinstance(three, Description)
    assert reasons(three, "age")


def test_a_folder_that_may_not_be_read_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        dataset(tmp_path / name)
    (tmp_path / "shut").mkdir()
    listed, iterated = os.scandir, Path.iterdir

    def scandir(path: Any) -> Any:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return listed(path)

    def iterdir(self: Path) -> Any:
        if self.name == "sub-CANARY1" and self.parent.name == "one":
            raise PermissionError(13, "Permission denied", os.fspath(self))
        return iterated(self)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "iterdir", iterdir)
    shut, one, two = harvest(tmp_path)
    assert isinstance(shut, Rejected)
    assert isinstance(one, Rejected)
    assert (shut.where, one.where) == (f"{tmp_path}/shut", f"{tmp_path}/one")
    assert "CANARY" not in repr((shut, one))
    assert one.problem == "the folder cannot be read: Permission denied"
    assert isinstance(two, Description)


def test_folders_of_participants_and_hidden_ones_are_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset(tmp_path / "one")
    dataset(tmp_path / "one" / ".git" / "modules")
    seen: list[str] = []
    listed = os.scandir

    def scandir(path: Any) -> Any:
        seen.append(os.fspath(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert isinstance(described(tmp_path), Description)
    assert not [place for place in seen if place.endswith("modules") or "ses-" in place]


def test_counts_go_out_from_the_threshold_on_and_none_is_no_small_count(tmp_path: Path) -> None:
    dataset(tmp_path / "ten", participants=10)
    (tmp_path / "ten" / "sub-list.txt").write_text("", "utf-8")
    (tmp_path / "ten" / "participants.tsv").unlink()
    assert texts(described(tmp_path / "ten"), HEALTH.numberOfUniqueIndividuals) == {"10"}
    dataset(tmp_path / "none", participants=0)
    assert [note for note in described(tmp_path / "none").notes if note.kind is NoteKind.SUPPRESSED] == []


def test_folders_of_animals_are_not_counted_in_place_of_their_rows(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    rows = [f"sub-CANARY{number}\trattus norvegicus" for number in range(24)]
    (tmp_path / "one" / "participants.tsv").write_text("\n".join(["participant_id\tspecies", *rows]), "utf-8")
    assert not texts(described(tmp_path / "one"), HEALTH.numberOfUniqueIndividuals)


def test_ages_that_no_person_has_are_unknown(tmp_path: Path) -> None:
    ages = ["-1"] * 10 + ["-0.5"] * 10 + ["999"] * 10 + ["nan"] * 10 + ["inf"] * 10 + ["89+"] * 10
    rows = [f"sub-{number}\t{age}" for number, age in enumerate(ages)]
    one = people(tmp_path / "one", ["participant_id\tage", *rows], {"sex": {"Levels": ["M", "F"]}})
    assert groups(one, CAT.personsByAge) == {"85-89": 10}


def test_a_table_of_participants_in_another_code_page_is_rejected(tmp_path: Path) -> None:
    dataset(tmp_path / "one")
    (tmp_path / "one" / "participants.tsv").write_bytes("participant_id\tnote\nsub-1\tJosé".encode("cp1252"))
    [one] = harvest(tmp_path)
    assert isinstance(one, Rejected)
    assert "UTF-8" in one.remedy


def test_references_are_pages_or_texts_and_placeholders_may_have_lines(tmp_path: Path) -> None:
    dataset(
        tmp_path / "one", ReferencesAndLinks=[" https://a.example/ ", "A. B.: C. 2020"], License="TODO:\nchoose one"
    )
    one = described(tmp_path / "one")
    assert texts(one, FOAF.page) == {"https://a.example/"}
    assert texts(one, DCT.bibliographicCitation) == {"A. B.: C. 2020"}
    assert not texts(one, DCT.rights)


def test_equal_datasets_in_two_folders_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        dataset(tmp_path / name, Name="Same")
    one, two = harvest(tmp_path)
    assert isinstance(one, Description)
    assert isinstance(two, Description)
    assert one.original.container != two.original.container
    monkeypatch.chdir(tmp_path / "one")
    assert described(Path()).iri == "http://127.0.0.1/dataset/brain/one"


def test_a_folder_that_may_not_be_read_is_told_even_when_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scandir(path: Any) -> Any:
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(os, "scandir", scandir)
    assert [type(one) for one in harvest(tmp_path)] == [Rejected]
