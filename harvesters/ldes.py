"""Harvests DCAT-AP Feeds: event streams (LDES) of Create, Update and Delete, each with its payload in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import Canonical, Graph, NamedNode, Term, Triple, digest, parse
from catalogue.model import Gone, Harvested, Original, Source, Untouched
from catalogue.names import AS, DCAT, RDF, TREE
from catalogue.ports import Web
from harvesters._descriptions import Descriptions
from harvesters._documents import PAGES
from harvesters._syntax import ACCEPT, syntax_of

DATASETS = frozenset({DCAT.Dataset, DCAT.DatasetSeries})
APART = DATASETS | {DCAT.Catalog}
"""Entities that are described on their own, never as part of a dataset."""
DEEPEST = 3
"""Steps from a dataset over entities of the feed: distribution, its data service, its agent."""


class LdesHarvester:
    """The datasets of a feed as its newest activities leave them; the endpoint is the feed or a page of it.

    Distributions, services, agents and contacts that have activities of their own are put into the datasets that lead
    to them (DCAT-AP Feeds, section Standalone entities).
    """

    def harvest(self, source: Source, web: Web) -> Iterator[Harvested]:
        """Yield every dataset that is not deleted, and :class:`~catalogue.model.Gone` for the others.

        A dataset is not described again unless it, or an entity of it, has a new activity. Raises
        :class:`~catalogue.errors.SourceUnavailable` when the feed cannot be read to its end.
        """
        feed = _Feed(source.endpoint, web)
        feed.read()
        descriptions = Descriptions(source)
        for iri, activity in feed.newest.items():
            if activity.deletes:
                yield Gone(iri)
            elif activity.describes & DATASETS:
                yield from _dataset(activity, feed, source, web, descriptions)


@dataclass(slots=True)
class Activity:
    """One member of the stream."""

    iri: str
    object: str = ""
    """IRI of the entity."""
    published: str = ""
    deletes: bool = False
    payload: list[Triple] = field(default_factory=list)

    @property
    def describes(self) -> set[Term]:
        """The classes of the entity."""
        return set(Graph(self.payload).objects(NamedNode(self.object), RDF.type))


class _Feed:
    """What was read of one feed."""

    def __init__(self, endpoint: str, web: Web) -> None:
        self._endpoint, self._web = endpoint, web
        self.newest: dict[str, Activity] = {}
        """By entity, in the order in which entities came first."""

    def read(self) -> None:
        """Read every page; of each entity the newest activity stays, the last one of those published together."""
        waiting, visited, members = [self._endpoint], set[str](), 0
        while waiting:
            address = waiting.pop(0)
            if address in visited:
                continue
            if len(visited) >= PAGES:
                raise self._fault(f"the feed has more than {PAGES} pages", "ask whoever runs it for larger ones")
            visited.add(address)
            activities, pages = self._page(address)
            members += len(activities)
            waiting += pages
            for activity in activities:
                earlier = self.newest.get(activity.object)
                if earlier is None or not _before(activity, earlier):
                    self.newest[activity.object] = activity
        if not members:
            raise self._fault("the feed has no member", "give the address of a DCAT-AP Feed (tree:member)")

    def _page(self, address: str) -> tuple[list[Activity], list[str]]:
        """The activities of a page, and the pages it leads to."""
        response = self._web.get(address, accept=ACCEPT)
        payloads: dict[str, list[Triple]] = {}
        try:
            syntax = syntax_of(response.content, response.media_type, response.url)
            for quad in parse(response.content, syntax, base=response.url, where=address):
                name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
                payloads.setdefault(name, []).append(quad.triple)
        except BadRdf as error:
            raise self._fault(f"a page is not readable: {error.what}", error.remedy, address) from error
        graph = Graph(payloads.get("", ()))
        members = _linked(graph, TREE.member)
        activities = [_activity(graph, NamedNode(one), payloads) for one in members]
        pages = _linked(graph, TREE.node) or ([] if members else _linked(graph, TREE.view))
        here = {urldefrag(response.url).url, urldefrag(address).url}
        return [one for one in activities if one.object], sorted(self._own(set(pages), response.url) - here)

    def _own(self, pages: set[str], current: str) -> set[str]:
        addresses = {urldefrag(urljoin(current, page)).url for page in pages}
        strangers = {one for one in addresses if urlsplit(one).hostname != urlsplit(self._endpoint).hostname}
        if strangers:
            problem = f"the feed goes on at {min(strangers)!r}, which is not on the host of the node"
            raise self._fault(problem, "ask whoever runs the node, or give the other address in the node file", current)
        return addresses

    def _fault(self, problem: str, remedy: str, where: str = "") -> SourceUnavailable:
        return SourceUnavailable(problem, where=where or self._endpoint, remedy=remedy)


def _linked(graph: Graph, predicate: NamedNode) -> list[str]:
    """What a property leads to from anywhere on a page."""
    found = (triple.object for triple in graph if triple.predicate == predicate)
    return [one.value for one in found if isinstance(one, NamedNode)]


def _before(one: Activity, other: Activity) -> bool:
    """Whether one was published before another; not where either does not say when."""
    first, second = _moment(one.published), _moment(other.published)
    return first is not None and second is not None and first < second


def _moment(published: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _activity(graph: Graph, member: NamedNode, payloads: dict[str, list[Triple]]) -> Activity:
    entity = graph.value(member, AS.object)
    return Activity(
        member.value,
        entity.value if isinstance(entity, NamedNode) else "",
        graph.text(member, AS.published) or "",
        AS.Delete in graph.objects(member, RDF.type),
        payloads.get(member.value, []),
    )


def _dataset(
    activity: Activity, feed: _Feed, source: Source, web: Web, descriptions: Descriptions
) -> Iterator[Harvested]:
    parts = _parts(activity, feed)
    marks = "\n".join((source.digest, *sorted(f"{one.iri} {one.published}" for one in parts)))
    container = digest(marks.encode())
    if web.known(container):
        yield Untouched(container)
        return
    graph = Graph(triple for one in parts for triple in one.payload)
    original = Original(Canonical(graph).content, "application/n-quads", activity.iri, container)
    yield from descriptions.of(graph, original)


def _parts(activity: Activity, feed: _Feed) -> list[Activity]:
    """A dataset and the entities it leads to, as their newest activities describe them."""
    found, front = {activity.object: activity}, [activity]
    for _ in range(DEEPEST):
        linked = {str(t.object.value) for one in front for t in one.payload if isinstance(t.object, NamedNode)}
        reached = [feed.newest[iri] for iri in sorted(linked & feed.newest.keys() - found.keys())]
        front = [one for one in reached if not one.deletes and not one.describes & APART]
        found |= {one.object: one for one in front}
    return list(found.values())
