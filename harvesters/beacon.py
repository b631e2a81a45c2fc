"""Harvests the datasets of a GA4GH Beacon v2, with the conditions of their use and the number of their individuals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from catalogue.errors import SourceUnavailable
from catalogue.model import Description, Harvested, Note, NoteKind, Source, Untouched
from catalogue.ports import Web
from catalogue.splitting import fit_for_path
from harvesters._json import loaded, original_of, refused, require
from harvesters._mapping import describe
from harvesters._suppression import threshold

PAGE = 100
"""Datasets asked for at once."""
NOT_SAID = {400, 401, 403, 404, 405, 501}
"""How Beacons answer for what they do not offer, or only to some."""


class BeaconHarvester:
    """The datasets of a Beacon; its endpoint is the root below which ``/datasets`` lies.

    Options: ``counts`` (``no``: individuals are not asked for), ``suppress`` (lowest number of them that is stated),
    ``language``. What a Beacon keeps to itself (a number, an answer at all) stays unsaid.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one whose record and number are those of the last visit is not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable` when the list of datasets cannot be read to its end.
        """
        beacon = _Beacon(source, web)
        organisation = beacon.organisation()
        for record in beacon.datasets():
            yield beacon.dataset(record, organisation)


class _Beacon:
    """One Beacon during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._root = source.endpoint.rstrip("/")
        self._least = threshold(source.options)

    def organisation(self) -> dict[str, Any]:
        """Who runs the Beacon, by ``/info``; nothing when it does not say."""
        try:
            answer = loaded(self._web.get(f"{self._root}/info", accept="application/json"))
        except SourceUnavailable as error:
            if error.status in NOT_SAID:
                return {}
            raise
        response = answer.get("response") if isinstance(answer, dict) else None
        found = response.get("organization") if isinstance(response, dict) else None
        if not isinstance(found, dict):
            return {}
        contact = str(found.get("contactUrl") or "")
        said = {name: value for name, value in found.items() if name not in ("contactUrl", "info")}
        kind = "email" if contact.startswith("mailto:") else "page"
        parted = {kind: contact.removeprefix("mailto:")} if contact else {}
        return {"organization": {**said, "contact": parted}, "contact": parted}

    def datasets(self) -> Iterator[dict[str, Any]]:
        """The records of the list, page by page."""
        skip, seen = 0, set[str]()
        while True:
            asked = {"limit": str(PAGE), "skip": str(skip), "requestedGranularity": "record"}
            response = self._web.get(f"{self._root}/datasets", accept="application/json", params=asked)
            answer = loaded(response)
            require(answer, "beacon-datasets", response.url)
            found = answer["response"]["collections"]
            fresh = [one for one in found if str(one.get("id")) not in seen]
            seen.update(str(one.get("id")) for one in fresh)
            yield from fresh
            skip += len(found)
            if len(found) < PAGE or not fresh:  # some Beacons give everything whatever page is asked for
                return

    def dataset(self, record: dict[str, Any], organisation: dict[str, Any]) -> Harvested:
        """The dataset of one record."""
        address = f"{self._root}/datasets/{quote(str(record.get('id')), safe='')}"
        number, notes = self._individuals(address)
        kept = {**record, **organisation, **({"individuals": number} if number is not None else {})}
        original = original_of(kept, address, self._source)
        if self._web.known(original.container):
            return Untouched(original.container)
        problem = refused(record, "beacon", original)
        if problem is not None:
            return problem
        iri = self._source.namespace + fit_for_path(record["id"])
        conditions = kept.pop("dataUseConditions", {})
        uses = conditions.pop("duoDataUse", [])
        kept["distribution"] = {"url": address, "title": "Beacon", "duoDataUse": uses}
        if conditions:
            kept["dataUseConditions"] = conditions
        graph, found = describe("beacon", kept, iri, self._source)
        return Description(iri, graph, original, (*found, *notes))

    def _individuals(self, address: str) -> tuple[int | None, list[Note]]:
        """How many individuals the Beacon says a dataset has; None when it does not, or when they are too few."""
        if self._source.options.get("counts") == "no":
            return None, []
        asked = {"requestedGranularity": "count", "limit": "1"}
        try:
            answer = loaded(self._web.get(f"{address}/individuals", accept="application/json", params=asked))
        except SourceUnavailable as error:
            if error.status in NOT_SAID:
                return None, []
            raise
        summary = answer.get("responseSummary") if isinstance(answer, dict) else None
        number = summary.get("numTotalResults") if isinstance(summary, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            return None, []
        if number < self._least:
            reason = f"fewer than {self._least} individuals are not stated"
            return None, [Note(NoteKind.SUPPRESSED, "numTotalResults", reason=reason)]
        return number, []
