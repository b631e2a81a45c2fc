"""Runs a program in a network of its own and lets loopback ports of this one through to it.

For servers that listen on every address and cannot be told otherwise: only loopback reaches them, and a test reaches
them as it reaches any other server. Root may do that everywhere, others where the kernel lets them.
Run as: python -m tests.live.servers.apart PORT,PORT... PROGRAM [ARGUMENT...]
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

from tests.live.servers.running import dying_with_us

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
"""CLONE_NEWUSER, CLONE_NEWNET."""
SET_FLAGS, UP = 0x8914, 1
"""SIOCSIFFLAGS, IFF_UP."""


def leave_network() -> None:
    """Go into an empty network in which only loopback works; sockets made before stay where they are.

    Raises :class:`OSError` where that is not allowed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USER):
        raise OSError(ctypes.get_errno(), "a network of its own is refused")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


def allowed() -> bool:
    """Whether this process may give a program a network of its own."""
    probe = "from tests.live.servers.apart import leave_network; leave_network()"
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def main(ports: Sequence[int], command: Sequence[str]) -> int:
    """Run the program until it ends or this process is told to; gives its exit code.

    It is killed: Orthanc takes three seconds to end by itself, and what it keeps goes with the test.
    """
    listeners = {port: socket.create_server(("127.0.0.1", port)) for port in ports}
    leave_network()
    with subprocess.Popen(dying_with_us(command)) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.kill())
        for port, listener in listeners.items():
            Thread(target=_accept, args=(listener, port), daemon=True).start()
        return process.wait()


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        outer, _ = listener.accept()
        Thread(target=_join, args=(outer, port), daemon=True).start()


def _join(outer: socket.socket, port: int) -> None:
    """Carry bytes between a client and the port of the same number inside; hang up on it where nobody listens."""
    with outer, socket.socket() as inner:
        try:
            inner.connect(("127.0.0.1", port))
        except OSError:
            return
        for end in (outer, inner):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = Thread(target=_copy, args=(inner, outer), daemon=True)
        back.start()
        _copy(outer, inner)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(1 << 16):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    sys.exit(main([int(port) for port in sys.argv[1].split(",")], sys.argv[2:]))
