"""The few shapes that the graphic of the label is made of, as SVG elements; texts are measured by a rule of thumb."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Sequence

STAR = "M11 2l2.8 5.9 6.4.8-4.7 4.5 1.2 6.4L11 16.5l-5.7 3.1 1.2-6.4L1.8 8.7l6.4-.8z"
"""In a square of 22."""
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILE = re.compile(f"({_MARK}{{4}}){_MARK}+")
"""Marks above and below one letter, more than any language has, which would be drawn over the lines around."""
_ADVANCES = (
    dict.fromkeys("iIjl.,;:'’!| ", 0.3) | dict.fromkeys("ftr()[]/-–\u00a0", 0.4) | dict.fromkeys("mwMW@%—…", 0.93)
)


def advance(character: str) -> float:
    """How wide a character is, in em, on the safe side of the fonts that systems have."""
    known = _ADVANCES.get(character)
    if known is not None:
        return known
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if unicodedata.combining(character):
        return 0.0
    return 0.7 if character.isupper() or not character.isalnum() else 0.59


def width(text: str, size: float) -> float:
    """About how wide a text is, in the unit of ``size``."""
    return sum(map(advance, text)) * size


def cut_to(text: str, room: float, size: float) -> str:
    """The text, or its beginning with an ellipsis, so that it needs no more than ``room``."""
    if width(text, size) <= room:
        return text
    used, end = advance("…") * size, 0
    for end, character in enumerate(text):  # noqa: B007
        used += advance(character) * size
        if used > room:
            break
    return text[:end].rstrip() + "…"


def wrap(text: str, room: float, size: float, lines: int) -> list[str]:
    """The text on at most so many lines of that width; what does not fit ends in an ellipsis."""
    done: list[str] = []
    words = text.split()
    while words and len(done) < lines - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line += " " + words.pop(0)
        done.append(cut_to(line, room, size))
    return [*done, cut_to(" ".join(words), room, size)] if words else done


def group(parent: ET.Element, title: str = "", **attributes: str) -> ET.Element:
    """A group; its title is shown when the pointer rests on it."""
    made = ET.SubElement(parent, "g", attributes)
    if title:
        ET.SubElement(made, "title").text = title
    return made


def write(
    parent: ET.Element,
    x: float,
    y: float,
    size: float,
    text: str,
    look: str = "f-ink",
    *,
    anchor: str = "",
    lang: str = "",
) -> None:
    """One line of text; ``look`` are classes of the style sheet."""
    attributes = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "class": look}
    if anchor:
        attributes["text-anchor"] = anchor
    if lang:
        attributes["lang"] = lang
    ET.SubElement(parent, "text", attributes).text = _PILE.sub(r"\1", text)


def paragraph(
    parent: ET.Element, x: float, y: float, size: float, lines: Sequence[str], look: str = "f-ink", leading: float = 1.3
) -> float:
    """Lines below each other; returns where the next would stand."""
    for line in lines:
        write(parent, x, y, size, line, look)
        y += size * leading
    return y


def box(
    parent: ET.Element, x: float, y: float, wide: float, high: float, look: str, *, radius: float = 0, **more: str
) -> None:
    """A rectangle."""
    attributes = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{wide:g}", "height": f"{high:g}", "class": look}
    if radius:
        attributes["rx"] = f"{radius:g}"
    ET.SubElement(parent, "rect", attributes | more)


def path(parent: ET.Element, d: str, look: str, x: float = 0, y: float = 0, scale: float = 1, **more: str) -> None:
    """A path, moved and scaled."""
    attributes = {"d": d, "class": look} | {name.replace("_", "-"): value for name, value in more.items()}
    if x or y or scale != 1:
        attributes["transform"] = f"translate({x:g} {y:g})" + (f" scale({scale:g})" if scale != 1 else "")
    ET.SubElement(parent, "path", attributes)


def line(
    parent: ET.Element, x1: float, y1: float, x2: float, y2: float, look: str, thick: float, dashes: str = ""
) -> None:
    """A straight line."""
    attributes = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}", "class": look}
    attributes["stroke-width"] = f"{thick:g}"
    if dashes:
        attributes["stroke-dasharray"] = dashes
    ET.SubElement(parent, "line", attributes)


def stars(parent: ET.Element, x: float, y: float, size: float, count: int) -> None:
    """Five stars in a row, ``count`` of them full, the others in outline."""
    for place in range(5):
        full = place < count
        look = "star on f-star s-star" if full else "star off s-edge"
        fill = {} if full else {"fill": "none"}
        path(parent, STAR, look, x + place * size, y, size / 22, stroke_width="1.4", stroke_linejoin="round", **fill)


# --- signs, in a square of 24 ----------------------------------------------------------------------------------------

_LOCK = "M5.5 11h13v9.5h-13z"
_OPEN, _AJAR, _SHUT = "M8 11V7.5a4 4 0 0 1 7.6-1.7", "M8 11V7a4 4 0 0 1 8 0v1.2", "M8 11V7a4 4 0 0 1 8 0v4"
SIGNS = {
    "computed": ("M4.5 4.5h15v15h-15z", "M8.5 10h7M8.5 14h7"),
    "declared": ("M6 3.5h8.5L18 7v13.5H6z", "M9 11h6M9 15h6"),
    "verified": ("M12 3l7.5 2.8v5.4c0 4.7-3.2 8-7.5 9.8-4.3-1.8-7.5-5.1-7.5-9.8V5.8z", "M8.5 12l2.6 2.7 4.6-5.2"),
    "revoked": ("M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7z", "M9 9l6 6M15 9l-6 6"),
    "public": (_LOCK, _OPEN),
    "restricted": (_LOCK, _AJAR),
    "non-public": (_LOCK, _SHUT),
    "unknown": (
        "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
        "M9.5 9.7a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1.1.9-1.1 1.7M12 16.5v.1",
    ),
}
"""Two strokes each: an outline and what tells it from the others."""


def sign(parent: ET.Element, name: str, x: float, y: float, size: float, colour: str) -> None:
    """A sign; the words beside it say the same."""
    for d in SIGNS[name]:
        path(
            parent, d, "s-" + colour, x, y, size / 24,
            fill="none", stroke_width="2", stroke_linecap="round", stroke_linejoin="round",
        )  # fmt: skip
