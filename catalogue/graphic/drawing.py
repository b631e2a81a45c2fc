"""Draws the graphic of the data quality and utility label (Art. 2(2)(aa) EHDS) as SVG, always the same bytes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from datetime import date

from catalogue.errors import BadInput
from catalogue.graphic import pen
from catalogue.graphic.designs import HIGH, WIDE, badge, card, frame, page
from catalogue.graphic.style import FIXED, RESPONSIVE
from catalogue.graphic.telling import GraphicFacts, Told, describe, tell
from catalogue.graphic.words import GraphicWords
from catalogue.plain import visible
from catalogue.quality import Label, Status

_Design = Callable[[ET.Element, Told, Status, GraphicWords], None]
_DESIGNS: Mapping[str, _Design] = {"badge": badge, "card": card, "page": page}
SIZES: Mapping[str, int] = {"": WIDE, "badge": 120, "card": 400, "page": WIDE}
"""Width of the file in CSS pixels by size; without size it suits every width. All are four by three."""


def svg(label: Label, facts: GraphicFacts, words: GraphicWords, size: str = "") -> bytes:
    """The graphic as a file; as an image it shows the design that its width has room for, unless ``size`` names one.

    Raises :class:`~catalogue.errors.BadInput` for a size there is not.
    """
    told = tell(label, facts, words)
    root = _root(f"{words.label}: {told.title}", describe(told, words), words, size)
    for name in [size] if size else list(_DESIGNS):
        # A reader without style sheets sees one design, not three on top of each other.
        hidden = {} if size or name == "page" else {"display": "none"}
        _DESIGNS[name](pen.group(root, id=name, **hidden), told, label.status, words)
    return _written(root)


def withdrawn(title: str, day: date, words: GraphicWords, size: str = "") -> bytes:
    """What stands in place of the graphic of a dataset that was withdrawn: no stars, and since when."""
    said = words.withdrawn.format(day=words.date(day))
    root = _root(f"{words.label}: {words.withdrawn_short}", f"{words.dataset}: {visible(title)}. {said}.", words, size)
    frame(root, 158, revoked=True)
    pen.write(root, WIDE / 2, 110, 92, words.short, "f-on-band b", anchor="middle")
    pen.sign(root, "revoked", WIDE / 2 - 110, 180, 200, "must")
    high = min(92.0, 740 / pen.width(words.withdrawn_short, 1))
    pen.write(root, WIDE / 2, 480, high, words.withdrawn_short, "f-must b", anchor="middle")
    pen.write(root, WIDE / 2, 574, 80, day.isoformat(), "f-ink n", anchor="middle")
    return _written(root)


def _root(title: str, description: str, words: GraphicWords, size: str) -> ET.Element:
    if size not in SIZES:
        named = ", ".join(name for name in SIZES if name)
        raise BadInput(f"the graphic has no size “{visible(size)}”", where="size", remedy=f"one of {named}, or none")
    wide = SIZES[size]
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(wide),
            "height": str(wide * HIGH // WIDE),
            "viewBox": f"0 0 {WIDE} {HIGH}",
            "lang": words.language,
            "role": "img",
            "aria-labelledby": "label-title label-desc",
        },
    )
    ET.SubElement(root, "title", {"id": "label-title"}).text = title
    ET.SubElement(root, "desc", {"id": "label-desc"}).text = description
    ET.SubElement(root, "style").text = FIXED if size else RESPONSIVE
    return root


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
