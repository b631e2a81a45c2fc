"""``/label/<key>.svg``: the graphic of a dataset's label, for this site and for the pages of data holders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

from catalogue.graphic import GraphicFacts, GraphicWords, Told, svg, tell, withdrawn, words_for
from catalogue.graphic.facts import facts
from catalogue.graphic.style import policy_sources
from catalogue.graphs import NamedNode
from catalogue.plain import cut
from catalogue.publish import DatasetPage, Tombstone
from catalogue.quality import Label
from catalogue.web.context import dataset_path, services
from catalogue.web.labels import in_scheme
from catalogue.web.reading import languages

blueprint = Blueprint("graphics", __name__)

MEDIA_TYPE = "image/svg+xml"
SECONDS = 3600
"""How long a page that embeds a label may show it without asking again: a revoked label is gone within the hour."""
_SIZE = 'width="120" height="90"'
"""Of an embedded badge, in CSS pixels."""
_TITLE = 120
"""Longest title in a snippet, in characters."""
_POLICY = f"default-src 'none'; style-src {policy_sources()}; base-uri 'none'; form-action 'none'; sandbox"
"""Nothing but the style sheets we wrote; unlike our pages it may stand in a frame of others, for it does nothing."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&!|~])")
"""What means something in the text of a link (CommonMark 0.31, 6.3 and 2.4)."""


@dataclass(frozen=True, slots=True)
class LabelGraphic:
    """What a page needs to show the graphic of a label and to let others show it."""

    address: str
    """Of the graphic, absolute."""
    source: str
    """The same for this site."""
    told: Told
    alternative: str
    """Grade and status; the rest is told beside it."""
    language: str
    html: str
    """To be pasted into a page."""
    markdown: str


@blueprint.get("/label/<key>.svg")
def label(key: str) -> Response:
    """The graphic of the label of a dataset: ``size`` badge, card or page, ``scheme``, ``lang``.

    Without ``size`` it suits every width. 404 for a dataset nobody knows; one that was withdrawn says so, with 410.
    """
    found = services().publisher.dataset(key)
    size = request.args.get("size", "")
    words = words_for(languages())
    if found is None:
        raise NotFound
    if isinstance(found, Tombstone):
        return _answer(withdrawn(found.title, found.withdrawn.date(), words, size), words, key, 410)
    given = label_of(found, request.args.get("scheme", ""))
    return _answer(svg(given, graphic_facts(found, given), words, size), words, key)


def _answer(content: bytes, words: GraphicWords, key: str, status: int = 200) -> Response:
    response = Response(content, status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = words.language
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.headers.set("Content-Disposition", "inline", filename=f"label-{key}.svg")
    if "lang" not in request.args:
        response.vary.add("Accept-Language")
    response.add_etag()
    return response.make_conditional(request) if status == 200 else response  # type: ignore[return-value]


def label_of(found: DatasetPage, scheme: str = "") -> Label:
    """The label of a dataset in a scoring scheme by its short name; without name in that of the installation.

    Raises :class:`~catalogue.errors.BadInput` for a scheme there is not.
    """
    return in_scheme(found.label, scheme)


def graphic_facts(found: DatasetPage, given: Label) -> GraphicFacts:
    """What the graphic says besides the label."""
    ruled = services().actors.by_iri.get(given.ruling.by) if given.ruling else None
    return facts(
        NamedNode(found.iri),
        found.graph,
        given,
        services().rulebook,
        languages(),
        link=_page_address(found),
        body=ruled.name if ruled else "",
    )


def _page_address(found: DatasetPage) -> str:
    return f"{services().minted.base}dataset/{dataset_path(found.iri)}"


@blueprint.app_template_global()
def label_graphic(page: DatasetPage) -> LabelGraphic:
    """What the template ``_label_graphic.html`` shows of a dataset."""
    scheme = request.args.get("scheme", "")
    given, words = label_of(page, scheme), words_for(languages())
    known = graphic_facts(page, given)
    told = tell(given, known, words)
    address = f"{services().minted.base}label/{page.key}.svg"
    # What is pasted stays as it is while the label changes, so that it names the dataset and not the grade.
    embedded = words.embedded.format(title=cut(told.title, _TITLE))
    escaped = _MARKDOWN.sub(r"\\\1", embedded)
    target = known.link + "#label"
    return LabelGraphic(
        address=address,
        source=url_for("graphics.label", key=page.key, scheme=scheme or None),
        told=told,
        alternative=f"{words.label}{words.colon}{told.grade}. {told.status}.",
        language=words.language,
        html=f'<a href="{escape(target)}"><img src="{escape(address)}" alt="{escape(embedded)}" {_SIZE}></a>',
        markdown=f"[![{escaped}](<{address}>)](<{target}>)",
    )
