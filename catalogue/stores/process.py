"""Parent side of ``worker``: one child process that runs one query at a time and is killed when it takes too long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

from catalogue.errors import NotAcceptable, QueryRefused, StoreError
from catalogue.ports import Answer
from catalogue.stores.worker import Reply, Request

START_SECONDS = 60.0
"""Longest time a child may take to start, in seconds."""


class QueryProcess:
    """Starts its child when first asked, and again after it died."""

    def __init__(self, memory: int) -> None:
        """``memory`` is the most address space of the child, in bytes; 0 is no limit."""
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, request: Request) -> Answer:
        """Run one query for at most ``request["seconds"]``.

        Raises ``TimeoutError``, :class:`QueryRefused`, or :class:`StoreError` when the child died of it.
        """
        child = self._running()
        reply, body = self._exchange(child, json.dumps(request).encode() + b"\n", request["seconds"])
        where, what, remedy = reply.get("where", ""), reply.get("what", ""), reply.get("remedy", "")
        match reply["outcome"]:
            case "answer":
                return Answer(body, reply["media_type"], reply["truncated"])
            case "refused":
                raise QueryRefused(what, where=where, remedy=remedy)
            case "exhausted":
                self.close()  # it may still hold the memory that the query wanted, and the next query needs some
                raise QueryRefused(what, where=where, remedy=remedy)
            case "unacceptable":
                raise NotAcceptable(what, where=where, remedy=remedy)
            case _:
                self.close()
                raise StoreError(what, where=where, remedy="see the log; the next query starts afresh")

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not yet sent has no reader any more
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
            self._child = subprocess.Popen(
                [sys.executable, "-m", "catalogue.stores.worker", str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
            self._exchange(self._child, b"", START_SECONDS)
        return self._child

    def _exchange(self, child: subprocess.Popen[bytes], request: bytes, seconds: float) -> tuple[Reply, bytes]:
        late = Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            return self._talk(child, request)
        except (OSError, ValueError, EOFError) as error:  # its pipe broke, or ended too early
            self.close()
            if late.is_set():
                raise TimeoutError from error
            raise _death(child.wait(), self._memory) from error
        finally:
            timer.cancel()
            timer.join()
            if late.is_set():
                self.close()

    @staticmethod
    def _talk(child: subprocess.Popen[bytes], request: bytes) -> tuple[Reply, bytes]:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(request)
        child.stdin.flush()
        reply: Reply = json.loads(child.stdout.readline())
        body = child.stdout.read(reply["length"])
        if len(body) < reply["length"]:
            raise EOFError("the answer ends too early")
        return reply, body


def _death(code: int, memory: int) -> StoreError:
    cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return StoreError(
        f"the process that ran the query died ({cause})",
        where="query",
        remedy=f"ask for less if the query is large: it may use {memory // 1_000_000} MB; the next one starts afresh",
    )
