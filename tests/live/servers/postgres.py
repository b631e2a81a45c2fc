"""PostgreSQL, a cluster of its own in a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.servers.running import free_port, program, run, started

PROGRAMS = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin"))
USER = "postgres"


@contextmanager
def postgres() -> Iterator[str]:
    """A server whose superuser ``postgres`` needs no password; gives ``postgresql://`` of its database ``postgres``."""
    initdb, server, isready = (program(name, *PROGRAMS) for name in ("initdb", "postgres", "pg_isready"))
    # The server refuses to run as root, and may not enter pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        data, port = folder / "data", free_port()
        run([initdb, "-D", str(data), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync"], user=USER, cwd=folder)
        options = ["listen_addresses=127.0.0.1", f"port={port}", "fsync=off", f"unix_socket_directories={folder}"]
        arguments = [server, "-D", str(data), *(part for option in options for part in ("-c", option))]
        asked = [isready, "-q", "-h", "127.0.0.1", "-p", str(port)]

        def ready() -> bool:
            return subprocess.run(asked, check=False).returncode == 0

        # SIGINT is its fast shutdown, which does not wait for clients.
        with started(arguments, folder / "log", ready, user=USER, stop=signal.SIGINT):
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
