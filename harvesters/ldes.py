"""Harvests DCAT-AP Feeds: event streams (LDES) of Create, Update and Delete, each with its payload in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from catalogue.errors import BadRdf, SourceUnavailable
from catalogue.graphs import Canonical, Graph, NamedNode, Term, Triple, digest, parse
from catalogue.model import Gone, Harvested, Original, Rejected, Source, Untouched
from catalogue.names import AS, DCAT, DCT, LDES, RDF, TREE
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
        yield from feed.unread
        for iri, activity in feed.newest.items():
            if activity.deletes:
                yield Gone(iri)
            elif not activity.payload:
                problem = f"the newest activity says nothing about {iri}"
                yield Rejected(activity.iri, problem, "put the description into the graph of the activity's name")
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
    def describes(self) -> set[Term | Triple]:
        """The classes of the entity."""
        me = NamedNode(self.object)
        return {one.object for one in self.payload if one.predicate == RDF.type and one.subject == me}


class _Feed:
    """What was read of one feed."""

    def __init__(self, endpoint: str, web: Web) -> None:
        self._endpoint, self._web = endpoint, web
        self.newest: dict[str, Activity] = {}
        """By entity, in the order in which entities came first."""
        self.unread: list[Rejected] = []
        """Members that tell of no entity."""
        self._moment, self._entity = AS.published, DCT.isVersionOf
        """Properties by which members say when they were published, and versions of what they are."""

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
                if not activity.object:
                    remedy = "give each member an IRI, and as:object or the property that ldes:versionOfPath names"
                    self.unread.append(Rejected(activity.iri, "this member of the feed tells of no entity", remedy))
                    continue
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
        self._moment = _path(graph, LDES.timestampPath) or self._moment
        self._entity = _path(graph, LDES.versionOfPath) or self._entity
        members = _values(graph, TREE.member)
        activities = [self._activity(graph, one, payloads, address) for one in members]
        pages = _linked(graph, TREE.node) or ([] if members else _linked(graph, TREE.view))
        here = {urldefrag(response.url).url, urldefrag(address).url}
        return activities, sorted(self._own(set(pages), response.url) - here)

    def _activity(self, graph: Graph, member: object, payloads: dict[str, list[Triple]], page: str) -> Activity:
        """A member as activity: one of ActivityStreams, or a version of an entity (LDES, section Vocabulary)."""
        if not isinstance(member, NamedNode):
            return Activity(f"{page}, a member without IRI")
        deletes = AS.Delete in graph.objects(member, RDF.type)
        published = graph.text(member, self._moment) or graph.text(member, AS.published) or ""
        entity, payload = graph.value(member, AS.object), payloads.get(member.value, [])
        if isinstance(entity, NamedNode):
            return Activity(member.value, entity.value, published, deletes, payload or list(graph.described(entity)))
        version = Graph(payload) if payload else graph
        entity = version.value(member, self._entity)
        if not isinstance(entity, NamedNode):
            return Activity(member.value)
        published = published or version.text(member, self._moment) or ""
        said = [_about(triple, member, entity) for triple in version.described(member)]
        own = [triple for triple in said if triple.predicate != self._entity]
        return Activity(member.value, entity.value, published, deletes, own)

    def _own(self, pages: set[str], current: str) -> set[str]:
        addresses = {urldefrag(urljoin(current, page)).url for page in pages}
        strangers = {one for one in addresses if urlsplit(one).hostname != urlsplit(self._endpoint).hostname}
        if strangers:
            problem = f"the feed goes on at {min(strangers)!r}, which is not on the host of the node"
            raise self._fault(problem, "ask whoever runs the node, or give the other address in the node file", current)
        return addresses

    def _fault(self, problem: str, remedy: str, where: str = "") -> SourceUnavailable:
        return SourceUnavailable(problem, where=where or self._endpoint, remedy=remedy)


def _values(graph: Graph, predicate: NamedNode) -> list[Term]:
    """The values of a property of anything on a page."""
    return [value for node in graph.nodes for value in graph.objects(node, predicate)]


def _linked(graph: Graph, predicate: NamedNode) -> list[str]:
    return [one.value for one in _values(graph, predicate) if isinstance(one, NamedNode)]


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


def _path(graph: Graph, predicate: NamedNode) -> NamedNode | None:
    """The property that a feed names for its members; paths of several steps are not followed."""
    return next((one for one in _values(graph, predicate) if isinstance(one, NamedNode)), None)


def _about(triple: Triple, version: NamedNode, entity: NamedNode) -> Triple:
    """A triple about a version as one about the entity."""
    return Triple(entity if triple.subject == version else triple.subject, triple.predicate, triple.object)


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
        reached = [feed.newest[iri] for iri in sorted(linked) if iri in feed.newest and iri not in found]
        front = [one for one in reached if not one.deletes and not one.describes & APART]
        found |= {one.object: one for one in front}
    return list(found.values())
