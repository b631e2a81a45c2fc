"""A PACS of 24 persons that answers C-FIND, by pynetdicom's own service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind

from catalogue.model import Source
from tests.contract.test_dicom import image
from tests.kinds.dicomweb import CANARIES
from tests.kinds.sample import Sample
from tests.live.servers.running import free_port


def source(url: str, **options: str) -> Source:
    """The node file of a PACS."""
    base = "http://127.0.0.1/"
    return Source("archive", base + "node/archive", "PACS", "dimse", url, base + "dataset/archive/", options=options)


class Pacs:
    """Answers for some instances, each a study of its own; ``status`` ends every query."""

    def __init__(self, instances: list[Dataset]) -> None:
        self.instances = instances
        self.status = 0x0000
        self.queries: list[str] = []

    def find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        """Serve one query."""
        asked = event.identifier
        self.queries.append(asked.QueryRetrieveLevel)
        for one in self.instances:
            if asked.QueryRetrieveLevel == "STUDY" or one.StudyInstanceUID == asked.StudyInstanceUID:
                match = Dataset()
                for element in asked:
                    if element.keyword in one:
                        setattr(match, element.keyword, one.get(element.keyword))
                match.QueryRetrieveLevel = asked.QueryRetrieveLevel
                match.StudyInstanceUID = one.StudyInstanceUID
                yield 0xFF00, match
        yield self.status, None

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Listen on loopback; gives the endpoint."""
        entity, port = AE(ae_title="PACS"), free_port()
        entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
        server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, self.find)])
        try:
            yield f"dimse://127.0.0.1:{port}/PACS"
        finally:
            server.shutdown()


@contextmanager
def sample(folder: Path) -> Iterator[Sample]:  # noqa: ARG001
    """One dataset."""
    pacs = Pacs([image(person, **CANARIES) for person in range(24)])
    canaries = ("Carla", "CANARY77", "canary study", "person-3", str(pacs.instances[0].StudyInstanceUID))
    with pacs.serving() as url:
        yield Sample(source(url), canaries=canaries, change=lambda: pacs.instances.append(image(30, **CANARIES)))
