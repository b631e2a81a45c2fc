"""Starts programs for a test and stops them."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import urlopen

CACHE = Path(os.environ.get("LIVE_CACHE", "~/.cache/ehds-catalogue-live")).expanduser()
"""Where tests/live/install.sh puts what is no Debian package."""
ROOT = Path(__file__).parents[3]
READY_SECONDS = 60
_Server = TypeVar("_Server")


class NotInstalled(Exception):
    """Something that a test needs is not there: ``what``, and ``how`` it comes."""

    def __init__(self, what: str, how: str = "run `sh tests/live/install.sh` as root on Debian") -> None:
        super().__init__(f"{what} is not there: {how}")
        self.what, self.how = what, how


@contextmanager
def available(server: AbstractContextManager[_Server]) -> Iterator[_Server]:
    """A running server; the test is skipped, with what to install, where it is not there. In CI it fails."""
    import pytest  # here, because programs that tests start import this module, too

    with ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except NotInstalled as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield running


def program(name: str, *places: str) -> str:
    """The path of a program; also looked for in some folders.

    Raises :class:`NotInstalled`.
    """
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *places]))
    if found is None:
        raise NotInstalled(name)
    return found


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listening(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        with urlopen(url, timeout=20) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except OSError:
        return False


def dying_with_us(arguments: Sequence[str]) -> list[str]:
    """The command, so started that it ends when the thread that starts it does, however that ends."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *arguments] if setpriv else list(arguments)


@contextmanager
def started(
    arguments: Sequence[str],
    log: Path,
    ready: Callable[[], bool],
    *,
    user: str = "",
    env: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; enters when it is ready. ``user``: as whom, where we are root."""
    with log.open("wb") as out:
        process = subprocess.Popen(  # type: ignore[call-overload]
            dying_with_us(arguments), stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=log.parent,
            env={**os.environ, **(env or {})}, **_as(user),
        )  # fmt: skip
    try:
        until = time.monotonic() + READY_SECONDS
        while not ready():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{arguments[0]} did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def run(
    arguments: Sequence[str], *, user: str = "", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run a program to its end; gives what it printed."""
    done = subprocess.run(  # type: ignore[call-overload]
        list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        cwd=cwd, check=False, timeout=300, env={**os.environ, **(env or {})}, **_as(user),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout[-3000:]}")
    printed: str = done.stdout
    return printed


def _as(user: str) -> dict[str, Any]:
    """What starts a program as another user, where we are root."""
    if not user or os.geteuid() != 0:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
