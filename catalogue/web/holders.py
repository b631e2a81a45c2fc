"""Who stands behind a dataset and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.graphs import Graph, NamedNode, Term
from catalogue.names import CV, DCAT, DCT, FOAF, GEODCATAP, HEALTH, VCARD
from catalogue.web.phrases import _
from catalogue.web.reading import Said, said
from catalogue.web.shown import Shown, safe, show

_HOLDERS = ((_("Publisher"), DCT.publisher), (_("Creator"), DCT.creator), (_("Custodian"), GEODCATAP.custodian))
_BODIES = (
    (_("Health data access body"), HEALTH.hdab),
    (_("Coordinating health data access body"), HEALTH.hdabCoordinator),
)
_MAILS = (CV.email, VCARD.hasEmail, FOAF.mbox)
_PAGES = (CV.contactPage, VCARD.hasURL, FOAF.homepage)
_PHONES = (CV.telephone, VCARD.hasTelephone)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who does something, and how to reach them."""

    role: str
    name: Shown | None
    kind: Shown | None
    note: Said | None
    contacts: Sequence[Shown]


def holders(graph: Graph, dataset: NamedNode) -> list[Agent]:
    """Publisher, creator, custodian and contact points."""
    found = list(_agents(graph, dataset, _HOLDERS))
    for term in graph.objects(dataset, DCAT.contactPoint):
        name = said(graph, term, VCARD.fn, VCARD["organization-name"], FOAF.name)
        found.append(Agent(_("Contact"), Shown(name) if name else None, None, None, _contacts(graph, term)))
    return found


def bodies(graph: Graph, dataset: NamedNode) -> list[Agent]:
    """The health data access bodies in charge."""
    return list(_agents(graph, dataset, _BODIES))


def _agents(graph: Graph, dataset: NamedNode, roles: Iterable[tuple[str, NamedNode]]) -> Iterable[Agent]:
    for role, predicate in roles:
        for term in graph.objects(dataset, predicate):
            kind = graph.value(term, DCT.type)
            points = [term, *graph.objects(term, CV.contactPoint)]
            yield Agent(
                role=role,
                name=show(term, graph),
                kind=show(kind, graph) if kind is not None else None,
                note=said(graph, term, DCT.description),
                contacts=[contact for point in points for contact in _contacts(graph, point)],
            )


def _contacts(graph: Graph, point: Term) -> list[Shown]:
    found = []
    for predicate in (*_MAILS, *_PAGES, *_PHONES):
        for term in graph.objects(point, predicate):
            text = str(term.value).removeprefix("mailto:").removeprefix("tel:")
            href = safe("mailto:" + text) if predicate in _MAILS else safe(text)
            found.append(Shown(Said(text), href))
    return found
