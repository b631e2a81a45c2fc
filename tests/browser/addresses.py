"""An address at least of every page, so that none is left out of what is asked of all."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from catalogue.assembly import Services
from catalogue.names import key
from tests.web.page import HOSTILE, ONCOLOGY

NO_PAGES = {
    "static": "files",
    "datasets.record": "RDF",
    "datasets.original": "the bytes of the source",
    "datasets.genid": "leads to the page of its dataset",
    "certificates.label": "RDF and JSON",
    "graphics.label": "a picture",
    "search.as_json": "JSON",
    "exports.results": "files",
    "dashboard.table": "CSV",
    "crawlers.robots": "a file",
    "crawlers.sitemap": "XML",
    "crawlers.part": "XML",
    "exports.feed": "a feed",
    "exports.citation": "files",
    "pages.node": "leads to the page of sources",
}
"""Endpoints that answer GET and are no page, and what they are."""


@dataclass(frozen=True)
class Address:
    """A page to look at."""

    name: str
    """By which its picture is called."""
    endpoint: str
    path: str


def addresses(services: Services) -> list[Address]:
    """The pages of the installation for browsers, many of them in several states."""
    base = services.minted.base
    oncology, hostile = (f"/dataset/{key(iri)}" for iri in (ONCOLOGY, HOSTILE))
    visit = next(row.visit for row in services.publisher.visits() if row.node.endswith("/odd"))
    rule = "/rule/" + sorted(services.rulebook.rules)[0].partition("/rule/")[2]
    provision = next(iter(services.rulebook.provisions))
    select = quote("SELECT ?s ?t { ?s <http://purl.org/dc/terms/title> ?t } LIMIT 20")
    ask, construct = quote("ASK {}"), quote("CONSTRUCT WHERE { ?s a <http://www.w3.org/ns/dcat#Dataset> }")
    found = {
        "home": ("pages.home", "/"),
        "search": ("search.page", "/search"),
        "search-words": ("search.page", "/search?q=cancer&sort=title"),
        "search-nothing": ("search.page", "/search?q=cancre"),
        "dataset": ("datasets.dataset", oncology),
        "dataset-quantum": ("datasets.dataset", f"{oncology}?scheme=quantum"),
        "dataset-hostile": ("datasets.dataset", hostile),
        "dataset-withdrawn": ("datasets.dataset", "/dataset/odd/gone"),
        "assess": ("assess.form", f"{oncology}/assess"),
        "assess-verify": ("assess.form", f"{oncology}/assess?as=verify"),
        "assessments": ("assessments.history", f"{oncology}/assessments"),
        "compare": ("compare.compare", f"/compare?dataset={key(ONCOLOGY)}&dataset={key(HOSTILE)}"),
        "compare-nothing": ("compare.compare", "/compare"),
        "dashboard": ("dashboard.dashboard", "/dashboard"),
        "search-due": ("search.page", "/search?before=2026-01-01&sort=oldest"),
        "catalog": ("catalog.catalog", "/catalog"),
        "sparql": ("sparql.endpoint", "/sparql"),
        "sparql-select": ("sparql.endpoint", f"/sparql?query={select}"),
        "sparql-ask": ("sparql.endpoint", f"/sparql?query={ask}"),
        "sparql-construct": ("sparql.endpoint", f"/sparql?query={construct}"),
        "sparql-error": ("sparql.endpoint", "/sparql?query=SELECT"),
        "validate": ("validate.form", "/validate"),
        "rules": ("rules.rules", "/rules"),
        "rule": ("rules.rule", rule),
        "rulebook": ("rules.rulebook", "/rulebook"),
        "provisions": ("rules.provisions", "/provisions"),
        "provision": ("rules.provision", f"/provision?iri={quote(provision)}"),
        "label": ("rules.label", "/label"),
        "labels": ("reports.labels", "/labels"),
        "vocabularies": ("terms.vocabularies", "/vocabularies"),
        "concept": (
            "terms.concept",
            f"/concept?iri={quote('http://publications.europa.eu/resource/authority/country')}",
        ),
        "ns": ("terms.namespace", "/ns"),
        "sources": ("pages.sources", "/sources"),
        "visit": ("pages.visit", visit.replace(base, "/")),
        "about": ("pages.about", "/about"),
        "not-found": ("errors", "/nothing-here"),
    }
    return [Address(name, *where) for name, where in found.items()]
