"""Who may declare, verify and rule: read from one Turtle file that is checked by ``shapes/actors.ttl``."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from catalogue.errors import BadRdf, ConfigurationError, NotAllowed
from catalogue.graphs import Graph, NamedNode, digest, parse
from catalogue.model import Check, Finding
from catalogue.names import CAT, FOAF, SH


class Role(Enum):
    """What an actor is."""

    HDAB = CAT.HealthDataAccessBody.value
    """A health data access body: verifies, confirms, revokes."""
    HOLDER = CAT.HealthDataHolder.value
    """A health data holder: declares, and measures on the own data."""
    CURATOR = CAT.Curator.value
    """Looks after descriptions in this catalogue: hands in what holders declared."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who may say something about the quality of datasets."""

    iri: str
    name: str
    roles: frozenset[Role]
    token_digests: tuple[str, ...] = ()
    """``sha256:<hex>`` of each token by which the actor is known; none: only the operator can act for it."""
    may_assess: frozenset[str] = frozenset()
    """IRIs of nodes and datasets. For a holder all there is; for others a limit, none where it is empty."""


@dataclass(frozen=True, slots=True)
class Actors:
    """Everybody who is known here."""

    by_iri: Mapping[str, Actor]
    where: str = "setting actors"
    """Where they are stated, for people."""

    def named(self, iri: str) -> Actor:
        """The actor of that IRI. Raises :class:`~catalogue.errors.NotAllowed` when nobody has it."""
        actor = self.by_iri.get(iri)
        if actor is None:
            known = ", ".join(sorted(self.by_iri)) or "nobody; set `actors` to a Turtle file (docs/settings.md)"
            raise NotAllowed(f"nobody here is called {iri}", where=self.where, remedy=f"known are: {known}")
        return actor

    def by_token(self, token: str) -> Actor | None:
        """The actor who has this token, or None; how long the answer takes does not tell how near it was.

        The seam at which another way to log in comes in.
        """
        wanted = digest(token.encode())
        found = None
        for actor in self.by_iri.values():
            for known in actor.token_digests:
                if hmac.compare_digest(known, wanted):
                    found = actor
        return found


NOBODY = Actors({})


def may_verify(actor: Actor, dataset: str = "", node: str = "") -> bool:
    """Whether an actor may verify answers about a dataset of a node and rule on its label (Art. 60(4), 78(4))."""
    return Role.HDAB in actor.roles and _within(actor, dataset, node)


def may_declare(actor: Actor, dataset: str, node: str) -> bool:
    """Whether an actor may declare or measure: the holder of the dataset, or a curator (Art. 60(3), 78(2))."""
    if Role.HOLDER in actor.roles and not actor.may_assess.isdisjoint((dataset, node)):
        return True
    return Role.CURATOR in actor.roles and _within(actor, dataset, node)


def _within(actor: Actor, dataset: str, node: str) -> bool:
    return not dataset or not actor.may_assess or not actor.may_assess.isdisjoint((dataset, node))


def read_actors(content: bytes, where: str, base: str, shapes: Graph, check: Check) -> Actors:
    """The actors of a Turtle file; ``base`` is what ``<node/hospital>`` is relative to.

    Raises :class:`~catalogue.errors.ConfigurationError` naming everything that is missing or wrong.
    """
    try:
        graph = Graph(parse(content, "text/turtle", base=base, where=where))
    except BadRdf as error:
        raise ConfigurationError(error.what, where=error.where, remedy=error.remedy) from error
    problems = [_sentence(finding, shapes) for finding in check(shapes, graph)]
    found = [_actor(graph, node) for node in graph.instances(FOAF.Agent) if isinstance(node, NamedNode)]
    tokens = [token for actor in found for token in actor.token_digests]
    if len(set(tokens)) < len(tokens):
        problems.append("Two actors have the same cat:tokenDigest.")
    if not found:
        problems.append("Nobody in it is a foaf:Agent.")
    if problems:
        raise ConfigurationError(
            "; ".join(sorted(set(problems))), where=where, remedy="compare with the example in docs/settings.md"
        )
    return Actors({actor.iri: actor for actor in found}, where)


def _sentence(finding: Finding, shapes: Graph) -> str:
    message = (shapes.text(NamedNode(finding.rule), SH.message, "en") or finding.rule).rstrip(".")
    secret = finding.path == CAT.tokenDigest.value  # it may be a token, written there by mistake
    value = "" if finding.value is None or secret else f" ({finding.value})"
    return f"{finding.focus.value}: {message}{value}"


def _actor(graph: Graph, node: NamedNode) -> Actor:
    known = {role.value: role for role in Role}
    return Actor(
        iri=node.value,
        name=graph.text(node, FOAF.name, "en") or node.value,
        roles=frozenset(known[role.value] for role in graph.objects(node, CAT.role) if role.value in known),
        token_digests=tuple(str(token.value) for token in graph.objects(node, CAT.tokenDigest)),
        may_assess=frozenset(str(one.value) for one in graph.objects(node, CAT.mayAssess)),
    )
