"""The three designs of the graphic of the label in one frame of 800 by 600: badge, card and page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from catalogue.graphic import pen
from catalogue.graphic.telling import Row, Told
from catalogue.graphic.words import GraphicWords
from catalogue.quality import Status

WIDE, HIGH = 800, 600
_MIDDLE = WIDE / 2
_SIGNS = {
    Status.COMPUTED: "computed",
    Status.DECLARED: "declared",
    Status.VERIFIED: "verified",
    Status.REVOKED: "revoked",
}
_COLOURS = {Status.VERIFIED: "good", Status.REVOKED: "must"}


def frame(parent: ET.Element, band: float, revoked: bool) -> None:
    """The sheet with a band of that height at its top."""
    pen.box(parent, 2, 2, WIDE - 4, HIGH - 4, "f-paper", radius=22)
    top = f"M2 {band:g}V24a22 22 0 0 1 22-22h752a22 22 0 0 1 22 22V{band:g}z"
    pen.path(parent, top, "f-band-revoked" if revoked else "f-band")
    pen.box(parent, 2, 2, WIDE - 4, HIGH - 4, "s-edge", radius=22, fill="none", **{"stroke-width": "3"})


def badge(parent: ET.Element, told: Told, status: Status, words: GraphicWords) -> None:
    """For up to 299 pixels: name, stars, status. Its texts have 12 pixels and more at a width of 120."""
    frame(parent, 158, told.revoked)
    pen.write(parent, _MIDDLE, 110, 92, words.short, "f-on-band b", anchor="middle")
    word = words.statuses[status]
    if told.revoked:
        pen.sign(parent, "revoked", _MIDDLE - 110, 180, 220, "must")
        pen.write(parent, _MIDDLE, 490, 100, word, "f-must b", anchor="middle")
        pen.write(parent, _MIDDLE, 574, 80, words.no_stars, "f-ink", anchor="middle")
        return
    if told.stars is None:
        _nothing(parent, 130, 200, 540, 110, 7)
        pen.write(parent, _MIDDLE, 430, 92, words.not_assessed, "f-ink i", anchor="middle")
    else:
        pen.stars(parent, 50, 180, 140, told.stars)
        pen.write(parent, _MIDDLE, 436, 110, words.star_count.format(n=told.stars), "f-ink b n", anchor="middle")
    _badge_status(parent, word, status)


def _badge_status(parent: ET.Element, word: str, status: Status) -> None:
    wide = pen.width(word, 84) * 0.9
    left = _MIDDLE - (wide + 96) / 2
    pen.sign(parent, _SIGNS[status], left, 470, 92, _COLOURS.get(status, "ink"))
    pen.write(parent, left + 104, 547, 84, word, "f-ink")


def card(parent: ET.Element, told: Told, status: Status, words: GraphicWords) -> None:
    """For 300 to 685 pixels: stars, the six elements, access, status. Its texts have 12 pixels at a width of 300."""
    frame(parent, 72, told.revoked)
    pen.write(parent, 30, 49, 34, pen.cut_to(words.label, 740, 36), "f-on-band b")
    _card_whole(parent, told)
    step = 318 / max(6, len(told.rows))
    for place, row in enumerate(told.rows):
        _card_row(parent, row, 156 + place * step, step)
    pen.line(parent, 30, 484, 770, 484, "s-edge", 2)
    colour = _COLOURS.get(status, "ink")
    pen.sign(parent, _access_sign(told, words), 26, 494, 42, "ink")
    access = words.colon.join(filter(None, told.access))
    if pen.width(access, 32) > 692:
        access = words.conditions + words.colon + told.access[0]
    pen.write(parent, 78, 527, 32, pen.cut_to(access, 692, 32), "f-ink u")
    pen.sign(parent, _SIGNS[status], 26, 542, 42, colour)
    pen.write(
        parent,
        78,
        575,
        32,
        pen.cut_to(told.status, 692, 33 if told.revoked else 32),
        "f-must b u" if told.revoked else "f-ink u",
    )


def _card_whole(parent: ET.Element, told: Told) -> None:
    if told.revoked:
        pen.sign(parent, "revoked", 24, 84, 60, "must")
        pen.write(parent, 96, 128, 40, told.grade, "f-must b")
    elif told.stars is None:
        _nothing(parent, 30, 88, 250, 52, 4)
        pen.write(parent, 300, 128, 40, told.grade, "f-ink i")
    else:
        pen.stars(parent, 26, 82, 60, told.stars)
        pen.write(parent, 346, 128, 40, told.grade, "f-ink b n")


def _card_row(parent: ET.Element, row: Row, y: float, step: float) -> None:
    into = pen.group(parent, row.told)
    pen.box(into, 30, y, 740, step, "f-paper")
    base = y + step / 2 + 11
    pen.write(into, 30, base, 32, row.letter, "f-quiet b")
    pen.write(into, 66, base, 32, pen.cut_to(row.name, 468, 32), "f-ink u")
    middle = y + step / 2
    if row.stars is None:
        _nothing(into, 541, middle - 14, 158, 28, 3)
        pen.write(into, 770, base, 32, "–", "f-quiet b", anchor="end")
        return
    for place in range(5):
        full = place < row.stars
        more = {} if full else {"fill": "none"}
        look = "f-bar s-bar" if full else "s-edge"
        pen.box(into, 541 + place * 33, middle - 13, 27, 26, look, radius=5, **{"stroke-width": "3"}, **more)
    pen.write(into, 770, base, 34, f"{row.stars}/5", "f-ink b n", anchor="end")


# --- page ------------------------------------------------------------------------------------------------------------

_AXIS, _UNIT = 300, 62
"""Where the scale begins, and how wide one star of it is."""
_FIRST, _LAST = 202, 452
"""Between which heights the rows stand."""


def page(parent: ET.Element, told: Told, status: Status, words: GraphicWords) -> None:
    """For more than 685 pixels: everything. Its texts have 12 pixels at a width of 686, 14 at 800."""
    frame(parent, 58, told.revoked)
    pen.write(parent, 28, 38, 22, pen.cut_to(words.label, 478, 22), "f-on-band b")
    pen.write(parent, 772, 37, 15, words.law, "f-on-band", anchor="end")
    pen.paragraph(parent, 28, 94, 20, pen.wrap(told.title, 500, 21.5, 3), "f-ink b u", 1.35)
    _page_whole(parent, told)
    _page_scale(parent, told, words)
    _page_foot(parent, told, status, words)


def _page_whole(parent: ET.Element, told: Told) -> None:
    if told.revoked:
        pen.sign(parent, "revoked", 552, 74, 58, "must")
        pen.paragraph(parent, 622, 98, 20, pen.wrap(told.grade, 150, 21, 2), "f-must b")
    elif told.stars is None:
        _nothing(parent, 556, 78, 214, 38, 3)
        pen.write(parent, 556, 144, 20, told.grade, "f-ink i")
    else:
        pen.stars(parent, 552, 72, 44, told.stars)
        pen.write(parent, 556, 144, 20, told.grade, "f-ink b n")


def _page_scale(parent: ET.Element, told: Told, words: GraphicWords) -> None:
    pen.box(parent, 16, 162, 768, 294, "f-soft", radius=10)
    if told.revoked:
        pen.write(parent, 28, 187, 15, pen.cut_to(told.reason, 744, 16), "f-must b u")
    else:
        pen.write(parent, 28, 187, 14, pen.cut_to(words.scale, 256, 14), "f-quiet")
        for tick in range(6):
            x = _AXIS + tick * _UNIT
            pen.write(parent, x, 187, 15, str(tick), "f-ink b n", anchor="middle")
            pen.line(parent, x, 194, x, _LAST, "s-edge", 1, "2 4")
    step = (_LAST - _FIRST) / max(6, len(told.rows))
    for place, row in enumerate(told.rows):
        _page_row(parent, row, _FIRST + place * step, step, words)


def _page_row(parent: ET.Element, row: Row, y: float, step: float, words: GraphicWords) -> None:
    into = pen.group(parent, row.told)
    pen.box(into, 16, y, 768, step, "f-soft", opacity="0")
    middle = y + step / 2
    pen.box(into, 28, middle - 13, 26, 26, "f-paper s-edge", radius=13, **{"stroke-width": "1.5"})
    pen.write(into, 41, middle + 5, 15, row.letter, "f-ink b", anchor="middle")
    lines = pen.wrap(row.name, 224, 16, 2)
    pen.paragraph(into, 64, middle + (6 if len(lines) == 1 else -3), 16, lines, "f-ink u", 1.15)
    _page_bar(into, row, middle)
    end = _AXIS + 5 * _UNIT + 24
    if row.stars is None:
        pen.write(into, end, middle + 5, 15, pen.cut_to(row.grade, 134, 15), "f-quiet i")
        return
    pen.write(into, end, middle - (3 if row.counted else -6), 17, words.star_count.format(n=row.stars), "f-ink b n")
    if row.counted:
        pen.write(into, end, middle + 15, 14, row.counted, "f-quiet n")


def _page_bar(into: ET.Element, row: Row, middle: float) -> None:
    """A scale with its marks; no grade is a dashed empty track, zero a mark at its beginning."""
    if row.stars is None:
        _nothing(into, _AXIS, middle - 9, 5 * _UNIT, 18, 2, "f-soft")
        return
    long = row.stars * _UNIT
    pen.line(into, _AXIS, middle, _AXIS + 5 * _UNIT, middle, "s-edge", 2)
    for tick in range(6):
        x = _AXIS + tick * _UNIT
        pen.line(into, x, middle - 6, x, middle + 6, "s-edge", 2)
    if long:
        pen.box(into, _AXIS, middle - 8, long, 16, "f-bar")
    pen.path(into, "M0-13L13 0 0 13-13 0z", "f-bar s-paper", _AXIS + long, middle, stroke_width="2.5")


def _page_foot(parent: ET.Element, told: Told, status: Status, words: GraphicWords) -> None:
    pen.sign(parent, _access_sign(told, words), 24, 478, 26, "ink")
    _column(parent, 58, 224, words.conditions, told.access[0], [told.access[1]])
    pen.sign(parent, _SIGNS[status], 290, 478, 26, _COLOURS.get(status, "ink"))
    _column(parent, 324, 234, words.status, told.status, told.status_notes, "f-must" if told.revoked else "f-ink")
    dated = f"{words.dated} {told.dated}" if told.dated else ""
    _column(parent, 574, 202, words.scheme, told.scheme, [dated])
    if told.link:
        pen.write(parent, 28, 582, 14, pen.cut_to(words.more + words.colon + told.link, 744, 14), "f-quiet u")


def _column(
    parent: ET.Element, x: float, room: float, head: str, first: str, then: Sequence[str], look: str = "f-ink"
) -> None:
    """A heading and at most four lines: one to three of the first phrase, then what fits whole."""
    pen.write(parent, x, 480, 14, head, "f-quiet")
    lines = pen.wrap(first, room, 16, 3)
    y = pen.paragraph(parent, x, 500, 15, lines, f"{look} b u", 1.25)
    left = 4 - len(lines)
    for text in filter(None, then):
        lines = pen.wrap(text, room, 15, 5)
        if len(lines) <= left:
            y = pen.paragraph(parent, x, y, 15, lines, "f-ink u", 1.25)
            left -= len(lines)


def _access_sign(told: Told, words: GraphicWords) -> str:
    names = [name for name, _ in words.access.values()]
    place = names.index(told.access[0]) if told.access[0] in names else 3
    return ("public", "restricted", "non-public", "unknown")[place]


def _nothing(
    parent: ET.Element, x: float, y: float, wide: float, high: float, thick: float, ground: str = "f-paper"
) -> None:
    """What was not assessed: an empty dashed frame, not a scale at zero."""
    pen.box(
        parent, x, y, wide, high, f"none s-edge {ground}", radius=high / 2,
        **{"stroke-width": f"{thick:g}", "stroke-dasharray": f"{thick * 3:g} {thick * 3:g}"},
    )  # fmt: skip
