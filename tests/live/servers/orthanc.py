"""Orthanc with its DICOMweb plugin, in a network of its own, because version 1.10 listens on every address."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.live.servers import apart
from tests.live.servers.running import ROOT, NotInstalled, answers, free_port, program, started

AET = "ORTHANC"


@dataclass(frozen=True)
class Orthanc:
    """A running server."""

    http_port: int
    dicom_port: int
    aet: str = AET

    @property
    def rest(self) -> str:
        """The address of its own REST interface."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def dicomweb(self) -> str:
        """The address of QIDO-RS, WADO-RS and STOW-RS."""
        return f"{self.rest}/dicom-web"

    @property
    def dimse(self) -> str:
        """The endpoint of a node of the kind ``dimse``."""
        return f"dimse://127.0.0.1:{self.dicom_port}/{self.aet}"

    def upload(self, *instances: bytes | Path) -> None:
        """Store instances, or the files of some; one that is there already is replaced."""
        with closing(self._connection()) as connection:
            for instance in instances:
                content = instance if isinstance(instance, bytes) else instance.read_bytes()
                _ask(connection, "POST", "/instances", content)

    def clear(self) -> None:
        """Remove everything."""
        with closing(self._connection()) as connection:
            for patient in json.loads(_ask(connection, "GET", "/patients")):
                _ask(connection, "DELETE", f"/patients/{patient}")

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.http_port, timeout=60)


def _ask(connection: HTTPConnection, method: str, path: str, content: bytes = b"") -> bytes:
    connection.request(method, path, content)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path}: {answer.status} {said[:500]!r}")
    return said


@contextmanager
def orthanc(folder: Path) -> Iterator[Orthanc]:
    """An empty server that keeps its files below ``folder``."""
    server = program("Orthanc")
    plugins = sorted(Path("/usr").glob("**/libOrthancDicomWeb.so*"))
    if not plugins:
        raise NotInstalled("orthanc-dicomweb")
    if not apart.allowed():
        raise NotInstalled("a network of its own for Orthanc", "run the tests as root")
    made = Orthanc(free_port(), free_port())
    given = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "Plugins": [str(plugins[0])],
        "HttpPort": made.http_port,
        "DicomPort": made.dicom_port,
        "DicomAet": made.aet,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomCheckCalledAet": False,
        "OverwriteInstances": True,
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    settings = folder / "orthanc.json"
    settings.write_text(json.dumps(given), "utf-8")
    ports = f"{made.http_port},{made.dicom_port}"
    command = [sys.executable, "-m", "tests.live.servers.apart", ports, server, str(settings)]
    ready = f"{made.rest}/system"
    with started(command, folder / "orthanc.log", lambda: answers(ready), env={"PYTHONPATH": str(ROOT)}):
        yield made
