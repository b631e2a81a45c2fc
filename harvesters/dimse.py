"""Harvests a PACS by C-FIND (DICOM PS3.4 annex C) as one dataset: studies and series are found, no instance is read."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from pydicom.dataset import Dataset
from pydicom.uid import UID
from pynetdicom import AE
from pynetdicom.association import Association

from catalogue.errors import ConfigurationError, SourceUnavailable
from catalogue.graphs import digest
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Web
from harvesters._dicom_describe import describe
from harvesters._dicom_header import OF_SERIES, Header, header_of, quiet
from harvesters._dicom_summary import OF_INSTANCES, summarise
from harvesters._dicom_tally import READ, Tally
from harvesters._suppression import threshold

FIND = UID("1.2.840.10008.5.1.4.1.2.2.1")
"""Study Root Query/Retrieve Information Model - FIND (PS3.4 C.6.2)."""
CALLING = "EHDSCATALOGUE"
PENDING, SUCCESS = (0xFF00, 0xFF01), 0x0000
SECONDS = 60
"""Longest wait for the PACS at any one step."""
OF_STUDY = (
    *(
        "StudyInstanceUID",
        "PatientID",
        "IssuerOfPatientID",
        "PatientSex",
        "PatientBirthDate",
        "PatientAge",
        "StudyDate",
    ),
    *("NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"),
)
OF_ONE_SERIES = ("SeriesInstanceUID", "Modality", "BodyPartExamined", "Manufacturer", "NumberOfSeriesRelatedInstances")


class DimseHarvester:
    """What a PACS holds, or what of it a query finds, is one dataset; the endpoint is ``dimse://host:port/AE-TITLE``.

    Options: ``query`` (attributes matched at study level, such as ``ModalitiesInStudy=CT&StudyDate=20200101-``),
    ``calling`` (our AE title, default EHDSCATALOGUE; the PACS must know it), ``suppress`` and ``identifier`` as for a
    DICOM folder. Nothing but aggregates is stated, kept or told.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield the dataset; no series is asked for when the studies and their numbers are those of last time.

        Raises :class:`~catalogue.errors.SourceUnavailable`, which names no UID, when the PACS cannot be asked.
        """
        least = threshold(source.options)
        pacs = _Pacs(source)
        with quiet(), _silent(), pacs.associated() as association:
            studies = sorted(pacs.studies(association), key=lambda study: str(study.StudyInstanceUID))
            marks = [source.digest, *(_mark(study) for study in studies)]
            container = digest("\n".join(marks).encode())
            if web.known(container):
                yield Untouched(container)
                return
            tally, instances = pacs.tally(association, studies)
        if not tally.files[READ]:
            problem = "the PACS finds no study" if not studies else "the PACS tells no modality of any series"
            yield Rejected(source.iri, problem, "check the query of the node file, or ask whoever runs the PACS")
            return
        summary = summarise(tally, least)
        facts = {name: said for name, said in summary.facts.items() if name not in OF_INSTANCES}
        if "counts" in facts:
            facts["counts"]["instances"] = instances
        content = json.dumps(facts, sort_keys=True, indent=1).encode()
        identifier = source.options.get("identifier", source.name)
        graph, notes = describe(facts, source.namespace + identifier, identifier, source)
        original = Original(content, "application/json", source.iri, container)
        yield Description(source.namespace + identifier, graph, original, (*summary.notes, *notes))


class _Pacs:
    """One PACS during one visit."""

    def __init__(self, source: Source) -> None:
        parts = urlsplit(source.endpoint)
        self._where = source.endpoint
        if parts.scheme != "dimse" or not parts.hostname or not parts.port or len(parts.path) < 2:
            raise SourceUnavailable(
                "this is no address of a PACS", where=source.endpoint, remedy="write dimse://host:port/AE-TITLE"
            )
        self._host, self._port, self._title = parts.hostname, parts.port, parts.path.strip("/")
        self._calling = source.options.get("calling", CALLING)
        self._matching = parse_qsl(source.options.get("query", ""))

    @contextmanager
    def associated(self) -> Iterator[Association]:
        """An association for queries."""
        try:
            entity = AE(ae_title=self._calling)
        except ValueError as error:
            raise ConfigurationError(
                "option calling is no AE title", where=self._where, remedy="use up to 16 capitals, digits and _"
            ) from error
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = SECONDS
        entity.add_requested_context(FIND)
        association = entity.associate(self._host, self._port, ae_title=self._title)
        if not association.is_established:
            refused = association.is_rejected
            raise SourceUnavailable(
                f"the PACS refuses the AE title {self._calling}" if refused else "the PACS does not answer",
                where=self._where,
                remedy="have the PACS know our AE title" if refused else "check host, port and AE title",
            )
        try:
            yield association
        finally:
            if association.is_established:
                association.release()

    def studies(self, association: Association) -> Iterator[Dataset]:
        """Every study that the query finds."""
        asked = Dataset()
        asked.QueryRetrieveLevel = "STUDY"
        for keyword in OF_STUDY:
            setattr(asked, keyword, "" if not keyword.startswith("Number") else None)
        for keyword, value in self._matching:
            setattr(asked, keyword, value)
        yield from self._found(association, asked, "StudyInstanceUID")

    def tally(self, association: Association, studies: Sequence[Dataset]) -> tuple[Tally, int]:
        """Count the series of studies, and say how many instances they have by what the PACS states."""
        key, tally, instances = secrets.token_bytes(32), Tally(), 0
        for study in studies:
            asked = Dataset()
            asked.QueryRetrieveLevel, asked.StudyInstanceUID = "SERIES", study.StudyInstanceUID
            for keyword in OF_ONE_SERIES:
                setattr(asked, keyword, "" if not keyword.startswith("Number") else None)
            for series in self._found(association, asked, "SeriesInstanceUID"):
                whole = Dataset()
                whole.update(study)
                whole.update(series)
                header = header_of(whole, key, OF_SERIES)
                if isinstance(header, Header):
                    tally.add(header)
                    instances += int(series.get("NumberOfSeriesRelatedInstances") or 1)
                else:
                    tally.files[header] += 1
        return tally, instances

    def _found(self, association: Association, asked: Dataset, name: str) -> Iterator[Dataset]:
        """The matches of one query; each must have its UID."""
        for status, match in association.send_c_find(asked, FIND):
            code = status.get("Status") if status else None
            if code in PENDING and match is not None and match.get(name):
                yield match
            elif code != SUCCESS and code not in PENDING:
                said = "breaks off" if code is None else f"ends with status {code:04X}"
                raise SourceUnavailable(
                    f"the query {said}", where=self._where, remedy="try later, or ask whoever runs the PACS"
                )


def _mark(study: Dataset) -> str:
    numbers = (study.get("NumberOfStudyRelatedSeries"), study.get("NumberOfStudyRelatedInstances"))
    return "\t".join(str(part) for part in (study.StudyInstanceUID, *numbers))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep pynetdicom from logging what it receives."""
    logger = logging.getLogger("pynetdicom")
    disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = disabled
