"""Harvests XNAT: a dataset for each project, with its text, its metadata form, and what its sessions and scans show."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from catalogue.errors import BadInput, SourceUnavailable
from catalogue.graphs import Graph, NamedNode
from catalogue.model import Description, Harvested, Note, Original, Source, Untouched
from catalogue.names import DCAT
from catalogue.ports import Response, Web
from harvesters._common import Subject, apply_defaults
from harvesters._dicom_describe import state_counts, state_imaging
from harvesters._dicom_summary import OF_INSTANCES, summarise
from harvesters._dicom_tally import Tally
from harvesters._json import loaded, original_of, refused, require
from harvesters._mapping import fill
from harvesters._suppression import threshold
from harvesters._xnat_sessions import count

REFUSED = {401, 403, 404}
"""How XNAT answers for what the login may not see, and for forms that are not there."""


class XnatHarvester:
    """The projects of an XNAT server that its login, or anybody, may see; the endpoint is the root of the server.

    Options: ``private`` (``include`` to take private projects, too), ``optin`` (a keyword that projects must have; it
    is not stated), ``form`` (id of the metadata form of Health-RI), ``suppress`` as for a DICOM folder, ``language``.
    Subjects, sessions and scans are counted; nothing else about them is stated, kept or told.
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield a dataset for each project; one that did not change is read, but not described again.

        Raises :class:`~catalogue.errors.SourceUnavailable`, which names no session, when something cannot be read.
        """
        server = _Server(source, web)
        for project in server.projects():
            yield from server.dataset(project)


class _Server:
    """One server during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._root = source.endpoint.rstrip("/")
        self._web = web
        self._least = threshold(source.options)
        self._key = secrets.token_bytes(32)

    def projects(self) -> Iterator[dict[str, Any]]:
        """The rows of the list of projects with their accessibility, in the order of their ids."""
        rows = sorted(self._rows("projects"), key=lambda row: str(row["ID"]))
        addresses = [self._at(row, "/accessibility") for row in rows]
        for row, answer in zip(rows, self._web.get_all(addresses), strict=True):
            response = self._whole(answer, self._root)
            accessibility = response.content.decode("utf-8", "replace").strip().strip('"')[:20]
            if accessibility != "private" or self._source.options.get("private") == "include":
                yield {**row, "accessibility": accessibility}

    def dataset(self, row: Mapping[str, Any]) -> Iterator[Harvested]:
        """The dataset of one project, unless it lacks the keyword that the node asks for."""
        where = f"{self._root}/data/archive/projects/{quote(str(row['ID']))}"
        record = self._record(row, where)
        wanted = self._source.options.get("optin")
        if wanted and wanted not in record["keywords"]:
            return
        record["keywords"] = [keyword for keyword in record["keywords"] if keyword != wanted]
        tally = self._counted(row)
        summary = summarise(tally, self._least)
        facts = {name: said for name, said in summary.facts.items() if name not in OF_INSTANCES}
        notes = [note for note in summary.notes if note.field != "files"]
        original = original_of({"project": record, "counted": facts}, where, self._source)
        if self._web.known(original.container):
            yield Untouched(original.container)
            return
        problem = refused(record, "xnat", original)
        yield problem or self._description(where, record, facts, notes, original)

    def _description(
        self, iri: str, record: Mapping[str, Any], facts: Mapping[str, Any], notes: list[Note], original: Original
    ) -> Description:
        graph = Graph()
        dataset = Subject(graph, NamedNode(iri), DCAT.Dataset)
        notes = [*fill(dataset, "xnat", record, language=self._source.options.get("language", "en")), *notes]
        state_counts(dataset, facts)
        state_imaging(dataset, facts)
        notes += apply_defaults(graph, dataset.node, self._source)
        return Description(iri, graph, original, tuple(notes))

    def _record(self, row: Mapping[str, Any], where: str) -> dict[str, Any]:
        """What XNAT says about a project, in the form of ``vocab/mappings/xnat.ttl``."""
        item = self._item(self._web.get(self._at(row, "?format=json")), "xnat-project")
        fields = dict(item["data_fields"])
        keywords = str(fields.pop("keywords", "") or "").replace(",", " ").split()
        record: dict[str, Any] = {
            "project": {**fields, "name": fields.get("name") or row["ID"]},
            "keywords": keywords,
            "accessibility": row["accessibility"],
            "page": where,
            "distribution": {"access_url": where, "title": "Images in XNAT"},
        }
        for child in item.get("children", ()):
            people = [_named(one["data_fields"]) for one in child["items"]]
            record[str(child["field"]).split("/")[0]] = people
        return record | self._form(row)

    def _form(self, row: Mapping[str, Any]) -> dict[str, Any]:
        form = self._source.options.get("form")
        if not form:
            return {}
        address = f"{self._root}/xapi/custom-fields/projects/{quote(str(row['ID']))}/fields"
        try:
            fields = loaded(self._web.get(address, accept="application/json"))
        except SourceUnavailable as error:
            if error.status in REFUSED:
                return {}
            raise
        filled = fields.get(form) if isinstance(fields, dict) else None
        return {"form": filled} if isinstance(filled, dict) else {}

    def _counted(self, row: Mapping[str, Any]) -> Tally:
        project = f"projects/{quote(str(row['ID']))}"
        subjects = {str(one["ID"]): one for one in self._rows(f"{project}/subjects", "ID,gender,yob")}
        sessions = sorted(str(one["ID"]) for one in self._rows(f"{project}/experiments", "ID"))
        addresses = (f"{self._root}/data/experiments/{quote(one)}?format=json" for one in sessions)
        answers = self._web.get_all(addresses, accept="application/json")
        items = (self._item(self._whole(answer, self._root), "xnat-session") for answer in answers)
        return count(subjects, items, self._key)

    def _rows(self, what: str, columns: str = "") -> Sequence[dict[str, Any]]:
        asked = {"format": "json", **({"columns": columns} if columns else {})}
        response = self._whole(self._tried(f"{self._root}/data/{what}", asked), self._root)
        answer = self._checked(response, "xnat-list")
        rows: list[dict[str, Any]] = answer["ResultSet"]["Result"]
        return rows

    def _tried(self, url: str, params: Mapping[str, str]) -> Response | SourceUnavailable | BadInput:
        try:
            return self._web.get(url, accept="application/json", params=params)
        except (SourceUnavailable, BadInput) as error:
            return error

    def _item(self, response: Response, schema: str) -> dict[str, Any]:
        item: dict[str, Any] = self._checked(response, schema)["items"][0]
        return item

    def _checked(self, response: Response, schema: str) -> Any:
        """The JSON of an answer; no error quotes it, for it may be about a subject."""
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            answer = None
        if answer is None or not isinstance(answer, dict):
            raise SourceUnavailable(
                "the answer is not the JSON of XNAT", where=self._root, remedy="check that the endpoint is its root"
            )
        try:
            require(answer, schema, self._root)
        except SourceUnavailable:
            raise SourceUnavailable(
                f"an answer is not as harvesters/schemas/{schema}.schema.json says",
                where=self._root,
                remedy="check that the endpoint is the root of an XNAT 1.7 or newer",
            ) from None
        return answer

    def _whole(self, answer: Response | SourceUnavailable | BadInput, where: str) -> Response:
        """An answer that must be there; the error for another names no session."""
        if isinstance(answer, Response):
            return answer
        raise SourceUnavailable(answer.what, where=where, remedy=answer.remedy) from None

    def _at(self, row: Mapping[str, Any], rest: str) -> str:
        return f"{self._root}/data/projects/{quote(str(row['ID']))}{rest}"


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A person's fields with title and names in one."""
    parts = ("title", "firstname", "lastname")
    rest = {name: said for name, said in fields.items() if name not in parts}
    return {**rest, "fullname": " ".join(str(fields[name]) for name in parts if fields.get(name))}
