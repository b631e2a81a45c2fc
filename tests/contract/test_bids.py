"""BIDS datasets: every example is described, participants leave as counts only, modalities by their folders."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Harvested, NoteKind, Rejected
from catalogue.names import CAT, DCT, EUCAIM, HEALTH
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
