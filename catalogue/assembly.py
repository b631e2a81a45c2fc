"""The one place that chooses implementations: opens an installation and hands out its services."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from catalogue import shacl
from catalogue.actors import NOBODY, Actors, read_actors
from catalogue.archive import SqliteArchive
from catalogue.assessments import Assessments
from catalogue.beside import Beside
from catalogue.config import BASE_FILE, Settings
from catalogue.errors import BadInput, ConfigurationError
from catalogue.fetch import Fetcher, Limits
from catalogue.graphs import Graph, Literal, NamedNode, Quad, Skolem, parse
from catalogue.index import TantivyIndex
from catalogue.ingest import Pipe, ingest
from catalogue.model import Change, Rejected, Source
from catalogue.names import CAT, Minted
from catalogue.nodes import node_graph, read_node
from catalogue.outcomes import IngestOutcome
from catalogue.ports import Archive, Endpoint, Harvester, Index, Profiler, Store, Validator
from catalogue.provenance import utc_now
from catalogue.publish import Checker, Publisher
from catalogue.queries import query
from catalogue.resources import read_files
from catalogue.revalidate import Revalidated, Revalidation
from catalogue.rulebook import Rulebook
from catalogue.search import Search, reindex
from catalogue.secrets import read_secrets
from catalogue.stores.oxigraph import OxigraphStore
from catalogue.stores.snapshot import SnapshotEndpoint
from catalogue.stores.sparql import RemoteEndpoint, SparqlStore
from catalogue.visits import Visits
from catalogue.workers import Here, Processes, Workers

LINK_LIMITS = Limits(max_seconds=15.0, connect_seconds=5.0, silence_seconds=10.0, attempts=1)
"""What a look at one link to evidence may cost."""
HARVESTERS = "ehds_catalogue.harvesters"
"""Entry point group of harvesters; a package of yours may add kinds."""
PROFILERS = "ehds_catalogue.profilers"
"""Entry point group of profilers, likewise."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything an open installation offers to the web and the command line."""

    settings: Settings
    minted: Minted
    rulebook: Rulebook
    validator: Validator
    store: Store
    endpoint: Endpoint
    archive: Archive
    index: Index
    search: Search
    publisher: Publisher
    fetcher: Fetcher
    assessments: Assessments
    actors: Actors
    beside: Beside
    visits: Visits
    clock: Callable[[], datetime] = utc_now

    @property
    def pipe(self) -> Pipe:
        """What a visit works with."""
        return Pipe(self.store, self.archive, self.index, self.validator, self.rulebook, self.minted, self.clock)

    def harvest(self, source: Source) -> Iterator[IngestOutcome]:
        """Visit one node; see :func:`catalogue.ingest.ingest`."""
        self.remember(source)
        return ingest(source, harvester(source.kind), self.pipe, self.fetcher.visit)

    def remember(self, source: Source) -> None:
        """Put the settings of a node into the store, beside its visits."""
        content = node_files(self.settings).get(source.name)
        graph = node_graph(content, self.minted, source.name) if content else Graph()
        name = self.minted.settings(source.iri)
        self.store.commit(Change((name,), Skolem(name + "/").quads(graph, name)))

    @property
    def revalidation(self) -> Revalidation:
        """What judges the catalogue again after a change of the rulebook."""
        return Revalidation(self.store, self.archive, self.index, self.rulebook, self.minted, self.clock)

    def revalidate(self, jobs: int) -> Iterator[Revalidated | Rejected]:
        """Judge in ``jobs`` processes what another rulebook judged; see :class:`catalogue.revalidate.Revalidation`."""
        with checkers(self.rulebook, self.settings.engine, self.minted.base, jobs) as judges:
            yield from self.revalidation.run(judges)

    def reindex(self) -> int:
        """Build the search index anew from the store; returns the number of datasets."""
        return reindex(self.store, self.archive, self.index, self.rulebook)


@contextmanager
def calm_collector() -> Iterator[None]:
    """Python's collector leaves alone what is loaded now and looks less often; it took a fifth of the pipe's time."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def load_rulebook() -> Rulebook:
    """The rulebook shipped with the program.

    Raises :class:`~catalogue.errors.RulebookError`; a rulebook that fails its own shapes does not start.
    """
    return Rulebook.load(read_files("shapes") | read_files("vocab"), shacl.check)


def validator_for(rulebook: Rulebook, engine: str) -> Validator:
    """The SHACL engine of that name: ``compiled`` or ``pyshacl``."""
    profiles = {iri: profile.shapes for iri, profile in rulebook.profiles.items()}
    return _engine(engine, rulebook.vocabulary, profiles)


def _engine(name: str, vocabulary: Graph, shapes: Mapping[str, Graph]) -> Validator:
    if name == "pyshacl":
        reference: Validator = shacl.PyshaclValidator(shapes, vocabulary)
        return reference
    return shacl.CompiledValidator(shapes, vocabulary)


def open_beside(rulebook: Rulebook, engine: str) -> Beside:
    """What looks at the indicators beside the label; nothing is compiled before it is asked."""
    return Beside(rulebook, partial(_engine, engine, rulebook.vocabulary))


def link_probe() -> Callable[[str], str]:
    """What tries a link: it gives the reason why nothing answers there, empty when something does."""
    return Fetcher(LINK_LIMITS).probe


def open_checker(rulebook: Rulebook, engine: str, base: str) -> Checker:
    """What checks descriptions, without a store."""
    return Checker(validator_for(rulebook, engine), rulebook, Minted(base))


def open_fetcher(settings: Settings) -> Fetcher:
    """What reads from the network for harvesters, without a store."""
    return Fetcher(
        Limits(
            max_bytes=settings.fetch_bytes,
            max_seconds=settings.fetch_seconds,
            per_second=settings.requests_per_second,
            robots=settings.robots,
        )
    )


@contextmanager
def checkers(rulebook: Rulebook, engine: str, base: str, jobs: int) -> Iterator[Workers[Checker]]:
    """Checkers in ``jobs`` processes, or in this one."""
    if jobs == 1:
        with calm_collector():
            yield Here(open_checker(rulebook, engine, base))
        return
    pool = Processes(partial(open_checker, rulebook, engine, base), jobs)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def open_services(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Iterator[Services]:
    """Open an installation, and close it again; ``clock`` tells the time.

    Raises :class:`~catalogue.errors.StoreBusy` when another process holds the embedded store,
    :class:`~catalogue.errors.RulebookError` when the rules must not be used.
    """
    rulebook = load_rulebook()
    settings = settings.with_base()
    minted = Minted(settings.base)
    who = actors(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / BASE_FILE).write_text(settings.base, "utf-8")
    store, endpoint = _store(settings)
    archive = SqliteArchive(settings.data / "archive.db")
    index = TantivyIndex(settings.data / "index")
    validator = validator_for(rulebook, settings.engine)
    publisher = Publisher(validator, rulebook, minted, store, archive, settings.title, settings.publisher, clock=clock)
    services = Services(
        settings=settings,
        minted=minted,
        rulebook=rulebook,
        validator=validator,
        store=store,
        endpoint=endpoint,
        archive=archive,
        index=index,
        search=Search(index, rulebook),
        publisher=publisher,
        fetcher=open_fetcher(settings),
        assessments=Assessments(
            publisher, index, _own_shapes("assessment"), shacl.check, partial(Fetcher, LINK_LIMITS)
        ),
        actors=who,
        beside=open_beside(rulebook, settings.engine),
        visits=Visits(store, minted),
        clock=clock,
    )
    try:
        publish_rulebook(store, minted, rulebook)
        if index.needs_rebuild:
            services.reindex()
        with calm_collector():
            yield services
    finally:
        for part in (endpoint, index, archive, store):
            part.close()


def _store(settings: Settings) -> tuple[Store, Endpoint]:
    if settings.store_query:
        login = (settings.store_user or None, settings.store_password or None)
        return (
            SparqlStore(settings.store_query, settings.store_update, *login),
            RemoteEndpoint(settings.store_query, *login, seconds=settings.sparql_seconds, rows=settings.sparql_rows),
        )
    store = OxigraphStore(settings.data / "store")
    return store, SnapshotEndpoint(
        store, settings.data / "snapshot", seconds=settings.sparql_seconds, rows=settings.sparql_rows
    )


def publish_rulebook(store: Store, minted: Minted, rulebook: Rulebook) -> None:
    """Put rules, law and vocabularies into the store, so that SPARQL can join them; only when they changed."""
    name = minted.rulebook()
    mark = NamedNode(name)
    held = store.select(query("rulebook"), rulebook=mark)
    if [row["digest"].value for row in held] == [rulebook.digest]:
        return
    quads = Skolem(name + "/").quads(rulebook.graph, name)
    store.commit(Change((name,), [*quads, Quad(mark, CAT.rulebook, Literal(rulebook.digest), mark)]))


def harvester(kind: str) -> Harvester:
    """The harvester of that kind, by entry point.

    Raises :class:`~catalogue.errors.ConfigurationError` when no installed package offers it.
    """
    found: list[EntryPoint] = [point for point in entry_points(group=HARVESTERS) if point.name == kind]
    if not found:
        raise ConfigurationError(
            f"there is no harvester of the kind {kind!r}",
            where="node file, cat:kind",
            remedy=f"use one of: {', '.join(kinds())}",
        )
    try:
        harvester: Harvester = found[0].load()()
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the harvester {kind!r} needs the package {error.name!r}",
            where=found[0].value,
            remedy=f"pip install 'ehds-catalogue[{kind}]'",
        ) from error
    return harvester


def profiler_for(path: Path) -> Profiler:
    """The first profiler, by name, that recognises a file or folder.

    Raises :class:`~catalogue.errors.BadInput` when none does, :class:`~catalogue.errors.ConfigurationError` when a
    package that a profiler needs is missing.
    """
    points = sorted(entry_points(group=PROFILERS), key=lambda point: point.name)
    if not path.exists():
        raise BadInput("there is no such file or folder", where=str(path), remedy="check the path")
    for point in points:
        try:
            profiler: Profiler = point.load()()
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"the profiler {point.name!r} needs the package {error.name!r}",
                where=point.value,
                remedy="pip install 'ehds-catalogue[profile]'",
            ) from error
        if profiler.recognises(path):
            return profiler
    raise BadInput(
        "no profiler knows this " + ("folder: it holds no DICOM file" if path.is_dir() else "kind of file"),
        where=str(path),
        remedy="give one table (.csv, .tsv, .parquet), a DICOM folder, or Data Quality Dashboard results (.json)",
    )


def node_files(settings: Settings) -> dict[str, bytes]:
    """The node files by name: those of the setting ``nodes``, else the ones shipped with the program."""
    root = settings.nodes or _shipped_nodes()
    if not root.is_dir():
        raise ConfigurationError("no such folder of node files", where=str(root), remedy="set `nodes` to a folder")
    return {path.stem: path.read_bytes() for path in sorted(root.glob("*.ttl"))}


def _shipped_nodes() -> Path:
    spec = find_spec("harvesters")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise ConfigurationError(
            "no node files are installed", where="package harvesters", remedy="set `nodes` to a folder of node files"
        )
    return Path(places[0]) / "nodes"


def kinds() -> list[str]:
    """The kinds of nodes for which there is a harvester."""
    return sorted(point.name for point in entry_points(group=HARVESTERS))


def read_source(settings: Settings, where: str, content: bytes) -> Source:
    """The node that a node file describes, with the login that the installation has for it.

    Raises :class:`~catalogue.errors.ConfigurationError` naming every setting that is missing or wrong.
    """
    return _sources(settings)(where, content)


def _sources(settings: Settings) -> Callable[[str, bytes], Source]:
    """What reads node files; shapes and secrets are read once."""
    minted, shapes = Minted(settings.with_base().base), _own_shapes("node")
    secrets = read_secrets(settings.secrets)

    def read(where: str, content: bytes) -> Source:
        source = read_node(content, where, minted, shapes, shacl.check)
        options = {"suppress": str(settings.suppress_below), **source.options}
        return replace(source, options=options, login=secrets.get(source.name))

    return read


def sources(settings: Settings) -> dict[str, Source]:
    """Every node by name.

    Raises :class:`~catalogue.errors.ConfigurationError` naming the file and every setting that is wrong.
    """
    found: dict[str, Source] = {}
    read = _sources(settings)
    for stem, content in node_files(settings).items():
        source = read(f"{stem}.ttl", content)
        if source.name != stem:
            raise ConfigurationError(
                f"the node calls itself {source.name!r}",
                where=f"{stem}.ttl",
                remedy="name the file after dct:identifier",
            )
        found[source.name] = source
    return found


def actors(settings: Settings) -> Actors:
    """Who may declare, verify and rule.

    Raises :class:`~catalogue.errors.ConfigurationError` naming everything that is wrong with the file.
    """
    path = settings.actors
    if path is None:
        return NOBODY
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the file of actors: {error.strerror}", where=str(path), remedy="check the setting `actors`"
        ) from error
    return read_actors(content, str(path), settings.with_base().base, _own_shapes("actors"), shacl.check)


def _own_shapes(name: str) -> Graph:
    """Shapes that check what others give us, not datasets."""
    path = f"shapes/{name}.ttl"
    return Graph(parse(read_files("shapes")[path], "text/turtle", where=path))
