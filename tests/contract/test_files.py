"""Record files of a node: one file, a folder, a zip archive, a URL."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from catalogue.errors import SourceUnavailable
from catalogue.fetch import Fetcher, Limits
from catalogue.model import Rejected, Source
from catalogue.ports import Past
from harvesters._files import File, files_of
from tests.live.conftest import running


def source(endpoint: str) -> Source:
    return Source("n", "http://127.0.0.1/node/n", "N", "table", endpoint, "http://127.0.0.1/dataset/n/")


def names(endpoint: str, *, largest: int = 10_000) -> list[str]:
    web = Fetcher(Limits(max_bytes=largest, attempts=1)).visit(source(endpoint), Past())
    found = files_of(source(endpoint), web, lambda path: path.suffix == ".json", "JSON file")
    return [f"! {one.where}" if isinstance(one, Rejected) else one.location for one in found]


def archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for name, content in files.items():
            written.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def test_a_folder_gives_what_is_wanted_in_order_and_what_its_archives_hold(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/one.json", "a.json", "a.txt", ".git/hidden.json"):
        (tmp_path / name).write_text("{}", "utf-8")
    (tmp_path / "c.zip").write_bytes(archive(x_json="{}", y_txt=""))
    assert names(str(tmp_path)) == [f"{tmp_path}/{name}" for name in ("a.json", "b/one.json", "c.zip#x.json")]


def test_the_file_that_the_node_file_names_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("{}", "utf-8")
    assert names(f"file://{tmp_path}/a.txt") == [f"file://{tmp_path}/a.txt"]


def test_a_file_that_is_too_large_is_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(" " * 5_000, "utf-8")
    (tmp_path / "b.json").write_text("{}", "utf-8")
    assert names(str(tmp_path), largest=1_000) == [f"! {tmp_path}/a.json", f"{tmp_path}/b.json"]


def test_a_url_gives_one_file_or_those_of_an_archive() -> None:
    with running() as site:
        site.page("/one", "{}", "application/json")
        site.page("/all", archive(x_json="{}", y_txt=""), "application/zip")
        assert names(f"{site.url}/one") == [f"{site.url}/one"]
        assert names(f"{site.url}/all") == [f"{site.url}/all#x.json"]


def test_an_office_document_is_one_file(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        written.writestr("[Content_Types].xml", "<Types/>")
        written.writestr("sheet.json", "{}")
    (tmp_path / "a.xlsx").write_bytes(packed.getvalue())
    assert names(f"{tmp_path}/a.xlsx") == [f"{tmp_path}/a.xlsx"]


@pytest.mark.parametrize("content", [{}, {"a.txt": "x"}])
def test_nothing_to_read_is_an_error(tmp_path: Path, content: dict[str, str]) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SourceUnavailable, match="there is no JSON file"):
        names(str(tmp_path))


def test_the_name_of_a_file_is_its_path() -> None:
    assert File(b"", "", "http://a.example/x/y.json?z=1").name == "/x/y.json"
    assert File(b"", "", "/data/all.zip#x/y.json", "sha256:0").name == "x/y.json"
