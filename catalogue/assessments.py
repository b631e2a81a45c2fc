"""Takes in what holders declare, tools measure and access bodies verify; nothing handed in is lost or overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from catalogue.actors import Actor, Role, may_declare, may_verify
from catalogue.assessing import Assessment, Document, Ruled, assessment_graph, read_document, ruling_graph
from catalogue.errors import BadInput, NotAllowed
from catalogue.graphs import Graph, NamedNode, Skolem, digest, serialise
from catalogue.model import Change, Check
from catalogue.names import PREFIXES, key
from catalogue.outcomes import Fate, Submitted, fates
from catalogue.ports import Index, Links
from catalogue.provenance import MARKS, Records, stamp
from catalogue.publish import DatasetPage, Publisher
from catalogue.quality import Act, Basis, Ruling, Said
from catalogue.search import entry
from catalogue.statements import History, Look, Received, Statements, look_quads, named, received_quads

__all__ = ["Assessments", "Fate", "Submitted", "fates"]

LOOK_SECONDS = 60.0
"""Longest time that looking at the links of one document may take; the rest is looked at another time."""


@dataclass(frozen=True, slots=True)
class Assessments:
    """Everything that may be done with assessments and rulings."""

    publisher: Publisher
    index: Index
    shapes: Graph
    """Of ``shapes/assessment.ttl``."""
    check: Check
    links: Callable[[], Links]
    """Makes what looks at the links of one document."""
    _writing: Lock = field(default_factory=Lock)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def statements(self) -> Statements:
        """What the store holds."""
        return Statements(self.publisher.store, self.publisher.minted)

    def assessed(self) -> frozenset[str]:
        """The datasets about which something was handed in."""
        return self.statements.assessed()

    def history(self, dataset: str) -> History:
        """Everything that was ever handed in about a dataset, oldest first."""
        return self.statements.history(dataset)

    def said(self, dataset: str) -> Said:
        """What counts towards the label of a dataset, beside its description."""
        return self.statements.said(dataset)

    def said_of(self, datasets: Sequence[str]) -> Mapping[str, Said]:
        """The same for those of many datasets that have any."""
        return self.statements.said_of(datasets)

    def read(self, content: bytes, media_type: str, *, dataset: str = "", where: str = "") -> Document:
        """What a document says; see :func:`catalogue.assessing.read_document`. Nothing is stored."""
        return read_document(
            content,
            media_type,
            self.publisher.rulebook,
            self.shapes,
            self.check,
            self.publisher.clock(),
            base=self.publisher.minted.base + "assessment",
            dataset=dataset,
            where=where,
        )

    def written(self, said: Assessment | Ruled) -> bytes:
        """An assessment or a ruling as a Turtle document that :meth:`submit` takes."""
        base = self.publisher.minted.base + "assessment"
        if isinstance(said, Assessment):
            graph = assessment_graph(said, base + "#assessment")
        else:
            graph = ruling_graph(said, base + "#ruling")
        return serialise(graph, "text/turtle", PREFIXES)

    # --- writing ---------------------------------------------------------------------------------------------------

    def submit(
        self,
        content: bytes,
        media_type: str,
        actor: Actor,
        *,
        dataset: str = "",
        where: str = "",
        look: bool = True,
        dry: bool = False,
    ) -> Submitted:
        """Take in a document that ``actor`` hands in and give the label anew, all in one commit.

        ``dataset``, if given, is the only one it may be about; ``look``: whether the links to evidence are looked at; a
        dead one never refuses a document. ``dry``: tell what would happen, keep nothing. The document itself is in the
        archive before anything else happens, also when it is refused.
        Raises :class:`~catalogue.errors.BadAssessment`, :class:`~catalogue.errors.BadRdf`,
        :class:`~catalogue.errors.BadInput` for a dataset that is not here, and
        :class:`~catalogue.errors.NotAllowed` when it is not for the actor to say that.
        """
        original = digest(content) if dry else self.publisher.archive.put(content)
        document = self.read(content, media_type, dataset=dataset, where=where)
        self._allow(document, self._page(document.dataset), actor, original)
        links = {link for one in document.assessments for answer in one.answers for link in answer.evidence}
        looks = tuple(self._looks(sorted(links))) if look else ()
        with self._writing:
            page, history = self._page(document.dataset), self.history(document.dataset)
            before = history.holds(original)
            if before is not None:
                return Submitted(page.iri, original, (), page.label, page.label, earlier=before.received)
            now = self.publisher.clock()
            received = tuple(self._received(document, actor, original, media_type, now))
            after = History((*history.received, *received), (*history.looks, *looks))
            return self._commit(page, after, received, looks, original, now, dry)

    def rule(self, dataset: str, act: Act, actor: Actor, reason: str) -> Submitted:
        """Confirm or revoke the label of a dataset (Art. 78(4)). Raises what :meth:`submit` raises."""
        now = self.publisher.clock()
        ruled = Ruled(dataset, Ruling(act, now.date(), actor.iri, reason), now, actor.name)
        return self.submit(self.written(ruled), "text/turtle", actor, dataset=dataset, look=False)

    def check_links(self, dataset: str) -> Submitted:
        """Look again at every link to evidence about a dataset and give the label anew."""
        looks = tuple(self._looks(sorted(self.history(dataset).links)))
        with self._writing:
            page, history = self._page(dataset), self.history(dataset)
            after = History(history.received, (*history.looks, *looks))
            return self._commit(page, after, (), looks, "", self.publisher.clock(), False)

    def _page(self, dataset: str) -> DatasetPage:
        page = self.publisher.dataset(key(dataset))
        if isinstance(page, DatasetPage):
            return page
        raise BadInput(
            "the catalogue holds no such dataset" if page is None else "the dataset was withdrawn",
            where=dataset,
            remedy="harvest its description first; `catalogue search` finds the IRIs of datasets",
        )

    def _allow(self, document: Document, page: DatasetPage, actor: Actor, original: str) -> None:
        """Raises :class:`~catalogue.errors.NotAllowed` unless the actor may say all of that, and says it as itself."""
        node = page.record.node
        verifies = may_verify(actor, page.iri, node)
        declares = may_declare(actor, page.iri, node)
        rules = "ruling on a label needs the role cat:HealthDataAccessBody"
        found = {
            *(_refused(one, actor, verifies, declares) for one in document.assessments),
            *(_other(one.ruling.by, actor) if verifies else rules for one in document.rulings),
        }
        if refused := sorted(found - {""}):
            raise NotAllowed(
                f"{actor.name} may not hand this in: {'; '.join(refused)}",
                where=page.iri,
                remedy=f"ask whoever runs the catalogue; nothing was changed, the document is kept as {original}",
            )

    def _looks(self, links: Sequence[str]) -> Iterator[Look]:
        web, until = self.links(), monotonic() + LOOK_SECONDS
        for link in links:
            if monotonic() > until:
                return
            yield Look(link, self.publisher.clock(), web.probe(link))

    def _received(
        self, document: Document, actor: Actor, original: str, media_type: str, now: datetime
    ) -> Iterator[Received]:
        home = self.publisher.minted.assessments(document.dataset)
        name = f"{home}#{stamp(now)}"
        both: list[Assessment | Ruled] = [*document.assessments, *document.rulings]
        for number, said in enumerate(both, 1):
            ours = named(said, name if number == 1 else f"{name}-{number}")
            yield Received(ours, now, actor.iri, original, media_type)

    def _commit(
        self,
        page: DatasetPage,
        after: History,
        received: Sequence[Received],
        looks: Sequence[Look],
        original: str,
        now: datetime,
        dry: bool,
    ) -> Submitted:
        """Write what came in, what became of the label, and that it did; then bring the index up to date."""
        publisher, records = self.publisher, Records(self.publisher.minted, self.publisher.rulebook)
        node, minted = NamedNode(page.iri), publisher.minted
        profile = publisher.rulebook.profiles.get(page.record.profile)
        specification = profile.specification if profile else None
        now_checked = publisher.checked(node, page.graph, specification, after.said, now.date(), page.record.changed)
        report, label = now_checked.report, now_checked.label
        skolem = Skolem(minted.genid(page.iri), canonical=True)
        judged = records.judged(page.iri, report, label, now_checked.verdicts, skolem)
        held = publisher.store.graph(minted.record(page.iri))
        remove, add = records.difference(page.iri, held, records.told(page.iri, judged))
        looked = {look.link for look in looks}
        dead = tuple(sorted((link, why) for link, why in after.dead.items() if link in looked))
        done = Submitted(page.iri, original, tuple(one.iri for one in received), page.label, label, dead)
        if dry:
            return done
        said = [quad for one in received for quad in received_quads(one, minted)]
        said += look_quads(looks, page.iri, minted, stamp(now))
        if received or any(quad.predicate not in MARKS for quad in (*remove, *add)):
            said += records.assessed(label, report, page.record.digest, done.received, now)
        self.index.begin()
        publisher.store.commit(Change(add=[*said, *add], remove=remove))
        source = page.record.node.rstrip("/").rsplit("/", 1)[-1]
        self.index.put([entry(page.graph, source, label, report, publisher.rulebook, page.record.changed)])
        self.index.commit()
        return done


def _refused(said: Assessment, actor: Actor, verifies: bool, declares: bool) -> str:
    """What an actor may not do; empty when it may."""
    match said.basis:
        case Basis.VERIFIED:
            if not verifies:
                return "verifying needs the role cat:HealthDataAccessBody"
        case Basis.DECLARED:
            if not declares:
                return "declaring needs the role cat:HealthDataHolder with this dataset, or its node, in cat:mayAssess"
        case _:
            return "" if declares or verifies else "measuring is for the holder of the dataset and for access bodies"
    return "" if Role.CURATOR in actor.roles and said.basis is Basis.DECLARED else _other(said.by, actor)


def _other(by: str, actor: Actor) -> str:
    return "" if by == actor.iri else f"it is given in the name of {by}"
