"""Harvests the datasets that a SPARQL 1.1 endpoint describes in DCAT: the list first, then those that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from urllib.parse import urlencode

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import BlankNode, Graph, Literal, NamedNode, Term, digest, solutions
from catalogue.model import Description, Harvested, Original, Rejected, Source, Untouched
from catalogue.ports import Response, Web
from harvesters._descriptions import Descriptions

WHOLE = 50_000
"""So many datasets are listed by one answer in no order, since sorting costs most servers more than all the rest."""
LISTED = 9000
"""Else, datasets in one answer of the list; Virtuoso sorts and gives 10,000 rows at most by itself."""
DESCRIBED = 20
"""Datasets described by one answer."""
FORM = "application/x-www-form-urlencoded"
"""Every server takes queries so; Virtuoso 7 hangs on ``application/sparql-query``."""
JSON = "application/sparql-results+json"
CUT = "X-SPARQL-MaxRows"
"""The header by which Virtuoso says that it gave only so many rows of the answer."""
VIRTUOSO_NODE = re.compile(rb'("type":\s*"bnode",\s*"value":\s*")nodeID://')
"""Virtuoso writes identifiers of blank nodes that are none."""
STOP = (
    "FILTER NOT EXISTS {{ {0} a ?kind{1} . FILTER (?kind{1} IN (dcat:Dataset, dcat:Catalog, dcat:CatalogRecord, "
    "dcat:DatasetSeries)) FILTER ({0} != ?dataset) }}"
)


class SparqlHarvester:
    """Every ``dcat:Dataset`` with an IRI at an endpoint.

    Options: ``graph`` (the IRI of the named graph to read, or ``any`` for all of them; the default graph when absent).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset; one with the ``dct:modified`` of the last visit is not asked for again.

        A dataset that states no ``dct:modified`` is always asked for. Raises
        :class:`~catalogue.errors.SourceUnavailable` when the endpoint fails, or cuts its answers.
        """
        endpoint = _Endpoint(source, web)
        wanted: dict[str, str] = {}
        for dataset, modified in endpoint.listed():
            container = digest(f"{source.digest}\n{dataset}\n{modified}".encode()) if modified else ""
            if container and web.known(container):
                yield Untouched(container)
                continue
            wanted[dataset] = container
            if len(wanted) == DESCRIBED:
                yield from endpoint.described(wanted)
                wanted = {}
        if wanted:
            yield from endpoint.described(wanted)


class _Endpoint:
    """One endpoint during one visit."""

    def __init__(self, source: Source, web: Web) -> None:
        self._source = source
        self._web = web
        self._descriptions = Descriptions(source)
        graph = source.options.get("graph", "")
        self._graph = "" if not graph else "GRAPH ?graph" if graph == "any" else f"GRAPH {NamedNode(graph)}"

    def listed(self) -> Iterator[tuple[str, str]]:
        """IRI and last modification of every dataset, in the order of the IRIs."""
        number = self._number()
        if number <= WHOLE:
            response = self._answer(self._query("sparql-list", after='""', page=""))
            rows = self._solutions(response)
            if len(rows) == number and CUT not in response.headers:
                yield from sorted(map(_dataset, rows))
                return
        listed = 0
        for one in self._pages():
            listed += 1
            yield one
        if listed < number and listed < self._number():
            remedy = "ask whoever runs it to allow more rows in one answer"
            raise self._fault(f"the endpoint counts {number} datasets and lists {listed}", remedy)

    def _number(self) -> int:
        """How many datasets the list has."""
        rows = self._rows(self._query("sparql-count"))[1]
        said = str(rows[0]["number"].value) if rows and "number" in rows[0] else ""
        if not said.isdecimal():
            raise self._fault("the endpoint cannot count its datasets", "see that it is a SPARQL 1.1 endpoint")
        return int(said)

    def _pages(self) -> Iterator[tuple[str, str]]:
        """The list page by page; a page begins after the last IRI before it."""
        after, page = "", f"ORDER BY STR(?dataset) LIMIT {LISTED}"
        while True:
            _, rows = self._rows(self._query("sparql-list", after=str(Literal(after)), page=page))
            yield from map(_dataset, rows)
            if len(rows) < LISTED:
                return
            last = str(rows[-1]["dataset"].value)
            if last <= after:
                raise self._fault("the list of datasets does not go on", "ask whoever runs the endpoint")
            after = last

    def described(self, wanted: Mapping[str, str]) -> Iterator[Harvested]:
        """Some datasets, by IRI with their container digests."""
        names = " ".join(str(NamedNode(dataset)) for dataset in wanted)
        response, rows = self._rows(self._query("sparql-describe", datasets=names))
        original = Original(response.content, JSON, response.url)
        graph = Graph()
        for row in rows:
            node, predicate = row["node"], row["property"]
            if isinstance(node, (NamedNode, BlankNode)) and isinstance(predicate, NamedNode):
                graph.add(node, predicate, row["value"])
        for one in self._descriptions.of(graph, original):
            if isinstance(one, Description):
                yield replace(one, original=replace(original, container=wanted.get(one.iri, "")))
            else:
                yield one
        yield from (self._silent(dataset) for dataset in sorted(wanted) if NamedNode(dataset) not in graph)

    def _silent(self, dataset: str) -> Rejected:
        where = f"{self._source.endpoint}, dataset {dataset}"
        return Rejected(where, "the endpoint lists this dataset and says nothing about it", "ask whoever runs it")

    def _query(self, name: str, **values: str) -> str:
        text = (files("harvesters") / "queries" / f"{name}.rq").read_text("utf-8")
        counter = iter(range(1000))
        text = re.sub(r"#stop\((\?\w+)\)", lambda match: STOP.format(match[1], next(counter)), text)
        opening, closing = (f"{self._graph} {{", "}") if self._graph else ("", "")
        text = text.replace("#graph {", opening).replace("#end }", closing)
        return re.sub(r"#(after|page|datasets)\b", lambda match: values[match[1]], text)

    def _answer(self, query: str) -> Response:
        content = urlencode({"query": query}).encode()
        return self._web.post(self._source.endpoint, content, media_type=FORM, accept=JSON)

    def _rows(self, query: str) -> tuple[Response, list[Mapping[str, Term]]]:
        response = self._answer(query)
        if CUT in response.headers:
            raise self._fault(
                f"the endpoint gives only {response.headers[CUT]} rows of its answer",
                "ask whoever runs it to allow more (Virtuoso: ResultSetMaxRows)",
            )
        return response, self._solutions(response)

    def _solutions(self, response: Response) -> list[Mapping[str, Term]]:
        try:
            return list(solutions(VIRTUOSO_NODE.sub(rb"\1", response.content), response.url))
        except BadRdf as error:
            raise self._fault(error.what, error.remedy) from error

    def _fault(self, what: str, remedy: str) -> SourceUnavailable:
        return SourceUnavailable(what, where=self._source.endpoint, remedy=remedy)


def _dataset(row: Mapping[str, Term]) -> tuple[str, str]:
    return str(row["dataset"].value), str(row["modified"].value) if "modified" in row else ""
