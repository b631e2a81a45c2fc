"""Orthanc with its DICOMweb plugin, in a network namespace of its own, because it listens on every address."""

from __future__ import annotations

import ctypes
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.live.servers.running import NotInstalled, program, started

HTTP, DICOM, AET = 8042, 4242, "ORTHANC"
NEW_NETWORK = 0x40000000
"""CLONE_NEWNET."""


class Orthanc:
    """A running server; it can be reached only inside of :func:`orthanc`."""

    rest = f"http://127.0.0.1:{HTTP}"
    dicomweb = f"http://127.0.0.1:{HTTP}/dicom-web"

    def upload(self, content: bytes) -> None:
        """Store one instance."""
        urlopen(Request(f"{self.rest}/instances", content, method="POST"), timeout=60).close()


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")


def _answers() -> bool:
    try:
        with urlopen(f"{Orthanc.rest}/system", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def orthanc(folder: Path) -> Iterator[Orthanc]:
    """An empty server that keeps its files below ``folder``; this thread and those it starts see only its network."""
    if os.geteuid() != 0:
        raise NotInstalled("Orthanc listens on every address, and only root may give it a network of its own")
    server, ip, unshare = program("Orthanc"), program("ip", "/sbin"), program("unshare")
    plugins = sorted(Path("/usr").glob("**/libOrthancDicomWeb.so*"))
    if not plugins:
        raise NotInstalled("orthanc-dicomweb is not installed: run `sh tests/live/install.sh` as root on Debian")
    settings = folder / "orthanc.json"
    settings.write_text(
        json.dumps(
            {
                "StorageDirectory": str(folder / "storage"),
                "IndexDirectory": str(folder / "storage"),
                "Plugins": [str(plugins[0])],
                "HttpPort": HTTP,
                "DicomPort": DICOM,
                "DicomAet": AET,
                "RemoteAccessAllowed": False,
                "AuthenticationEnabled": False,
                "DicomAlwaysAllowFind": True,
                "DicomCheckCalledAet": False,
                "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            }
        ),
        "utf-8",
    )
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    command = [unshare, "-n", "sh", "-c", f'{ip} link set lo up && exec "{server}" "{settings}"']
    inside = -1
    try:
        with started(command, folder / "orthanc.log", lambda: True) as process:
            inside = _namespace_of(process.pid, home)
            _enter(inside)
            try:
                _wait(folder)
                yield Orthanc()
            finally:
                _enter(home)
    finally:
        for descriptor in (home, inside):
            if descriptor >= 0:
                os.close(descriptor)


def _namespace_of(pid: int, home: int) -> int:
    """The network of a process, once it has one of its own."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        if os.fstat(namespace).st_ino != os.fstat(home).st_ino:
            return namespace
        os.close(namespace)
        time.sleep(0.02)
    raise RuntimeError("the server got no network of its own")


def _wait(folder: Path) -> None:
    until = time.monotonic() + 30
    while not _answers():
        if time.monotonic() > until:
            raise RuntimeError((folder / "orthanc.log").read_text("utf-8", "replace")[-2000:])
        time.sleep(0.1)
