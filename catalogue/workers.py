"""Spreads work over processes: results in order, few tasks waiting, and a process that dies is told of at once."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from catalogue.errors import WorkerDied

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Tasks for each process that are handed out before the result of the first is taken."""

_state: Any = None
"""In a worker process: what its tasks work with."""


def processors() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Protocol[S_co]):
    """Does the same work on many tasks, with something (``S``) that took a while to open."""

    def map(self, work: Callable[[S_co, T], R], tasks: Iterable[T]) -> Iterator[R]:
        """The results in the order of the tasks; ``tasks`` is only read as fast as results are taken."""
        ...


class Here(Generic[S]):
    """All work is done in this process."""

    def __init__(self, state: S) -> None:
        self._state = state

    def map(self, work: Callable[[S, T], R], tasks: Iterable[T]) -> Iterator[R]:
        """See :meth:`Workers.map`."""
        return (work(self._state, task) for task in tasks)

    def close(self) -> None:
        """Nothing is held."""


class Processes(Generic[S]):
    """``count`` fresh processes, each with a state of its own that ``opened`` makes; close it when done.

    Fresh and not forked: a forked one would inherit locks and open files of the store. ``opened``, ``work``, tasks and
    results go through pickle.
    """

    def __init__(self, opened: Callable[[], S], count: int) -> None:
        self._count = count
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_begin, initargs=(opened,))

    def map(self, work: Callable[[S, T], R], tasks: Iterable[T]) -> Iterator[R]:
        """See :meth:`Workers.map`. Raises :class:`~catalogue.errors.WorkerDied` when a process was killed."""
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(self._pool.submit(_run, work, task))
                if len(waiting) > AHEAD * self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerDied(
                "a process that helped was killed",
                where=f"{self._count} processes",
                remedy="see that there is enough memory, or use fewer: --jobs 1",
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the processes; what they are at is finished, what waits is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin(opened: Callable[[], Any]) -> None:
    """Make a worker ready: Ctrl-C is for the parent to handle, and without a parent there is nothing to wait for."""
    global _state
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _state = opened()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _run(work: Callable[[Any, T], R], task: T) -> R:
    return work(_state, task)
