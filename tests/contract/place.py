"""An installation with two datasets in which holders and access bodies may speak, for the tests of assessments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from catalogue.actors import Actor
from catalogue.assembly import open_services
from catalogue.assessing import Assessment
from catalogue.assessments import Submitted
from catalogue.config import Settings
from catalogue.graphs import NamedNode, digest
from catalogue.model import Source
from catalogue.ports import Query
from catalogue.publish import DatasetPage
from catalogue.quality import Answer, Basis, Label, Mark

BASE = "http://127.0.0.1:8000/"
DATA = "https://data.example.org/"
COHORT, OTHER = DATA + "cohort", DATA + "other"
HDAB, HOLDER, STRANGER, CURATOR = (f"https://{name}.example/" for name in ("hdab", "holder", "stranger", "curator"))
CRITERION = "https://w3id.org/ehds-catalogue/label/criterion/"
LEVEL = "https://w3id.org/ehds-catalogue/label/level/"
REPORT = "https://holder.example/report"
ACTORS = f"""
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<{HDAB}> a foaf:Agent ; foaf:name "Access body"@en ; cat:role cat:HealthDataAccessBody ;
    cat:tokenDigest "{digest(b"secret of the body")}" .
<{HOLDER}> a foaf:Agent ; foaf:name "Hospital" ; cat:role cat:HealthDataHolder ; cat:mayAssess <node/hospital> ;
    cat:tokenDigest "{digest(b"secret of the holder")}" , "{digest(b"another")}" .
<{STRANGER}> a foaf:Agent ; foaf:name "Another hospital" ; cat:role cat:HealthDataHolder ; cat:mayAssess <node/other> .
<{CURATOR}> a foaf:Agent ; foaf:name "Curator" ; cat:role cat:Curator .
"""
TURTLE = """
@prefix cat: <https://w3id.org/ehds-catalogue/ns#> . @prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix prov: <http://www.w3.org/ns/prov#> .
<https://data.example.org/{name}> a dcat:Dataset ; dct:title "{title}"@en ; dct:identifier "{name}" ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> {more} .
"""
NAMES = """
PREFIX cat: <https://w3id.org/ehds-catalogue/ns#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dqv: <http://www.w3.org/ns/dqv#> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX prov: <http://www.w3.org/ns/prov#>
"""


class Clock:
    """A clock that the test moves; it also goes on by itself."""

    def __init__(self, hour: int = 9) -> None:
        self.now = datetime(2026, 11, 24, hour, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Links:
    """Answers for links without any network."""

    def __init__(self, dead: set[str]) -> None:
        self.dead, self.asked = dead, []

    def probe(self, url: str) -> str:
        self.asked.append(url)
        return "the server answered 404 Not Found" if url in self.dead else ""


class Place:
    """An installation with a folder that is harvested into it."""

    def __init__(self, folder: Path, settings: Settings, clock: Clock, stack: ExitStack) -> None:
        self.folder, self.clock, self.dead = folder / "node", clock, set[str]()
        self.folder.mkdir(exist_ok=True)
        opened = stack.enter_context(open_services(settings, clock))
        self.services = replace(opened, assessments=replace(opened.assessments, links=lambda: Links(self.dead)))
        self.source = Source(
            "hospital", BASE + "node/hospital", "Hospital", "dcat", str(self.folder), BASE + "dataset/hospital/",
            grace=timedelta(days=1),
        )  # fmt: skip

    def write(self, name: str = "cohort", title: str = "A cohort", more: str = "") -> None:
        (self.folder / f"{name}.ttl").write_text(TURTLE.format(name=name, title=title, more=more), "utf-8")

    def visit(self) -> list[object]:
        return list(self.services.harvest(self.source))

    def actor(self, iri: str) -> Actor:
        return self.services.actors.named(iri)

    def hand_in(self, *levels: tuple[str, int | None], by: str = HOLDER, **more: object) -> Submitted:
        return self.submit(self.document(*levels, by=by, **more), by)  # type: ignore[arg-type]

    def submit(self, content: bytes, by: str = HOLDER, **more: bool) -> Submitted:
        return self.services.assessments.submit(content, "text/turtle", self.actor(by), **more)  # type: ignore[arg-type]

    def document(
        self,
        *levels: tuple[str, int | None],
        by: str = HOLDER,
        basis: Basis = Basis.DECLARED,
        given: date | datetime | None = None,
        until: date | None = None,
        dataset: str = COHORT,
        links: tuple[str, ...] = (REPORT,),
    ) -> bytes:
        answers = tuple(Answer(CRITERION + name, level, basis, evidence=links, note="why") for name, level in levels)
        said = Assessment.of(dataset, basis, answers, by=by, given=given or self.clock(), valid_until=until)
        return self.services.assessments.written(said)

    def page(self, dataset: str = COHORT) -> DatasetPage:
        page = self.services.publisher.find(dataset)
        assert isinstance(page, DatasetPage)
        return page

    def stored(self, dataset: str = COHORT) -> tuple[str, str, str]:
        """Stars and status in the store, and stars in the index."""
        ask = NAMES + (
            "SELECT ?stars ?basis WHERE { GRAPH ?g { ?label a dqv:QualityCertificate ; oa:hasTarget ?dataset ; "
            "cat:basis ?basis OPTIONAL { ?label cat:stars ?stars } } }"
        )
        (row,) = self.services.store.select(ask, dataset=NamedNode(dataset))
        stars = row["stars"].value if "stars" in row else "none"
        (hit,) = (hit for hit in self.services.search.find(Query(size=100), "en").hits if hit.iri == dataset)
        return stars, row["basis"].value.rsplit("#")[-1], hit.facets["label"][0]

    def consistent(self, dataset: str = COHORT) -> Label:
        """What the store says is what a fresh computation says; gives the label."""
        page = self.page(dataset)
        shown = "none" if page.label.stars is None else str(page.label.stars)
        assert self.stored(dataset) == (shown, page.label.status.name.title(), shown)
        return page.label


def mark(given: Label, name: str) -> Mark:
    return next(one for one in (*given.marks, *given.gates) if one.criterion == CRITERION + name)


@contextmanager
def opened(folder: Path, clock: Clock, **settings: object) -> Iterator[Place]:
    (folder / "actors.ttl").write_text(ACTORS, "utf-8")
    with ExitStack() as stack:
        known = Settings(data=folder / "data", base=BASE, actors=folder / "actors.ttl", **settings)  # type: ignore[arg-type]
        yield Place(folder, known, clock, stack)


def state(place: Place) -> list[str]:
    return sorted(str(row) for row in place.services.store.select("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }"))
