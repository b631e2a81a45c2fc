"""``/search``: words, facets, order, pages; for people and as JSON."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from catalogue.errors import BadInput
from catalogue.ports import FACETS, Hit, Query
from catalogue.search import SIZES, Found, Value
from catalogue.web.context import dataset_path, services
from catalogue.web.negotiation import BIBTEX, CSV, HTML, JSON, RDF_FORMS, RIS, TABLE_FORMS, Form, accepted
from catalogue.web.phrases import ACCESS, AGES, SORTS, _
from catalogue.web.phrases import FACETS as FACET_NAMES
from catalogue.web.reading import Said, languages, say
from catalogue.web.shown import day, number

SIZE = 20
"""Results on a page."""
LARGEST = 100
"""Most results on a page that ``size=`` may ask for."""
MOST = 1000
"""Results in one file; a header says when there are more."""
FILES = (CSV, *RDF_FORMS[:2], BIBTEX, RIS)
"""What the page of results offers."""
UNFOLDED = 8
"""Values of a facet shown before "more"."""

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet beside the results."""

    name: str
    heading: str
    first: Sequence[Value]
    rest: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice that can be taken back."""

    heading: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Result:
    """One hit as people see it."""

    title: Said
    snippet: str
    path: str
    hit: Hit
    access: str
    tags: Sequence[str]


@blueprint.get("/search")
def page() -> Response:
    """Results in the form the client likes best."""
    response = _answer(accepted(TABLE_FORMS))
    response.vary.add("Accept")
    return response


@blueprint.get("/search.json")
def as_json() -> Response:
    """Results for programs."""
    return _answer(JSON)


def _answer(form: Form) -> Response:
    query = asked()
    found = services().search.find(query, *languages())
    if form is HTML:
        facets = [_facet(name, found.counts.get(name, ())) for name in FACETS]
        content = render_template(
            "search.html",
            query=query,
            found=found,
            results=[result(hit, found) for hit in found.hits],
            facets=[facet for facet in facets if facet.first],
            chips=_chips(query, found),
            sorts=SORTS,
            pages=pages(query, found.total),
            last=_last(query, found.total),
            page_link=page_link,
            file_link=file_link,
            files=FILES,
            most=MOST,
        )
        response = Response(content, mimetype="text/html")
    else:
        response = jsonify(_json(query, found))
    response.vary.add("Accept-Language")
    return response


def asked(sort: str = "relevance", size: int = SIZE, largest: int = LARGEST) -> Query:
    """The search in the address; ``sort`` and ``size`` when it does not say, ``largest`` the most it may ask for.

    Raises :class:`~catalogue.errors.BadInput` for a page or size that is no number in range.
    """
    arguments = request.args
    return Query(
        text=arguments.get("q", "").strip(),
        facets={name: values for name in FACETS if (values := [v for v in arguments.getlist(name) if v])},
        before=_day("before"),
        breaks=arguments.get("breaks", "").strip(),
        sort=arguments.get("sort") or sort,
        page=_number("page", 1),
        size=min(_number("size", size), largest),
    )


def _day(name: str) -> str:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        remedy = "write it like 2026-03-01, or leave it out"
        raise BadInput(f"{name} must be a day, not {text!r}", where="search", remedy=remedy) from error


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,7}", text) or not int(text):
        raise BadInput(f"{name} must be a whole number from 1, not {text!r}", where="search", remedy="leave it out")
    return int(text)


def result(hit: Hit, found: Found) -> Result:
    """A hit with names for what it holds."""
    names = ("category", "modality", "body_part", "country")
    tags = [found.labels[value] for name in names for value in hit.facets.get(name, ())[:3]]
    rights = next(iter(hit.facets.get("access", ())), "")
    access = value_name("access", rights, found.labels.get(rights, _("Access not stated")))
    return Result(say(hit.title), hit.snippet, dataset_path(hit.iri), hit, access, list(dict.fromkeys(tags))[:6])


def _facet(name: str, values: Sequence[Value]) -> Facet:
    """The chosen values first, then the most frequent."""
    values = [replace(value, label=value_name(name, value.value, value.label)) for value in values]
    if name == "label":
        values.sort(key=lambda value: value.value, reverse=True)
    if name in ("cohort", "age"):
        values.sort(key=lambda value: int(value.value.partition("-")[0]) if value.value[:1].isdecimal() else -1)
    ordered = [value for value in values if value.chosen] + [value for value in values if not value.chosen]
    return Facet(name, FACET_NAMES[name], ordered[:UNFOLDED], ordered[UNFOLDED:])


def _chips(query: Query, found: Found) -> list[Chip]:
    labels = {(name, value.value): value.label for name, values in found.counts.items() for value in values}
    chips = []
    for name, values in query.facets.items():
        for value in values:
            rest = [other for other in values if other != value]
            label = value_name(name, value, labels.get((name, value), value))
            chips.append(Chip(FACET_NAMES[name], label, page_link(1, **{name: rest})))
    if query.before:
        chips.append(Chip(_("Last modified before"), day(query.before), page_link(1, before=None)))
    if query.breaks:
        label = services().rulebook.cite(query.breaks) if "://" in query.breaks else query.breaks
        chips.append(Chip(_("Faults against"), label, page_link(1, breaks=None)))
    return chips


def value_name(facet: str, value: str, label: str) -> str:
    """A value of a facet in words: stars for the label, titles for sources, else ``label``."""
    if facet == "source":
        return services().publisher.node_title(services().minted.node(value))
    if facet == "label":
        return _("not computed") if value == "none" else f"{value} {_('star') if value == '1' else _('stars')}"
    if facet == "age":
        return AGES.get(value, value)
    if facet == "cohort" and value.isdecimal():
        largest = next((size - 1 for size in SIZES if size > int(value)), None)
        return f"{number(value)} – {number(str(largest))}" if largest else _("%s or more") % number(value)
    if facet == "access":
        return ACCESS[value][0] if value in ACCESS else label
    return label


def page_link(page: int, **changes: object) -> str:
    """The address of another page of this list, or of this search changed."""
    arguments: dict[str, object] = dict(request.args.lists())
    arguments |= {"page": page if page > 1 else None, **changes}
    return url_for(request.endpoint or "search.page", **arguments)  # type: ignore[arg-type]


def file_link(suffix: str) -> str:
    """The address of this search as a file; the page and the size of pages do not matter to it."""
    arguments = {name: value for name, value in request.args.lists() if name not in ("page", "size")}
    where = {"endpoint": "exports.feed"} if suffix == "atom" else {"endpoint": "exports.results", "suffix": suffix}
    return url_for(**where, **arguments)  # type: ignore[arg-type]


def _last(query: Query, total: int) -> int:
    return max(1, -(-total // query.size))


def pages(query: Query, total: int) -> list[int | None]:
    """Page numbers to offer; None is a gap."""
    last = _last(query, total)
    near = {1, last, *range(query.page - 2, query.page + 3)}
    offered: list[int | None] = []
    for page in sorted(n for n in near if 1 <= n <= last):
        if offered and page - (offered[-1] or 0) > 1:
            offered.append(None)
        offered.append(page)
    return offered


def _json(query: Query, found: Found) -> dict[str, object]:
    def link(page: int) -> str:
        return f"{services().minted.base}search.json?{page_link(page).partition('?')[2]}"

    return {
        "query": {"q": query.text, "facets": query.facets, "sort": query.sort, "page": query.page, "size": query.size},
        "total": found.total,
        "suggestion": found.suggestion or None,
        "next": link(query.page + 1) if query.page < _last(query, found.total) else None,
        "previous": link(query.page - 1) if query.page > 1 else None,
        "results": [_hit_json(hit, found) for hit in found.hits],
        "facets": {
            name: [{"value": v.value, "label": v.label, "count": v.count, "chosen": v.chosen} for v in values]
            for name, values in found.counts.items()
        },
    }


def _hit_json(hit: Hit, found: Found) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "page": f"{services().minted.base}dataset/{dataset_path(hit.iri)}",
        "title": hit.title,
        "snippet": html.unescape(re.sub("</?b>", "", hit.snippet)),
        "facets": {n: [{"value": v, "label": found.labels[v]} for v in values] for n, values in hit.facets.items()},
        "modified": hit.modified or None,
        "individuals": hit.individuals or None,
        "stars": None if "none" in hit.facets.get("label", ()) else hit.stars,
        "violations": hit.violations,
    }
