"""A dataset that stands unchanged in a document that changed is still known to stand there at the visits after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalogue.assembly import open_services
from catalogue.config import Settings
from catalogue.model import Source
from tests.kinds import ldes, sparql
from tests.live.conftest import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


def test_a_page_that_changed_around_its_datasets_does_not_lose_them(site: Site, tmp_path: Path) -> None:
    base = "http://127.0.0.1/"
    source = Source("pages", base + "node/pages", "P", "dcat", site.url + "/0", base + "dataset/pages/")
    node = replace(source, grace=timedelta())
    body = sparql.TURTLE + "".join(sparql.dataset(one).removeprefix(sparql.TURTLE) for one in ("d1", "d2", "d3"))
    with open_services(Settings(data=tmp_path, base="http://127.0.0.1:8000/")) as services:
        site.page("/0", body)
        list(services.harvest(node))
        site.page("/0", body + sparql.dataset("d4").removeprefix(sparql.TURTLE))
        kinds = [Counter(type(one).__name__ for one in services.harvest(node)) for _ in range(3)]
    assert kinds == [Counter(Stored=1, Unchanged=3), Counter(Unchanged=4), Counter(Unchanged=4)]


def test_a_dataset_that_moved_is_protected_where_it_stands_now(tmp_path: Path) -> None:
    base = "http://127.0.0.1/"
    source = Source("pages", base + "node/pages", "P", "dcat", str(tmp_path / "files"), base + "dataset/pages/")
    node, files = replace(source, grace=timedelta()), tmp_path / "files"
    files.mkdir()
    (files / "a.ttl").write_text(sparql.dataset("d1"), "utf-8")
    (files / "b.ttl").write_text(sparql.dataset("d2"), "utf-8")
    with open_services(Settings(data=tmp_path / "data", base="http://127.0.0.1:8000/")) as services:
        list(services.harvest(node))
        (files / "a.ttl").rename(files / "c.ttl")
        (files / "c.ttl").write_text("# moved\n" + sparql.dataset("d1"), "utf-8")
        assert Counter(type(one).__name__ for one in services.harvest(node)) == Counter(Unchanged=2)
        (files / "c.ttl").write_text("no Turtle any more", "utf-8")
        assert Counter(type(one).__name__ for one in services.harvest(node)) == Counter(Unchanged=1, Rejected=1)
        (files / "c.ttl").unlink()
        assert Counter(type(one).__name__ for one in services.harvest(node)) == Counter(Unchanged=1, Withdrawn=1)


def test_what_a_feed_publishes_again_as_it_was_stays(site: Site, tmp_path: Path) -> None:
    feed = ldes.first()
    feed.publish(site)
    node = replace(ldes.source(site.url + "/feed"), grace=timedelta())
    with open_services(Settings(data=tmp_path, base="http://127.0.0.1:8000/")) as services:
        list(services.harvest(node))
        feed.add("Update", "a", ldes.dataset("a"))
        feed.publish(site)
        kinds = [Counter(type(one).__name__ for one in services.harvest(node)) for _ in range(3)]
    assert kinds == [Counter(Unchanged=3)] * 3
