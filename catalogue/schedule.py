"""Visits nodes at the times that their node files say, by APScheduler: one visit after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from catalogue.errors import ConfigurationError
from catalogue.model import Source


@contextmanager
def scheduled_visits(sources: Iterable[Source], visit: Callable[[Source], None]) -> Iterator[Mapping[str, datetime]]:
    """Call ``visit`` for each node at its times, never two at once, until the block ends; a running visit ends first.

    Gives the time of the next visit (UTC) by name of the node. Times that pass while another visit runs are made up
    for once. Raises :class:`~catalogue.errors.ConfigurationError` for a schedule that means no time, or when no node
    has one.
    """
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    triggers = {source.name: (source, _trigger(source)) for source in sources if source.schedule}
    if not triggers:
        raise ConfigurationError(
            "no node has a schedule", where="node files", remedy='write cat:schedule "0 3 * * *" into one'
        )
    for name, (source, trigger) in triggers.items():
        scheduler.add_job(visit, trigger, args=[source], id=name, name=name)
    scheduler.start()
    try:
        yield {job.id: job.next_run_time for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown(wait=True)


def _trigger(source: Source) -> CronTrigger:
    try:
        return CronTrigger.from_crontab(source.schedule, timezone=UTC)
    except ValueError as error:
        raise ConfigurationError(
            f"the schedule {source.schedule!r} means no time: {error}",
            where=f"node {source.name}, cat:schedule",
            remedy="write minute, hour, day of month, month and day of week, such as 0 3 * * * for every day at three",
        ) from error
