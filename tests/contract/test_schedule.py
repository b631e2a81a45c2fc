"""Schedules of nodes: when they run, one after the other, and what is wrong with one."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalogue import schedule
from catalogue.cli import main
from catalogue.errors import ConfigurationError
from catalogue.model import Source
from catalogue.schedule import scheduled_visits

NODE = Source("a", "http://x.example/node/a", "A", "dcat", "", "http://x.example/d/")


class Soon(schedule.CronTrigger):  # type: ignore[misc]
    """A schedule that is due once, now."""

    left = 1

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:  # noqa: ARG002
        self.left -= 1
        return now if self.left >= 0 else None


def test_every_node_with_a_schedule_has_a_next_time() -> None:
    nodes = [
        replace(NODE, schedule="0 3 * * *"),
        replace(NODE, name="b"),
        replace(NODE, name="c", schedule="*/5 * * * 1"),
    ]
    with scheduled_visits(nodes, lambda _: None) as times:
        assert times.keys() == {"a", "c"}
        assert (times["a"].hour, times["a"].minute, times["a"].utcoffset()) == (3, 0, UTC.utcoffset(None))
        assert times["c"].weekday() in (0, 1)


def test_visits_never_overlap_and_one_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_trigger", lambda _: Soon())
    running, most, seen, done = 0, 0, list[str](), threading.Event()

    def visit(source: Source) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        seen.append(source.name)
        threading.Event().wait(0.01)
        running -= 1
        if len(seen) == 3:
            done.set()
        if source.name == "a":
            raise RuntimeError("a fault")

    nodes = [replace(NODE, name=name, schedule="* * * * *") for name in "abc"]
    with scheduled_visits(nodes, visit):
        assert done.wait(10)
    assert most == 1
    assert set(seen) == {"a", "b", "c"}


@pytest.mark.parametrize("entry", ["0 25 * * *", "a b c d e", "0 3 * *"])
def test_a_schedule_that_means_no_time_is_refused(entry: str) -> None:
    visits = scheduled_visits([replace(NODE, schedule=entry)], print)
    with pytest.raises(ConfigurationError, match="means no time") as caught:
        visits.__enter__()
    assert caught.value.where == "node a, cat:schedule"


def test_serving_with_schedules_needs_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["serve", "--schedule", "--store", str(tmp_path), "--port", "18999"])
    assert result.exit_code == 2
    assert "no node has a schedule" in result.output


def test_without_a_schedule_there_is_nothing_to_wait_for() -> None:
    with pytest.raises(ConfigurationError, match="no node has a schedule"), scheduled_visits([NODE], print):
        pass
